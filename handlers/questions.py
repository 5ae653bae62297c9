"""追问: what help would still like to know, one thing at a time; the case is open all the while."""

from domain.case import Case
from domain.chat import Button, ChatId, Outgoing, Pressed, Said, Send, Withdraw
from domain.facts import LONGEST_PLACE, QUESTIONS, WHERE, Facts, Question, answered, next_question
from domain.helping import chosen
from domain.language import _
from domain.refused import Refused
from domain.text import clean, has_words, one_line
from handlers.cards import question_card, reporter_hears_in
from handlers.gathered import more_is_known
from handlers.routing import Ctx, button, form


async def first_question(case: Case, ctx: Ctx) -> list[Outgoing]:
    chat = await reporter_hears_in(ctx, case)
    return await _ask(case, chat, -1, ctx) if chat else []


async def _ask(case: Case, chat: ChatId, after: int, ctx: Ctx) -> list[Outgoing]:
    """The next question in the place of the last one; when nothing is left to ask, thanks."""
    found, last = await _next(case, after, ctx), question_card(case, after)
    if found:
        if after >= 0:
            await ctx.store.outbox.take_over(last, question_card(case, found[0]), [chat])
        return [await _question(case, chat, *found, ctx)]
    if after < 0:
        return []
    return [Send(chat, _("谢谢，{number} 都记下了。").format(number=case.number), card=last)]


async def _next(case: Case, after: int, ctx: Ctx) -> tuple[int, Question] | None:
    """In a squad everybody knows where everybody lives, so nobody is asked where."""
    found = next_question(case.kind, case.facts, after)
    return None if found and found[1] is WHERE and await ctx.store.grids.is_squad(case.origin) else found


async def _question(case: Case, chat: ChatId, number: int, question: Question, ctx: Ctx) -> Send:
    choices = [Button(_(label), f"know:{case.id}:{number}:{value}") for label, value in question.answers]
    rows = [tuple(choices[i : i + 2]) for i in range(0, len(choices), 2)]
    rows.append((Button(_("不清楚"), f"know:{case.id}:{number}:unknown"),))
    if not choices:
        await ctx.ask(chat, "place", f"{case.id}:{number}")
    text = f"{case.number} {_(question.text)}"
    card = question_card(case, number)
    return Send(chat, text, tuple(rows), card=card, reply_to=case.report_message, asks=not choices)


async def overtaken(case: Case, known: Facts, ctx: Ctx) -> list[Outgoing]:
    """A question that was answered meanwhile in other words gives way to the next one. `known` is what was known
    before."""
    if case.facts == known or not case.open:
        return []
    outs: list[Outgoing] = []
    for number, question in enumerate(QUESTIONS.get(case.kind, ())):
        if getattr(case.facts, question.field) and not getattr(known, question.field):
            for chat in await ctx.store.outbox.chats_with(question_card(case, number)):
                outs += await _give_way(case, number, chat, ctx)
    return outs


async def _give_way(case: Case, number: int, chat: ChatId, ctx: Ctx) -> list[Outgoing]:
    """What is answered in words is asked only where its reporter speaks now: nobody else's next words answer it."""
    await ctx.store.drafts.call_off("place", f"{case.id}:{number}")
    found, speaker = await _next(case, number, ctx), ctx.sender.who if ctx.sender else None
    theirs = ctx.chat is not None and ctx.chat.id == chat and case.is_reporters(speaker, chat)
    if found and not found[1].answers and not theirs:
        return [Withdraw(chat, question_card(case, number))]
    return await _ask(case, chat, number, ctx)


async def ask_place(case: Case, chat: ChatId, ctx: Ctx, card: str) -> Send:
    await ctx.ask(chat, "place", f"{case.id}:")
    return Send(chat, _("那 {number} 的事在哪里？请回一句话。").format(number=case.number), card=card, asks=True)


@button("know")
async def know(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    case = await ctx.case_here(pressed.arg(0))
    await ctx.must_know_of(case)
    number, value = pressed.number(1), pressed.arg(2)
    found = await _next(case, number - 1, ctx)
    if found is None or found[0] != number or not case.open:
        raise Refused(_("这个问题已经有人回答过了。"))
    if value == "unknown":
        if ctx.account:
            await ctx.store.drafts.close(pressed.chat, ctx.account)
        return await _ask(case, pressed.chat, number, ctx)
    return await _answer(case, number, found[1].field, value, pressed.chat, ctx)


@form("place")
async def place_in_words(said: Said, ctx: Ctx) -> list[Outgoing]:
    number, _colon, asked = ctx.draft.about.partition(":")
    case = await ctx.case(number)
    words = one_line(said.text, LONGEST_PLACE)
    if not has_words(words):
        raise Refused(_("请用文字说在哪里，例如：3 栋 2 单元门口"))
    await ctx.answered(said)
    if not case.open:
        return []
    return await _answer(case, int(asked) if asked else -1, "place", words, said.chat, ctx)


async def _answer(case: Case, number: int, field: str, value: str, chat: ChatId, ctx: Ctx) -> list[Outgoing]:
    try:
        facts = answered(case.facts, field, chosen(value, ctx.today()) if field == "when" else clean(value))
    except ValueError:
        raise Refused(_("这个按钮失效了。发“查询”看进展。")) from None
    known = case.facts
    if facts != known:
        kind = await ctx.kind(case.kind, case.origin)
        case = await ctx.store.cases.save(case.correct(facts, ctx.someone().who, "", kind, ctx.now))
    return [*await more_is_known(ctx, case, known), *await _ask(case, chat, number, ctx)]
