"""The way of a message through the house: stored, handled in one transaction, its answers promised in the same."""

import asyncio
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import structlog

from bot.channels import Translate
from bot.clock import Clock
from bot.gate import Gate, Slowed
from bot.metrics import HANDLED
from bot.night import spare
from bot.reader import Reader
from bot.replies import acknowledged, apology, to_sender, unrouted
from domain.bundle import bundled
from domain.chat import (
    ChatKind,
    Due,
    Entered,
    Incoming,
    Moved,
    Outgoing,
    Pressed,
    Removed,
    Said,
    Undelivered,
)
from domain.refused import Refused
from domain.settings import Settings
from handlers.routing import Ctx, Route, Routes
from lexicon.recogniser import CAUSES, Recogniser
from storage.database import is_out_of_order
from storage.failpoints import Point, reached
from storage.inbox import Arrival
from storage.store import Store

BATCH = 32
"""Updates handled in one commit: it waits for the disk once for all of them. The pump waits meanwhile."""

STUMBLE = timedelta(hours=1)
"""How long a deadline whose handler failed is left alone, so that one bad row cannot stop the clock."""

log = structlog.get_logger()


class _Apart(Exception):  # noqa: N818 -- not a fault: the batch is handled again, each message for itself
    """A handler of this batch refused or broke."""


class Dispatcher:
    def __init__(
        self,
        store: Store,
        settings: Settings,
        clock: Clock,
        routes: Routes,
        recogniser: Recogniser,
        translate: Mapping[str, Translate],
    ) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock
        self._routes = routes
        self._recogniser = recogniser
        self._reader = Reader(translate, routes, recogniser)
        self._gate = Gate(settings.flood, settings.kinds, recogniser)
        self.heard = asyncio.Event()
        """Something waits in the inbox."""

    def understand(self, channel: str, translate: Translate) -> None:
        """What comes in by this channel is read by its own `translate`."""
        self._reader.understand(channel, translate)

    async def receive(self, arrivals: Sequence[Arrival]) -> None:
        """Keep what came in; when this returns it is on the disk, and the service may be told."""
        async with self._store.transaction():
            await self._store.inbox.store(arrivals, self._clock.now())
        reached(Point.STORED)
        self.heard.set()

    async def handle_waiting(self) -> int:
        """Handle one batch of what waits, in the order it came; how many there were.

        Most batches go through whole. Where a handler refuses or breaks, all is undone and done again with a savepoint
        for each message, so that only what that handler changed is lost."""
        try:
            return await self._handle_batch(apart=False)
        except _Apart:
            return await self._handle_batch(apart=True)

    async def _handle_batch(self, *, apart: bool) -> int:
        try:
            async with self._store.transaction():
                waiting = await self._store.inbox.waiting(2 * BATCH)
                arrivals, ahead = waiting[:BATCH], waiting[BATCH:]
                read = self._reader.read_all(arrivals)
                await self._store.look_ahead([incoming for incoming in read.values() if incoming])
                done = [arrival.seq for arrival in arrivals if await self._handle_arrival(arrival, read, apart)]
                if done:
                    await self._store.inbox.done(done)
                    reached(Point.HANDLING)
        except BaseException:
            self._gate.undo()
            raise
        if arrivals:
            reached(Point.HANDLED)
        self._gate.keep(self._clock.monotonic())
        HANDLED.inc(len(done))
        await self._reader.read_ahead(ahead)
        return len(arrivals)

    async def handle_due(self) -> int:
        """Handle the deadlines that passed, the oldest first; how many there were."""
        now = self._clock.now()
        async with self._store.transaction():
            if await self._store.inbox.let_in(now):
                self.heard.set()
            lapsed = await self._store.deadlines.due(now, BATCH)
            outs = [out for due in lapsed for out in await self._spare(await self._handle_due(due), None)]
            if outs:
                self._store.outbox.add(bundled(outs, await self._store.outbox.standing(outs)), now)
        return len(lapsed)

    async def _handle_arrival(self, arrival: Arrival, read: Mapping[int, Incoming | None], apart: bool) -> bool:
        """Whether it is done with. One that breaks is tried again, and set aside after its third time."""
        try:
            incoming = read[arrival.seq] if arrival.seq in read else self._reader.read(arrival)
            if incoming:
                ctx = self._ctx()
                route = await self._route(incoming, ctx)
                if slowed := self._slows(arrival, incoming, route):
                    await self._slow(arrival, incoming, slowed)
                    return False
                outs = [*await self._overheard(incoming, ctx), *await self._answer(incoming, route, ctx, apart)]
                self._store.outbox.add(await self._spare(outs, incoming), self._clock.now())
        except _Apart:
            raise
        except Exception as error:
            if isinstance(error, sqlite3.Error) and is_out_of_order(error):
                raise
            log.exception("update_broke", channel=arrival.channel, update_id=arrival.update_id)
            if await self._store.inbox.failed(arrival):
                await self._apologise(arrival)
            return False
        return True

    async def _handle_due(self, due: Due) -> list[Outgoing]:
        try:
            async with self._store.savepoint():
                return await self._routes.due(due).handler(due, self._ctx())
        except Exception as error:
            if isinstance(error, sqlite3.Error) and is_out_of_order(error):
                raise
            log.exception("deadline_broke", subject=due.subject, id=due.id)
            await self._store.deadlines.postpone(due, self._clock.now() + STUMBLE)
            return []

    def _slows(self, arrival: Arrival, incoming: Incoming, route: Route | None) -> Slowed | None:
        """Whether this was said too fast. Talk that is the neighbours' own costs nothing, nor does an answer that the
        bot itself asked for, nor a press, nor what hurries."""
        free = route.form or route.at_once if route else incoming.chat_kind is ChatKind.GROUP
        if not isinstance(incoming, Said) or arrival.slowed or free:
            return None
        return self._gate.slows(incoming, self._clock.monotonic())

    async def _slow(self, arrival: Arrival, incoming: Incoming, slowed: Slowed) -> None:
        """It waits its turn in the inbox; whoever floods is told so once."""
        now = self._clock.now()
        await self._store.inbox.slow(arrival, now + timedelta(seconds=slowed.seconds))
        if slowed.told:
            self._store.outbox.add(to_sender(incoming, slowed.told), now)

    async def _overheard(self, incoming: Incoming, ctx: Ctx) -> list[Outgoing]:
        """What somebody's words mean besides what they say. Who they are was looked up with the whole batch."""
        if not isinstance(incoming, Said) or incoming.sender is None:
            return []
        person = await self._store.people.by_account(incoming.sender.account)
        return [out for hearer in self._routes.overhearers if person for out in await hearer(incoming, person, ctx)]

    async def _answer(self, incoming: Incoming, route: Route | None, ctx: Ctx, apart: bool) -> list[Outgoing]:
        if route is None:
            return unrouted(incoming)
        await self._meet(incoming, ctx)
        try:
            if apart:
                async with self._store.savepoint():
                    outs = await route.handler(incoming, ctx)
            else:
                outs = await route.handler(incoming, ctx)
        except Exception as error:
            if isinstance(error, sqlite3.Error) and is_out_of_order(error):
                raise
            if not apart:
                raise _Apart from error
            if isinstance(error, Refused):
                return to_sender(incoming, error.sentence)
            raise
        return [*outs, *acknowledged(incoming, outs)]

    async def _route(self, incoming: Incoming, ctx: Ctx) -> Route | None:
        """Who answers: a word first, then an open question of this person in this chat, then whoever listens."""
        if isinstance(incoming, Pressed):
            return self._routes.pressed(incoming)
        if not isinstance(incoming, Said):
            return await _concerned(self._routes.happens(incoming), incoming, ctx)
        if found := self._routes.spoken(incoming.text):
            ctx.rest = found[1]
            if await _concerned(found[0], incoming, ctx):
                return found[0]
        if incoming.sender:
            draft = await self._store.drafts.get(incoming.chat, incoming.sender.account, ctx.now)
            asked = self._routes.form(draft) if draft else None
            if draft and not (asked and asked.gives_way and self._is_disaster(incoming.text)):
                ctx.draft = draft
                return asked
        return await self._routes.plain(incoming, ctx)

    def _is_disaster(self, text: str) -> bool:
        """Whoever is asked what the lost child wears, and sees fire meanwhile, answers nothing."""
        reading = self._recogniser.read(text)
        return reading.sure and reading.kind in CAUSES

    async def _meet(self, incoming: Incoming, ctx: Ctx) -> None:
        """Where it was said and by whom; whoever says something the bot answers to is remembered."""
        if isinstance(incoming, Undelivered | Removed | Moved | Entered):
            ctx.chat = await self._store.chats.get(incoming.chat)
            return
        ctx.chat = await self._store.chats.meet(incoming.chat, incoming.chat_kind, incoming.chat_title)
        if incoming.sender is None:
            return
        ctx.account = incoming.sender.account
        person = await self._store.people.meet(ctx.account, incoming.sender.name)
        if person.elsewhere:
            await self._store.people.use(ctx.account, self._clock.now())
        ctx.sender = replace(person, owner=ctx.account in self._settings.owners)
        if incoming.chat_kind is ChatKind.PRIVATE:
            await self._store.people.open_private_chat(ctx.account, incoming.chat.chat)

    async def _spare(self, outs: list[Outgoing], incoming: Incoming | None) -> list[Outgoing]:
        return await spare(self._store, self._settings, self._clock.now(), outs, incoming)

    def _ctx(self) -> Ctx:
        return Ctx(self._store, self._settings, self._clock.now(), self._routes, self._recogniser)

    async def _apologise(self, arrival: Arrival) -> None:
        try:
            incoming = self._reader.read(arrival)
        except Exception:  # noqa: BLE001 -- what cannot be read has nobody to be told
            return
        if incoming:
            self._store.outbox.add(apology(incoming), self._clock.now())


async def _concerned(route: Route | None, incoming: Incoming, ctx: Ctx) -> Route | None:
    """Nobody is remembered for talk that is not the bot's business."""
    return route if route and (route.concerns is None or await route.concerns(incoming, ctx)) else None
