"""每天 18:00, 工作日 7:30: at which times by the wall's clock a scheduled notice is due, and what is refused as one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from domain.language import N_, _
from domain.refused import Refused

LEAST_BETWEEN = 10
"""Minutes between two times: neighbours who hear more often than that mute the group, and hear no warning either."""

FARTHEST_YEARS = 5
"""Years ahead that a single time may lie: every 29 February but one in a century is nearer than that."""

MOST_SPOKEN = 4
"""Times of a day that are said one by one."""

MINUTES, HOURS, WEEK = tuple(range(60)), tuple(range(24)), tuple(range(7))
LAST = 32
"""The day of the month that is its last, however many it has."""

_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
"""Days of each month, in the year that gives it most."""

_WEEKDAYS = (N_("周一"), N_("周二"), N_("周三"), N_("周四"), N_("周五"), N_("周六"), N_("周日"))


@dataclass(frozen=True)
class Recurrence:
    """Minutes, hours, days of the month, months and weekdays (0 is Monday) on which it is due; none of a kind means
    all of them. `working` narrows it to working days; `on` is the one day of what happens once."""

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    weekdays: tuple[int, ...] = ()
    working: bool = False
    on: date | None = None

    def __post_init__(self) -> None:
        """Whatever it was read from, nothing that never comes or comes all the time is one."""
        if self.days and (self.weekdays or self.working):
            raise Refused(_("日期和星期只能写一样，例如：每月1日 9:00，或 每周一 8:00"))
        longest = max(_LONGEST[month - 1] for month in self.months or range(1, 13))
        if self.days and min(self.days) > longest and LAST not in self.days:
            raise Refused(_("没有 {month} 月 {day} 日这一天，请改日期。").format(
                month=self.months[0], day=min(self.days)))  # fmt: skip
        if _closest(self.minutes, self.hours) < LEAST_BETWEEN:
            raise Refused(too_often())

    @property
    def stored(self) -> str:
        """As the schedule's row keeps it: `2026-12-01 09:00`, or five cron fields, with L for the last day of a month
        and W for working days."""
        if self.on:
            return f"{self.on.isoformat()} {self.hours[0]:02}:{self.minutes[0]:02}"
        days = ",".join("L" if day == LAST else str(day) for day in self.days)
        weekdays = "W" if self.working else _listed([day + 1 for day in self.weekdays], ())
        fields = (_listed(self.minutes, MINUTES), _listed(self.hours, HOURS), days, _listed(self.months, ()), weekdays)
        return " ".join(field or "*" for field in fields)

    @property
    def spoken(self) -> str:
        """As people say it: 每周一、周三 08:00."""
        times = [f"{hour:02}:{minute:02}" for hour in self.hours for minute in self.minutes]
        day = self._day()
        return f"{day} {'、'.join(times)}" if day and len(times) <= MOST_SPOKEN else f"cron {self.stored}"

    def _day(self) -> str:
        """The days in words; none where only cron can say it."""
        if self.on:
            return on_day(self.on)
        days = "、".join(_("最后一天") if day == LAST else _("{n}日").format(n=day) for day in self.days)
        if len(self.months) == 1 and self.days:
            return _("每年{month}月{days}").format(month=self.months[0], days=days)
        if self.months:
            return ""
        if self.days:
            return _("每月{days}").format(days=days)
        if self.working:
            return _("工作日")
        return _week(self.weekdays) if self.weekdays else _("每天")

    @property
    def skips_months(self) -> int | None:
        """The day of the month that some months lack, and that therefore does not come in them."""
        shortest = min(28 if month == 2 else _LONGEST[month - 1] for month in self.months or range(1, 13))
        latest = max((day for day in self.days if day != LAST), default=0)
        return latest if latest > shortest else None


def once(day: date, hour: int, minute: int, now: datetime) -> Recurrence:
    """One time only, ahead of `now`, the time by the wall's clock."""
    if datetime(day.year, day.month, day.day, hour, minute, tzinfo=now.tzinfo) <= now:
        raise Refused(past())
    if day.year > now.year + FARTHEST_YEARS:
        raise Refused(_("太远了，最多定到 {n} 年以后。").format(n=FARTHEST_YEARS))
    return Recurrence((minute,), (hour,), on=day)


def moment(wall: datetime, zone: tzinfo) -> datetime:
    """When the village's clock shows this. A time that it skips in spring comes as much later; one that it shows twice
    in autumn counts the first time."""
    return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)


def past() -> str:
    return _("这个时间已经过去了，请写一个以后的时间。")


def too_often() -> str:
    return _("太密了，大家会嫌吵把群静音。两次之间至少隔 {n} 分钟。").format(n=LEAST_BETWEEN)


def _week(days: Sequence[int]) -> str:
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return _("每{first}到{last}").format(first=weekday(days[0]), last=weekday(days[-1]))
    return _("每{days}").format(days="、".join(weekday(n) for n in days))


def weekday(number: int) -> str:
    return _(_WEEKDAYS[number])


def on_day(day: date) -> str:
    return _("{year}年{month}月{day}日 {weekday}").format(
        year=day.year, month=day.month, day=day.day, weekday=weekday(day.weekday())
    )


def _listed(numbers: Sequence[int], everything: Sequence[int]) -> str:
    return "" if tuple(numbers) == tuple(everything) else ",".join(map(str, numbers))


def _closest(minutes: Sequence[int], hours: Sequence[int]) -> int:
    """Minutes between the two nearest times, over midnight too: the next day may be one of them."""
    times = sorted(hour * 60 + minute for hour in hours for minute in minutes)
    day = int(timedelta(days=1).total_seconds()) // 60
    return min(later - earlier for earlier, later in zip(times, [*times[1:], times[0] + day], strict=True))
