"""调解: somebody sits between two neighbours who quarrel, asks others to help, takes notes, and says when it fails."""

from collections.abc import Iterable

from domain.case import Case, State
from domain.chat import Button, ChatId, Outgoing, Pressed, Promise, Rows, Said, Send
from domain.language import N_, _
from domain.log import Event
from domain.mediation import ADVICE, DISPUTE, Mediation, Party
from domain.refused import Refused
from domain.text import clean, has_words
from handlers.cards import everywhere
from handlers.discretion import way
from handlers.routing import Ctx, button, form, words
from handlers.status import standing

LONGEST_NOTE = 1000
"""Characters of a note: what happened, not minutes."""

MOST_CHOICES = 12
"""Names offered to tap, as many as fit a small screen."""


@words("调解", "/mediation", help=N_("调解 编号 —— 纠纷调解到哪一步，只私下说"))
async def mediation(said: Said, ctx: Ctx) -> list[Outgoing]:
    return [await standing(said, await ctx.case_here(ctx.rest), ctx)]


@button("helper")
async def choose_helper(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    case, mediation = await mediating(ctx, pressed.arg(0))
    near = {
        a.person: a.name for rung in await way(ctx, case) for a in rung.answerers if not mediation.mediates(a.person)
    }
    if not near:
        raise Refused(_("附近没有别的队长、副手或干部可以请。"))
    choices = [Button(name, f"helper_is:{case.id}:{person}") for person, name in near.items()][:MOST_CHOICES]
    rows = tuple(tuple(choices[i : i + 2]) for i in range(0, len(choices), 2))
    text = _("{number} 请谁一起调解？请来的人看得到双方说的话。").format(number=case.number)
    return [Send(pressed.chat, text, rows, card=f"helper:{case.id}")]


@button("helper_is")
async def ask_helper(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    case, mediation = await mediating(ctx, pressed.arg(0))
    near = {a.person for rung in await way(ctx, case) for a in rung.answerers}
    helper = await ctx.store.people.get(pressed.number(1))
    if helper is None or helper.id not in near:
        raise Refused(_("这个人现在不管这一片了，请另选一位"))
    mediation, by = mediation.help(helper.who), ctx.someone()
    case = await keep(ctx, case.mediated(Event.HELPED, by.who, ctx.now, helper.name), mediation)
    theirs = await ctx.store.people.private_chats(helper.id)
    asked = _("{who} 请您一起调解 {number}，请看卡片。").format(who=by.name, number=case.number)
    done = _("{number} 已请 {who} 一起调解").format(number=case.number, who=helper.name)
    return [
        *await everywhere(ctx, case, theirs),
        *(Send(chat, asked) for chat in theirs),
        Send(pressed.chat, done, card=f"helper:{case.id}"),
    ]


@button("note")
async def ask_note(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    case, _mediation = await mediating(ctx, pressed.arg(0))
    text = _("{number} 记什么？请回一段话，只有调解人看得到。").format(number=case.number)
    return await ask(ctx, pressed, "note", str(case.id), text)


@form("note")
async def note(said: Said, ctx: Ctx) -> list[Outgoing]:
    case, _mediation = await mediating(ctx, ctx.draft.about)
    words = written(said.text, LONGEST_NOTE)
    await ctx.answered(said)
    case = await ctx.store.cases.save(case.mediated(Event.NOTED, ctx.someone().who, ctx.now, words))
    done = _("{number} 记下了，只有调解人看得到。").format(number=case.number)
    return [*await everywhere(ctx, case), Send(said.chat, done, reply_to=said.message_id)]


@button("fail")
async def ask_why_failed(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    case, _mediation = await mediating(ctx, pressed.arg(0))
    text = _("{number} 为什么调解不成？请回一句话，只有调解人看得到。回了就结案，并告诉双方还能找谁。")
    return await ask(ctx, pressed, "fail", str(case.id), text.format(number=case.number))


@form("fail")
async def failed(said: Said, ctx: Ctx) -> list[Outgoing]:
    """It ends here; both sides hear of their other ways, and none why."""
    case, mediation = await mediating(ctx, ctx.draft.about)
    words = written(said.text, LONGEST_NOTE)
    await ctx.answered(said)
    case = await ctx.store.cases.save(case.give_up(words, ctx.someone().who, ctx.now))
    told = [
        *[out for party in mediation.parties for out in await tell(ctx, party, f"{case.number} {_(ADVICE)}")],
        Send(said.chat, _("{number} 已结案，已告诉双方还能找谁。").format(number=case.number)),
    ]
    return [*await everywhere(ctx, case), *told]


# -- what all of mediation needs ---------------------------------------------


async def mediating(ctx: Ctx, number: str) -> tuple[Case, Mediation]:
    """The dispute that the speaker mediates, in private, while it goes on."""
    case = await ctx.case_here(number)
    mediation = await ctx.store.mediations.of(case)
    # A village that makes quarrels public in its config gets no mediation: its notes would be public too.
    private = ctx.settings.kinds[DISPUTE].private
    if case.kind != DISPUTE or not private or not mediation.mediates(ctx.someone().id):
        raise Refused(_("这一步由调解的人来做。要调解，请先点“接单”。"))
    if case.state is not State.ACKNOWLEDGED:
        raise Refused(_("{number} 现在没有在调解。发“查询 {n}”看进展。").format(number=case.number, n=case.id))
    return case, mediation


async def siding(ctx: Ctx, number: str) -> tuple[Case, Mediation, Party]:
    """The dispute in which the speaker is a party, in private."""
    case = await ctx.case_here(number)
    mediation = await ctx.store.mediations.of(case)
    party = mediation.party(ctx.someone().id)
    if case.kind != DISPUTE or party is None:
        raise Refused(_("这个按钮是给当事人的。"))
    return case, mediation, party


async def keep(ctx: Ctx, case: Case, mediation: Mediation) -> Case:
    """Both, in one commit: the step in the case's log and what it changed."""
    await ctx.store.mediations.save(mediation)
    return await ctx.store.cases.save(case)


async def ask(ctx: Ctx, pressed: Pressed, form: str, about: str, text: str) -> list[Outgoing]:
    await ctx.ask(pressed.chat, form, about)
    return [Send(pressed.chat, text, asks=True)]


def written(text: str, limit: int) -> str:
    if not has_words(text):
        raise Refused(_("请用文字写一句。"))
    return clean(text)[:limit]


async def party_chats(ctx: Ctx, party: Party) -> list[ChatId]:
    return await ctx.store.people.private_chats(party.person) if party.person else []


async def mediator_chats(ctx: Ctx, mediation: Mediation) -> list[ChatId]:
    return [chat for who in mediation.mediators for chat in await ctx.store.people.private_chats(who.id)]


async def tell(ctx: Ctx, party: Party, text: str, buttons: Rows = (), card: str | None = None) -> list[Outgoing]:
    """To one side, in private. A card is an agreement: late in the evening both sit over it and wait for it, and what
    was held for the morning would be cut to a line."""
    promise = Promise.CARD if card else Promise.REPLY
    chats = await party_chats(ctx, party)
    return [Send(chat, text, buttons, promise, card, wakes=card is not None) for chat in chats]


async def tell_mediators(
    ctx: Ctx, mediation: Mediation, text: str, buttons: Rows = (), besides: Iterable[ChatId] = ()
) -> list[Outgoing]:
    return [Send(chat, text, buttons) for chat in await mediator_chats(ctx, mediation) if chat not in set(besides)]
