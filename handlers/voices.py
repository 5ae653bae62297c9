"""Everybody who reported a thing hears of it: in one message a chat, however many of them spoke there."""

from collections.abc import Sequence

from domain.case import Case
from domain.chat import Button, ChatId, Rows, Send
from domain.gathering import Voice
from domain.language import _
from domain.text import one_line
from handlers.cards import reporter_hears_in
from handlers.routing import Ctx
from handlers.wording import rating_name

MOST_NUMBERS = 3
"""Of one chat's reports, as many are named; more are counted."""


async def tell_reporters(ctx: Ctx, case: Case, text: str) -> list[Send]:
    """To where each of its reports came from, as an answer to it where it is the only one there."""
    return [
        Send(chat, _whose(case, here) + text, reply_to=_only(here, chat), brief=text, true_while=case.standing)
        for chat, here in (await _where(ctx, case)).items()
    ]


async def questions(ctx: Ctx, case: Case) -> list[Send]:
    """Whether it is put right: each reporter, those of merged cases too, has the last word on their own report."""
    return [_question(case, chat, voices) for chat, voices in (await _where(ctx, case)).items()]


async def question_in(ctx: Ctx, case: Case, chat: ChatId) -> Send | None:
    """The question as it stands in this chat, while somebody here has not answered it yet."""
    voices = (await _where(ctx, case)).get(chat, [])
    return _question(case, chat, voices) if any(voice.reporter and not voice.answered for voice in voices) else None


async def in_vain(ctx: Ctx, case: Case, text: str) -> list[Send]:
    """In place of the question, where somebody was asked and has not said anything."""
    return [
        Send(chat, text, card=f"verify:{case.id}", reply_to=_only(voices, chat), true_while=case.standing)
        for chat, voices in (await _where(ctx, case)).items()
        if not all(voice.answered for voice in voices)
    ]


def _question(case: Case, chat: ChatId, voices: Sequence[Voice]) -> Send:
    lines, outcome = [], one_line(case.outcome, 100) or _("没有留言")
    if any(voice.id == case.id for voice in voices):
        lines.append(_("{number} 已办结：{outcome}").format(number=case.number, outcome=outcome))
    if others := _numbers(case, voices):
        said = _("{number} 已随 {into} 办结：{outcome}")
        lines.append(said.format(number=others, into=case.number, outcome=outcome))
    lines += [f"{v.reporter.name}：{rating_name(v.rating)}" for v in voices if v.reporter and v.rating and v.answered]
    names = "、".join(dict.fromkeys(v.reporter.name for v in voices if v.reporter and not v.answered))
    if names:
        lines.append(_("{who}，您满意吗？").format(who=names))
    text, buttons = "\n".join(lines), rates(case) if names else ()
    reply_to = _only(voices, chat)
    return Send(chat, text, buttons, card=f"verify:{case.id}", reply_to=reply_to, true_while=case.standing)


def rates(case: Case) -> Rows:
    rates = ((_("满意"), "satisfied"), (_("不满意"), "dissatisfied"), (_("未解决"), "unsolved"))
    return (tuple(Button(label, f"rate:{case.id}:{rating}") for label, rating in rates),)


async def _where(ctx: Ctx, case: Case) -> dict[ChatId, list[Voice]]:
    """The chats in which its reporters hear; of a private matter each in private, or not at all."""
    private = ctx.settings.kinds[case.kind].private
    chats: dict[ChatId, list[Voice]] = {}
    for voice in await ctx.store.sameness.voices(case.id):
        chat = await reporter_hears_in(ctx, await ctx.case(str(voice.id))) if private else voice.reported_in
        if chat:
            chats.setdefault(chat, []).append(voice)
    return chats


def _only(voices: Sequence[Voice], chat: ChatId) -> str | None:
    """The message that is answered, where there is one."""
    return voices[0].report_message if len(voices) == 1 and voices[0].reported_in == chat else None


def _whose(case: Case, voices: Sequence[Voice]) -> str:
    """Which reports of this chat are meant, where their number is not the case's own."""
    numbers = _numbers(case, voices)
    return _("{numbers} 和 {into} 是同一件事。").format(numbers=numbers, into=case.number) if numbers else ""


def _numbers(case: Case, voices: Sequence[Voice]) -> str:
    merged = [f"#{voice.id}" for voice in voices if voice.id != case.id]
    if len(merged) > MOST_NUMBERS:
        return _("{first} 等 {n} 件").format(first=merged[0], n=len(merged))
    return "、".join(merged)
