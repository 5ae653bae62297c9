"""How far a sweep has come, for every grid from the squads up: counted where an answer climbs, never anew."""

from collections.abc import Collection, Sequence
from datetime import datetime

from domain.sweep import Count, Tally
from storage.database import Database, Row, marks, maybe_moment, stamp
from storage.roll_ups import SOON

_UP = """
WITH RECURSIVE up (grid, parent) AS (
    SELECT grid, parent FROM sweep_counts WHERE sweep = ? AND grid = ?
    UNION
    SELECT counts.grid, counts.parent FROM up
    JOIN sweep_counts AS counts ON counts.grid = up.parent AND counts.sweep = ?
)
"""

_COUNT = "SELECT counts.*, grids.name FROM sweep_counts AS counts JOIN grids ON grids.code = counts.grid"

_SILENT = "counts.asks = 1 AND counts.began_at IS NULL AND counts.done < counts.total"
"""A squad whose leader has not begun."""


class SweepCounts:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def begin(self, sweep: int, grid: str, top: str, now: datetime) -> None:
        """What is to be asked below `grid`, by each grid from the squads up to `top`."""
        await self._db.run(
            """INSERT INTO sweep_counts (sweep, grid, parent, total, squads, asks, free_at)
               WITH RECURSIVE below (code) AS (
                   SELECT CAST(? AS TEXT)
                   UNION SELECT grids.code FROM below JOIN grids ON grids.parent = below.code AND closed_at IS NULL
               ), up (code, total, asks) AS (
                   SELECT code, count(*), 1 FROM below JOIN households ON households.grid = code GROUP BY code
                   UNION ALL
                   SELECT grids.parent, up.total, 0 FROM up JOIN grids ON grids.code = up.code
                   WHERE grids.parent IS NOT NULL AND up.code <> ?
               )
               SELECT CAST(? AS INTEGER), up.code, CASE WHEN up.code = ? THEN NULL ELSE grids.parent END,
                      sum(up.total), count(*), max(up.asks), CAST(? AS TEXT)
               FROM up JOIN grids ON grids.code = up.code GROUP BY up.code, grids.parent""",
            grid,
            top,
            sweep,
            top,
            stamp(now),
        )
        await self._db.run(
            """UPDATE sweep_counts SET alike = (SELECT count(*) FROM sweep_counts WHERE sweep = ? AND squads > asks)
               WHERE sweep = ? AND squads > asks AND parent IS NOT NULL""",
            sweep,
            sweep,
        )

    async def ask_too(self, sweep: int, grid: str, now: datetime) -> None:
        """A squad that a household of this sweep moved to: it asks, and nothing is counted there."""
        await self._db.run(
            """INSERT INTO sweep_counts (sweep, grid, parent, total, squads, asks, began_at, begun, free_at)
               VALUES (?, ?, NULL, 0, 1, 1, ?, 1, ?) ON CONFLICT DO NOTHING""",
            sweep,
            grid,
            stamp(now),
            stamp(now),
        )

    async def add(
        self, count: Count, change: Tally, now: datetime, *, begins: bool = False, aloud: bool = True
    ) -> None:
        """What an answer in this squad changes, up to the top. `begins`: its leader had not begun before; `aloud`: its
        own checklist does not show it yet."""
        await self._db.run(
            f"""{_UP} UPDATE sweep_counts SET done = done + ?, help = help + ?, unreached = unreached + ?,
                    begun = begun + ?, began_at = CASE WHEN id = ? AND ? = 1 THEN ? ELSE began_at END,
                    due_at = CASE WHEN id = ? AND ? = 0 THEN due_at ELSE {SOON.removeprefix("due_at = ")} END
                WHERE sweep = ? AND grid IN (SELECT grid FROM up)""",
            *(count.sweep, count.grid, count.sweep),
            *(change.done, change.help, change.unreached, int(begins)),
            *(count.id, int(begins), stamp(now)),
            *(count.id, int(aloud or count.squads > 1), *(stamp(now),) * 3),
            count.sweep,
        )

    async def grow(self, count: Count, doors: int) -> None:
        """The register changed between the count and the first question."""
        await self._db.run(
            f"{_UP} UPDATE sweep_counts SET total = total + ? WHERE sweep = ? AND grid IN (SELECT grid FROM up)",
            *(count.sweep, count.grid, count.sweep),
            doors,
            count.sweep,
        )

    # -- how it is shown -----------------------------------------------------------------------------------------

    async def show(self, count: Count, now: datetime) -> None:
        await self._db.run(f"UPDATE sweep_counts SET {SOON} WHERE id = ?", *(stamp(now),) * 3, count.id)

    async def show_all(self, sweep: int, now: datetime, *, squads: bool) -> None:
        """Every card of it, as soon as it may; with `squads`, the checklists too."""
        await self._db.run(
            f"""UPDATE sweep_counts SET {SOON}
                WHERE sweep = ? AND (CAST(? AS INTEGER) = 1 OR squads > asks OR parent IS NULL)""",
            *(stamp(now),) * 3,
            sweep,
            int(squads),
        )

    async def shown(self, count: Count, free_at: datetime) -> None:
        await self._db.run("UPDATE sweep_counts SET due_at = NULL, free_at = ? WHERE id = ?", stamp(free_at), count.id)

    async def look(self, count: Count, household: int | None) -> None:
        await self._db.run("UPDATE sweep_counts SET looks_at = ? WHERE id = ?", household, count.id)

    async def renew(self, count: Count) -> int:
        """Its checklist is to stand at the end of the talk again: under a new name, which is returned."""
        row = await self._db.one("UPDATE sweep_counts SET round = round + 1 WHERE id = ? RETURNING round", count.id)
        assert row  # noqa: S101
        return int(row["round"])

    async def leave_vacant(self, counts: Sequence[Count], vacant: bool = True) -> None:
        await self._db.run(
            f"UPDATE sweep_counts SET vacant = ? WHERE id IN ({marks(counts)})",
            int(vacant),
            *(one.id for one in counts),
        )

    # -- what is where -------------------------------------------------------------------------------------------

    async def get(self, number: int) -> Count | None:
        return await self._one("counts.id = ?", number)

    async def of(self, sweep: int, grid: str) -> Count | None:
        return await self._one("counts.sweep = ? AND counts.grid = ?", sweep, grid)

    async def top(self, sweep: int) -> Count | None:
        """The whole of it; a squad that only asks too has no doors of its own."""
        return await self._one("counts.sweep = ? AND counts.parent IS NULL AND counts.total > 0", sweep)

    async def children(self, count: Count) -> list[Count]:
        return await self._all("counts.sweep = ? AND counts.parent = ?", count.sweep, count.grid)

    async def asking(self, sweep: int, grids: Sequence[str]) -> list[Count]:
        return await self._all(
            f"counts.sweep = ? AND counts.asks = 1 AND counts.grid IN ({marks(grids)})", sweep, *grids
        )

    async def page(self, sweep: int, after: str, most: int, *, silent: bool) -> list[Count]:
        """The next grids that ask doors; with `silent`, those that have not begun."""
        where = _SILENT if silent else "counts.asks = 1"
        return await self._all(f"counts.sweep = ? AND {where} AND counts.grid > ?", sweep, after, most=most)

    async def late(self, sweep: int, most: int) -> list[Count]:
        """Squads that are not through, in the order of their codes."""
        return await self._all("counts.sweep = ? AND counts.asks = 1 AND counts.done < counts.total", sweep, most=most)

    async def above_silent(self, sweep: int, after: str, most: int) -> list[str]:
        """The next grids right above squads that have not begun; a squad at the top is its own."""
        rows = await self._db.all(
            f"""SELECT DISTINCT coalesce(counts.parent, counts.grid) AS above FROM sweep_counts AS counts
                WHERE counts.sweep = ? AND {_SILENT} AND coalesce(counts.parent, counts.grid) > ?
                ORDER BY above LIMIT ?""",
            sweep,
            after,
            most,
        )
        return [row["above"] for row in rows]

    async def running_in(self, grids: Collection[str]) -> list[Count]:
        """How far those that run have come in each of these grids; of drills, and of what is through, nothing."""
        return await self._all(
            f"""counts.sweep IN (SELECT id FROM sweeps WHERE state IN ('open', 'paused') AND drill = 0)
                AND counts.done < counts.total AND counts.grid IN ({marks(list(grids))})""",
            *grids,
        )

    async def silent_in(self, sweep: int, above: str) -> list[Count]:
        return await self._all(
            f"counts.sweep = ? AND {_SILENT} AND coalesce(counts.parent, counts.grid) = ?", sweep, above
        )

    async def _one(self, where: str, *parameters: object) -> Count | None:
        rows = await self._all(where, *parameters, most=1)
        return rows[0] if rows else None

    async def _all(self, where: str, *parameters: object, most: int = -1) -> list[Count]:
        limit = f" LIMIT {int(most)}" if most >= 0 else ""
        rows = await self._db.all(f"{_COUNT} WHERE {where} ORDER BY counts.grid{limit}", *parameters)
        return [_count(row) for row in rows]


def _count(row: Row) -> Count:
    return Count(
        id=row["id"],
        sweep=row["sweep"],
        grid=row["grid"],
        name=row["name"],
        parent=row["parent"],
        total=row["total"],
        done=row["done"],
        help=row["help"],
        unreached=row["unreached"],
        squads=row["squads"],
        begun=row["begun"],
        asks=bool(row["asks"]),
        vacant=bool(row["vacant"]),
        began_at=maybe_moment(row["began_at"]),
        looks_at=row["looks_at"],
        round=row["round"],
        alike=row["alike"],
    )
