"""表格: whoever leads what was swept gets a row for each household of it, in private and nowhere else."""

import asyncio
from collections.abc import Sequence

from domain.chat import Attachment, Button, ChatKind, Medium, Outgoing, Pressed, Rows, Send
from domain.language import _
from domain.refused import Refused
from domain.sweep import Count, Sweep
from handlers.routing import Ctx, button
from handlers.sweep_card import headline, the_sweep, titled, worded
from handlers.workbook import Value, workbook
from storage.sweep_doors import Reported

MOST_ROWS = 2_000
"""Households in one table: more than a village has, and made in half a second, for which everybody waits."""

PARTS_SHOWN = 60
"""Grids to choose from where all of it is too much for one table: no service takes much more than 100 buttons."""

WIDTHS = (16, 24, 16, 12, 8, 30, 12, 18, 12, 12)
"""Of the columns, in characters."""


def sheet_row(count: Count) -> Rows:
    """The button for it, below what is said in private of a sweep that is over."""
    return ((Button(_("表格"), f"sweep_sheet:{count.id}"),),)


@button("sweep_sheet")
async def sheet(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    count = await ctx.store.sweep_counts.get(pressed.number(0))
    if count is None:
        raise Refused(_("这个按钮失效了。"))
    if pressed.chat_kind is not ChatKind.PRIVATE:
        raise Refused(_("表格里有各家的情况，不在群里发。请在和我的私聊里点“表格”。"))
    await ctx.must_lead(count.grid)
    sweep = await the_sweep(count.sweep, ctx)
    if sweep.ended_at is None:
        raise Refused(_("{number}摸排还没有结束。").format(number=sweep.number))
    parts = await ctx.store.sweep_counts.children(count) if count.total > MOST_ROWS else []
    if parts:
        return [_which(sweep, count, parts, pressed)]
    text = _("{what}的表格，{n} 户。里面有各家的情况，请不要转发。").format(
        what=headline(sweep, count.name), n=count.total
    )
    return [Send(pressed.chat, worded(sweep, text), attachment=await _table(sweep, count, ctx))]


def _which(sweep: Sweep, count: Count, parts: Sequence[Count], pressed: Pressed) -> Send:
    text = _("{what}有 {n} 户，一张表放不下。要哪一片的？").format(what=headline(sweep, count.name), n=count.total)
    taps = [
        Button(_("{name} {n} 户").format(name=one.name, n=one.total), f"sweep_sheet:{one.id}")
        for one in parts[:PARTS_SHOWN]
    ]
    return Send(pressed.chat, worded(sweep, text), tuple((tap,) for tap in taps))


async def _table(sweep: Sweep, count: Count, ctx: Ctx) -> Attachment:
    """Kept until it is delivered, as the pictures are, and forgotten with them."""
    rows = [_row(sweep, one, ctx) for one in await ctx.store.sweep_doors.below(count)]
    unit = f"（{sweep.survey.unit}）" if sweep.survey.unit else ""
    head = (
        _("小队"), _("门牌"), _("要照顾"), _("回答"), _("数目") + unit,
        _("备注"), _("谁记的"), _("什么时候"), _("住户自己说的"), _("沿用上次"),
    )  # fmt: skip
    data = await asyncio.to_thread(workbook, titled(sweep, count.name), head, WIDTHS, rows)
    return await ctx.store.files.keep(data, ctx.now, medium=Medium.FILE)


def _row(sweep: Sweep, one: Reported, ctx: Ctx) -> list[Value]:
    entry, choice = one.entry, sweep.survey.choice(one.entry.answer or "")
    at = one.at.astimezone(ctx.settings.timezone).replace(tzinfo=None, second=0, microsecond=0) if one.at else None
    answer = choice.label if choice else _("没问到")
    own, carried = _("是") if entry.self_reported else None, _("是") if entry.carried else None
    return [one.squad, entry.door, entry.care, answer, entry.number, entry.note, one.who, at, own, carried]
