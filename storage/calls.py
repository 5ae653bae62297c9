"""Calls for help: until when nobody further up is called too."""

from datetime import datetime

from storage.database import Database, maybe_stamp


class Calls:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def widens(self, case: int, at: datetime | None) -> None:
        """When the group above is called too; None where somebody goes, or nobody is left to be called."""
        await self._db.run(
            """INSERT INTO calls (id, due_at) VALUES (?, ?)
               ON CONFLICT (id) DO UPDATE SET due_at = excluded.due_at""",
            case,
            maybe_stamp(at),
        )
