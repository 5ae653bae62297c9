"""A sweep is over: everybody's card says so, and whoever led it gets a report of what was found."""

from collections.abc import Sequence

from domain.chat import Outgoing, Send
from domain.duration import spoken
from domain.language import _
from domain.people import LEADING, PersonId
from domain.sweep import Count, Sweep
from handlers.routing import Ctx
from handlers.sweep_card import headline, titled, wakes, worded
from handlers.sweep_chart import pictures
from handlers.sweep_sheet import sheet_row

LATE_SHOWN = 30
"""Squads that did not get through, by name."""


async def finish(sweep: Sweep, by: PersonId | None, ctx: Ctx) -> list[Outgoing]:
    """By time, where nobody ended it."""
    sweep = await ctx.store.sweeps.save(sweep.close(ctx.now))
    await ctx.store.sweeps.log(sweep.id, "closed", by, ctx.now)
    await ctx.store.sweep_counts.show_all(sweep.id, ctx.now, squads=True)
    top = await ctx.store.sweep_counts.top(sweep.id)
    if top is None:
        return []
    text = worded(sweep, await _report(sweep, top, ctx))
    chats = [a.chat for a in (await ctx.rungs(sweep.grid))[0].answerers if a.role in LEADING and a.chat]
    for who in (sweep.author.id, sweep.holder.id):
        chats += await ctx.store.people.private_chats(who)
    first, *others = await pictures(sweep, top, ctx)
    said = [Send(chat, text, sheet_row(top), attachment=first, wakes=wakes(sweep)) for chat in dict.fromkeys(chats)]
    more = [Send(one.to, titled(sweep, top.name), attachment=page, wakes=one.wakes) for one in said for page in others]
    return [*said, *more]


async def _report(sweep: Sweep, top: Count, ctx: Ctx) -> str:
    took = spoken((sweep.ended_at or ctx.now) - (sweep.began_at or ctx.now))
    lines = [
        _("{what} 结束了").format(what=headline(sweep, top.name)),
        _("问到 {done}/{total} 户，用时 {time}").format(done=top.done, total=top.total, time=took),
        *await _answers(sweep, ctx),
    ]
    if top.open:
        lines.append(_("没问到 {n} 户").format(n=top.open))
    return "\n".join([*lines, *_late(await ctx.store.sweep_counts.late(sweep.id, LATE_SHOWN + 1))])


async def _answers(sweep: Sweep, ctx: Ctx) -> list[str]:
    """A line each, with what the numbers come to."""
    given = await ctx.store.sweep_doors.by_answer(sweep.id)
    lines = []
    for choice in sweep.survey.choices:
        if found := given.get(choice.code):
            number = _("，共 {n}{unit}").format(n=found.number, unit=sweep.survey.unit) if choice.number else ""
            lines.append(_("{label} {n} 户{number}").format(label=choice.label, n=found.households, number=number))
    own, carried = sum(one.own for one in given.values()), sum(one.carried for one in given.values())
    if own:
        lines.append(_("其中 {n} 户是住户自己说的").format(n=own))
    if carried:
        lines.append(_("其中 {n} 户沿用上次的回答").format(n=carried))
    return lines


def _late(late: Sequence[Count]) -> list[str]:
    if not late:
        return [_("每户都问到了，大家辛苦了。")]
    names = "、".join(f"{one.name} {one.done}/{one.total}" for one in late[:LATE_SHOWN])
    more = _(" 等") if len(late) > LATE_SHOWN else ""
    return [_("没问完：{names}{more}").format(names=names, more=more)]
