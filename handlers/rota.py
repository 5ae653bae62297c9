"""排班: the turns of a grid as its leader says them, and those told who are in them."""

from collections.abc import Iterable

from domain.chat import Outgoing, Send
from domain.duty import MODE, Rota, Turns, first_day
from domain.duty_words import HOLIDAYS, OFF, Days, leading_days, leading_list, listed_names
from domain.grid import Grid
from domain.language import N_, _
from domain.people import PersonId, Who
from domain.refused import Refused
from handlers.duty_board import day_name, turn_name
from handlers.handover import relieve
from handlers.mode_wording import mode_title
from handlers.routing import Ctx
from handlers.timetable import local

_SET = {
    Turns.WEEK: N_("排好了：每周换一个人，周一交班。"),
    Turns.DAY: N_("排好了：每天换一个人。"),
    Turns.CASE: N_("排好了：来一件事，轮到下一个人。"),
}


async def arrange(grid: Grid, order: str, ctx: Ctx) -> tuple[str, list[Outgoing]]:
    """What was done, and what those hear whom it concerns."""
    before = await _rota(grid, ctx)
    done = await _carry_out(grid, before, order, ctx)
    rota = await _rota(grid, ctx)
    if rota is None:
        return done, await _told(before.people if before else (), _("{grid} 的值班表取消了。"), grid, ctx)
    await ctx.store.duty.next_change(rota.id, ctx.settings.shift.next(ctx.now))
    new = rota.people - (before.people if before else frozenset())
    told = await _told(new, _("您排进了 {grid} 的值班表。发“值班 {grid}”看哪天轮到您。"), grid, ctx)
    return done, [*told, *await relieve(grid, ctx)]


async def _rota(grid: Grid, ctx: Ctx) -> Rota | None:
    return (await ctx.store.duty.of([grid.code])).get(grid.code)


async def _carry_out(grid: Grid, rota: Rota | None, order: str, ctx: Ctx) -> str:
    if order in OFF:
        return await _cancelled(rota, ctx)
    if listed := leading_list(order, ctx.settings.modes):
        named, people = listed
        if isinstance(named, Turns):
            return await _turns(grid, rota, named, people, ctx)
        if named == HOLIDAYS:
            return await _holidays(grid, rota, people, ctx)
        return await _mode(grid, rota, named, people, ctx)
    if days := leading_days(order, local(ctx)):
        return await _days(grid, rota, days, ctx)
    raise Refused(_("没看懂怎么排。请写成：值班 每周 张三 李四，或 值班 7月25日 王五"))


async def _cancelled(rota: Rota | None, ctx: Ctx) -> str:
    if rota is None:
        raise Refused(_("这里没有值班表，不用取消。"))
    await ctx.store.duty.end(rota.id)
    return _("值班表取消了。新的事会像以前一样，叫这里所有的队长和副手。")


async def _turns(grid: Grid, rota: Rota | None, turns: Turns, people: list[str], ctx: Ctx) -> str:
    """One grid has one rota: a new one takes the place of the old, and says so."""
    if not people:
        raise Refused(_("请写上名字，按轮到的先后，例如：值班 每周 张三 李四"))
    usual = [who.id for who in await _known(grid, people, ctx)]
    await ctx.store.duty.begin(grid.code, turns, usual, first_day(turns, ctx.settings.shift.day(ctx.now)))
    return _(_SET[turns]) + (_("原来的值班表换掉了。") if rota else "")


async def _holidays(grid: Grid, rota: Rota | None, people: list[str], ctx: Ctx) -> str:
    if rota is None:
        raise Refused(_("请先排平时的班，例如：值班 每周 张三 李四"))
    if not people or people[0] in OFF:
        await ctx.store.duty.set_list(rota.id, HOLIDAYS, [])
        return _("节假日不另排了，和平时一样轮。")
    await ctx.store.duty.set_list(rota.id, HOLIDAYS, [who.id for who in await _known(grid, people, ctx)])
    return _("排好了：国家放假的日子，每天换一个人。")


async def _mode(grid: Grid, rota: Rota | None, name: str, people: list[str], ctx: Ctx) -> str:
    title = mode_title(name.removeprefix(MODE), ctx)
    if rota is None:
        raise Refused(_("请先排平时的班，例如：值班 每周 张三 李四"))
    if not people:
        raise Refused(_("请写上名字，按轮到的先后，例如：值班 {mode} 张三 李四").format(mode=title))
    if people[0] in OFF:
        await ctx.store.duty.set_list(rota.id, name, [])
        return _("{mode}模式不另排了，和平时一样轮。").format(mode=title)
    await ctx.store.duty.set_list(rota.id, name, [who.id for who in await _known(grid, people, ctx)])
    return _("排好了：{mode}模式的时候，每天换一个人。").format(mode=title)


async def _days(grid: Grid, rota: Rota | None, days: Days, ctx: Ctx) -> str:
    today = ctx.settings.shift.day(ctx.now)
    if days.first < today:
        raise Refused(_("{day} 已经过去了，请写以后的日子。").format(day=day_name(days.first)))
    people = await _known(grid, listed_names(days.rest), ctx)
    if len(people) != 1:
        raise Refused(_("请在日期后面写一个人的名字，例如：值班 7月25日 王五"))
    if rota is None:
        await ctx.store.duty.begin(grid.code, Turns.DAY, [], today)
    made = (await ctx.store.duty.of([grid.code]))[grid.code]
    await ctx.store.duty.give(made.id, [(day, people[0].id) for day in days.all])
    return _("排好了：{when} {who}").format(when=turn_name(days.turn(people[0])), who=people[0].name)


async def _known(grid: Grid, people: Iterable[str], ctx: Ctx) -> list[Who]:
    """Those of the grid's leaders and deputies who bear these names."""
    staff = await ctx.store.duty.staff(grid.code)
    found = []
    for name in people:
        named = [who for who in staff if who.name == name]
        if not named:
            known = "、".join(dict.fromkeys(who.name for who in staff)) or _("还没有人")
            raise Refused(
                _("{name} 不是 {grid} 的队长、副手或干部，排不进去。能排的有：{known}").format(
                    name=name, grid=grid.name, known=known
                )
            )
        if len(named) > 1:
            raise Refused(_("叫 {name} 的有 {n} 位，分不清。请把名字改得不一样再排。").format(name=name, n=len(named)))
        found += named
    return found


async def _told(people: Iterable[PersonId], text: str, grid: Grid, ctx: Ctx) -> list[Outgoing]:
    """Those concerned hear of it, but whoever does it."""
    others = sorted(person for person in people if ctx.sender is None or person != ctx.sender.id)
    text = text.format(grid=grid.name)
    return [Send(chat, text, brief=text) for person in others for chat in await ctx.store.people.private_chats(person)]
