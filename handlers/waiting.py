"""等着的事: whoever comes to answer for a grid sees what was reported before they could be told."""

from collections.abc import Iterable

from domain.bundle import LOUD, MORNING_LINES, in_one
from domain.case import WAITING, Case
from domain.chat import ChatId, Outgoing, Send
from domain.escalation import everybody, hearers
from domain.grid import Grid
from domain.language import _
from handlers.cards import card_name, place
from handlers.discretion import way
from handlers.routing import Ctx


async def what_waits(ctx: Ctx, grid: Grid, chat: ChatId) -> list[Outgoing]:
    """A few cards, or one message with a button for each case, the most urgent first."""
    waiting = [case for case in await _open(ctx, grid, chat) if case.state in WAITING]
    standing = await ctx.store.outbox.cards_in(chat, [card_name(case) for case in waiting]) if waiting else set()
    cards = await _cards(ctx, [case for case in waiting if card_name(case) not in standing], chat)
    if len(cards) <= LOUD:
        return list(cards)
    return [in_one(_("{grid} 有 {n} 件事等人接单：").format(grid=grid.name, n=len(cards)), cards)]


async def what_is_open(ctx: Ctx, grid: Grid, chat: ChatId, title: str) -> Send:
    """For whoever takes over: a line for each case that is not settled, and a button for each that nobody has."""
    cards = await _cards(ctx, await _open(ctx, grid, chat), chat)
    open_ = _("还没办完的 {n} 件：").format(n=len(cards)) if cards else _("没有没办完的事。")
    return in_one(f"{title}\n{open_}", cards) if cards else Send(chat, f"{title}\n{open_}", brief=title)


async def _open(ctx: Ctx, grid: Grid, chat: ChatId) -> list[Case]:
    found = await ctx.store.cases.open_at((grid.code,), MORNING_LINES)
    return [case for case in found if await _hears_of(ctx, case, chat)]


async def _cards(ctx: Ctx, cases: Iterable[Case], chat: ChatId) -> list[Send]:
    return [out for case in cases for out in await place(ctx, case, [chat]) if isinstance(out, Send)]


async def _hears_of(ctx: Ctx, case: Case, chat: ChatId) -> bool:
    rung = next((rung for rung in await way(ctx, case) if rung.grid.code == case.grid), None)
    kind = ctx.settings.kinds[case.kind]
    return chat in (*everybody(rung, kind, case.origin), *hearers(rung, kind, case.origin))
