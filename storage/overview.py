"""一张图: what is not settled in each part of a grid, owed there, and asked from door to door, in one look each."""

from collections.abc import Sequence

from domain.case import OPEN, WAITING, State
from domain.overview import Trouble
from storage.database import Database, marks

_OPEN, _WAITING = (", ".join(f"'{state.value}'" for state in sorted(states)) for states in (OPEN, WAITING))

_TROUBLES = f"""
WITH RECURSIVE alive (id, origin, kind, danger, gathered, state) AS (
    SELECT id, origin, kind, danger, gathered, state FROM cases WHERE due_at IS NOT NULL AND state IN ({_OPEN})
    UNION ALL
    SELECT cases.id, cases.origin, cases.kind, cases.danger, cases.gathered, alive.state
    FROM alive JOIN cases ON cases.merged_into = alive.id WHERE cases.state = '{State.MERGED.value}'
), up (origin, code, branch, depth) AS (
    SELECT origin, origin, CAST(NULL AS TEXT), 0 FROM (SELECT DISTINCT origin FROM alive) AS origins
    UNION ALL
    SELECT up.origin, grids.parent, up.code, up.depth + 1 FROM up JOIN grids ON grids.code = up.code
    WHERE grids.parent IS NOT NULL AND up.code <> ? AND up.depth < 50
)
SELECT up.branch, alive.kind, alive.danger, alive.state IN ({_WAITING}) AS waiting, count(*) AS count
FROM up JOIN alive ON alive.origin = up.origin WHERE up.code = ? AND alive.gathered = 0
GROUP BY up.branch, alive.kind, alive.danger, alive.state IN ({_WAITING})
"""
"""From the open reports upwards: they are fewer than the grids below a county. One that joined another goes the way
of the case it joined; a case that only gathers others is none."""


class Overview:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def troubles(self, grid: str) -> list[Trouble]:
        """Everything reported in this grid or below it that is not settled; `branch` is None for the grid itself."""
        rows = await self._db.all(_TROUBLES, grid, grid)
        return [
            Trouble(row["branch"], row["kind"], bool(row["danger"]), bool(row["waiting"]), row["count"]) for row in rows
        ]

    async def doors(self, grids: Sequence[str]) -> tuple[int, dict[str, tuple[int, int]]] | None:
        """The sweep that asks most doors of these now, the newest of several; how many were asked, and are to be."""
        rows = await self._db.all(
            f"""SELECT counts.sweep, counts.grid, counts.done, counts.total,
                       sum(counts.total) OVER (PARTITION BY counts.sweep) AS whole FROM sweeps
                JOIN sweep_counts AS counts ON counts.sweep = sweeps.id AND counts.grid IN ({marks(grids)})
                WHERE sweeps.state IN ('open', 'paused') AND sweeps.drill = 0 AND counts.total > 0
                ORDER BY whole DESC, counts.sweep DESC""",
            *grids,
        )
        largest = next((int(row["sweep"]) for row in rows), None)
        if largest is None:
            return None
        return largest, {row["grid"]: (row["done"], row["total"]) for row in rows if row["sweep"] == largest}

    async def receipts(self, grids: Sequence[str]) -> tuple[int, dict[str, tuple[int, int]]] | None:
        """The newest warning or notice in force that one of these owes receipts of; how many came, and are owed."""
        rows = await self._db.all(
            f"""SELECT roll_ups.broadcast, roll_ups.grid, roll_ups.got, roll_ups.owed FROM broadcasts
                JOIN roll_ups ON roll_ups.broadcast = broadcasts.id AND roll_ups.grid IN ({marks(grids)})
                WHERE broadcasts.stage = 'sent' AND broadcasts.sort <> 'drill'
                ORDER BY broadcasts.sent_at DESC, broadcasts.id DESC""",
            *grids,
        )
        newest = next((int(row["broadcast"]) for row in rows), None)
        if newest is None:
            return None
        return newest, {row["grid"]: (row["got"], row["owed"]) for row in rows if row["broadcast"] == newest}
