"""What a sweep does by itself: it hands out the checklists, nudges whoever has not begun, and ends in time."""

from collections.abc import Sequence
from dataclasses import replace

from domain.chat import ChatId, Due, Outgoing, Promise, Send
from domain.checklist import in_order, next_open
from domain.language import _
from domain.people import LEADING, Rung
from domain.sweep import Count, Entry, State, Step, Sweep, Tally
from handlers.checklist import checklist, opened
from handlers.own_door import asked_in_group
from handlers.routing import Ctx, due
from handlers.sweep_card import grid_name, headline, the_sweep, top_card, wakes, worded
from handlers.sweep_end import finish
from handlers.turns import present

AT_ONCE = 100
"""Squads that are looked after in one transaction: a quarter of a second, and nobody who writes waits longer. Their
messages leave at the service's own pace."""

NAMED = 30
"""Squads in one message to the grid above them."""


@due("sweep")
async def lapsed(lapsed: Due, ctx: Ctx) -> list[Outgoing]:
    sweep = await the_sweep(lapsed.id, ctx)
    if sweep.state is State.DRAFT:
        return await _out_of_date(sweep, ctx)
    if sweep.step is Step.CLOSING:
        return await finish(sweep, None, ctx)
    step = {Step.OPENING: _open, Step.ABOVE: _tell_above}.get(sweep.step, _nudge)
    done_to, outs = await step(sweep, ctx)
    sweep = await ctx.store.sweeps.save(sweep.went_to(done_to, ctx.now))
    if done_to is None:
        # The time left is told anew to all who look on.
        await ctx.store.sweep_counts.show_all(sweep.id, ctx.now, squads=False)
    return outs


async def _out_of_date(sweep: Sweep, ctx: Ctx) -> list[Outgoing]:
    sweep = await ctx.store.sweeps.save(sweep.drop())
    text = worded(sweep, _("{number}摸排没有人点“开始”，不做了。要做请重新发。").format(number=sweep.number))
    chats = await ctx.store.outbox.chats_with(top_card(sweep))
    return [Send(chat, text, promise=Promise.CARD, card=top_card(sweep)) for chat in chats]


def _went(page: Sequence[Count]) -> str | None:
    """As far as this page goes; None where it is the last."""
    return page[-1].grid if len(page) == AT_ONCE else None


# -- it begins -------------------------------------------------------------------------------------------------------


async def _open(sweep: Sweep, ctx: Ctx) -> tuple[str | None, list[Outgoing]]:
    page = await ctx.store.sweep_counts.page(sweep.id, sweep.done_to, AT_ONCE, silent=False)
    grids = [count.grid for count in page]
    await _take_in(sweep, page, grids, ctx)
    await ctx.store.grids.look_up(grids)
    asked = await ctx.store.sweep_doors.asked_in(sweep.id, grids)
    outs: list[Outgoing] = []
    vacant: list[Count] = []
    for count in page:
        to_ask = in_order(asked[count.grid])
        chats = await _leaders(count, ctx)
        if next_open(to_ask, sweep.survey, None) is None:
            continue
        if not chats:
            vacant.append(count)
        outs += await _hand_out(sweep, count, to_ask, chats, ctx)
    if vacant:
        await ctx.store.sweep_counts.leave_vacant(vacant)
    return _went(page), outs


async def _take_in(sweep: Sweep, page: Sequence[Count], grids: Sequence[str], ctx: Ctx) -> None:
    taken = await ctx.store.sweep_doors.take_in(sweep.id, grids, sweep.repeats, sweep.survey)
    for count in page:
        squad = taken[count.grid]
        if count.squads == 1 and squad.doors != count.total:
            await ctx.store.sweep_counts.grow(count, squad.doors - count.total)
        if squad.carried:
            whole = squad.carried == squad.doors
            await ctx.store.sweep_counts.add(count, Tally(done=squad.carried), ctx.now, begins=whole, aloud=False)


async def _leaders(count: Count, ctx: Ctx) -> list[ChatId]:
    """Where the checklist goes: to the leader, else to whoever is on duty, else to the deputies, none of whom is on
    leave; where the village wants it, into the group."""
    rung = await _here((await ctx.rungs(count.grid))[0], ctx)
    if ctx.settings.checklists_in_groups and rung.groups:
        return list(rung.groups)
    leading = [a.chat for a in rung.answerers if a.role in LEADING and a.chat]
    on_duty = [a.chat for a in rung.called if a in rung.answerers and a.chat]
    return list(dict.fromkeys(leading or on_duty or rung.private_chats))


async def _here(rung: Rung, ctx: Ctx) -> Rung:
    return await present(rung, ctx.store, ctx.settings.shift.day(ctx.now))


async def _hand_out(
    sweep: Sweep, count: Count, entries: Sequence[Entry], chats: Sequence[ChatId], ctx: Ctx
) -> list[Outgoing]:
    """At the door that comes first; the neighbours are asked too."""
    first = next_open(entries, sweep.survey, None)
    await ctx.store.sweep_counts.look(count, first.household if first else None)
    count = replace(count, looks_at=first.household if first else None)
    groups = (await ctx.rungs(count.grid))[0].groups
    return [
        *await checklist(sweep, count, ctx, chats, entries=entries),
        *asked_in_group(sweep, count, groups, ctx),
    ]


# -- who has not begun -----------------------------------------------------------------------------------------------


async def _nudge(sweep: Sweep, ctx: Ctx) -> tuple[str | None, list[Outgoing]]:
    """The list stands at the end of the talk again: with the leader, then with the deputies too."""
    page = await ctx.store.sweep_counts.page(sweep.id, sweep.done_to, AT_ONCE, silent=True)
    await ctx.store.grids.look_up([count.grid for count in page])
    outs: list[Outgoing] = []
    for count in page:
        chats = await _leaders(count, ctx)
        if chats and count.vacant:
            await ctx.store.sweep_counts.leave_vacant([count], False)
        if sweep.step is Step.DEPUTIES:
            chats += (await _here((await ctx.rungs(count.grid))[0], ctx)).private_chats
        outs += await opened(sweep, count, ctx, chats, _("{grid}还没有开始，请一户一户问：").format(grid=count.name))
    return _went(page), outs


async def _tell_above(sweep: Sweep, ctx: Ctx) -> tuple[str | None, list[Outgoing]]:
    """Whoever leads the grid above gets the names and the phones, in private."""
    page = await ctx.store.sweep_counts.above_silent(sweep.id, sweep.done_to, AT_ONCE)
    outs: list[Outgoing] = []
    for grid in page:
        silent = await ctx.store.sweep_counts.silent_in(sweep.id, grid)
        await ctx.store.grids.look_up([grid, *(one.grid for one in silent)])
        lines = [_("这些小队还没有开始，请打电话或派人去："), *await _named(silent, ctx)]
        text = worded(sweep, "\n".join([headline(sweep, await grid_name(grid, ctx)), *lines]))
        outs += [
            Send(chat, text, promise=Promise.DIGEST, wakes=wakes(sweep)) for chat in await _above(silent, grid, ctx)
        ]
    return (page[-1] if len(page) == AT_ONCE else None), outs


async def _above(silent: Sequence[Count], grid: str, ctx: Ctx) -> list[ChatId]:
    """The nearest who can be told, who is not the squad itself; else the owners."""
    squads = {one.grid for one in silent}
    rungs = [await _here(rung, ctx) for rung in await ctx.rungs(grid) if rung.grid.code not in squads]
    leading = ([a.chat for a in rung.answerers if a.role in LEADING and a.chat] for rung in rungs)
    return list(dict.fromkeys(next(filter(None, leading), []) or await ctx.owner_chats()))


async def _named(silent: Sequence[Count], ctx: Ctx) -> list[str]:
    """十四队 0/10 户：周队长 13900000000."""
    leaders = [(one, (await ctx.rungs(one.grid))[0].answerers) for one in silent[:NAMED]]
    phones = await ctx.store.sweeps.phones({a.person for _one, answerers in leaders for a in answerers})
    lines = []
    for one, answerers in leaders:
        people = {a.person: f"{a.name} {phones.get(a.person, '')}".rstrip() for a in answerers}
        who = "、".join(people.values()) or _("没有队长")
        lines.append(
            _("{squad} {done}/{total} 户：{who}").format(squad=one.name, done=one.done, total=one.total, who=who)
        )
    if len(silent) > NAMED:
        lines.append(_("还有 {n} 个").format(n=len(silent) - NAMED))
    return lines
