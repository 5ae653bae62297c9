"""三率: how many reports were taken in time, were solved, and satisfied whoever made them, by their own word.

docs/rates.md says the same for those who read the numbers."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import NamedTuple

from domain.case import Rating
from domain.kinds import Kinds

FEWEST = 3
"""Of fewer reports no percentage is given: one quarrel would make a squad the worst of the village."""


class Month(NamedTuple):
    year: int
    month: int

    def begins(self, zone: tzinfo) -> datetime:
        return datetime(self.year, self.month, 1, tzinfo=zone)

    @property
    def next(self) -> "Month":
        return Month(self.year + self.month // 12, self.month % 12 + 1)

    @property
    def last(self) -> "Month":
        return Month(self.year - (self.month == 1), (self.month - 2) % 12 + 1)


@dataclass(frozen=True)
class Course:
    """How one report went. `branch` is the child grid it was made in or below; None where it was made in the asked
    grid itself. `open` and `taken_at` are those of the case it joined, if it joined one; `rating` is its own
    reporter's last answer. Without `reporter` nobody can be asked."""

    branch: str | None
    kind: str
    reported_at: datetime
    taken_at: datetime | None
    open: bool
    reporter: bool
    rating: Rating | None


@dataclass(frozen=True)
class Rate:
    """`count` of `total`."""

    count: int = 0
    total: int = 0

    @property
    def percent(self) -> int | None:
        """Never rounded up: 100 means all of them. None where there are too few to say."""
        return 100 * self.count // self.total if self.total >= FEWEST else None

    def __str__(self) -> str:
        return f"{self.count}/{self.total}" + ("" if self.percent is None else f" {self.percent}%")


@dataclass(frozen=True)
class Rates:
    reports: int
    response: Rate
    solved: Rate
    satisfied: Rate

    @property
    def all(self) -> tuple[Rate, Rate, Rate]:
        return self.response, self.solved, self.satisfied


def rates(courses: Iterable[Course], kinds: Kinds, now: datetime) -> Rates:
    courses = list(courses)
    return Rates(
        len(courses),
        _rate(taken_in_time(course, kinds, now) for course in courses),
        _rate(solved(course, kinds, now) for course in courses),
        _rate(satisfied(course) for course in courses),
    )


def taken_in_time(course: Course, kinds: Kinds, now: datetime) -> bool | None:
    """Whether somebody took it before its first promise lapsed; None while that may still be."""
    kind = kinds[course.kind]
    until = kind.promised(kind.acknowledge, course.reported_at)
    if course.taken_at is not None:
        return course.taken_at <= until
    return None if course.open and now <= until else False


def solved(course: Course, kinds: Kinds, now: datetime) -> bool | None:
    """By its reporter's last answer, however it pleased them. Who did not answer is not counted, but for a report
    that is still open after all its time: that is not solved whoever is asked."""
    if not course.reporter:
        return None
    if course.rating is not None:
        return course.rating is not Rating.UNSOLVED
    kind = kinds[course.kind]
    until = kind.promised(kind.resolve, kind.promised(kind.acknowledge, course.reported_at))
    return False if course.open and now > until else None


def satisfied(course: Course) -> bool | None:
    return course.rating is Rating.SATISFIED if course.reporter and course.rating is not None else None


def _rate(answers: Iterable[bool | None]) -> Rate:
    """None is an answer that nobody has given yet."""
    given = [answer for answer in answers if answer is not None]
    return Rate(sum(given), len(given))


_NUMERALS = dict(zip("一二三四五六七八九十", range(1, 11), strict=True)) | {"十一": 11, "十二": 12}
_NUMBERED = re.compile(r"(?:(20\d\d)[-/.年])?(\d{1,2})月?(?:份)?")
_SPOKEN = re.compile(r"(十[一二]?|[一二三四五六七八九])月(?:份)?")


def month_named(word: str, today: date) -> Month | None:
    """The month that a word names: 七月, 7月, 2026-07, 上月, 本月; without a year, the latest that has begun."""
    now = Month(today.year, today.month)
    if word in ("本月", "这个月"):
        return now
    if word in ("上月", "上个月"):
        return now.last
    year, number = None, 0
    if found := _SPOKEN.fullmatch(word):
        number = _NUMERALS[found[1]]
    elif (found := _NUMBERED.fullmatch(word)) and (found[1] or "月" in word):
        year, number = found[1], int(found[2])
    if not 1 <= number <= 12:
        return None
    return Month(int(year), number) if year else Month(today.year - (number > today.month), number)
