"""The country's calendar: which days the State Council gave free, with the Sundays worked for them."""

from datetime import date
from typing import Final

import chinese_calendar

LAST_KNOWN_YEAR: Final = max(day.year for day in chinese_calendar.holidays)
"""The State Council says each November which days of the next year are worked; the package has them soon after."""


def is_working(day: date) -> bool:
    """With the Sundays that are worked for holidays; in years that are not known yet, Monday to Friday."""
    if day.year > LAST_KNOWN_YEAR:
        return day.weekday() < 5
    return bool(chinese_calendar.is_workday(day))


def is_holiday(day: date) -> bool:
    """A day of the country's holidays, the weekend in them too; other weekends are none, nor what is not known yet."""
    if day.year > LAST_KNOWN_YEAR:
        return False
    free, name = chinese_calendar.get_holiday_detail(day)
    return bool(free and name)
