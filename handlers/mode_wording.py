"""What is said of a work mode: on the card on top of each group, and to whoever changed it."""

from domain.chat import Button, Rows
from domain.duration import spoken
from domain.language import _
from domain.mode import PLACE, Change, Mode
from domain.text import one_line
from handlers.routing import Ctx

NOT_NAMED_SHOWN = 10
"""Groups by name that are not called as they should be; whoever has more looks for one cause."""

OTHERS_SHOWN = 5
"""Grids below that have a mode of their own, by name."""

TITLE_CHARS = 40


def answer_card(change: Change) -> str:
    return f"moded:{change.id}"


def mode_title(name: str, ctx: Ctx) -> str:
    """One that left the config goes by the name it was kept under."""
    mode = ctx.settings.modes.get(name)
    return mode.title if mode else name


def daily() -> str:
    return _("日常")


def card_text(change: Change, mode: Mode, ctx: Ctx) -> str:
    first = _("【{mode}模式】{when} 起，{who} 发起").format(
        mode=mode.title, when=ctx.clock(change.since), who=change.by.name
    )
    return "\n".join(filter(None, [first, mode.card, *_differences(mode, ctx)]))


def over_text(change: Change, holds: Change | None, ctx: Ctx) -> str:
    when = ctx.clock(change.ended_at or ctx.now)
    if holds is None:
        return _("【{mode}模式】{when} 结束了，恢复日常。").format(mode=mode_title(change.mode, ctx), when=when)
    text = _("【{mode}模式】{when} 结束了，现在是{new}模式。")
    return text.format(mode=mode_title(change.mode, ctx), when=when, new=mode_title(holds.mode, ctx))


def _differences(mode: Mode, ctx: Ctx) -> list[str]:
    """What is handled otherwise than every day."""
    promised = [
        _("{kind} {time}内接单").format(kind=ctx.settings.kinds[kind].name, time=spoken(timers.acknowledge))
        for kind, timers in mode.kinds.items()
        if timers.acknowledge
    ]
    night = [_("夜里也照常通知")] if not mode.quiet and ctx.settings.quiet else []
    return ["，".join([*promised, *night])] if promised or night else []


async def answer_text(change: Change, ctx: Ctx) -> str:
    grid = await ctx.store.grids.get(change.grid)
    place, n = grid.name if grid else change.grid, await ctx.store.modes.count_groups(change.grid)
    lines = await _begun(change, place, n, ctx) if change.runs else await _over(change, place, n, ctx)
    return "\n".join([*lines, *await _own_modes(change, ctx), *await _not_named(change, ctx), *_way_back(change)])


async def _begun(change: Change, place: str, n: int, ctx: Ctx) -> list[str]:
    mode = ctx.settings.modes.get(change.mode)
    lines = [
        _("{place} 从现在起是{mode}模式，下面 {n} 个群跟着变：").format(
            place=place, mode=mode_title(change.mode, ctx), n=n
        )
    ]
    if mode is None:
        return lines
    changes = [_("置顶{mode}卡片").format(mode=mode.title)]
    if mode.pattern != PLACE:
        changes.insert(0, _("群名改成“{name}”").format(name=mode.pattern.replace(PLACE, _("原名"))))
    if mode.menu:
        changes.append(_("换上{mode}的菜单").format(mode=mode.title))
    return [*lines, "，".join(changes), *_differences(mode, ctx)]


async def _over(change: Change, place: str, n: int, ctx: Ctx) -> list[str]:
    above = await ctx.mode(change.grid)
    if above:
        text = _("{place} 的{mode}模式结束了，跟着上级是{above}模式，{n} 个群。")
        return [text.format(place=place, mode=mode_title(change.mode, ctx), above=above.title, n=n)]
    text = _("{place} 恢复日常，{n} 个群的名字、菜单和时限都换回原样。")
    return [text.format(place=place, n=n)]


async def _own_modes(change: Change, ctx: Ctx) -> list[str]:
    """Grids below with a mode of their own, which keep it."""
    own = []
    for code, other in (await ctx.store.modes.running()).items():
        rungs = await ctx.rungs(code)
        if code != change.grid and any(rung.grid.code == change.grid for rung in rungs):
            own.append(f"{rungs[0].grid.name}（{mode_title(other.mode, ctx)}）")
    if not own:
        return []
    shown = "、".join(own[:OTHERS_SHOWN]) + (_(" 等 {n} 个").format(n=len(own)) if len(own) > OTHERS_SHOWN else "")
    return [_("自己有模式、不跟着变的：{grids}").format(grids=shown)]


async def _not_named(change: Change, ctx: Ctx) -> list[str]:
    found = await ctx.store.modes.not_named(change.id, NOT_NAMED_SHOWN + 1)
    if not found:
        return []
    shown = [_("“{title}”：{why}").format(title=one_line(t, TITLE_CHARS), why=why) for t, why in found]
    more = [_("……还有别的群")] if len(found) > NOT_NAMED_SHOWN else []
    again = [_("改好权限以后，再说一次“模式 {mode}”就补上。").format(mode=mode_title(change.mode, ctx))]
    return [_("没改成名字的群，别的都照常："), *shown[:NOT_NAMED_SHOWN], *more, *(again if change.runs else [])]


def _way_back(change: Change) -> list[str]:
    return [_("事情过去了，请说：模式 {daily}").format(daily=daily())] if change.runs else []


def answer_rows(change: Change) -> Rows:
    return ((Button(_("恢复日常"), f"mode_end:{change.id}"),),) if change.runs else ()
