"""Whoever floods the bot is slowed and told so once; nothing they said is lost, and an emergency is heard at once."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from domain.flood import Limits
from tests.conftest import SETTINGS
from tests.conftest import town as unhurried
from tests.fresh import new_store
from tests.town import Town

TOO_FAST, TOO_MUCH = "说得太快，我先都记下", "群里消息太多了"


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    town = Town(await new_store(), replace(SETTINGS, flood=Limits()))
    await unhurried.__wrapped__(town)  # type: ignore[attr-defined]
    yield town
    await town.close()


def heard(town: Town, chat: str, part: str) -> int:
    return sum(part in message.text for message in town.channel.chats[chat])


async def cases(town: Town) -> list[str]:
    async with town.store.transaction():
        return [row["text"] for row in await town.store.db.all("SELECT text FROM cases WHERE gathered = 0 ORDER BY id")]


async def test_what_was_said_too_fast_is_answered_later_and_in_order(town: Town) -> None:
    said = [f"{n} 号楼路灯坏了" for n in range(15)]
    for words in said:
        await town.says("李阿姨", f"上报 {words}", chat="十三队群")
    assert await cases(town) == said[:10]
    assert heard(town, "十三队群", TOO_FAST) == 1
    await town.later(minutes=1)
    assert await cases(town) == said
    assert heard(town, "十三队群", TOO_FAST) == 1


async def test_whoever_floods_again_another_day_is_told_again(town: Town) -> None:
    for _time in range(2):
        for n in range(12):
            await town.says("李阿姨", f"查询 {n}")
        await town.later(minutes=5)
    assert heard(town, "李阿姨", TOO_FAST) == 2


@pytest.mark.parametrize(
    "words",
    ["上报 东门地下车库进水了", "煤气味很大", "孩子找不到了,穿红衣服", "上报 电梯里有人被困", "有人摔倒起不来了"],
)
async def test_an_emergency_is_heard_at_once_whoever_floods(town: Town, words: str) -> None:
    for n in range(30):
        await town.says("李阿姨", f"上报 {n} 号楼路灯坏了", chat="十三队群")
    before = len(await cases(town))
    await town.says("李阿姨", words, chat="十三队群")
    assert len(await cases(town)) == before + 1
    town.hears("张队长", words.removeprefix("上报 "))


async def test_an_emergency_does_not_use_up_the_one_word_of_warning(town: Town) -> None:
    for n in range(10):
        await town.says("李阿姨", f"查询 {n}")
    await town.says("李阿姨", "上报 东门地下车库进水了", chat="十三队群")
    assert heard(town, "十三队群", TOO_FAST) == 0
    await town.says("李阿姨", "查询 1")
    assert heard(town, "李阿姨", TOO_FAST) == 1


async def test_a_search_is_never_kept_waiting_by_what_was_said_before(town: Town) -> None:
    for n in range(15):
        await town.says("李阿姨", f"查询 {n}")
        await town.says("赵叔", f"查询 {n}", chat="十三队群")
    await town.says("李阿姨", "走失 小明 6 岁 红衣服", chat="十三队群")
    await town.presses("张队长", "确认寻人", chat="十三队群")
    town.hush()
    await town.says("赵叔", "看到了 在小学门口", chat="十三队群")
    town.hears("十三队群", "#1 记下了")
    await town.says("李阿姨", "找到了", chat="十三队群")
    assert await town.state(1) == "resolved"


async def test_others_are_not_slowed_by_one_who_floods(town: Town) -> None:
    for n in range(40):
        await town.says("李阿姨", f"上报 {n} 号楼路灯坏了", chat="十三队群")
    before = len(await cases(town))
    await town.says("赵叔", "上报 停水了", chat="十三队群")
    assert len(await cases(town)) == before + 1
    assert heard(town, "十三队群", TOO_MUCH) == 0


async def test_buttons_and_what_the_bot_asked_for_are_never_slowed(town: Town) -> None:
    await town.says("李阿姨", "上报 路灯坏了", chat="十三队群")
    for n in range(12):
        await town.says("张队长", f"查询 {n}", chat="十三队群")
    await town.presses("张队长", "接单", chat="十三队群")
    await town.presses("张队长", "办结", chat="十三队群")
    await town.says("张队长", "换了灯泡", chat="十三队群")
    assert await town.state(1) == "resolved"


async def test_neighbours_who_chat_among_themselves_flood_nobody(town: Town) -> None:
    for n in range(200):
        await town.says("李阿姨", f"今天第 {n} 顿饭吃什么", chat="十三队群")
    town.silent()
    await town.says("李阿姨", "上报 停水了", chat="十三队群")
    town.hears("十三队群", "#1 报修")


async def test_a_hostile_group_of_fifty_gets_no_more_than_its_share(town: Town) -> None:
    for n in range(5):
        for member in range(50):
            await town.says(f"成员{member}", f"上报 {n} 号楼第 {member} 盏路灯坏了", chat="十四队群")
    assert len(await cases(town)) == 60
    assert heard(town, "十四队群", TOO_MUCH) == 1
    assert heard(town, "十四队群", TOO_FAST) == 0
    # Another group goes on as ever, and an emergency in this one is heard.
    await town.says("李阿姨", "上报 停水了", chat="十三队群")
    town.hears("十三队群", "停水了")
    await town.says("成员1", "着火了快来人啊", chat="十四队群")
    town.hears("十四队群", "消防燃气", "着火了快来人啊")
    await town.later(minutes=4)
    assert len(await cases(town)) == 252
    assert heard(town, "十四队群", TOO_MUCH) == 1


async def test_nothing_is_lost_when_the_bot_stops_meanwhile(town: Town) -> None:
    for n in range(15):
        await town.says("李阿姨", f"上报 {n} 号楼路灯坏了")
    town.restart()
    await town.later(minutes=2)
    assert len(await cases(town)) == 15


async def test_a_batch_that_is_undone_is_counted_once(town: Town) -> None:
    """A refusal undoes its batch, which then comes again: nobody is slowed for being handled twice."""
    for n in range(9):
        await town.says("李阿姨", f"查询 {90 + n}")
    await town.says("李阿姨", "上报 停水了", chat="十三队群")
    town.hears("十三队群", "#1 报修")
    assert heard(town, "李阿姨", TOO_FAST) == 0


async def test_an_album_is_one_message(town: Town) -> None:
    for n in range(12):
        await town.says("李阿姨", "", attachments=[("town", f"p{n}")], album="a1")
    await town.says("李阿姨", "上报 停水了", chat="十三队群")
    town.hears("十三队群", "停水了")
    assert heard(town, "李阿姨", TOO_FAST) == 0
