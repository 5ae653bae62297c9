"""What time it is: the one place that asks the machine. A demo's clock may run faster than the wall's."""

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """The neighbourhood's time: deadlines, logs, cards."""

    def monotonic(self) -> float:
        """Seconds that never jump and never run fast: the pace of a service, the wait before a retry."""


class SystemClock:
    def __init__(self, speed: float = 1.0) -> None:
        self._speed = speed
        self._started = datetime.now(UTC)

    def now(self) -> datetime:
        wall = datetime.now(UTC)
        return wall if self._speed == 1.0 else self._started + (wall - self._started) * self._speed

    def monotonic(self) -> float:
        return time.monotonic()
