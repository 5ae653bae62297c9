"""等着的事: whoever comes to answer for a grid sees what was reported before they could be told."""

from domain.bundle import LOUD, MORNING_LINES, in_one
from domain.case import WAITING, Case
from domain.chat import ChatId, Outgoing, Send
from domain.escalation import hearers
from domain.grid import Grid
from domain.language import _
from handlers.cards import card_name, place
from handlers.discretion import way
from handlers.routing import Ctx


async def what_waits(ctx: Ctx, grid: Grid, chat: ChatId) -> list[Outgoing]:
    """A few cards, or one message with a button for each case, the most urgent first."""
    found = await ctx.store.cases.open_at((grid.code,), MORNING_LINES)
    waiting = [case for case in found if case.state in WAITING and await _hears_of(ctx, case, chat)]
    standing = await ctx.store.outbox.cards_in(chat, [card_name(case) for case in waiting]) if waiting else set()
    new = [case for case in waiting if card_name(case) not in standing]
    cards = [out for case in new for out in await place(ctx, case, [chat]) if isinstance(out, Send)]
    if len(cards) <= LOUD:
        return list(cards)
    return [in_one(_("{grid} 有 {n} 件事等人接单：").format(grid=grid.name, n=len(cards)), cards)]


async def _hears_of(ctx: Ctx, case: Case, chat: ChatId) -> bool:
    rung = next((rung for rung in await way(ctx, case) if rung.grid.code == case.grid), None)
    return chat in hearers(rung, ctx.settings.kinds[case.kind], case.origin)
