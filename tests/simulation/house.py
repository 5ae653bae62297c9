"""The bot as a process: it comes up, is stopped in peace or killed between two statements, and comes up again."""

import asyncio
import random
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.app import TICK_SECONDS
from bot.dispatch import BATCH
from domain.chat import Due
from domain.settings import Settings
from storage.database import Database, _prepare, moment
from storage.inbox import Arrival
from storage.store import Store
from tests.fresh import OnTheSpot
from tests.simulation.instant import WallClock
from tests.simulation.line import Line
from tests.town import SOONEST, Town

KEPT_WITHIN = timedelta(seconds=2)
"""How soon after its time a deadline is handled while the bot is up."""

YIELDS = 0.1
"""Before one statement in ten somebody else has their turn: before each would take a third of the time."""


class Killed(BaseException):
    """The process is gone; nobody in it can do anything about that."""


class Mortal(OnTheSpot):
    """A connection that dies with its process: after so many statements more, and then for everybody in it."""

    left: int | None = None
    died: asyncio.Event
    luck: random.Random

    def let_go(self) -> None:
        """The file stays open for the next process."""
        self._connection = None

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if self.left is not None:
            if self.left <= 0:
                self.died.set()
                raise Killed
            self.left -= 1
        if self.luck.random() < YIELDS:
            await asyncio.sleep(0)
        return fn(*args, **kwargs)


class House(Town):
    """A town whose bot works by itself. What people do waits at the service until the bot fetches it."""

    line: Line

    def __init__(self, file: sqlite3.Connection, settings: Settings, line: Line) -> None:
        self._file = file
        self.line = line
        self.connection = Mortal(lambda: file, iter_chunk_size=64)
        file.row_factory = sqlite3.Row
        super().__init__(Store(Database(":memory:", self.connection)), settings, WallClock())
        self.faults: list[str] = []
        """What broke a promise on the way."""
        self.mail: list[Arrival] = []
        self._came = asyncio.Event()
        self._set = asyncio.Event()
        """Some deadline may be sooner than was known."""
        self._awake_since = datetime.min.replace(tzinfo=UTC)
        self._learned: dict[Due, datetime] = {}
        self._work: list[asyncio.Task[None]] = []
        self.up = False

    def answers_to(self, routes: Any) -> None:
        self.channel = self.line
        super().answers_to(routes)

    # -- up and down -----------------------------------------------------------------------------------------------

    async def start(self) -> None:
        self.connection = Mortal(lambda: self._file, iter_chunk_size=64)
        self.connection.died, self.connection.luck = asyncio.Event(), self.line.luck
        await self.connection
        await _prepare(self.connection)
        self.store = Store(Database(":memory:", self.connection))
        self.restart()
        self.dispatcher.heard.set()
        self._awake_since = self.clock.now()
        loops = (self._handle(), self._watch_the_clock(), self._fetch(), self.pump.run())
        self._work = [asyncio.create_task(loop) for loop in loops]
        self.up = True

    async def stop(self) -> None:
        """SIGTERM: what is under way is finished."""
        await self._end()

    async def kill(self, after: int) -> None:
        """kill -9, so many statements from now, or in ten seconds where there are none."""
        self.connection.left = after
        with suppress(TimeoutError):
            await asyncio.wait_for(self.connection.died.wait(), 10)
        self.connection.left = 0
        dying = [*self.pump._under_way, *self._work]
        for task in dying:
            task.cancel()
        await self._end()
        if self._file.in_transaction:
            self._file.rollback()

    async def _end(self) -> None:
        self.up = False
        for task in self._work:
            task.cancel()
        for ended in await asyncio.gather(*self._work, return_exceptions=True):
            if isinstance(ended, BaseException) and not isinstance(ended, Killed | asyncio.CancelledError):
                raise ended
        self.connection.let_go()

    def wall_clock_is_set(self, by: timedelta) -> None:
        self.clock.pass_time(by)
        self._awake_since = self.clock.now()
        self._set.set()

    def read(self, sql: str) -> list[sqlite3.Row]:
        """What is in the file, whether the bot is up or not."""
        return self._file.execute(sql).fetchall()

    # -- what the bot does by itself -------------------------------------------------------------------------------

    async def _handle(self) -> None:
        while True:
            await self.dispatcher.heard.wait()
            self.dispatcher.heard.clear()
            while await self.dispatcher.handle_waiting():
                self.pump.wake()
            self._set.set()

    async def _watch_the_clock(self) -> None:
        """Ticks as the app's do, but for those at which nothing can be due."""
        begun = asyncio.get_running_loop().time()
        while True:
            self._set.clear()
            wait = await self._until_something_is_due(begun)
            try:
                await asyncio.wait_for(self._set.wait(), wait)
            except TimeoutError:
                await self._tick()

    async def _until_something_is_due(self, begun: float) -> float | None:
        async with self.store.transaction():
            row = await self.store.db.one(SOONEST)
        if row is None or row["at"] is None:
            return None
        if moment(row["at"]) < self.clock.now():
            await self._learn_what_is_late_already()
        passed = asyncio.get_running_loop().time() - begun
        due = passed + (moment(row["at"]) - self.clock.now()).total_seconds()
        tick = max(-(-due // TICK_SECONDS), passed // TICK_SECONDS + 1) * TICK_SECONDS
        return tick - passed

    async def _learn_what_is_late_already(self) -> None:
        """What is new may have been due before it was known, such as a summary that could have changed hours ago."""
        async with self.store.transaction():
            for due in await self.store.deadlines.due(self.clock.now(), 1000):
                self._learned.setdefault(due, self.clock.now())

    async def _tick(self) -> None:
        async with self.store.transaction():
            lapsed = await self.store.deadlines.due(self.clock.now(), 1000)
        for due in lapsed:
            if self.clock.now() - max(due.at, self._awake_since, self._learned.get(due, due.at)) > KEPT_WITHIN:
                self.faults.append(f"{due.subject} {due.id} was due at {due.at}, and it is {self.clock.now()}")
        while await self.dispatcher.handle_due() == BATCH:
            self.pump.wake()
        self.pump.wake()

    # -- what people do waits at the service -----------------------------------------------------------------------

    async def repeats(self) -> None:
        if self._last:
            self.mail.append(self._last)
            self._came.set()

    async def settle(self) -> None:
        """The house settles by itself."""

    async def _fetch(self) -> None:
        """Whole batches; the service forgets them when it is told so, and sometimes brings one again."""
        luck = self.line.luck
        while True:
            while self.mail:
                await asyncio.sleep(luck.uniform(0.01, 0.5))
                batch = self.mail[:100]
                await self.dispatcher.receive(batch)
                self.mail = [one for one in batch if self.line.faulty and luck.random() < 0.03] + self.mail[
                    len(batch) :
                ]
            await self._came.wait()
            self._came.clear()
