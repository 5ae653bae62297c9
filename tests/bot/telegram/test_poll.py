"""What people say is kept before Telegram is told that it came, and nothing ends the listening."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from bot.channels.telegram import TelegramChannel
from storage.inbox import Arrival
from tests.bot.telegram.conftest import channel_to
from tests.standin.telegram import Fault, Telegram


class Ear:
    """Keeps what it hears; may fail first, as a full disk does."""

    def __init__(self, fails: int = 0) -> None:
        self.heard: list[str] = []
        self.fails = fails
        self.changed = asyncio.Condition()

    async def __call__(self, arrivals: Sequence[Arrival]) -> None:
        if self.fails:
            self.fails -= 1
            raise OSError("disk full")
        async with self.changed:
            self.heard += [arrival.update_id for arrival in arrivals]
            self.changed.notify_all()

    async def until(self, count: int) -> None:
        async with asyncio.timeout(5), self.changed:
            await self.changed.wait_for(lambda: len(self.heard) >= count)


@asynccontextmanager
async def listening(channel: TelegramChannel, ear: Ear) -> AsyncIterator[None]:
    task = asyncio.create_task(channel.run(ear))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_what_is_said_is_heard_once_and_in_order(channel: TelegramChannel, telegram: Telegram) -> None:
    ear = Ear()
    for n in range(150):
        telegram.says(-7, 1, f"第{n}句")
    async with listening(channel, ear):
        await ear.until(150)
        telegram.says(-7, 1, "又一句")
        await ear.until(151)
    assert ear.heard == [str(101 + n) for n in range(151)]
    assert channel.health.heard_at is not None


async def test_the_bot_learns_which_commands_are_its_own_before_it_hears_any(
    channel: TelegramChannel, telegram: Telegram
) -> None:
    theirs, ours = telegram.says(-7, 1, "/help@weather_bot"), telegram.says(-7, 1, "/help@grid_bot")
    ear = Ear()
    async with listening(channel, ear):
        await ear.until(2)
    assert channel.translate(theirs) is None
    assert channel.translate(ours) is not None


async def test_nothing_is_confirmed_that_is_not_kept(channel: TelegramChannel, telegram: Telegram) -> None:
    ear = Ear(fails=3)
    telegram.says(-7, 1, "着火了")
    async with listening(channel, ear):
        await ear.until(1)
        assert telegram.confirmed == 0
    assert (ear.heard, ear.fails) == (["101"], 0)


async def test_what_was_kept_and_not_confirmed_comes_again(telegram: Telegram) -> None:
    telegram.says(-7, 1, "着火了")
    for _life in range(2):
        ear, channel = Ear(), channel_to(telegram.base_url)
        await channel._ear._poll(ear)  # type: ignore[union-attr]
        await channel.close()
        assert ear.heard == ["101"]


@pytest.mark.parametrize("kind", ["unauthorized", "conflict", "gateway", "nonsense", "lost", "flood"])
async def test_a_bad_hour_ends(channel: TelegramChannel, telegram: Telegram, kind: str) -> None:
    telegram.faults.append(Fault(kind, method="getUpdates", times=1 if kind == "flood" else 3, seconds=0))
    telegram.says(-7, 1, "着火了")
    ear = Ear()
    async with listening(channel, ear):
        await ear.until(1)
    assert set(ear.heard) == {"101"}
