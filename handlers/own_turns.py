"""The turns that somebody has themselves, which they may give away or take leave from."""

from collections.abc import Sequence
from datetime import date

from domain.chat import Button, ChatId, ChatKind, Outgoing, Pressed, Rows, Said, Send
from domain.duty import Rota, Turn, Turns, days_from, leaders
from domain.language import _
from domain.people import PersonId
from domain.refused import Refused
from domain.swap import own_turn
from handlers.duty_board import turn_name
from handlers.holidays import is_holiday
from handlers.routing import Ctx

OFFERED = 8
"""Turns to tap: two months of weeks, a week of days."""

A_WEEK = 7


async def has_turns(said: Said, ctx: Ctx) -> bool:
    """Whether it is the bot's business: whoever has no turn says the same words to a neighbour."""
    if said.chat_kind is ChatKind.PRIVATE or said.text.lstrip().startswith("/"):
        return True
    person = await ctx.store.people.by_account(said.sender.account) if said.sender else None
    return person is not None and bool(await ctx.store.duty.of_person(person.id))


async def own_rotas(ctx: Ctx) -> list[Rota]:
    rotas = await ctx.store.duty.of_person(ctx.someone().id)
    if not rotas:
        raise Refused(_("您不在哪张值班表里。发“值班”看现在谁值班。"))
    return [await ctx.holding(rota) for rota in rotas]


async def the_rota(number: int, ctx: Ctx) -> Rota:
    """The rota of a button, for somebody who is in it."""
    rota = await ctx.store.duty.get(number)
    if rota is None or ctx.someone().id not in rota.people:
        raise Refused(_("这个按钮失效了。发“值班”看现在的。"))
    return await ctx.holding(rota)


def ahead(rota: Rota, ctx: Ctx) -> list[Turn]:
    """Everybody's turns from today on."""
    return rota.turns_ahead(ctx.settings.shift.day(ctx.now), is_holiday)


def own_ahead(rota: Rota, ctx: Ctx) -> list[Turn]:
    """Those of the speaker; where cases go round, every day is."""
    who, today = ctx.someone().who, ctx.settings.shift.day(ctx.now)
    if rota.turns is Turns.CASE:
        return [Turn(who, day, day) for day in days_from(today, A_WEEK)]
    return [turn for turn in ahead(rota, ctx) if turn.who.id == who.id]


def turn_of(pressed: Pressed, rota: Rota, ctx: Ctx) -> Turn:
    """The speaker's own turn that a button names by its first day."""
    try:
        day = date.fromisoformat(pressed.arg(1))
    except ValueError:
        raise Refused(_("这个按钮失效了。发“值班”看现在的。")) from None
    return own_turn(own_ahead(rota, ctx), ctx.someone().who, day, ctx.settings.shift.day(ctx.now))


def offered(rotas: Sequence[Rota], verb: str, question: str, chat: ChatId, ctx: Ctx) -> list[Outgoing]:
    """The speaker's turns to choose from."""
    taps = [
        (Button(turn_name(turn), f"{verb}:{rota.id}:{turn.first.isoformat()}"),)
        for rota in rotas
        for turn in own_ahead(rota, ctx)
    ]
    rows: Rows = tuple(taps[:OFFERED])
    if not rows:
        raise Refused(_("您后面没有班。发“值班”看谁哪天值班。"))
    return [Send(chat, question, rows)]


async def in_charge(grid: str, but: PersonId, ctx: Ctx) -> list[ChatId]:
    """Where whoever leads the grid hears of it, or the grid above where nobody else does."""
    for rung in await ctx.rungs(grid):
        chats = [a.chat for a in leaders(a for a in rung.answerers if a.person != but) if a.chat]
        if chats:
            return list(dict.fromkeys(chats))
    return []
