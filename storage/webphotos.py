"""Pictures of the web chat, kept in the village's one file so that a copy of it is whole."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from storage.database import Database, marks, stamp


class WebPhotos:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def keep(self, jpeg: bytes, account: str | None, now: datetime) -> str:
        """Under a name that nobody can guess."""
        name = secrets.token_urlsafe(16)
        await self._db.run(
            "INSERT INTO web_photos (id, account, jpeg, kept_at) VALUES (?, ?, ?, ?)", name, account, jpeg, stamp(now)
        )
        return name

    async def get(self, name: str) -> bytes | None:
        row = await self._db.one("SELECT jpeg FROM web_photos WHERE id = ?", name)
        return bytes(row["jpeg"]) if row else None

    async def belongs_to(self, name: str, account: str) -> bool:
        row = await self._db.one("SELECT 1 FROM web_photos WHERE id = ? AND account = ?", name, account)
        return row is not None

    async def stands_in(self, name: str, chats: Sequence[str]) -> bool:
        """Whether one of these rooms shows the picture."""
        row = await self._db.one(
            f"SELECT 1 FROM web_messages WHERE photo = ? AND chat IN ({marks(chats)}) LIMIT 1",
            name,
            *chats,
        )
        return row is not None

    async def erase(self, name: str) -> None:
        """Now, if it is shown nowhere any more."""
        await self._db.run(
            """DELETE FROM web_photos WHERE id = ?
               AND NOT EXISTS (SELECT 1 FROM web_messages WHERE web_messages.photo = web_photos.id)""",
            name,
        )

    async def forget(self, before: datetime) -> None:
        """Erase the pictures that no message shows any more."""
        await self._db.run(
            """DELETE FROM web_photos WHERE kept_at < ?
               AND NOT EXISTS (SELECT 1 FROM web_messages WHERE web_messages.photo = web_photos.id)""",
            stamp(before),
        )
