"""每周 张三 李四, 7月25日到27日 王五: what leaders say of duty, and what stands in their tables."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from domain.duty import MOST_MEMBERS, Turns
from domain.duty_words import HOLIDAYS, Days, leading_days, leading_list, turn_written
from domain.mode import Mode, Modes
from domain.refused import Refused

MODES = Modes([Mode("flood", "防汛")])
NOW = datetime(2026, 7, 25, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("每周 张三 李四", (Turns.WEEK, ["张三", "李四"])),
        ("每天：张三、李四，王五", (Turns.DAY, ["张三", "李四", "王五"])),
        ("轮流 张三", (Turns.CASE, ["张三"])),
        ("weekly Zhang Li", (Turns.WEEK, ["Zhang", "Li"])),
        ("节假日 王五", (HOLIDAYS, ["王五"])),
        ("节假日", (HOLIDAYS, [])),
        ("防汛 张三 李四", ("mode:flood", ["张三", "李四"])),
        ("防汛模式：张三", ("mode:flood", ["张三"])),
        ("flood 取消", ("mode:flood", ["取消"])),
        ("消防 张三", None),
        ("每周一 张三", None),
        ("张三 每周", None),
        ("", None),
    ],
)
def test_a_list_and_its_names(said: str, means: tuple[object, list[str]] | None) -> None:
    assert leading_list(said, MODES) == means


def test_a_list_is_no_longer_than_a_month() -> None:
    with pytest.raises(Refused):
        leading_list("每天 " + "张三 " * (MOST_MEMBERS + 1), MODES)


@pytest.mark.parametrize(
    ("said", "first", "last", "rest"),
    [
        ("7月25日 王五", "2026-07-25", "2026-07-25", "王五"),
        ("7月24日 王五", "2027-07-24", "2027-07-24", "王五"),
        ("2026-10-01 王五", "2026-10-01", "2026-10-01", "王五"),
        ("今天 王五", "2026-07-25", "2026-07-25", "王五"),
        ("明天王五", "2026-07-26", "2026-07-26", "王五"),
        ("周六 王五", "2026-07-25", "2026-07-25", "王五"),
        ("周五 王五", "2026-07-31", "2026-07-31", "王五"),
        ("下周五 王五", "2026-07-31", "2026-07-31", "王五"),
        ("星期天 王五", "2026-07-26", "2026-07-26", "王五"),
        ("7月30日到8月2日 王五", "2026-07-30", "2026-08-02", "王五"),
        ("7月25日到27日 王五", "2026-07-25", "2026-07-27", "王五"),
        ("7月25日-7月27日", "2026-07-25", "2026-07-27", ""),
        ("12月31日到1月2日", "2026-12-31", "2027-01-02", ""),
    ],
)
def test_days_and_what_else_was_said(said: str, first: str, last: str, rest: str) -> None:
    assert leading_days(said, NOW) == Days(date.fromisoformat(first), date.fromisoformat(last), rest)


@pytest.mark.parametrize(
    "said", ["7月27日到25日 王五", "7月25日到99日", "7月25日到 王五", "7月25日到12月31日", "2月30日"]
)
def test_days_that_make_no_sense_are_refused(said: str) -> None:
    with pytest.raises(Refused):
        leading_days(said, NOW)


def test_what_does_not_begin_with_a_day_is_none() -> None:
    assert leading_days("王五 7月25日", NOW) is None


@pytest.mark.parametrize(
    ("cell", "means"),
    [
        ("每周", "week"), ("Week", "week"), ("每天", "day"), ("轮流", "case"), ("节假日", "holiday"),
        ("2026-10-01", "2026-10-01"), ("2026/10/1", "2026-10-01"), ("2026年10月1日", "2026-10-01"),
        ("2026-10-01 00:00:00", "2026-10-01"), ("2026-02-30", None), ("10月1日", None), ("每两周", None), ("", None),
    ],
)  # fmt: skip
def test_what_stands_in_a_table(cell: str, means: str | None) -> None:
    assert turn_written(cell) == means
