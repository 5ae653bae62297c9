"""Flooding: who says more than the bot can answer is slowed, evenly and only as long as it takes."""

from dataclasses import dataclass, replace

from domain.chat import Medium, Said
from domain.kinds import Kinds, Urgency
from domain.reading import Reading

MINUTE = 60.0

LONGEST_WAIT = 3600.0
"""Seconds. What waits longer than an hour has been forgotten by whoever said it; then it is better said late and
all at once than not at all."""


@dataclass(frozen=True)
class Limits:
    """Messages a minute that the bot answers to."""

    per_person: int = 10
    """One every six seconds: nobody types faster, and what a leader works off in words stays below it."""
    per_group: int = 60
    """One a second: five hundred people who answer 收到 within ten minutes stay below it."""


@dataclass(frozen=True)
class Bucket:
    """Holds a minute's worth and fills up evenly. `paid_until` is when it is full again; `slowed` whether somebody had
    to wait since it last was; `album` the pictures that were taken as one message last. Times are seconds that never
    jump."""

    paid_until: float = float("-inf")
    slowed: bool = False
    album: str | None = None

    def knows(self, now: float) -> bool:
        """Whether its owner was told already of being slowed."""
        return self.slowed and self.paid_until > now

    def take(self, per_minute: int, now: float, album: str | None = None) -> tuple["Bucket", float]:
        """The bucket after one more message, and how long that message has to wait, which keeps their order."""
        if album is not None and album == self.album:
            return self, self._wait(now)
        fresh = self if self.paid_until > now else Bucket()
        paid = max(fresh.paid_until, now) + MINUTE / per_minute
        taken = replace(fresh, paid_until=min(paid, now + MINUTE + LONGEST_WAIT), album=album)
        wait = taken._wait(now)
        return replace(taken, slowed=fresh.slowed or wait > 0), wait

    def _wait(self, now: float) -> float:
        # A millionth of a second is nobody's flood; it is how sums of fractions go.
        wait = self.paid_until - now - MINUTE
        return wait if wait > 1e-6 else 0.0


def is_emergency(said: Said, reading: Reading, kinds: Kinds) -> bool:
    """Whether this must not wait, whoever said how much before it. What a voice says nobody can read."""
    if reading.danger or any(kept.medium is Medium.VOICE for kept in said.attachments):
        return True
    return reading.kind is not None and kinds[reading.kind].urgency is not Urgency.ROUTINE
