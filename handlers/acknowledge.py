"""接单: somebody takes charge of a case, and its first clock stops."""

from domain.case import Case, State
from domain.chat import Outgoing, Pressed, Said
from domain.language import N_, _
from handlers.cards import enclosures, everywhere
from handlers.routing import Ctx, button, words
from handlers.voices import tell_reporters


@button("acknowledge")
async def acknowledge(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    return await _take(await ctx.pressed_case(pressed), pressed, ctx)


@words("接单", "/take", help=N_("接单 编号 —— 由您来处置"))
async def acknowledge_in_words(said: Said, ctx: Ctx) -> list[Outgoing]:
    return await _take(await ctx.case_here(ctx.rest), said, ctx)


async def _take(case: Case, incoming: Said | Pressed, ctx: Ctx) -> list[Outgoing]:
    person, kind = await ctx.must_work_on(case), await ctx.kind(case.kind, case.origin)
    again = case.state is State.REOPENED
    case = case.acknowledge(person.who, kind, ctx.now)
    case = await ctx.store.cases.save(case)
    text = _("{number} {who} 已接单，会尽快处理。").format(number=case.number, who=person.name)
    outs = [*await everywhere(ctx, case, [incoming.chat]), *await tell_reporters(ctx, case, text)]
    # What the two sides sent in an earlier mediation is shown to a new mediator, and not before they are that.
    return [*outs, *await enclosures(ctx, case, [incoming.chat])] if again and kind.private else outs
