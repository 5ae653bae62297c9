"""How a sweep ended in each part of its grid, as a picture that is understood at a glance."""

import asyncio
from collections.abc import Sequence

from domain.chat import Attachment
from domain.language import _
from domain.survey import Means
from domain.sweep import Count, Sweep
from handlers.bars import Bar, draw
from handlers.routing import Ctx
from handlers.sweep_card import titled, troubles

PAGE_BARS = 10
"""Bars in one picture: services make what is higher than 1,600 pixels smaller, until nobody can read it."""

MOST_BARS = 40
"""Grids in the pictures of one sweep, those first that are furthest behind."""


async def pictures(sweep: Sweep, top: Count, ctx: Ctx) -> list[Attachment]:
    """A bar for each grid right below the top, page by page; of a grid without any, its own."""
    counts = await ctx.store.sweep_counts.children(top) or [top]
    worst_first = sorted(counts, key=lambda one: one.done / one.total)[:MOST_BARS]
    pages = [worst_first[n : n + PAGE_BARS] for n in range(0, len(worst_first), PAGE_BARS)]
    drawn = [await asyncio.to_thread(_drawn, sweep, top, page) for page in pages]
    return [await ctx.store.files.keep(picture, ctx.now) for picture in drawn]


def _drawn(sweep: Sweep, top: Count, counts: Sequence[Count]) -> bytes:
    survey = sweep.survey
    legend = _("问到"), survey.labels(Means.HELP), survey.labels(Means.UNREACHED), _("没问到")
    return draw(titled(sweep, top.name), legend, [_bar(sweep, one) for one in counts])


def _bar(sweep: Sweep, count: Count) -> Bar:
    parts = (count.done - count.help, count.help, count.unreached, count.open)
    done = _("问到 {done}/{total} 户").format(done=count.done, total=count.total)
    return Bar(count.name, parts, count.total, " · ".join([done, *troubles(sweep, count)]))
