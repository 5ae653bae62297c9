"""What comes every day at set times, by the clock on the village's wall."""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta, tzinfo


def next_at(now: datetime, times: Iterable[time], zone: tzinfo) -> datetime:
    """The first set time after now. One that the clock skips in spring comes as much later; one that it shows twice in
    autumn counts the first time."""
    hours, today = tuple(times), now.astimezone(zone).date()
    # Three days: today's times may all be over, and a date line may have moved under a whole day.
    days = (today + timedelta(days=n) for n in range(3))
    moments = (datetime.combine(day, at, tzinfo=zone).astimezone(UTC) for day in days for at in hours)
    return min(moment for moment in moments if moment > now)
