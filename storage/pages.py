"""Who was called for which case before the others, until these hear of it too."""

from dataclasses import dataclass
from datetime import date, datetime

from domain.people import PersonId
from storage.database import Database, Row, stamp


@dataclass(frozen=True)
class Page:
    """`due_at` has passed where nobody took the case in time."""

    id: int
    rota: int
    case: int
    person: PersonId


class Pages:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def add(self, rota: int, case: int, person: PersonId, due_at: datetime) -> bool:
        """Whether it is a new one: while it runs, whoever was called for a case stays so."""
        rows = await self._db.all(
            """INSERT INTO pages (rota, case_id, person, due_at) VALUES (?, ?, ?, ?)
               ON CONFLICT (rota, case_id) DO UPDATE SET person = excluded.person, due_at = excluded.due_at
               WHERE pages.due_at IS NULL RETURNING id""",
            rota,
            case,
            person,
            stamp(due_at),
        )
        return bool(rows)

    async def lapse(self, number: int) -> Page | None:
        """Its time is over; nobody is called by it again."""
        row = await self._db.one("UPDATE pages SET due_at = NULL WHERE id = ? RETURNING *", number)
        return _page(row) if row else None

    async def miss(self, page: Page, day: date) -> int:
        """It was not answered on this day of duty; how many were not, of the same person."""
        await self._db.run("UPDATE pages SET missed = ? WHERE id = ?", day.isoformat(), page.id)
        row = await self._db.one(
            "SELECT count(*) FROM pages WHERE rota = ? AND person = ? AND missed = ?",
            page.rota,
            page.person,
            day.isoformat(),
        )
        return int(row[0]) if row else 0


def _page(row: Row) -> Page:
    return Page(row["id"], row["rota"], row["case_id"], row["person"])
