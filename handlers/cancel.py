"""撤销: a reporter takes a report back and says why, so that nobody sets out for nothing."""

from domain.case import Case
from domain.chat import Outgoing, Pressed, Said, Send
from domain.language import N_, _
from domain.refused import Refused
from domain.text import clean, has_words, one_line
from handlers.all_clear import follow
from handlers.cards import aloud, everywhere
from handlers.gathered import lost_a_voice
from handlers.routing import Ctx, button, form, words

LONGEST_REASON = 200
"""Characters."""


@button("cancel")
async def ask_reason(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    case = await ctx.pressed_case(pressed)
    case.cancel("", ctx.someone().who, ctx.now, pressed.chat)
    await _must_be_theirs_alone(case, ctx)
    await ctx.ask(pressed.chat, "cancel", str(case.id))
    return [Send(pressed.chat, _("为什么撤销 {number}？请回一句话。").format(number=case.number), asks=True)]


@form("cancel")
async def reason(said: Said, ctx: Ctx) -> list[Outgoing]:
    await ctx.answered(said)
    return await _cancel(await ctx.case(ctx.draft.about), said.text, said, ctx)


@words("撤销", "/cancel", help=N_("撤销 编号 原因 —— 收回自己的上报"))
async def cancel_in_words(said: Said, ctx: Ctx) -> list[Outgoing]:
    number, _space, why = ctx.rest.partition(" ")
    return await _cancel(await ctx.case_here(number), why, said, ctx)


async def _cancel(case: Case, why: str, said: Said, ctx: Ctx) -> list[Outgoing]:
    if not has_words(why):
        raise Refused(_("请写一句原因，例如：撤销 {n} 水已经退了").format(n=case.id))
    head = await ctx.store.cases.head(case.id)
    case = case.cancel(clean(why)[:LONGEST_REASON], ctx.someone().who, ctx.now, said.chat)
    await _must_be_theirs_alone(case, ctx)
    case = await ctx.store.cases.save(case)
    first = await follow(case, ctx)
    working = await ctx.store.people.private_chats(case.responder.id) if case.responder else []
    text = _("{number} 撤销了，不用去了：{why}").format(number=case.number, why=one_line(case.outcome, 100))
    outs = [*first, *await everywhere(ctx, case, [said.chat]), *await aloud(ctx, case, working, text)]
    if head.id == case.id:
        return outs
    head = await ctx.store.cases.save(head.parted_from(case, ctx.now))
    return outs + await lost_a_voice(ctx, head)


async def _must_be_theirs_alone(case: Case, ctx: Ctx) -> None:
    """What somebody else reported too is not over because one of them takes it back."""
    followers = await ctx.store.cases.merged_into(case.id)
    if followers:
        numbers = "、".join(other.number for other in followers)
        raise Refused(
            _("{others} 报的是同一件事，还要有人去看，{number} 不能撤销。").format(others=numbers, number=case.number)
        )
