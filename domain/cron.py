"""0 18 * * 1-5: how those write it who know cron, and how a schedule is kept in its row."""

import re
from datetime import date

from domain.language import _
from domain.recurrence import HOURS, LAST, LEAST_BETWEEN, MINUTES, WEEK, Recurrence
from domain.refused import Refused

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_NAMES = "|".join((*_MONTHS, *_WEEKDAYS, "l", "w"))
_FIELD = rf"(?:\*|\d+|(?:{_NAMES})(?![a-z]))(?:[-,/](?:\*|\d+|(?:{_NAMES})(?![a-z])))*"
_FIVE = re.compile(rf"{_FIELD}(?:\s+{_FIELD}){{4}}(?=\s|$)", re.IGNORECASE)
_SIXTH = re.compile(r"\s+(?:[\d*/,-]*[*/,-][\d*/,-]*|[0-7])(?=\s|$)")
_PART = re.compile(r"(\*|\w+)(?:-(\w+))?(?:/(\d+))?")
_ONCE = re.compile(r"(\d{4}-\d{2}-\d{2}) (\d{2}):(\d{2})")


def restored(stored: str) -> Recurrence:
    """What a row keeps."""
    if found := _ONCE.fullmatch(stored):
        return Recurrence((int(found[3]),), (int(found[2]),), on=date.fromisoformat(found[1]))
    return _recurrence(stored.split())


def leading_cron(text: str) -> tuple[Recurrence, int] | None:
    """The five fields that the text begins with, and how much of it they take."""
    found = _FIVE.match(text)
    if not found:
        return None
    if _SIXTH.match(text, found.end()):
        raise Refused(_("cron 只写五段：分 时 日 月 星期，没有秒；两次之间至少隔 {n} 分钟。").format(n=LEAST_BETWEEN))
    return _recurrence(found[0].lower().split()), found.end()


def _recurrence(fields: list[str]) -> Recurrence:
    minutes, hours, days, months, weekdays = fields
    # The seventh day is Sunday too.
    week = _numbers(weekdays, range(8), _WEEKDAYS) if weekdays not in ("*", "w", "W") else ()
    return Recurrence(
        _numbers(minutes, MINUTES),
        _numbers(hours, HOURS),
        _partly(days, range(1, 32), ("l", "L")),
        _partly(months, range(1, 13), ("", *_MONTHS)),
        tuple(sorted({(day - 1) % 7 for day in week})) if {day % 7 for day in week} != set(WEEK) else (),
        working=weekdays in ("w", "W"),
    )


def _partly(field: str, allowed: range, names: tuple[str, ...]) -> tuple[int, ...]:
    numbers = _numbers(field, allowed, names)
    return () if numbers == tuple(allowed) else numbers


def _numbers(field: str, allowed: range | tuple[int, ...], names: tuple[str, ...] = ()) -> tuple[int, ...]:
    """Every number that a field of cron names, in order."""
    numbers: set[int] = set()
    for part in field.split(","):
        found = _PART.fullmatch(part)
        if not found:
            raise Refused(_wrong(field))
        first, last, step = found[1], found[2], int(found[3] or 1)
        if first.lower() == "l" and "l" in names and not (last or found[3]):
            numbers.add(LAST)
            continue
        low = allowed[0] if first == "*" else _number(first, field, names)
        open_end = first == "*" or (found[3] and not last)
        high = allowed[-1] if open_end else _number(last or first, field, names)
        if step < 1 or not allowed[0] <= low <= high <= allowed[-1]:
            raise Refused(_wrong(field))
        numbers |= set(range(low, high + 1, step))
    return tuple(sorted(numbers))


def _number(word: str, field: str, names: tuple[str, ...]) -> int:
    if word.isdecimal() and len(word) <= 2:
        return int(word)
    if word in names and word not in ("l", "L"):
        return names.index(word)
    raise Refused(_wrong(field))


def _wrong(field: str) -> str:
    return _("cron 里的“{field}”看不懂。五段是：分 时 日 月 星期，例如：0 18 * * 1-5").format(field=field)
