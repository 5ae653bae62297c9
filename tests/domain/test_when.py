"""What people write when they mean a time, on Saturday 25 July 2026 at noon in Fuzhou."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from domain.when import meeting

NOON = datetime(2026, 7, 25, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("written", "at", "place"),
    [
        ("明天下午3点 村委会", "07-26 15:00", "村委会"),
        ("村委会 明天下午三点", "07-26 15:00", "村委会"),
        ("明天下午三点半在老王家", "07-26 15:30", "老王家"),
        ("后天上午九点一刻，祠堂", "07-27 09:15", "祠堂"),
        ("大后天 10点三刻", "07-28 10:45", ""),
        ("今晚8点 村委会", "07-25 20:00", "村委会"),
        ("明早8点20分", "07-26 08:20", ""),
        ("中午12点半 食堂", "07-25 12:30", "食堂"),
        ("明天中午1点", "07-26 13:00", ""),
        ("3点 村委会", "07-25 15:00", "村委会"),
        ("周六 19:00", "07-25 19:00", ""),
        ("周六 9:00", "08-01 09:00", ""),
        ("周日9:00 村委会", "07-26 09:00", "村委会"),
        ("星期一下午2点", "07-27 14:00", ""),
        ("下周三上午十点 3号楼201", "07-29 10:00", "3号楼201"),
        ("下下周一 10点", "08-03 10:00", ""),
        ("7月28日 14:30 村委会", "07-28 14:30", "村委会"),
        ("八月一号上午九点", "08-01 09:00", ""),
        ("8-2 9:00", "08-02 09:00", ""),
        ("2026-08-02 09:00 hall", "08-02 09:00", "hall"),
        ("30号上午10点", "07-30 10:00", ""),
        ("5号上午十点", "08-05 10:00", ""),
        ("二十八号下午两点 村部", "07-28 14:00", "村部"),
        ("明天下午３点", "07-26 15:00", ""),
        ("tomorrow 3:00 pm at village hall", "07-26 15:00", "village hall"),
        ("Mon 9:00", "07-27 09:00", ""),
        ("明天 12:00 pm", "07-26 12:00", ""),
    ],
)
def test_a_time_is_understood(written: str, at: str, place: str) -> None:
    found = meeting(written, NOON)
    assert found
    assert f"{found.at:%m-%d %H:%M}" == at
    assert found.at.tzinfo is NOON.tzinfo
    assert found.place == place


@pytest.mark.parametrize(
    "written",
    ["", "村委会", "明天 村委会", "2月30日 9:00", "明天 25:00", "明天 9:75", "晚上12点", "31点", "32号上午9点", "尽快"],
)
def test_what_names_no_time_is_asked_again(written: str) -> None:
    assert meeting(written, NOON) is None


def test_a_day_of_next_year_needs_no_year() -> None:
    december = datetime(2026, 12, 30, 12, 0, tzinfo=NOON.tzinfo)
    found = meeting("1月3日 9:00", december)
    assert found
    assert found.at.year == 2027
    found = meeting("2号 9:00", december)
    assert found
    assert f"{found.at:%Y-%m-%d}" == "2027-01-02"
