"""The running thing, wired in one place: read it from top to bottom to see how the house is built."""

import asyncio
import signal
import sqlite3
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import timedelta
from typing import Any

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

import handlers
from bot.audit import Auditor
from bot.channels import Channel
from bot.clock import Clock
from bot.dispatch import BATCH, Dispatcher
from bot.heartbeat import Heartbeat
from bot.pump import Pump
from domain.settings import Settings
from handlers.digest import set_hours
from handlers.routing import LOOSE_FOR, Routes
from lexicon.recogniser import Recogniser
from storage.database import is_out_of_order
from storage.store import Store

TICK_SECONDS = 1.0
"""How often the clock looks for passed deadlines: one look into an index."""

KEEP_HANDLED = timedelta(days=30)
"""How long handled updates' ids, delivered messages' records and the bot's own pictures are kept: Telegram repeats no
update after a day, and restarts its numbers after a week of silence (https://core.telegram.org/bots/api#update)."""

RETRY_SECONDS = 1.0
"""Between two tries while the disk is out of order."""

Work = Callable[[], Coroutine[Any, Any, None]]

log = structlog.get_logger()


class App:
    """Channels, the dispatcher, a pump for each channel, the clock, and the auditor."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        clock: Clock,
        tick_seconds: float = TICK_SECONDS,
        recogniser: Recogniser | None = None,
        heartbeat: Heartbeat = Heartbeat(),  # noqa: B008 -- frozen
    ) -> None:
        self.store = store
        self.clock = clock
        self._settings = settings
        self._tick_seconds = tick_seconds
        self._ticked_at = clock.monotonic()
        self.channels: list[Channel] = []
        self._beside: list[Work] = []
        self._pumps: list[Pump] = []
        recogniser = recogniser or Recogniser(settings.kinds)
        self.dispatcher = Dispatcher(store, settings, clock, Routes(handlers.FEATURES), recogniser, {})
        self.auditor = Auditor(store, settings, clock, self.channels, self._mend, heartbeat)

    def add(self, channel: Channel) -> None:
        """Before `run`."""
        self.channels.append(channel)
        self._pumps.append(Pump(channel, self.store, self.clock, self.dispatcher.heard))
        self.dispatcher.understand(channel.name, channel.translate)
        if channel.changes_every is not None:
            self.store.outbox.said_anew.add(channel.name)

    def run_beside(self, work: Work) -> None:
        """Before `run`: as long as the house is open, this goes on too."""
        self._beside.append(work)

    def tick_age(self) -> float:
        """Seconds since the clock last looked for deadlines."""
        return self.clock.monotonic() - self._ticked_at

    async def run(self) -> None:
        """Until cancelled; then what is under way is delivered, and nothing new is begun."""
        scheduler = AsyncIOScheduler()
        scheduler.add_job(self._tick, "interval", seconds=self._tick_seconds, max_instances=1, coalesce=True)
        # At once as well: a bot that is started anew every night would never come to it.
        scheduler.add_job(self._forget, "interval", hours=24, next_run_time=self.clock.now(), misfire_grace_time=None)
        scheduler.add_job(self._set_hours, next_run_time=self.clock.now(), misfire_grace_time=None)
        scheduler.start()
        try:
            async with asyncio.TaskGroup() as house:
                house.create_task(self._handle())
                for pump in self._pumps:
                    house.create_task(pump.run())
                for channel in self.channels:
                    house.create_task(channel.run(self.dispatcher.receive))
                for work in (self.auditor.run, *self._beside):
                    house.create_task(work())
        finally:
            scheduler.shutdown(wait=False)
            for channel in self.channels:
                await channel.close()

    async def _handle(self) -> None:
        """What came in, as it comes; what waited since the last run, first."""
        self.dispatcher.heard.set()
        while True:
            await self.dispatcher.heard.wait()
            self.dispatcher.heard.clear()
            try:
                while await self.dispatcher.handle_waiting():
                    self._wake_pumps()
            except sqlite3.Error as error:
                await self._wait_for_disk(error)
                self.dispatcher.heard.set()

    async def _tick(self) -> None:
        try:
            while await self.dispatcher.handle_due() == BATCH:
                self._wake_pumps()
                self._ticked_at = self.clock.monotonic()
            self._wake_pumps()
            self._ticked_at = self.clock.monotonic()
        except sqlite3.Error as error:
            await self._wait_for_disk(error)

    async def _mend(self, anew: bool) -> None:
        """The auditor found something left behind: whoever should have seen to it does so now."""
        self.dispatcher.heard.set()
        if anew:
            for pump in self._pumps:
                pump.look_again()
        await self._tick()

    async def _set_hours(self) -> None:
        async with self.store.transaction():
            await set_hours(self.store, self._settings, self.clock.now())

    async def _forget(self) -> None:
        before = self.clock.now() - KEEP_HANDLED
        async with self.store.transaction():
            await self.store.inbox.forget(before)
            await self.store.outbox.forget(before)
            await self.store.threads.forget_loose(self.clock.now() - LOOSE_FOR)
            await self.store.drafts.forget(self.clock.now())
            await self.store.files.forget(before)

    async def _wait_for_disk(self, error: sqlite3.Error) -> None:
        """Nothing is lost while the disk is full or the file locked: it waits where it is."""
        if not is_out_of_order(error):
            raise error
        log.error("storage_out_of_order", error=error.sqlite_errorname)
        await asyncio.sleep(RETRY_SECONDS)

    def _wake_pumps(self) -> None:
        for pump in self._pumps:
            pump.wake()


async def run_until_told(app: App) -> None:
    """Run until SIGTERM or Ctrl-C, then stop gracefully."""
    running = asyncio.ensure_future(app.run())
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        # Windows' loop has no signal handlers; there Ctrl-C cancels the task by itself.
        with suppress(NotImplementedError):
            loop.add_signal_handler(number, running.cancel)
    try:
        await running
    except asyncio.CancelledError:
        return
    except ExceptionGroup as broken:
        # What stops the house is one thing, and is said as that: the others were cancelled because of it.
        raise broken.exceptions[0] from None
