"""How a sweep is named and what is said of its time, wherever it is shown."""

from datetime import timedelta

from domain.chat import Pressed
from domain.drill import marked
from domain.duration import spoken
from domain.language import _
from domain.refused import Refused
from domain.survey import Means
from domain.sweep import Count, Entry, State, Sweep
from handlers.routing import Ctx

BEFORE_TOMORROW = timedelta(hours=12)
"""What is to be over so soon does not wait for the morning."""

_HOURS_FROM = timedelta(hours=2)
"""From here on the time left is said in hours."""


def top_card(sweep: Sweep) -> str:
    return f"sweep:{sweep.id}"


def what(sweep: Sweep) -> str:
    return _("{title}摸排").format(title=sweep.survey.title)


def headline(sweep: Sweep, place: str) -> str:
    return f"【{what(sweep)}】{sweep.number} {place}"


def worded(sweep: Sweep, text: str) -> str:
    """What is said of a drill wears its mark at both ends."""
    return marked(text) if sweep.drill else text


def titled(sweep: Sweep, place: str) -> str:
    """The headline where it stands alone, above a picture or a table."""
    return " ".join(worded(sweep, headline(sweep, place)).split("\n"))


def wakes(sweep: Sweep) -> bool:
    """Whoever begins a sweep at night that is to be over before the morning means the night."""
    began = sweep.began_at or sweep.created_at
    return not sweep.drill and sweep.closes_at - began <= BEFORE_TOMORROW


def passing(sweep: Sweep, count: Count) -> bool:
    """While there are doors left, what is said of it is soon said anew; a pause and the end are said at once."""
    return sweep.state is State.OPEN and count.late


def time_left(sweep: Sweep, ctx: Ctx) -> str:
    if not sweep.running:
        return _("已经结束")
    if sweep.state is State.PAUSED:
        return _("暂停了，先不用问")
    left = max(sweep.closes_at - ctx.now, timedelta())
    hours = timedelta(hours=round(left / timedelta(hours=1)))
    time = spoken(hours if left >= _HOURS_FROM else left)
    return _("{when} 截止，还有 {time}").format(when=ctx.clock(sweep.closes_at), time=time)


def troubles(sweep: Sweep, count: Count, *more: str) -> list[str]:
    """One line of what needs somebody, or none: needs help, unreached, and what else is said of it."""
    parts = []
    if count.help:
        parts.append(_("{label} {n} 户").format(label=sweep.survey.labels(Means.HELP), n=count.help))
    if count.unreached:
        parts.append(_("{label} {n} 户").format(label=sweep.survey.labels(Means.UNREACHED), n=count.unreached))
    parts += more
    return [" · ".join(parts)] if parts else []


def answer_of(sweep: Sweep, entry: Entry) -> str:
    """安全 2人 去了姐姐家."""
    choice = sweep.survey.choice(entry.answer or "")
    number = f"{entry.number}{sweep.survey.unit}" if entry.number is not None else ""
    return " ".join(filter(None, (choice.label if choice else "", number, entry.note)))


async def the_sweep(number: int, ctx: Ctx) -> Sweep:
    sweep = await ctx.store.sweeps.get(number)
    if sweep is None:
        raise Refused(_("这个按钮失效了。"))
    return sweep


async def led_sweep(pressed: Pressed, ctx: Ctx) -> Sweep:
    """The sweep of a button, for whoever may lead it."""
    sweep = await the_sweep(pressed.number(0), ctx)
    await ctx.must_lead(sweep.grid)
    return sweep


async def grid_name(code: str, ctx: Ctx) -> str:
    grid = await ctx.store.grids.get(code)
    return grid.name if grid else code


def must_still_run(sweep: Sweep) -> None:
    if not sweep.running:
        raise Refused(
            _("{number}摸排已经结束了，没有再记。要人帮忙请发：求助 哪一户、什么事").format(number=sweep.number)
        )
