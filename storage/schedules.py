"""定时: what is to come by itself, and when."""

import json
from dataclasses import replace
from datetime import date, timedelta

from domain.cron import restored
from domain.people import PersonId, Who
from domain.schedule import Schedule, State
from domain.stages import Receipts
from storage.cases import Stale
from storage.database import Database, Row, maybe_moment, maybe_stamp, moment, stamp

MOST_OPEN = 500
"""Schedules that a list looks through, the newest first."""

_SCHEDULE = """
SELECT schedules.*, people.name AS author_name FROM schedules JOIN people ON people.id = schedules.author
"""


class Schedules:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def get(self, number: int) -> Schedule | None:
        row = await self._db.one(f"{_SCHEDULE} WHERE schedules.id = ?", number)
        return _schedule(row) if row else None

    async def open(self) -> list[Schedule]:
        """Those that are set or paused."""
        rows = await self._db.all(
            f"{_SCHEDULE} WHERE state IN ('active', 'paused') ORDER BY schedules.id DESC LIMIT ?", MOST_OPEN
        )
        return [_schedule(row) for row in rows]

    async def count_of(self, author: PersonId) -> int:
        """How many somebody has that are not over, half written ones among them."""
        row = await self._db.one("SELECT count(*) AS n FROM schedules WHERE author = ? AND state <> 'ended'", author)
        return int(row["n"]) if row else 0

    async def add(self, schedule: Schedule) -> Schedule:
        row = await self._db.one(
            """INSERT INTO schedules (state, author, rule, area, text, receipts, until, grace, created_at, due_at)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id""",
            schedule.state.value,
            schedule.author.id,
            *_said(schedule),
            stamp(schedule.created_at),
            maybe_stamp(schedule.due_at),
        )
        assert row  # noqa: S101
        return replace(schedule, id=row["id"], version=1)

    async def save(self, schedule: Schedule) -> Schedule:
        """Stale where the row moved on since it was loaded."""
        saved = await self._db.one(
            """UPDATE schedules SET state = ?, author = ?, rule = ?, area = ?, text = ?, receipts = ?, until = ?,
                                    grace = ?, due_at = ?, last_at = ?, version = version + 1
               WHERE id = ? AND version = ? RETURNING version""",
            schedule.state.value,
            schedule.author.id,
            *_said(schedule),
            maybe_stamp(schedule.due_at),
            maybe_stamp(schedule.last_at),
            schedule.id,
            schedule.version,
        )
        if saved is None:
            raise Stale(schedule.number)
        return replace(schedule, version=saved["version"])


def _said(schedule: Schedule) -> tuple[object, ...]:
    """From `rule` to `grace`, as both statements have them."""
    return (
        schedule.recurrence.stored if schedule.recurrence else "",
        json.dumps(schedule.area),
        schedule.text,
        schedule.receipts.value,
        schedule.until.isoformat() if schedule.until else None,
        int(schedule.grace.total_seconds()),
    )


def _schedule(row: Row) -> Schedule:
    return Schedule(
        author=Who(row["author"], row["author_name"]),
        created_at=moment(row["created_at"]),
        id=row["id"],
        state=State(row["state"]),
        recurrence=restored(row["rule"]) if row["rule"] else None,
        area=tuple(json.loads(row["area"])),
        text=row["text"],
        receipts=Receipts(row["receipts"]),
        until=date.fromisoformat(row["until"]) if row["until"] else None,
        grace=timedelta(seconds=row["grace"]),
        due_at=maybe_moment(row["due_at"]),
        last_at=maybe_moment(row["last_at"]),
        version=row["version"],
    )
