"""Which messages are about which case, and what came without words and may yet belong to one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from domain.chat import AccountId, Attachment, ChatId, Location
from storage.attachments import coordinates, location_of, packed, unpacked
from storage.database import Database, marks, stamp, wanted

TELLING = ("case:", "summary:", "search:", "photo:", "sighting:")
"""The cards that tell of a case; its number comes next."""


@dataclass(frozen=True)
class Loose:
    """A picture, a voice or a place that somebody sent without words."""

    message_id: str | None
    album: str | None
    attachments: tuple[Attachment, ...]
    location: Location | None


class Threads:
    def __init__(self, db: Database) -> None:
        self._db = db
        self._without_loose: dict[tuple[ChatId, AccountId], bool] = db.known("loose")

    async def belongs(self, chat: ChatId, message_id: str | None, case: int, album: str | None = None) -> None:
        """From now on an answer to this message is about this case."""
        if message_id:
            await self._db.run(
                """INSERT INTO case_messages (channel, chat, message_id, case_id, album) VALUES (?, ?, ?, ?, ?)
                   ON CONFLICT DO NOTHING""",
                *chat,
                message_id,
                case,
                album,
            )

    async def about(self, chat: ChatId, message_id: str) -> int | None:
        """The case that a message of this chat is about: a report, what was added to one, or a card."""
        row = await self._db.one(
            """SELECT case_id FROM case_messages WHERE channel = ? AND chat = ? AND message_id = ?
               UNION ALL
               SELECT id FROM cases WHERE reported_channel = ? AND reported_chat = ? AND report_message = ?""",
            *(*chat, message_id) * 2,
        )
        if row:
            return int(row["case_id"])
        rows = await self._db.all(
            "SELECT card FROM cards WHERE channel = ? AND chat = ? AND message_id = ?", *chat, message_id
        )
        numbers = (row["card"].split(":")[1] for row in rows if row["card"].startswith(TELLING))
        return next((int(number) for number in numbers), None)

    async def told_here(self, chat: ChatId, number: int) -> bool:
        """Whether a card in this chat tells of this case."""
        cards = [f"{telling}{number}" for telling in TELLING]
        row = await self._db.one(
            f"SELECT 1 FROM cards WHERE channel = ? AND chat = ? AND card IN ({marks(cards)})", *chat, *cards
        )
        return row is not None

    async def of_album(self, chat: ChatId, album: str) -> int | None:
        row = await self._db.one(
            "SELECT case_id FROM case_messages WHERE channel = ? AND chat = ? AND album = ? LIMIT 1", *chat, album
        )
        return int(row["case_id"]) if row else None

    async def keep_loose(self, chat: ChatId, account: AccountId, loose: Loose, now: datetime) -> None:
        await self._db.run(
            """INSERT INTO loose (channel, chat, account, message_id, album, attachments, latitude, longitude, came_at)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            *chat,
            account.account,
            loose.message_id,
            loose.album,
            packed(loose.attachments),
            *coordinates(loose.location),
            stamp(now),
        )

    async def look_up(self, speakers: Iterable[tuple[ChatId, AccountId]]) -> None:
        """Which of these sent something here without words; most did not, and need no second look."""
        asked = sorted({(*chat, account.account) for chat, account in speakers})
        if not asked:
            return
        rows = await self._db.all(
            f"""{wanted("channel, chat, account", asked)}
                SELECT DISTINCT loose.channel, loose.chat, loose.account FROM wanted CROSS JOIN loose
                WHERE loose.channel = wanted.channel AND loose.chat = wanted.chat AND loose.account = wanted.account""",
            *chain.from_iterable(asked),
        )
        found = {tuple(row) for row in rows}
        self._without_loose |= {(ChatId(one[0], one[1]), AccountId(one[0], one[2])): one not in found for one in asked}

    async def take_loose(self, chat: ChatId, account: AccountId, since: datetime) -> Sequence[Loose]:
        """What this person sent here lately without words; it belongs to what they report now, and to nothing else."""
        if self._without_loose.get((chat, account)):
            return []
        rows = await self._db.all(
            "DELETE FROM loose WHERE channel = ? AND chat = ? AND account = ? RETURNING *", *chat, account.account
        )
        return [
            Loose(row["message_id"], row["album"], unpacked(row["attachments"]), location_of(row))
            for row in sorted(rows, key=lambda row: int(row["id"]))
            if row["came_at"] >= stamp(since)
        ]

    async def forget_loose(self, before: datetime) -> None:
        await self._db.run("DELETE FROM loose WHERE came_at < ?", stamp(before))
