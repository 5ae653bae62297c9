"""Where a file of the register waits while it is read: checked there as a whole, then taken over in one transaction.

The waiting tables are temporary and belong to this connection: reading a long file holds up nobody who writes.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from storage.database import Database, Row, marks

LINES_SHOWN = 20
"""Faults of one sort that are fetched, the first by line; the others are only counted."""

LOOP_SHOWN = 5
"""Grids of a loop that are named."""


class Wrong(StrEnum):
    """What can be wrong between a row and the other rows or the register."""

    REPEATED = "repeated"
    ITS_OWN_PARENT = "its own parent"
    NO_PARENT = "no parent"
    PARENT_CLOSED = "parent closed"
    CLOSED = "closed"
    SECOND_ROOT = "second root"
    LOOP = "loop"
    NO_GRID = "no grid"
    GRID_CLOSED = "grid closed"
    SAME_PERSON = "same person"
    PHONE_OF_ANOTHER = "phone of another"
    NOT_OF_THE_GRID = "not of the grid"
    NAMESAKES = "namesakes"
    TWO_ROTAS = "two rotas"
    TOO_MANY = "too many"


@dataclass(frozen=True)
class Fault:
    """`value` is what stands there, `other` what it collides with."""

    line: int
    field: str
    wrong: Wrong
    value: str = ""
    other: str = ""


@dataclass(frozen=True)
class Faults:
    first: tuple[Fault, ...]
    count: int


@dataclass(frozen=True)
class Taken:
    """How many rows of the file are new to the register, how many change it, and how many say what it knows."""

    new: int
    changed: int
    same: int


class Staging(ABC):
    """One file on its way into the register."""

    table: str
    columns: tuple[str, ...]
    found_out: tuple[str, ...] = ()
    """Columns that the file does not have, filled while it is checked."""
    indexes: tuple[str, ...]

    def __init__(self, db: Database) -> None:
        self._db = db

    async def begin(self) -> None:
        await self.end()
        columns = ", ".join(self.columns + self.found_out)
        await self._db.run(f"CREATE TEMP TABLE {self.table} (line INTEGER PRIMARY KEY, {columns})")

    async def add(self, rows: Iterable[Sequence[Any]]) -> None:
        """Rows of the line and the columns."""
        await self._db.run_many(
            f"INSERT INTO {self.table} (line, {', '.join(self.columns)}) VALUES (?, {marks(self.columns)})", rows
        )

    async def ready(self) -> None:
        """All rows are there: index them."""
        for number, columns in enumerate(self.indexes):
            await self._db.run(f"CREATE INDEX temp.{self.table}_{number} ON {self.table} ({columns})")

    async def end(self) -> None:
        await self._db.run(f"DROP TABLE IF EXISTS temp.{self.table}")

    @abstractmethod
    async def take(self) -> tuple[Taken, list[Faults]]:
        """Bring the rows into the register. With faults, the caller must roll back: part may be in already."""

    async def faults_in(self, wrong: Wrong, field: str, sql: str) -> Faults:
        """From a query of `line`, `value` and `other`."""
        rows = await self._db.all(
            f"SELECT line, value, other, count(*) OVER () AS total FROM ({sql}) ORDER BY line LIMIT {LINES_SHOWN}"
        )
        first = (Fault(row["line"], field, wrong, row["value"], str(row["other"] or "")) for row in rows)
        return Faults(tuple(first), rows[0]["total"] if rows else 0)

    async def grid_faults(self) -> list[Faults]:
        """Of rows that name a grid which the register does not have, or no longer."""
        named = f"FROM {self.table} AS i LEFT JOIN grids ON grids.code = i.grid WHERE i.grid <> ''"
        rows = "SELECT i.line, i.grid AS value, grids.name AS other"
        return [
            await self.faults_in(Wrong.NO_GRID, "grid", f"{rows} {named} AND grids.code IS NULL"),
            await self.faults_in(Wrong.GRID_CLOSED, "grid", f"{rows} {named} AND grids.closed_at IS NOT NULL"),
        ]


class GridStaging(Staging):
    table = "staged_grids"
    columns = ("code", "name", "level", "parent")
    indexes = ("code",)

    async def take(self) -> tuple[Taken, list[Faults]]:
        """What the finished tree must be is seen on the tree itself, so the rows go in first."""
        taken = await self._compare()
        faults = await self._row_faults()
        roots = [row["code"] for row in await self._roots()]
        await self._db.run(
            f"""INSERT INTO grids (code, name, level, parent)
                SELECT code, name, level, nullif(parent, '') FROM {self.table} WHERE code <> '' ORDER BY line
                ON CONFLICT (code) DO UPDATE
                SET name = excluded.name, level = excluded.level, parent = excluded.parent
                WHERE (grids.name, grids.level, coalesce(grids.parent, ''))
                   <> (excluded.name, excluded.level, coalesce(excluded.parent, ''))"""
        )
        return taken, [*faults, await self._root_faults(roots), await self._loop_faults()]

    async def _compare(self) -> Taken:
        row = await self._db.one(
            f"""SELECT count(*) AS all_rows, count(*) - count(grids.code) AS new,
                       coalesce(sum(grids.code IS NOT NULL AND (grids.name, grids.level, coalesce(grids.parent, ''))
                                                                <> (i.name, i.level, i.parent)), 0) AS changed
                FROM {self.table} AS i LEFT JOIN grids ON grids.code = i.code"""
        )
        return _taken(row)

    async def _row_faults(self) -> list[Faults]:
        above = f"""SELECT i.line, i.parent AS value, grids.name AS other FROM {self.table} AS i
                    LEFT JOIN grids ON grids.code = i.parent
                    WHERE i.parent <> '' AND i.parent <> i.code
                      AND NOT EXISTS (SELECT 1 FROM {self.table} AS o WHERE o.code = i.parent)"""
        return [
            await self.faults_in(Wrong.REPEATED, "code", repeated(self.table, "code", "i.code", "code <> ''")),
            await self.faults_in(
                Wrong.ITS_OWN_PARENT,
                "parent",
                f"SELECT line, code AS value, '' AS other FROM {self.table} WHERE code <> '' AND parent = code",
            ),
            await self.faults_in(Wrong.NO_PARENT, "parent", f"{above} AND grids.code IS NULL"),
            await self.faults_in(Wrong.PARENT_CLOSED, "parent", f"{above} AND grids.closed_at IS NOT NULL"),
            await self.faults_in(
                Wrong.CLOSED,
                "code",
                f"""SELECT i.line, i.code AS value, grids.name AS other FROM {self.table} AS i
                    JOIN grids ON grids.code = i.code WHERE grids.closed_at IS NOT NULL""",
            ),
        ]

    async def _roots(self) -> list[Row]:
        return await self._db.all(
            f"""SELECT grids.code, grids.name, i.line FROM grids LEFT JOIN {self.table} AS i ON i.code = grids.code
                WHERE grids.parent IS NULL AND grids.closed_at IS NULL ORDER BY i.line"""
        )

    async def _root_faults(self, before: Sequence[str]) -> Faults:
        """One tree has one root: the one it had, or else the first of the file."""
        roots = sorted(await self._roots(), key=lambda row: row["code"] not in before)
        second = [row for row in roots[1:] if row["line"] is not None]
        faults = [Fault(row["line"], "parent", Wrong.SECOND_ROOT, row["name"], roots[0]["name"]) for row in second]
        return Faults(tuple(faults[:LINES_SHOWN]), len(faults))

    async def _loop_faults(self) -> Faults:
        """Grids that no way leads to from a root stand in a loop, or below one; only the loops are told."""
        stray = f"""WITH RECURSIVE reached (code) AS (
                        SELECT code FROM grids WHERE parent IS NULL
                        UNION ALL SELECT grids.code FROM reached JOIN grids ON grids.parent = reached.code
                    )
                    SELECT grids.code, grids.parent, i.line FROM grids LEFT JOIN {self.table} AS i USING (code)
                    WHERE grids.code NOT IN (SELECT code FROM reached)"""
        rows = await self._db.all(stray)
        lines = {row["code"]: row["line"] for row in rows if row["line"] is not None}
        faults = [
            Fault(min(lines[code] for code in loop if code in lines), "parent", Wrong.LOOP, _told(loop))
            for loop in loops({row["code"]: row["parent"] for row in rows})
            if len(loop) > 1 and not lines.keys().isdisjoint(loop)
        ]
        return Faults(tuple(sorted(faults, key=lambda fault: fault.line)[:LINES_SHOWN]), len(faults))


class HouseholdStaging(Staging):
    table = "staged_households"
    columns = ("grid", "door", "people", "notes", "care")
    """`care` is NULL where the file has no such column: what is known of it stays."""
    indexes = ("grid, door",)

    async def take(self) -> tuple[Taken, list[Faults]]:
        again = repeated(self.table, "grid, door", "i.door", "grid <> '' AND door <> ''")
        faults = [*await self.grid_faults(), await self.faults_in(Wrong.REPEATED, "door", again)]
        taken = await self._compare()
        if not any(fault.count for fault in faults):
            await self._db.run(
                f"""INSERT INTO households (grid, door, people, notes, care)
                    SELECT i.grid, i.door, i.people, i.notes, coalesce(i.care, known.care, '')
                    FROM {self.table} AS i
                    LEFT JOIN households AS known ON known.grid = i.grid AND known.door = i.door
                    WHERE true ORDER BY line
                    ON CONFLICT (grid, door) DO UPDATE
                    SET people = excluded.people, notes = excluded.notes, care = excluded.care
                    WHERE (households.people, households.notes, households.care)
                       <> (excluded.people, excluded.notes, excluded.care)"""
            )
        return taken, faults

    async def _compare(self) -> Taken:
        row = await self._db.one(
            f"""SELECT count(*) AS all_rows, count(*) - count(known.id) AS new,
                       coalesce(sum((known.people, known.notes, known.care)
                                    <> (i.people, i.notes, coalesce(i.care, known.care))), 0) AS changed
                FROM {self.table} AS i
                LEFT JOIN households AS known ON known.grid = i.grid AND known.door = i.door"""
        )
        return _taken(row)


def repeated(table: str, key: str, value: str, where: str) -> str:
    """Every row that comes again, with the line where it came first."""
    return f"""SELECT i.line, {value} AS value, first.line AS other
               FROM (SELECT {key}, min(line) AS line FROM {table} WHERE {where} GROUP BY {key} HAVING count(*) > 1)
                    AS first
               JOIN {table} AS i USING ({key}) WHERE i.line > first.line"""


def _taken(row: Row | None) -> Taken:
    assert row  # noqa: S101
    return Taken(row["new"], row["changed"], row["all_rows"] - row["new"] - row["changed"])


def loops(parents: dict[str, str]) -> list[list[str]]:
    """The loops among these, each once, from child to parent; a grid whose parent is not among them ends its way."""
    found: list[list[str]] = []
    seen: set[str] = set()
    for start in parents:
        way: dict[str, int] = {}
        code = start
        while code in parents and code not in seen:
            seen.add(code)
            way[code] = len(way)
            code = parents[code]
        if code in way:
            found.append(list(way)[way[code] :])
    return found


def _told(loop: Sequence[str]) -> str:
    shown = [*loop[:LOOP_SHOWN], *(["…"] if len(loop) > LOOP_SHOWN else []), loop[0]]
    return " → ".join(shown)
