"""摸排汇总: each grid sees in one card how far those below it have come, who is behind, and how much time is left."""

from collections.abc import Sequence
from dataclasses import replace

from domain.chat import Button, ChatId, Due, Outgoing, Promise, Rows, Send
from domain.language import _
from domain.people import LEADING
from domain.receipts import breath
from domain.sweep import Count, State, Step, Sweep
from handlers.checklist import checklist
from handlers.own_door import ask_card, asked_in_group
from handlers.routing import Ctx, due
from handlers.sweep_card import headline, passing, the_sweep, time_left, top_card, troubles, wakes, worded
from handlers.sweep_sheet import sheet_row

BEHIND_SHOWN = 12
"""Of those that are behind, the worst first: a leader sees on one screen whom to call."""

COPIES = 2
"""Of such a card: the group of a grid reads it, and whoever leads the grid. The leaders who ask at the doors need the
rest of what a bot may say."""

TAKEN_SHOWN = 6
"""Squads without a leader, to take over by a tap."""


@due("sweep_count")
async def changed(lapsed: Due, ctx: Ctx) -> list[Outgoing]:
    count = await ctx.store.sweep_counts.get(lapsed.id)
    if count is None:
        return []
    sweep = await the_sweep(count.sweep, ctx)
    await ctx.store.sweep_counts.shown(count, ctx.now + breath(COPIES * count.alike))
    outs = await _of_squad(sweep, count, ctx) if count.asks else []
    above = count.squads > int(count.asks) or (count.parent is None and count.total)
    return [*outs, *(await _of_grid(sweep, count, ctx) if above else [])]


async def _of_squad(sweep: Sweep, count: Count, ctx: Ctx) -> list[Outgoing]:
    """A neighbour answered for their own door, or the time changed."""
    groups = (await ctx.rungs(count.grid))[0].groups
    standing = [chat for chat in groups if await ctx.store.outbox.cards_in(chat, [ask_card(sweep)])]
    outs = [*await checklist(sweep, count, ctx), *asked_in_group(sweep, count, standing, ctx)]
    return [replace(out, passing=passing(sweep, count)) if isinstance(out, Send) else out for out in outs]


async def _of_grid(sweep: Sweep, count: Count, ctx: Ctx) -> list[Outgoing]:
    children = await ctx.store.sweep_counts.children(count)
    text = worded(sweep, await roll_up_text(sweep, count, children, ctx))
    hearers, top = await _hearers(sweep, count, children, ctx), count.parent is None
    more = _take_buttons(children) if sweep.running else sheet_row(count)
    return [
        Send(
            chat,
            text,
            (*(top_buttons(sweep) if top else ()), *more) if private else (),
            Promise.CARD,
            _card(sweep, count),
            wakes=wakes(sweep),
            passing=passing(sweep, count),
        )
        for chat, private in hearers.items()
    ]


async def _hearers(sweep: Sweep, count: Count, children: Sequence[Count], ctx: Ctx) -> dict[ChatId, bool]:
    """The grid's groups, and in private those who lead it; where a squad of it has nobody, the nearest above. At the
    top whoever began it and holds it too. Whether each is private."""
    rungs = await ctx.rungs(count.grid)
    upward = rungs if any(one.vacant for one in children) else rungs[:1]
    leading = ([a.chat for a in rung.answerers if a.role in LEADING and a.chat] for rung in upward)
    chats = dict.fromkeys(rungs[0].groups, False) | dict.fromkeys(next(filter(None, leading), []), True)
    if count.parent is None:
        for who in {sweep.author.id, sweep.holder.id}:
            chats |= dict.fromkeys(await ctx.store.people.private_chats(who), True)
    # Where a card stands, it goes on telling the truth.
    standing = await ctx.store.outbox.chats_with(_card(sweep, count))
    return dict.fromkeys(standing, False) | chats


def _card(sweep: Sweep, count: Count) -> str:
    return top_card(sweep) if count.parent is None else f"{top_card(sweep)}:{count.grid}"


# -- what it says ----------------------------------------------------------------------------------------------------


async def roll_up_text(sweep: Sweep, count: Count, children: Sequence[Count], ctx: Ctx) -> str:
    silent = count.squads - count.begun
    more = [_("{n} 个小队没开始").format(n=silent)] if silent and sweep.running else []
    lines = [
        headline(sweep, count.name),
        _("问到 {done}/{total} 户，{time}").format(done=count.done, total=count.total, time=time_left(sweep, ctx)),
        *troubles(sweep, count, *more),
        *_behind(children),
        *(_vacant(children) if sweep.running else ()),
    ]
    if sweep.state is State.OPEN and sweep.step is Step.OPENING:
        lines.append(_("清单还在发给各队。"))
    if count.parent is None and sweep.holder != sweep.author:
        lines.append(_("现在由 {who} 管").format(who=sweep.holder.name))
    return "\n".join(lines)


def _behind(children: Sequence[Count]) -> list[str]:
    """The worst first: those that have not begun, then by what is left."""
    late = sorted((one for one in children if one.late), key=lambda one: (one.done / one.total, one.name))
    if not children:
        return []
    if not late:
        return [_("每户都问到了。")]
    lines = [_("还差：")] + [_line(one) for one in late[:BEHIND_SHOWN]]
    return lines + ([_("还有 {n} 个").format(n=len(late) - BEHIND_SHOWN)] if len(late) > BEHIND_SHOWN else [])


def _line(count: Count) -> str:
    state = _(" 没开始") if not count.begun else ""
    return f"{count.name} {count.done}/{count.total}{state}"


def _vacant(children: Sequence[Count]) -> list[str]:
    names = "、".join(one.name for one in children if one.vacant and one.late)
    return [_("没有队长能收到清单：{names}。请点“代问”，或派人去。").format(names=names)] if names else []


def _take_buttons(children: Sequence[Count]) -> Rows:
    vacant = [one for one in children if one.vacant and one.late][:TAKEN_SHOWN]
    taps = [Button(_("{name} 代问").format(name=one.name), f"sweep_take:{one.id}") for one in vacant]
    return tuple(tuple(taps[n : n + 2]) for n in range(0, len(taps), 2))


def top_buttons(sweep: Sweep) -> Rows:
    """What whoever leads it can do now; each press is checked again."""
    n = sweep.id
    if sweep.state is State.CLOSED:
        return ((Button(_("再摸一遍"), f"sweep_again:{n}"),),)
    if not sweep.running:
        return ()
    paused = sweep.state is State.PAUSED
    pause = Button(_("继续"), f"sweep_resume:{n}") if paused else Button(_("暂停"), f"sweep_pause:{n}")
    return (
        (Button(_("延长"), f"sweep_extend:{n}"), pause),
        (Button(_("交给别人"), f"sweep_give:{n}"), Button(_("结束"), f"sweep_end:{n}")),
    )
