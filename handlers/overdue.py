"""超时: a promise lapsed; the case is reminded of, climbs, or is closed by its reporter's silence."""

from collections.abc import Sequence

from domain.case import Case
from domain.chat import Due, Outgoing, Send
from domain.escalation import everybody, hearers, next_above
from domain.language import _
from domain.log import Event
from domain.people import Rung
from handlers.buttons import brief_button
from handlers.cards import aloud, enclosures, everywhere
from handlers.discretion import way
from handlers.letters import handed_to
from handlers.routing import Ctx, due
from handlers.voices import in_vain, tell_reporters


@due("case")
async def overdue(lapsed: Due, ctx: Ctx) -> list[Outgoing]:
    before = await ctx.case(str(lapsed.id))
    rungs = await way(ctx, before)
    above = next_above(rungs, before.grid)
    case = before.lapse(above.grid.code if above else None, await ctx.kind(before.kind, before.origin), ctx.now)
    event = case.news[-1].event
    case = await ctx.store.cases.save(case)
    if event is Event.CLIMBED and above:
        return await _climbed(before, case, rungs, above, ctx)
    if event is Event.REMINDED:
        return await _reminded(case, rungs, ctx)
    text = _("{number} 没收到您的回话，先结案。还没好请重新上报。").format(number=case.number)
    return [*await everywhere(ctx, case), *await in_vain(ctx, case, text)]


async def _climbed(before: Case, case: Case, rungs: Sequence[Rung], above: Rung, ctx: Ctx) -> list[Outgoing]:
    """The grid above gets the card; the level below and the reporter are told where it went."""
    kind = ctx.settings.kinds[case.kind]
    heard = await handed_to(ctx, case, above)
    below = next((rung for rung in rungs if rung.grid.code == before.grid), None)
    text = _("{number} 超时，已上报到 {grid}。")
    if kind.letter:
        text = _("{number} 到期还没有答复，已转到 {grid} 的红色信箱，排在最前面。")
    text = text.format(number=case.number, grid=above.grid.name)
    groups = set(below.groups if below else ()) & set(hearers(below, kind, case.origin))
    reporters = [out for out in await tell_reporters(ctx, case, text) if out.to not in heard]
    outs = await everywhere(ctx, case, heard)
    outs += await aloud(ctx, case, heard, text)
    others = sorted(groups - {*heard, *(out.to for out in reporters)})
    outs += [Send(chat, text, brief=text, true_while=case.standing) for chat in others] + reporters
    return outs + await enclosures(ctx, case, heard)


async def _reminded(case: Case, rungs: Sequence[Rung], ctx: Ctx) -> list[Outgoing]:
    """The same level hears again: its responder if there is one, else all who answer, else the owners."""
    kind = ctx.settings.kinds[case.kind]
    here = next((rung for rung in rungs if rung.grid.code == case.grid), None)
    if kind.letter:
        return await everywhere(ctx, case, await handed_to(ctx, case, here))
    if case.responder:
        chats = await ctx.store.people.private_chats(case.responder.id) or (here.groups if here else ())
        text = _("{who}，{number} 该办结了。好了请点“办结”，办不了请点“上报上级”。").format(
            who=case.responder.name, number=case.number
        )
    else:
        chats = everybody(here, kind, case.origin) if here and here.answers() else ()
        text = _("{number} 还没有人接单，请尽快。").format(number=case.number)
    heard = list(chats) or await ctx.owner_chats()
    outs = await everywhere(ctx, case, heard)
    short = brief_button(case, kind)
    return outs + [Send(chat, text, brief=text, brief_button=short, true_while=case.standing) for chat in heard]
