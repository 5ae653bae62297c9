"""The moments at which schedules come: months' ends, clock changes, China's holidays."""

from datetime import UTC, date, datetime
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from domain.cron import restored
from handlers.holidays import is_working
from handlers.timetable import moments


def next_times(stored: str, after: str, zone: str = "Asia/Shanghai", count: int = 3) -> list[str]:
    """By the wall's clock, with the difference from UTC."""
    here = ZoneInfo(zone)
    start = datetime.fromisoformat(after).replace(tzinfo=here)
    found = islice(moments(restored(stored), start.astimezone(UTC), here), count)
    return [f"{at.astimezone(here):%m-%d %H:%M%z}" for at in found]


@pytest.mark.parametrize(
    ("stored", "after", "expected"),
    [
        ("0 18 * * *", "2026-11-25 17:59", ["11-25 18:00", "11-26 18:00", "11-27 18:00"]),
        ("0 18 * * *", "2026-11-25 18:00", ["11-26 18:00", "11-27 18:00", "11-28 18:00"]),
        ("0 8 * * 1", "2026-11-25 12:00", ["11-30 08:00", "12-07 08:00", "12-14 08:00"]),
        ("0 8 * * 7", "2026-11-25 12:00", ["11-29 08:00", "12-06 08:00", "12-13 08:00"]),
        ("0 9 1 * *", "2026-11-25 12:00", ["12-01 09:00", "01-01 09:00", "02-01 09:00"]),
        ("0 9 31 * *", "2026-11-25 12:00", ["12-31 09:00", "01-31 09:00", "03-31 09:00"]),
        ("0 9 L * *", "2027-01-25 12:00", ["01-31 09:00", "02-28 09:00", "03-31 09:00"]),
        ("0 9 29 2 *", "2026-11-25 12:00", ["02-29 09:00", "02-29 09:00", "02-29 09:00"]),
        ("2026-12-01 09:00", "2026-11-25 12:00", ["12-01 09:00"]),
        ("2026-12-01 09:00", "2026-12-01 09:00", []),
    ],
)
def test_the_next_times(stored: str, after: str, expected: list[str]) -> None:
    assert next_times(stored, after) == [f"{at}+0800" for at in expected]


@pytest.mark.parametrize(
    ("stored", "after", "expected"),
    [
        # The clock goes from 2:00 to 3:00: what was for half past two comes an hour later by the wall.
        ("30 2 * * *", "2026-03-07 12:00", ["03-08 03:30-0400", "03-09 02:30-0400", "03-10 02:30-0400"]),
        # The hour before it was put forward is over, what the clock skipped is not.
        ("30 2 * * *", "2026-03-08 03:10", ["03-08 03:30-0400", "03-09 02:30-0400", "03-10 02:30-0400"]),
        # The clock goes from 2:00 back to 1:00: half past one comes twice, the notice once.
        ("30 1 * * *", "2026-10-31 12:00", ["11-01 01:30-0400", "11-02 01:30-0500", "11-03 01:30-0500"]),
        # Every half hour: nothing twice at one moment, nothing out of order.
        ("0,30 * * * *", "2026-03-08 01:45", ["03-08 03:00-0400", "03-08 03:30-0400", "03-08 04:00-0400"]),
    ],
)
def test_when_the_clock_is_changed(stored: str, after: str, expected: list[str]) -> None:
    assert next_times(stored, after, "America/New_York") == expected


def test_it_comes_once_even_where_the_last_one_was_within_the_hour_that_is_shown_twice() -> None:
    here = ZoneInfo("America/New_York")
    again = datetime(2026, 11, 1, 1, 10, tzinfo=here, fold=1).astimezone(UTC)
    assert next(moments(restored("30 1 * * *"), again, here)) == datetime(2026, 11, 2, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 10, 1), False),  # a Thursday: the national day
        (date(2026, 10, 10), True),  # a Saturday worked for it
        (date(2026, 11, 25), True),
        (date(2026, 11, 28), False),
        (date(2099, 10, 1), True),  # a Thursday of which nothing is known yet
        (date(2099, 10, 3), False),
    ],
)
def test_working_days(day: date, working: bool) -> None:
    assert is_working(day) is working


def test_a_working_day_s_notice_keeps_china_s_holidays() -> None:
    assert next_times("30 7 * * W", "2026-09-30 12:00") == ["10-08 07:30+0800", "10-09 07:30+0800", "10-10 07:30+0800"]
