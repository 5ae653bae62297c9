"""Named points at which a test can make the bot die as by a power cut, to prove that nothing is lost there."""

import os
import signal
from enum import StrEnum

VARIABLE = "GRIDBOT_FAILPOINT"
"""`stored:3` dies at the third time that point is reached. Read once, at the start; unset, no point does anything."""


class Point(StrEnum):
    STORED = "stored"
    """What came in is on the disk, and the service has not been told."""
    HANDLING = "handling"
    """Handled and answered, and not committed."""
    HANDLED = "handled"
    """Committed, and nobody has heard."""
    SENDING = "sending"
    """Marked as under way, and no byte has left."""
    ANSWERED = "answered"
    """The service has it, and the disk does not know."""
    MIGRATING = "migrating"
    """The tables are new, and the number of the file is old."""


_left: dict[Point, int] = {}


def arm(setting: str | None) -> None:
    """A name that is no point's is an error, or a test would prove nothing."""
    if setting:
        name, _colon, times = setting.partition(":")
        _left[Point(name)] = int(times or 1)


def reached(point: Point) -> None:
    """Die here, if it is time."""
    if point in _left:
        _left[point] -= 1
        if not _left[point]:
            os.kill(os.getpid(), signal.SIGKILL)
