"""晨报, 晚报: which hour is meant, since when it tells, and how little it says."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.digest import NUMBERS, Digest, Hours, Round, Told, began, digest_text, late_line, new_line
from domain.kinds import Kinds

FUZHOU = ZoneInfo("Asia/Shanghai")
MORNING = datetime(2026, 7, 25, 7, 30, tzinfo=FUZHOU)
EVENING = datetime(2026, 7, 25, 18, 0, tzinfo=FUZHOU)


@pytest.mark.parametrize(
    ("hours", "late", "meant"),
    [
        (Hours(), timedelta(0), True),
        (Hours(), timedelta(hours=2), True),
        (Hours(), timedelta(hours=2, seconds=1), False),
        (Hours(morning=time(7, 31)), timedelta(0), False),
        (Hours(morning=None), timedelta(0), False),
    ],
)
def test_whether_an_hour_is_still_meant(hours: Hours, late: timedelta, meant: bool) -> None:
    turn = Round(1, Digest.MORNING, MORNING.astimezone(UTC), 0)
    assert turn.is_meant(hours, MORNING + late, FUZHOU) is meant


@pytest.mark.parametrize(
    ("digest", "hours", "slot", "since"),
    [
        (Digest.MORNING, Hours(), MORNING, EVENING - timedelta(days=1)),
        (Digest.EVENING, Hours(), EVENING, MORNING),
        (Digest.MORNING, Hours(evening=None), MORNING, MORNING - timedelta(days=1)),
        (Digest.EVENING, Hours(morning=None), EVENING, EVENING - timedelta(days=1)),
        # Asked for at night: the evening before, the morning before.
        (Digest.MORNING, Hours(), EVENING + timedelta(hours=4), EVENING),
        (Digest.EVENING, Hours(), MORNING - timedelta(hours=2), MORNING - timedelta(days=1)),
    ],
)
def test_since_when_it_tells(digest: Digest, hours: Hours, slot: datetime, since: datetime) -> None:
    assert began(digest, hours, slot, FUZHOU) == since


def told(case: int, kind: str = "repair", **more: bool) -> Told:
    return Told(case, kind, MORNING, **{"waiting": False, "settled": False, "late": False, **more})


def test_the_lines() -> None:
    found = [told(1, "flood"), told(2, waiting=True, late=True), told(3, settled=True), told(4)]
    assert new_line(Digest.MORNING, found, Kinds()) == ["夜里新上报 4 件：报修 3、水浸 1；已办结 1 件；还没人接 #2"]
    assert new_line(Digest.EVENING, found[3:], Kinds()) == ["今天新上报 1 件：报修 1"]
    assert late_line(found) == ["超时还没办好 1 件：#2"]
    assert new_line(Digest.MORNING, [], Kinds()) == late_line([]) == []


def test_a_bad_night_is_one_line_still() -> None:
    (line,) = late_line([told(n, late=True) for n in range(1, NUMBERS + 2)])
    assert line == "超时还没办好 9 件：#1、#2、#3、#4、#5、#6、#7、#8 等"


def test_nothing_to_say_is_nothing() -> None:
    assert digest_text(Digest.MORNING, []) == ""
    assert digest_text(Digest.EVENING, ["一件"]).splitlines() == ["【晚报】", "· 一件", "不想每天收，发：晚报 关"]
