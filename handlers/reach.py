"""Where a warning goes: how people name it, whom it reaches, and who has authority over all of it."""

import re
from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from domain.broadcast import Broadcast
from domain.chat import ChatId
from domain.grid import Grid
from domain.language import _
from domain.people import ANSWERING, LEADING, Answerer, Person, Role, Who
from domain.refused import Refused
from domain.rings import village_in
from domain.stages import Sort
from domain.text import one_line
from handlers.routing import Ctx
from storage.areas import Counted, Told

PLACES_SHOWN = 3
"""Names of grids in a headline; of more, the number."""

MOST_GRIDS = 5_000
"""In one area: whoever means more names a grid above them."""

LONGEST_PLACES = 400
"""Characters in which somebody names them."""

_BETWEEN = re.compile(r"[\s、,，;；]+")


@dataclass(frozen=True)
class Reach:
    """`groups` counts a grid once, on however many services it has a group. Besides, `by_hand` squads have it passed
    on to them; in those `by_nobody` there is nobody to do that."""

    groups: int
    by_hand: int
    by_nobody: tuple[str, ...]
    counted: Counted
    last: timedelta
    """When the last copy leaves, at the pace that the slowest service keeps."""


# -- whom it reaches -------------------------------------------------------------------------------------------------


async def reach(broadcast: Broadcast, ctx: Ctx) -> Reach:
    told = await audience(broadcast, ctx)
    grids, channels = {one.grid for one in told}, Counter(one.chat.channel for one in told)
    by_hand = await passers(broadcast, ctx)
    by_nobody = tuple(name for name, chats in by_hand.values() if not chats)
    counted = await ctx.store.areas.counted(broadcast.area)
    return Reach(len(grids), len(by_hand) - len(by_nobody), by_nobody, counted, last_copy(channels, ctx))


async def audience(broadcast: Broadcast, ctx: Ctx) -> list[Told]:
    """The groups it is for; where there are none, and nobody passes it on, nobody needs to write it."""
    drill = broadcast.sort is Sort.DRILL
    told = await (rehearsing(broadcast.area, ctx) if drill else ctx.store.areas.groups(broadcast.area))
    if told or any(chats for _name, chats in (await passers(broadcast, ctx)).values()):
        return told
    if drill:
        raise Refused(_("那里没有参加演练的群。请管理员在配置的 [drill] grids 里写上要演练的网格。"))
    raise Refused(_("那里还没有群，送不到任何人。请先在群里发“绑定 网格编号”，或换个地方。"))


async def passers(broadcast: Broadcast, ctx: Ctx) -> dict[str, tuple[str, list[ChatId]]]:
    """The squads whose residents talk where no bot may be: their names, and their leaders' private chats, or the
    deputies' where no leader has one. What is rehearsed leaves the bot's hands for no group."""
    if broadcast.sort is Sort.DRILL:
        return {}
    outside = await ctx.store.passings.outside(broadcast.area)
    await ctx.store.grids.look_up(outside)
    return {code: (name, await who_passes_on(code, ctx)) for code, name in outside.items()}


async def who_passes_on(squad: str, ctx: Ctx) -> list[ChatId]:
    answerers = (await ctx.rungs(squad))[0].answerers
    chats = ([a.chat for a in answerers if a.role is role and a.chat] for role in (Role.LEADER, Role.DEPUTY))
    return list(dict.fromkeys(next((found for found in chats if found), [])))


async def rehearsing(area: Sequence[str], ctx: Ctx) -> list[Told]:
    """Of the groups there, those that take part in drills."""
    partners = await ctx.store.areas.codes(sorted(ctx.settings.drill_grids))
    groups = await ctx.store.areas.groups(area)
    return [one for one in groups if one.grid in partners and not one.hears_only]


def last_copy(channels: Counter[str], ctx: Ctx) -> timedelta:
    pace = ctx.settings.per_second
    return timedelta(
        seconds=max((n / pace[channel] for channel, n in channels.items() if pace.get(channel)), default=0)
    )


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


# -- how people name it ----------------------------------------------------------------------------------------------


async def place_name(area: Sequence[str], ctx: Ctx) -> str:
    names = [grid.name for grid in await ctx.store.areas.grids(area)]
    shown = "、".join(names[:PLACES_SHOWN])
    return shown if len(names) <= PLACES_SHOWN else _("{places} 等 {n} 处").format(places=shown, n=len(names))


async def to_type(area: Sequence[str], ctx: Ctx) -> str:
    """What whoever sends it types to show that they know where it goes: the names, or how many where they are many."""
    return await place_name(area, ctx) if len(area) <= PLACES_SHOWN else _("{n} 处").format(n=len(area))


def same_place(typed: str, meant: str) -> bool:
    return bool(typed.strip()) and _BETWEEN.sub("", typed) == _BETWEEN.sub("", meant)


async def named_area(words: str, person: Person, ctx: Ctx) -> tuple[str, ...]:
    """The grids of the speaker's own that these words name, each by its code, name, level or tag; none where one of
    the words names nothing."""
    found: dict[str, Grid] = {}
    own = await tops(person, ctx)
    for word in filter(None, _BETWEEN.split(one_line(words, LONGEST_PLACES))):
        named = await _named(word, own, ctx)
        if not named:
            return ()
        found |= {grid.code: grid for grid in named}
    if len(found) > MOST_GRIDS:
        raise Refused(_("地方太多了（{n} 处），请写它们共同的上级网格。").format(n=len(found)))
    area = tuple(sorted(found.keys() - await ctx.store.areas.nested(list(found))))
    await must_command(person, area, ctx)
    return area


async def _named(word: str, own: Sequence[str], ctx: Ctx) -> list[Grid]:
    found = await ctx.store.grids.find(word)
    if len(found) > 1:
        mine = await ctx.store.areas.codes(own)
        found = [grid for grid in found if grid.code in mine] or found
    if len(found) > 1:
        codes = "、".join(grid.code for grid in found[:5])
        raise Refused(_("叫 {name} 的网格有几个，请写编号：{codes}").format(name=word, codes=codes))
    return found or await ctx.store.areas.of_level(word, own) or await ctx.store.areas.tagged(word, own)


# -- who has authority over it ---------------------------------------------------------------------------------------


async def tops(person: Person, ctx: Ctx) -> list[str]:
    """The grids that somebody has in their charge; the owner has them all."""
    if person.owner:
        return [root.code for root in await ctx.store.grids.roots()]
    return list(dict.fromkeys(a.grid for a in person.appointments if a.role in LEADING))


async def highest(ctx: Ctx) -> Grid:
    """The highest grid that the speaker answers for; the owner's is the whole village."""
    person = ctx.someone()
    paths = [await ctx.store.grids.path(a.grid) for a in person.appointments if a.role in ANSWERING]
    found = [path[0] for path in sorted(paths, key=len) if path]
    if not found and person.owner:
        found = await ctx.store.grids.roots()
    if not found:
        raise Refused(_("这个只给管网格的人看。您上报的事发“查询”看进展。"))
    return found[0]


async def commands(person: Person, area: Sequence[str], ctx: Ctx, roles: Container[Role] = LEADING) -> bool:
    """Whether somebody has authority over every grid of it. What sets a village in motion is not left to a deputy."""
    if person.owner:
        return True
    theirs = [a.grid for a in person.appointments if a.role in roles]
    return bool(area) and set(area) <= await ctx.store.areas.codes(theirs)


async def must_command(person: Person, area: Sequence[str], ctx: Ctx) -> None:
    if not await commands(person, area, ctx):
        raise Refused(_("那里不归您管。请写您管的网格，或请管那一片的队长、网格长、干部来发。"))


async def still_commands(who: Who, area: Sequence[str], ctx: Ctx) -> bool:
    """The same of somebody who does not speak now and may have been demoted since they did."""
    person = await ctx.store.people.get(who.id)
    if person is None:
        return False
    owner = not ctx.settings.owners.isdisjoint(await ctx.store.people.accounts(who.id))
    return await commands(replace(person, owner=owner), area, ctx)


async def in_command(area: Sequence[str], ctx: Ctx) -> list[Answerer]:
    """Who has authority over all of it and can be asked in private, the nearest first."""
    top = await ctx.store.areas.shared(area)
    rungs = await ctx.rungs(top) if top else []
    return [a for rung in rungs for a in rung.answerers if a.role in LEADING and a.chat]


async def others_in_command(area: Sequence[str], author: int, ctx: Ctx) -> list[Answerer]:
    """The same, without whoever wrote what is to be let out."""
    return [a for a in await in_command(area, ctx) if a.person != author]
