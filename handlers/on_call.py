"""A case is told to whoever is on duty before the others, and it is noted until when they have it alone."""

from domain.case import Case
from domain.chat import ChatId
from domain.duty import Turns
from domain.escalation import everybody, goes_by_turns, hearers, others_hear_at, waits
from domain.kinds import Kind
from domain.people import Rung
from handlers.routing import Ctx


async def told_first(ctx: Ctx, case: Case, rung: Rung | None) -> tuple[ChatId, ...]:
    """Who is told at once that this rung answers for the case now."""
    kind = await ctx.kind(case.kind, case.origin)
    if not goes_by_turns(case, kind):
        return everybody(rung, kind, case.origin)
    if rung and rung.called and waits(case) and case.grid == rung.grid.code:
        await _note(ctx, case, kind, rung)
    return hearers(rung, kind, case.origin)


async def _note(ctx: Ctx, case: Case, kind: Kind, rung: Rung) -> None:
    """Who was called, and when the others are; where cases go round, the next one is another's."""
    rota, person = (await ctx.rotas([rung.grid.code]))[rung.grid.code], rung.called[0].person
    new = await ctx.store.pages.add(rota.id, case.id, person, others_hear_at(case, kind, ctx.now))
    if new and rota.turns is Turns.CASE and person in {who.id for who in rota.usual}:
        await ctx.store.duty.hold(rota.id, person)
