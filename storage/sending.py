"""The outbox as the pump sees it: what waits, what is under way, and how it ended."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.chat import ChatId, Entitle, Outgoing, Promise, Send, Withdraw
from domain.text import one_line
from storage.cards import cards_at
from storage.database import Database, Row, marks, stamp
from storage.messages import outgoing_of


@dataclass(frozen=True)
class Queued:
    """As much of a row as the pump needs to decide whose turn it is."""

    id: int
    chat: ChatId
    press: str | None
    promise: Promise
    card: str | None = None
    passing: bool = False


@dataclass(frozen=True)
class Delivery:
    """A row taken for delivery. `edits` is the message the card stands in already."""

    id: int
    out: Outgoing
    promise: Promise
    attempt: int
    doubts: int
    edits: str | None
    unsure: bool = False
    """A copy of the card to be taken down may stand in the chat as a message that nobody knows."""


@dataclass(frozen=True)
class Settled:
    """How a delivery ended: one of the states of the table, and what belongs to it."""

    delivery: Delivery
    state: str
    message_id: str | None = None
    reason: str | None = None
    attempts: int = 0
    doubts: int = 0
    moved_to: str | None = None


class Sending:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def queued_since(self, last_id: int, channel: str) -> list[Queued]:
        rows = await self._db.all(
            """SELECT id, channel, chat, press, promise, card, passing FROM outbox
               WHERE state = 'queued' AND due_at IS NULL AND id > ? AND channel = ? ORDER BY id""",
            last_id,
            channel,
        )
        return [
            Queued(
                row["id"],
                ChatId(row["channel"], row["chat"]),
                row["press"],
                Promise(row["promise"]),
                row["card"],
                bool(row["passing"]),
            )
            for row in rows
        ]

    async def begin(self, ids: Sequence[int], now: datetime) -> list[Delivery]:
        """Mark them `sending`: committed before the first byte. What was superseded meanwhile is left out."""
        taken = await self._db.all(
            f"""UPDATE outbox SET state = 'sending', attempt = attempt + 1, began_at = ?
                WHERE state = 'queued' AND id IN ({marks(ids)}) RETURNING *""",
            stamp(now),
            *ids,
        )
        return await self._of_rows(sorted(taken, key=lambda row: ids.index(row["id"])))

    async def interrupted(self, channel: str) -> list[Delivery]:
        """What was being sent when the bot last died: nobody knows whether it arrived."""
        rows = await self._db.all("SELECT * FROM outbox WHERE state = 'sending' AND channel = ? ORDER BY id", channel)
        return await self._of_rows(rows)

    async def _of_rows(self, rows: Sequence[Row]) -> list[Delivery]:
        found = await cards_at(self._db, ((row["channel"], row["chat"], row["card"]) for row in rows if row["card"]))
        made = [_delivery(row, found.get((row["channel"], row["chat"], row["card"]))) for row in rows]
        return [replace(one, unsure=True) if await self._leaves_a_copy(one) else one for one in made]

    async def _leaves_a_copy(self, delivery: Delivery) -> bool:
        """Whether more was said under this card's name than the one message that can be taken down."""
        if not isinstance(delivery.out, Withdraw):
            return False
        row = await self._db.one(
            """SELECT 1 FROM outbox WHERE channel = ? AND chat = ? AND card = ? AND id < ?
               AND (doubts > 0 OR (state = 'sent' AND ?)) LIMIT 1""",
            *delivery.out.to,
            delivery.out.card,
            delivery.id,
            delivery.edits is None,
        )
        return row is not None

    async def without_attachment(self, number: int) -> None:
        """The picture cannot be had: the words must go all the same."""
        row = await self._db.one("SELECT body FROM outbox WHERE id = ?", number)
        if row:
            body = json.dumps(json.loads(row["body"]) | {"attachment": None, "photo": None}, ensure_ascii=False)
            await self._db.run("UPDATE outbox SET body = ? WHERE id = ?", body, number)

    async def settle(self, settled: Sequence[Settled], now: datetime) -> None:
        """Write how deliveries ended. The words of what arrived are not kept."""
        await self._db.run_many(
            """UPDATE outbox SET state = CASE WHEN ? = 'queued' AND recalled = 1 THEN 'superseded' ELSE ? END,
                                 message_id = ?, reason = ?, attempt = attempt + ?,
                                 doubts = doubts + ?,
                                 settled_at = CASE WHEN ? = 'queued' AND recalled = 0 THEN NULL ELSE ? END,
                                 body = CASE WHEN ? = 'sent' THEN '' ELSE body END
               WHERE id = ?""",
            [
                (
                    s.state,
                    s.state,
                    s.message_id,
                    s.reason,
                    s.attempts,
                    s.doubts,
                    s.state,
                    stamp(now),
                    s.state,
                    s.delivery.id,
                )
                for s in settled
            ],
        )
        placed = [
            (s.message_id, *s.delivery.out.to, s.delivery.out.card)
            for s in settled
            if s.state == "sent" and isinstance(s.delivery.out, Send) and s.delivery.out.card
        ]
        if placed:
            await self._db.run_many(
                "UPDATE cards SET message_id = ? WHERE channel = ? AND chat = ? AND card = ?", placed
            )
        await self._take_names([s for s in settled if s.state == "sent" and isinstance(s.delivery.out, Entitle)])
        gone = [
            (*out.to, out.card) for s in settled if s.state == "sent" and isinstance(out := s.delivery.out, Withdraw)
        ]
        if gone:
            await self._db.run_many("DELETE FROM cards WHERE channel = ? AND chat = ? AND card = ?", gone)

    async def _take_names(self, settled: Sequence[Settled]) -> None:
        """What groups are called now; and, to the letter, what the service says that they were called before."""
        for s in settled:
            out, before = s.delivery.out, s.message_id
            if isinstance(out, Entitle):
                await self._db.run(
                    "UPDATE chats SET title = ? WHERE channel = ? AND chat = ?", one_line(out.title), *out.to
                )
            if before and before != one_line(before):
                await self._db.run(
                    "UPDATE mode_titles SET was = ? WHERE channel = ? AND chat = ? AND was = ?",
                    before,
                    *out.to,
                    one_line(before),
                )

    async def card_gone(self, chat: ChatId, card: str) -> None:
        """Somebody deleted the message the card stood in; the next delivery places it anew."""
        await self._db.run(
            "UPDATE cards SET message_id = NULL WHERE channel = ? AND chat = ? AND card = ?", *chat, card
        )


def _delivery(row: Row, edits: str | None) -> Delivery:
    return Delivery(row["id"], outgoing_of(row), Promise(row["promise"]), row["attempt"], row["doubts"], edits)
