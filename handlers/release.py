"""The last step before a broadcast leaves: by the one way or the other, or not at all, and its author hears why."""

from collections.abc import Iterable

from domain.broadcast import Broadcast
from domain.chat import ChatId, Outgoing, Send
from domain.language import _
from domain.stages import Sort, Stage
from handlers.broadcast import send
from handlers.draft_card import shown, the_broadcast
from handlers.ending import end
from handlers.mode_alert import propose
from handlers.passing import handed_out
from handlers.reach import commands
from handlers.rehearsal import rehearse
from handlers.routing import Ctx


async def let_out(broadcast: Broadcast, ctx: Ctx, chats: Iterable[ChatId] = ()) -> list[Outgoing]:
    """What is rehearsed never takes the way of what is real. Its card stands in these chats too from now on."""
    outs = await (rehearse(broadcast, ctx) if broadcast.sort is Sort.DRILL else send(broadcast, ctx))
    sent = await the_broadcast(str(broadcast.id), ctx)
    outs += await handed_out(sent, ctx)
    if broadcast.revises:
        outs += await _replaced(await the_broadcast(str(broadcast.revises), ctx), broadcast, ctx)
    return [*outs, *await shown(sent, ctx, chats), *await propose(sent, ctx)]


async def _replaced(older: Broadcast, newer: Broadcast, ctx: Ctx) -> list[Outgoing]:
    """Where the older one stands, it says that there is a newer one. It ends by nobody who may not end it."""
    if not newer.replaces(older):
        return []
    if not await commands(ctx.someone(), older.area, ctx):
        text = _("{number}还有效：那里不全归您管，没有替您结束。请管那一片的人点“解除”或“撤销”。")
        chats = await ctx.store.people.private_chats(ctx.someone().id)
        return [Send(chat, text.format(number=older.number)) for chat in chats]
    return await end(older.end(Stage.REVISED, newer.approver or newer.author, ctx.now), ctx, newer)


async def lapse(broadcast: Broadcast, why: str, ctx: Ctx) -> list[Outgoing]:
    """It is never sent, and its author is told so at once."""
    broadcast = await ctx.store.broadcasts.save(broadcast.lapse(ctx.now, why))
    return await author_hears(broadcast, f"{broadcast.number} {why}", ctx)


async def author_hears(broadcast: Broadcast, text: str, ctx: Ctx) -> list[Outgoing]:
    chats = await ctx.store.people.private_chats(broadcast.author.id)
    return [*await shown(broadcast, ctx, why=text), *(Send(chat, text, wakes=True) for chat in chats)]
