"""平安: who is asked every day, how today stands, and what was heard of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import time

from domain.checkin import CheckIn, Contact, Entry, State
from domain.people import PersonId, Who
from storage.cases import Stale
from storage.database import Database, Row, marks, maybe_moment, maybe_stamp, stamp

MOST_LISTED = 50
"""Of one grid: as many as somebody reads."""

_CHECKIN = """
SELECT checkins.*, authors.name AS author_name, goers.name AS goer_name, people.phone FROM checkins
JOIN people AS authors ON authors.id = checkins.author
LEFT JOIN people AS goers ON goers.id = checkins.goer
LEFT JOIN people ON people.id = checkins.person
"""

_BELOW = """
WITH RECURSIVE below (code) AS (
    SELECT code FROM grids WHERE code IN ({tops})
    UNION SELECT grids.code FROM below JOIN grids ON grids.parent = below.code
)
"""


class CheckIns:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def get(self, number: int) -> CheckIn | None:
        row = await self._db.one(f"{_CHECKIN} WHERE checkins.id = ?", number)
        return _checkin(row) if row else None

    async def of(self, person: PersonId) -> CheckIn | None:
        """The one of this person that is not over."""
        row = await self._db.one(
            f"{_CHECKIN} WHERE checkins.person = ? AND due_at IS NOT NULL ORDER BY checkins.id DESC LIMIT 1", person
        )
        return _checkin(row) if row else None

    async def below(self, grids: Sequence[str]) -> list[CheckIn]:
        """Those of these grids and of all below them that are not over."""
        rows = await self._db.all(
            f"""{_BELOW.format(tops=marks(grids))} {_CHECKIN} JOIN below ON below.code = checkins.grid
                WHERE due_at IS NOT NULL ORDER BY checkins.grid, checkins.hour, checkins.id LIMIT ?""",
            *grids,
            MOST_LISTED,
        )
        return [_checkin(row) for row in rows]

    async def neighbours(self, name: str, grids: Sequence[str]) -> list[tuple[PersonId, str]]:
        """Everybody of this name who lives in these grids or below them, with their grid; met by the bot or not."""
        rows = await self._db.all(
            f"""{_BELOW.format(tops=marks(grids))} SELECT DISTINCT people.id, appointments.grid FROM below
                JOIN appointments ON appointments.grid = below.code AND appointments.role = 'resident'
                JOIN people ON people.id = appointments.person
                WHERE people.name = ? ORDER BY people.id, appointments.grid LIMIT ?""",
            *grids,
            name,
            MOST_LISTED,
        )
        return [(row["id"], row["grid"]) for row in rows]

    async def with_phone(self, phone: str) -> Who | None:
        row = await self._db.one("SELECT id, name FROM people WHERE phone = ?", phone)
        return Who(row["id"], row["name"]) if row else None

    async def add(self, checkin: CheckIn) -> CheckIn:
        row = await self._db.one(
            """INSERT INTO checkins (name, person, grid, hour, author, contact, contact_name, contact_phone, state,
                                     asked_at, reached, goer, due_at)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id""",
            *_fields(checkin),
        )
        assert row  # noqa: S101
        await self._log(row["id"], checkin.news)
        return replace(checkin, id=row["id"], version=1, news=())

    async def save(self, checkin: CheckIn) -> CheckIn:
        """With its log lines; Stale where the row moved on since it was loaded."""
        saved = await self._db.one(
            """UPDATE checkins SET name = ?, person = ?, grid = ?, hour = ?, author = ?, contact = ?, contact_name = ?,
                                   contact_phone = ?, state = ?, asked_at = ?, reached = ?, goer = ?, due_at = ?,
                                   version = version + 1
               WHERE id = ? AND version = ? RETURNING version""",
            *_fields(checkin),
            checkin.id,
            checkin.version,
        )
        if saved is None:
            raise Stale(checkin.name)
        await self._log(checkin.id, checkin.news)
        return replace(checkin, version=saved["version"], news=())

    async def _log(self, number: int, entries: Sequence[Entry]) -> None:
        await self._db.run_many(
            "INSERT INTO checkin_log (checkin, at, event, person, grid) VALUES (?, ?, ?, ?, ?)",
            [(number, stamp(e.at), e.event.value, e.by.id if e.by else None, e.grid) for e in entries],
        )


def _fields(checkin: CheckIn) -> tuple[object, ...]:
    """From `name` to `due_at`, as both statements have them."""
    return (
        checkin.name,
        checkin.person,
        checkin.grid,
        checkin.spoken_hour,
        checkin.author.id,
        checkin.contact.person,
        checkin.contact.name,
        checkin.contact.phone,
        checkin.state.value,
        maybe_stamp(checkin.asked_at),
        checkin.reached,
        checkin.goer.id if checkin.goer else None,
        maybe_stamp(checkin.due_at),
    )


def _checkin(row: Row) -> CheckIn:
    return CheckIn(
        name=row["name"],
        grid=row["grid"],
        hour=time.fromisoformat(row["hour"]),
        author=Who(row["author"], row["author_name"]),
        due_at=maybe_moment(row["due_at"]),
        person=row["person"],
        phone=row["phone"] or "",
        contact=Contact(row["contact_name"], row["contact_phone"], row["contact"]),
        state=State(row["state"]),
        asked_at=maybe_moment(row["asked_at"]),
        reached=row["reached"],
        goer=Who(row["goer"], row["goer_name"]) if row["goer"] else None,
        id=row["id"],
        version=row["version"],
    )
