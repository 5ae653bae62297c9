"""The red mailboxes: when each is emptied, and the letters whose writers still say whether to be named."""

from dataclasses import dataclass
from datetime import datetime

from domain.chat import Attachment, ChatId
from storage.attachments import packed, unpacked
from storage.database import Database, Row, maybe_moment, maybe_stamp, stamp


@dataclass(frozen=True)
class Mailbox:
    id: int
    grid: str
    emptied_at: datetime | None


@dataclass(frozen=True)
class Letter:
    """A letter whose writer has not said yet whether to be named; `grid` is where its writer is at home."""

    chat: ChatId
    message_id: str | None
    kind: str
    grid: str
    text: str
    attachments: tuple[Attachment, ...] = ()
    id: int = 0


class Mailboxes:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def get(self, number: int) -> Mailbox | None:
        row = await self._db.one("SELECT * FROM mailboxes WHERE id = ?", number)
        return _mailbox(row) if row else None

    async def of(self, grid: str) -> Mailbox | None:
        row = await self._db.one("SELECT * FROM mailboxes WHERE grid = ?", grid)
        return _mailbox(row) if row else None

    async def expect(self, grid: str, at: datetime) -> None:
        """Something lies in the mailbox of this grid: it is emptied then, where it is not to be emptied before."""
        await self._db.run(
            """INSERT INTO mailboxes (grid, due_at) VALUES (?, ?)
               ON CONFLICT (grid) DO UPDATE SET due_at = excluded.due_at WHERE mailboxes.due_at IS NULL""",
            grid,
            stamp(at),
        )

    async def emptied(self, number: int, now: datetime, again: datetime | None) -> None:
        """Its readers were told; `again` is None where nothing is left in it."""
        await self._db.run(
            "UPDATE mailboxes SET emptied_at = ?, due_at = ? WHERE id = ?", stamp(now), maybe_stamp(again), number
        )

    async def hold(self, letter: Letter, until: datetime) -> int:
        """Keep it until its writer says whether to be named; its number."""
        row = await self._db.one(
            """INSERT INTO unsigned_letters (channel, chat, message_id, kind, grid, text, attachments, due_at)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id""",
            *letter.chat,
            letter.message_id,
            letter.kind,
            letter.grid,
            letter.text,
            packed(letter.attachments),
            stamp(until),
        )
        assert row  # noqa: S101
        return int(row["id"])

    async def take(self, number: int, chat: ChatId | None = None) -> Letter | None:
        """The letter, which is held no longer; None where it went in already, or is another chat's."""
        where, place = ("AND channel = ? AND chat = ?", chat) if chat else ("", ())
        row = await self._db.one(f"DELETE FROM unsigned_letters WHERE id = ? {where} RETURNING *", number, *place)
        return _letter(row) if row else None


def _mailbox(row: Row) -> Mailbox:
    return Mailbox(row["id"], row["grid"], maybe_moment(row["emptied_at"]))


def _letter(row: Row) -> Letter:
    return Letter(
        ChatId(row["channel"], row["chat"]),
        row["message_id"],
        row["kind"],
        row["grid"],
        row["text"],
        unpacked(row["attachments"]),
        row["id"],
    )
