"""提交: its author types where it goes; what is grave or wide then waits ten minutes for a second person."""

from domain.broadcast import Broadcast
from domain.chat import Outgoing, Pressed, Said, Send
from domain.language import _
from domain.people import Person, names
from domain.refused import Refused
from handlers.alone import may_go_alone
from handlers.draft_card import approval_asked, shown, the_broadcast
from handlers.drafting import own_draft
from handlers.reach import (
    audience,
    must_command,
    others_in_command,
    reaches_many_villages,
    same_place,
    to_type,
)
from handlers.release import let_out
from handlers.routing import Ctx, button, form

MOST_ASKED = 20
"""People who are asked to let it out; in a large tree the nearest."""


@button("alert_submit")
async def submit(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    broadcast, person = await own_draft(pressed.arg(0), ctx), ctx.someone()
    await must_command(person, broadcast.area, ctx)
    # Refuse now what would be refused after the typing.
    broadcast.submit(person.who, ctx.settings.training, ctx.now)
    await audience(broadcast, ctx)
    await ctx.ask(pressed.chat, "alert_typed", str(broadcast.id))
    text = _("{number}要发到哪里？请照草稿把地方打一遍（几个地方用顿号隔开，地方很多就打“几处”），打对了才会发。")
    return [Send(pressed.chat, text.format(number=broadcast.number), asks=True)]


@form("alert_typed")
async def typed(said: Said, ctx: Ctx) -> list[Outgoing]:
    broadcast, person = await own_draft(ctx.draft.about, ctx), ctx.someone()
    await must_command(person, broadcast.area, ctx)
    if not same_place(said.text, await to_type(broadcast.area, ctx)):
        raise Refused(_("打的和草稿里的地方不一样，没有发。请看清楚再打一遍，或点“改地方”。"))
    await ctx.answered(said)
    if broadcast.needs_second(await reaches_many_villages(broadcast.area, ctx)):
        return await _ask_others(broadcast, person, said, ctx)
    return await let_out(broadcast, ctx)


async def _ask_others(broadcast: Broadcast, author: Person, said: Said, ctx: Ctx) -> list[Outgoing]:
    others = (await others_in_command(broadcast.area, author.id, ctx))[:MOST_ASKED]
    chats = [a.chat for a in others if a.chat] or [chat for chat in await ctx.owner_chats() if chat != said.chat]
    broadcast = broadcast.submit(author.who, ctx.settings.training, ctx.now)
    if not chats and not await may_go_alone(broadcast, author, ctx):
        raise Refused(_("没有第二个人能通过：那一片没有别的队长、网格长或干部私聊过我。请他们先私下对我发一句话。"))
    broadcast = await ctx.store.broadcasts.save(broadcast)
    asked = (
        approval_asked(names(others) or _("机器人管理员")) if chats else _("没有别人能通过。救命急用，请点“我先发”。")
    )
    return [*await shown(broadcast, ctx, chats), Send(said.chat, asked)]


@button("alert_drop")
async def drop(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    broadcast, person = await the_broadcast(pressed.arg(0), ctx), ctx.someone()
    if person.id != broadcast.author.id:
        raise Refused(_("这是 {who} 写的，由 {who} 来改。").format(who=broadcast.author.name))
    return await shown(await ctx.store.broadcasts.save(broadcast.discard(person.who, ctx.now)), ctx)
