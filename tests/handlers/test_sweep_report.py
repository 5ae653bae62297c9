"""摸排 is over: its leaders see each grid as a bar, and those who are entitled get a row for each household."""

from dataclasses import replace
from datetime import datetime
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from PIL import Image

from bot.channels.formats import format_of
from domain.chat import HOUSE, Attachment, Medium
from domain.people import Role
from handlers.bars import COLOURS, Bar, draw
from handlers.sweep_sheet import MOST_ROWS
from handlers.workbook import harmless, workbook
from tests.handlers.asked import live_behind, seconds
from tests.handlers.swept import begun
from tests.town import Town

ASKED = "摸排 三网格 台风转移 截止 14:00"


@pytest.fixture
async def village(township: Town) -> Town:
    """In 十三队 and in 十四队 there are three doors; behind one of the first somebody lives alone."""
    town = township
    await town.person("周队长", (Role.LEADER, "S14"))
    await live_behind(town, "李阿姨", "江滨里1号", "S13")
    await live_behind(town, "小林", "江滨里2号", "S13")
    await live_behind(town, "赵叔", "溪东路1号", "S14")
    async with town.store.transaction():
        await town.store.db.run("INSERT INTO households (grid, door, care) VALUES ('S13', '江滨里10号', '独居老人')")
        await town.store.db.run(
            "INSERT INTO households (grid, door) VALUES ('S14', '溪东路5号'), ('S14', '溪东路15号')"
        )
    return town


async def swept(town: Town) -> None:
    """十三队 is through, needs help behind one door and was not let in behind another; 十四队 has one door of three."""
    await begun(town, ASKED)
    await town.presses("张队长", "需帮助")
    await town.presses("张队长", "联系不上")
    await town.says("张队长", "江滨里2号 已转移 3人 =去了姐姐家")
    await town.says("赵叔", "我家安全", chat="十四队群")
    await town.later(hours=2)
    await seconds(town, 10)


async def kept(town: Town, attachment: Attachment | None) -> bytes:
    assert attachment is not None
    assert attachment.channel == HOUSE
    async with town.store.transaction():
        data = await town.store.files.get(attachment.file_id)
    assert data
    return data


async def rows_of(town: Town, who: str) -> list[tuple[Any, ...]]:
    said = next(message for message in reversed(town.channel.chats[who]) if message.attachment)
    assert said.attachment
    assert said.attachment.medium is Medium.FILE
    data = await kept(town, said.attachment)
    taken = format_of(Medium.FILE, data)
    assert taken, "no channel takes such a file"
    assert taken[1].suffix == "xlsx"
    sheet = openpyxl.load_workbook(BytesIO(data)).worksheets[0]
    return list(sheet.iter_rows(values_only=True))


async def test_the_report_shows_a_bar_for_each_grid(village: Town) -> None:
    town = village
    await swept(town)
    report = town.hears("王主任", "结束了", "问到 3/6 户")
    image = Image.open(BytesIO(await kept(town, report.attachment))).convert("RGB")
    assert image.width == 1080
    assert image.height <= 1600
    seen = {colour for _n, colour in image.getcolors(image.width * image.height) or []}
    assert {tuple(bytes.fromhex(colour[1:])) for colour in COLOURS} <= seen


async def test_a_table_holds_a_row_for_each_household(village: Town) -> None:
    town = village
    await swept(town)
    town.hush()
    await town.presses("王主任", "表格")
    town.hears("王主任", "【台风转移摸排】第 1 号 三网格的表格，6 户", "请不要转发")
    title, head, *rows = await rows_of(town, "王主任")
    assert title[0] == "【台风转移摸排】第 1 号 三网格"
    assert head[:5] == ("小队", "门牌", "要照顾", "回答", "数目（人）")
    found = {row[1]: row for row in rows}
    noon = datetime(2026, 7, 25, 12, 0)  # noqa: DTZ001 -- a spreadsheet knows no zones
    assert found["江滨里10号"][:9] == (
        "十三队", "江滨里10号", "独居老人", "需帮助", None, None, "张队长", noon, None,
    )  # fmt: skip
    assert found["江滨里2号"][3:6] == ("已转移", 3, "'=去了姐姐家")
    assert found["溪东路1号"][3:9] == ("安全", None, None, "赵叔", noon, "是")
    assert found["溪东路5号"][3:9] == ("没问到", None, None, None, None, None)
    assert len(rows) == 6


async def test_only_whoever_leads_it_gets_the_table_and_in_private_only(village: Town) -> None:
    town = village
    await town.person("关书记", (Role.OFFICER, "V2"))
    await swept(town)
    town.hush()
    top = await _number(town, "G3")
    for who in ("小林", "李阿姨", "周队长", "关书记"):
        assert "管这一片" in await town.presses_data(who, f"sweep_sheet:{top}")
    assert "不在群里发" in await town.presses_data("王主任", f"sweep_sheet:{top}", chat="三网格群")
    town.silent()
    await town.presses_data("周队长", f"sweep_sheet:{await _number(town, 'S14')}")
    town.hears("周队长", "十四队的表格，3 户")
    _title, _head, *rows = await rows_of(town, "周队长")
    assert {row[0] for row in rows} == {"十四队"}
    await town.presses_data("陈书记", f"sweep_sheet:{top}")
    town.hears("陈书记", "三网格的表格，6 户")


async def test_there_is_no_table_of_what_still_runs_or_never_was(village: Town) -> None:
    town = village
    await begun(town, ASKED)
    assert "还没有结束" in await town.presses_data("王主任", f"sweep_sheet:{await _number(town, 'G3')}")
    for words in ("sweep_sheet:999", "sweep_sheet", "sweep_sheet:x"):
        assert "失效" in await town.presses_data("王主任", words)


async def test_what_is_too_much_for_one_picture_or_one_table_comes_part_by_part(village: Town) -> None:
    town = village
    for n in range(11):
        await town.grid(f"S3{n}", f"新{n}队", "小队", "G3")
    async with town.store.transaction():
        doors = [(f"S3{n % 11}", f"{n}号") for n in range(MOST_ROWS)]
        await town.store.db.run_many("INSERT INTO households (grid, door) VALUES (?, ?)", doors)
    await swept(town)
    assert sum(bool(message.attachment) for message in town.channel.chats["王主任"]) == 2
    town.hush()
    await town.presses("王主任", "表格")
    town.hears("王主任", f"有 {MOST_ROWS + 6} 户，一张表放不下。要哪一片的？")
    await town.presses("王主任", "十四队 3 户")
    assert {row[0] for row in (await rows_of(town, "王主任"))[2:]} == {"十四队"}


async def test_a_drill_wears_its_mark_in_both(village: Town) -> None:
    town = village
    town.settings = replace(town.settings, drill_grids=frozenset({"G3"}))
    town.restart()
    await begun(town, "摸排 三网格 演练 台风转移 截止 14:00")
    await town.later(hours=2)
    await seconds(town, 10)
    town.hush()
    await town.presses("王主任", "表格")
    text = town.hears("王主任", "表格").text
    title = (await rows_of(town, "王主任"))[0][0]
    for marked in (text, title):
        assert marked.startswith("【演练】")
        assert marked.endswith("【演练】")


@pytest.mark.parametrize("text", ["=1+1", "+86 139", "-1", "@sum", "\tx", "\rx", "＝1+1", "＋1", "－1", "＠x"])
def test_what_could_be_a_formula_is_text(text: str) -> None:
    assert harmless(text) == f"'{text}"
    sheet = openpyxl.load_workbook(BytesIO(workbook(text, [text], [8], [[text]]))).worksheets[0]
    assert all(cell.data_type == "s" for row in sheet.iter_rows() for cell in row)


@pytest.mark.parametrize(("text", "kept"), [("安全", "安全"), ("", ""), ("3-201", "3-201"), ("a\x00b", "ab")])
def test_anything_else_stays_as_it_was_said(text: str, kept: str) -> None:
    assert harmless(text) == kept


def test_a_long_name_and_an_empty_part_are_drawn() -> None:
    bars = [Bar("湖北省孝感市孝南区人民政府驻地一小区第十四队", (0, 0, 0, 10), 10, "问到 0/10 户")]
    image = Image.open(BytesIO(draw("题" * 60, ("一", "二", "三", "四"), bars)))
    assert image.width == 1080


async def _number(town: Town, grid: str) -> int:
    async with town.store.transaction():
        count = await town.store.sweep_counts.of(1, grid)
    assert count
    return count.id
