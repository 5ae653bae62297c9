"""The log of a case: every step, with who and when."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.people import Who


class Event(StrEnum):
    """What a line of a case's log can say. Each is one transition of `domain/case.py`."""

    REPORTED = "reported"
    ACKNOWLEDGED = "acknowledged"
    ASSIGNED = "assigned"
    ESCALATED = "escalated"
    CLIMBED = "climbed"
    REMINDED = "reminded"
    RESOLVED = "resolved"
    RATED = "rated"
    CLOSED = "closed"
    REOPENED = "reopened"
    MERGED = "merged"
    CANCELLED = "cancelled"
    REHOMED = "rehomed"
    UNREACHED = "unreached"
    ADDED = "added"
    CORRECTED = "corrected"
    CONFIRMED = "confirmed"
    WIDENED = "widened"
    RING_SKIPPED = "ring skipped"
    RENEWED = "renewed"
    SIGHTED = "sighted"
    SET_OUT = "set out"
    SEARCH_OVER = "search over"
    ERASED = "erased"
    INVITED = "invited"
    JOINED = "joined"
    DECLINED = "declined"
    HELPED = "helped"
    NOTED = "noted"
    PLANNED = "planned"
    PROPOSED = "proposed"
    AGREED = "agreed"
    DISAGREED = "disagreed"
    BROKEN = "broken"
    FAILED = "failed"
    GIVEN_BACK = "given_back"
    PUBLISHED = "published"
    GATHERED = "gathered"
    FOLLOWED = "followed"
    HEARD = "heard"
    PARTED = "parted"
    SPLIT = "split"
    ALONE = "alone"
    GREW = "grew"


BY_REPORTER = frozenset({
    Event.REPORTED, Event.ADDED, Event.CORRECTED, Event.RATED, Event.REOPENED, Event.CANCELLED, Event.SPLIT,
    Event.ALONE,
})  # fmt: skip
"""What a reporter does to their own case. Of an anonymous one, the log keeps that it was done and never by whom."""


@dataclass(frozen=True)
class Entry:
    """A line of the log. `by` is None where nobody did it: time did. `words` are people's own and may be erased one
    day; the line itself stays for ever."""

    event: Event
    at: datetime
    by: Who | None
    grid: str
    detail: str = ""
    words: str = ""
