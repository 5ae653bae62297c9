"""我去找: volunteers say where they look, so that two are not sent to one place."""

import re

from domain.case import Case
from domain.chat import Button, ChatId, Outgoing, Pressed, Said, Send
from domain.language import _
from domain.log import Event
from domain.missing import LONGEST_FACT, without_names
from domain.people import Person
from domain.refused import Refused
from domain.rings import Ring
from domain.search import Search
from domain.text import clean, has_words, one_line
from handlers.cards import everywhere
from handlers.routing import Ctx, button, form
from handlers.sought import adopted, must_have_heard, must_run
from storage.searches import Searcher

MOST_SEARCHERS = 200
"""Of one search: more than a village has places to look in."""

CHOICES = 6
"""Places offered to tap; anywhere else is written."""

LAST_SEEN = "seen"
"""What stands behind the button of the place where the lost person was last seen; else the code of a grid."""

_NOISE = re.compile(r"[\s，。,.、!！]|(?:附近|那边|那里|这边|这里|一带|旁边|周围|里面|门口)$")


def spot(place: str) -> str:
    """One place, however it is written: 村口, 村口附近。"""
    return _NOISE.sub("", clean(place)).casefold() or clean(place)


@button("look")
async def ask_where(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    """Asks in the chat where it was pressed; a card for each volunteer, which becomes the answer."""
    case, search = await ctx.search(pressed.arg(0))
    await adopted(pressed, search, ctx)
    person = ctx.someone()
    await must_have_heard(search, pressed.chat, ctx)
    must_run(search, ctx)
    text = _("{who}，谢谢您！去 #{n} 的哪里找？点一个，或写出地方。").format(who=person.name, n=case.id)
    return [await _question(search, case, person, pressed.chat, text, ctx)]


@button("look_at")
async def tapped(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    case, search = await ctx.search(pressed.arg(0))
    places = dict(await _places(search, case, pressed.chat, ctx))
    if pressed.arg(1) not in places:
        raise Refused(_("这个地方刚有人去了，或者不在单子上了。请再点一次“我去找”。"))
    return await _go(case, search, places[pressed.arg(1)], pressed, ctx)


@form("look")
async def written(said: Said, ctx: Ctx) -> list[Outgoing]:
    case, search = await ctx.search(ctx.draft.about)
    if not has_words(said.text):
        raise Refused(_("请写出地方，例如：村口、小学、河边。"))
    await ctx.store.threads.belongs(said.chat, said.message_id, case.id)
    return await _go(case, search, one_line(said.text, LONGEST_FACT), said, ctx)


async def _go(case: Case, search: Search, place: str, incoming: Said | Pressed, ctx: Ctx) -> list[Outgoing]:
    person, chat = ctx.someone(), incoming.chat
    await must_have_heard(search, chat, ctx)
    must_run(search, ctx)
    searches = ctx.store.searches
    place = without_names(search.missing, place)
    there = await searches.looks_at(case.id, spot(place))
    if there and there.person != person.id:
        text = _("{who} 已经去 {place} 了。{you}，请换一个地方：点一个，或写出来。").format(
            who=there.name, place=there.place, you=person.name
        )
        return [await _question(search, case, person, chat, text, ctx)]
    if len(await searches.searchers(case.id)) >= MOST_SEARCHERS:
        raise Refused(_("去找的人已经够多了，谢谢您！看到了请点“看到了”。"))
    ring = (await searches.chats(case.id)).get(chat, Ring.SQUAD)
    await searches.set_out(case.id, Searcher(person.id, person.name, place, chat, ring), spot(place), ctx.now)
    case = await ctx.store.cases.save(case.record(Event.SET_OUT, person.who, ctx.now, words=place))
    if ctx.account:
        await ctx.store.drafts.close(chat, ctx.account)
    text = _("{who} 去 {place} 找 #{n}。有线索会马上告诉您，请注意安全。").format(
        who=person.name, place=place, n=case.id
    )
    return [Send(chat, text, card=_card(search, person)), *await everywhere(ctx, case)]


async def _question(search: Search, case: Case, person: Person, chat: ChatId, text: str, ctx: Ctx) -> Outgoing:
    await ctx.ask(chat, "look", str(search.id))
    taps = [Button(place, f"look_at:{search.id}:{key}") for key, place in await _places(search, case, chat, ctx)]
    rows = tuple(tuple(taps[i : i + 2]) for i in range(0, len(taps), 2))
    return Send(chat, text, rows, card=_card(search, person), asks=True)


async def _places(search: Search, case: Case, chat: ChatId, ctx: Ctx) -> list[tuple[str, str]]:
    """Where nobody is yet: where they were last seen, then the grids around whoever asks, nearest first."""
    places = [(LAST_SEEN, without_names(search.missing, search.missing.where))] if search.missing.where else []
    met = await ctx.store.chats.get(chat)
    path = await ctx.store.grids.path((met.grid if met else None) or case.origin)
    for grid in path[:2]:
        places += [(child.code, child.name) for child in await ctx.store.grids.children(grid.code)]
    taken = {spot(searcher.place) for searcher in await ctx.store.searches.searchers(search.id)}
    return [(key, place) for key, place in dict(places).items() if spot(place) not in taken][:CHOICES]


def _card(search: Search, person: Person) -> str:
    return f"look:{search.id}:{person.id}"
