"""The rooms of the web chat: who may enter them, and what was said there."""

import json
from dataclasses import dataclass
from datetime import datetime

from domain.chat import Attachment, Button, Location, Medium, Rows
from storage.attachments import coordinates, location_of
from storage.database import Database, Row, maybe_moment, moment, stamp
from storage.webmedia import WebMedia
from storage.websessions import WebSessions

_SHOWN = """*, (SELECT medium FROM web_media WHERE web_media.id = web_messages.media) AS medium,
            (SELECT seconds FROM web_media WHERE web_media.id = web_messages.media) AS seconds"""
"""A message with what is to be known of its picture, voice, video or file before that is loaded."""


@dataclass(frozen=True)
class Message:
    """Something said in a room. No `account`: the bot said it."""

    chat: str
    said_at: datetime
    text: str = ""
    account: str | None = None
    author: str = ""
    client: str | None = None
    card: str | None = None
    buttons: Rows = ()
    attachment: Attachment | None = None
    location: Location | None = None
    reply_to: int | None = None
    asks: bool = False
    edited_at: datetime | None = None
    id: int = 0
    revision: int = 0

    def has_button(self, data: str) -> bool:
        return any(button.data == data for row in self.buttons for button in row)


@dataclass(frozen=True)
class GridRoom:
    """A grid as somebody sees it in their list of rooms."""

    grid: str
    name: str


class WebChat:
    def __init__(self, db: Database) -> None:
        self._db = db
        self.sessions = WebSessions(db)
        self.media = WebMedia(db)

    async def grid_rooms(self, account: str) -> list[GridRoom]:
        """The grids whose rooms this account may enter: home first, then where they answer,
        then the grid above that."""
        rows = await self._db.all(
            """WITH held AS (
                   SELECT grids.*, appointments.role FROM accounts
                   JOIN appointments ON appointments.person = accounts.person
                   JOIN grids ON grids.code = appointments.grid AND grids.closed_at IS NULL
                   WHERE accounts.channel = 'web' AND accounts.account = ?
               ), seen AS (
                   SELECT code, name, CASE role WHEN 'resident' THEN 0 ELSE 1 END AS distance FROM held
                   UNION ALL
                   SELECT above.code, above.name, 2 FROM held JOIN grids AS above ON above.code = held.parent
                   WHERE held.role <> 'resident' AND above.closed_at IS NULL
               )
               SELECT code, name, given, min(distance) AS distance FROM seen
               LEFT JOIN mode_titles ON mode_titles.channel = 'web' AND mode_titles.chat = 'grid-' || code
                                    AND mode_titles.put_back = 0
               GROUP BY code, name, given ORDER BY distance, code""",
            account,
        )
        return [GridRoom(row["code"], _name(row)) for row in rows]

    async def members(self, grid: str) -> set[str]:
        """The accounts that may enter this grid's room."""
        rows = await self._db.all(
            """SELECT accounts.account FROM appointments
               JOIN grids ON grids.code = appointments.grid AND grids.closed_at IS NULL
               JOIN accounts ON accounts.person = appointments.person AND accounts.channel = 'web'
               WHERE appointments.grid = ?
               UNION
               SELECT accounts.account FROM grids AS below
               JOIN appointments ON appointments.grid = below.code AND appointments.role <> 'resident'
               JOIN accounts ON accounts.person = appointments.person AND accounts.channel = 'web'
               WHERE below.parent = ? AND below.closed_at IS NULL""",
            grid,
            grid,
        )
        return {row["account"] for row in rows}

    async def arrived(self, update_id: str) -> bool:
        """Whether a page's press with this id came before: its button may rightly be gone since."""
        row = await self._db.one("SELECT 1 FROM inbox WHERE channel = 'web' AND update_id = ?", update_id)
        return row is not None

    async def say(self, message: Message) -> Message:
        """The message as stored. One that came before, by its author's own id for it, is not stored again."""
        row = await self._db.one(
            f"""INSERT INTO web_messages (revision, chat, account, author, client, text, card, buttons, media,
                                         latitude, longitude, reply_to, asks, said_at)
               SELECT coalesce(max(revision), 0) + 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM web_messages
               WHERE true ON CONFLICT (account, client) DO NOTHING RETURNING {_SHOWN}""",
            message.chat,
            message.account,
            message.author,
            message.client,
            message.text,
            message.card,
            _buttons_json(message.buttons),
            _media(message),
            *coordinates(message.location),
            message.reply_to,
            int(message.asks),
            stamp(message.said_at),
        )
        row = row or await self._db.one(
            f"SELECT {_SHOWN} FROM web_messages WHERE account = ? AND client = ?", message.account, message.client
        )
        assert row  # noqa: S101
        return _message(row)

    async def change(self, message: Message, now: datetime) -> Message | None:
        """The bot's message with this id says something else now, and may be another card; None where it is gone."""
        row = await self._db.one(
            f"""UPDATE web_messages SET text = ?, buttons = ?, media = coalesce(?, media), latitude = ?, longitude = ?,
                                        asks = ?, card = ?, edited_at = ?,
                                        revision = (SELECT max(revision) + 1 FROM web_messages)
               WHERE id = ? AND chat = ? AND account IS NULL AND card IS NOT NULL RETURNING {_SHOWN}""",
            message.text,
            _buttons_json(message.buttons),
            _media(message),
            *coordinates(message.location),
            int(message.asks),
            message.card,
            stamp(now),
            message.id,
            message.chat,
        )
        return _message(row) if row else None

    async def empty(self, chat: str, number: int, text: str, now: datetime) -> Message | None:
        """The bot's message without what it said and showed; None where it is gone."""
        shown = await self.message(chat, number)
        row = await self._db.one(
            f"""UPDATE web_messages SET text = ?, buttons = '[]', media = NULL, latitude = NULL, longitude = NULL,
                                        card = NULL, asks = 0, edited_at = ?,
                                        revision = (SELECT max(revision) + 1 FROM web_messages)
               WHERE id = ? AND chat = ? AND account IS NULL RETURNING {_SHOWN}""",
            text,
            stamp(now),
            number,
            chat,
        )
        if row and shown and shown.attachment:
            await self.media.erase(shown.attachment.file_id)
        return _message(row) if row else None

    async def standing(self, chat: str, card: str) -> int | None:
        """The message that this card stands in."""
        row = await self._db.one("SELECT id FROM web_messages WHERE chat = ? AND card = ?", chat, card)
        return int(row["id"]) if row else None

    async def message(self, chat: str, number: int) -> Message | None:
        row = await self._db.one(f"SELECT {_SHOWN} FROM web_messages WHERE chat = ? AND id = ?", chat, number)
        return _message(row) if row else None

    async def history(self, chat: str, limit: int, before: int | None = None) -> list[Message]:
        """The last messages of a room, or the last before one; the oldest first."""
        rows = await self._db.all(
            f"""SELECT {_SHOWN} FROM web_messages WHERE chat = ? AND (id < ? OR ? IS NULL)
               ORDER BY id DESC LIMIT ?""",
            chat,
            before,
            before,
            limit,
        )
        return [_message(row) for row in reversed(rows)]

    async def changes(self, chat: str, since: int, limit: int) -> list[Message]:
        """What is new or different in a room since a revision, in the order of the talk."""
        rows = await self._db.all(
            f"SELECT {_SHOWN} FROM web_messages WHERE chat = ? AND revision > ? ORDER BY id LIMIT ?",
            chat,
            since,
            limit,
        )
        return [_message(row) for row in rows]

    async def revision(self) -> int:
        row = await self._db.one("SELECT coalesce(max(revision), 0) AS newest FROM web_messages")
        return int(row["newest"]) if row else 0

    async def forget(self, before: datetime, now: datetime) -> None:
        """Erase what nobody said or changed since, then what is shown nowhere, and lapsed sessions."""
        at = stamp(before)
        await self._db.run("DELETE FROM web_messages WHERE coalesce(edited_at, said_at) < ?", at)
        await self.media.forget(before)
        await self.sessions.forget(now)


def _name(row: Row) -> str:
    """The grid's, or the one that its work gave the room."""
    given = json.loads(row["given"]) if row["given"] else []
    return str(given[-1] if given else row["name"])


def _buttons_json(rows: Rows) -> str:
    return json.dumps([[[button.label, button.data] for button in row] for row in rows], ensure_ascii=False)


def _media(message: Message) -> str | None:
    return message.attachment.file_id if message.attachment else None


def _message(row: Row) -> Message:
    return Message(
        chat=row["chat"],
        said_at=moment(row["said_at"]),
        text=row["text"],
        account=row["account"],
        author=row["author"],
        client=row["client"],
        card=row["card"],
        buttons=tuple(tuple(Button(*button) for button in line) for line in json.loads(row["buttons"])),
        attachment=Attachment("web", row["media"], Medium(row["medium"]), row["seconds"]) if row["medium"] else None,
        location=location_of(row),
        reply_to=row["reply_to"],
        asks=bool(row["asks"]),
        edited_at=maybe_moment(row["edited_at"]),
        id=row["id"],
        revision=row["revision"],
    )
