"""上报上级: too big for this level; the case goes to the next grid that can answer."""

from domain.case import Case
from domain.chat import Outgoing, Pressed, Said
from domain.escalation import next_above
from domain.language import N_, _
from handlers.cards import enclosures, everywhere
from handlers.discretion import way
from handlers.letters import handed_to
from handlers.routing import Ctx, button, words
from handlers.voices import tell_reporters


@button("escalate")
async def escalate(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    return await _lift(await ctx.pressed_case(pressed), ctx)


@words("上报上级", "/escalate", help=N_("上报上级 编号 —— 这一级办不了，请上级来"))
async def escalate_in_words(said: Said, ctx: Ctx) -> list[Outgoing]:
    return await _lift(await ctx.case_here(ctx.rest), ctx)


async def _lift(case: Case, ctx: Ctx) -> list[Outgoing]:
    person = await ctx.must_work_on(case)
    kind = await ctx.kind(case.kind, case.origin)
    above = next_above(await way(ctx, case), case.grid)
    case = case.escalate(above.grid.code if above else None, person.who, kind, ctx.now)
    case = await ctx.store.cases.save(case)
    if above is None:
        return []
    heard = await handed_to(ctx, case, above)
    told = _("{number} 已上报到 {grid}，请稍等。").format(number=case.number, grid=above.grid.name)
    shown = [*await everywhere(ctx, case, heard), *await enclosures(ctx, case, heard)]
    return [*shown, *await tell_reporters(ctx, case, told)]
