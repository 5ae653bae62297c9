"""看到了: what somebody saw goes at once to those who look, nearest first, and to whoever waits at home."""

from domain.case import Case
from domain.chat import ChatId, Outgoing, Pressed, Promise, Rows, Said, Send
from domain.language import N_, _
from domain.log import Event
from domain.missing import without_names
from domain.refused import Refused
from domain.search import Search
from domain.text import clean, has_words
from handlers.cards import card_name, everywhere
from handlers.notice import at_home, found_button
from handlers.routing import Ctx, button, form, plain, words
from handlers.sought import adopted, meant, must_have_heard, must_run, sought
from storage.searches import Sighting

MOST_SIGHTINGS = 200
"""Of one search; each goes to everybody who looks."""

LONGEST_SIGHTING = 300
"""Characters: it is read by people who are walking."""


@button("saw")
async def ask_where(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    case, search = await ctx.search(pressed.arg(0))
    await adopted(pressed, search, ctx)
    await must_have_heard(search, pressed.chat, ctx)
    must_run(search, ctx)
    await ctx.ask(pressed.chat, "seen", str(case.id))
    who = ctx.sender.name if ctx.sender else _("您")
    text = _("{who}，#{n} 是在哪里、什么时候看到的？请回一句话，可以发照片或位置。").format(who=who, n=case.id)
    return [Send(pressed.chat, text, asks=True)]


@form("seen")
async def seen(said: Said, ctx: Ctx) -> list[Outgoing]:
    case, search = await ctx.search(ctx.draft.about)
    await ctx.answered(said)
    return await sighted(case, search, said, said.text, ctx)


@words(
    "看到了",
    "看见了",
    "/saw",
    glued=True,
    concerns=sought,
    at_once=True,
    help=N_("看到了 在哪里 —— 看到走失的人，例如：看到了 在小学门口往东走"),
)
async def seen_in_words(said: Said, ctx: Ctx) -> list[Outgoing]:
    case, search, rest = await meant(said, ctx, _("看到了 {n} 在村口"))
    if not has_words(rest) and not said.attachments and not said.location:
        # “看到了” alone is how people say that they have read something.
        return []
    return await sighted(case, search, said, rest, ctx)


async def answers_a_notice(said: Said, ctx: Ctx) -> bool:
    """Whether it answers something that the bot said of a search that runs."""
    number = await ctx.store.threads.about(said.chat, said.reply_to) if said.reply_to else None
    search = await ctx.store.searches.get(number) if number is not None else None
    if search is None or not search.running or said.chat not in await ctx.store.searches.chats(search.id):
        return False
    person = await ctx.store.people.by_account(said.sender.account) if said.sender else None
    return person is None or person.id != search.reporter


@plain(answers_a_notice, at_once=True)
async def seen_in_answer(said: Said, ctx: Ctx) -> list[Outgoing]:
    number = await ctx.store.threads.about(said.chat, said.reply_to or "")
    case, search = await ctx.search(str(number))
    return await sighted(case, search, said, said.text, ctx)


async def sighted(case: Case, search: Search, said: Said, text: str, ctx: Ctx, found: bool = False) -> list[Outgoing]:
    """With its time, place and picture to all who need it. `found` where a stranger says that it is over: those who
    can decide are asked."""
    await must_have_heard(search, said.chat, ctx)
    must_run(search, ctx)
    searches, by = ctx.store.searches, ctx.sender.who if ctx.sender else None
    if len(await searches.sightings(case.id)) >= MOST_SIGHTINGS:
        raise Refused(_("#{n} 的线索已经很多了。看到人请直接打 110。").format(n=case.id))
    kept = clean(text)[:LONGEST_SIGHTING]
    sighting = Sighting(ctx.now, by.id if by else None, kept, said.attachments, said.location)
    sighting = await searches.sighted(case.id, sighting)
    await ctx.store.threads.belongs(said.chat, said.message_id, case.id, said.album)
    case = await ctx.store.cases.save(case.record(Event.SIGHTED, by, ctx.now, words=kept))
    outs = await _pass_on(case, search, sighting, said, found, ctx)
    thanks = _("#{n} 记下了，马上告诉正在找的人，谢谢您！")
    if found:
        thanks = _("#{n} 记下了，谢谢您！已经请家里人和队长核实。人要是在您身边，请先陪着，别走开。")
    thanks = thanks.format(n=case.id)
    return [*outs, Send(said.chat, thanks, reply_to=said.message_id), *await everywhere(ctx, case)]


async def _pass_on(case: Case, search: Search, sighting: Sighting, said: Said, found: bool, ctx: Ctx) -> list[Outgoing]:
    """First to those who decide, who also learn from whom it is; then to those who look, the outermost ring last."""
    deciding = await _deciding(case, ctx)
    looking = [chat for chat in await _looking(search, ctx) if chat not in deciding and chat != said.chat]
    line = _line(search, sighting, ctx)
    named = line + _(" —— {who} 说的").format(who=ctx.sender.name if ctx.sender else _("有人"))
    if found:
        line += _("（还没核实，请先继续找）")
        named += "\n" + _("有人说已经找到了，请核实。是真的，请点“找到了”。")
    buttons = ((found_button(search),),) if found else ()
    outs = [out for chat in deciding if found or chat != said.chat
            for out in _copies(search, sighting, chat, named, buttons)]  # fmt: skip
    return outs + [out for chat in looking for out in _copies(search, sighting, chat, line)]


def _line(search: Search, sighting: Sighting, ctx: Ctx) -> str:
    words = without_names(search.missing, sighting.words) or _("见照片或位置")
    return _("【线索】#{n} {when}：{words}").format(n=search.id, when=ctx.clock(sighting.at), words=words)


def _copies(search: Search, sighting: Sighting, chat: ChatId, text: str, buttons: Rows = ()) -> list[Outgoing]:
    """A picture may be taken down one day, so it has a card of its own; the first one carries the words."""
    pictures = sighting.attachments or (None,)
    return [
        Send(
            chat,
            text if n == 0 else f"#{search.id}",
            buttons if n == 0 else (),
            Promise.LIFE,
            f"photo:{search.id}:s{sighting.id}.{n}" if kept else f"sighting:{search.id}:{sighting.id}",
            attachment=kept,
            location=sighting.location if n == 0 else None,
        )
        for n, kept in enumerate(pictures)
    ]


async def _deciding(case: Case, ctx: Ctx) -> list[ChatId]:
    """Who waits at home, and who works on it; where nobody has taken it yet, whoever was asked to."""
    theirs = await ctx.store.people.private_chats(case.responder.id) if case.responder else []
    asked = await at_home(ctx, case, await ctx.store.outbox.chats_with(card_name(case)))
    return list(dict.fromkeys([case.reported_in, *(theirs or (chat for chat, group in asked.items() if not group))]))


async def _looking(search: Search, ctx: Ctx) -> list[ChatId]:
    """Where those who look can be reached: in private, else where they said that they go."""
    chats: dict[ChatId, None] = {}
    for searcher in await ctx.store.searches.searchers(search.id):
        theirs = await ctx.store.people.private_chats(searcher.person)
        chats |= dict.fromkeys(theirs or [searcher.chat])
    return list(chats)
