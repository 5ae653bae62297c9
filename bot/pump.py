"""From the outbox to a channel: never lost, hardly ever twice, and honest about doubt."""

import asyncio
import json
import sqlite3
from contextlib import suppress
from dataclasses import dataclass, replace

import structlog

from bot.channels import CardGone, Channel, Doubt, Later, Moved, Never, Unreachable
from bot.clock import Clock
from bot.lanes import Lanes
from domain.chat import Answer, Outgoing, Promise, Send, Withdraw
from domain.language import _
from domain.pace import Pacer
from domain.promise import AfterDoubt, after_doubt
from storage.database import is_out_of_order
from storage.inbox import Arrival
from storage.outbox import Delivery, Queued, Settled
from storage.store import Store

WINDOW = 8
"""Deliveries under way at once: as many can be in doubt after a crash, and no more."""

LINGER_SECONDS = 0.01
"""How long a delivery that ended waits for others under way, to be settled in the same commit with them."""

GRACE_SECONDS = 10.0
"""How long a graceful stop waits for what is under way."""

LONGEST_WAIT_SECONDS = 30.0
"""Between two tries while a service cannot be reached."""

UNDELIVERED = "outbox"
"""The inbox channel by which the house hears of what could not be delivered."""

log = structlog.get_logger()


@dataclass(frozen=True)
class _Ended:
    """A delivery and what its channel said of it: a message id, or an error."""

    delivery: Delivery
    said: str | Exception | None


class Pump:
    """Delivers for one channel. Each step is one transaction: settle what ended, take what is next."""

    def __init__(self, channel: Channel, store: Store, clock: Clock, heard: asyncio.Event) -> None:
        """`heard` is set when a delivery put news of itself into the inbox."""
        self._channel = channel
        self._store = store
        self._clock = clock
        self._heard = heard
        self._pacer = Pacer(channel.pace)
        self._lanes = Lanes(self._pacer)
        self._last_id = 0
        self._recovered = False
        self._failures = 0
        self._under_way: set[asyncio.Task[None]] = set()
        self._ended: list[_Ended] = []
        self._awake = asyncio.Event()
        self._lingering: asyncio.TimerHandle | None = None

    def wake(self) -> None:
        """Something new was promised."""
        self._awake.set()

    async def run(self) -> None:
        """Until cancelled; then nothing new is taken, and what is under way may end."""
        try:
            while True:
                self._awake.clear()
                await self._step_through_trouble()
                await self._sleep()
        finally:
            await asyncio.shield(self._finish())

    async def step(self) -> bool:
        """Settle what ended and start what is next, in one commit; whether anything is under way."""
        if not self._recovered:
            await self._recover()
        ended, self._ended = self._ended, []
        if self._lingering:
            self._lingering.cancel()
            self._lingering = None
        taken: list[Queued] = []
        try:
            async with self._store.transaction():
                self._take_note(await self._settle(ended))
                await self._load()
                begun = await self._begin(taken)
        except BaseException:
            # The rows are as they were. What the lanes believe too early does no harm: `begin` asks the rows.
            self._ended = ended + self._ended
            for queued in taken:
                self._lanes.add(queued)
                self._lanes.free(queued)
            raise
        for delivery in begun:
            task = asyncio.create_task(self._deliver(delivery))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        return bool(self._under_way or self._ended)

    async def _begin(self, taken: list[Queued]) -> list[Delivery]:
        """As many as the window has room for; `taken` is what left its lane for it. What was called back meanwhile is
        passed over, and costs no pace: a correction is not late for all the copies that it spared."""
        begun: list[Delivery] = []
        now = self._clock.monotonic()
        while turn := self._lanes.take(now, WINDOW - len(self._under_way) - len(begun)):
            taken += turn
            started = {delivery.id: delivery for delivery in await self._store.outbox.begin([q.id for q in turn])}
            begun += started.values()
            for queued in turn:
                if queued.id not in started:
                    self._lanes.forgo(queued)
        return begun

    async def landed(self) -> None:
        """Wait until nothing is under way."""
        while self._under_way:
            await asyncio.gather(*self._under_way)

    async def _step_through_trouble(self) -> None:
        try:
            await self.step()
        except sqlite3.Error as error:
            if not is_out_of_order(error):
                raise
            log.error("outbox_out_of_order", channel=self._channel.name, error=str(error))
            await asyncio.sleep(1)
            self._awake.set()

    async def _sleep(self) -> None:
        # What has ended and is not settled yet keeps its place: a step for each would be a commit for each.
        full = len(self._under_way) + len(self._ended) >= WINDOW
        at = None if full else self._lanes.next_at()
        wait = None if at is None else max(0.0, at - self._clock.monotonic())
        with suppress(TimeoutError):
            await asyncio.wait_for(self._awake.wait(), wait)

    async def _finish(self) -> None:
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=GRACE_SECONDS)
        for task in self._under_way:
            task.cancel()
        async with self._store.transaction():
            await self._settle(self._ended)
        self._ended = []

    async def _recover(self) -> None:
        """What the last run was sending when it died is in doubt."""
        async with self._store.transaction():
            interrupted = await self._store.outbox.interrupted(self._channel.name)
            await self._settle([_Ended(delivery, Doubt("interrupted")) for delivery in interrupted])
        self._recovered = True
        if interrupted:
            log.warning("deliveries_in_doubt", channel=self._channel.name, count=len(interrupted))

    async def _load(self) -> None:
        for queued in await self._store.outbox.queued_since(self._last_id, self._channel.name):
            self._last_id = queued.id
            self._lanes.add(queued)

    async def _deliver(self, delivery: Delivery) -> None:
        said: str | Exception | None
        try:
            # What stands nowhere needs no taking down.
            needless = isinstance(delivery.out, Withdraw) and delivery.edits is None
            said = None if needless else await self._channel.deliver(_marked(delivery), delivery.edits)
        except (Later, Never, Doubt, Moved, CardGone) as error:
            said = error
        except Exception as error:
            log.exception("delivery_broke", channel=self._channel.name, id=delivery.id)
            said = Doubt(type(error).__name__)
        self._ended.append(_Ended(delivery, said))
        if len(self._ended) >= WINDOW // 2 or len(self._under_way) == 1:
            self._awake.set()
        elif self._lingering is None:
            self._lingering = asyncio.get_running_loop().call_later(LINGER_SECONDS, self._awake.set)

    async def _settle(self, ended: list[_Ended]) -> list[Settled]:
        outcomes = [await self._judge(entry.delivery, entry.said) for entry in ended]
        if outcomes:
            await self._store.outbox.settle(outcomes, self._clock.now())
        return outcomes

    def _take_note(self, outcomes: list[Settled]) -> None:
        """Their lanes are free, and what was not delivered waits in them again, before all that came later."""
        for outcome in outcomes:
            queued = _queued(outcome.delivery)
            if outcome.state == "queued":
                self._lanes.add(queued)
            elif outcome.state != "sent":
                log.warning("undelivered", id=queued.id, state=outcome.state, reason=outcome.reason)
            self._lanes.free(queued)
            if outcome.moved_to:
                self._lanes.move(queued.chat.chat, outcome.moved_to)

    async def _judge(self, delivery: Delivery, said: str | Exception | None) -> Settled:
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
                    await self._store.outbox.card_gone(delivery.out.to, delivery.out.card)
                return Settled(delivery, "queued", reason="card gone")
            case Doubt():
                return await self._judge_doubt(delivery, str(said))
            case Never():
                return await self._refused(delivery, said)
            case Exception():
                raise said
        self._failures = 0
        await self._tell_of_copies(delivery)
        return Settled(delivery, "sent", message_id=said)

    async def _refused(self, delivery: Delivery, said: Never) -> Settled:
        unreachable = isinstance(said, Unreachable)
        if not unreachable and _has_words_to_save(delivery):
            await self._store.outbox.without_attachment(delivery.id)
            return Settled(delivery, "queued", reason=str(said))
        if unreachable or isinstance(delivery.out, Withdraw) or delivery.promise is Promise.LIFE:
            await self._tell_house(delivery, str(said), unreachable=unreachable)
        return Settled(delivery, "dead", reason=str(said))

    async def _judge_doubt(self, delivery: Delivery, why: str) -> Settled:
        match after_doubt(delivery.promise, delivery.doubts, delivery.edits is not None):
            case AfterDoubt.AGAIN:
                self._pause(delivery, Later(why))
                return Settled(delivery, "queued", reason=why, doubts=0 if delivery.edits else 1)
            case AfterDoubt.DROPPED:
                return Settled(delivery, "dead", reason=why, doubts=1)
            case AfterDoubt.IN_DOUBT:
                if delivery.promise is Promise.LIFE:
                    await self._tell_house(delivery, why, unreachable=False)
                return Settled(delivery, "doubt", reason=why, doubts=1)

    def _pause(self, delivery: Delivery, later: Later) -> None:
        self._failures += later.after is None
        wait = later.after
        if wait is None:
            wait = min(LONGEST_WAIT_SECONDS, 0.5 * 2 ** min(self._failures, 10))
        # The answer to a press is said in no chat: what holds it holds everything.
        everyone = later.everyone or isinstance(delivery.out, Answer)
        chat = None if everyone else delivery.out.to.chat
        self._pacer.pause(chat, self._clock.monotonic() + wait)

    async def _tell_of_copies(self, delivery: Delivery) -> None:
        """What was taken down may stand there once more: people have to look."""
        if delivery.unsure:
            await self._tell_house(delivery, "a copy may be left", unreachable=False)

    async def _tell_house(self, delivery: Delivery, why: str, *, unreachable: bool) -> None:
        """What could not be delivered comes in like anything else, in the same transaction."""
        card = None if isinstance(delivery.out, Answer) else delivery.out.card
        news = {"chat": delivery.out.to, "card": card, "why": why, "unreachable": unreachable}
        arrival = Arrival(UNDELIVERED, f"{delivery.id}.{delivery.attempt}", json.dumps(news, ensure_ascii=False))
        await self._store.inbox.store([arrival], self._clock.now())
        self._heard.set()


def _queued(delivery: Delivery) -> Queued:
    out = delivery.out
    press = out.press if isinstance(out, Answer) else None
    return Queued(delivery.id, out.to, press, delivery.promise)


def _has_words_to_save(delivery: Delivery) -> bool:
    """Whether an alert or its correction was refused with a picture, which it may go without."""
    out = delivery.out
    urgent = delivery.promise in (Promise.LIFE, Promise.CORRECTION)
    return urgent and isinstance(out, Send) and out.attachment is not None and bool(out.text)


def _marked(delivery: Delivery) -> Outgoing:
    """A message that may have arrived before says so."""
    out = delivery.out
    if not isinstance(out, Send) or not delivery.doubts:
        return out
    return replace(out, text=_("【重发】") + out.text)
