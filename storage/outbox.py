"""What was promised to be said. A row is written with the state it tells of; the pump delivers it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.chat import Answer, ChatId, Outgoing, Promise, Send, Setting, Withdraw
from storage.cards import cards_at
from storage.database import Database, marks, maybe_stamp, stamp
from storage.messages import body_of, card_of, outgoing_of, passes, promise_of

_BY_CARD = "state IN ('queued', 'doubt')"
"""As the index says it: SQLite looks into it only for a statement that says the same, and else through every message
of a month."""


@dataclass(frozen=True)
class _Promised:
    """Not written yet. `until` is the morning for which it may wait; None where it is said at once."""

    out: Outgoing
    now: datetime
    until: datetime | None


@dataclass(frozen=True)
class _Before:
    """What a card that is written now finds of its older self: the strongest promise, the place in the talk, whether
    that may wait, and whether it was only passing."""

    promise: Promise
    reply_to: str | None
    may_wait: bool
    passing: bool


class Outbox:
    def __init__(self, db: Database) -> None:
        self._db = db
        self._unwritten: list[_Promised] = []
        self.said_anew: set[str] = set()
        """Channels where a card cannot change in place: whoever sleeps there is woken by its change."""

    def add(self, outs: Sequence[Outgoing], now: datetime, until: datetime | None = None) -> None:
        """Promise these. They are written before the transaction ends, those of a whole batch at once. With `until`
        they are held so long, but for a card that stands already: it changes without a sound."""
        self._unwritten += [_Promised(out, now, until) for out in outs if not self._needless(out)]

    def _needless(self, out: Outgoing) -> bool:
        return isinstance(out, Send) and out.in_place and out.to.channel in self.said_anew

    def forget_unwritten(self) -> None:
        """The transaction is over, one way or the other."""
        self._unwritten = []

    async def write(self) -> None:
        """A card that still waits in the queue is superseded by its newer self."""
        while self._unwritten:
            # The newer self of a card may be in the same batch: each goes in before the next is looked at.
            cards: set[tuple[ChatId, str]] = set()
            n = 0
            for promised in self._unwritten:
                card = (promised.out.to, named) if (named := card_of(promised.out)) else None
                if card in cards:
                    break
                if card:
                    cards.add(card)
                n += 1
            now_written, self._unwritten = self._unwritten[:n], self._unwritten[n:]
            await self._write(now_written)

    async def _write(self, promised: Sequence[_Promised]) -> None:
        await self._overtake([one.out for one in promised])
        standing = await self._standing([one.out for one in promised])
        rows = [await self._row(one, standing) for one in promised]
        await self._place(
            [(*one.out.to, one.out.card) for one in promised if isinstance(one.out, Send) and one.out.card]
        )
        await self._db.run_many(
            """INSERT INTO outbox (channel, chat, press, promise, card, body, queued_at, due_at, passing)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            rows,
        )

    async def _overtake(self, outs: Sequence[Outgoing]) -> None:
        """How a chat is to be stands in no message of its own; the last word on it holds."""
        if settings := [(*out.to, out.card) for out in outs if isinstance(out, Setting)]:
            await self._db.run_many(
                f"""UPDATE outbox SET state = 'superseded', settled_at = queued_at
                    WHERE channel = ? AND chat = ? AND card = ? AND state = 'queued' AND {_BY_CARD}""",
                settings,
            )

    async def _row(self, promised: _Promised, standing: dict[tuple[ChatId, str | None], bool]) -> tuple[object, ...]:
        out, until = promised.out, promised.until
        promise, reply_to, passing = promise_of(out), getattr(out, "reply_to", None), passes(out)
        if not isinstance(out, Answer) and (out.to, out.card) in standing:
            before = await self._supersede(out, promise, reply_to)
            promise, reply_to, passing = before.promise, before.reply_to, passing and before.passing
            in_place = standing[out.to, out.card] and out.to.channel not in self.said_anew
            if in_place or not before.may_wait:
                until = None
        press = out.press if isinstance(out, Answer) else None
        body = body_of(out, reply_to, held=until is not None)
        told = (*out.to, press, promise.value, card_of(out), body)
        return (*told, stamp(promised.now), maybe_stamp(until), int(passing))

    async def _standing(self, outs: Sequence[Outgoing]) -> dict[tuple[ChatId, str | None], bool]:
        """Which of these cards are known where, and whether they can be seen there already."""
        places = ((*out.to, named) for out in outs if not isinstance(out, Setting) and (named := card_of(out)))
        found = await cards_at(self._db, places)
        return {(ChatId(channel, chat), card): message is not None for (channel, chat, card), message in found.items()}

    async def standing(self, outs: Sequence[Outgoing]) -> set[tuple[ChatId, str | None]]:
        """Which of these are cards that stand where they are to go, or are on their way there."""
        await self.write()
        return set(await self._standing(outs))

    async def _supersede(self, out: Send | Withdraw | Setting, promise: Promise, reply_to: str | None) -> _Before:
        """The stronger promise, the place in the talk and the hurry go over to the newer card."""
        rows = await self._db.all(
            f"""UPDATE outbox SET state = 'superseded', settled_at = queued_at
                WHERE channel = ? AND chat = ? AND card = ? AND state = 'queued' AND {_BY_CARD}
                RETURNING id, promise, body, due_at, passing""",
            *out.to,
            out.card,
        )
        if any(row["due_at"] for row in rows):
            await self._db.run(
                f"UPDATE outbox SET due_at = NULL WHERE id IN ({marks(rows)})", *[row["id"] for row in rows]
            )
        for row in rows:
            promise = min(promise, Promise(row["promise"]))
            reply_to = reply_to or json.loads(row["body"])["reply_to"]
        return _Before(promise, reply_to, all(row["due_at"] for row in rows), all(row["passing"] for row in rows))

    async def _place(self, cards: Sequence[tuple[str, str, str]]) -> None:
        if cards:
            await self._db.run_many(
                "INSERT INTO cards (channel, chat, card) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", cards
            )

    async def chats_with(self, card: str) -> list[ChatId]:
        """Where this card stands, or is on its way to, and can be seen."""
        await self.write()
        rows = await self._db.all(
            """SELECT cards.channel, cards.chat FROM cards
               LEFT JOIN chats ON chats.channel = cards.channel AND chats.chat = cards.chat
               WHERE cards.card = ? AND chats.unreachable IS NULL ORDER BY cards.channel, cards.chat""",
            card,
        )
        return [ChatId(row["channel"], row["chat"]) for row in rows]

    async def lost(self, card: str) -> set[ChatId]:
        """Where this card did not arrive, or may not have."""
        rows = await self._db.all(
            """SELECT channel, chat FROM cards WHERE card = ? AND message_id IS NULL AND (channel, chat) IN (
                   SELECT channel, chat FROM outbox WHERE outbox.card = cards.card AND state IN ('dead', 'doubt'))""",
            card,
        )
        return {ChatId(row["channel"], row["chat"]) for row in rows}

    async def cards_in(self, chat: ChatId, names: Sequence[str]) -> set[str]:
        """Which of these cards stand in this chat, or are on their way to it."""
        await self.write()
        rows = await self._db.all(
            f"SELECT card FROM cards WHERE channel = ? AND chat = ? AND card IN ({marks(names)})", *chat, *names
        )
        return {row["card"] for row in rows}

    async def take_over(self, card: str, by: str, chats: Sequence[ChatId]) -> None:
        """In these chats the message of one card becomes that of another, which does not stand there yet: what comes
        of it is one message and not two."""
        await self.write()
        for chat in chats:
            if await self.cards_in(chat, [by]):
                continue
            moved = await self._db.all(
                "UPDATE cards SET card = ? WHERE channel = ? AND chat = ? AND card = ? RETURNING card", by, *chat, card
            )
            if moved:
                await self._db.run(
                    """UPDATE outbox SET card = ? WHERE channel = ? AND chat = ? AND card = ?
                       AND state IN ('queued', 'sending', 'doubt')""",
                    by,
                    *chat,
                    card,
                )

    async def cards_about(self, number: int, names: Sequence[str]) -> list[str]:
        """The cards of these names that tell of a case: `name:NUMBER`, and what follows after another colon."""
        await self.write()
        where, names_of = about(number, names)
        rows = await self._db.all(f"SELECT DISTINCT card FROM cards WHERE {where} ORDER BY card", *names_of)
        return [row["card"] for row in rows]

    async def recall(self, *cards: str) -> list[ChatId]:
        """Send these cards nowhere they have not gone yet; where they were delivered, or may have been."""
        await self.write()
        told = f"""cards.card IN ({marks(cards)}) AND (cards.message_id IS NOT NULL
                   OR (cards.channel, cards.chat, cards.card) IN (
                       SELECT channel, chat, card FROM outbox WHERE card IN ({marks(cards)})
                       AND (state IN ('sending', 'sent', 'doubt') OR doubts > 0)))"""
        rows = await self._db.all(
            f"SELECT DISTINCT channel, chat FROM cards WHERE {told} ORDER BY channel, chat", *cards, *cards
        )
        await self._db.run(f"DELETE FROM cards WHERE card IN ({marks(cards)}) AND NOT ({told})", *cards, *cards, *cards)
        await self._db.run(
            f"""UPDATE outbox SET state = 'superseded', settled_at = queued_at, due_at = NULL
                WHERE card IN ({marks(cards)}) AND state = 'queued'""",
            *cards,
        )
        # What is under way at this moment and comes back must not follow its own correction, nor what somebody finds
        # out later to be lost.
        await self._db.run(
            f"UPDATE outbox SET recalled = 1 WHERE card IN ({marks(cards)}) AND state IN ('sending', 'doubt', 'dead')",
            *cards,
        )
        return [ChatId(row["channel"], row["chat"]) for row in rows]

    async def release(self, number: int, now: datetime) -> list[Send]:
        """What the chat of this message was spared until now, in its order; it is out of the queue, to be said anew."""
        lapsed = await self._db.one("SELECT channel, chat FROM outbox WHERE id = ? AND due_at IS NOT NULL", number)
        if lapsed is None:
            return []
        rows = await self._db.all(
            """UPDATE outbox SET state = 'superseded', settled_at = ?, due_at = NULL
               WHERE channel = ? AND chat = ? AND due_at <= ? AND state = 'queued' RETURNING *""",
            stamp(now),
            lapsed["channel"],
            lapsed["chat"],
            stamp(now),
        )
        held = [outgoing_of(row) for row in sorted(rows, key=lambda row: int(row["id"]))]
        return [out for out in held if isinstance(out, Send)]

    async def undelivered(self, number: int) -> Send | None:
        """What this row would have said, where it did not arrive for certain and was not called back."""
        row = await self._db.one(
            "SELECT * FROM outbox WHERE id = ? AND state IN ('dead', 'doubt') AND recalled = 0 AND body <> ''", number
        )
        out = outgoing_of(row) if row else None
        return out if isinstance(out, Send) else None

    async def adopt(self, chat: ChatId, card: str, message_id: str | None) -> None:
        """A button of a card in doubt was pressed: so it did arrive, and this is its message."""
        await self.write()
        await self._db.run(
            f"""UPDATE cards SET message_id = ? WHERE channel = ? AND chat = ? AND card = ? AND message_id IS NULL
                AND EXISTS (SELECT 1 FROM outbox WHERE outbox.channel = cards.channel AND outbox.chat = cards.chat
                            AND outbox.card = cards.card AND state = 'doubt' AND {_BY_CARD})""",
            message_id,
            *chat,
            card,
        )

    async def count(self, state: str) -> int:
        row = await self._db.one("SELECT count(*) FROM outbox WHERE state = ?", state)
        return int(row[0]) if row else 0

    async def forget(self, before: datetime) -> None:
        """The newest row stays: without it, its number would be given again, and the pump looks for higher ones."""
        await self._db.run(
            """DELETE FROM outbox WHERE state IN ('sent', 'superseded') AND settled_at < ?
               AND id < (SELECT max(id) FROM outbox)""",
            stamp(before),
        )


def about(number: int, names: Sequence[str]) -> tuple[str, list[str]]:
    """An SQL condition on `card` that holds for a case's cards of these names, and its parameters."""
    # From `photo:12:` up to `photo:12;`, the character after the colon: a range that an index can serve.
    where = " OR ".join("card = ? OR (card >= ? AND card < ?)" for _name in names)
    return f"({where})", [
        card for name in names for card in (f"{name}:{number}", f"{name}:{number}:", f"{name}:{number};")
    ]
