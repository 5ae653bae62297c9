"""三率: those who answer for a grid see, for each grid below it, how many were answered, solved and satisfied."""

import asyncio

from domain.chat import Attachment, Outgoing, Said, Send
from domain.grid import Grid
from domain.language import N_, _
from domain.rates import Course, Month, Rates, month_named, rates
from domain.refused import Refused
from handlers.chart import draw
from handlers.reach import highest
from handlers.routing import Ctx, words

MOST_ROWS = 40
"""Grids in one answer: whoever looks after more asks for a part of them."""

PAGE_ROWS = 8
"""Grids in one picture: services make what is higher than 1,600 pixels smaller, until nobody can read it."""


@words("三率", "/rates", help=N_("三率 网格 月份 —— 响应率、解决率、满意率，例如：三率 三网格 七月"))
async def three_rates(said: Said, ctx: Ctx) -> list[Outgoing]:
    month, name = _month_and_name(ctx)
    grid = await (ctx.grid(name) if name else highest(ctx))
    await ctx.must_answer_for(grid.code)
    zone = ctx.settings.timezone
    courses = await ctx.store.courses.below(grid.code, month.begins(zone), month.next.begins(zone))
    when = _("{year} 年 {month} 月").format(year=month.year, month=month.month)
    if not courses:
        text = _("{grid} {when} 没有上报。").format(grid=grid.name, when=when)
        return [Send(said.chat, text, reply_to=said.message_id)]
    title = _("{grid} 三率 {when}").format(grid=grid.name, when=when)
    rows = _rows(grid, await ctx.store.grids.children(grid.code), courses, ctx)
    first, *others = await _pictures(title, rows, ctx)
    outs = [Send(said.chat, _text(title, rows), reply_to=said.message_id, attachment=first)]
    return [*outs, *(Send(said.chat, title, attachment=kept) for kept in others)]


async def _pictures(title: str, rows: list[tuple[str, Rates]], ctx: Ctx) -> list[Attachment]:
    """The rows page by page, each kept until it is delivered."""
    pages = [rows[n : n + PAGE_ROWS] for n in range(0, len(rows), PAGE_ROWS)]
    drawn = [await asyncio.to_thread(draw, title, _columns(), page, _legend()) for page in pages]
    return [await ctx.store.files.keep(picture, ctx.now) for picture in drawn]


def _month_and_name(ctx: Ctx) -> tuple[Month, str]:
    """The grid and the month may come in any order; without a month it is this one."""
    today = ctx.now.astimezone(ctx.settings.timezone).date()
    this = Month(today.year, today.month)
    found = [(word, month_named(word, today)) for word in ctx.rest.split()]
    month = next((month for _word, month in found if month), this)
    if month > this:
        raise Refused(_("{year} 年 {month} 月还没到。").format(year=month.year, month=month.month))
    return month, " ".join(word for word, named in found if named is None)


def _rows(grid: Grid, children: list[Grid], courses: list[Course], ctx: Ctx) -> list[tuple[str, Rates]]:
    """A row for each child, one for what was reported in the grid itself, and all together last."""
    codes = {child.code for child in children}
    branches: dict[str | None, list[Course]] = {}
    for course in courses:
        branches.setdefault(course.branch if course.branch in codes else None, []).append(course)
    named = [(child.name, branches.get(child.code, [])) for child in children[:MOST_ROWS]]
    if children and branches.get(None):
        named.append((_("{grid} 直属").format(grid=grid.name), branches[None]))
    named.append((_("合计") if children else grid.name, courses))
    return [(name, rates(part, ctx.settings.kinds, ctx.now)) for name, part in named]


def _columns() -> tuple[str, str, str]:
    return _("响应"), _("解决"), _("满意")


def _legend() -> str:
    return _("响应：按时有人接单。解决、满意：只听上报人自己的回话。不到 3 件不算百分比。")


def _text(title: str, rows: list[tuple[str, Rates]]) -> str:
    return "\n".join([title, *(_line(name, counted) for name, counted in rows), _legend()])


def _line(name: str, counted: Rates) -> str:
    if not counted.reports:
        return _("{grid}：没有上报").format(grid=name)
    counts = _("，").join(f"{column} {rate}" for column, rate in zip(_columns(), counted.all, strict=True))
    return _("{grid}：{counts}").format(grid=name, counts=counts)
