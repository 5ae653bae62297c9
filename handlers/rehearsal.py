"""演练: a drill leaves by a way of its own, which reaches no group but those that take part in drills."""

from collections.abc import Sequence

from domain.broadcast import Broadcast
from domain.chat import Outgoing, Promise, Send
from domain.drill import marked
from domain.language import _
from domain.stages import Sort
from handlers.broadcast import alert_card, headline, receipt_buttons, receipt_line
from handlers.owing import owe
from handlers.reach import audience, place_name, reaches_many_villages
from handlers.routing import Ctx


async def rehearse(broadcast: Broadcast, ctx: Ctx) -> list[Outgoing]:
    """To the groups of its area that the config lets take part, marked at both ends; it wakes nobody."""
    if broadcast.sort is not Sort.DRILL:
        raise ValueError("what is real does not go this way")
    wide = await reaches_many_villages(broadcast.area, ctx)
    broadcast = await ctx.store.broadcasts.save(broadcast.send(wide, ctx.settings.training, ctx.now))
    told = await audience(broadcast, ctx)
    await ctx.store.broadcasts.tell(broadcast.id, told)
    await owe(broadcast, ctx)
    text, buttons = await drill_text(broadcast, ctx), receipt_buttons(broadcast)
    return [Send(one.chat, text, buttons, Promise.CARD, alert_card(broadcast)) for one in told]


async def drill_text(broadcast: Broadcast, ctx: Ctx, confirmed: Sequence[str] = ()) -> str:
    lines = [
        headline(broadcast, await place_name(broadcast.area, ctx)),
        broadcast.text,
        _("这是演练。{who} 发布，{number}").format(who=broadcast.author.name, number=broadcast.number),
        *receipt_line(broadcast),
        *confirmed,
    ]
    return marked("\n".join(lines))
