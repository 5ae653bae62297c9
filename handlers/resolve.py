"""办结: the responder says what was done, and the reporter is asked whether it is."""

from domain.case import Case
from domain.chat import Button, Outgoing, Pressed, Said, Send
from domain.language import N_, _
from domain.people import Person
from domain.refused import Refused
from domain.text import clean, has_words, one_line
from handlers.all_clear import follow
from handlers.cards import everywhere, tell_reporter
from handlers.letters import answered
from handlers.routing import Ctx, button, form, words
from handlers.voices import questions, rates

LONGEST_OUTCOME = 500
"""Characters: a line on what was done, not a report."""


@button("resolve")
async def ask_outcome(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    case = await ctx.pressed_case(pressed)
    person = await _must_settle(case, ctx)
    # Refuse now, not after the words are written.
    case.resolve("", person.who, ctx.settings.verify_within, ctx.now)
    await ctx.ask(pressed.chat, "outcome", str(case.id))
    text = _("{who}，{number} 是怎么处理好的？请回一句话。").format(who=person.name, number=case.number)
    skip = Button(_("不写，直接办结"), f"resolve_now:{case.id}")
    return [Send(pressed.chat, text, ((skip,),), card=f"outcome:{case.id}", asks=True)]


@form("outcome")
async def outcome(said: Said, ctx: Ctx) -> list[Outgoing]:
    return await _resolve(await ctx.case(ctx.draft.about), said.text, said, ctx)


@button("resolve_now")
async def resolve_now(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    case = await ctx.case_here(pressed.arg(0))
    if ctx.settings.kinds[case.kind].letter:
        raise Refused(_("请用文字答复 {number}，写信的人才看得到。").format(number=case.number))
    return await _resolve(case, "", pressed, ctx)


@words("办结", "/resolve", help=N_("办结 编号 怎么处理的 —— 事情办好了"))
async def resolve_in_words(said: Said, ctx: Ctx) -> list[Outgoing]:
    number, _space, text = ctx.rest.partition(" ")
    case = await ctx.case_here(number)
    if not has_words(text):
        raise Refused(_("请写一句怎么处理的，例如：办结 {n} 水已抽干").format(n=case.id))
    return await _resolve(case, text, said, ctx)


async def _resolve(case: Case, text: str, incoming: Said | Pressed, ctx: Ctx) -> list[Outgoing]:
    return await settle(case, text, await _must_settle(case, ctx), incoming, ctx)


async def _must_settle(case: Case, ctx: Ctx) -> Person:
    """Whoever may work on it; a private matter only who has it, for nobody else heard both sides."""
    person = await ctx.must_work_on(case)
    private = ctx.settings.kinds[case.kind].private
    if private and case.open and not (await ctx.store.mediations.of(case)).mediates(person.id):
        raise Refused(_("{number} 由接单的人来办结。要办，请先点“接单”。").format(number=case.number))
    return person


async def settle(case: Case, text: str, by: Person, incoming: Said | Pressed, ctx: Ctx) -> list[Outgoing]:
    """It is done, says somebody who may say so; whoever still looks for somebody hears it first."""
    case = case.resolve(clean(text)[:LONGEST_OUTCOME], by.who, ctx.settings.verify_within, ctx.now)
    case = await ctx.store.cases.save(case)
    first = await follow(case, ctx)
    if ctx.account:
        await ctx.store.drafts.close(incoming.chat, ctx.account)
    letter = ctx.settings.kinds[case.kind].letter
    outs = [*first, *await everywhere(ctx, case, [] if letter else [incoming.chat])]
    if letter:
        return [*outs, *await _ask_writers(ctx, case), *await answered(ctx, case, incoming.chat)]
    outs += await questions(ctx, case)
    # The question how it was done is answered; it must not stay there with its button.
    asked = await ctx.store.outbox.chats_with(f"outcome:{case.id}")
    done = _("{number} 已办结").format(number=case.number)
    return outs + [Send(chat, done, card=f"outcome:{case.id}") for chat in asked]


async def _ask_writers(ctx: Ctx, case: Case) -> list[Outgoing]:
    """Whoever wrote a letter reads the answer and says whether it is one; whoever wrote the same reads it too."""
    who, answer = case.responder.name if case.responder else "", one_line(case.outcome)
    outs = await _ask_writer(
        ctx, case, _("{number} {who} 答复：“{answer}”").format(number=case.number, who=who, answer=answer)
    )
    for other in await ctx.store.cases.merged_into(case.id):
        said = _("{number} {who} 答复：“{answer}”").format(number=other.number, who=who, answer=answer)
        outs += await tell_reporter(ctx, other, said)
    return outs


async def _ask_writer(ctx: Ctx, case: Case, said: str) -> list[Outgoing]:
    if case.reporter is None and not case.anonymous:
        return await tell_reporter(ctx, case, said)
    satisfied = _("{who}，您满意吗？").format(who=case.reporter.name) if case.reporter else _("您满意吗？")
    return await tell_reporter(ctx, case, f"{said}\n{satisfied}", rates(case), card=f"verify:{case.id}")
