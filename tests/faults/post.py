"""The outbox, its pump and the real channel, at a Telegram that keeps its limits; hours pass in a moment."""

import asyncio

from bot.channels.telegram import TelegramChannel
from bot.config import TelegramSection
from bot.pump import Pump
from domain.chat import Outgoing
from storage.store import Store
from tests.bot.telegram.conftest import EAGER, QUICK, Shelf
from tests.standin.telegram import TOKEN, Telegram
from tests.town import Clock


class Post:
    def __init__(self, store: Store, telegram: Telegram, clock: Clock) -> None:
        self.store, self.telegram, self.clock = store, telegram, clock
        pace = TelegramSection().pace
        self.channel = TelegramChannel(
            TOKEN, telegram.base_url, pace, clock, Shelf().fetch, patience=QUICK, rhythm=EAGER
        )
        self.pump = Pump(self.channel, store, clock, asyncio.Event())

    async def promise(self, *outs: Outgoing) -> None:
        async with self.store.transaction():
            self.store.outbox.add(outs, self.clock.now())

    async def until(self, sent: int) -> None:
        """Time passes until the service took so many."""
        while len(self.telegram.sent) < sent:
            await self.step()

    async def passes(self, seconds: float) -> None:
        ends = self.clock.seconds + seconds
        while self.clock.seconds < ends:
            await self.step(ends)
        await self.work()

    async def step(self, ends: float = float("inf")) -> None:
        """To the moment at which the pump would look again."""
        await self.work()
        at = self.pump._lanes.next_at()
        self.clock.seconds = min(ends, max(self.clock.seconds, ends if at is None else at))

    async def work(self) -> None:
        while await self.pump.step():
            await self.pump.landed()

    async def doubts(self) -> dict[int, int]:
        rows = await self.all("SELECT chat, sum(doubts) AS doubts FROM outbox GROUP BY chat")
        return {int(row["chat"]): row["doubts"] for row in rows}

    async def states(self) -> set[str]:
        return {row["state"] for row in await self.all("SELECT DISTINCT state FROM outbox")}

    async def all(self, sql: str) -> list[dict[str, object]]:
        async with self.store.transaction():
            return [dict(row) for row in await self.store.db.all(sql)]
