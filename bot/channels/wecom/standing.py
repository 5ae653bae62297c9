"""How the bot stands with WeCom: what is wrong is said, and how long to wait grows."""

from dataclasses import dataclass

import aiohttp
import structlog

from bot.channels import Doubt, Health
from bot.channels.backoff import growing
from bot.channels.wecom.line import Cut, Declined
from bot.clock import Clock

SECRET_REFUSED = "the bot id or the secret was refused"  # noqa: S105 -- a sentence
ELSEWHERE = "another program holds this bot"

INVALID_SECRET = 853000
"""What WeCom answers to a wrong bot id or secret."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Rhythm:
    """In seconds."""

    ping: float = 30.0
    """How often the line is tried (WeCom's advice; it hangs up on who keeps silent)."""
    answer: float = 10.0
    """For an answer. Longer than the 5 of WeCom's own clients: giving up early leaves a delivered message in doubt."""
    connect: float = 10.0
    first_wait: float = 1.0
    longest_wait: float = 30.0
    """Between two tries: it doubles from the one to the other. WeCom counts who subscribes too often."""
    probe: float = 60.0
    """Between two tries with a secret that was refused, or while another process on this machine holds the bot."""
    steady: float = 30.0
    """A line that stood so long was a good one: the next wait is short again."""


class Standing:
    def __init__(self, clock: Clock, health: Health, rhythm: Rhythm) -> None:
        self._clock = clock
        self._health = health
        self._rhythm = rhythm
        self._failures = 0
        self._stands_since: float | None = None

    def up(self) -> None:
        """Subscribed."""
        self._stands_since = self._clock.monotonic()
        self._health.trouble = None
        self.heard()
        log.info("wecom_connected")

    @property
    def refused(self) -> bool:
        """Whether a person has to put something right first."""
        return self._health.trouble is not None

    def heard(self) -> None:
        """WeCom answered: whatever was said until now has come."""
        self._health.heard_at = self._clock.now()

    def elsewhere(self, why: str) -> None:
        """A second program has this bot. Fighting it would make both deaf by turns."""
        self._health.trouble = ELSEWHERE
        log.error("wecom_held_elsewhere", why=why)

    def wait_after(self, error: Exception) -> float:
        """Say what is wrong, and how long to wait."""
        stood, self._stands_since = self._stands_since, None
        if stood is not None and self._clock.monotonic() - stood > self._rhythm.steady:
            self._failures = 0
        self._failures += 1
        wait = growing(self._failures, self._rhythm.first_wait, self._rhythm.longest_wait)
        match error:
            case Declined(code=code) if code == INVALID_SECRET:
                wait = self._rhythm.probe
                self._health.trouble = SECRET_REFUSED
                log.error("wecom_secret_refused", wait=wait)
            case Cut() | Declined() | Doubt() | TimeoutError() | aiohttp.ClientError() | OSError():
                log.warning("wecom_line_lost", why=_in_short(error), failures=self._failures, wait=wait)
            case _:
                log.error("wecom_line_broke", error=type(error).__name__, failures=self._failures, wait=wait)
        return wait


def _in_short(error: Exception) -> str:
    """What went wrong; of what the library says only the kind, for it names addresses."""
    return str(error) if isinstance(error, Cut | Declined | Doubt) else type(error).__name__
