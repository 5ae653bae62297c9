"""When somebody means to come: `明天下午3点 村委会` as a moment in the village's time, and what else was said."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta


@dataclass(frozen=True)
class Meeting:
    """A moment, and the words that were not about it: where."""

    at: datetime
    place: str


_DIGITS = {char: n for n, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "日": 7, "天": 7}
_N = r"(?:\d{1,2}|[一二三四五六七八九]?十[一二三四五六七八九]?|[零〇一二两三四五六七八九]{1,2})"
_SPOKEN = {
    "今晚": "今天晚上", "今早": "今天早上", "明晚": "明天晚上", "明早": "明天早上", "今日": "今天", "明日": "明天",
    "明儿": "明天", "後": "后", "點": "点", "禮": "礼", "週": "周", "號": "号",
}  # fmt: skip
_DAYS = {"今天": 0, "today": 0, "明天": 1, "tomorrow": 1, "大后天": 3, "后天": 2}
_ENGLISH = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_NEAR = re.compile("|".join(_DAYS), re.IGNORECASE)
_WEEKDAY = re.compile(r"(下下|下|这|本)?个?(?:周|星期|礼拜)([一二三四五六日天1-7])")
_ENGLISH_WEEKDAY = re.compile(rf"\b(next )?({'|'.join(_ENGLISH)})[a-z]*\b", re.IGNORECASE)
_DATE = re.compile(rf"(?<!\d)(?:(\d{{4}})[-/.年])?({_N})[-/.月]({_N})(?:日|号)?(?![\d:])")
_DAY_OF_MONTH = re.compile(rf"({_N})(?:日|号)(?!楼|门|院|桥)")
_PART = r"(凌晨|早上|早晨|上午|中午|下午|傍晚|晚上)?\s*"
_CLOCK = re.compile(rf"{_PART}({_N})(?:点钟?|时)(?:(半)|(一刻)|(三刻)|({_N})分?)?")
_DIGITAL = re.compile(rf"{_PART}(?<!\d)(\d{{1,2}}):(\d{{2}})(?!\d)\s*(am|pm)?", re.IGNORECASE)
_AROUND_PLACE = re.compile(r"^(?:在|到|去|at )|^[\s,，。、；;]+|[\s,，。、；;]+$", re.IGNORECASE)

_LATER_HALF = frozenset({"下午", "傍晚", "晚上", "pm"})
_NOON = "中午"
_EARLIEST = 7
"""Nobody calls on a neighbour before seven: `3点` without a word for the half of the day is the afternoon's."""


def meeting(text: str, now: datetime) -> Meeting | None:
    """What the words name, `now` being in the village's own time; None where they name no day that exists or no hour.
    Without a day it is today."""
    text = unicodedata.normalize("NFKC", text)
    for spoken, plain in _SPOKEN.items():
        text = text.replace(spoken, plain)
    hour, text = _hour(text)
    if hour is None:
        return None
    day, text = _day(text, now, hour)
    if day is None:
        return None
    previous = None
    while text != previous:
        previous, text = text, _AROUND_PLACE.sub("", text)
    return Meeting(datetime.combine(day, hour, now.tzinfo), text)


def leading_hour(text: str) -> tuple[time, int] | None:
    """The hour that the text begins with, taken as it stands (`3:00` is by night), and how much of it says so."""
    if found := _CLOCK.match(text):
        half = 30 if found[3] else 15 if found[4] else 45 if found[5] else number(found[6] or "0")
        at = _time(found[1], number(found[2]), half, earliest=0)
    elif found := _DIGITAL.match(text):
        at = _time(found[1] or (found[4] or "").lower() or None, int(found[2]), int(found[3]), earliest=0)
    return (at, found.end()) if found and at else None


def _hour(text: str) -> tuple[time | None, str]:
    """The hour, and the text without it."""
    if found := _CLOCK.search(text):
        half = 30 if found[3] else 15 if found[4] else 45 if found[5] else number(found[6] or "0")
        return _time(found[1], number(found[2]), half), _without(text, found)
    if found := _DIGITAL.search(text):
        part = found[1] or (found[4] or "").lower() or None
        return _time(part, int(found[2]), int(found[3])), _without(text, found)
    return None, text


def _time(part: str | None, hour: int, minute: int, earliest: int = _EARLIEST) -> time | None:
    later = part in _LATER_HALF or (part is None and hour < earliest) or (part == _NOON and hour < 3)
    if later and 0 < hour < 12:
        hour += 12
    elif part in {"晚上", "am"} and hour == 12:
        # The next day to some and this one to others: better asked than guessed.
        return None
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _day(text: str, now: datetime, hour: time) -> tuple[date | None, str]:
    """The day, and the text without it."""
    today = now.date()
    if found := _NEAR.search(text):
        return today + timedelta(days=_DAYS[found[0].lower()]), _without(text, found)
    if found := _WEEKDAY.search(text):
        which = number(found[2])
        return _weekday(now, which - 1, {"下": 1, "下下": 2, "这": 0, "本": 0}.get(found[1]), hour), _without(
            text, found
        )
    if found := _ENGLISH_WEEKDAY.search(text):
        return _weekday(now, _ENGLISH.index(found[2].lower()), 1 if found[1] else None, hour), _without(text, found)
    if found := _DATE.search(text):
        return _date(today, found[1], number(found[2]), number(found[3])), _without(text, found)
    if found := _DAY_OF_MONTH.search(text):
        return _day_of_month(today, number(found[1])), _without(text, found)
    return today, text


def _weekday(now: datetime, weekday: int, week: int | None, hour: time) -> date:
    """The next such day, today's while its hour is ahead; with a week named (this 0, next 1), that week's."""
    monday = now.date() - timedelta(days=now.weekday())
    if week is not None:
        return monday + timedelta(days=weekday, weeks=week)
    over = (weekday, hour) <= (now.weekday(), now.time())
    return monday + timedelta(days=weekday, weeks=1 if over else 0)


def _date(today: date, year: str | None, month: int, day: int) -> date | None:
    """Without a year, the next such day."""
    try:
        named = date(int(year) if year else today.year, month, day)
        return named if year or named >= today else named.replace(year=today.year + 1)
    except ValueError:
        return None


def _day_of_month(today: date, day: int) -> date | None:
    month = today.year * 12 + today.month - 1 + (1 if day < today.day else 0)
    return _date(today, str(month // 12), month % 12 + 1, day)


def number(written: str) -> int:
    """Up to 99, in digits or in Chinese: 十二, 三十, 二十五."""
    if written.isdecimal():
        return int(written)
    tens, ten, ones = written.rpartition("十")
    if not ten:
        return int("".join(str(_DIGITS[char]) for char in written))
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)


def _without(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} {text[found.end() :]}"
