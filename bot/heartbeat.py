"""A sign of life for a machine elsewhere that calls somebody when it stays away."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import structlog

from bot.proxy import proxy_for

PATIENCE_SECONDS = 10.0
"""For the answer of the service that counts the beats; the next one comes in a minute."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Heartbeat:
    file: Path | None = None
    url: str | None = None
    """Whoever knows it can fake a beat: it goes to no log."""

    async def beat(self) -> None:
        """All is well. What cannot be reached hears of the next beat, or does not and says so."""
        if self.file:
            try:
                await asyncio.to_thread(_touch, self.file)
            except OSError as error:
                log.error("heartbeat_not_written", error=error.strerror)
        if self.url:
            try:
                await _call(self.url)
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                log.warning("heartbeat_not_heard", error=type(error).__name__)


def _touch(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()


async def _call(url: str) -> None:
    patience = aiohttp.ClientTimeout(PATIENCE_SECONDS)
    async with (
        aiohttp.ClientSession(timeout=patience, proxy=proxy_for(url)) as session,
        session.get(url) as answer,
    ):
        answer.raise_for_status()
