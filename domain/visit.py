"""A visit: the mediator sits down with both sides at a time and a place, and notes how it went."""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import Enum

from domain.language import _
from domain.refused import Refused

EVENING_BEFORE = time(18, 0)
"""When people hear of tomorrow's visit: home from work, and early enough to say that they cannot come."""

SHORTLY_BEFORE = timedelta(hours=2)
"""When they hear of it instead where the evening before is over."""

NOTE_AFTER = timedelta(hours=3)
"""A visit is over by then; the mediator is asked how it went."""

ASK_AGAIN = timedelta(days=1)
MOST_ASKS = 3
"""Times a mediator is asked for one note; more is nagging somebody unpaid."""

FURTHEST = timedelta(days=60)
"""Twice the month in which a mediation is usually over (domain/mediation.py): later is a slip of the finger."""

MOST_VISITS = 20
"""Of one mediation."""


class Lapse(Enum):
    """What a visit's deadline means when it passes."""

    REMIND = "remind"
    ASK = "ask"
    WAIT = "wait"


@dataclass(frozen=True)
class Visit:
    """`due_at` is when the next word about it is owed: the reminder, then the question how it went."""

    mediation: int
    at: datetime
    place: str
    due_at: datetime | None
    id: int = 0
    asked: int = 0
    note: str = ""

    def moved(self, at: datetime, place: str, now: datetime) -> "Visit":
        """改时间: those who knew of the old time are reminded of the new one."""
        planned = plan(self.mediation, at, place or self.place, now)
        return replace(planned, id=self.id)

    def noted(self, note: str) -> "Visit":
        return replace(self, note=f"{self.note}\n{note}" if self.note else note, due_at=None)

    def dropped(self) -> "Visit":
        """The mediation ended before it."""
        return replace(self, due_at=None)

    def lapse(self, now: datetime) -> tuple["Visit", Lapse]:
        if now < self.at:
            return replace(self, due_at=self.at + NOTE_AFTER), Lapse.REMIND
        if now < self.at + NOTE_AFTER:
            return replace(self, due_at=self.at + NOTE_AFTER), Lapse.WAIT
        asked = self.asked + 1
        return replace(self, asked=asked, due_at=now + ASK_AGAIN if asked < MOST_ASKS else None), Lapse.ASK


def plan(mediation: int, at: datetime, place: str, now: datetime) -> Visit:
    """A new visit; `at` is in the village's own time, so that an evening is an evening there."""
    if at <= now:
        raise Refused(_("这个时间已经过了。请写以后的时间，例如：明天下午3点 村委会"))
    if at > now + FURTHEST:
        raise Refused(_("最远约到 {days} 天以后。请写近一点的时间。").format(days=FURTHEST.days))
    return Visit(mediation, at, place, _remind_at(at, now))


def _remind_at(at: datetime, now: datetime) -> datetime:
    """The evening before, else shortly before; where both are past, everybody has just been told."""
    evening = datetime.combine(at.date() - timedelta(days=1), EVENING_BEFORE, at.tzinfo)
    return next((moment for moment in (evening, at - SHORTLY_BEFORE) if moment > now), at + NOTE_AFTER)
