"""A Telegram on loopback, and a channel that talks to it; whatever breaks the Bot API's own description fails."""

from collections.abc import AsyncIterator

import pytest

from bot.channels.telegram import TelegramChannel
from bot.channels.telegram.poll import Rhythm
from bot.channels.telegram.transport import Patience
from bot.clock import SystemClock
from domain.chat import Attachment
from domain.pace import Pace
from tests.standin.telegram import TOKEN, Telegram

QUICK = Patience(connect=0.5, read=0.3, whole=2.0)
EAGER = Rhythm(poll=1, margin=1.0, first_wait=0.01, longest_wait=0.05, probe=0.05)


async def no_photo(_photo: Attachment) -> bytes:
    return b"\xff\xd8\xff\xd9"


@pytest.fixture
async def telegram() -> AsyncIterator[Telegram]:
    service = Telegram()
    await service.start()
    yield service
    await service.stop()
    assert service.violations == []


def channel_to(base_url: str, token: str = TOKEN) -> TelegramChannel:
    return TelegramChannel(token, base_url, Pace(), SystemClock(), no_photo, patience=QUICK, rhythm=EAGER)


@pytest.fixture
async def channel(telegram: Telegram) -> AsyncIterator[TelegramChannel]:
    channel = channel_to(telegram.base_url)
    yield channel
    await channel.close()
