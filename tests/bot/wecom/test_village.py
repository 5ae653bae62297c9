"""The whole house against WeCom: a group is bound by calling the bot, and a flood goes its way there."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.app import App
from bot.channels.wecom import WeComChannel
from bot.clock import SystemClock
from domain.chat import NOT_SPOKEN, AccountId, ChatId, Send
from domain.people import Role
from domain.settings import Settings
from storage.store import Store
from tests.bot.telegram.conftest import jpeg
from tests.bot.telegram.test_village import until
from tests.bot.wecom.conftest import GROUP, channel_to
from tests.standin.wecom import WeCom
from tests.town import recogniser_of

HERE, LEADER = (2, GROUP), (1, "zhang")
SETTINGS = Settings(owners=frozenset({AccountId("wecom", "boss")}), quiet=None)


class House:
    def __init__(self, app: App, channel: WeComChannel, wecom: WeCom) -> None:
        self.app, self.store, self.channel, self.wecom = app, app.store, channel, wecom

    async def hears(self, chat: tuple[int, str], *parts: str) -> str:
        """The newest message there that holds all these parts."""
        found: list[str] = []

        def heard() -> bool:
            found[:] = [text for text in self.wecom.texts(chat) if all(part in text for part in parts)]
            return bool(found)

        try:
            await until(heard)
        except TimeoutError:
            raise AssertionError(f"{parts} not in {self.wecom.texts(chat)}") from None
        return found[-1]

    async def presses(self, who: str, label: str, chat: str | None = None) -> None:
        place = (2, chat) if chat else (1, who)
        await until(lambda: label in self.wecom.buttons(place))
        self.wecom.presses(who, *self.wecom.buttons(place)[label], chat=chat)


@pytest.fixture
async def house(wecom: WeCom, store: Store) -> AsyncIterator[House]:
    async with store.transaction():
        await store.db.run("INSERT INTO grids (code, name, level) VALUES ('V', '侯官村', '村')")
        await store.db.run("INSERT INTO grids (code, name, level, parent) VALUES ('S13', '十三队', '小队', 'V')")
        leader = await store.people.meet(AccountId("wecom", "zhang"), "张队长")
        await store.people.appoint(leader.id, Role.LEADER, "S13")
    app = App(store, SETTINGS, SystemClock(), tick_seconds=0.05, recogniser=recogniser_of(SETTINGS.kinds))
    channel = channel_to(wecom, store)
    app.add(channel)
    running = asyncio.create_task(app.run())
    await until(lambda: channel._client._line)
    yield House(app, channel, wecom)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def bound(house: House) -> None:
    house.wecom.says("boss", "绑定 S13", GROUP)
    await house.hears(HERE, "本群现在是 十三队 的群")
    house.wecom.says("zhang", "帮助")
    await house.hears(LEADER, "火警 119")


async def test_from_a_residents_words_to_the_end_she_hears(house: House) -> None:
    await bound(house)
    house.wecom.shows("li", "上报 东门地下车库进水了", jpeg(), chat=GROUP)
    await house.hears(HERE, "#1 水浸", "东门")
    await house.hears(LEADER, "#1 水浸")
    await until(lambda: house.wecom.uploads.media)

    await house.presses("li", "接单", GROUP)
    await until(lambda: house.wecom.updated)
    (refused,) = house.wecom.updated
    assert "队长、网格长或干部" in refused.text
    assert refused.body["userids"] == ["li"], "nobody else sees it"
    await house.presses("zhang", "接单", GROUP)
    await until(lambda: any("张队长 已接单" in said.text for said in house.wecom.updated))
    await house.hears(LEADER, "张队长 已接单")

    house.wecom.says("zhang", "办结 1 水抽干了")
    await house.hears(HERE, "水抽干了", "您满意吗")
    await house.presses("li", "满意", GROUP)
    await until(lambda: any("结案：满意" in said.text for said in house.wecom.updated))


async def test_who_quotes_a_card_says_more_about_its_case(house: House) -> None:
    await bound(house)
    house.wecom.says("li", "上报 东门地下车库进水了", GROUP)
    card = await house.hears(HERE, "#1 水浸")
    house.wecom.says("wang", "水已经退到脚踝了", GROUP, quote=house.wecom.people.text(card))
    await house.hears(HERE, "#1", "水已经退到脚踝了")


async def test_the_same_message_twice_is_one_case(house: House) -> None:
    await bound(house)
    body = house.wecom.says("li", "上报 东门地下车库进水了", GROUP)
    house.wecom.brings(body)
    house.wecom.says("wang", "上报 西门的路灯坏了", GROUP)
    await house.hears(HERE, "#2 报修")
    assert not any("#3" in text for text in house.wecom.texts(HERE))


async def test_a_spoken_report_in_private_is_a_report(house: House) -> None:
    await bound(house)
    house.wecom.brings(house.wecom.people.body("zhang", None, house.wecom.people.voice("三楼着火了")))
    await house.hears(LEADER, "#1 消防燃气")


async def test_whoever_opens_the_talk_is_greeted_and_not_remembered(house: House) -> None:
    house.wecom.enters("newcomer")
    assert "我是网格机器人" in await house.hears((1, "newcomer"), "您好")
    async with house.store.transaction():
        assert await house.store.people.private_chat_of(AccountId("wecom", "newcomer")) is None


async def test_nobody_there_has_spoken_is_known_until_somebody_does(house: House) -> None:
    silent = ChatId("wecom", "u:zhang")
    async with house.store.transaction():
        await house.store.people.open_private_chat(AccountId("wecom", "zhang"), silent.chat)
        await house.store.db.run(
            "INSERT INTO chats (channel, chat, kind, title) VALUES (?, ?, 'private', '张队长')", *silent
        )
        house.store.outbox.add([Send(silent, "您好")], SystemClock().now())

    async def why() -> str | None:
        async with house.store.transaction():
            known = await house.store.chats.get(silent)
        return known.unreachable if known else None

    async with asyncio.timeout(20):
        while await why() != NOT_SPOKEN:  # noqa: ASYNC110 -- the house works meanwhile
            await asyncio.sleep(0.01)
    house.wecom.says("zhang", "帮助")
    await house.hears(LEADER, "火警 119")
    assert await why() is None


async def test_after_a_gap_the_groups_hear_that_something_may_be_missing(house: House) -> None:
    await bound(house)
    await house.app.auditor.look()
    async with house.store.transaction():
        await house.store.audit.heard("wecom", datetime.now(UTC) - timedelta(minutes=5))
    await house.app.auditor.look()
    await house.hears(HERE, "机器人没能收到消息", "请再说一遍")
