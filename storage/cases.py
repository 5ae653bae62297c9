"""Cases and their logs. Saving writes the state and its log lines together, or refuses both."""

import json
from dataclasses import dataclass, replace
from datetime import datetime

from domain.case import OPEN, Case, Entry, Event, Rating, State
from domain.chat import ChatId, Due, Location, Photo
from domain.people import PersonId, Who
from storage.database import Database, Row, marks, maybe_moment, maybe_stamp, moment, stamp

_CASE = """
SELECT cases.*, reporters.name AS reporter_name, responders.name AS responder_name FROM cases
LEFT JOIN people AS reporters ON reporters.id = cases.reporter
LEFT JOIN people AS responders ON responders.id = cases.responder
"""
_OPEN = ", ".join(f"'{state.value}'" for state in sorted(OPEN))


class Stale(Exception):  # noqa: N818 -- the row moved on
    """Somebody else changed the case between the load and the save."""


@dataclass(frozen=True)
class Logged:
    """A line of the log as it is read back, with names to show."""

    at: datetime
    event: Event
    who: str
    grid: str
    detail: str


class Cases:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def get(self, number: int) -> Case | None:
        row = await self._db.one(f"{_CASE} WHERE cases.id = ?", number)
        return _case(row) if row else None

    async def add(self, case: Case) -> Case:
        """The case with its number."""
        row = await self._db.one(
            """INSERT INTO cases (kind, state, origin, grid, text, photos, latitude, longitude, reporter,
                                  reported_channel, reported_chat, report_message, reported_at, due_at)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id""",
            case.kind,
            case.state.value,
            case.origin,
            case.grid,
            case.text,
            json.dumps([[p.channel, p.file_id] for p in case.photos]),
            case.location.latitude if case.location else None,
            case.location.longitude if case.location else None,
            case.reporter.id if case.reporter else None,
            *case.reported_in,
            case.report_message,
            stamp(case.reported_at),
            maybe_stamp(case.due_at),
        )
        assert row  # noqa: S101
        await self._log(row["id"], case.news)
        return replace(case, id=row["id"], version=1, news=())

    async def save(self, case: Case) -> Case:
        """Write what changed and its log lines; Stale where the row moved on since it was loaded."""
        saved = await self._db.all(
            """UPDATE cases SET state = ?, grid = ?, responder = ?, due_at = ?, reminded = ?, stalled = ?,
                                outcome = ?, rating = ?, merged_into = ?, version = version + 1
               WHERE id = ? AND version = ? RETURNING version""",
            case.state.value,
            case.grid,
            case.responder.id if case.responder else None,
            maybe_stamp(case.due_at),
            case.reminded,
            int(case.stalled),
            case.outcome,
            case.rating.value if case.rating else None,
            case.merged_into,
            case.id,
            case.version,
        )
        if not saved:
            raise Stale(case.number)
        await self._log(case.id, case.news)
        return replace(case, version=saved[0]["version"], news=())

    async def _log(self, number: int, entries: tuple[Entry, ...]) -> None:
        await self._db.run_many(
            "INSERT INTO case_log (case_id, at, event, person, grid, detail) VALUES (?, ?, ?, ?, ?, ?)",
            [(number, stamp(e.at), e.event.value, e.by.id if e.by else None, e.grid, e.detail) for e in entries],
        )

    async def log(self, number: int) -> list[Logged]:
        rows = await self._db.all(
            """SELECT case_log.*, people.name AS who, grids.name AS grid_name FROM case_log
               LEFT JOIN people ON people.id = case_log.person LEFT JOIN grids ON grids.code = case_log.grid
               WHERE case_id = ? ORDER BY case_log.id""",
            number,
        )
        return [
            Logged(
                moment(row["at"]),
                Event(row["event"]),
                row["who"] or "",
                row["grid_name"] or "",
                row["detail"],
            )
            for row in rows
        ]

    async def due(self, now: datetime, limit: int) -> list[Due]:
        """The cases whose promise lapsed, the oldest first: one look into a partial index."""
        rows = await self._db.all(
            """SELECT id, due_at FROM cases WHERE due_at IS NOT NULL AND due_at <= ?
               ORDER BY due_at, id LIMIT ?""",
            stamp(now),
            limit,
        )
        return [Due("case", row["id"], moment(row["due_at"])) for row in rows]

    async def postpone(self, number: int, until: datetime) -> None:
        """A case that the clock stumbles over waits, so that it cannot stop the others."""
        await self._db.run("UPDATE cases SET due_at = ? WHERE id = ?", stamp(until), number)

    async def open_of(self, reporter: PersonId, limit: int = 10) -> list[Case]:
        return await self._open("cases.reporter = ?", (reporter,), limit)

    async def open_at(self, grids: tuple[str, ...], limit: int = 10) -> list[Case]:
        """The open cases that these grids answer for now, the most urgent clock first."""
        return await self._open(f"cases.grid IN ({marks(grids)})", grids, limit)

    async def owed_at(self, grid: str) -> list[Case]:
        """Every case of this grid with a promise still running."""
        rows = await self._db.all(f"{_CASE} WHERE cases.grid = ? AND cases.due_at IS NOT NULL ORDER BY cases.id", grid)
        return [_case(row) for row in rows]

    async def merged_into(self, number: int) -> list[Case]:
        rows = await self._db.all(f"{_CASE} WHERE cases.merged_into = ? ORDER BY cases.id", number)
        return [_case(row) for row in rows]

    async def _open(self, where: str, parameters: tuple[object, ...], limit: int) -> list[Case]:
        rows = await self._db.all(
            f"{_CASE} WHERE {where} AND cases.state IN ({_OPEN}) ORDER BY cases.due_at, cases.id LIMIT ?",
            *parameters,
            limit,
        )
        return [_case(row) for row in rows]


def _case(row: Row) -> Case:
    return Case(
        id=row["id"],
        kind=row["kind"],
        state=State(row["state"]),
        origin=row["origin"],
        grid=row["grid"],
        text=row["text"],
        photos=tuple(Photo(channel, file_id) for channel, file_id in json.loads(row["photos"])),
        location=None if row["latitude"] is None else Location(row["latitude"], row["longitude"]),
        reporter=_who(row["reporter"], row["reporter_name"]),
        reported_in=ChatId(row["reported_channel"], row["reported_chat"]),
        report_message=row["report_message"],
        reported_at=moment(row["reported_at"]),
        responder=_who(row["responder"], row["responder_name"]),
        due_at=maybe_moment(row["due_at"]),
        reminded=row["reminded"],
        stalled=bool(row["stalled"]),
        outcome=row["outcome"],
        rating=Rating(row["rating"]) if row["rating"] else None,
        merged_into=row["merged_into"],
        version=row["version"],
    )


def _who(person: PersonId | None, name: str | None) -> Who | None:
    return None if person is None else Who(person, name or "")
