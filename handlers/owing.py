"""回执: when a broadcast leaves it is written down who owes word of it; when it ends, nobody is reminded any more."""

from domain.broadcast import Broadcast
from domain.receipts import FIRST_SHOWN, Step, owed
from domain.stages import Receipts
from handlers.routing import Ctx


async def owe(broadcast: Broadcast, ctx: Ctx) -> None:
    """By the squads that it went to, or their households."""
    if broadcast.receipts is Receipts.NONE:
        return
    receipts = owed(broadcast.receipts, await ctx.store.receipts.squads_told(broadcast.id))
    await ctx.store.receipts.owe(broadcast.id, receipts)
    await ctx.store.roll_ups.begin(broadcast.id, await _top(broadcast, ctx), ctx.now, ctx.now + FIRST_SHOWN)
    await ctx.store.roll_ups.chase(broadcast.id, Step.GROUP, ctx.now + ctx.settings.chasing.wait(broadcast))


async def _top(broadcast: Broadcast, ctx: Ctx) -> str:
    """Up to where it is counted: what all of its area has in common; of a single squad, the grid above it."""
    shared = await ctx.store.areas.shared(broadcast.area)
    if shared and await ctx.store.grids.is_squad(shared):
        return next((grid.code for grid in (await ctx.store.grids.path(shared))[1:]), shared)
    return shared or ""


async def close(broadcast: Broadcast, ctx: Ctx) -> None:
    if broadcast.receipts is not Receipts.NONE:
        await ctx.store.roll_ups.close(broadcast.id, broadcast.receipts is Receipts.HOUSEHOLD, ctx.now)
