"""The whole house against Telegram: from a resident's words in a group to the end she hears."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.app import App
from bot.clock import SystemClock
from domain.chat import AccountId, ChatId, ChatKind
from domain.people import Role
from domain.settings import Settings
from storage.store import Store
from tests.bot.telegram.conftest import channel_to
from tests.fresh import new_file
from tests.standin.telegram import Fault, Telegram
from tests.town import recogniser_of

GROUP, AUNT, LEADER, OWNER = -1013, 11, 22, 33
SETTINGS = Settings(owners=frozenset({AccountId("telegram", str(OWNER))}))


async def village(path: Path) -> Store:
    store = await Store.open(new_file(path))
    async with store.transaction():
        await store.db.run("INSERT INTO grids (code, name, level) VALUES ('V', '侯官村', '村')")
        await store.db.run("INSERT INTO grids (code, name, level, parent) VALUES ('S13', '十三队', '小队', 'V')")
        leader = await store.people.meet(AccountId("telegram", str(LEADER)), "张队长")
        await store.people.appoint(leader.id, Role.LEADER, "S13")
        await store.people.open_private_chat(AccountId("telegram", str(LEADER)), str(LEADER))
        await store.chats.meet(ChatId("telegram", str(GROUP)), ChatKind.GROUP, "十三队")
    return store


@pytest.fixture
async def house(telegram: Telegram, tmp_path: Path) -> AsyncIterator[Telegram]:
    store = await village(tmp_path / "village.db")
    app = App(store, SETTINGS, SystemClock(), tick_seconds=0.05, recogniser=recogniser_of(SETTINGS.kinds))
    app.add(channel_to(telegram.base_url))
    running = asyncio.create_task(app.run())
    yield telegram
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await store.close()


async def until(holds: Callable[[], object]) -> None:
    """Looked at between the events of the loop, for as long as a busy machine may take to start a process."""
    async with asyncio.timeout(20):
        while not holds():  # noqa: ASYNC110 -- the stand-in knows nothing of those who watch it
            await asyncio.sleep(0.005)


async def test_from_a_residents_words_to_the_end_she_hears(house: Telegram) -> None:
    telegram = house
    telegram.says(GROUP, OWNER, "绑定 S13")
    await until(lambda: "本群现在是 十三队 的群" in "".join(telegram.texts(GROUP)))
    report = telegram.says(GROUP, AUNT, "上报 东门地下车库进水了")
    await until(lambda: any("#1 水浸" in text for text in telegram.texts(LEADER)))
    card = next(number for (chat, number), m in telegram.messages.items() if chat == GROUP and "#1 水浸" in m["text"])
    placed = next(sent for sent in telegram.sent if sent["chat_id"] == GROUP and "#1 水浸" in sent["text"])
    assert placed["reply_parameters"]["message_id"] == report["message"]["message_id"]

    telegram.presses(GROUP, AUNT, "acknowledge:1", card)
    await until(lambda: telegram.answered)
    assert "队长、网格长或干部" in telegram.answered[0]["text"]

    telegram.presses(GROUP, LEADER, "acknowledge:1", card)
    await until(
        lambda: (
            "用户22 已接单" in telegram.messages[GROUP, card]["text"]
            or "张队长 已接单" in telegram.messages[GROUP, card]["text"]
        )
    )
    telegram.says(LEADER, LEADER, "办结 1 水抽干了")
    await until(lambda: any("您满意吗" in text for text in telegram.texts(GROUP)))
    asked = max(number for (chat, number) in telegram.messages if chat == GROUP)
    telegram.presses(GROUP, AUNT, "rate:1:satisfied", asked)
    await until(lambda: "结案：满意" in telegram.messages[GROUP, asked]["text"])
    assert len([text for text in telegram.texts(GROUP) if text.startswith("#1 水浸")]) == 1


async def test_a_lost_answer_to_a_fire_is_said_once_more_and_marked(house: Telegram) -> None:
    telegram = house
    telegram.says(GROUP, OWNER, "绑定 S13")
    await until(lambda: telegram.texts(GROUP))
    telegram.faults.append(Fault("lost", chat=GROUP, method="sendMessage"))
    telegram.says(GROUP, AUNT, "上报 三楼着火了")
    await until(lambda: len([text for text in telegram.texts(GROUP) if "#1 消防燃气" in text]) == 2)
    first, again = [text for text in telegram.texts(GROUP) if "#1 消防燃气" in text]
    assert again == "【重发】" + first


async def test_a_group_that_moves_takes_its_messages_along(house: Telegram) -> None:
    telegram = house
    telegram.says(GROUP, OWNER, "绑定 S13")
    await until(lambda: telegram.texts(GROUP))
    telegram.faults.append(Fault("moved", chat=GROUP, method="sendMessage", to=-1002))
    telegram.says(GROUP, AUNT, "上报 停电了")
    await until(lambda: any("#1 报修" in text for text in telegram.texts(-1002)))
