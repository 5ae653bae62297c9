"""摸排: every household of a grid is asked by its squad leader; how it runs, and what an answer adds to the count."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from domain.language import _
from domain.people import Who
from domain.refused import Refused
from domain.survey import Choice, Means, Survey

LASTS = timedelta(hours=1)
"""How long a sweep lasts where nobody says: one hour a grid, as in 侯官村."""

SHORTEST = timedelta(minutes=10)
"""A leader with ten doors needs that long, and a nudge before it ends would not be read."""

LONGEST = timedelta(days=30)
"""A census takes weeks; what takes longer is no sweep any more."""

DRAFT_KEPT = timedelta(minutes=30)
"""How long a sweep waits to be begun: its preview is out of date afterwards."""


class State(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"
    DROPPED = "dropped"


RUNNING = frozenset({State.OPEN, State.PAUSED})


class Step(StrEnum):
    """What a sweep does next by itself. Whoever has not begun is nudged at a quarter and at half of the time; then the
    grid above gets the name and the phone."""

    OPENING = "opening"
    LEADERS = "leaders"
    DEPUTIES = "deputies"
    ABOVE = "above"
    CLOSING = "closing"

    @property
    def next(self) -> "Step":
        steps = list(Step)
        return steps[min(steps.index(self) + 1, len(steps) - 1)]


_SHARE: Mapping[Step, float] = {
    Step.OPENING: 0.0, Step.LEADERS: 0.25, Step.DEPUTIES: 0.5, Step.ABOVE: 0.75, Step.CLOSING: 1.0,
}  # fmt: skip


@dataclass(frozen=True)
class Sweep:
    """`holder` leads it now: its author, or whom they gave it to. `done_to` is the grid up to which a step that goes
    through many grids has come."""

    grid: str
    survey: Survey
    author: Who
    holder: Who
    created_at: datetime
    closes_at: datetime
    id: int = 0
    state: State = State.DRAFT
    drill: bool = False
    repeats: int | None = None
    began_at: datetime | None = None
    paused_at: datetime | None = None
    ended_at: datetime | None = None
    step: Step = Step.OPENING
    done_to: str = ""
    due_at: datetime | None = None
    version: int = 0

    @property
    def number(self) -> str:
        return _("第 {n} 号").format(n=self.id)

    @property
    def running(self) -> bool:
        return self.state in RUNNING

    @property
    def left(self) -> timedelta:
        """How long it still ran when it was paused; zero where it is not."""
        return self.closes_at - self.paused_at if self.paused_at else timedelta()

    def begin(self, now: datetime) -> "Sweep":
        if self.state is not State.DRAFT:
            raise Refused(_("{number}摸排已经开始或者不做了。").format(number=self.number))
        must_fit(self.closes_at, now)
        return replace(self, state=State.OPEN, began_at=now, due_at=now)

    def drop(self) -> "Sweep":
        if self.state is not State.DRAFT:
            raise Refused(_("{number}摸排已经开始或者不做了。").format(number=self.number))
        return replace(self, state=State.DROPPED, due_at=None)

    def pause(self, now: datetime) -> "Sweep":
        """Nobody is nudged and no time runs; what is answered meanwhile counts all the same."""
        self.must_run()
        if self.state is State.PAUSED:
            raise Refused(_("{number}摸排已经暂停了。").format(number=self.number))
        return replace(self, state=State.PAUSED, paused_at=now, due_at=None)

    def resume(self, now: datetime) -> "Sweep":
        if self.paused_at is None:
            raise Refused(_("{number}摸排没有暂停。").format(number=self.number))
        going = replace(self, state=State.OPEN, paused_at=None, closes_at=now + self.left)
        return going._due(now)

    def extend(self, closes_at: datetime, now: datetime) -> "Sweep":
        """A paused one goes on as long as this, counted from when it goes on."""
        self.must_run()
        if closes_at <= self.closes_at:
            raise Refused(_("新的截止时间要比原来的晚。"))
        _must_be_near(closes_at, now)
        return replace(self, closes_at=closes_at)._due(now)

    def give(self, to: Who) -> "Sweep":
        self.must_run()
        if to.id == self.holder.id:
            raise Refused(_("这次摸排已经由 {who} 管着。").format(who=to.name))
        return replace(self, holder=to)

    def close(self, now: datetime) -> "Sweep":
        self.must_run()
        return replace(self, state=State.CLOSED, ended_at=now, due_at=None, paused_at=None)

    def went_to(self, grid: str | None, now: datetime) -> "Sweep":
        """The step has come as far as this grid and goes on; None where it is through."""
        if grid is not None:
            return replace(self, done_to=grid, due_at=now)
        return replace(self, step=self.step.next, done_to="")._due(now)

    def must_run(self) -> None:
        if self.state is State.DRAFT:
            raise Refused(_("{number}摸排还没有开始。").format(number=self.number))
        if not self.running:
            raise Refused(_("{number}摸排已经结束了。").format(number=self.number))

    def _due(self, now: datetime) -> "Sweep":
        """When the next step is; a later end puts off what has not come yet."""
        if self.state is not State.OPEN or self.began_at is None:
            return self
        at = self.began_at + (self.closes_at - self.began_at) * _SHARE[self.step]
        return replace(self, due_at=max(at, now))


def must_fit(closes_at: datetime, now: datetime) -> None:
    if closes_at <= now:
        raise Refused(_("截止时间已经过了，请写一个以后的时间，例如：截止 18:00"))
    if closes_at < now + SHORTEST:
        raise Refused(_("时间太短了，至少要 {n} 分钟。").format(n=int(SHORTEST.total_seconds() // 60)))
    _must_be_near(closes_at, now)


def _must_be_near(closes_at: datetime, now: datetime) -> None:
    if closes_at > now + LONGEST:
        raise Refused(_("截止时间太远了，最多 {n} 天。").format(n=LONGEST.days))


# -- what is counted -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tally:
    """What one household, or the change of its answer, adds to the count of every grid that it is in. Help that is
    wanted is an answer too; whom nobody reached has none yet."""

    done: int = 0
    help: int = 0
    unreached: int = 0

    def __sub__(self, other: "Tally") -> "Tally":
        return Tally(self.done - other.done, self.help - other.help, self.unreached - other.unreached)

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.done + other.done, self.help + other.help, self.unreached + other.unreached)


_TALLIES = {
    None: Tally(),
    Means.SETTLED: Tally(done=1),
    Means.HELP: Tally(done=1, help=1),
    Means.UNREACHED: Tally(unreached=1),
}


def tally(survey: Survey, answer: str | None) -> Tally:
    return _TALLIES[survey.means(answer)]


@dataclass(frozen=True)
class Entry:
    """A household of a sweep. `grid` is where it is counted, `now_in` the squad whose leader asks it today."""

    household: int
    grid: str
    now_in: str
    door: str
    care: str = ""
    answer: str | None = None
    number: int | None = None
    note: str = ""
    self_reported: bool = False
    carried: bool = False
    help_case: int | None = None

    def answered(self, choice: Choice, number: int | None = None, note: str = "", *, own: bool = False) -> "Entry":
        """What was noted besides stays while the answer does."""
        same = choice.code == self.answer
        return replace(
            self,
            answer=choice.code,
            number=number if number is not None else self.number if same else None,
            note=note or (self.note if same else ""),
            self_reported=own,
            carried=False,
        )


@dataclass(frozen=True)
class Count:
    """How far a grid has come, with all below it. `asks`: it has doors of its own; `vacant`: nobody who leads it can
    be told."""

    id: int
    sweep: int
    grid: str
    name: str
    parent: str | None
    total: int
    done: int
    help: int
    unreached: int
    squads: int
    begun: int
    asks: bool
    vacant: bool
    began_at: datetime | None
    looks_at: int | None
    round: int
    alike: int

    @property
    def open(self) -> int:
        """Doors that nobody has tried yet."""
        return self.total - self.done - self.unreached

    @property
    def late(self) -> bool:
        return self.done < self.total
