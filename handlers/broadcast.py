"""预警, 通知: what is told leaves for every group below its grids, and is remembered with where it went."""

from collections.abc import Iterable, Sequence

from domain.broadcast import Broadcast
from domain.chat import Button, Outgoing, Rows, Send
from domain.drill import marked
from domain.language import _
from domain.stages import Receipts, Sort
from handlers.owing import owe
from handlers.reach import audience, passers, place_name, reaches_many_villages
from handlers.routing import Ctx
from storage.areas import Told


def alert_card(broadcast: Broadcast) -> str:
    return f"alert:{broadcast.id}"


def is_broadcast(out: Send) -> bool:
    """Whether it is a copy of one, or what is said of it in the groups that have it."""
    return (out.card or "").startswith("alert:")


async def send(broadcast: Broadcast, ctx: Ctx) -> list[Outgoing]:
    """To every group below its area, now. Refused where the rules do not let it out."""
    if broadcast.sort is Sort.DRILL:
        raise ValueError("a drill has a way of its own")
    wide = await reaches_many_villages(broadcast.area, ctx)
    broadcast = await ctx.store.broadcasts.save(broadcast.send(wide, ctx.settings.training, ctx.now))
    told = await audience(broadcast, ctx)
    await ctx.store.broadcasts.tell(broadcast.id, told)
    by_hand = await passers(broadcast, ctx)
    await ctx.store.passings.ask(broadcast.id, [(code, c) for code, (_name, chats) in by_hand.items() for c in chats])
    await owe(broadcast, ctx)
    return [*copies(broadcast, told, await group_text(broadcast, ctx))]


def copies(broadcast: Broadcast, told: Iterable[Told], text: str) -> list[Send]:
    """Where nobody can answer, nobody is asked to."""
    weight, card, buttons = broadcast.weight, alert_card(broadcast), receipt_buttons(broadcast)
    words = statement(broadcast, text)
    return [
        Send(one.chat, words, (), weight.promise, card, everyone=weight.everyone)
        if one.hears_only
        else Send(one.chat, text, buttons, weight.promise, card, pin=weight.pin, everyone=weight.everyone)
        for one in told
    ]


def statement(broadcast: Broadcast, text: str) -> str:
    """The same without what readers are asked to do here."""
    asked = set(receipt_line(broadcast))
    return "\n".join(line for line in text.split("\n") if line not in asked)


async def group_text(broadcast: Broadcast, ctx: Ctx, confirmed: Sequence[str] = ()) -> str:
    """What a neighbour reads: how grave, where, what, until when, from whom; and who has confirmed."""
    lines = [headline(broadcast, await place_name(broadcast.area, ctx)), broadcast.text]
    if broadcast.onset_at:
        lines.append(_("{when} 开始").format(when=ctx.clock(broadcast.onset_at)))
    if broadcast.expires_at and broadcast.coloured:
        lines.append(_("有效到 {when}").format(when=ctx.clock(broadcast.expires_at)))
    lines.append(_("{who} 发布，{number}").format(who=broadcast.author.name, number=broadcast.number))
    return "\n".join([*lines, *receipt_line(broadcast), *confirmed])


def receipt_line(broadcast: Broadcast) -> list[str]:
    return [] if broadcast.receipts is Receipts.NONE else [_("看到请点“收到”，或回一句“收到”。")]


def worded(broadcast: Broadcast, text: str) -> str:
    """What is said of a drill wears its mark."""
    return marked(text) if broadcast.sort is Sort.DRILL else text


def headline(broadcast: Broadcast, place: str) -> str:
    return f"【{what(broadcast)}】{place}"


def what(broadcast: Broadcast) -> str:
    """橙色预警, 通知, 橙色演练."""
    if broadcast.colour is None or not broadcast.coloured:
        return broadcast.sort.spoken
    return _("{colour}{sort}").format(colour=broadcast.colour.spoken, sort=broadcast.sort.spoken)


def receipt_buttons(broadcast: Broadcast) -> Rows:
    if broadcast.receipts is Receipts.NONE:
        return ()
    return ((Button(_("收到"), f"got:{broadcast.id}"),),)
