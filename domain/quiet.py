"""Quiet hours: what can wait is not said at night; what is said of a danger, or to somebody who just spoke, is."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

from domain.chat import Answer, ChatId, Outgoing, Promise, Send

LOUD = (Promise.LIFE, Promise.CORRECTION)


@dataclass(frozen=True)
class QuietHours:
    """From a time of day to another, by the village's clock; `start` later than `end` means over midnight."""

    start: time = time(22)
    end: time = time(6)

    def until(self, now: datetime, zone: tzinfo) -> datetime | None:
        """When the quiet that reigns now is over; None where there is none. Always later than `now`."""
        local = now.astimezone(zone)
        at, day = local.time().replace(tzinfo=None), local.date()
        if not self.holds(at):
            return None
        if self.start > self.end and at >= self.start:
            day += timedelta(days=1)
        # Where the clock is put back, its hour comes twice; it is over when it is over for the second time.
        ends = (datetime.combine(day, self.end, zone).replace(fold=fold).astimezone(UTC) for fold in (0, 1))
        return next((end for end in ends if end > now), None)

    def holds(self, at: time) -> bool:
        """Whether this time of day is quiet."""
        if self.start > self.end:
            return at >= self.start or at < self.end
        return self.start <= at < self.end


@dataclass(frozen=True)
class Night:
    """The quiet hours of a village, by its own clock."""

    hours: QuietHours
    zone: tzinfo

    def over(self, at: datetime) -> datetime:
        """This moment, or the morning where it falls in the night."""
        return self.hours.until(at, self.zone) or at


def parted(outs: Sequence[Outgoing], awake: Container[ChatId] = ()) -> tuple[list[Outgoing], list[Outgoing]]:
    """The messages of one occasion: those to be said now, and those that can wait for the morning. Where one of them
    must be heard now, all are said: they tell of one thing. `awake` are the chats of whoever just spoke."""
    if any(_must_be_heard(out) for out in outs):
        return list(outs), []
    said: list[Outgoing] = []
    held: list[Outgoing] = []
    for out in outs:
        (held if isinstance(out, Send) and out.to not in awake else said).append(out)
    return said, held


def _must_be_heard(out: Outgoing) -> bool:
    return not isinstance(out, Answer) and (out.promise in LOUD or (isinstance(out, Send) and out.wakes))
