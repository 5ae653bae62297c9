"""A grave warning of wind or water proposes flood work to whoever let it out; its all-clear puts the work back."""

from dataclasses import replace

from domain.broadcast import Broadcast
from domain.chat import Button, ChatId, Outgoing, Pressed, Send
from domain.colour import Colour
from domain.language import _
from domain.mode import Change, Mode
from domain.people import Who
from domain.refused import Refused
from domain.stages import Sort, Stage
from handlers.at_work import answered, begin, finish
from handlers.broadcast import what
from handlers.draft_card import the_broadcast
from handlers.mode_wording import answer_card, mode_title
from handlers.reach import place_name
from handlers.routing import Ctx, button

MOST_PLACES = 20
"""Grids that one press turns over; whoever means more names the grid above them."""


async def propose(broadcast: Broadcast, ctx: Ctx) -> list[Outgoing]:
    """One button for whoever let it out, where a mode is made for such a warning and does not hold already."""
    mode = _made_for(broadcast, ctx)
    if mode is None or not await _without(mode, broadcast, ctx):
        return []
    by, place = broadcast.approver or broadcast.author, await place_name(broadcast.area, ctx)
    text = _("{what}（{number}）发出了。要不要把{place}换成{mode}模式？群名、菜单、时限一起变，解除时自动换回来。")
    text = text.format(what=what(broadcast), number=broadcast.number, place=place, mode=mode.title)
    start = Button(_("开始{mode}模式").format(mode=mode.title), f"mode_alert:{broadcast.id}:{mode.name}")
    chats = await ctx.store.people.private_chats(by.id)
    return [Send(chat, text, ((start,),), card=_offer_card(broadcast), wakes=True) for chat in chats]


@button("mode_alert")
async def accept(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    broadcast = await the_broadcast(pressed.arg(0), ctx)
    mode, person = ctx.settings.modes.get(pressed.arg(1)), ctx.someone()
    for code in broadcast.area:
        await ctx.must_lead(code)
    if mode is None or broadcast.stage is not Stage.SENT:
        raise Refused(_("{number}已经结束了，不用换模式。").format(number=broadcast.number))
    places = await _without(mode, broadcast, ctx)
    outs: list[Outgoing] = []
    for code in places:
        change, carried = await begin(Change(code, mode.name, ctx.now, person.who, broadcast.id), ctx)
        outs += [*carried, *await answered(change, [pressed.chat], ctx)]
    text = _("{place} 是{mode}模式了，{number}解除时自动换回来。").format(
        place=await place_name(broadcast.area, ctx), mode=mode.title, number=broadcast.number
    )
    return [*outs, *(Send(c, text, card=_offer_card(broadcast)) for c in await _offered(broadcast, ctx))]


async def follow(broadcast: Broadcast, newer: Broadcast | None, ctx: Ctx) -> list[Outgoing]:
    """A warning is over. What began with it ends with it; where that is not plain, people are asked."""
    begun = await ctx.store.modes.of_alert(broadcast.id)
    outs: list[Outgoing] = []
    for change in begun:
        if newer and (made := _made_for(newer, ctx)) and made.name == change.mode and change.grid in newer.area:
            await ctx.store.modes.save(replace(change, alert=newer.id))
        elif broadcast.stage in (Stage.CLEARED, Stage.CANCELLED) and ctx.sender:
            outs += await _ended(change, ctx.sender.who, broadcast, ctx)
        else:
            outs += await _ask_whether_over(change, change.by, broadcast, ctx)
    outs += [out for change in await _by_hand(broadcast, ctx) if ctx.sender
             for out in await _ask_whether_over(change, ctx.sender.who, broadcast, ctx)]  # fmt: skip
    over = _("{number}结束了。").format(number=broadcast.number)
    return [*outs, *(Send(c, over, card=_offer_card(broadcast)) for c in await _offered(broadcast, ctx))]


async def _ended(change: Change, by: Who, broadcast: Broadcast, ctx: Ctx) -> list[Outgoing]:
    """Whoever began it hears that it is over, where they read what began."""
    change, outs = await finish(change, by, ctx)
    told = await ctx.store.outbox.chats_with(answer_card(change))
    grid = await ctx.store.grids.get(change.grid)
    text = _("{number}解除了，{grid}的{mode}模式跟着结束，恢复日常。").format(
        number=broadcast.number, grid=grid.name if grid else change.grid, mode=mode_title(change.mode, ctx)
    )
    return [*outs, *await answered(change, told, ctx), *(Send(chat, text) for chat in told)]


async def _by_hand(broadcast: Broadcast, ctx: Ctx) -> list[Change]:
    """The mode that it is a reason for holds there, and did not begin with it: somebody decided so."""
    mode = _made_for(broadcast, ctx)
    if mode is None or broadcast.stage not in (Stage.CLEARED, Stage.CANCELLED):
        return []
    running = await ctx.store.modes.running()
    here = [running[code] for code in broadcast.area if code in running]
    return [change for change in here if change.mode == mode.name and change.alert != broadcast.id]


async def _ask_whether_over(change: Change, who: Who, broadcast: Broadcast, ctx: Ctx) -> list[Outgoing]:
    grid = await ctx.store.grids.get(change.grid)
    text = _("{number}结束了，{grid}还在{mode}模式（{who} {when} 发起）。要恢复日常吗？").format(
        number=broadcast.number,
        grid=grid.name if grid else change.grid,
        mode=mode_title(change.mode, ctx),
        who=change.by.name,
        when=ctx.clock(change.since),
    )
    rows = ((Button(_("恢复日常"), f"mode_end:{change.id}"),),)
    return [Send(chat, text, rows) for chat in await ctx.store.people.private_chats(who.id)]


def _made_for(broadcast: Broadcast, ctx: Ctx) -> Mode | None:
    """An orange or a red warning, and no drill."""
    grave = broadcast.sort is Sort.ALERT and (broadcast.colour or Colour.BLUE) >= Colour.ORANGE
    if not grave or broadcast.training or len(broadcast.area) > MOST_PLACES:
        return None
    template = ctx.settings.templates.get(broadcast.template)
    return ctx.settings.modes.proposed_by(f"{template.title if template else ''} {broadcast.text}")


async def _without(mode: Mode, broadcast: Broadcast, ctx: Ctx) -> list[str]:
    """The grids of a warning where this mode does not hold yet."""
    return [code for code in broadcast.area if await ctx.mode(code) != mode]


async def _offered(broadcast: Broadcast, ctx: Ctx) -> list[ChatId]:
    return await ctx.store.outbox.chats_with(_offer_card(broadcast))


def _offer_card(broadcast: Broadcast) -> str:
    return f"mode_offer:{broadcast.id}"
