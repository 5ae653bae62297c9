"""Who is on duty, whose turns come next, and the days on which nobody is."""

from collections.abc import Iterable, Sequence
from datetime import date

from domain.duty import Gap, Rota, Turn, Turns, called_first, days_from
from domain.grid import Grid
from domain.language import _
from domain.people import Answerer, Rung, names
from domain.recurrence import weekday
from handlers.holidays import is_holiday
from handlers.routing import Ctx

SHOWN = 5
"""Turns, or days with nobody, in one message: a small screen shows as many."""

GAP_DAYS = 7
"""How far ahead a leader is told of days with nobody: there is still time to ask somebody."""


async def board(ctx: Ctx, grid: Grid) -> str:
    """Who is to be called here now, and who comes next; nothing of how to reach them."""
    rungs = await ctx.rungs(grid.code)
    rotas = await ctx.rotas([rung.grid.code for rung in rungs])
    today = ctx.settings.shift.day(ctx.now)
    called = called_first(rungs, rotas, today, is_holiday(today))
    rota = rotas.get(grid.code)
    title = _("{grid} 值班").format(grid=grid.name)
    if rota is None:
        return "\n".join([title, _without_rota(called)])
    ahead = rota.turns_ahead(today, is_holiday)
    coming = [turn for turn in ahead if turn.first > today][:SHOWN]
    lines = [title, _now(ctx, rota, rungs[0], called), *(_line(rota, turn) for turn in coming)]
    return "\n".join([*lines, *_holiday_line(rota), *_mode_lines(rota, ctx)])


def _without_rota(called: Sequence[Answerer]) -> str:
    if called:
        return _("没有排班，有事找 {who}。").format(who=names(called))
    return _("这里还没有能叫到的人。急事请直接打 110、119、120。")


def _now(ctx: Ctx, rota: Rota, here: Rung, called: Sequence[Answerer]) -> str:
    today = ctx.settings.shift.day(ctx.now)
    who = rota.on_duty(today, is_holiday(today), reachable(here))
    if who is None:
        if called:
            return _("现在没有人值班，有事先找 {who}。").format(who=names(called))
        return _("现在没有人值班。急事请直接打 110、119、120。")
    if rota.turns is Turns.CASE and today not in rota.days:
        order = "、".join(one.name for one in rota.usual)
        return _("轮流接单：{names}。下一件先叫 {who}。").format(names=order, who=who.name)
    return _("现在：{who}（到 {when}）").format(who=who.name, when=until(ctx, rota))


def until(ctx: Ctx, rota: Rota) -> str:
    """When the turn that runs now is over."""
    today = ctx.settings.shift.day(ctx.now)
    turn = next((turn for turn in rota.turns_ahead(today, is_holiday) if turn.first == today), None)
    last = turn.last if turn else today
    return ctx.clock(ctx.settings.shift.next(ctx.settings.shift.begins(last)))


def _line(rota: Rota, turn: Turn) -> str:
    away = any((turn.who.id, day) in rota.away for day in turn.days)
    return f"{turn_name(turn)} {turn.who.name}" + (_("（请假）") if away else "")


async def on_days(ctx: Ctx, grid: Grid, days: Iterable[date]) -> list[str]:
    """Whose these days are; a day that nobody has says so."""
    rota = (await ctx.rotas([grid.code])).get(grid.code)
    if rota is None:
        return [_("没有排班。")]
    owners = {day: rota.whose(day, is_holiday(day)) for day in days}
    return [_line(rota, Turn(who, day, day)) if who else f"{day_name(day)} —" for day, who in owners.items()]


def _holiday_line(rota: Rota) -> list[str]:
    if not rota.holidays:
        return []
    return [_("国家节假日另排：{names}").format(names="、".join(who.name for who in rota.holidays))]


def _mode_lines(rota: Rota, ctx: Ctx) -> list[str]:
    return [
        _("{mode}模式另排：{names}").format(mode=mode.title, names="、".join(who.name for who in rota.modes[mode.name]))
        for mode in ctx.settings.modes
        if mode.name in rota.modes
    ]


def turn_name(turn: Turn) -> str:
    """7月26日 周日, or from one day to another: short enough for a button."""
    if turn.first == turn.last:
        return day_name(turn.first)
    first, last = (_("{month}月{day}日").format(month=day.month, day=day.day) for day in (turn.first, turn.last))
    return _("{first}到{last}").format(first=first, last=last)


def day_name(day: date) -> str:
    return _("{month}月{day}日 {weekday}").format(month=day.month, day=day.day, weekday=weekday(day.weekday()))


def reachable(rung: Rung) -> set[int]:
    """Those of this grid who can be called: they answer for it still, and have a private chat."""
    return {a.person for a in rung.answerers if a.chat}


async def gap_lines(ctx: Ctx, grids: Iterable[str]) -> list[str]:
    """The days of the coming week on which nobody is on duty, a line a day, of these grids that have a rota."""
    today = ctx.settings.shift.day(ctx.now)
    lines: list[str] = []
    for code, rota in (await ctx.rotas(grids)).items():
        here = (await ctx.rungs(code))[0]
        found = rota.gaps(days_from(today, GAP_DAYS), is_holiday, reachable(here))
        lines += [_gap(rota, gap, here.grid.name) for gap in found[:SHOWN]]
        if len(found) > SHOWN:
            lines.append(_("{grid} 还有 {n} 天没有人值班").format(grid=here.grid.name, n=len(found) - SHOWN))
    return lines


def _gap(rota: Rota, gap: Gap, grid: str) -> str:
    if gap.whose is None:
        return _("{grid} {day} 没有人值班").format(grid=grid, day=day_name(gap.day))
    away = (gap.whose.id, gap.day) in rota.away
    why = _("{who} 请假") if away else _("{who} 收不到私信，或不在这里了")
    return _("{grid} {day} 没有人值班（{why}）").format(
        grid=grid, day=day_name(gap.day), why=why.format(who=gap.whose.name)
    )
