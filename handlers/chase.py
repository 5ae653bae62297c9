"""催回执: who has not confirmed hears again in the group, then their leader in private, then the grid above by name."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from domain.broadcast import Broadcast
from domain.chat import ChatId, Due, Outgoing, Promise, Send
from domain.language import _
from domain.people import names
from domain.receipts import RollUp, Step
from domain.stages import Receipts, Stage
from domain.text import one_line
from handlers.broadcast import alert_card, receipt_buttons, what, worded
from handlers.doors import doors_list
from handlers.draft_card import the_broadcast
from handlers.passing import passed_buttons
from handlers.reach import who_passes_on
from handlers.routing import Ctx, due
from storage.passings import Passing

NAMED = 30
"""Squads in one message to the grid above them."""


@due("chase")
async def lapsed(lapsed: Due, ctx: Ctx) -> list[Outgoing]:
    broadcast = await the_broadcast(str(lapsed.id), ctx)
    step = await ctx.store.roll_ups.step(broadcast.id)
    late = await ctx.store.roll_ups.late(broadcast.id)
    if broadcast.stage is not Stage.SENT or not late:
        await ctx.store.roll_ups.chase(broadcast.id, step, None)
        return []
    morning = None if broadcast.weight.pin else ctx.settings.morning(ctx.now)
    if morning:
        await ctx.store.roll_ups.chase(broadcast.id, step, morning)
        return []
    again = ctx.now + ctx.settings.chasing.wait(broadcast) if step.next else None
    await ctx.store.roll_ups.chase(broadcast.id, step.next or step, again)
    await ctx.store.roll_ups.show_anew(broadcast.id, ctx.now)
    outs = await {Step.GROUP: _groups, Step.LEADERS: _leaders, Step.ABOVE: _above}[step](broadcast, late, ctx)
    if step is not Step.ABOVE:
        outs += await _passers(broadcast, ctx)
    if step.next and not outs:
        # Whom nobody can tell is not waited for.
        await ctx.store.roll_ups.chase(broadcast.id, step.next, ctx.now)
    return outs


async def _groups(broadcast: Broadcast, late: Sequence[RollUp], ctx: Ctx) -> list[Outgoing]:
    """Without the doors: those are nobody's but the leader's."""
    by_hand = await _waiting(broadcast, ctx)
    by_grid = {one.grid: one for one in late if not one.unreached and one.grid not in by_hand}
    told = await ctx.store.broadcasts.told(broadcast.id)
    return [
        _reminder(broadcast, one.chat, _to_group(broadcast, by_grid[one.grid]))
        for one in told
        if one.grid in by_grid and not one.hears_only
    ]


def _to_group(broadcast: Broadcast, squad: RollUp) -> str:
    if broadcast.receipts is Receipts.HOUSEHOLD:
        return _("还有 {n} 户没回“收到”。看到的请点“收到”，邻居没看手机的请互相告诉一声。").format(
            n=squad.owed - squad.got
        )
    return _("{grid}还没有人回“收到”。看到的请点“收到”，或回一句“收到”。").format(grid=squad.name)


async def _leaders(broadcast: Broadcast, late: Sequence[RollUp], ctx: Ctx) -> list[Outgoing]:
    by_hand = await _waiting(broadcast, ctx)
    late = [one for one in late if one.grid not in by_hand]
    await ctx.store.grids.look_up([one.grid for one in late])
    by_chat: dict[ChatId, list[RollUp]] = defaultdict(list)
    for one in late:
        for chat in (await ctx.rungs(one.grid))[0].private_chats:
            by_chat[chat].append(one)
    outs: list[Outgoing] = []
    for chat, squads in by_chat.items():
        text = _("{grids}还没回，请您看看大家收到没有，打电话或上门告诉一声，再点“收到”。")
        outs.append(_reminder(broadcast, chat, text.format(grids="、".join(one.name for one in squads))))
        if broadcast.receipts is Receipts.HOUSEHOLD:
            outs += [out for one in squads for out in await doors_list(broadcast, one.grid, ctx, [chat])]
    return outs


async def _waiting(broadcast: Broadcast, ctx: Ctx) -> dict[str, Passing]:
    """The squads to whom nobody has passed it on yet."""
    return {one.grid: one for one in await ctx.store.passings.asked(broadcast.id) if not one.passed}


async def _passers(broadcast: Broadcast, ctx: Ctx) -> list[Outgoing]:
    """Whoever can do it now, which may not be who was asked first; the words once more, for they may not have them."""
    by_chat: dict[ChatId, list[Passing]] = defaultdict(list)
    for one in (await _waiting(broadcast, ctx)).values():
        for chat in await who_passes_on(one.grid, ctx):
            by_chat[chat].append(one)
    text = _("{grids}还没有转发。请把它转发到居民的群，再点“已转发”；转发过了，直接点“已转发”。")
    outs: list[Outgoing] = []
    for chat, squads in by_chat.items():
        said = _reminder(broadcast, chat, text.format(grids="、".join(one.name for one in squads)))
        # Each is heard: it changes nothing in place of the one before.
        card = f"{said.card}:{ctx.now:%d%H%M%S}"
        outs.append(replace(said, buttons=passed_buttons(broadcast, squads), card=card))
    return outs


def _reminder(broadcast: Broadcast, chat: ChatId, text: str) -> Send:
    """Under a name by which it can be called back with all else that was said of it."""
    lines = [f"{what(broadcast)}（{broadcast.number}）{one_line(broadcast.text)}", text]
    return Send(
        chat,
        worded(broadcast, "\n".join(lines)),
        receipt_buttons(broadcast),
        Promise.DIGEST,
        f"{alert_card(broadcast)}:late",
        wakes=broadcast.weight.pin,
    )


async def _above(broadcast: Broadcast, late: Sequence[RollUp], ctx: Ctx) -> list[Outgoing]:
    """By the nearest grid above where somebody can be told, else by the owners: they call, or walk there."""
    await ctx.store.grids.look_up([one.grid for one in late])
    by_chat: dict[ChatId, list[RollUp]] = defaultdict(list)
    for one in late:
        rungs = (await ctx.rungs(one.grid))[1:]
        chats = next((rung.private_chats for rung in rungs if rung.private_chats), None) or await ctx.owner_chats()
        for chat in chats:
            by_chat[chat].append(one)
    said, wakes = _("{what}（{number}）催过了还没回的：{squads}。请打电话或上门看一看。"), broadcast.weight.pin
    outs: list[Outgoing] = []
    for chat, squads in by_chat.items():
        text = said.format(what=what(broadcast), number=broadcast.number, squads=await _named(broadcast, squads, ctx))
        outs.append(Send(chat, worded(broadcast, text), promise=Promise.DIGEST, wakes=wakes))
    return outs


async def _named(broadcast: Broadcast, squads: Sequence[RollUp], ctx: Ctx) -> str:
    """四队（张队长）: who is to be called."""
    shown = []
    for one in squads[:NAMED]:
        who = names((await ctx.rungs(one.grid))[0].answerers) or _("没有队长")
        count = f" {one.got}/{one.owed}" if broadcast.receipts is Receipts.HOUSEHOLD else ""
        missed = _("，没送到") if one.unreached else ""
        shown.append(f"{one.name}{count}（{who}{missed}）")
    if len(squads) > NAMED:
        shown.append(_("还有 {n} 个").format(n=len(squads) - NAMED))
    return "、".join(shown)
