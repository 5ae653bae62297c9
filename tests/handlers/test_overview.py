"""一张图: how the parts of a grid are, in words and as a picture, for those who have to do with it."""

from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image

from bot.channels.carrier import Carrier
from bot.serve import fetcher
from domain.people import Role
from tests.handlers.asked import seconds
from tests.handlers.swept import begun, doors_known
from tests.town import Message, Town


async def pictured(town: Town, who: str, words: str = "一张图", chat: str | None = None) -> Message:
    town.hush()
    await town.says(who, words, chat=chat)
    return town.hears(chat or who, "一张图")


async def shown(town: Town, said: Message) -> Image.Image:
    assert said.attachment
    brought = await Carrier(fetcher(town.store, {}), town.clock).bring(said.attachment, urgent=False)
    return Image.open(BytesIO(brought.data))


async def test_the_worst_stands_first_and_the_picture_says_the_same(town: Town) -> None:
    await town.says("李阿姨", "上报 楼道灯坏了", chat="十四队群")
    await town.says("李阿姨", "上报 车库进水，有人被困", chat="十三队群")
    said = await pictured(town, "王主任", "一张图 一片")
    assert said.text.splitlines() == [
        "一片 一张图",
        "2026-07-25 12:00",
        "▲危险 1 · ●有事 1",
        "▲十三队：1 件，没人接 1",
        "●十四队：1 件，没人接 1",
    ]
    picture = await shown(town, said)
    assert picture.width == 1080
    town.silent()


async def test_what_is_settled_is_calm_again(town: Town) -> None:
    await town.says("李阿姨", "上报 楼道灯坏了", chat="十三队群")
    await town.presses("张队长", "接单", chat="十三队群")
    assert "●十三队：1 件" in (await pictured(town, "王主任", "一张图 一片")).text.splitlines()
    await town.says("张队长", "办结 1 修好了", chat="十三队群")
    said = await pictured(town, "王主任", "一张图 一片")
    assert said.text.splitlines()[2:] == ["✓平安 2"]


async def test_many_reports_of_one_flood_each_count_where_they_were_made(town: Town) -> None:
    await town.says("李阿姨", "上报 车库进水了", chat="十三队群")
    await town.says("赵叔", "上报 一楼进水了", chat="十四队群")
    town.hush()
    await town.says("王主任", "并案 2 1")
    said = await pictured(town, "王主任", "一张图 一片")
    assert "◆十三队：1 件，没人接 1" in said.text
    assert "◆十四队：1 件，没人接 1" in said.text
    said = await pictured(town, "陈书记")
    assert "◆三网格：2 件，没人接 2" in said.text


async def test_what_is_private_and_what_lies_in_the_mailbox_is_not_on_it(town: Town) -> None:
    await town.says("李阿姨", "上报 楼上邻居和我吵架，要打人", chat="十三队群")
    await town.says("李阿姨", "建议 门口装个长椅", chat="十三队群")
    said = await pictured(town, "王主任", "一张图 一片")
    assert said.text.splitlines()[2:] == ["✓平安 2"]


async def test_what_was_reported_in_the_grid_itself_has_a_tile_of_its_own(town: Town) -> None:
    await town.says("李阿姨", "上报 大门坏了", chat="三网格群")
    said = await pictured(town, "王主任")
    assert said.text.splitlines()[3:] == ["●三网格 直属：1 件，没人接 1", "平安：一片"]


async def test_receipts_of_the_running_warning(asked: Town) -> None:
    town = asked
    said = await pictured(town, "王主任")
    assert "回执：橙色预警（第 1 号）" in said.text
    assert "○十三队：回执 0/1" in said.text
    await town.presses("李阿姨", "收到", chat="十三队群")
    await seconds(town, 10)
    said = await pictured(town, "王主任")
    assert said.text.splitlines()[3:] == ["○没回齐 1 · ✓平安 1", "○十四队：回执 0/1", "平安：十三队"]


async def test_a_squad_is_one_tile(town: Town) -> None:
    said = await pictured(town, "张队长")
    assert said.text.splitlines()[0] == "十三队 一张图"
    assert said.text.splitlines()[2:] == ["✓平安 1"]


@pytest.mark.parametrize(
    ("who", "words", "seen"),
    [
        ("张队长", "一张图 侯官村", True),
        ("张队长", "一张图 十四队", False),
        ("小林", "一张图 一片", True),
        ("陈书记", "一张图 十三队", True),
        ("管理员", "一张图", True),
        ("李阿姨", "一张图 十三队", False),
        ("李阿姨", "一张图", False),
        ("路人", "一张图 侯官村", False),
    ],
)
async def test_who_may_see_it(town: Town, who: str, words: str, seen: bool) -> None:
    await town.person("赵队长", (Role.LEADER, "S14"))
    await town.says(who, words)
    (said,) = town.channel.chats[who]
    assert (said.attachment is not None) is seen
    assert said.text.endswith("发“查询”看进展。") is not seen


async def test_in_a_group_it_is_that_groups_grid(town: Town) -> None:
    said = await pictured(town, "张队长", chat="三网格群")
    assert said.text.startswith("三网格 一张图\n")


async def test_an_unknown_grid_is_refused(town: Town) -> None:
    await town.says("王主任", "一张图 没有的地方")
    town.hears("王主任", "没有叫 没有的地方 的网格")


async def test_a_closed_part_counts_with_the_grid_itself(town: Town) -> None:
    await town.says("李阿姨", "上报 楼道灯坏了", chat="十三队群")
    await town.says("陈书记", "撤网格 S13")
    said = await pictured(town, "王主任", "一张图 一片")
    assert "●一片 直属：1 件" in said.text


async def test_two_hundred_parts_take_several_pictures_and_no_more_questions(town: Town) -> None:
    await town.says("李阿姨", "上报 着火了", chat="十三队群")
    town.hush()
    few = await _looks(town)
    for n in range(200):
        await town.grid(f"N{n:03}", f"{n} 队", "小队", "V")
    assert await _looks(town) == few
    told = [message for message in town.channel.chats["陈书记"] if message.attachment][1:]
    assert len(told) == 5
    assert "▲三网格：1 件" in told[0].text
    for page in told:
        assert max((await shown(town, page)).size) <= 1600


async def _looks(town: Town) -> int:
    """How often the store is asked something for one picture."""
    asked_for: list[str] = []
    connection = town.store.db._connection
    await connection.set_trace_callback(asked_for.append)
    await town.says("陈书记", "一张图")
    await connection.set_trace_callback(None)
    return sum("FROM grids" in sql or "FROM cases" in sql or "FROM broadcasts" in sql for sql in asked_for)


async def test_how_far_a_sweep_has_come_in_each_part(town: Town) -> None:
    await doors_known(town)
    await begun(town)
    await town.presses("张队长", "安全")
    said = await pictured(town, "王主任", "一张图 一片")
    assert said.text.splitlines()[2:] == [
        "摸排：台风转移（第 1 号）",
        "○没回齐 2",
        "○十三队：摸排 1/10",
        "○十四队：摸排 0/2",
    ]
    await town.presses("张队长", "需帮助")
    said = await pictured(town, "张队长")
    assert "◆十三队：1 件，没人接 1，摸排 2/10" in said.text.splitlines(), "what is needed there stands before"


async def test_the_sweep_that_asks_most_is_shown_until_it_ends(town: Town) -> None:
    await doors_known(town)
    await begun(town)
    await begun(town, "摸排 十四队 高温")
    said = await pictured(town, "王主任", "一张图 一片")
    assert "摸排：台风转移（第 1 号）" in said.text.splitlines()
    await town.presses_data("王主任", "sweep_end:1:sure")
    await town.tick()
    said = await pictured(town, "王主任", "一张图 一片")
    assert said.text.splitlines()[2:] == [
        "摸排：高温（第 2 号）",
        "○没回齐 1 · ✓平安 1",
        "○十四队：摸排 0/2",
        "平安：十三队",
    ]


async def test_a_drill_is_not_on_it(town: Town) -> None:
    await doors_known(town)
    town.settings = replace(town.settings, drill_grids=frozenset({"G3"}))
    town.restart()
    await begun(town, "摸排 演练 台风转移 截止 13:00")
    said = await pictured(town, "王主任", "一张图 一片")
    assert said.text.splitlines()[2:] == ["✓平安 2"]
