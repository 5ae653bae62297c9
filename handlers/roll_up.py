"""回执汇总: each grid sees in one card how many of those below it have confirmed, and who has not."""

from collections.abc import Sequence
from dataclasses import replace

from domain.broadcast import Broadcast
from domain.chat import ChatId, Due, Outgoing, Promise, Send
from domain.language import _
from domain.people import LEADING
from domain.receipts import RollUp, breath
from domain.stages import Receipts, Sort, Stage, stage_name
from handlers.broadcast import copies, group_text, what, worded
from handlers.doors import doors_list
from handlers.draft_card import the_broadcast
from handlers.rehearsal import drill_text
from handlers.routing import Ctx, due
from storage.areas import Told

NAMES_SHOWN = 6
"""Of those who confirmed for their squad."""

LATE_SHOWN = 30
"""Of those who have not, by name."""


@due("roll_up")
async def changed(lapsed: Due, ctx: Ctx) -> list[Outgoing]:
    roll_up = await ctx.store.roll_ups.get(lapsed.id)
    if roll_up is None:
        return []
    broadcast = await the_broadcast(str(roll_up.broadcast), ctx)
    await ctx.store.roll_ups.shown(roll_up, ctx.now + breath(roll_up.alike))
    return await (_of_squad if roll_up.squad else _of_grid)(broadcast, roll_up, ctx)


# -- in the squad itself ---------------------------------------------------------------------------------------------


async def _of_squad(broadcast: Broadcast, roll_up: RollUp, ctx: Ctx) -> list[Outgoing]:
    """The broadcast's own card says it, and keeps its button. One that may not have arrived is not placed anew for
    this."""
    outs = await doors_list(broadcast, roll_up.grid, ctx) if broadcast.receipts is Receipts.HOUSEHOLD else []
    if broadcast.stage is not Stage.SENT:
        return outs
    line = await _confirmed(broadcast, roll_up, ctx)
    text = await (drill_text if broadcast.sort is Sort.DRILL else group_text)(broadcast, ctx, [line])
    placed = [Told(chat, roll_up.grid) for chat in await ctx.store.roll_ups.placed(broadcast.id, roll_up.grid)]
    passing = roll_up.got < roll_up.owed or broadcast.receipts is not Receipts.HOUSEHOLD
    return [*outs, *(replace(card, promise=Promise.CARD, passing=passing) for card in copies(broadcast, placed, text))]


async def _confirmed(broadcast: Broadcast, roll_up: RollUp, ctx: Ctx) -> str:
    if broadcast.receipts is Receipts.HOUSEHOLD:
        return _("已收到 {got}/{owed} 户").format(got=roll_up.got, owed=roll_up.owed)
    who = await ctx.store.receipts.names(broadcast.id, roll_up.grid)
    shown = "、".join(who[:NAMES_SHOWN])
    if len(who) > NAMES_SHOWN:
        return _("已收到：{names} 等 {n} 人").format(names=shown, n=len(who))
    return _("已收到：{names}").format(names=shown)


# -- above the squads ------------------------------------------------------------------------------------------------


async def _of_grid(broadcast: Broadcast, roll_up: RollUp, ctx: Ctx) -> list[Outgoing]:
    text = worded(broadcast, _text(broadcast, roll_up, await ctx.store.roll_ups.children(roll_up)))
    card, wakes = f"receipts:{broadcast.id}:{roll_up.grid}", broadcast.weight.pin
    passing = broadcast.stage is Stage.SENT and roll_up.got < roll_up.owed
    return [
        Send(chat, text, promise=Promise.CARD, card=card, wakes=wakes, passing=passing)
        for chat in await _hearers(broadcast, roll_up, ctx)
    ]


async def _hearers(broadcast: Broadcast, roll_up: RollUp, ctx: Ctx) -> dict[ChatId, None]:
    """The grid's groups and those who lead it; at the top whoever sent it too."""
    rung = (await ctx.rungs(roll_up.grid))[0]
    leaders = [a.chat for a in rung.answerers if a.role in LEADING and a.chat]
    author = await ctx.store.people.private_chats(broadcast.author.id) if roll_up.parent is None else []
    return dict.fromkeys([*rung.groups, *leaders, *author])


def _text(broadcast: Broadcast, roll_up: RollUp, children: Sequence[RollUp]) -> str:
    title = _("{what}（{number}）回执").format(what=what(broadcast), number=broadcast.number)
    if broadcast.stage is not Stage.SENT:
        title = _("{what}（{number}）{how}，最后的回执").format(
            what=what(broadcast), number=broadcast.number, how=stage_name(broadcast.stage)
        )
    each = broadcast.receipts is Receipts.HOUSEHOLD
    count = _("{grid} {got}/{owed} 户") if each else _("{grid} {got}/{owed} 队")
    count = count.format(grid=roll_up.name, got=roll_up.got, owed=roll_up.owed)
    late = [child for child in children if child.late]
    waiting = _listed([child for child in late if not child.unreached], each)
    missed = _listed([child for child in late if child.unreached], each)
    line = _("{count}，未回：{late}").format(count=count, late=waiting) if waiting else count
    if not late:
        line = _("{count}，都回了").format(count=count)
    return "\n".join([title, line, *([_("没送到：{late}").format(late=missed)] if missed else [])])


def _listed(late: Sequence[RollUp], each: bool) -> str:
    """Squads by name; whatever has a count of its own, with it."""
    counted = each or not all(one.squad for one in late)
    shown = [f"{one.name} {one.got}/{one.owed}" if each or not one.squad else one.name for one in late[:LATE_SHOWN]]
    if len(late) > LATE_SHOWN:
        shown.append(_("还有 {n} 个").format(n=len(late) - LATE_SHOWN))
    return ("、" if counted else " ").join(shown)
