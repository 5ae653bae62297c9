"""值班: everybody can ask who is on duty; a leader says in a sentence who has which turn."""

from domain.chat import Button, ChatKind, Outgoing, Rows, Said, Send
from domain.duty import Turns
from domain.duty_words import OFF, leading_days, leading_list
from domain.grid import Grid
from domain.language import N_, _
from domain.people import ANSWERING, LEADING
from domain.refused import Refused
from domain.text import one_line
from handlers.duty_board import board, gap_lines, on_days
from handlers.rota import arrange
from handlers.routing import Ctx, words
from handlers.timetable import local

LONGEST = 400
"""Characters of an order: a month of names."""

MOST_ASKED = 31
"""Days that are answered at once: a month."""


async def meant_for_the_bot(said: Said, ctx: Ctx) -> bool:
    """In a group “值班 …” is talk like any other, but for the bare question, one that names a grid, and what a leader
    says."""
    rest = one_line(ctx.rest, LONGEST)
    if said.chat_kind is ChatKind.PRIVATE or said.text.lstrip().startswith("/") or not rest:
        return True
    person = await ctx.store.people.by_account(said.sender.account) if said.sender else None
    leads = person is not None and any(a.role in LEADING for a in person.appointments)
    return (leads and _is_order(rest, ctx)) or bool(await ctx.store.grids.find(rest))


@words(
    "值班",
    "谁值班",
    "/duty",
    concerns=meant_for_the_bot,
    help=N_("值班 —— 现在谁值班；队长排班：值班 每周 张三 李四（每天、轮流、节假日 也行），值班 7月25日 王五"),
)
async def duty(said: Said, ctx: Ctx) -> list[Outgoing]:
    grid, order = await _named(ctx)
    if not order:
        lines = [await board(ctx, grid), *await _for_leaders(said, grid, ctx)]
        return [Send(said.chat, "\n".join(lines), await _own_buttons(said, grid, ctx), reply_to=said.message_id)]
    asked = leading_days(order, local(ctx))
    if asked and not asked.rest:
        lines = [_("{grid} 值班").format(grid=grid.name), *await on_days(ctx, grid, asked.all[:MOST_ASKED])]
        return [Send(said.chat, "\n".join(lines), reply_to=said.message_id)]
    await ctx.must_lead(grid.code)
    done, told = await arrange(grid, order, ctx)
    lines = [done, await board(ctx, grid), *await gap_lines(ctx, [grid.code])]
    return [Send(said.chat, "\n".join(lines), reply_to=said.message_id), *told]


def _is_order(text: str, ctx: Ctx) -> bool:
    try:
        return text in OFF or bool(leading_list(text, ctx.settings.modes) or leading_days(text, local(ctx)))
    except Refused:
        return True


async def _named(ctx: Ctx) -> tuple[Grid, str]:
    """The grid that is meant, and what is to be done there; without a name it is that of this chat, or one's own."""
    text = one_line(ctx.rest, LONGEST)
    word, _space, rest = text.partition(" ")
    if word and (await ctx.store.grids.find(word) or not _is_order(text, ctx)):
        return await ctx.grid(word), rest.strip()
    return await _own_grid(ctx), text


async def _own_grid(ctx: Ctx) -> Grid:
    person = ctx.sender
    answers = [a.grid for a in person.appointments if a.role in ANSWERING] if person else []
    homes = [ctx.chat.grid] if ctx.chat and ctx.chat.grid else [*answers, *(person.homes if person else ())]
    grid = await ctx.store.grids.get(homes[0]) if homes else None
    if grid is None or grid.closed_at:
        raise Refused(_("请在后面写上网格的名称或编号，例如：值班 三网格"))
    return grid


async def _for_leaders(said: Said, grid: Grid, ctx: Ctx) -> list[str]:
    """In private, whoever leads the grid is shown the days that nobody has, or how a rota is made."""
    path = {above.code for above in await ctx.store.grids.path(grid.code)}
    if said.chat_kind is ChatKind.GROUP or ctx.sender is None or not ctx.sender.answers_for(path, LEADING):
        return []
    if await ctx.store.duty.of([grid.code]):
        return await gap_lines(ctx, [grid.code])
    return [_("要排班请发：值班 {grid} 每周 张三 李四").format(grid=grid.name)]


async def _own_buttons(said: Said, grid: Grid, ctx: Ctx) -> Rows:
    """In private, whoever has a turn can give it away or take leave."""
    rota = (await ctx.store.duty.of([grid.code])).get(grid.code)
    if said.chat_kind is ChatKind.GROUP or rota is None or ctx.sender is None or ctx.sender.id not in rota.people:
        return ()
    leave = Button(_("请假"), f"leave:{rota.id}")
    by_case = (await ctx.holding(rota)).turns is Turns.CASE
    return ((leave,),) if by_case else ((Button(_("换班"), f"swap:{rota.id}"), leave),)
