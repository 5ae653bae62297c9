"""What Excel writes is brought in whole, or not at all and with the reasons by line."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from bot.importer import ImportRefused, import_file
from domain.people import Role
from storage.store import Store
from tests.fresh import new_store

EXAMPLES = Path(__file__).parents[2] / "examples"
GRIDS = "code,name,level,parent\nV,侯官村,村,\nG,一网格,网格,V\nS,一小队,小队,G\n"


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    store = await new_store()
    yield store
    await store.close()


async def bring(store: Store, what: str, tmp_path: Path, text: str | bytes) -> str:
    path = tmp_path / "file.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return await import_file(store, what, path)


async def rows(store: Store, sql: str) -> list[tuple[object, ...]]:
    async with store.transaction():
        return [tuple(row) for row in await store.db.all(sql)]


async def test_the_examples_come_in_and_coming_again_they_change_nothing(store: Store) -> None:
    for new in (True, False):
        for what in ("grids", "people", "households", "duty"):
            said = await import_file(store, what, EXAMPLES / f"{what}.csv")
            assert ("新增 0 " in said) is not new
    assert len(await rows(store, "SELECT * FROM people")) == 13


async def test_the_divisions_of_fuzhou_come_in_as_they_are(store: Store) -> None:
    assert "新增 3222 个" in await import_file(store, "grids", EXAMPLES / "fuzhou-divisions.csv")
    found = await rows(store, "SELECT name, parent FROM grids WHERE code = '350121107201'")
    assert "侯官村" in str(found[0][0])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
async def test_what_excel_in_china_writes(store: Store, tmp_path: Path, encoding: str) -> None:
    await bring(store, "grids", tmp_path, GRIDS.encode(encoding))
    assert await rows(store, "SELECT name FROM grids WHERE code = 'S'") == [("一小队",)]


async def test_a_workbook(store: Store, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in GRIDS.splitlines():
        sheet.append([cell or None for cell in line.split(",")])
    book.save(tmp_path / "grids.xlsx")
    book.close()
    await import_file(store, "grids", tmp_path / "grids.xlsx")
    assert len(await rows(store, "SELECT * FROM grids")) == 3


async def test_columns_in_any_order_and_a_grid_that_moves(store: Store, tmp_path: Path) -> None:
    await bring(store, "grids", tmp_path, GRIDS)
    said = await bring(store, "grids", tmp_path, "parent,level,code,name\nV, 小队 ,S, 一小队 \n")
    assert "更改 1 个" in said
    assert await rows(store, "SELECT parent, name FROM grids WHERE code = 'S'") == [("V", "一小队")]


FAULTS = [
    ("grids", "code,name,level,parent\nA,甲,村,\nA,乙,村,\n", ["第 3 行，code", "和第 2 行重复"]),
    ("grids", "code,name,level,parent\nA,甲,村,\nB,乙,村,Z\n", ["第 3 行，parent", "没有编号为 Z 的上级"]),
    ("grids", "code,name,level,parent\nA,甲,村,\nB,乙,村,C\nC,丙,村,B\n", ["parent", "绕成了一圈"]),
    ("grids", "code,name,level,parent\nA,甲,村,\nB,乙,村,\n", ["第 3 行，parent", "最上面只能有一个网格"]),
    ("grids", "code,name,level,parent\nA,甲,村,A\n", ["第 2 行，parent", "上级是它自己"]),
    ("grids", "code,name,level,parent\nA,,村,\n", ["第 2 行，name", "不能空着"]),
    ("grids", "code,name,parent\nA,甲,\n", ["缺少列：level"]),
    ("grids", "code,name,level,parent,x\nA,甲,村,,1\n", ["不认识的列：x"]),
    ("grids", "", ["是空的"]),
    ("people", "name,role,grid,phone\n张三,皇帝,S,\n", ["第 2 行，role", "皇帝"]),
    ("people", "name,role,grid\n张三,队长,Q\n", ["第 2 行，grid", "没有编号为 Q 的网格"]),
    ("people", "name,role,grid,phone\n张三,队长,S,abc\n", ["第 2 行，phone", "不像电话号码"]),
    ("households", "grid,door,people,notes\nS,1号,-2,\n", ["第 2 行，people", "不能是负数"]),
    ("households", "grid,door,people,notes\nS,1号,两个,\n", ["第 2 行，people", "整数"]),
    ("households", "grid,door,people,notes\nS,1号,2,\nS,1号,3,\n", ["第 3 行，door", "重复"]),
]
STAFF = "name,role,grid\n张三,队长,S\n李四,副手,S\n李四,副手,G\n王五,队长,G\n王五,居民,S\n"
DUTY_FAULTS = [
    ("S,每周,张三\nQ,每周,张三\n", ["第 3 行，grid", "没有编号为 Q 的网格"]),
    ("S,每周,王五\n", ["第 2 行，person", "王五 不是 一小队 的队长、副手或干部"]),
    ("S,每周,\n", ["第 2 行，person", "不能空着"]),
    ("S,每两周,张三\n", ["第 2 行，turn", "每两周"]),
    ("S,2026-02-30,张三\n", ["第 2 行，turn", "2026-02-30"]),
    ("S,每周,张三\nS,每天,李四\n", ["第 3 行，turn", "和第 2 行的轮法不一样"]),
    ("S,2026-10-01,张三\nS,2026/10/1,李四\n", ["第 3 行，turn", "和第 2 行重复"]),
    ("S,每天,张三\n" * 32, ["第 2 行，grid", "名字太多了"]),
    ("C,每天,张三\n", ["第 2 行，grid", "已经撤了"]),
    ("G,每天,李四\n", ["第 2 行，person", "有几个叫 李四 的"]),
]


@pytest.mark.parametrize(("what", "text", "says"), FAULTS)
async def test_a_fault_is_told_by_line_and_field_and_nothing_comes_in(
    store: Store, tmp_path: Path, what: str, text: str, says: list[str]
) -> None:
    if what != "grids":
        await bring(store, "grids", tmp_path, GRIDS)
    before = await rows(store, "SELECT * FROM grids")
    with pytest.raises(ImportRefused) as refused:
        await bring(store, what, tmp_path, text)
    for part in says:
        assert part in str(refused.value)
    assert await rows(store, "SELECT * FROM grids") == before
    assert await rows(store, "SELECT * FROM people") == await rows(store, "SELECT * FROM households") == []


@pytest.mark.parametrize(("lines", "says"), DUTY_FAULTS)
async def test_a_rota_that_cannot_be_is_told_by_line_and_field(
    store: Store, tmp_path: Path, lines: str, says: list[str]
) -> None:
    await _a_squad_with_staff(store, tmp_path)
    with pytest.raises(ImportRefused) as refused:
        await bring(store, "duty", tmp_path, f"grid,turn,person\n{lines}")
    for part in says:
        assert part in str(refused.value)
    assert await rows(store, "SELECT * FROM rotas") == await rows(store, "SELECT * FROM rota_members") == []


async def test_a_rota_comes_in_and_only_what_changed_begins_anew(store: Store, tmp_path: Path) -> None:
    await _a_squad_with_staff(store, tmp_path)
    table = "grid,turn,person\nS,每天,张三\nS,每天,李四\nS,节假日,李四\nS,2026年10月1日,张三\n"
    assert "新增 1 个网格" in await bring(store, "duty", tmp_path, table)
    assert await rows(store, "SELECT turns, begins FROM rotas") == [("day", None)]
    assert await rows(store, "SELECT day FROM duty_days") == [("2026-10-01",)]
    async with store.transaction():
        await store.db.run("UPDATE rotas SET begins = '2026-07-25', due_at = NULL")
    assert "其余 1 个没有变化" in await bring(store, "duty", tmp_path, table)
    assert "更改 1 个" in await bring(store, "duty", tmp_path, "grid,turn,person\nS,2026-10-02,张三\n")
    assert await rows(store, "SELECT begins, due_at IS NULL FROM rotas") == [("2026-07-25", 0)]
    assert "更改 1 个" in await bring(store, "duty", tmp_path, table.replace("每天", "每周"))
    assert await rows(store, "SELECT turns, begins FROM rotas") == [("week", None)]
    assert len(await rows(store, "SELECT * FROM duty_days")) == 2


async def test_days_in_a_workbook_are_days(store: Store, tmp_path: Path) -> None:
    await _a_squad_with_staff(store, tmp_path)
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in (["grid", "turn", "person"], ["S", datetime(2026, 10, 1), "张三"]):  # noqa: DTZ001 -- as Excel has it
        sheet.append(line)
    book.save(tmp_path / "duty.xlsx")
    book.close()
    await import_file(store, "duty", tmp_path / "duty.xlsx")
    assert await rows(store, "SELECT day FROM duty_days") == [("2026-10-01",)]


async def _a_squad_with_staff(store: Store, tmp_path: Path) -> None:
    """一小队 with 张三 and 李四, two of one name in 一网格, and a squad that was closed."""
    await bring(store, "grids", tmp_path, GRIDS + "C,旧小队,小队,G\n")
    await bring(store, "people", tmp_path, STAFF)
    async with store.transaction():
        await store.db.run("UPDATE grids SET closed_at = '2026-01-01' WHERE code = 'C'")
        await store.people.appoint(await store.people.add("李四"), Role.DEPUTY, "G")


async def test_many_faults_are_counted(store: Store, tmp_path: Path) -> None:
    text = "code,name,level,parent\nA,甲,村,\n" + "".join(f"B{n},,队,A\n" for n in range(50))
    with pytest.raises(ImportRefused, match="还有 30 处"):
        await bring(store, "grids", tmp_path, text)


async def test_what_is_no_table_says_so(store: Store, tmp_path: Path) -> None:
    with pytest.raises(ImportRefused):
        await bring(store, "grids", tmp_path, bytes(range(256)) * 20)
    (tmp_path / "x.xlsx").write_bytes(b"PK\x03\x04 broken")
    with pytest.raises(ImportRefused, match="损坏"):
        await import_file(store, "grids", tmp_path / "x.xlsx")
    with pytest.raises(ImportRefused, match="读不了"):
        await import_file(store, "grids", tmp_path / "none.csv")


async def test_a_long_file(store: Store, tmp_path: Path) -> None:
    text = "grid,door,people,notes\n" + "".join(f"S,{n}号,3,\n" for n in range(6_000))
    await bring(store, "grids", tmp_path, GRIDS)
    assert "新增 6000 户" in await bring(store, "households", tmp_path, text)
