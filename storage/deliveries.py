"""What nobody knows the end of, or what never arrived: for whoever keeps the bot running to see and to settle."""

from dataclasses import dataclass
from datetime import datetime

from domain.chat import Promise
from storage.database import Database, Row, moment, stamp


@dataclass(frozen=True)
class Unsettled:
    """A message whose end is open. Its words are nobody's business here."""

    id: int
    state: str
    promise: Promise
    chat: str
    title: str
    card: str | None
    press: str | None
    reason: str | None
    since: datetime


_COLUMNS = """outbox.id, outbox.state, outbox.promise, outbox.chat, chats.title, outbox.card, outbox.press,
              outbox.reason, coalesce(outbox.settled_at, outbox.began_at, outbox.queued_at) AS since
              FROM outbox LEFT JOIN chats ON chats.channel = outbox.channel AND chats.chat = outbox.chat"""

# A card that stands by now was mended by its next change.
_STANDS = """EXISTS (SELECT 1 FROM cards WHERE cards.channel = outbox.channel AND cards.chat = outbox.chat
                     AND cards.card = outbox.card AND cards.message_id IS NOT NULL)"""


class Deliveries:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def unsettled(self, unsent: datetime, unended: datetime) -> list[Unsettled]:
        """In doubt or dead; queued since before `unsent` though nothing holds it, or begun before `unended`."""
        rows = await self._db.all(
            f"""SELECT {_COLUMNS}
                WHERE (outbox.state = 'doubt' AND NOT {_STANDS}) OR outbox.state = 'dead'
                OR (outbox.state = 'queued' AND outbox.due_at IS NULL AND outbox.queued_at <= ?)
                OR (outbox.state = 'sending' AND coalesce(outbox.began_at, outbox.queued_at) <= ?)
                ORDER BY outbox.id""",
            stamp(unsent),
            stamp(unended),
        )
        return [_unsettled(row) for row in rows]

    async def get(self, number: int) -> Unsettled | None:
        row = await self._db.one(f"SELECT {_COLUMNS} WHERE outbox.id = ?", number)
        return _unsettled(row) if row else None

    async def is_past(self, one: Unsettled) -> bool:
        """Whether it was called back, or its card says something newer by now, or is about to."""
        row = await self._db.one(
            """SELECT 1 FROM outbox WHERE id = ? AND (recalled = 1 OR EXISTS (
                   SELECT 1 FROM outbox AS later WHERE later.channel = outbox.channel AND later.chat = outbox.chat
                   AND later.card = outbox.card AND later.id > outbox.id
                   AND later.state IN ('queued', 'sending', 'sent')))""",
            one.id,
        )
        return row is not None

    async def arrived(self, one: Unsettled, now: datetime) -> None:
        """It is there after all; its words are not kept."""
        await self._end(one, "sent", "settled: delivered", now)

    async def given_up(self, one: Unsettled, now: datetime) -> None:
        await self._end(one, "superseded", "settled: lost", now)

    async def send_again(self, one: Unsettled, now: datetime) -> None:
        """As a new row: the pump looks for what is newer than what it has seen."""
        await self._db.run(
            """INSERT INTO outbox (channel, chat, press, promise, card, body, queued_at)
               SELECT channel, chat, press, promise, card, body, CAST(? AS TEXT) FROM outbox WHERE id = ?""",
            stamp(now),
            one.id,
        )
        await self._end(one, "superseded", "settled: lost", now)

    async def _end(self, one: Unsettled, state: str, reason: str, now: datetime) -> None:
        await self._db.run(
            "UPDATE outbox SET state = ?, reason = ?, settled_at = ?, body = '' WHERE id = ?",
            state,
            reason,
            stamp(now),
            one.id,
        )


def _unsettled(row: Row) -> Unsettled:
    return Unsettled(
        row["id"],
        row["state"],
        Promise(row["promise"]),
        row["chat"],
        row["title"] or "",
        row["card"],
        row["press"],
        row["reason"],
        moment(row["since"]),
    )
