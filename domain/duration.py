"""Lengths of time as people write them in the config (`15m`) and read them on a card (15 分钟)."""

import re
from datetime import timedelta

from domain.language import _

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_WRITTEN = re.compile(r"(\d{1,6})([smhd])")


def parse_duration(written: str) -> timedelta:
    """`30s`, `15m`, `24h` or `7d`; ValueError for anything else, and for nothing at all (`0m`)."""
    found = _WRITTEN.fullmatch(written.strip())
    if not found or not int(found[1]):
        raise ValueError(_("时长请写成 30s、15m、24h 或 7d 这样，不能是 {written!r}").format(written=written))
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def spoken(length: timedelta) -> str:
    """The length in its largest whole unit: 90 minutes stay minutes, 120 become 2 hours."""
    seconds = max(0, round(length.total_seconds()))
    if seconds and seconds % 86400 == 0:
        return _("{n} 天").format(n=seconds // 86400)
    if seconds and seconds % 3600 == 0:
        return _("{n} 小时").format(n=seconds // 3600)
    if seconds < 60:
        return _("{n} 秒").format(n=seconds)
    return _("{n} 分钟").format(n=round(seconds / 60))
