"""What a service's word means for a message: the table of answers (docs/delivery.md), row by row."""

import asyncio
import json

from bot.channels import CardGone, Doubt, Later, Moved, Never, Retitled, Unreachable
from bot.clock import Clock
from domain.chat import Answer, Promise, Send, Setting, Withdraw
from domain.pace import Backoff, Pacer
from domain.promise import AfterDoubt, after_doubt
from domain.quiet import LOUD
from storage.inbox import Arrival
from storage.sending import Delivery, Settled
from storage.store import Store

UNDELIVERED = "outbox"
"""The inbox channel by which the house hears of what could not be delivered."""


class Judge:
    def __init__(
        self, store: Store, clock: Clock, pacer: Pacer, heard: asyncio.Event, *, in_place: bool = True
    ) -> None:
        """`heard` is set when news of a delivery went into the inbox; `in_place` where a card changes where it stands,
        and so may be changed twice."""
        self._in_place = in_place
        self._store = store
        self._clock = clock
        self._pacer = pacer
        self._heard = heard
        self._backoff = Backoff()

    async def judge(self, delivery: Delivery, said: str | Exception | None) -> Settled:
        """One row of the table of answers (docs/delivery.md): what the service's word means for the message."""
        match said:
            case Later():
                self._pause(delivery, said)
                return Settled(delivery, "queued", reason=str(said), attempts=-1)
            case Moved():
                await self._store.chats.rekey(delivery.out.to, said.to)
                return Settled(delivery, "queued", reason="moved", moved_to=said.to)
            case CardGone() if isinstance(delivery.out, Withdraw):
                await self._tell_of_copies(delivery)
                return Settled(delivery, "sent", reason="gone already")
            case CardGone():
                if isinstance(delivery.out, Send) and delivery.out.card:
                    await self._store.sending.card_gone(delivery.out.to, delivery.out.card)
                return Settled(delivery, "queued", reason="card gone")
            case Doubt():
                return await self._judge_doubt(delivery, str(said))
            case Never() if isinstance(delivery.out, Setting):
                await self._tell_house(delivery, said)
                return Settled(delivery, "superseded", reason=str(said))
            case Never():
                return await self._refused(delivery, said)
            case Exception():
                raise said
        self._backoff.over()
        await self._tell_of_copies(delivery)
        return Settled(delivery, "sent", message_id=said)

    async def _refused(self, delivery: Delivery, said: Never) -> Settled:
        unreachable = isinstance(said, Unreachable)
        if not unreachable and _has_words_to_save(delivery):
            await self._store.sending.without_attachment(delivery.id)
            return Settled(delivery, "queued", reason=str(said))
        if unreachable or isinstance(delivery.out, Withdraw) or delivery.promise in LOUD:
            await self._tell_house(delivery, said)
        return Settled(delivery, "dead", reason=str(said))

    async def _judge_doubt(self, delivery: Delivery, why: str) -> Settled:
        changed = self._in_place and delivery.edits is not None
        unseen = changed or isinstance(delivery.out, Setting)
        match after_doubt(delivery.promise, delivery.doubts, unseen):
            case AfterDoubt.AGAIN:
                self._pause(delivery, Later(why))
                return Settled(delivery, "queued", reason=why, doubts=0 if unseen else 1)
            case AfterDoubt.DROPPED:
                return Settled(delivery, "dead", reason=why, doubts=1)
            case AfterDoubt.IN_DOUBT:
                if delivery.promise is Promise.LIFE:
                    await self._tell_house(delivery, Never(why))
                return Settled(delivery, "doubt", reason=why, doubts=1)

    def _pause(self, delivery: Delivery, later: Later) -> None:
        now = self._clock.monotonic()
        until = self._backoff.until(now) if later.after is None else now + later.after
        # The answer to a press is said in no chat: what holds it holds everything.
        everyone = later.everyone or isinstance(delivery.out, Answer)
        chat = None if everyone else delivery.out.to.chat
        self._pacer.pause(chat, until)

    async def _tell_of_copies(self, delivery: Delivery) -> None:
        """What was taken down may stand there once more: people have to look."""
        if delivery.unsure:
            await self._tell_house(delivery, Never("a copy may be left"))

    async def _tell_house(self, delivery: Delivery, said: Never) -> None:
        """What could not be delivered comes in like anything else, in the same transaction."""
        card = None if isinstance(delivery.out, Answer) else delivery.out.card
        news = {
            "chat": delivery.out.to, "card": card, "why": str(said), "unreachable": isinstance(said, Unreachable),
            "row": delivery.id,
        }  # fmt: skip
        if isinstance(said, Retitled):
            news["title"] = said.title
        arrival = Arrival(UNDELIVERED, f"{delivery.id}.{delivery.attempt}", json.dumps(news, ensure_ascii=False))
        await self._store.inbox.store([arrival], self._clock.now())
        self._heard.set()


def _has_words_to_save(delivery: Delivery) -> bool:
    """Whether an alert or its correction was refused with a picture, which it may go without."""
    out = delivery.out
    return delivery.promise in LOUD and isinstance(out, Send) and out.attachment is not None and bool(out.text)
