"""How fast the pump delivers where nothing limits it, each state on the disk, against the library by itself."""

import asyncio
import statistics
import tempfile
import time
from pathlib import Path

import uvloop
from telegram import Bot

from bench import Figure
from bench.service import service
from bot.channels.telegram import TelegramChannel
from bot.clock import SystemClock
from bot.pump import WINDOW, Pump
from domain.chat import Attachment, Promise
from domain.pace import Pace
from storage.store import Store
from tests.faults.promises import TEXT, groups, to_all
from tests.standin.telegram import TOKEN

MESSAGES = 3_000
ROUNDS = 3


async def _nothing(_picture: Attachment) -> bytes:
    raise NotImplementedError


async def _pumped(base_url: str, path: Path) -> float:
    """Messages a second, from the promise to the last row that says `sent`."""
    store, clock = await Store.open(path), SystemClock()
    channel = TelegramChannel(TOKEN, base_url, Pace(), clock, _nothing)
    pump = Pump(channel, store, clock, asyncio.Event())
    async with store.transaction():
        store.outbox.add(to_all(groups(MESSAGES), Promise.LIFE), clock.now())
    began = time.perf_counter()
    running = asyncio.create_task(pump.run())
    while True:
        await asyncio.sleep(0.05)
        async with store.transaction():
            if await store.outbox.count("sent") == MESSAGES:
                break
    seconds = time.perf_counter() - began
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await channel.close()
    await store.close()
    return MESSAGES / seconds


async def _sent(base_url: str) -> float:
    """The library with its default transport, as many under way at once as the pump has."""
    waiting = iter(groups(MESSAGES))

    async def send() -> None:
        for chat in waiting:
            await bot.send_message(chat, TEXT)

    async with Bot(TOKEN, base_url) as bot:
        began = time.perf_counter()
        await asyncio.gather(*(send() for _n in range(WINDOW)))
        return MESSAGES / (time.perf_counter() - began)


def throughput() -> list[Figure]:
    ours, theirs = [], []
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        for _round in range(ROUNDS):
            with tempfile.TemporaryDirectory() as directory, service() as telegram:
                ours.append(runner.run(_pumped(telegram.base_url, Path(directory) / "bench.db")))
            with service() as telegram:
                theirs.append(runner.run(_sent(telegram.base_url)))
    ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
    what = (
        f"the pump ({statistics.median(ours):.0f}/s, each state on the disk) against Bot.send_message "
        f"({statistics.median(theirs):.0f}/s), {WINDOW} in flight"
    )
    return [(what, f"{ratio:.2f} times", ">= 2 times")]
