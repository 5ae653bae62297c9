"""预警, 通知: what is told leaves for every group below its grids, and is remembered with where it went."""

from collections.abc import Iterable

from domain.broadcast import Broadcast, Receipts, Sort
from domain.chat import Button, ChatId, Outgoing, Rows, Send
from domain.language import _
from domain.refused import Refused
from handlers.reach import place_name, reaches_many_villages
from handlers.routing import Ctx


def alert_card(broadcast: Broadcast) -> str:
    return f"alert:{broadcast.id}"


async def send(broadcast: Broadcast, ctx: Ctx) -> list[Outgoing]:
    """To every group below its area, now. Refused where the rules do not let it out."""
    if broadcast.sort is Sort.DRILL:
        raise ValueError("a drill has a way of its own")
    wide = await reaches_many_villages(broadcast.area, ctx)
    broadcast = await ctx.store.broadcasts.save(broadcast.send(wide, ctx.settings.training, ctx.now))
    told = await ctx.store.areas.groups(broadcast.area)
    if not told:
        raise Refused(_("那里还没有群，送不到任何人。请先把群绑定到网格，或换个地方。"))
    await ctx.store.broadcasts.tell(broadcast.id, told)
    return copies(broadcast, [one.chat for one in told], await group_text(broadcast, ctx))


def copies(broadcast: Broadcast, chats: Iterable[ChatId], text: str) -> list[Outgoing]:
    weight = broadcast.weight
    return [
        Send(chat, text, receipt_buttons(broadcast), weight.promise, alert_card(broadcast), pin=weight.pin)
        for chat in chats
    ]


async def group_text(broadcast: Broadcast, ctx: Ctx) -> str:
    """What a neighbour reads: how grave, where, what, until when, from whom."""
    lines = [headline(broadcast, await place_name(broadcast.area, ctx)), broadcast.text]
    if broadcast.onset_at:
        lines.append(_("{when} 开始").format(when=ctx.clock(broadcast.onset_at)))
    if broadcast.expires_at and broadcast.coloured:
        lines.append(_("有效到 {when}").format(when=ctx.clock(broadcast.expires_at)))
    lines.append(_("{who} 发布，{number}").format(who=broadcast.author.name, number=broadcast.number))
    if broadcast.receipts is not Receipts.NONE:
        lines.append(_("看到请点“收到”，或回一句“收到”。"))
    return "\n".join(lines)


def headline(broadcast: Broadcast, place: str) -> str:
    colour = broadcast.colour.spoken if broadcast.colour and broadcast.coloured else ""
    return _("【{colour}{sort}】{place}").format(colour=colour, sort=broadcast.sort.spoken, place=place)


def receipt_buttons(broadcast: Broadcast) -> Rows:
    if broadcast.receipts is Receipts.NONE:
        return ()
    return ((Button(_("收到"), f"got:{broadcast.id}"),),)
