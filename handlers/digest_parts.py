"""What a digest tells: each part answers for a whole page of readers at once, so that a county costs no more questions
than a village."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, time, timedelta

from domain.digest import Digest, Told, late_line, new_line
from domain.language import _
from domain.people import PersonId
from domain.schedule import Schedule, State
from domain.sweep import Count, Sweep
from domain.text import one_line
from handlers.duty_board import gap_lines
from handlers.routing import Ctx
from handlers.sweep_card import headline, the_sweep, troubles
from handlers.timetable import local
from storage.digests import Reader

Lines = Mapping[PersonId, Sequence[str]]
Part = Callable[[Digest, Sequence[Reader], datetime, Ctx], Awaitable[Lines]]
"""Given the readers and since when it tells: lines for each who has any."""

EXCERPT = 30
"""Characters of a scheduled notice: enough to know which."""

MOST_SWEEPS = 5
"""Of one reader's in one digest."""

MOST_SCHEDULES = 5
"""Of one reader's in one digest."""


async def reports(digest: Digest, readers: Sequence[Reader], since: datetime, ctx: Ctx) -> Lines:
    """New ones and late ones. Of what waited in the night a reader has the cards since the morning, so the first digest
    tells only of what they have not seen."""
    found = await ctx.store.digests.told([grid for reader in readers for grid in reader.grids], since)
    public = {grid: [one for one in told if _is_public(one, ctx)] for grid, told in found.items()}
    chats = [chat for reader in readers for chat in reader.chats]
    numbers = {one.case for told in public.values() for one in told}
    shown = await ctx.store.digests.shown(chats, numbers) if digest is Digest.MORNING else {}
    lines = {}
    for reader in readers:
        theirs = sorted({one for grid in reader.grids for one in public.get(grid, ())})
        known = {number for chat in reader.chats for number in shown.get(chat, ())}
        new = [one for one in theirs if one.reported_at >= since and one.case not in known]
        lines[reader.person] = [*new_line(digest, new, ctx.settings.kinds), *late_line(theirs)]
    return lines


def _is_public(told: Told, ctx: Ctx) -> bool:
    """A quarrel goes by its own way, and a letter has its own list."""
    kind = ctx.settings.kinds[told.kind]
    return not kind.private and not kind.letter


async def schedules(digest: Digest, readers: Sequence[Reader], _since: datetime, ctx: Ctx) -> Lines:
    """What will be sent by itself: today, or told of in the evening, tomorrow."""
    day = local(ctx).date() + timedelta(days=1 if digest is Digest.MORNING else 2)
    ends = datetime.combine(day, time(), ctx.settings.timezone)
    coming = [s for s in await ctx.store.schedules.open() if s.state is State.ACTIVE and s.due_at and s.due_at < ends]
    if not coming:
        return {}
    areas = [grid for schedule in coming for grid in schedule.area]
    ways = await ctx.store.digests.ways([*areas, *(grid for reader in readers for grid in reader.grids)])
    lines = {}
    for reader in readers:
        theirs = [schedule for schedule in coming if _meets(schedule, reader, ways)]
        lines[reader.person] = [_line(schedule, ctx) for schedule in sorted(theirs, key=_when)[:MOST_SCHEDULES]]
    return lines


async def gaps_in_duty(digest: Digest, readers: Sequence[Reader], _since: datetime, ctx: Ctx) -> Lines:
    """Days of the coming week on which nobody is on duty in a grid of theirs, told while they can still be filled."""
    grids = [grid for reader in readers for grid in reader.grids]
    rotas = await ctx.store.duty.of(grids) if digest is Digest.MORNING else {}
    await ctx.store.grids.look_up(rotas)
    return {one.person: await gap_lines(ctx, one.grids) for one in readers if rotas.keys() & set(one.grids)}


async def sweeps(_digest: Digest, readers: Sequence[Reader], _since: datetime, ctx: Ctx) -> Lines:
    """What is not through yet, with who needs help there and which squads have not begun."""
    counts = await ctx.store.sweep_counts.running_in({grid for reader in readers for grid in reader.grids})
    running = {number: await the_sweep(number, ctx) for number in {count.sweep for count in counts}}
    lines = {}
    for reader in readers:
        theirs = [count for count in counts if count.grid in reader.grids]
        lines[reader.person] = [_sweep_line(running[one.sweep], one) for one in theirs[:MOST_SWEEPS]]
    return lines


def _sweep_line(sweep: Sweep, count: Count) -> str:
    silent = count.squads - count.begun
    more = [_("{n} 个小队没开始").format(n=silent)] if silent else []
    asked = _("问到 {done}/{total} 户").format(done=count.done, total=count.total)
    return _("，").join([f"{headline(sweep, count.name)} {asked}", *troubles(sweep, count, *more)])


def _meets(schedule: Schedule, reader: Reader, ways: Mapping[str, set[str]]) -> bool:
    """Whether it goes to a grid of theirs, or to one above or below it."""
    return any(area in ways[grid] or grid in ways[area] for area in schedule.area for grid in reader.grids)


def _when(schedule: Schedule) -> datetime:
    assert schedule.due_at  # noqa: S101
    return schedule.due_at


def _line(schedule: Schedule, ctx: Ctx) -> str:
    return _("{when} 自动发通知：“{text}”").format(
        when=ctx.clock(_when(schedule)), text=one_line(schedule.text, EXCERPT)
    )


PARTS: Sequence[Part] = (reports, sweeps, gaps_in_duty, schedules)
"""In the order in which they are read."""
