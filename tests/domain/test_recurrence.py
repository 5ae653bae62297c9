"""When a schedule comes, as people write it, and what is refused as one."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from domain.cron import restored
from domain.recurrence_words import leading_date, leading_recurrence
from domain.refused import Refused

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
"""A Wednesday, at noon."""


@pytest.mark.parametrize(
    ("said", "stored", "spoken"),
    [
        ("每天 18:00", "0 18 * * *", "每天 18:00"),
        ("每天18点", "0 18 * * *", "每天 18:00"),
        ("每天晚上6点半", "30 18 * * *", "每天 18:30"),
        ("每天６：００", "0 6 * * *", "每天 06:00"),
        ("每天 3:00", "0 3 * * *", "每天 03:00"),
        ("每周一 8:00", "0 8 * * 1", "每周一 08:00"),
        ("每周一、三、五 8:00", "0 8 * * 1,3,5", "每周一、周三、周五 08:00"),
        ("每周一、周四的8:00", "0 8 * * 1,4", "每周一、周四 08:00"),
        ("每周一到周五 8:00", "0 8 * * 1,2,3,4,5", "每周一到周五 08:00"),
        ("每星期日 8：00", "0 8 * * 7", "每周日 08:00"),
        ("每周末 8:00", "0 8 * * 6,7", "每周六、周日 08:00"),
        ("工作日 7:30", "30 7 * * W", "工作日 07:30"),
        ("每月1日 9:00", "0 9 1 * *", "每月1日 09:00"),
        ("每月1、15号 9:00", "0 9 1,15 * *", "每月1日、15日 09:00"),
        ("每月最后一天 9:00", "0 9 L * *", "每月最后一天 09:00"),
        ("每年12月1日 9:00", "0 9 1 12 *", "每年12月1日 09:00"),
        ("12月1日 9:00", "2026-12-01 09:00", "2026年12月1日 周二 09:00"),
        ("11月1日 9:00", "2027-11-01 09:00", "2027年11月1日 周一 09:00"),
        ("2026-12-01 9:00", "2026-12-01 09:00", "2026年12月1日 周二 09:00"),
        ("2月29日 9:00", "2028-02-29 09:00", "2028年2月29日 周二 09:00"),
        ("明天 9:00", "2026-11-26 09:00", "2026年11月26日 周四 09:00"),
        ("0 18 * * 1-5", "0 18 * * 1,2,3,4,5", "每周一到周五 18:00"),
        ("0 18 * * mon-fri", "0 18 * * 1,2,3,4,5", "每周一到周五 18:00"),
        ("0 18 * * 0", "0 18 * * 7", "每周日 18:00"),
        ("0 18 * * 0-7", "0 18 * * *", "每天 18:00"),
        ("0 8,18 * * *", "0 8,18 * * *", "每天 08:00、18:00"),
        ("*/30 * * * *", "0,30 * * * *", "cron 0,30 * * * *"),
        ("0 9 1 jan,jul *", "0 9 1 1,7 *", "cron 0 9 1 1,7 *"),
        ("0 9 29 2 *", "0 9 29 2 *", "每年2月29日 09:00"),
        ("every day 18:00", "0 18 * * *", "每天 18:00"),
        ("every monday 8:00", "0 8 * * 1", "每周一 08:00"),
        ("every Monday and Friday at 8:00 pm", "0 20 * * 1,5", "每周一、周五 20:00"),
        ("every month on the 1st 9:00", "0 9 1 * *", "每月1日 09:00"),
        ("weekdays 7:30", "30 7 * * W", "工作日 07:30"),
    ],
)
def test_a_time_is_read_kept_and_said_again(said: str, stored: str, spoken: str) -> None:
    read, rest = leading_recurrence(f"{said} 侯官村 各家关好门窗", NOW)
    assert read
    assert (read.stored, read.spoken, rest) == (stored, spoken, "侯官村 各家关好门窗")
    assert restored(read.stored) == read


@pytest.mark.parametrize("said", ["侯官村 关好门窗", "每家每户关窗", "周末愉快", "", "350121107201 关窗"])
def test_what_begins_with_no_time_is_left_as_it_is(said: str) -> None:
    assert leading_recurrence(said, NOW) == (None, said)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("每秒", "至少隔 10 分钟"),
        ("every second", "至少隔 10 分钟"),
        ("每5分钟", "至少隔 10 分钟"),
        ("* * * * * *", "没有秒"),
        ("0 0 18 * * 1-5", "没有秒"),
        ("* * * * *", "至少隔 10 分钟"),
        ("*/5 8 * * *", "至少隔 10 分钟"),
        ("0,55 8,9 * * *", "至少隔 10 分钟"),
        ("2月30日 9:00", "没有 2 月 30 日"),
        ("2027-02-29 9:00", "没有 2 月 29 日"),
        ("每年2月30日 9:00", "没有 2 月 30 日"),
        ("0 9 30 2 *", "没有 2 月 30 日"),
        ("0 9 31 4,6 *", "没有 4 月 31 日"),
        ("每月32日 9:00", "没有 32 日"),
        ("2026-11-01 9:00", "已经过去"),
        ("今天 11:00", "已经过去"),
        ("2099-01-01 9:00", "太远"),
        ("0 18 1 * 1", "只能写一样"),
        ("0 99 * * *", "“99”看不懂"),
        ("0 18 * * 5-1", "“5-1”看不懂"),
        ("0 */0 * * *", "看不懂"),
        ("每天", "没看懂什么时候"),
        ("每天 25:00", "没看懂什么时候"),
        ("每小时", "没看懂什么时候"),
        ("每周五到周一 8:00", "从小到大"),
        ("每天 8:00、18:00", "只能有一个时刻"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_reason(said: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        leading_recurrence(f"{said} 侯官村 关窗", NOW)


@pytest.mark.parametrize(
    ("said", "missing"),
    [("每月28日 9:00", None), ("每月29日 9:00", 29), ("每月31日 9:00", 31), ("每月最后一天 9:00", None),
     ("0 9 31 1,3 *", None), ("每天 9:00", None)],
)  # fmt: skip
def test_months_that_lack_the_day_are_known(said: str, missing: int | None) -> None:
    read, _rest = leading_recurrence(said, NOW)
    assert read
    assert read.skips_months == missing


def test_a_day_alone_is_read_too() -> None:
    assert leading_date("12月31日", NOW) == (datetime(2026, 12, 31).date(), 6)  # noqa: DTZ001
    assert leading_date("不知道", NOW) is None
