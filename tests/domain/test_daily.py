"""When what comes every day comes next, where clocks are put on and back."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from domain.daily import next_at

FUZHOU, BERLIN, APIA = (ZoneInfo(name) for name in ("Asia/Shanghai", "Europe/Berlin", "Pacific/Apia"))
TWICE = (time(8, 30), time(17, 0))


@pytest.mark.parametrize(
    ("now", "zone", "times", "then"),
    [
        ("2026-07-25T12:00+08:00", FUZHOU, TWICE, "2026-07-25T17:00+08:00"),
        ("2026-07-25T08:29:59+08:00", FUZHOU, TWICE, "2026-07-25T08:30+08:00"),
        ("2026-07-25T08:30+08:00", FUZHOU, TWICE, "2026-07-25T17:00+08:00"),
        ("2026-07-25T17:00+08:00", FUZHOU, TWICE, "2026-07-26T08:30+08:00"),
        # Already tomorrow in the village, still today in UTC.
        ("2026-07-25T20:00+00:00", FUZHOU, TWICE, "2026-07-26T08:30+08:00"),
        ("2026-12-31T23:00+08:00", FUZHOU, (time(0, 0),), "2027-01-01T00:00+08:00"),
        ("2026-07-25T12:00+08:00", FUZHOU, (time(17), time(8, 30)), "2026-07-25T17:00+08:00"),
        # Summer time begins: half past two is not on the clock that night.
        ("2026-03-29T01:00+01:00", BERLIN, (time(2, 30),), "2026-03-29T03:30+02:00"),
        ("2026-03-28T17:00+01:00", BERLIN, TWICE, "2026-03-29T08:30+02:00"),
        # Summer time ends: half past two comes twice, and counts once.
        ("2026-10-25T00:00+02:00", BERLIN, (time(2, 30),), "2026-10-25T02:30+02:00"),
        ("2026-10-25T02:30+02:00", BERLIN, (time(2, 30),), "2026-10-26T02:30+01:00"),
        # Samoa had no 30 December 2011.
        ("2011-12-29T17:00-10:00", APIA, (time(17),), "2011-12-31T17:00+14:00"),
    ],
)
def test_when_it_comes_next(now: str, zone: ZoneInfo, times: tuple[time, ...], then: str) -> None:
    found = next_at(datetime.fromisoformat(now), times, zone)
    assert found == datetime.fromisoformat(then)
    assert found.tzinfo is UTC
