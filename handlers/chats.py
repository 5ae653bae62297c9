"""What happens to a chat: the bot is let in or put out, the chat gets a new id, nobody can be reached there."""

from collections.abc import Sequence
from dataclasses import replace

from domain.case import Case
from domain.chat import (
    Arrived,
    ChatId,
    ChatKind,
    Entitle,
    Moved,
    Outgoing,
    Promise,
    Removed,
    Send,
    Undelivered,
    as_number,
)
from domain.escalation import hearers
from domain.language import _
from handlers import alerts, life_signs
from handlers.all_clear import about_search, unreached
from handlers.at_work import at_work, not_named
from handlers.cards import card_name, place, promise_of, wakes
from handlers.discretion import way
from handlers.parties import gone
from handlers.routing import Ctx, happens


@happens(Arrived)
async def arrived(incoming: Arrived, ctx: Ctx) -> list[Outgoing]:
    """A new group is inert until somebody with authority binds it; it is told so once."""
    if incoming.chat_kind is ChatKind.PRIVATE:
        return []
    if ctx.chat and ctx.chat.grid:
        return await at_work(incoming.chat, ctx)
    text = _("大家好，我是网格机器人。请网格长或干部在群里发：绑定 网格编号。绑定以后，大家有事就可以在这里上报。")
    return [Send(incoming.chat, text)]


@happens(Removed)
async def removed(incoming: Removed, ctx: Ctx) -> list[Outgoing]:
    return await _lost(incoming.chat, "removed", ctx)


async def _lost(chat: ChatId, why: str, ctx: Ctx) -> list[Outgoing]:
    """Nobody hears us there any more; who mediates for somebody in it is told."""
    alone = await ctx.store.people.alone_in([chat])
    await ctx.store.chats.unreachable(chat, why)
    await ctx.store.people.close_private_chat(chat)
    return [out for person in alone.values() for out in await gone(person, ctx)]


@happens(Moved)
async def moved(incoming: Moved, ctx: Ctx) -> list[Outgoing]:
    await ctx.store.chats.rekey(incoming.chat, incoming.to)
    return []


@happens(Undelivered)
async def undelivered(incoming: Undelivered, ctx: Ctx) -> list[Outgoing]:
    """Nobody reachable is a fact on the case, and the grid above is told; a doubt about life and death goes to
    people."""
    chat = await ctx.store.chats.get(incoming.chat)
    title = chat.title if chat else incoming.chat.chat
    again = await _on_another_account(incoming, ctx)
    lost = await _lost(incoming.chat, incoming.why, ctx) if incoming.unreachable else []
    if again:
        return [*lost, *again]
    if incoming.card == Entitle.card:
        return lost + await not_named(incoming, ctx)
    if (number := about_search(incoming)) is not None:
        return lost + await unreached(incoming, number, title, ctx)
    if (number := alerts.about_broadcast(incoming)) is not None:
        return lost + await alerts.unreached(incoming, number, title, ctx)
    if (number := alerts.about_broadcast(incoming, "draft")) is not None:
        return lost + await alerts.unasked(incoming, number, title, ctx)
    name, _colon, number_of_case = (incoming.card or "").partition(":")
    if name == "alarm":
        return lost + await life_signs.unheard(incoming, as_number(number_of_case.partition(":")[0]), ctx)
    if name not in ("case", "summary"):
        return lost
    case = await ctx.case(number_of_case)
    if case.anonymous and incoming.chat == case.reported_in:
        # Whoever hears that somebody cannot be reached any more could tell who wrote.
        await ctx.store.cases.save(case.unreached(_("写信的人"), ctx.now))
        return lost
    await ctx.store.cases.save(case.unreached(title, ctx.now))
    if lost:
        return lost
    text = _("{number} 没能送到“{title}”，请用别的办法通知。").format(number=case.number, title=title)
    instead = await _hear_instead(case, incoming.chat, ctx)
    promise, kind = promise_of(ctx, case), await ctx.kind(case.kind, case.origin)
    return [
        *await _next_in_turn(case, instead, ctx),
        *(Send(c, text, promise=promise, brief=text, wakes=wakes(case, kind)) for c in instead),
    ]


async def _hear_instead(case: Case, silent: ChatId, ctx: Ctx) -> Sequence[ChatId]:
    """The nearest above whom the words can reach, else the owners, else whoever else may know of it."""
    rungs, kind = await way(ctx, case), ctx.settings.kinds[case.kind]
    codes = [rung.grid.code for rung in rungs]
    above = rungs[codes.index(case.grid) + 1 :] if case.grid in codes else rungs
    asked = [
        *(rung.private_chats for rung in above),
        await ctx.owner_chats(),
        *(hearers(rung, kind, case.origin) for rung in reversed(rungs)),
    ]
    lost = {silent, *await ctx.store.outbox.lost(card_name(case))}
    heard = ([chat for chat in chats if chat not in lost] for chats in asked)
    return next((chats for chats in heard if chats), [])


async def _on_another_account(incoming: Undelivered, ctx: Ctx) -> list[Outgoing]:
    """What may cost a life goes to the next account of whoever did not get it, once each."""
    person = (await ctx.store.people.alone_in([incoming.chat])).get(incoming.chat)
    said = await ctx.store.outbox.undelivered(incoming.row) if person is not None else None
    if person is None or said is None or said.promise is not Promise.LIFE:
        return []
    ways = await ctx.store.people.ways_to(person)
    following = ways[ways.index(incoming.chat) + 1 :]
    # What it answers stands in the other chat.
    return [replace(said, to=chat, reply_to=None) for chat in following[:1]]


async def _next_in_turn(case: Case, instead: Sequence[ChatId], ctx: Ctx) -> list[Outgoing]:
    """What may cost a life goes on to the next who can take it, once: two phones in doubt must not call each other."""
    if promise_of(ctx, case) is not Promise.LIFE or not case.open:
        return []
    told = await ctx.store.outbox.chats_with(card_name(case))
    return await place(ctx, case, [chat for chat in instead if chat not in told])
