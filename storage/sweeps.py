"""摸排: which sweeps there are, and everything that was said and done in them."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from domain.people import PersonId, Who
from domain.survey import Choice, Means, Survey
from domain.sweep import Entry, State, Step, Sweep
from storage.cases import Stale
from storage.database import Database, Row, marks, maybe_moment, maybe_stamp, moment, stamp

NEWEST = 20
"""Sweeps in one list."""

_SWEEP = """
SELECT sweeps.*, authors.name AS author_name, holders.name AS holder_name FROM sweeps
JOIN people AS authors ON authors.id = sweeps.author JOIN people AS holders ON holders.id = sweeps.holder
"""


@dataclass(frozen=True)
class Extent:
    """Whom a sweep of a grid asks; `without` counts the lowest grids there whose doors nobody registered."""

    squads: int
    households: int
    cared_for: int
    without: int


class Sweeps:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def get(self, number: int) -> Sweep | None:
        row = await self._db.one(f"{_SWEEP} WHERE sweeps.id = ?", number)
        return _sweep(row) if row else None

    async def asking(self, grids: Sequence[str]) -> list[Sweep]:
        """Those that ask doors in one of these grids, the newest first."""
        rows = await self._db.all(
            f"""{_SWEEP} WHERE sweeps.state IN ('open', 'paused') AND EXISTS (
                    SELECT 1 FROM sweep_counts AS counts WHERE counts.sweep = sweeps.id
                    AND counts.grid IN ({marks(grids)}) AND counts.asks = 1)
                ORDER BY sweeps.id DESC LIMIT ?""",
            *grids,
            NEWEST,
        )
        return [_sweep(row) for row in rows]

    async def touching(self, grids: Sequence[str]) -> list[Sweep]:
        """Those of these grids, of grids below them, and of grids above them that reach them, the newest first."""
        rows = await self._db.all(
            f"""WITH RECURSIVE up (sweep, code) AS (
                    SELECT id, grid FROM sweeps WHERE state IN ('open', 'paused')
                    UNION SELECT up.sweep, grids.parent FROM up JOIN grids ON grids.code = up.code
                    WHERE grids.parent IS NOT NULL
                )
                {_SWEEP} WHERE sweeps.state IN ('open', 'paused')
                AND (sweeps.id IN (SELECT sweep FROM up WHERE code IN ({marks(grids)})) OR EXISTS (
                    SELECT 1 FROM sweep_counts AS counts WHERE counts.sweep = sweeps.id
                    AND counts.grid IN ({marks(grids)})))
                ORDER BY sweeps.id DESC LIMIT ?""",
            *grids,
            *grids,
            NEWEST,
        )
        return [_sweep(row) for row in rows]

    async def running_for(self, household: int) -> list[Sweep]:
        """Those that ask this household, the newest first."""
        rows = await self._db.all(
            f"""{_SWEEP} JOIN sweep_households AS asked ON asked.sweep = sweeps.id
                WHERE asked.household = ? AND sweeps.state IN ('open', 'paused') ORDER BY sweeps.id DESC LIMIT ?""",
            household,
            NEWEST,
        )
        return [_sweep(row) for row in rows]

    async def extent(self, grid: str) -> Extent:
        row = await self._db.one(
            """WITH RECURSIVE below (code) AS (
                   SELECT CAST(? AS TEXT)
                   UNION SELECT grids.code FROM below JOIN grids ON grids.parent = below.code AND closed_at IS NULL
               ), doors (code, doors, cared) AS (
                   SELECT below.code, count(households.id), count(nullif(households.care, ''))
                   FROM below LEFT JOIN households ON households.grid = below.code GROUP BY below.code
               )
               SELECT count(nullif(doors, 0)) AS squads, sum(doors) AS doors, sum(cared) AS cared,
                      count(CASE WHEN doors = 0 AND NOT EXISTS (
                          SELECT 1 FROM grids WHERE parent = doors.code AND closed_at IS NULL) THEN 1 END) AS without
               FROM doors""",
            grid,
        )
        assert row  # noqa: S101
        return Extent(row["squads"], row["doors"], row["cared"], row["without"])

    async def add(self, sweep: Sweep) -> Sweep:
        row = await self._db.one(
            """INSERT INTO sweeps (state, grid, asked, author, holder, drill, repeats, created_at, closes_at, due_at)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id""",
            sweep.state.value,
            sweep.grid,
            json.dumps(asdict(sweep.survey), ensure_ascii=False),
            sweep.author.id,
            sweep.holder.id,
            int(sweep.drill),
            sweep.repeats,
            stamp(sweep.created_at),
            stamp(sweep.closes_at),
            maybe_stamp(sweep.due_at),
        )
        assert row  # noqa: S101
        return replace(sweep, id=row["id"], version=1)

    async def save(self, sweep: Sweep) -> Sweep:
        """Stale where the row moved on since it was loaded."""
        saved = await self._db.one(
            """UPDATE sweeps SET state = ?, holder = ?, closes_at = ?, began_at = ?, paused_at = ?, ended_at = ?,
                                 step = ?, done_to = ?, due_at = ?, version = version + 1
               WHERE id = ? AND version = ? RETURNING version""",
            sweep.state.value,
            sweep.holder.id,
            stamp(sweep.closes_at),
            maybe_stamp(sweep.began_at),
            maybe_stamp(sweep.paused_at),
            maybe_stamp(sweep.ended_at),
            sweep.step.value,
            sweep.done_to,
            maybe_stamp(sweep.due_at),
            sweep.id,
            sweep.version,
        )
        if saved is None:
            raise Stale(sweep.number)
        return replace(sweep, version=saved["version"])

    # -- what is remembered of it for ever -----------------------------------------------------------------------

    async def log(self, sweep: int, what: str, by: PersonId | None, now: datetime, words: str = "") -> None:
        await self._db.run(
            "INSERT INTO sweep_log (sweep, person, what, words, at) VALUES (?, ?, ?, ?, ?)",
            sweep,
            by,
            what,
            words,
            stamp(now),
        )

    async def log_answer(self, sweep: int, entry: Entry, by: PersonId, now: datetime) -> None:
        await self._db.run(
            """INSERT INTO sweep_log (sweep, household, person, what, number, words, self_reported, at)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
            sweep,
            entry.household,
            by,
            entry.answer,
            entry.number,
            entry.note,
            int(entry.self_reported),
            stamp(now),
        )

    async def phones(self, people: Iterable[PersonId]) -> dict[PersonId, str]:
        wanted = list(people)
        rows = await self._db.all(
            f"SELECT id, phone FROM people WHERE phone IS NOT NULL AND id IN ({marks(wanted)})", *wanted
        )
        return {row["id"]: row["phone"] for row in rows}


def _sweep(row: Row) -> Sweep:
    return Sweep(
        grid=row["grid"],
        survey=_survey(json.loads(row["asked"])),
        author=Who(row["author"], row["author_name"]),
        holder=Who(row["holder"], row["holder_name"]),
        created_at=moment(row["created_at"]),
        closes_at=moment(row["closes_at"]),
        id=row["id"],
        state=State(row["state"]),
        drill=bool(row["drill"]),
        repeats=row["repeats"],
        began_at=maybe_moment(row["began_at"]),
        paused_at=maybe_moment(row["paused_at"]),
        ended_at=maybe_moment(row["ended_at"]),
        step=Step(row["step"]),
        done_to=row["done_to"],
        due_at=maybe_moment(row["due_at"]),
        version=row["version"],
    )


def _survey(kept: dict[str, Any]) -> Survey:
    choices = tuple(
        Choice(**{**one, "means": Means(one["means"]), "also": tuple(one["also"])}) for one in kept["choices"]
    )
    return Survey(**{**kept, "choices": choices, "also": tuple(kept["also"])})
