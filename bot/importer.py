"""Brings a file of grids, people, households or duty into the register: all, or none and the reasons line by line."""

import re
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails
from tqdm import tqdm

from bot.sheet import Row, Sheet, Unreadable, opened
from domain.duty_words import turn_written
from domain.language import N_, _
from domain.people import INVITED, role_named
from domain.phone import phone_number
from storage.database import Database, is_out_of_order, trouble
from storage.staged_duty import DutyStaging
from storage.staged_people import PeopleStaging
from storage.staging import Faults, GridStaging, HouseholdStaging, Staging, Taken, Wrong
from storage.store import Store

FAULTS_SHOWN = 20
BATCH_ROWS = 5_000
LONG_FILE_ROWS = 5_000
"""A longer file shows how far it has come."""

CODE_CHARS = 40
"""A grid's code stands in the id of its room and in commands; the country's codes have 12 digits."""

NAME_CHARS = 100
"""The longest name among the country's villages has 41 characters."""

NOTES_CHARS = 500

CARE_CHARS = 40
"""Why a household comes first, on one line of a checklist: 独居老人, 卧床."""

PEOPLE_BEHIND_A_DOOR = 1_000
"""More is a slip of the column: a phone, or a number of a room."""


class ImportRefused(Exception):  # noqa: N818 -- said to the operator in these words
    """Nothing was imported; a line a reason, with what to do."""


# -- a row ---------------------------------------------------------------------


def _coded(code: str) -> str:
    if re.fullmatch(r"\d(\.\d+)?[Ee]\+\d+", code):
        raise ValueError(_("Excel 把编号写成了 {code}，请把这一列设为“文本”后重填").format(code=code))
    if not re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z._-]*", code):
        raise ValueError(_("编号只能用英文字母、数字、点和横线，不能是 {code}").format(code=code))
    return code


def _role(word: str) -> str:
    role = role_named(word)
    if role not in INVITED:
        roles = "、".join(f"{role.value}（{role.spoken}）" for role in INVITED)
        raise ValueError(_("没有 {role} 这个角色。可用：{roles}").format(role=word, roles=roles))
    return role.value


def _phone(written: str) -> str:
    """Blank for none."""
    if not written:
        return ""
    number = phone_number(written)
    if number is None:
        raise ValueError(_("{phone} 不像电话号码，请核对，没有就留空").format(phone=written))
    return number


def _turn(written: str) -> str:
    turn = turn_written(written)
    if turn is None:
        raise ValueError(
            _("要填 每周、每天、轮流、节假日，或 2026-10-01 这样的日期，不能是 {turn}").format(turn=written)
        )
    return turn


Code = Annotated[str, Field(min_length=1, max_length=CODE_CHARS), AfterValidator(_coded)]
Name = Annotated[str, Field(min_length=1, max_length=NAME_CHARS)]
Named = Annotated[str, Field(min_length=1, max_length=CODE_CHARS)]
"""The code of a grid that stands elsewhere: whether it is one is seen there."""


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True)


class GridRow(_Row):
    code: Code
    name: Name
    level: Name
    parent: Annotated[str, Field(max_length=CODE_CHARS)]


class PersonRow(_Row):
    name: Name
    role: Annotated[str, Field(min_length=1), AfterValidator(_role)]
    grid: Named
    phone: Annotated[str, AfterValidator(_phone)] = ""


class HouseholdRow(_Row):
    grid: Named
    door: Name
    people: Annotated[int, Field(ge=0, le=PEOPLE_BEHIND_A_DOOR)]
    notes: Annotated[str, Field(max_length=NOTES_CHARS)]
    care: Annotated[str, Field(max_length=CARE_CHARS)] | None = None


class DutyRow(_Row):
    grid: Named
    turn: Annotated[str, Field(min_length=1), AfterValidator(_turn)]
    person: Name


@dataclass(frozen=True)
class _Kind:
    """What a file of this kind holds, how it is taken over, and how that is told."""

    row: type[_Row]
    staging: Callable[[Database], Staging]
    told: str

    @property
    def columns(self) -> dict[str, bool]:
        """By name, whether the file must have it."""
        return {name: info.is_required() for name, info in self.row.model_fields.items()}


_KINDS = {
    "grids": _Kind(GridRow, GridStaging, N_("网格：新增 {new} 个，更改 {changed} 个，其余 {same} 个没有变化。")),
    "people": _Kind(PersonRow, PeopleStaging, N_("人员：新增 {new} 人，更改 {changed} 人，其余 {same} 人没有变化。")),
    "households": _Kind(
        HouseholdRow, HouseholdStaging, N_("住户：新增 {new} 户，更改 {changed} 户，其余 {same} 户没有变化。")
    ),
    "duty": _Kind(DutyRow, DutyStaging, N_("值班表：新增 {new} 个网格，更改 {changed} 个，其余 {same} 个没有变化。")),
}


# -- the file ------------------------------------------------------------------


async def import_file(store: Store, what: str, path: Path) -> str:
    """What is new and what changed, in a sentence; ImportRefused with the reasons, and then nothing has changed."""
    kind = _KINDS[what]
    staging = kind.staging(store.db)
    try:
        with opened(path) as sheet:
            taken = await _import(store, kind, staging, sheet, path)
    except Unreadable as error:
        raise ImportRefused(str(error)) from error
    except sqlite3.Error as error:
        if is_out_of_order(error):
            raise trouble(error, store.db.path) from error
        raise
    return _(kind.told).format(new=taken.new, changed=taken.changed, same=taken.same)


async def _import(store: Store, kind: _Kind, staging: Staging, sheet: Sheet, path: Path) -> Taken:
    """Rows wait in the staging table batch by batch, so that a running bot can write in between."""
    said = _Said(path)
    async with store.transaction():
        await staging.begin()
    header = _header(kind, sheet, path)
    for batch in _batches(_staged(kind, header, sheet, said)):
        async with store.transaction():
            await staging.add(batch)
    if not said.rows:
        raise ImportRefused(_("{path} 里只有表头，没有内容").format(path=path))
    async with store.transaction():
        await staging.ready()
        try:
            taken, faults = await staging.take()
        except sqlite3.IntegrityError:
            # A faulty row is staged as it stands, and the register's own checks may not let it in.
            said.refuse_if_any()
            raise
        said.between(faults)
        said.refuse_if_any()
    async with store.transaction():
        await staging.end()
    return taken


def _header(kind: _Kind, sheet: Sheet, path: Path) -> list[str]:
    """The columns in their order; ImportRefused names those that are missing, unknown or there twice."""
    first = next((cells for _line, cells in sheet.rows if any(cells)), None)
    if first is None:
        raise ImportRefused(_("{path} 是空的").format(path=path))
    found = [cell.lower() for cell in first]
    while not found[-1]:
        found.pop()
    wrong = [
        (_("缺少列：{columns}"), [name for name, needed in kind.columns.items() if needed and name not in found]),
        (_("不认识的列：{columns}"), [name or _("（空）") for name in found if name not in kind.columns]),
        (_("重复的列：{columns}"), sorted({name for name in found if name and found.count(name) > 1})),
    ]
    reasons = [sentence.format(columns="、".join(columns)) for sentence, columns in wrong if columns]
    if reasons:
        needed = ",".join(kind.columns)
        reasons.append(_("第一行应该是：{columns}").format(columns=needed))
        raise ImportRefused(_("{path} 第一行不对。{reasons}").format(path=path, reasons="；".join(reasons)))
    return found


def _staged(kind: _Kind, header: list[str], sheet: Sheet, said: "_Said") -> Iterator[tuple[Any, ...]]:
    """Each row checked by itself. A faulty one is staged as it stands, lest those below it look like orphans."""
    columns = tuple(kind.columns)
    validate = kind.row.__pydantic_validator__.validate_python
    for line, cells in _shown(sheet):
        if not any(cells):
            continue
        said.rows += 1
        given = dict(zip(header, cells + [""] * (len(header) - len(cells)), strict=False))
        if len(cells) > len(header) and any(cells[len(header) :]):
            said.fault(line, _("第 {n} 列").format(n=len(header) + 1), _("这一格在表头之外，请检查是否多了逗号"))
        try:
            values = validate(given).__dict__
        except ValidationError as error:
            values = given
            for wrong in error.errors(include_url=False):
                said.fault(line, str(wrong["loc"][0]), _explained(wrong))
        yield (line, *(values.get(column, "") for column in columns))


def _shown(sheet: Sheet) -> Iterable[Row]:
    """With a bar on the terminal where the file is long."""
    short = sheet.lines is not None and sheet.lines <= LONG_FILE_ROWS
    total = sheet.lines - 1 if sheet.lines else None
    return tqdm(sheet.rows, total=total, unit="", leave=False, disable=short or not sys.stderr.isatty())


def _batches(rows: Iterator[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    while batch := [row for _n, row in zip(range(BATCH_ROWS), rows, strict=False)]:
        yield batch


# -- what is wrong ---------------------------------------------------------------

_BETWEEN = {
    Wrong.REPEATED: N_("{value} 和第 {other} 行重复，请只留一行"),
    Wrong.ITS_OWN_PARENT: N_("{value} 的上级是它自己，请填上一级的编号"),
    Wrong.NO_PARENT: N_("没有编号为 {value} 的上级，请补上这个网格或改正编号"),
    Wrong.PARENT_CLOSED: N_("上级 {value}（{other}）已经撤了，请换一个上级"),
    Wrong.CLOSED: N_("{value}（{other}）已经撤了，请删掉这一行或换一个新编号"),
    Wrong.SECOND_ROOT: N_("最上面只能有一个网格，已经有 {other} 了，请给 {value} 填上级"),
    Wrong.LOOP: N_("上级绕成了一圈：{value}，请改正其中一个的上级"),
    Wrong.NO_GRID: N_("没有编号为 {value} 的网格，请先导入网格或改正编号"),
    Wrong.GRID_CLOSED: N_("网格 {value}（{other}）已经撤了，请换一个"),
    Wrong.SAME_PERSON: N_("{value} 和第 {other} 行是同一个人；若是两个同名的人，请都填上电话"),
    Wrong.PHONE_OF_ANOTHER: N_("{value} 和第 {other} 行是同一个电话，姓名却不同，请核对"),
    Wrong.NOT_OF_THE_GRID: N_("{value} 不是 {other} 的队长、副手或干部，请先导入这个人，或换一个人"),
    Wrong.NAMESAKES: N_("{other} 有几个叫 {value} 的，分不清，请把名字改得不一样"),
    Wrong.TWO_ROTAS: N_("{value} 和第 {other} 行的轮法不一样，一个网格只能有一种"),
    Wrong.TOO_MANY: N_("{value} 的名字太多了，一张值班表最多 {other} 个"),
}


class _Said:
    """What is wrong with this file, the first faults by line and the number of all."""

    def __init__(self, path: Path) -> None:
        self.rows = 0
        self._path = path
        self._first: list[tuple[int, str]] = []
        self._count = 0

    def fault(self, line: int, column: str, why: str) -> None:
        self._count += 1
        if len(self._first) < FAULTS_SHOWN:
            self._first.append((line, self._sentence(line, column, why)))

    def between(self, found: Iterable[Faults]) -> None:
        """Faults between rows come after those of the rows, and are put where they belong by line."""
        for faults in found:
            self._count += faults.count
            for f in faults.first:
                why = _(_BETWEEN[f.wrong]).format(value=f.value, other=f.other)
                self._first.append((f.line, self._sentence(f.line, f.field, why)))
        self._first = sorted(self._first, key=lambda told: told[0])[:FAULTS_SHOWN]

    def _sentence(self, line: int, column: str, why: str) -> str:
        return _("{path} 第 {line} 行，{field}：{why}").format(path=self._path, line=line, field=column, why=why)

    def refuse_if_any(self) -> None:
        if not self._count:
            return
        told = [sentence for _line, sentence in self._first]
        if self._count > len(told):
            told.append(_("还有 {n} 处").format(n=self._count - len(told)))
        raise ImportRefused("\n".join([*told, _("一行也没有导入，请改好后再导入一次。")]))


def _explained(fault: ErrorDetails) -> str:
    context = fault.get("ctx", {})
    if "error" in context:
        return str(context["error"])
    if fault["input"] == "":
        return _("不能空着")
    sentences = {
        "string_too_long": _("太长了，最多 {max_length} 个字"),
        "int_parsing": _("要填人数（整数），空房请填 0"),
        "greater_than_equal": _("人数不能是负数"),
        "less_than_equal": _("人数太多了，最多 {le}，请检查是否填错了列"),
    }
    return sentences.get(fault["type"], fault["msg"]).format(**context)
