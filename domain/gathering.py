"""Many reports of one thing as one case, and how often those above are shown how it grows."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.case import Case, Rating, State
from domain.chat import ChatId
from domain.facts import NOTHING_SAID, SEVERITIES, Facts
from domain.kinds import Kind, Sameness
from domain.log import Entry, Event
from domain.people import Who
from domain.reading import Severity

SUMMARY_EVERY = timedelta(minutes=5)
"""A summary changes no more often than somebody can read it, who has other things to do."""

WORSE_EVERY = timedelta(minutes=1)
"""Where it worsens: sooner, and still no more than one message a minute."""


@dataclass(frozen=True)
class Voice:
    """One report of a gathered thing: what the summary needs of it, and where its reporter hears."""

    id: int
    origin: str
    reporter: Who | None
    reported_in: ChatId
    report_message: str | None
    rating: Rating | None
    severity: str
    danger: bool
    text: str

    @property
    def answered(self) -> bool:
        """Whether its reporter has had the last word; 未解决 was said of what was done before, they are asked again."""
        return self.rating not in (None, Rating.UNSOLVED)


@dataclass(frozen=True)
class Picture:
    """All voices at one look. `households` counts doors, where the register knows them, else people."""

    reports: int = 0
    households: int = 0
    worst: str = ""
    endangered: int = 0

    def worse_than(self, other: "Picture") -> bool:
        """Severity went up, somebody is in danger who was not, or the number doubled."""
        return (
            _rank(self.worst) > _rank(other.worst)
            or self.endangered > other.endangered
            or self.reports >= 2 * max(other.reports, 1)
        )


def next_showing(seen: Picture, now_is: Picture, shown_at: datetime, every: timedelta, worse: timedelta) -> datetime:
    """When the summary changes next: not before `every` has passed since it last did, sooner where it worsens."""
    return shown_at + (worse if now_is.worse_than(seen) else every)


def gather(
    first: Case, kind: Kind, origin: str, grid: str, due_at: datetime, taken_by: Who | None, now: datetime
) -> Case:
    """Several reports are one thing, which is a matter of the grid they have in common. Its promise is the earliest of
    theirs: being one of many makes nobody wait longer. Whoever has one of them in hand already has it all."""
    spot = kind.same is Sameness.SPOT
    return Case(
        kind=first.kind,
        origin=origin,
        grid=grid,
        text=first.text,
        reporter=None,
        reported_in=first.reported_in,
        reported_at=now,
        due_at=due_at,
        state=State.ACKNOWLEDGED if taken_by else State.REPORTED,
        responder=taken_by,
        location=first.location if spot else None,
        facts=Facts(place=first.facts.place) if spot else NOTHING_SAID,
        vicinity=first.vicinity,
        heard_at=now,
        gathered=True,
        news=(Entry(Event.GATHERED, now, None, grid),),
    )


def _rank(severity: str) -> int:
    return list(SEVERITIES).index(Severity(severity)) if severity else -1
