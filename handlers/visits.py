"""约时间: when everybody sits down together, a word to each the day before, and a note how it went."""

from domain.case import Case
from domain.chat import Button, Due, Outgoing, Pressed, Said, Send
from domain.language import N_, _
from domain.log import Event
from domain.mediation import SETTLED_WITHIN, Mediation
from domain.refused import Refused
from domain.text import clean, one_line
from domain.visit import ASK_AGAIN, MOST_VISITS, Lapse, Visit, plan
from domain.when import meeting
from handlers.cards import everywhere
from handlers.mediation import LONGEST_NOTE, ask, mediating, mediator_chats, party_chats, tell, tell_mediators, written
from handlers.routing import Ctx, button, due, form, words

LONGEST_PLACE = 60
"""Characters: a house, not a way there."""


@button("visit")
async def ask_when(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    case, _mediation = await mediating(ctx, pressed.arg(0))
    text = _("{number} 什么时候、在哪里？例如：明天下午3点 村委会").format(number=case.number)
    return await ask(ctx, pressed, "visit", str(case.id), text)


@form("visit")
async def when(said: Said, ctx: Ctx) -> list[Outgoing]:
    case, mediation = await mediating(ctx, ctx.draft.about)
    outs = await _plan(case, mediation, said.text, said, ctx)
    await ctx.answered(said)
    return outs


@words("约", "/visit", help=N_("约 编号 时间 地点 —— 约双方见面，例如：约 12 明天下午3点 村委会"))
async def visit_in_words(said: Said, ctx: Ctx) -> list[Outgoing]:
    number, _space, text = ctx.rest.partition(" ")
    case, mediation = await mediating(ctx, number)
    return await _plan(case, mediation, text, said, ctx)


async def _plan(case: Case, mediation: Mediation, text: str, said: Said, ctx: Ctx) -> list[Outgoing]:
    """A visit still ahead is moved; otherwise it is one more. The promise of the case waits for it, for a month."""
    found = meeting(clean(text), ctx.now.astimezone(ctx.settings.timezone))
    if found is None:
        raise Refused(_("没看懂时间。请写哪天、几点、在哪里，例如：明天下午3点 村委会；周六 9:00；8月2日上午10点 祠堂"))
    visits, place = await ctx.store.mediations.visits(case.id), one_line(found.place, LONGEST_PLACE)
    ahead = next((visit for visit in visits if visit.at > ctx.now and visit.due_at), None)
    if ahead is None and len(visits) >= MOST_VISITS:
        raise Refused(
            _("{number} 已经约过 {n} 次，请点“写协议”或“调解不成”。").format(number=case.number, n=MOST_VISITS)
        )
    visit = ahead.moved(found.at, place, ctx.now) if ahead else plan(case.id, found.at, place, ctx.now)
    visit = await ctx.store.mediations.save_visit(visit)
    what = f"{ctx.clock(visit.at)} {visit.place}".rstrip()
    until = min(visit.at + ASK_AGAIN, case.reported_at + SETTLED_WITHIN)
    case = await ctx.store.cases.save(case.mediated(Event.PLANNED, ctx.someone().who, ctx.now, what, until))
    # The evening before may be days away: everybody hears of it now.
    text = _("{number} 约好了：{what}。到时见；来不了请早点说。").format(number=case.number, what=what)
    sides = [out for party in mediation.parties for out in await tell(ctx, party, text)]
    done = _("{number} 约好了：{what}").format(number=case.number, what=what)
    others = await tell_mediators(ctx, mediation, done, besides=[said.chat])
    return [*await everywhere(ctx, case), *sides, *others, Send(said.chat, done + await _by_hand(mediation, ctx))]


async def _by_hand(mediation: Mediation, ctx: Ctx) -> str:
    """Whom the bot cannot tell, the mediator has to."""
    unreached = [party for party in mediation.parties if not await party_chats(ctx, party)]
    who = "、".join(" ".join(filter(None, (party.name, party.phone))) for party in unreached)
    return "\n" + _("{who} 收不到我的消息，请您打电话或上门告诉。").format(who=who) if who else ""


@due("visit")
async def visit_due(lapsed: Due, ctx: Ctx) -> list[Outgoing]:
    """Before it, everybody is reminded; after it, the mediator is asked how it went."""
    visit = await ctx.store.mediations.visit(lapsed.id)
    if visit is None:
        return []
    case = await ctx.case(str(visit.mediation))
    mediation = await ctx.store.mediations.of(case)
    if not case.open:
        await call_off(case, ctx)
        return []
    after, lapse = visit.lapse(ctx.now)
    await ctx.store.mediations.save_visit(after)
    if lapse is Lapse.REMIND:
        return await _remind(case, mediation, visit, ctx)
    return await _ask_how_it_went(case, mediation, visit, ctx) if lapse is Lapse.ASK else []


async def call_off(case: Case, ctx: Ctx) -> None:
    """Whoever planned it does not mediate any more; who does next plans anew."""
    for visit in await ctx.store.mediations.visits(case.id):
        if visit.due_at:
            await ctx.store.mediations.save_visit(visit.dropped())


async def _remind(case: Case, mediation: Mediation, visit: Visit, ctx: Ctx) -> list[Outgoing]:
    what = f"{ctx.clock(visit.at)} {visit.place}".rstrip()
    text = _("{number} 提醒：{what} 见面调解。来不了请早点说。").format(number=case.number, what=what)
    sides = [out for party in mediation.parties for out in await tell(ctx, party, text)]
    return [*sides, *await tell_mediators(ctx, mediation, text + await _by_hand(mediation, ctx))]


async def _ask_how_it_went(case: Case, mediation: Mediation, visit: Visit, ctx: Ctx) -> list[Outgoing]:
    text = _("{number} {when} 的见面怎么样？请点“记结果”，只有调解人看得到。").format(
        number=case.number, when=ctx.clock(visit.at)
    )
    buttons = ((Button(_("记结果"), f"visit_note:{visit.id}"),),)
    chats = await mediator_chats(ctx, mediation)
    return [Send(chat, text, buttons, card=f"visit:{visit.id}") for chat in chats]


@button("visit_note")
async def ask_note(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    visit = await ctx.store.mediations.visit(pressed.number(0))
    if visit is None:
        raise Refused(_("这个按钮失效了。发“查询”看进展。"))
    case, _mediation = await mediating(ctx, str(visit.mediation))
    text = _("{number} 这次谈得怎么样？请回一段话。").format(number=case.number)
    return await ask(ctx, pressed, "visit_note", str(visit.id), text)


@form("visit_note")
async def note(said: Said, ctx: Ctx) -> list[Outgoing]:
    visit = await ctx.store.mediations.visit(int(ctx.draft.about))
    if visit is None:
        return []
    case, mediation = await mediating(ctx, str(visit.mediation))
    words = written(said.text, LONGEST_NOTE)
    await ctx.answered(said)
    await ctx.store.mediations.save_visit(visit.noted(words))
    case = await ctx.store.cases.save(case.mediated(Event.NOTED, ctx.someone().who, ctx.now, words))
    done = _("{number} 这次的结果记下了。").format(number=case.number)
    chats = await mediator_chats(ctx, mediation)
    return [*await everywhere(ctx, case), *(Send(chat, done, card=f"visit:{visit.id}") for chat in chats)]
