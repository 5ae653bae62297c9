"""When Telegram does not answer as it should: what is wrong is said, and how long to wait grows."""

from dataclasses import dataclass

import structlog
from telegram.error import Conflict, InvalidToken, TelegramError

from bot.channels import Health
from bot.channels.backoff import growing
from bot.channels.telegram.transport import Flooded
from bot.clock import Clock

TOKEN_REFUSED = "the token was refused"  # noqa: S105 -- a sentence
ELSEWHERE = "another program listens with this token"

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
    """Between two tries with a token that was refused, and between two looks at whether the webhook still stands."""


class Outages:
    def __init__(self, clock: Clock, health: Health, rhythm: Rhythm) -> None:
        self._clock = clock
        self._health = health
        self._rhythm = rhythm
        self._failures = 0

    def over(self) -> None:
        """Telegram answered, and nothing is unheard."""
        self._failures = 0
        self._health.heard_at = self._clock.now()
        self._health.trouble = None

    def refused(self) -> None:
        """The token is not taken; asking goes on, slowly, for somebody may put it right."""
        self._health.trouble = TOKEN_REFUSED

    def elsewhere(self, why: str = "another webhook is set") -> None:
        """A second program has this token. Fighting it would make both deaf by turns."""
        self._health.trouble = ELSEWHERE
        log.error("telegram_listened_to_elsewhere", why=why)

    def wait_after(self, error: Exception) -> float:
        """Say what is wrong, and how long to wait."""
        self._failures += 1
        wait = growing(self._failures, self._rhythm.first_wait, self._rhythm.longest_wait)
        match error:
            case Flooded():
                wait = max(wait, error.seconds)
                log.warning("telegram_flooded", wait=wait)
            case InvalidToken():
                wait = self._rhythm.probe
                self.refused()
                log.error("telegram_token_refused", wait=wait)
            case Conflict():
                self.elsewhere(str(error))
            case TelegramError():
                log.warning("telegram_unreachable", why=str(error), failures=self._failures, wait=wait)
            case _:
                log.error("updates_not_kept", exc_info=error, failures=self._failures)
        return wait
