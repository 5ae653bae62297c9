"""一张图: those who answer for a grid, or for one above or below it, see at one glance how its parts are."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence

from domain.chat import Attachment, Outgoing, Said, Send
from domain.grid import Grid
from domain.language import N_, _
from domain.overview import Tile, Trouble, in_words, tile, worst_first
from domain.people import ANSWERING
from domain.refused import Refused
from handlers.broadcast import what
from handlers.draft_card import the_broadcast
from handlers.reach import highest
from handlers.routing import Ctx, words
from handlers.sweep_card import the_sweep
from handlers.tiles import draw, pages

MOST_TILES = 200
"""Parts of one grid on its pictures; of what is still behind them nothing is wrong, or much is worse."""


@words("一张图", "/picture", help=N_("一张图 网格 —— 每一片现在怎么样，一眼看完，例如：一张图 三网格"))
async def one_picture(said: Said, ctx: Ctx) -> list[Outgoing]:
    grid = await _meant(ctx)
    await _must_see(grid, ctx)
    tiles, about = await _tiles(grid, ctx)
    title = _("{grid} 一张图").format(grid=grid.name)
    stamp = f"{ctx.today():%Y-%m-%d} {ctx.clock(ctx.now)}"
    first, *others = await _pictures(title, " ".join([stamp, *about]), tiles[:MOST_TILES], ctx)
    text = "\n".join([title, stamp, *about, *in_words(tiles)])
    outs = [Send(said.chat, text, reply_to=said.message_id, attachment=first)]
    return [*outs, *(Send(said.chat, title, attachment=kept) for kept in others)]


async def _meant(ctx: Ctx) -> Grid:
    """The grid that is named, else that of the group, else the speaker's own."""
    if ctx.rest.strip():
        return await ctx.grid(ctx.rest)
    here = await ctx.store.grids.get(ctx.chat.grid) if ctx.in_group and ctx.chat and ctx.chat.grid else None
    return here or await highest(ctx)


async def _must_see(grid: Grid, ctx: Ctx) -> None:
    if await ctx.answers_for(grid.code):
        return
    for held in ctx.someone().appointments:
        if held.role in ANSWERING and grid.code in {above.code for above in await ctx.store.grids.path(held.grid)}:
            return
    raise Refused(_("一张图给管这一片的队长、网格长、干部看。您上报的事发“查询”看进展。"))


async def _tiles(grid: Grid, ctx: Ctx) -> tuple[list[Tile], list[str]]:
    """The grid's parts, the worst first, with what was reported in the grid itself; and what receipts are counted."""
    parts = await ctx.store.grids.children(grid.code)
    by_branch: defaultdict[str | None, list[Trouble]] = defaultdict(list)
    codes = {part.code for part in parts}
    for trouble in await ctx.store.overview.troubles(grid.code):
        by_branch[trouble.branch if trouble.branch in codes else None].append(trouble)
    asked = [part.code for part in parts] or [grid.code]
    warning, receipts = await ctx.store.overview.receipts(asked) or (None, {})
    sweep, doors = await ctx.store.overview.doors(asked) or (None, {})
    kinds, none = ctx.settings.kinds, (0, 0)
    tiles = [
        tile(one.name, by_branch[one.code], kinds, receipts.get(one.code, none), doors.get(one.code, none))
        for one in parts
    ]
    own = _("{grid} 直属").format(grid=grid.name) if parts else grid.name
    itself = tile(own, by_branch[None], kinds, receipts.get(grid.code, none), doors.get(grid.code, none))
    if itself.open or not parts:
        tiles.append(itself)
    return worst_first(tiles), await _about(warning, sweep, ctx)


async def _about(warning: int | None, sweep: int | None, ctx: Ctx) -> list[str]:
    """Which warning the receipts are of, and which sweep the doors."""
    lines = []
    if warning is not None:
        broadcast = await the_broadcast(str(warning), ctx)
        lines.append(_("回执：{what}（{number}）").format(what=what(broadcast), number=broadcast.number))
    if sweep is not None:
        asked = await the_sweep(sweep, ctx)
        lines.append(_("摸排：{what}（{number}）").format(what=asked.survey.title, number=asked.number))
    return lines


async def _pictures(title: str, stamp: str, tiles: Sequence[Tile], ctx: Ctx) -> list[Attachment]:
    """Page by page, each kept until it is delivered."""
    drawn = [await asyncio.to_thread(draw, title, stamp, page, len(tiles)) for page in pages(tiles)]
    return [await ctx.store.files.keep(picture, ctx.now) for picture in drawn]
