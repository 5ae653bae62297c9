"""每周一、三、五 8:00 and every monday 8:00: how people say when a notice is to come, read from the start of what
they said."""

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from domain.cron import leading_cron
from domain.language import _
from domain.recurrence import LAST, LEAST_BETWEEN, Recurrence, once, too_often
from domain.refused import Refused
from domain.when import leading_hour, number

_DAYS_OF_WEEK = {char: n for n, char in enumerate("一二三四五六日")} | {"天": 6}
_ENGLISH = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NEAR = {"今天": 0, "today": 0, "明天": 1, "tomorrow": 1, "后天": 2}
_N = r"(?:\d{1,2}|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
_AND = r"\s*(?:、|，|,|和|跟|&|\band\b)\s*"
_TO = r"\s*(?:到|至|-|~|\bto\b)\s*"
_WEEK = r"(?:周|星期|礼拜)"
_CHINESE_DAY = rf"{_WEEK}?[一二三四五六日天]"
_ENGLISH_DAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:days?)?"

_DAILY = re.compile(r"每天|每日|天天|daily\b|every\s*day\b", re.IGNORECASE)
_WORKING = re.compile(r"(?:每个?)?工作日|(?:every\s+)?(?:weekdays?|workdays?|working\s+days?)\b", re.IGNORECASE)
_WEEKEND = re.compile(rf"每个?{_WEEK}末|(?:every\s+)?weekends?\b", re.IGNORECASE)
_WEEKLY = re.compile(
    rf"(?:每个?)?{_WEEK}([一二三四五六日天](?:(?:{_AND}|{_TO}){_CHINESE_DAY})*)"
    rf"|(?:every\s+)?\b({_ENGLISH_DAY}(?:(?:{_AND}|{_TO}){_ENGLISH_DAY})*)\b",
    re.IGNORECASE,
)
_RANGE = re.compile(rf"([a-z]+|[一二三四五六日天])(?:{_TO}([a-z]+|[一二三四五六日天]))?", re.IGNORECASE)
_EVERY_MONTH = r"every\s+month\s+(?:on\s+)?(?:the\s+)?"
_MONTH_END = re.compile(rf"每个?月(?:的?最后一天|月?底|末)|{_EVERY_MONTH}last\s+day\b", re.IGNORECASE)
_MONTHLY = re.compile(
    rf"每个?月({_N}(?:日|号)?(?:{_AND}{_N}(?:日|号)?)*)(?<=日|号)|{_EVERY_MONTH}(\d{{1,2}})(?:st|nd|rd|th)",
    re.IGNORECASE,
)
_YEARLY = re.compile(rf"每年({_N})月({_N})(?:日|号)")
_DATE = re.compile(rf"(?:(\d{{4}})\s*[-/.年]\s*)?({_N})\s*[-/.月]\s*({_N})(?:日|号)?(?![\d:])")
_DAY_NEAR = re.compile("|".join(_NEAR), re.IGNORECASE)
_OFTEN = re.compile(r"每隔?\s*(\d*)\s*(秒|分)|every\s+(?:(\d+)\s+)?(second|minute)", re.IGNORECASE)
_BEGINS = re.compile(
    rf"每(?:天|日|隔|年|秒|分|小时|个?(?:工作|月|{_WEEK}))|every\s|daily\b|\d{{4}}-\d|\d+月\d+[日号]", re.IGNORECASE
)
_BETWEEN = re.compile(r"[\s,，:：]*(?:的|at\b)?\s*", re.IGNORECASE)
_ANOTHER = re.compile(rf"{_AND}(?:\d{{1,2}}[:：]\d\d|{_N}点)")
# One character for one, so that what was read can be cut off what was said.
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


def leading_recurrence(text: str, now: datetime) -> tuple[Recurrence | None, str]:
    """When, as the text begins with it, and what else it says. None where it does not begin with a time at all; refused
    where it does and makes no sense. `now` is in the village's own time."""
    plain = text.translate(_NARROW)
    if found := leading_cron(plain):
        return found[0], text[found[1] :].strip()
    if often := _OFTEN.match(plain):
        if often[2] == "秒" or often[4] == "second" or int(often[1] or often[3] or 1) < LEAST_BETWEEN:
            raise Refused(too_often())
        raise Refused(not_understood())
    read = _days(plain, now)
    end = _past(_BETWEEN, plain, read[1]) if read else 0
    hour = leading_hour(plain[end:]) if read else None
    if read is None or hour is None:
        if _BEGINS.match(plain):
            raise Refused(not_understood())
        return None, text
    end += hour[1]
    if _ANOTHER.match(plain, end):
        raise Refused(_("一条定时只能有一个时刻。几个时刻请各定一条。"))
    return _at(read[0], hour[0], now), text[end:].lstrip(" \t\n:：,，。、")


def _past(pattern: re.Pattern[str], text: str, start: int) -> int:
    found = pattern.match(text, start)
    return found.end() if found else start


def leading_date(text: str, now: datetime) -> tuple[date, int] | None:
    """The day that the text begins with, and how much of it says so; without a year the next such day."""
    if found := _DAY_NEAR.match(text):
        return now.date() + timedelta(days=_NEAR[found[0].lower()]), found.end()
    if found := _DATE.match(text):
        return _named(found, now.date()), found.end()
    return None


def _at(days: Recurrence | date, at: time, now: datetime) -> Recurrence:
    if isinstance(days, date):
        return once(days, at.hour, at.minute, now)
    return replace(days, minutes=(at.minute,), hours=(at.hour,))


def _days(text: str, now: datetime) -> tuple[Recurrence | date, int] | None:
    """The days that the text begins with, and how much of it says so."""
    for pattern, read in _PATTERNS:
        if found := pattern.match(text):
            return read(found), found.end()
    return leading_date(text, now)


def _on(**days: object) -> Recurrence:
    """These days, at an hour that is not known yet."""
    return Recurrence((0,), (0,), **days)  # type: ignore[arg-type]


def _monthly(found: re.Match[str]) -> Recurrence:
    days = {number(n) for n in re.findall(_N, found[1] or found[2])}
    if not days <= set(range(1, 32)):
        raise Refused(_("一个月没有 {day} 日，请改日期。").format(day=max(days)))
    return _on(days=tuple(sorted(days)))


def _yearly(found: re.Match[str]) -> Recurrence:
    month, day = number(found[1]), number(found[2])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        raise Refused(_no_such_day(month, day))
    return _on(months=(month,), days=(day,))


def _weekly(found: re.Match[str]) -> Recurrence:
    """一、三、五; 一到五; monday and friday."""
    said = re.sub(_WEEK, "", found[1]) if found[1] else found[2]
    spans = _RANGE.finditer(re.sub(r"\band\b", ",", said, flags=re.IGNORECASE))
    return _on(weekdays=tuple(sorted({day for one in spans for day in _span(one)})))


def _span(found: re.Match[str]) -> range:
    first, last = (_weekday(word) for word in (found[1], found[2] or found[1]))
    if last < first:
        raise Refused(_("星期要从小到大写，例如：每周一到周五"))
    return range(first, last + 1)


def _weekday(word: str) -> int:
    return _DAYS_OF_WEEK[word] if word in _DAYS_OF_WEEK else _ENGLISH.index(word[:3].lower())


_PATTERNS = (
    (_DAILY, lambda _found: _on()),
    (_WORKING, lambda _found: _on(working=True)),
    (_WEEKEND, lambda _found: _on(weekdays=(5, 6))),
    (_WEEKLY, _weekly),
    (_MONTH_END, lambda _found: _on(days=(LAST,))),
    (_MONTHLY, _monthly),
    (_YEARLY, _yearly),
)


def _named(found: re.Match[str], today: date) -> date:
    """29 February without a year is the next one there is."""
    month, day = number(found[2]), number(found[3])
    years = [int(found[1])] if found[1] else range(today.year, today.year + 9)
    for year in years:
        try:
            named = date(year, month, day)
        except ValueError:
            continue
        if found[1] or named >= today:
            return named
    raise Refused(_no_such_day(month, day))


def _no_such_day(month: int, day: int) -> str:
    return _("没有 {month} 月 {day} 日这一天，请改日期。").format(month=month, day=day)


def not_understood() -> str:
    return _("没看懂什么时候发。请写成：每天 18:00，每周一、三、五 8:00，工作日 7:30，每月1日 9:00，或 12月1日 9:00")
