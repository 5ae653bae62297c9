"""交班: at the change whoever is on duty now hears so, with all that is open, and whoever was hears that too."""

from dataclasses import replace
from datetime import timedelta

from domain.chat import Due, Outgoing, Send
from domain.duty import Rota, Turns, first_day
from domain.grid import Grid
from domain.language import _
from domain.people import Answerer, Rung
from handlers.duty_board import reachable, until
from handlers.holidays import is_holiday
from handlers.routing import Ctx, due
from handlers.waiting import what_is_open

KEPT = timedelta(days=31)
"""How long a rota remembers who had which single day: a month, for whoever asks who it was."""


@due("rota")
async def change(lapsed: Due, ctx: Ctx) -> list[Outgoing]:
    """A day of duty begins. The rota of a grid that was closed is over."""
    rota = await ctx.store.duty.get(lapsed.id)
    grid = await ctx.store.grids.get(rota.grid) if rota else None
    if rota is None or grid is None or grid.closed_at:
        await ctx.store.duty.end(lapsed.id)
        return []
    today = ctx.settings.shift.day(ctx.now)
    if rota.begins is None:
        await ctx.store.duty.set_off(rota, first_day(rota.turns, today))
    await ctx.store.duty.forget(rota.id, today - KEPT)
    await ctx.store.duty.next_change(rota.id, ctx.settings.shift.next(ctx.now))
    return await relieve(grid, ctx)


async def relieve(grid: Grid, ctx: Ctx, *, wakes: bool = False) -> list[Outgoing]:
    """Whenever somebody else is called first than was told last: at the change, or because the rota changed."""
    here = (await ctx.rungs(grid.code))[0]
    rota = (await ctx.rotas([grid.code])).get(grid.code)
    first = here.called[0] if here.called and rota and rota.turns is not Turns.CASE else None
    if rota is None or rota.goes_on(first.person if first else None):
        return []
    await ctx.store.duty.hold(rota.id, first.person if first else None)
    taken = await _taken_over(first, rota, here, ctx) if first else []
    return [*(replace(out, wakes=wakes) for out in taken), *await _relieved(rota, first, grid, ctx)]


async def _taken_over(first: Answerer, rota: Rota, here: Rung, ctx: Ctx) -> list[Send]:
    today = ctx.settings.shift.day(ctx.now)
    on_duty = rota.on_duty(today, is_holiday(today), reachable(here))
    if on_duty and on_duty.id == first.person:
        title = _("{grid} 现在由您值班，到 {when}。有新上报先叫您。").format(grid=here.grid.name, when=until(ctx, rota))
    else:
        title = _("{grid} 现在没有人值班，到 {when} 先由您顶着。要排人请发：值班 {grid} {month}月{day}日 姓名").format(
            grid=here.grid.name,
            when=ctx.clock(ctx.settings.shift.next(ctx.now)),
            month=today.month,
            day=today.day,
        )
    chats = [a.chat for a in here.called if a.person == first.person and a.chat]
    return [await what_is_open(ctx, here.grid, chat, title) for chat in chats]


async def _relieved(rota: Rota, first: Answerer | None, grid: Grid, ctx: Ctx) -> list[Send]:
    """Whoever had it until now; one who was left in peace was told why already."""
    today = ctx.settings.shift.day(ctx.now)
    if rota.holder is None or (rota.holder, today) in rota.away:
        return []
    text = _("{grid} 的班交出去了，辛苦了！").format(grid=grid.name)
    if first:
        text = _("{grid} 的班由 {who} 接上了，辛苦了！").format(grid=grid.name, who=first.name)
    return [Send(chat, text, brief=text) for chat in await ctx.store.people.private_chats(rota.holder)]
