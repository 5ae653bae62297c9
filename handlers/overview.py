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
    asked = await ctx.store.overview.receipts([part.code for part in parts] or [grid.code])
    number, receipts = asked or (0, {})
    kinds = ctx.settings.kinds
    tiles = [tile(one.name, by_branch[one.code], kinds, receipts.get(one.code, (0, 0))) for one in parts]
    own = _("{grid} 直属").format(grid=grid.name) if parts else grid.name
    itself = tile(own, by_branch[None], kinds, (0, 0) if parts else receipts.get(grid.code, (0, 0)))
    if itself.open or not parts:
        tiles.append(itself)
    return worst_first(tiles), await _asked(number, ctx) if asked else []


async def _asked(number: int, ctx: Ctx) -> list[str]:
    broadcast = await the_broadcast(str(number), ctx)
    return [_("回执：{what}（{number}）").format(what=what(broadcast), number=broadcast.number)]


async def _pictures(title: str, stamp: str, tiles: Sequence[Tile], ctx: Ctx) -> list[Attachment]:
    """Page by page, each kept until it is delivered."""
    drawn = [await asyncio.to_thread(draw, title, stamp, page, len(tiles)) for page in pages(tiles)]
    return [await ctx.store.files.keep(picture, ctx.now) for picture in drawn]
