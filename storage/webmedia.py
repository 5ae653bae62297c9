"""Pictures, voices, videos and files of the web chat, kept in the village's one file so that a copy of it is whole."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.chat import Attachment, Medium
from storage.database import Database, marks, stamp


@dataclass(frozen=True)
class Kept:
    """`type` is what it was found to be, in the words of HTTP."""

    medium: Medium
    type: str
    data: bytes
    seconds: int = 0


class WebMedia:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def keep(self, kept: Kept, account: str | None, now: datetime) -> Attachment:
        """Under a name that nobody can guess."""
        name = secrets.token_urlsafe(16)
        await self._db.run(
            """INSERT INTO web_media (id, account, medium, type, seconds, bytes, kept_at)
               VALUES (?, ?, ?, ?, ?, ?, ?)""",
            name,
            account,
            kept.medium.value,
            kept.type,
            kept.seconds,
            kept.data,
            stamp(now),
        )
        return Attachment("web", name, kept.medium, kept.seconds)

    async def get(self, name: str) -> Kept | None:
        row = await self._db.one("SELECT medium, type, seconds, bytes FROM web_media WHERE id = ?", name)
        return Kept(Medium(row["medium"]), row["type"], bytes(row["bytes"]), row["seconds"]) if row else None

    async def has(self, name: str) -> bool:
        return await self._db.one("SELECT 1 FROM web_media WHERE id = ?", name) is not None

    async def of(self, account: str, name: str) -> Attachment | None:
        """What this account handed in under this name."""
        row = await self._db.one("SELECT medium, seconds FROM web_media WHERE id = ? AND account = ?", name, account)
        return Attachment("web", name, Medium(row["medium"]), row["seconds"]) if row else None

    async def stands_in(self, name: str, chats: Sequence[str]) -> bool:
        """Whether one of these rooms shows it."""
        row = await self._db.one(
            f"SELECT 1 FROM web_messages WHERE media = ? AND chat IN ({marks(chats)}) LIMIT 1",
            name,
            *chats,
        )
        return row is not None

    async def erase(self, name: str) -> None:
        """Now, if it is shown nowhere any more."""
        await self._db.run(
            """DELETE FROM web_media WHERE id = ?
               AND NOT EXISTS (SELECT 1 FROM web_messages WHERE web_messages.media = web_media.id)""",
            name,
        )

    async def forget(self, before: datetime) -> None:
        """Erase what no message shows any more."""
        await self._db.run(
            """DELETE FROM web_media WHERE kept_at < ?
               AND NOT EXISTS (SELECT 1 FROM web_messages WHERE web_messages.media = web_media.id)""",
            stamp(before),
        )
