"""What people say on Telegram, kept before Telegram is told that it came: a crash loses nothing, an outage ends."""

import asyncio
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from telegram.error import Conflict, InvalidToken, NetworkError, TelegramError

from bot.channels import Receive
from bot.channels.telegram.files import CHANNEL
from bot.channels.telegram.translate import UPDATES
from bot.channels.telegram.transport import Api, Flooded
from bot.clock import Clock
from storage.inbox import Arrival

BATCH = 100
"""Updates in one answer (Bot API: getUpdates), and so in one commit."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Rhythm:
    """How often Telegram is asked, in seconds."""

    poll: int = 50
    """How long Telegram holds a question open while there is nothing; its server allows no more."""
    margin: float = 10.0
    """On top of it, before the line counts as dead."""
    first_wait: float = 0.5
    longest_wait: float = 30.0
    """Between two tries: it doubles from the one to the other."""
    probe: float = 60.0
    """Between two tries with a token that was refused."""


class Poller:
    """Asks for updates until cancelled. No error ends it: a bot that hears nothing and says so nowhere is the worst."""

    def __init__(self, api: Api, clock: Clock, rhythm: Rhythm) -> None:
        self._api = api
        self._clock = clock
        self._rhythm = rhythm
        self._failures = 0
        self._unconfirmed: int | None = None
        self.last_poll_at: float | None = None
        """When Telegram last answered, by the clock that never jumps."""
        self.bot_name = ""
        """How commands address this bot; Telegram is asked for it before anything else."""

    async def run(self, receive: Receive) -> None:
        while True:
            try:
                await self._poll(receive)
            except Exception as error:  # noqa: BLE001 -- whatever it is, the next question must be asked
                await asyncio.sleep(self._trouble(error))

    async def _poll(self, receive: Receive) -> None:
        """Ask, keep, and only then let go of: the next question confirms what this one brought.

        Without anything to confirm it is asked without an offset. After a week of silence Telegram's numbers begin
        anew at random (https://core.telegram.org/bots/api#update), and an old offset might pass over the new ones."""
        if not self.bot_name:
            self.bot_name = str((await self._api.call("getMe", {}))["username"])
        asked = {"timeout": self._rhythm.poll, "limit": BATCH, "allowed_updates": UPDATES}
        if self._unconfirmed is not None:
            asked["offset"] = self._unconfirmed + 1
        updates = await self._api.call("getUpdates", asked, self._rhythm.poll + self._rhythm.margin)
        arrivals = _arrivals(updates)
        self.last_poll_at = self._clock.monotonic()
        if arrivals:
            await receive(arrivals)
        self._unconfirmed = int(arrivals[-1].update_id) if arrivals else None
        self._failures = 0

    def _trouble(self, error: Exception) -> float:
        """Say what is wrong, and how long to wait."""
        self._failures += 1
        doubled = self._rhythm.first_wait * (1 << min(self._failures - 1, 10))
        # Jitter: not every bot of a town comes back in the same second after an outage.
        wait: float = min(doubled, self._rhythm.longest_wait) * random.uniform(0.5, 1.0)  # noqa: S311
        match error:
            case Flooded():
                wait = max(wait, error.seconds)
                log.warning("telegram_flooded", wait=wait)
            case InvalidToken():
                wait = self._rhythm.probe
                log.error("telegram_token_refused", wait=wait)
            case Conflict():
                # A second poller with this token, or a webhook. Fighting it would make both deaf by turns.
                log.error("telegram_polled_elsewhere", why=str(error), wait=wait)
            case TelegramError():
                log.warning("telegram_unreachable", why=str(error), failures=self._failures, wait=wait)
            case _:
                log.error("updates_not_kept", exc_info=error, failures=self._failures)
        return wait


def _arrivals(updates: Any) -> Sequence[Arrival]:
    """Their JSON in ASCII: half an emoji, which JSON may carry and a database may not, stays written out in it."""
    try:
        return [
            Arrival(CHANNEL, str(int(update["update_id"])), json.dumps(update, separators=(",", ":")))
            for update in updates
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise NetworkError("an answer that is not a list of updates") from error
