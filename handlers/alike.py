"""是同一件事吗: a new report is looked at beside those near it, so that ten neighbours make one flood and not ten."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from domain.alike import MANY, OFFER_VALID, Told, Verdict, common_grid, judge, shared_grid
from domain.case import Case, Offered
from domain.chat import ChatId, Due, Outgoing, Pressed
from domain.escalation import first_to_answer, hearers
from domain.gathering import gather
from domain.kinds import Kind, Urgency
from domain.language import _
from domain.people import Rung
from domain.refused import Refused
from handlers.cards import card_name, everywhere, place
from handlers.gathered import answer, look_on
from handlers.merge import join, one_thing
from handlers.on_call import told_first
from handlers.routing import Ctx, button, due


@dataclass(frozen=True)
class Found:
    """What is known of a new report beside the others: the case, what is said where it joined one of them, and the
    chats in which the card of the one that it may be the same as stands for it too, and `also` says so."""

    case: Case
    said: list[Outgoing] | None = None
    shown_in: frozenset[ChatId] = frozenset()
    also: Sequence[Outgoing] = ()


async def among_others(ctx: Ctx, case: Case) -> Found:
    """One look into an index for a report that is like no other."""
    kind = await ctx.kind(case.kind, case.origin)
    # A case made of several keeps where the first was said: of an anonymous one nobody is to know that.
    if not kind.gathers or case.anonymous:
        return Found(case)
    within = kind.same_within or ctx.settings.same_within
    near = await ctx.store.sameness.near(case, ctx.now - within)
    new = await _told(ctx, case)
    verdict, same = judge(new, near, kind, within)
    if verdict is Verdict.JOIN:
        for standing in same:
            if head := await _room_in(ctx, case, standing):
                return await _joined(ctx, case, head)
        # What somebody below has in hand is theirs; the rest may still be one thing.
        verdict, same = judge(new, [old for old in near if not old.gathered], kind, within)
    if verdict is Verdict.GATHER and (found := await _gathered(ctx, case, same, kind)):
        return found
    return await _asked(ctx, case, same[0], kind) if same else Found(case)


async def _told(ctx: Ctx, case: Case) -> Told:
    parent = (await ctx.rungs(case.origin))[0].grid.parent
    heard_at = case.heard_at or ctx.now
    return Told(case.id, case.origin, parent, case.text, case.facts.place, case.location, heard_at)


async def _room_in(ctx: Ctx, case: Case, standing: Told) -> Case | None:
    """The gathered case, as wide as it must be to hold this one. What somebody has in hand is not widened over
    their head."""
    head = await ctx.store.cases.head(standing.id)
    path = [rung.grid.code for rung in await ctx.rungs(case.origin)]
    if head.origin in path:
        return head
    grid = common_grid([path, [g.code for g in await ctx.store.grids.path(head.origin)]])
    if grid is None or head.responder:
        return None
    rung = first_to_answer(await ctx.rungs(grid), ctx.settings.kinds[case.kind])
    return head.widen(grid, head.grid if head.grid in path else rung.grid.code, ctx.now) if rung else None


async def _joined(ctx: Ctx, case: Case, head: Case) -> Found:
    wider = bool(head.news)
    case, head = await join(ctx, case, head, None)
    outs = await answer(ctx, case, head, case.reported_in)
    if wider:
        rung = next((rung for rung in await ctx.rungs(head.origin) if rung.grid.code == head.grid), None)
        outs += await everywhere(ctx, head, hearers(rung, ctx.settings.kinds[head.kind], head.origin))
    return Found(case, outs)


async def _gathered(ctx: Ctx, case: Case, same: Sequence[Told], kind: Kind) -> Found | None:
    """They become one case of the grid they have in common, if anybody answers for it. What somebody has in hand
    stays with them, and with them becomes the whole where they answer for all of it."""
    rungs = await _common_rungs(ctx, case, same)
    answering = {answerer.person for rung in rungs for answerer in rung.answerers}
    kept = [old for old in same if old.taken_by is None or old.taken_by in answering]
    if len(kept) < len(same):
        rungs = await _common_rungs(ctx, case, kept)
    rung = first_to_answer(rungs, kind)
    if rung is None or 1 + sum(old.voices for old in kept) < MANY:
        return None
    return await _make_one(ctx, case, [await ctx.store.cases.head(old.id) for old in kept], kind, rungs, rung)


async def _common_rungs(ctx: Ctx, case: Case, same: Sequence[Told]) -> list[Rung]:
    """The way up from the lowest grid that they have in common."""
    rungs = await ctx.rungs(case.origin)
    grid = shared_grid([rung.grid.code for rung in rungs], same)
    return next(rungs[i:] for i, rung in enumerate(rungs) if rung.grid.code == grid)


async def _make_one(
    ctx: Ctx, case: Case, others: Sequence[Case], kind: Kind, rungs: Sequence[Rung], rung: Rung
) -> Found:
    parts = sorted([*others, case], key=lambda part: part.id)
    taken = next((part for part in parts if part.responder), None)
    due = taken.due_at if taken else min(part.due_at for part in parts if part.due_at)
    grid = taken.grid if taken else rung.grid.code
    made = gather(parts[0], kind, rungs[0].grid.code, grid, due or ctx.now, taken.responder if taken else None, ctx.now)
    head = await ctx.store.cases.add(made)
    for part in parts:
        joined, head = await join(ctx, part, head, None)
        case = joined if part.id == case.id else case
    await ctx.store.sameness.show(head.id, await ctx.store.sameness.seen(head.id), ctx.now)
    chats = await told_first(ctx, head, next((r for r in rungs if r.grid.code == grid), rung))
    # One card for another: where those of its parts stand among the hearers, it takes the place of one of them.
    for part in others:
        await ctx.store.outbox.take_over(card_name(part), card_name(head), [c for c in chats if c != part.reported_in])
    outs = await everywhere(ctx, head, chats)
    outs += await answer(ctx, case, head, case.reported_in)
    for part in others:
        moved = await ctx.store.cases.get(part.id)
        if moved:
            outs += await everywhere(ctx, moved)
            outs += await look_on(ctx, moved, head, {case.reported_in, moved.reported_in})
    return Found(case, outs)


async def _asked(ctx: Ctx, case: Case, same: Told, kind: Kind) -> Found:
    """Its reporter is asked on its own card. Meanwhile those who have the other's card see it there; what may cost a
    life is shown to them by itself."""
    await ctx.store.sameness.offer(case.id, same.id, ctx.now + OFFER_VALID)
    asked = replace(case, offered=Offered(same.id, same.text))
    near = next(
        (hearers(rung, kind, case.origin) for rung in await ctx.rungs(case.origin) if rung.grid.code == case.grid), ()
    )
    elsewhere = [chat for chat in near if chat != case.reported_in]
    if not elsewhere or kind.urgency is Urgency.LIFE or case.facts.danger:
        return Found(asked)
    other = await ctx.store.cases.head(same.id)
    standing = set(await ctx.store.outbox.chats_with(card_name(other))) & set(elsewhere)
    return Found(asked, shown_in=frozenset(standing), also=await place(ctx, other, sorted(standing)))


@button("same")
async def same(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    """Its reporter says so, or somebody who answers for it."""
    case = await ctx.pressed_case(pressed)
    if case.offered is None:
        raise Refused(
            _("这个问题已经过时了。{number} 单独处理。发“查询 {n}”看进展。").format(number=case.number, n=case.id)
        )
    person = await ctx.must_know_of(case)
    return await one_thing(ctx, case, await ctx.store.cases.head(case.offered.id), person.who)


@button("differs")
async def differs(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    case = await ctx.pressed_case(pressed)
    if case.offered is None:
        return []
    other = case.offered.id
    case = await ctx.store.cases.save(case.stand_alone(ctx.someone().who, ctx.now))
    return await _alone(ctx, case, other)


@due("offer")
async def unanswered(lapsed: Due, ctx: Ctx) -> list[Outgoing]:
    """Nobody said that it is the same: from now on it stands alone."""
    case = await ctx.case(str(lapsed.id))
    return await _alone(ctx, replace(case, offered=None), case.offered.id if case.offered else case.id)


async def _alone(ctx: Ctx, case: Case, other: int) -> list[Outgoing]:
    await ctx.store.sameness.withdraw_offer(case.id)
    rung = next((rung for rung in await ctx.rungs(case.origin) if rung.grid.code == case.grid), None)
    chats = await told_first(ctx, case, rung) if case.open else ()
    return [*await everywhere(ctx, case, chats), *await everywhere(ctx, await ctx.store.cases.head(other))]
