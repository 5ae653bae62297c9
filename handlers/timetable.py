"""At which moments a schedule is due: APScheduler counts the times on the wall's clock, China's calendar says which
days are worked."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import islice, takewhile

from apscheduler.triggers.cron import CronTrigger

from domain.recurrence import LAST, Recurrence, moment
from domain.schedule import Schedule, State
from handlers.holidays import is_working
from handlers.routing import Ctx

SHOWN = 3
"""Coming times that a card shows: enough to see what was meant."""

_DAY = timedelta(days=1)
_TICK = timedelta(microseconds=1)


def local(ctx: Ctx) -> datetime:
    """Now, on the village's clock."""
    return ctx.now.astimezone(ctx.settings.timezone)


def following(schedule: Schedule, ctx: Ctx) -> datetime | None:
    """When it comes next, of what is not settled yet."""
    return next(coming(schedule, schedule.settled(ctx.now), ctx), None)


def upcoming(schedule: Schedule, ctx: Ctx) -> list[datetime]:
    """The next times as a card shows them, of which the first is the one that is set."""
    active = schedule.state is State.ACTIVE and schedule.due_at
    first = [schedule.due_at] if active and schedule.due_at else []
    after = first[0] if first else schedule.settled(ctx.now)
    return [*first, *islice(coming(schedule, after, ctx), SHOWN - len(first))]


def in_time(schedule: Schedule, ctx: Ctx) -> datetime | None:
    """Of the times that have come, the latest, where it is not too late for it; None where all were missed."""
    if schedule.due_at is None:
        return None
    earliest = ctx.now - schedule.grace
    first = [schedule.due_at] if schedule.due_at >= earliest else []
    later = takewhile(lambda at: at <= ctx.now, coming(schedule, max(schedule.due_at, earliest - _TICK), ctx))
    return max([*first, *later], default=None)


def coming(schedule: Schedule, after: datetime, ctx: Ctx) -> Iterator[datetime]:
    """The moments later than this one, up to its last day."""
    if schedule.recurrence is None:
        return
    zone = ctx.settings.timezone
    for at in moments(schedule.recurrence, after, zone):
        if schedule.within(at, zone) is None:
            return
        yield at


def moments(recurrence: Recurrence, after: datetime, zone: tzinfo) -> Iterator[datetime]:
    """Later than `after`, without end but for what happens once. The trigger counts on the wall's clock as if there
    were no summer time: where there is, it would ring twice when the clock is put back."""
    trigger = _trigger(recurrence)
    # A day back: a time that the clock skips comes later than the wall shows it.
    wall = trigger.get_next_fire_time(None, after.astimezone(zone).replace(tzinfo=UTC) - _DAY)
    while wall:
        at = moment(wall, zone)
        if at > after and (not recurrence.working or is_working(wall.date())):
            yield at
            after = at
        wall = trigger.get_next_fire_time(None, wall + _TICK)


def _trigger(recurrence: Recurrence) -> CronTrigger:
    """Field by field: the numbers of weekdays in `CronTrigger.from_crontab` begin with Monday, unlike cron's."""
    day = recurrence.on
    return CronTrigger(
        year=day.year if day else None,
        month=day.month if day else _field(recurrence.months),
        day=day.day if day else _field("last" if n == LAST else n for n in recurrence.days),
        day_of_week=_field(recurrence.weekdays),
        hour=_field(recurrence.hours),
        minute=_field(recurrence.minutes),
        second=0,
        timezone=UTC,
    )


def _field(values: Iterable[object]) -> str:
    return ",".join(map(str, values)) or "*"
