"""回访: the reporter says whether it is put right; what is not goes back, one level up."""

from domain.case import Case, Rating
from domain.chat import Outgoing, Pressed, Send
from domain.escalation import next_above
from domain.language import _
from domain.refused import Refused
from handlers.cards import aloud, enclosures, everywhere, rating_name
from handlers.discretion import way
from handlers.letters import handed_to
from handlers.routing import Ctx, button


@button("rate")
async def rate(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    case = await ctx.case_here(pressed.arg(0))
    rating = _rating(pressed.arg(1))
    above = next_above(await way(ctx, case), case.grid)
    kind = ctx.settings.kinds[case.kind]
    case = case.rate(rating, ctx.someone().who, above.grid.code if above else None, kind, ctx.now, pressed.chat)
    case = await ctx.store.cases.save(case)
    thanks = Send(pressed.chat, _thanks(case, rating), card=f"verify:{case.id}")
    if rating is not Rating.UNSOLVED:
        return [*await everywhere(ctx, case), thanks]
    # At the top there is nobody else: the same grid hears again.
    rung = above or next((rung for rung in await way(ctx, case) if rung.grid.code == case.grid), None)
    chats = await handed_to(ctx, case, rung)
    called = await aloud(ctx, case, chats, _("{number} 还没解决，退回重办，请接单。").format(number=case.number))
    shown = await enclosures(ctx, case, chats if above else ())
    return [*await everywhere(ctx, case, chats), *called, *shown, thanks]


def _rating(word: str) -> Rating:
    try:
        return Rating(word)
    except ValueError:
        raise Refused(_("这个按钮失效了。发“查询”看您上报的事。")) from None


def _thanks(case: Case, rating: Rating) -> str:
    if rating is Rating.UNSOLVED:
        return _("{number} 已退回重办，请再等等，有人接手会告诉您。").format(number=case.number)
    return _("{number} 结案：{rating}。谢谢您告诉我们。").format(number=case.number, rating=rating_name(rating))
