"""移网格, 撤网格: the tree changes shape while its cases stay in good hands."""

from domain.case import Case
from domain.chat import Outgoing, Said, Send
from domain.grid import Grid
from domain.language import N_, _
from domain.refused import Refused
from handlers.cards import everywhere
from handlers.routing import Ctx, words


@words("移网格", "/movegrid", help=N_("移网格 编号 新上级编号 —— 换一个上级，事情跟着走"))
async def move(said: Said, ctx: Ctx) -> list[Outgoing]:
    codes = ctx.rest.split()
    if len(codes) != 2:
        raise Refused(_("请写两个编号，例如：移网格 小队编号 新上级编号"))
    grid, parent = [await ctx.grid(code) for code in codes]
    await ctx.must_answer_for(grid.parent or grid.code)
    await ctx.must_answer_for(parent.code)
    if grid.code in {above.code for above in await ctx.store.grids.path(parent.code)}:
        raise Refused(_("{parent} 在 {grid} 下面，不能做它的上级").format(parent=parent.name, grid=grid.name))
    await ctx.store.grids.move(grid.code, parent.code)
    return [Send(said.chat, _("{grid} 现在归 {parent}").format(grid=grid.name, parent=parent.name))]


@words("撤网格", "/closegrid", help=N_("撤网格 编号 —— 这个网格不要了，没办完的事交给上级"))
async def close(said: Said, ctx: Ctx) -> list[Outgoing]:
    grid = await ctx.grid(ctx.rest)
    if grid.parent is None:
        raise Refused(_("{grid} 是最上面的网格，不能撤").format(grid=grid.name))
    await ctx.must_answer_for(grid.parent)
    moved = await _hand_over(grid, grid.parent, ctx)
    await ctx.store.grids.close(grid.code, grid.parent, ctx.now)
    parent = await ctx.store.grids.get(grid.parent)
    text = _("{grid} 已撤，{n} 件没办完的事交给 {parent}").format(
        grid=grid.name, n=len(moved), parent=parent.name if parent else grid.parent
    )
    outs = [out for case in moved for out in await everywhere(ctx, case)]
    return [Send(said.chat, text), *outs]


async def _hand_over(grid: Grid, parent: str, ctx: Ctx) -> list[Case]:
    cases = await ctx.store.cases.owed_at(grid.code)
    return [await ctx.store.cases.save(case.rehome(parent, ctx.now)) for case in cases]
