"""值班: who answers for a grid on which day, by the turns that were agreed, and who does where nobody is on duty."""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from domain.people import LEADING, Answerer, PersonId, Role, Rung, Who
from domain.recurrence import moment

DAY = timedelta(days=1)

CHANGE = time(8)
"""When duty changes hands: after the quiet hours, before the working day."""

AHEAD_DAYS = 60
"""How far ahead turns are shown, swapped and given leave from: two months, as a rota on a wall holds them."""

MOST_MEMBERS = 31
"""Names in one list: a month of days."""

SILENT = 2
"""Calls that somebody does not answer in one day of duty; after that they are left in peace until it changes."""


MODE = "mode:"
"""What the name of a work mode's list begins with; that of the mode follows."""


class Turns(StrEnum):
    WEEK = "week"
    DAY = "day"
    CASE = "case"
    """轮流: each case goes to the next of the list."""


class Turn(NamedTuple):
    """The days, one after the other, that somebody has."""

    who: Who
    first: date
    last: date

    @property
    def days(self) -> list[date]:
        return [self.first + DAY * n for n in range((self.last - self.first).days + 1)]


class Gap(NamedTuple):
    """A day on which nobody is on duty; `whose` it would have been, who is away, left or cannot be reached."""

    day: date
    whose: Who | None


@dataclass(frozen=True)
class Shift:
    """When duty changes by the village's clock. A day of duty lasts from its change to that of the next day, so that
    the night belongs to the evening before it."""

    change: time
    zone: tzinfo

    def begins(self, day: date) -> datetime:
        """The moment at which this day of duty begins. Where the clock skips it in spring, as much later; where the
        clock shows it twice in autumn, the first time."""
        return moment(datetime.combine(day, self.change), self.zone)

    def day(self, now: datetime) -> date:
        """The day of duty that runs now."""
        today = now.astimezone(self.zone).date()
        return today if self.begins(today) <= now else today - DAY

    def next(self, now: datetime) -> datetime:
        """When duty changes next: always later than now."""
        return self.begins(self.day(now) + DAY)


@dataclass(frozen=True)
class Rota:
    """`usual` is the order of the turns, `holidays` another for the country's holidays where there is one, `modes`
    those of work modes by their names; `begins` is the first day of the first of them, None until the bot has seen it.
    `days` are those that somebody else has, `away` who is not called on which. `holder` was told last that it is
    theirs; of cases in turn, got the last."""

    id: int
    grid: str
    turns: Turns
    begins: date | None = None
    holder: PersonId | None = None
    usual: tuple[Who, ...] = ()
    holidays: tuple[Who, ...] = ()
    modes: Mapping[str, tuple[Who, ...]] = field(default_factory=dict)
    days: Mapping[date, Who] = field(default_factory=dict)
    away: frozenset[tuple[PersonId, date]] = frozenset()

    @cached_property
    def people(self) -> frozenset[PersonId]:
        """Everybody who has a turn in it, or was given a day."""
        lists = (self.usual, self.holidays, *self.modes.values(), self.days.values())
        return frozenset(who.id for people in lists for who in people)

    def in_mode(self, mode: str) -> "Rota":
        """The same while this work is done: where it has a list of its own, that one day by day, on holidays too."""
        own = self.modes.get(mode)
        return replace(self, turns=Turns.DAY, usual=own, holidays=()) if own else self

    def whose(self, day: date, holiday: bool) -> Who | None:
        """Whose day it is, whether they can be called or not."""
        if day in self.days:
            return self.days[day]
        if self.begins is None:
            return None
        if holiday and self.holidays:
            return self.holidays[(day - self.begins).days % len(self.holidays)]
        if self.turns is Turns.CASE or not self.usual:
            return None
        return self.usual[self.block(day) % len(self.usual)]

    def block(self, day: date) -> int:
        """The number of the turn that this day is in, counted from the first."""
        days = (day - (self.begins or day)).days
        return days // 7 if self.turns is Turns.WEEK else days

    def on_duty(self, day: date, holiday: bool, here: Container[PersonId]) -> Who | None:
        """Who is called first on this day, of those who are `here` to be called."""
        whose = self.whose(day, holiday)
        if whose is None and self.turns is Turns.CASE:
            return self.next_in_turn(day, here)
        return whose if whose and self.can_call(whose, day, here) else None

    def next_in_turn(self, day: date, here: Container[PersonId]) -> Who | None:
        """轮流: the first after whoever had the last case who can be called."""
        ids = [who.id for who in self.usual]
        after = ids.index(self.holder) + 1 if self.holder in ids else 0
        order = (*self.usual[after:], *self.usual[:after])
        return next((who for who in order if self.can_call(who, day, here)), None)

    def goes_on(self, first: PersonId | None) -> bool:
        """Whether nobody has to be told: who is called first knows it; where cases go round, whoever had the last is
        one of them still."""
        return self.holder == first or (self.turns is Turns.CASE and self.holder in {who.id for who in self.usual})

    def can_call(self, who: Who, day: date, here: Container[PersonId]) -> bool:
        return who.id in here and (who.id, day) not in self.away

    def turns_ahead(self, since: date, is_holiday: Callable[[date], bool], ahead: int = AHEAD_DAYS) -> list[Turn]:
        """The turns of the days from `since` on, each cut to what lies ahead of it."""
        turns: list[Turn] = []
        for day in days_from(since, ahead):
            whose, before = self.whose(day, is_holiday(day)), turns[-1] if turns else None
            if before and before.who == whose and self.block(before.first) == self.block(day):
                turns[-1] = before._replace(last=day)
            elif whose:
                turns.append(Turn(whose, day, day))
        return turns

    def gaps(self, days: Iterable[date], is_holiday: Callable[[date], bool], here: Container[PersonId]) -> list[Gap]:
        """Of these days, those on which nobody is on duty."""
        holidays = {day: is_holiday(day) for day in days}
        return [
            Gap(day, self.whose(day, holiday))
            for day, holiday in holidays.items()
            if self.on_duty(day, holiday, here) is None
        ]


def days_from(first: date, days: int) -> list[date]:
    return [first + DAY * n for n in range(days)]


def first_day(turns: Turns, day: date) -> date:
    """When a list that is set on this day begins: weeks on their Monday, so that this week is the first one's."""
    return day - DAY * day.weekday() if turns is Turns.WEEK else day


def called_first(path: Sequence[Rung], rotas: Mapping[str, Rota], day: date, holiday: bool) -> tuple[Answerer, ...]:
    """Who hears first at the lowest grid of this path: whoever is on duty there; nobody on duty, its leader; no leader,
    the same of the grid above. Whoever is not called for the lowest grid is not called for it further up either."""
    own = rotas.get(path[0].grid.code)
    for rung in path:
        reachable = [a for a in rung.answerers if a.chat and not (own and (a.person, day) in own.away)]
        rota = rotas.get(rung.grid.code)
        who = rota.on_duty(day, holiday, {a.person for a in reachable}) if rota else None
        found = [a for a in reachable if who and a.person == who.id] or leaders(reachable)
        if found:
            return tuple(found)
    return ()


def leaders(answerers: Iterable[Answerer]) -> list[Answerer]:
    """Those who lead a grid: its leader, and where it has none, its officers."""
    leading = [a for a in answerers if a.role in LEADING]
    return [a for a in leading if a.role is Role.LEADER] or leading
