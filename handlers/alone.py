"""我先发: an officer warns a small area alone to save life; it is marked, and the level above hears of it at once."""

from domain.broadcast import Broadcast
from domain.chat import ChatId, Outgoing, Pressed, Promise, Said, Send
from domain.language import _
from domain.people import Person, Role
from handlers.draft_card import the_broadcast
from handlers.reach import audience, commands, others_in_command, passers, place_name
from handlers.release import let_out
from handlers.routing import Ctx, button, form

ALONE = frozenset({Role.OFFICER})
"""Who may: a leader has an officer to call."""


@button("alert_alone")
async def ask_why(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    broadcast, person = await the_broadcast(pressed.arg(0), ctx), ctx.someone()
    # Refuse now, not after the words are written.
    broadcast.go_alone(person.who, _("原因"), await may_go_alone(broadcast, person, ctx), ctx.now)
    await ctx.ask(pressed.chat, "alert_alone", str(broadcast.id))
    return [Send(pressed.chat, _("为什么等不及第二个人？请回一句原因，会马上发出，并告诉上一级。"), asks=True)]


@form("alert_alone")
async def go_alone(said: Said, ctx: Ctx) -> list[Outgoing]:
    broadcast, person = await the_broadcast(ctx.draft.about, ctx), ctx.someone()
    small = await may_go_alone(broadcast, person, ctx)
    broadcast = broadcast.go_alone(person.who, said.text, small, ctx.now)
    await ctx.answered(said)
    text = _("{who} 没等第二个人通过，先发了{number}（{place}）：{why}。请马上核实，发错了请点“撤销”。").format(
        who=person.name, number=broadcast.number, place=await place_name(broadcast.area, ctx), why=broadcast.bypass
    )
    above = await _level_above(broadcast, person, ctx)
    return [*(Send(chat, text, promise=Promise.LIFE) for chat in above), *await let_out(broadcast, ctx, above)]


async def may_go_alone(broadcast: Broadcast, person: Person, ctx: Ctx) -> bool:
    """Few enough groups that a mistake could be put right on foot."""
    grids = {one.grid for one in await audience(broadcast, ctx)} | set(await passers(broadcast, ctx))
    few = len(grids) <= ctx.settings.alone_groups
    return few and await commands(person, broadcast.area, ctx, ALONE)


async def _level_above(broadcast: Broadcast, author: Person, ctx: Ctx) -> list[ChatId]:
    """The nearest level over the author's own where somebody can be told; where there is none, the owners, else
    whoever could have let it out."""
    top = await ctx.store.areas.shared(broadcast.area)
    rungs = await ctx.rungs(top) if top else []
    own = {a.grid for a in author.appointments}
    over = max((n + 1 for n, rung in enumerate(rungs) if rung.grid.code in own), default=0)
    above = next((rung.private_chats for rung in rungs[over:] if rung.private_chats), ())
    others = await others_in_command(broadcast.area, author.id, ctx)
    return list(above) or await ctx.owner_chats() or [a.chat for a in others if a.chat]
