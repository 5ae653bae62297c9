"""What Excel writes is brought in whole, or not at all and with the reasons by line."""

from collections.abc import AsyncIterator
from pathlib import Path

import openpyxl
import pytest

from bot.importer import ImportRefused, import_file
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
        for what in ("grids", "people", "households"):
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
