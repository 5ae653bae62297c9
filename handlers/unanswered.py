"""没回应: nobody took a case that one person had alone, so the others hear; who is silent twice is left in peace."""

from domain.case import Case
from domain.chat import Due, Outgoing, Send
from domain.duty import SILENT, Rota
from domain.escalation import everybody, waits
from domain.language import _
from domain.people import Rung
from handlers.cards import aloud, card_name, enclosures, everywhere
from handlers.discretion import way
from handlers.handover import relieve
from handlers.routing import Ctx, due
from storage.pages import Page


@due("page")
async def unanswered(lapsed: Due, ctx: Ctx) -> list[Outgoing]:
    page = await ctx.store.pages.lapse(lapsed.id)
    rota = await ctx.store.duty.get(page.rota) if page else None
    case = await ctx.store.cases.get(page.case) if page else None
    if page is None or rota is None or case is None or not waits(case) or case.grid != rota.grid:
        return []
    here = next((rung for rung in await way(ctx, case) if rung.grid.code == rota.grid), None)
    outs = await _others_hear(case, here, page, ctx) if here else []
    return [*outs, *await _left_in_peace(page, rota, ctx)]


async def _others_hear(case: Case, here: Rung, page: Page, ctx: Ctx) -> list[Outgoing]:
    """Everybody of the grid gets the card; whoever was called alone is told that they do."""
    chats = everybody(here, ctx.settings.kinds[case.kind], case.origin)
    standing = await ctx.store.outbox.chats_with(card_name(case))
    new = [chat for chat in chats if chat not in standing]
    text = _("{number} 还没有人接单，现在也叫了其他人。您能去就请点“接单”。").format(number=case.number)
    own = await ctx.store.people.private_chats(page.person)
    return [*await everywhere(ctx, case, new), *await enclosures(ctx, case, new), *await aloud(ctx, case, own, text)]


async def _left_in_peace(page: Page, rota: Rota, ctx: Ctx) -> list[Outgoing]:
    today = ctx.settings.shift.day(ctx.now)
    missed = await ctx.store.pages.miss(page, today)
    if missed < SILENT or (page.person, today) in rota.away:
        return []
    await ctx.store.duty.leave(rota.id, page.person, [today])
    until = ctx.clock(ctx.settings.shift.next(ctx.now))
    text = _("叫了您 {n} 次没有回应，到 {when} 先不叫您了，由别人顶着。您能接了请发：请假 取消").format(
        n=missed, when=until
    )
    grid = await ctx.store.grids.get(rota.grid)
    told: list[Outgoing] = [Send(chat, text) for chat in await ctx.store.people.private_chats(page.person)]
    return [*told, *await relieve(grid, ctx, wakes=True)] if grid else told
