"""How the reports below a grid went, read from the cases and their logs; the three rates are counted from it."""

from datetime import datetime

from domain.case import OPEN, Rating, State
from domain.log import Event
from domain.rates import Course
from storage.database import Database, Row, maybe_moment, moment, stamp

_TAKEN = ", ".join(f"'{event.value}'" for event in (Event.ACKNOWLEDGED, Event.ASSIGNED, Event.RESOLVED))

_COURSES = f"""
WITH RECURSIVE below (code, branch, depth) AS (
    SELECT CAST(? AS TEXT), CAST(NULL AS TEXT), 0
    UNION ALL
    SELECT grids.code, coalesce(below.branch, grids.code), below.depth + 1
    FROM below JOIN grids ON grids.parent = below.code WHERE below.depth < 50
), reports AS (
    SELECT cases.id, cases.kind, cases.reporter, cases.reported_at, cases.rating, below.branch
    FROM below JOIN cases ON cases.origin = below.code
    WHERE cases.reported_at >= ? AND cases.reported_at < ? AND cases.state <> 'cancelled'
      AND (cases.reporter IS NOT NULL
           OR NOT EXISTS (SELECT 1 FROM cases AS joined WHERE joined.merged_into = cases.id))
), followed (id, head, hops) AS (
    SELECT id, id, 0 FROM reports
    UNION ALL
    SELECT followed.id, cases.merged_into, followed.hops + 1
    FROM followed JOIN cases ON cases.id = followed.head WHERE cases.merged_into IS NOT NULL AND followed.hops < 50
)
SELECT reports.*, heads.state AS state, (
    SELECT min(case_log.at) FROM case_log
    WHERE case_log.case_id IN (reports.id, heads.id) AND case_log.event IN ({_TAKEN})
) AS taken_at
FROM reports JOIN followed ON followed.id = reports.id
JOIN cases AS heads ON heads.id = followed.head AND heads.merged_into IS NULL
ORDER BY reports.id
"""
"""A report that joined another (并案) goes the way of the case it joined. A case that nobody reported and that only
gathers others is none. The depths bound what a cycle, which nothing lets in, could cost."""


class Courses:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def below(self, grid: str, since: datetime, until: datetime) -> list[Course]:
        """Every report made in this grid and all below it from `since` on and before `until`."""
        rows = await self._db.all(_COURSES, grid, stamp(since), stamp(until))
        return [_course(row) for row in rows]


def _course(row: Row) -> Course:
    return Course(
        row["branch"],
        row["kind"],
        moment(row["reported_at"]),
        maybe_moment(row["taken_at"]),
        State(row["state"]) in OPEN,
        row["reporter"] is not None,
        Rating(row["rating"]) if row["rating"] else None,
    )
