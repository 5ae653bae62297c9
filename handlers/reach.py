"""Whom a warning reaches, where that is, and who has authority over all of it."""

from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import timedelta

from domain.language import _
from domain.people import LEADING, Person, Role
from domain.rings import village_in
from handlers.routing import Ctx
from storage.areas import Counted

PLACES_SHOWN = 3
"""Names of grids in a headline; of more, the number."""


@dataclass(frozen=True)
class Reach:
    groups: int
    counted: Counted
    last: timedelta
    """When the last copy leaves, at the pace that the slowest service keeps."""


async def reach(area: Sequence[str], ctx: Ctx) -> Reach:
    told = await ctx.store.areas.groups(area)
    channels = Counter(one.chat.channel for one in told)
    return Reach(len(told), await ctx.store.areas.counted(area), last_copy(channels, ctx))


def last_copy(channels: Counter[str], ctx: Ctx) -> timedelta:
    pace = ctx.settings.per_second
    return timedelta(
        seconds=max((n / pace[channel] for channel, n in channels.items() if pace.get(channel)), default=0)
    )


async def place_name(area: Sequence[str], ctx: Ctx) -> str:
    names = [grid.name for grid in await ctx.store.areas.grids(area)]
    shown = "、".join(names[:PLACES_SHOWN])
    return shown if len(names) <= PLACES_SHOWN else _("{places} 等 {n} 处").format(places=shown, n=len(names))


async def reaches_many_villages(area: Sequence[str], ctx: Ctx) -> bool:
    """A grid above the villages counts as many, whatever is below it today."""
    villages = set()
    for code in area:
        path = await ctx.store.grids.path(await ctx.store.areas.deepest(code))
        village = village_in(path)
        if [grid.code for grid in path].index(code) > village:
            return True
        villages.add(path[village].code)
        if len(villages) > 1:
            return True
    return False


async def commands(person: Person, area: Sequence[str], ctx: Ctx, roles: Container[Role] = LEADING) -> bool:
    """Whether somebody has authority over every grid of it. What sets a village in motion is not left to a deputy."""
    if person.owner:
        return True
    theirs = [a.grid for a in person.appointments if a.role in roles]
    return bool(area) and set(area) <= await ctx.store.areas.codes(theirs)
