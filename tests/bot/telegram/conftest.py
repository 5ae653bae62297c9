"""A Telegram on loopback, and a channel that talks to it; whatever breaks the Bot API's own description fails."""

from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from bot.channels import Never
from bot.channels.telegram import Called, TelegramChannel
from bot.channels.telegram.outages import Rhythm
from bot.channels.telegram.transport import Patience
from bot.clock import SystemClock
from domain.chat import Attachment
from domain.pace import Pace
from tests.standin.telegram import TOKEN, Telegram

QUICK = Patience(connect=0.5, read=0.3, whole=2.0)
EAGER = Rhythm(poll=1, margin=1.0, first_wait=0.01, longest_wait=0.05, probe=0.05)


def jpeg(**more: Any) -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "JPEG", **more)
    return out.getvalue()


class Shelf:
    """What other channels keep, by its name there; what is not on it is gone."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {"x": jpeg()}
        self.asked = 0
        self.telegram: TelegramChannel | None = None

    async def fetch(self, attachment: Attachment) -> bytes:
        self.asked += 1
        if attachment.channel == "telegram" and self.telegram:
            return await self.telegram.fetch(attachment.file_id)
        if attachment.file_id not in self.kept:
            raise Never("gone")
        return self.kept[attachment.file_id]


@pytest.fixture
async def telegram() -> AsyncIterator[Telegram]:
    service = Telegram()
    await service.start()
    yield service
    await service.stop()
    assert service.violations == []


def channel_to(
    base_url: str, token: str = TOKEN, shelf: Shelf | None = None, called: Called | None = None
) -> TelegramChannel:
    shelf = shelf or Shelf()
    channel = TelegramChannel(
        token, base_url, Pace(), SystemClock(), shelf.fetch, patience=QUICK, rhythm=EAGER, called=called
    )
    shelf.telegram = channel
    return channel


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
async def channel(telegram: Telegram, shelf: Shelf) -> AsyncIterator[TelegramChannel]:
    channel = channel_to(telegram.base_url, shelf=shelf)
    yield channel
    await channel.close()
