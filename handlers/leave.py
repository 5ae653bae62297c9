"""请假: somebody is not called on these days; whoever leads the grid hears which days nobody has now."""

from collections.abc import Sequence

from domain.chat import Outgoing, Pressed, Said, Send
from domain.duty import AHEAD_DAYS, DAY, Rota
from domain.duty_words import OFF, Days, leading_days
from domain.language import N_, _
from domain.people import Person
from domain.refused import Refused
from domain.text import one_line
from handlers.duty_board import gap_lines, turn_name
from handlers.handover import relieve
from handlers.own_turns import has_turns, in_charge, offered, own_rotas, the_rota, turn_of
from handlers.routing import Ctx, button, words
from handlers.timetable import local


@words(
    "请假",
    "/leave",
    concerns=has_turns,
    help=N_("请假 7月26日到7月28日 —— 这几天值班不叫您；回来了发：请假 取消"),
)
async def leave(said: Said, ctx: Ctx) -> list[Outgoing]:
    rotas, order = await own_rotas(ctx), one_line(ctx.rest)
    if order in OFF:
        return await _back(rotas, said, ctx)
    days = leading_days(order, local(ctx)) if order else None
    if order and days is None:
        raise Refused(_("没看懂哪天。请写成：请假 7月26日，或 请假 7月26日到7月28日"))
    if days is None:
        return offered(rotas, "leave_turn", _("哪一班不能来？请点一下。"), said.chat, ctx)
    return await _taken(rotas, days, said, ctx)


@button("leave")
async def choose(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    rota = await the_rota(pressed.number(0), ctx)
    return offered([rota], "leave_turn", _("哪一班不能来？请点一下。"), pressed.chat, ctx)


@button("leave_turn")
async def take_leave(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    rota = await the_rota(pressed.number(0), ctx)
    turn = turn_of(pressed, rota, ctx)
    return await _taken([rota], Days(turn.first, turn.last, ""), pressed, ctx)


async def _taken(rotas: Sequence[Rota], days: Days, incoming: Said | Pressed, ctx: Ctx) -> list[Outgoing]:
    person = ctx.someone()
    today = ctx.settings.shift.day(ctx.now)
    if days.first < today:
        raise Refused(_("那天已经过去了，请写以后的日子。"))
    if days.last > today + AHEAD_DAYS * DAY:
        # A day of last week is read as one of next year.
        raise Refused(_("只能请 {n} 天以内的假，请核对日子。").format(n=AHEAD_DAYS))
    for rota in rotas:
        new = [day for day in days.all if (person.id, day) not in rota.away]
        await ctx.store.duty.leave(rota.id, person.id, new)
    when = turn_name(days.turn(person.who))
    text = _("记下了：{when} 不叫您值班。早点回来请发：请假 取消").format(when=when)
    told = _("{who} {when} 请假，不值班。").format(who=person.name, when=when)
    return [Send(incoming.chat, text), *await _leaders_hear(rotas, person, told, ctx)]


async def _back(rotas: Sequence[Rota], said: Said, ctx: Ctx) -> list[Outgoing]:
    person = ctx.someone()
    for rota in rotas:
        await ctx.store.duty.back(rota.id, person.id, ctx.settings.shift.day(ctx.now))
    told = _("{who} 不请假了，照常值班。").format(who=person.name)
    return [Send(said.chat, _("好的，轮到您照常叫您。")), *await _leaders_hear(rotas, person, told, ctx)]


async def _leaders_hear(rotas: Sequence[Rota], person: Person, text: str, ctx: Ctx) -> list[Outgoing]:
    """With the days that nobody has now; and whoever is called first from this moment on hears that."""
    outs: list[Outgoing] = []
    for rota in rotas:
        gaps = await gap_lines(ctx, [rota.grid])
        how = [_("要排人请发：值班 网格 日期 姓名")] if gaps else []
        lines = "\n".join([text, *gaps, *how])
        outs += [Send(chat, lines, brief=text) for chat in await in_charge(rota.grid, person.id, ctx)]
        grid = await ctx.store.grids.get(rota.grid)
        outs += await relieve(grid, ctx) if grid else []
    return outs
