"""Every promise that runs, of whatever table: the clock asks here and nowhere else."""

from datetime import datetime

from domain.chat import Due
from storage.database import Database, moment, stamp

TIMED = {
    "case": "cases",
    "search": "searches",
    "held": "outbox",
    "visit": "visits",
    "mediation": "mediations",
    "call": "calls",
    "mailbox": "mailboxes",
    "letter": "unsigned_letters",
    "offer": "offers",
    "summary": "summaries",
    "broadcast": "broadcasts",
    "roll_up": "roll_ups",
    "chase": "chases",
    "schedule": "schedules",
    "rota": "rotas",
    "swap": "swaps",
    "page": "pages",
    "mode": "modes",
    "checkin": "checkins",
    "digest": "digests",
    "sweep": "sweeps",
    "sweep_count": "sweep_counts",
}
"""Subject and table. Each has `id`, `due_at` and a partial index `(due_at, id) WHERE due_at IS NOT NULL`."""


class Deadlines:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def due(self, now: datetime, limit: int) -> list[Due]:
        """What lapsed, the oldest first: one look into a partial index for each table."""
        looks = " UNION ALL ".join(
            f"""SELECT * FROM (SELECT '{subject}' AS subject, id, due_at FROM {table}
                WHERE due_at IS NOT NULL AND due_at <= ? ORDER BY due_at, id LIMIT ?) AS {table}_due"""
            for subject, table in TIMED.items()
        )
        rows = await self._db.all(
            f"{looks} ORDER BY due_at, subject, id LIMIT ?", *[stamp(now), limit] * len(TIMED), limit
        )
        return [Due(row["subject"], row["id"], moment(row["due_at"])) for row in rows]

    async def postpone(self, due: Due, until: datetime) -> None:
        """A row that the clock stumbles over waits, so that it cannot stop the others."""
        await self._db.run(f"UPDATE {TIMED[due.subject]} SET due_at = ? WHERE id = ?", stamp(until), due.id)
