"""走失: what is asked about a lost person, one thing at a time; the case is open from the first word."""

import re
from collections.abc import Iterable
from dataclasses import replace

from domain.case import Case
from domain.chat import Attachment, Button, ChatId, Medium, Outgoing, Pressed, Said, Send
from domain.language import _
from domain.missing import QUESTIONS, Fact, ago, read
from domain.refused import Refused
from domain.rings import Ring
from domain.search import Search, Stage, confirmers, open_search
from domain.text import clean
from handlers.cards import card_name, enclosures, everywhere, place
from handlers.notice import copies, corrected, notice_line
from handlers.routing import Ctx, button, form

UNKNOWN = "x"
"""What stands behind the button 不清楚."""

NOT_KNOWN = frozenset({"不清楚", "不知道", "不晓得", "没有"})


async def begin(case: Case, ctx: Ctx) -> list[Outgoing]:
    """A search that nobody outside the squad knows of yet, and the first question."""
    plan = ctx.settings.search
    missing = read(case.text)
    missing = replace(
        missing,
        when=_on_the_clock(Fact.WHEN, missing.when, ctx) if missing.when else None,
        where=case.facts.place or None,
        photo=_picture(case.attachments),
        location=case.location,
    )
    reporter = case.reporter.id if case.reporter else None
    known = await ctx.store.searches.get(case.id)
    if known is None:
        search = await ctx.store.searches.add(open_search(case.id, reporter, missing, ctx.now, plan))
    else:
        search = await ctx.store.searches.save(known.reopen(ctx.now, plan))
    rungs = await ctx.rungs(case.origin)
    await ctx.store.searches.tell(search.id, {*rungs[0].groups, case.reported_in}, Ring.SQUAD)
    asked = await _ask_for_confirmation(case, search, ctx)
    if ctx.sender is None or ctx.sender.id != search.reporter:
        return asked
    return [*asked, *await _ask(search, case.reported_in, ctx, _("请先打 110 报警。") + "\n")]


async def _ask_for_confirmation(case: Case, search: Search, ctx: Ctx) -> list[Outgoing]:
    """Where the case is not heard by anybody who may confirm it, whoever may is shown it too."""
    levels = confirmers(await ctx.rungs(case.origin), search.reporter)
    if levels and levels[0].grid.code == case.grid:
        return []
    return await place(ctx, case, levels[0].private_chats if levels else await ctx.owner_chats())


async def _ask(search: Search, chat: ChatId, ctx: Ctx, first: str = "") -> list[Outgoing]:
    """The next question, with answers to tap; nothing where all is known."""
    fact = search.missing.next_question
    if fact is None:
        return []
    await ctx.ask(chat, "missing", f"{search.id}:{fact.value}")
    text, *answers = (_(said) for said in QUESTIONS[fact])
    taps = [Button(label, f"missing:{search.id}:{fact.value}:{n}") for n, label in enumerate(answers)]
    taps.append(Button(_("不清楚"), f"missing:{search.id}:{fact.value}:{UNKNOWN}"))
    rows = tuple(tuple(taps[i : i + 2]) for i in range(0, len(taps), 2))
    return [Send(chat, f"{first}#{search.id} {text}", rows, card=_question_card(search, fact), asks=True)]


@button("missing")
async def tapped(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    case, search = await _answered_by(pressed.arg(0), ctx)
    fact = _fact(pressed.arg(1))
    answers = QUESTIONS[fact][1:]
    n = pressed.number(2)
    if pressed.arg(2) != UNKNOWN and not 0 <= n < len(answers):
        raise Refused(_("这个按钮失效了。发“查询”看进展。"))
    words = "" if pressed.arg(2) == UNKNOWN else _(answers[n])
    done = f"#{search.id} {_asked(fact)} {words or _('不清楚')}"
    outs = await _note(case, search, fact, words, ctx)
    _case, search = await ctx.search(pressed.arg(0))
    if ctx.account:
        await ctx.store.drafts.close(pressed.chat, ctx.account)
    return [Send(pressed.chat, done, card=_question_card(search, fact)), *outs, *await _ask(search, pressed.chat, ctx)]


@form("missing", gives_way=True)
async def said_in_answer(said: Said, ctx: Ctx) -> list[Outgoing]:
    number, _colon, asked = ctx.draft.about.partition(":")
    case, search = await _answered_by(number, ctx)
    fact, words = _fact(asked), clean(said.text)
    await ctx.store.threads.belongs(said.chat, said.message_id, case.id, said.album)
    # Words that came instead of a picture are no answer, and yet may help to find somebody.
    more = words if fact is Fact.PHOTO and words not in {*NOT_KNOWN, *map(_, QUESTIONS[fact][1:])} else ""
    outs = await _enclosed(case, said, more, ctx)
    case, search = await ctx.search(number)
    if not words and not search.missing.knows(fact):
        return [*outs, *await everywhere(ctx, case)]
    if words:
        outs += await _note(case, search, fact, "" if words in NOT_KNOWN else words, ctx)
        case, search = await ctx.search(number)
    noted = Send(said.chat, f"#{case.id} {_asked(fact)} {_('记下了。')}", card=_question_card(search, fact))
    await ctx.answered(said)
    return [noted, *outs, *await _ask(search, said.chat, ctx)]


async def _note(case: Case, search: Search, fact: Fact, words: str, ctx: Ctx) -> list[Outgoing]:
    """What became known, on the cards; and in the notices, where they have gone out and say it."""
    before, words = notice_line(search), _on_the_clock(fact, words, ctx)
    search = await ctx.store.searches.save(search.know(search.missing.answer(fact, words)))
    changed = await outside(search, ctx) if notice_line(search) != before else []
    return [*corrected(search, changed), *await everywhere(ctx, case)]


def _on_the_clock(fact: Fact, words: str, ctx: Ctx) -> str:
    """刚才 as the time that it was: whoever reads the notice reads it later."""
    length = ago(words) if fact is Fact.WHEN else None
    return words if length is None else _("{when} 左右").format(when=ctx.clock(ctx.now - length))


async def _enclosed(case: Case, said: Said, words: str, ctx: Ctx) -> list[Outgoing]:
    """Pictures and a place that come with an answer belong to the case, and go to those who work on it."""
    if not said.attachments and not said.location and not words:
        return []
    before = len(case.attachments)
    case = case.add(ctx.someone().who, words, said.attachments, said.location, ctx.now)
    case = await ctx.store.cases.save(case)
    working = await ctx.store.outbox.chats_with(card_name(case))
    shown = await enclosures(ctx, case, [chat for chat in working if chat != said.chat], before)
    return [*await pictured(case, said, ctx), *shown]


async def pictured(case: Case, said: Said, ctx: Ctx) -> list[Outgoing]:
    """The first picture from somebody who must know is the notice's, and goes to everybody who was told."""
    search = await ctx.store.searches.get(case.id)
    if search is None or not search.running or not await _knows(case, ctx):
        return []
    missing = search.missing
    known = replace(
        missing, photo=missing.photo or _picture(said.attachments), location=said.location or missing.location
    )
    if known == missing:
        return []
    search = await ctx.store.searches.save(search.know(known))
    return [] if known.photo == missing.photo else copies(search, await outside(search, ctx))


async def _knows(case: Case, ctx: Ctx) -> bool:
    """Whoever else sends a picture has seen somebody; that is for those who look, not for everybody."""
    who = ctx.sender.who if ctx.sender else None
    return who is not None and (who in (case.reporter, case.responder) or await ctx.answers_for(case.origin))


async def outside(search: Search, ctx: Ctx) -> list[ChatId]:
    """The chats that have the notice: every ring but the first, which has the card."""
    if search.stage is not Stage.WIDENING:
        return []
    return [chat for chat, ring in (await ctx.store.searches.chats(search.id)).items() if ring is not Ring.SQUAD]


async def _answered_by(number: str, ctx: Ctx) -> tuple[Case, Search]:
    """The reporter knows, and those who work on it may."""
    case, search = await ctx.search(number)
    await ctx.must_know_of(case)
    search.must_run(case.number)
    return case, search


def _asked(fact: Fact) -> str:
    """The question without what it says about the answer: it has been answered."""
    return re.split(r"(?<=[？?])", _(QUESTIONS[fact][0]), maxsplit=1)[0]


def _fact(word: str) -> Fact:
    try:
        return Fact(word)
    except ValueError:
        raise Refused(_("这个按钮失效了。发“查询”看进展。")) from None


def _picture(attachments: Iterable[Attachment]) -> Attachment | None:
    return next((kept for kept in attachments if kept.medium is Medium.PHOTO), None)


def _question_card(search: Search, fact: Fact) -> str:
    return f"missing:{search.id}:{fact.value}"
