"""The three rates, case by case: what counts, for what, and what does not count at all."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.case import Rating
from domain.kinds import Kinds
from domain.quiet import Night, QuietHours
from domain.rates import Course, Month, Rate, month_named, rates, satisfied, solved, taken_in_time

NOON = datetime(2026, 7, 25, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
NEW = Course("G3", "repair", NOON, None, True, True, None)
"""A repair has an hour to be taken and a day to be put right."""


def taken(after: timedelta, **more: object) -> Course:
    return replace(NEW, taken_at=NOON + after, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("course", "later", "response", "is_solved", "is_satisfied"),
    [
        (NEW, 0 * HOUR, None, None, None),
        (NEW, HOUR, None, None, None),
        (NEW, 1.1 * HOUR, False, None, None),
        (NEW, 25 * HOUR, False, None, None),
        (NEW, 25.1 * HOUR, False, False, None),
        (taken(0.5 * HOUR), 2 * HOUR, True, None, None),
        (taken(HOUR), 2 * HOUR, True, None, None),
        (taken(1.1 * HOUR), 2 * HOUR, False, None, None),
        # Somebody was on it already when it was reported as well (并案).
        (taken(-HOUR), 2 * HOUR, True, None, None),
        (taken(HOUR), 26 * HOUR, True, False, None),
        # Done, says the worker; the resident has said nothing.
        (taken(HOUR, open=False), 26 * HOUR, True, None, None),
        (taken(HOUR, open=False, rating=Rating.SATISFIED), 26 * HOUR, True, True, True),
        (taken(HOUR, open=False, rating=Rating.DISSATISFIED), 26 * HOUR, True, True, False),
        # Sent back, and not put right since, however long it may still take.
        (taken(HOUR, rating=Rating.UNSOLVED), 2 * HOUR, True, False, False),
        # Nobody knows who reported it: nobody can be asked.
        (taken(HOUR, reporter=False), 26 * HOUR, True, None, None),
        (replace(NEW, reporter=False), 26 * HOUR, False, None, None),
        # A flood is owed an answer within a quarter of an hour.
        (taken(0.5 * HOUR, kind="flood"), 2 * HOUR, False, None, None),
        # A kind that left the config is judged as `other`.
        (taken(0.5 * HOUR, kind="stray_dog"), 2 * HOUR, True, None, None),
    ],
)
def test_what_a_report_counts_for(
    course: Course, later: timedelta, response: bool | None, is_solved: bool | None, is_satisfied: bool | None
) -> None:
    kinds, now = Kinds(), NOON + later
    assert taken_in_time(course, kinds, now) is response
    assert solved(course, kinds, now) is is_solved
    assert satisfied(course) is is_satisfied


@pytest.mark.parametrize(("kind", "in_time"), [("repair", True), ("flood", False)])
def test_what_can_wait_is_in_time_in_the_morning(kind: str, in_time: bool) -> None:
    """Reported at half past nine in the evening, taken before six."""
    course = replace(taken(timedelta(hours=17, minutes=55), kind=kind), reported_at=NOON + timedelta(hours=9.5))
    kinds = Kinds().resting(Night(QuietHours(), UTC))
    assert taken_in_time(course, kinds, NOON + timedelta(days=1)) is in_time


def test_rates_are_counted_over_those_that_can_be_judged() -> None:
    good = taken(HOUR, open=False, rating=Rating.SATISFIED)
    counted = rates([NEW, good, good, taken(2 * HOUR)], Kinds(), NOON + 0.5 * HOUR)
    assert counted.reports == 4
    assert (counted.response, counted.solved, counted.satisfied) == (Rate(2, 3), Rate(2, 2), Rate(2, 2))


@pytest.mark.parametrize(
    ("rate", "percent", "text"),
    [
        (Rate(0, 0), None, "0/0"),
        (Rate(1, 2), None, "1/2"),
        (Rate(2, 2), None, "2/2"),
        (Rate(2, 3), 66, "2/3 66%"),
        (Rate(199, 200), 99, "199/200 99%"),
        (Rate(200, 200), 100, "200/200 100%"),
        (Rate(0, 3), 0, "0/3 0%"),
    ],
)
def test_too_few_have_no_percentage_and_a_hundred_means_all(rate: Rate, percent: int | None, text: str) -> None:
    assert rate.percent == percent
    assert str(rate) == text


@pytest.mark.parametrize(
    ("word", "month"),
    [
        ("七月", Month(2026, 7)),
        ("7月", Month(2026, 7)),
        ("07月份", Month(2026, 7)),
        ("2026-07", Month(2026, 7)),
        ("2026年7月", Month(2026, 7)),
        ("2025/12", Month(2025, 12)),
        ("本月", Month(2026, 7)),
        ("上月", Month(2026, 6)),
        # Not yet come this year: last year's.
        ("十月", Month(2025, 10)),
        ("十二月", Month(2025, 12)),
        ("一月", Month(2026, 1)),
        ("2026-13", None),
        ("13月", None),
        ("0月", None),
        ("7", None),
        ("350121107201", None),
        ("三网格", None),
        ("", None),
    ],
)
def test_how_people_name_a_month(word: str, month: Month | None) -> None:
    assert month_named(word, date(2026, 7, 25)) == month


def test_months_follow_each_other_over_the_year() -> None:
    assert Month(2026, 12).next == Month(2027, 1)
    assert Month(2026, 1).last == Month(2025, 12)
    assert month_named("上个月", date(2026, 1, 3)) == Month(2025, 12)
