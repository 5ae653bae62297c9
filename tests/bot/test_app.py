"""The house as a whole, without any channel."""

import asyncio
from datetime import timedelta

from bot.app import KEEP_HANDLED, App
from bot.clock import SystemClock
from domain.settings import Settings
from storage.inbox import Arrival
from storage.store import Store
from tests.fresh import new_store
from tests.town import recogniser_of


async def test_what_is_long_past_is_forgotten_as_soon_as_the_house_opens() -> None:
    store, clock = await new_store(), SystemClock()
    async with store.transaction():
        await store.inbox.store([Arrival("town", "1", "{}")], clock.now() - KEEP_HANDLED - timedelta(days=1))
        await store.inbox.done([1])
    running = asyncio.create_task(App(store, Settings(), clock, recogniser=recogniser_of(Settings().kinds)).run())
    async with asyncio.timeout(20):
        while await _kept(store):  # noqa: ASYNC110 -- nothing tells when it is done
            await asyncio.sleep(0.01)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await store.close()


async def _kept(store: Store) -> int:
    async with store.transaction():
        row = await store.db.one("SELECT count(*) FROM inbox")
    return int(row[0]) if row else 0
