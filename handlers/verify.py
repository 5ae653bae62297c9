"""回访: the reporter says whether it is put right; what is not goes back, one level up."""

from collections.abc import Sequence

from domain.case import Case, Rating, State
from domain.chat import ChatId, Outgoing, Pressed, Send
from domain.escalation import next_above
from domain.kinds import Kind
from domain.language import _
from domain.refused import Refused
from handlers.cards import aloud, card_name, enclosures, everywhere
from handlers.discretion import way
from handlers.gathered import lost_a_voice
from handlers.letters import handed_to
from handlers.routing import Ctx, button
from handlers.voices import question_in
from handlers.wording import rating_name


@button("rate")
async def rate(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    """Each reporter answers for their own report, also where many are dealt with as one."""
    head = await ctx.case_here(pressed.arg(0))
    rating, who = _rating(pressed.arg(1)), ctx.someone().who
    voices = await ctx.store.sameness.voices(head.id)
    theirs = [v.id for v in voices if v.reporter == who and v.id != head.id and not v.answered]
    outs: list[Outgoing] = []
    if head.reporter == who or not theirs:
        head = await ctx.store.cases.save(head.rate(rating, who, *await _above(ctx, head), ctx.now, pressed.chat))
        outs += await _answered(ctx, head, rating)
    for number in theirs:
        case = await ctx.case(str(number))
        case = await ctx.store.cases.save(case.rate_with(head, rating, who, *await _above(ctx, case), ctx.now))
        outs += await _answered(ctx, case, rating)
    if theirs:
        head = await _one_more_answered(ctx, head, theirs if rating is Rating.UNSOLVED else [])
        outs += await lost_a_voice(ctx, head)
    return outs + await _thanks(ctx, head, theirs, rating, pressed.chat)


async def _above(ctx: Ctx, case: Case) -> tuple[str | None, Kind]:
    above = next_above(await way(ctx, case), case.grid)
    return above.grid.code if above else None, await ctx.kind(case.kind, case.origin)


async def _answered(ctx: Ctx, case: Case, rating: Rating) -> list[Outgoing]:
    if rating is not Rating.UNSOLVED:
        return await everywhere(ctx, case)
    # At the top there is nobody else: the same grid hears again.
    rung = next((rung for rung in await way(ctx, case) if rung.grid.code == case.grid), None)
    chats = await handed_to(ctx, case, rung)
    standing = await ctx.store.outbox.chats_with(card_name(case))
    called = await aloud(ctx, case, chats, _("{number} 还没解决，退回重办，请接单。").format(number=case.number))
    new = [chat for chat in chats if chat not in standing]
    return [*await everywhere(ctx, case, chats), *called, *await enclosures(ctx, case, new)]


async def _one_more_answered(ctx: Ctx, head: Case, taken_out: Sequence[int]) -> Case:
    for number in taken_out:
        head = await ctx.store.cases.save(head.parted_from(await ctx.case(str(number)), ctx.now))
    return head


async def _thanks(ctx: Ctx, head: Case, theirs: Sequence[int], rating: Rating, chat: ChatId) -> list[Outgoing]:
    """In place of the question; while others here have not answered, it stays for them."""
    number = "、".join(f"#{n}" for n in theirs) or head.number
    said = _("{number} 结案：{rating}。谢谢您告诉我们。").format(number=number, rating=rating_name(rating))
    if rating is Rating.UNSOLVED:
        said = _("{number} 已退回重办，请再等等，有人接手会告诉您。").format(number=number)
    still = await question_in(ctx, head, chat) if theirs or head.state is State.CLOSED else None
    asked = f"verify:{head.id}"
    if still is None and rating is Rating.UNSOLVED:
        # It is asked again when it is done again, and then in a message of its own: an old one changes unheard.
        back = f"returned:{head.id}:{head.version}"
        await ctx.store.outbox.take_over(asked, back, [chat])
        return [Send(chat, said, card=back)]
    if still is None:
        return [Send(chat, said, card=asked)]
    return [still, *([Send(chat, said)] if rating is Rating.UNSOLVED else [])]


def _rating(word: str) -> Rating:
    try:
        return Rating(word)
    except ValueError:
        raise Refused(_("这个按钮失效了。发“查询”看您上报的事。")) from None
