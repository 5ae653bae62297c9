"""Pictures and tables that the bot made, kept with the promise to show them, and what a service keeps for minutes."""

import secrets
from datetime import datetime

from domain.chat import HOUSE, Attachment, Medium
from storage.database import Database, stamp


class Files:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def keep(self, data: bytes, now: datetime, name: str = "", medium: Medium = Medium.PHOTO) -> Attachment:
        """Under a name that nobody can guess, or the one that its message gave it already."""
        name = name or secrets.token_urlsafe(16)
        await self._db.run(
            "INSERT INTO files (id, bytes, kept_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", name, data, stamp(now)
        )
        return Attachment(HOUSE, name, medium)

    async def get(self, name: str) -> bytes | None:
        row = await self._db.one("SELECT bytes FROM files WHERE id = ?", name)
        return bytes(row["bytes"]) if row else None

    async def forget(self, before: datetime) -> None:
        await self._db.run("DELETE FROM files WHERE kept_at < ?", stamp(before))
