"""The faults' dice, and a house to hurt."""

import os
import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.faults.house import House
from tests.faults.post import Post
from tests.fresh import new_store
from tests.standin.telegram import Telegram
from tests.town import Clock

SEED = int(os.environ.get("FAULTS_SEED", "1"))
"""One and the same in the suite; `make soak` throws others, and prints them."""


@pytest.fixture
def dice(request: pytest.FixtureRequest) -> random.Random:
    """The same seed and the same story fall the same way, in whatever order the stories are told."""
    return random.Random(f"{SEED} {request.node.nodeid}")


@pytest.fixture
async def telegram() -> AsyncIterator[Telegram]:
    service = Telegram()
    await service.start()
    yield service
    await service.stop()
    assert service.violations == []


@pytest.fixture
async def house(telegram: Telegram, tmp_path: Path) -> AsyncIterator[House]:
    house = House(tmp_path, telegram)
    await house.build()
    yield house
    house.end()


@pytest.fixture
async def post(telegram: Telegram) -> AsyncIterator[Post]:
    store, clock = await new_store(), Clock()
    telegram.now, telegram.enforce_limits = clock.monotonic, True
    post = Post(store, telegram, clock)
    yield post
    await post.channel.close()
    await store.close()
