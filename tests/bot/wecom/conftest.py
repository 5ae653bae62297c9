"""A WeCom on loopback, a channel that talks to it, and a little house that hears by it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.channels import Never
from bot.channels.wecom import WeComChannel
from bot.channels.wecom.standing import Rhythm
from bot.clock import Clock, SystemClock
from domain.chat import Attachment
from storage.inbox import Arrival
from storage.store import Store
from tests.bot.telegram.conftest import jpeg
from tests.fresh import new_file
from tests.standin.wecom import WeCom

EAGER = Rhythm(ping=0.05, answer=0.3, connect=1.0, first_wait=0.01, longest_wait=0.05, probe=0.05, steady=30.0)
GROUP = "wrkSFfCgAAxyz"


@pytest.fixture
async def wecom() -> AsyncIterator[WeCom]:
    service = WeCom()
    await service.start()
    yield service
    await service.stop()
    assert service.violations == []
    assert service.guessed == 0, "chat_type is never left out"


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = await Store.open(new_file(tmp_path / "village.db"))
    yield store
    await store.close()


class Shelf:
    """What other channels keep; what is not on it is gone."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {"x": jpeg()}
        self.wecom: WeComChannel | None = None

    async def fetch(self, attachment: Attachment) -> bytes:
        if attachment.channel == "wecom" and self.wecom:
            return await self.wecom.fetch(attachment.file_id)
        if attachment.file_id not in self.kept:
            raise Never("gone")
        return self.kept[attachment.file_id]


def channel_to(
    wecom: WeCom, store: Store, secret: str = "", clock: Clock | None = None, rhythm: Rhythm = EAGER
) -> WeComChannel:
    shelf, secret, clock = Shelf(), secret or wecom.secret, clock or SystemClock()
    shelf.wecom = WeComChannel(wecom.bot_id, secret, wecom.url, store, clock, shelf.fetch, rhythm=rhythm)
    return shelf.wecom


class Hearing:
    """What came in, as the house would have it on its disk."""

    def __init__(self) -> None:
        self.arrivals: list[Arrival] = []
        self.fails = 0

    async def __call__(self, arrivals: Sequence[Arrival]) -> None:
        if self.fails:
            self.fails -= 1
            raise OSError("no space left")
        self.arrivals += arrivals


@asynccontextmanager
async def connected(channel: WeComChannel, wecom: WeCom) -> AsyncIterator[Hearing]:
    """The channel runs, and the service knows it."""
    hearing = Hearing()
    running = asyncio.create_task(channel.run(hearing))
    try:
        async with asyncio.timeout(10):
            while wecom.live is None:  # noqa: ASYNC110 -- the stand-in knows nothing of those who watch it
                await asyncio.sleep(0.005)
        yield hearing
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await channel.close()


@pytest.fixture
async def channel(wecom: WeCom, store: Store) -> AsyncIterator[WeComChannel]:
    channel = channel_to(wecom, store)
    async with connected(channel, wecom):
        yield channel
