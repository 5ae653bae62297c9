"""What people report, as one table: to add a kind, add a row here or a `[[kinds]]` section in the config.

The words that people use for it are the lexicon's.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from domain.language import N_, _
from domain.quiet import Night

LOST_PERSON = "lost_person"
"""The kind that is searched for: its own group and those who answer for it know, until somebody confirmed it."""


class Urgency(StrEnum):
    LIFE = "life"
    URGENT = "urgent"
    ROUTINE = "routine"


class HearsFirst(StrEnum):
    """Who is told of a new case of this kind."""

    SQUAD = "squad"
    """The group of the grid, and those who answer for it."""
    LEADERS = "leaders"
    """Only those who answer for the grid, in private: nothing of it appears in a group."""
    OFFICERS = "officers"
    """The nearest grid above that has an officer."""
    MAILBOX = "mailbox"
    """Nobody at once: it lies in the red mailbox of the nearest grid above that has an officer, until it is emptied."""


class Sameness(StrEnum):
    """When two near reports of a kind are likely of one thing (domain/alike.py)."""

    AREA = "area"
    """It spreads over a neighbourhood: being near is enough."""
    SPOT = "spot"
    """It is in one place: they must be alike in place or in words."""
    NEVER = "never"
    """Each is a thing of its own until somebody with authority says otherwise."""


@dataclass(frozen=True)
class Kind:
    """`words` are the village's own for this kind, besides those of the lexicon; `first_line` stands above everything
    else on its card. `calls`: neighbours are called to help, beside the chain. `same_within` is None where the
    village's own length of time holds. `night` is when its clock rests; None where it never does."""

    kind: str
    title: str
    words: tuple[str, ...] = ()
    urgency: Urgency = Urgency.ROUTINE
    # 尚干镇, same county: a routine problem is taken within 1 hour and put right within 24.
    acknowledge: timedelta = timedelta(hours=1)
    resolve: timedelta = timedelta(hours=24)
    hears_first: HearsFirst = HearsFirst.SQUAD
    first_line: str = ""
    calls: bool = False
    same: Sameness = Sameness.SPOT
    same_within: timedelta | None = None
    night: Night | None = None

    def promised(self, within: timedelta, now: datetime) -> datetime:
        """When so long from now is over. Nothing begins or lapses while people sleep."""
        return self.night.over(self.night.over(now) + within) if self.night else now + within

    @property
    def name(self) -> str:
        return _(self.title)

    @property
    def private(self) -> bool:
        return self.hears_first is HearsFirst.LEADERS

    @property
    def guarded(self) -> bool:
        """Whether groups other than its own are to know nothing of it by themselves."""
        return self.private or self.kind == LOST_PERSON

    @property
    def letter(self) -> bool:
        """Whether it is laid into the red mailbox. `acknowledge` is then how soon an answer is owed."""
        return self.hears_first is HearsFirst.MAILBOX

    @property
    def gathers(self) -> bool:
        """Whether reports of this kind may become one by themselves; what is private never does."""
        return self.same is not Sameness.NEVER and not self.private


_M, _H, _D = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

DEFAULTS = (
    Kind(
        "flood", N_("水浸"), (), Urgency.URGENT, 15 * _M, 24 * _H,
        first_line=N_("有人被困或触电，先打 119、120；不要蹚深水。"), same=Sameness.AREA,
    ),
    Kind(
        LOST_PERSON, N_("走失"), (), Urgency.LIFE, 3 * _M, 2 * _H,
        first_line=N_("请马上打 110 报警，同时在这里等消息。"), same=Sameness.NEVER,
    ),
    Kind(
        "fire_gas", N_("消防燃气"), (), Urgency.LIFE, 5 * _M, 4 * _H,
        first_line=N_("先离开，再打 119；闻到燃气不要开关电器、不要在屋里打电话。"), same_within=1 * _H,
    ),
    Kind("repair", N_("报修"), same_within=24 * _H),
    Kind(
        "dispute", N_("纠纷"), (), Urgency.ROUTINE, 24 * _H, 7 * _D, HearsFirst.LEADERS,
        first_line=N_("有人动手或受伤，先打 110、120。"), same=Sameness.NEVER,
    ),
    Kind(
        "help", N_("求助"), (), Urgency.URGENT, 15 * _M, 24 * _H,
        first_line=N_("有人受伤或病重，先打 120。"), calls=True,
    ),
    Kind("suggestion", N_("建议"), (), Urgency.ROUTINE, 7 * _D, 7 * _D, HearsFirst.MAILBOX, same=Sameness.NEVER),
    Kind("other", N_("其他")),
)  # fmt: skip


class Kinds:
    """The kinds of this village, in the order of the table. `other` takes what nothing names."""

    def __init__(self, kinds: Iterable[Kind] = DEFAULTS) -> None:
        self._kinds = {kind.kind: kind for kind in kinds}

    def resting(self, night: Night | None) -> "Kinds":
        """The same, with the clocks of what is routine at rest by night."""
        return Kinds(replace(kind, night=night if kind.urgency is Urgency.ROUTINE else None) for kind in self)

    def __getitem__(self, kind: str) -> Kind:
        """A kind that left the config while its cases are open is still handled, as `other`."""
        return self._kinds.get(kind) or self._kinds["other"]

    def __iter__(self) -> Iterator[Kind]:
        return iter(self._kinds.values())
