"""From when to when a warning is in force, as people write it: `到 18:00`, `6 小时`, `今晚 8:00 到 明天 8:00`."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.when import meeting

_LENGTH = re.compile(r"^\s*(\d{1,3})\s*个?\s*(分钟|小时|天|min|h|d)\S*\s*$", re.IGNORECASE)
_UNITS = {"分钟": "minutes", "min": "minutes", "小时": "hours", "h": "hours", "天": "days", "d": "days"}
_UNTIL = re.compile(r"\s*(?:到|至|~|～|until|to)\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Validity:
    """`onset` is None where it is in force at once."""

    onset: datetime | None
    expires: datetime


def read_validity(text: str, now: datetime) -> Validity | None:
    """What the words name, `now` being in the village's own time; None where they name no end."""
    text = unicodedata.normalize("NFKC", text).strip()
    if length := read_length(text):
        return Validity(None, now + length)
    before, after = _split(text)
    end = meeting(after, now)
    if end is None:
        return None
    start = meeting(before, now) if before else None
    if before and start is None:
        return None
    if start and end.at <= start.at:
        # `明天 8:00 到 18:00`: an end without a day of its own is on the day of the beginning.
        later = meeting(after, start.at)
        end = later if later and later.at.date() == start.at.date() else end
    return Validity(start.at if start else None, end.at)


def read_length(text: str) -> timedelta | None:
    """How long, in words: `6 小时`, `30min`."""
    length = _LENGTH.match(text)
    return timedelta(**{_UNITS[length[2].lower()]: int(length[1])}) if length else None


def _split(text: str) -> tuple[str, str]:
    """What is said of the beginning, which may be nothing, and of the end."""
    before, *after = _UNTIL.split(text, maxsplit=1)
    return (before, after[0]) if after else ("", before)
