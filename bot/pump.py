"""From the outbox to a channel: never lost, hardly ever twice, and honest about doubt."""

import asyncio
import sqlite3
from contextlib import suppress
from dataclasses import dataclass, replace

import structlog

from bot.channels import CardGone, Channel, Doubt, Later, Moved, Never
from bot.clock import Clock
from bot.judge import Judge
from bot.lanes import Lanes
from bot.metrics import DELIVERIES
from bot.spacing import Spacing
from domain.chat import Answer, Outgoing, Send, Withdraw
from domain.language import _
from domain.pace import Pacer
from storage.database import is_out_of_order
from storage.failpoints import Point, reached
from storage.sending import Delivery, Queued, Settled
from storage.store import Store

WINDOW = 8
"""Deliveries under way at once: as many can be in doubt after a crash, and no more."""

LINGER_SECONDS = 0.01
"""How long a delivery that ended waits for others under way, to be settled in the same commit with them."""

GRACE_SECONDS = 10.0
"""How long a graceful stop waits for what is under way."""

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
        self._pacer = Pacer(channel.pace)
        self._lanes = Lanes(self._pacer)
        self._spacing = Spacing(channel.changes_every)
        self._judge = Judge(store, clock, self._pacer, heard, in_place=channel.changes_every is None)
        self._last_id = 0
        self._recovered = False
        self._in_hand: set[int] = set()
        self._under_way: set[asyncio.Task[None]] = set()
        self._ended: list[_Ended] = []
        self._awake = asyncio.Event()
        self._lingering: asyncio.TimerHandle | None = None

    def wake(self) -> None:
        """Something new was promised."""
        self._awake.set()

    def look_again(self) -> None:
        """Something stays where it is: look through the whole queue, and for what is under way and in nobody's hand."""
        self._last_id = 0
        self._recovered = False
        self.wake()

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
                outcomes = await self._settle(ended)
                self._take_note(outcomes)
                await self._load()
                begun = await self._begin(taken)
        except BaseException:
            # The rows are as they were. What the lanes believe too early does no harm: `begin` asks the rows.
            self._ended = ended + self._ended
            for queued in taken:
                self._lanes.add(queued)
                self._lanes.free(queued)
            raise
        self._count(outcomes)
        self._in_hand |= {delivery.id for delivery in begun}
        for delivery in begun:
            task = asyncio.create_task(self._deliver(delivery))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        return bool(self._under_way or self._ended)

    async def _begin(self, taken: list[Queued]) -> list[Delivery]:
        """As many as the window has room for; `taken` grows by each that left its lane. What was called back meanwhile
        is passed over, and costs no pace: a correction is not late for all the copies that it spared."""
        begun: list[Delivery] = []
        now = self._clock.monotonic()
        while fresh := self._lanes.take(now, WINDOW - len(self._under_way) - len(begun)):
            taken += fresh
            started = await self._store.sending.begin([queued.id for queued in fresh], self._clock.now())
            begun += started
            under_way = {delivery.id for delivery in started}
            for queued in fresh:
                if queued.id not in under_way:
                    taken.remove(queued)
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
        times = [at for at in (self._lanes.next_at(), self._spacing.next_at()) if at is not None]
        at = None if full else min(times, default=None)
        wait = None if at is None else max(0.0, at - self._clock.monotonic())
        with suppress(TimeoutError):
            await asyncio.wait_for(self._awake.wait(), wait)

    async def _finish(self) -> None:
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=GRACE_SECONDS)
        for task in self._under_way:
            task.cancel()
        async with self._store.transaction():
            outcomes = await self._settle(self._ended)
        self._ended = []
        self._count(outcomes)

    async def _recover(self) -> None:
        """What the last run was sending when it died is in doubt."""
        async with self._store.transaction():
            sending = await self._store.sending.interrupted(self._channel.name)
            interrupted = [delivery for delivery in sending if delivery.id not in self._in_hand]
            outcomes = await self._settle([_Ended(delivery, Doubt("interrupted")) for delivery in interrupted])
        self._recovered = True
        self._count(outcomes)
        if interrupted:
            log.warning("deliveries_in_doubt", channel=self._channel.name, count=len(interrupted))

    async def _load(self) -> None:
        for queued in await self._store.sending.queued_since(self._last_id, self._channel.name):
            self._last_id = queued.id
            if not self._spacing.keeps(queued, self._clock.monotonic()):
                self._lanes.add(queued)
        for queued in self._spacing.over(self._clock.monotonic()):
            self._lanes.add(queued)

    async def _deliver(self, delivery: Delivery) -> None:
        said: str | Exception | None
        reached(Point.SENDING)
        try:
            # What stands nowhere needs no taking down.
            needless = isinstance(delivery.out, Withdraw) and delivery.edits is None
            said = None if needless else await self._channel.deliver(_marked(delivery), delivery.edits)
        except (Later, Never, Doubt, Moved, CardGone) as error:
            said = error
        except Exception as error:
            log.exception("delivery_broke", channel=self._channel.name, id=delivery.id)
            said = Doubt(type(error).__name__)
        reached(Point.ANSWERED)
        self._ended.append(_Ended(delivery, said))
        if len(self._ended) >= WINDOW // 2 or len(self._under_way) == 1:
            self._awake.set()
        elif self._lingering is None:
            self._lingering = asyncio.get_running_loop().call_later(LINGER_SECONDS, self._awake.set)

    async def _settle(self, ended: list[_Ended]) -> list[Settled]:
        outcomes = [await self._judge.judge(entry.delivery, entry.said) for entry in ended]
        if outcomes:
            await self._store.sending.settle(outcomes, self._clock.now())
        return outcomes

    def _take_note(self, outcomes: list[Settled]) -> None:
        """Their lanes are free, and what was not delivered waits in them again, before all that came later."""
        for outcome in outcomes:
            queued = _queued(outcome.delivery)
            if outcome.state == "queued":
                self._lanes.add(queued)
            elif outcome.state == "sent":
                self._spacing.said(outcome.delivery, self._clock.monotonic())
            else:
                log.warning("undelivered", id=queued.id, state=outcome.state, reason=outcome.reason)
            self._lanes.free(queued)
            if outcome.moved_to:
                self._lanes.move(queued.chat.chat, outcome.moved_to)

    def _count(self, outcomes: list[Settled]) -> None:
        """What the disk has taken down of them counts."""
        for outcome in outcomes:
            self._in_hand.discard(outcome.delivery.id)
            DELIVERIES.labels(self._channel.name, outcome.delivery.promise.value, outcome.state).inc()


def _queued(delivery: Delivery) -> Queued:
    out = delivery.out
    press = out.press if isinstance(out, Answer) else None
    return Queued(delivery.id, out.to, press, delivery.promise, getattr(out, "card", None))


def _marked(delivery: Delivery) -> Outgoing:
    """A message that may have arrived before says so."""
    out = delivery.out
    if not isinstance(out, Send) or not delivery.doubts:
        return out
    return replace(out, text=_("【重发】") + out.text)
