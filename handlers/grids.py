"""移网格, 撤网格, 标签: the tree changes shape while its cases stay in good hands; grids are tagged."""

from collections.abc import Sequence

from domain.case import Case
from domain.chat import Outgoing, Said, Send
from domain.language import N_, _
from domain.mode import Change
from domain.people import Who
from domain.refused import Refused
from domain.text import one_line
from handlers.at_work import all_at_work, carry_out, finish
from handlers.cards import everywhere
from handlers.discretion import way
from handlers.letters import handed_to
from handlers.routing import Ctx, words

LONGEST_TAG = 20
"""Characters: a word, such as 低洼 or 化工厂旁."""


@words("移网格", "/movegrid", help=N_("移网格 编号 新上级编号 —— 换一个上级，事情跟着走"))
async def move(said: Said, ctx: Ctx) -> list[Outgoing]:
    codes = ctx.rest.split()
    if len(codes) != 2:
        raise Refused(_("请写两个编号，例如：移网格 小队编号 新上级编号"))
    grid, parent = [await ctx.grid(code) for code in codes]
    await ctx.must_answer_for(grid.parent or grid.code)
    await ctx.must_answer_for(parent.code)
    above = {higher.code for higher in await ctx.store.grids.path(parent.code)}
    if grid.code in above:
        raise Refused(_("{parent} 在 {grid} 下面，不能做它的上级").format(parent=parent.name, grid=grid.name))
    left = {higher.code for higher in await ctx.store.grids.path(grid.parent or grid.code)} - above
    cases = [case for case in await ctx.store.cases.owed_from_below(grid.code) if case.grid in left]
    await ctx.store.grids.move(grid.code, parent.code)
    text = _("{grid} 现在归 {parent}").format(grid=grid.name, parent=parent.name)
    return [Send(said.chat, text), *await _hand_over(cases, parent.code, ctx), *await all_at_work(grid.code, ctx)]


@words("撤网格", "/closegrid", help=N_("撤网格 编号 —— 这个网格不要了，没办完的事交给上级"))
async def close(said: Said, ctx: Ctx) -> list[Outgoing]:
    grid = await ctx.grid(ctx.rest)
    if grid.parent is None:
        raise Refused(_("{grid} 是最上面的网格，不能撤").format(grid=grid.name))
    person = await ctx.must_answer_for(grid.parent)
    mode = (await ctx.store.modes.running()).get(grid.code)
    back = await _end_mode(mode, person.who, ctx) if mode else []
    moved = await ctx.store.cases.owed_at(grid.code)
    await ctx.store.grids.close(grid.code, grid.parent, ctx.now)
    parent = await ctx.store.grids.get(grid.parent)
    text = _("{grid} 已撤，{n} 件没办完的事交给 {parent}").format(
        grid=grid.name, n=len(moved), parent=parent.name if parent else grid.parent
    )
    return [Send(said.chat, text), *await _hand_over(moved, grid.parent, ctx), *back]


async def _end_mode(mode: Change, by: Who, ctx: Ctx) -> list[Outgoing]:
    """In all its groups at once: what is below it has another parent afterwards."""
    mode, outs = await finish(mode, by, ctx)
    while mode.due_at:
        mode, more = await carry_out(mode, ctx)
        outs += more
    return outs


async def _hand_over(cases: Sequence[Case], parent: str, ctx: Ctx) -> list[Outgoing]:
    """Whoever answers for the parent sees at once what is theirs now."""
    outs: list[Outgoing] = []
    for owed in cases:
        case = await ctx.store.cases.save(owed.rehome(parent, ctx.now))
        rung = next((rung for rung in await way(ctx, case) if rung.grid.code == parent), None)
        outs += await everywhere(ctx, case, await handed_to(ctx, case, rung) if case.open else ())
    return outs


@words("标签", "/tag", help=N_("标签 网格 名称 —— 给网格加个标签（如 低洼），再发一次就去掉；预警可以按标签发"))
async def tag(said: Said, ctx: Ctx) -> list[Outgoing]:
    word, _space, name = one_line(ctx.rest).partition(" ")
    grid = await ctx.grid(word)
    await ctx.must_lead(grid.code)
    name = name.strip()
    if not name or len(name) > LONGEST_TAG:
        raise Refused(_("请写网格和标签，例如：标签 三小队 低洼"))
    areas = ctx.store.areas
    await (areas.untag if name in await areas.tags([grid.code]) else areas.tag)(grid.code, name)
    tags = "、".join(await areas.tags([grid.code])) or _("没有")
    return [Send(said.chat, _("{grid} 的标签：{tags}").format(grid=grid.name, tags=tags), reply_to=said.message_id)]
