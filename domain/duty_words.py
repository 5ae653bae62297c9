"""每周 张三 李四, 7月25日到27日 王五: how people say who has duty when."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from domain.duty import AHEAD_DAYS, DAY, MODE, MOST_MEMBERS, Turn, Turns, days_from
from domain.language import _
from domain.mode import Modes
from domain.people import Who
from domain.recurrence_words import leading_date
from domain.refused import Refused

OFF = ("取消", "不排", "off")
"""No rota any more; of leave, back again."""

HOLIDAYS = "holiday"
"""The list of the country's holidays, beside the turns."""

_LISTS = {
    **dict.fromkeys(("每周", "每星期", "按周", "weekly", "week"), Turns.WEEK),
    **dict.fromkeys(("每天", "每日", "按天", "daily", "day"), Turns.DAY),
    **dict.fromkeys(("轮流", "rotate", "case"), Turns.CASE),
    **dict.fromkeys(("节假日", "节日", "holidays", "holiday"), HOLIDAYS),
}
_FIRST_WORD = re.compile(r"[^\s,，、:：;；]+")
_BETWEEN = re.compile(r"[\s,，、;；]+")
_TO = re.compile(r"\s*(?:到|至|-|~|～|—|\bto\b)\s*")
_DAY_OF_MONTH = re.compile(r"(\d{1,2})(?:日|号)?(?![\d月/.-])")
_WRITTEN_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 00:00:00)?")
_WEEKDAY = re.compile(r"(下)?(?:周|星期|礼拜)([一二三四五六日天])")


@dataclass(frozen=True)
class Days:
    """Days that somebody named, and what else they said."""

    first: date
    last: date
    rest: str

    @property
    def all(self) -> list[date]:
        return days_from(self.first, (self.last - self.first).days + 1)

    def turn(self, who: Who) -> Turn:
        """As a turn of theirs."""
        return Turn(who, self.first, self.last)


def list_named(word: str) -> Turns | str | None:
    """The list that a word names: `Turns`, or `HOLIDAYS`."""
    return _LISTS.get(word.strip().casefold())


def turn_written(cell: str) -> str | None:
    """What stands in a table: a list by its code word, or a day as 2026-10-01. A workbook adds the midnight to it."""
    if named := list_named(cell):
        return str(named)
    found = _WRITTEN_DAY.fullmatch(cell)
    try:
        return date(*map(int, found.groups())).isoformat() if found else None
    except ValueError:
        return None


def leading_list(text: str, modes: Modes) -> tuple[Turns | str, list[str]] | None:
    """The list that the text begins with, that of a work mode by the mode's own word, and the names in it."""
    found = _FIRST_WORD.match(text)
    if found is None:
        return None
    mode = modes.called(found[0])
    named = list_named(found[0]) or (f"{MODE}{mode.name}" if mode else None)
    return (named, listed_names(text[found.end() :])) if named else None


def listed_names(text: str) -> list[str]:
    names = [name for name in _BETWEEN.split(text.lstrip(" :：")) if name]
    if len(names) > MOST_MEMBERS:
        raise Refused(_("一张值班表最多写 {n} 个名字").format(n=MOST_MEMBERS))
    return names


def leading_days(text: str, now: datetime) -> Days | None:
    """The day or days that the text begins with. `now` is in the village's own time."""
    first = _leading_day(text, now)
    if first is None:
        return None
    day, end = first
    last = day
    if to := _TO.match(text, end):
        last, end = _until(text, to.end(), day, now)
    if last < day or (last - day).days >= AHEAD_DAYS:
        raise Refused(_("从哪天到哪天没看懂。请写成：7月25日到7月27日，最多 {n} 天").format(n=AHEAD_DAYS))
    return Days(day, last, text[end:].strip(" \t\n:：,，。、"))


def _until(text: str, start: int, first: date, now: datetime) -> tuple[date, int]:
    """到27日 is of the same month."""
    if named := _leading_day(text[start:], now):
        return named[0], start + named[1]
    found = _DAY_OF_MONTH.match(text, start)
    try:
        return (first.replace(day=int(found[1])), found.end()) if found else (first - DAY, start)
    except ValueError:
        return first - DAY, start


def _leading_day(text: str, now: datetime) -> tuple[date, int] | None:
    if found := _WEEKDAY.match(text):
        monday = now.date() - DAY * now.weekday()
        day = monday + DAY * ("一二三四五六日".find(found[2].replace("天", "日")) + (7 if found[1] else 0))
        return (day if day >= now.date() else day + 7 * DAY), found.end()
    return leading_date(text, now)
