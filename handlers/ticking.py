"""清单上点一下: each tap on a checklist is an answer of one household, and the list goes on to the next."""

from domain.chat import Answer, Outgoing, Pressed
from domain.checklist import back, forward, in_order
from domain.language import _
from domain.refused import Refused
from domain.sweep import Entry, Sweep
from handlers.checklist import card_of, checklist, look, next_door, opened
from handlers.routing import Ctx, button
from handlers.sweep_answer import answered
from handlers.sweep_card import answer_of, must_still_run, the_sweep


@button("sweep_tick")
async def tick(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    sweep, entry, own = await _tapped(pressed, ctx)
    choice = sweep.survey.choice(pressed.arg(2))
    if choice is None:
        raise Refused(_("这个按钮失效了。"))
    entry, outs = await answered(sweep, entry, choice, pressed, ctx, own=own)
    told = Answer(pressed.chat, pressed.press, f"{entry.door}：{answer_of(sweep, entry)}")
    asks = entry if choice.number and sweep.survey.unit and entry.number is None else None
    # Where a case was opened, its card stands below the list: the list goes on below that.
    return [told, *outs, *await _went_on(sweep, entry, pressed, ctx, asks, anew=bool(outs))]


@button("sweep_number")
async def number(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    sweep, entry, own = await _tapped(pressed, ctx)
    choice = sweep.survey.choice(entry.answer or "")
    outs: list[Outgoing] = []
    if choice and choice.number and pressed.number(2) >= 0:
        entry, outs = await answered(sweep, entry, choice, pressed, ctx, number=pressed.number(2), own=own)
    told = Answer(pressed.chat, pressed.press, f"{entry.door}：{answer_of(sweep, entry)}")
    return [told, *await _went_on(sweep, entry, pressed, ctx), *outs]


@button("sweep_see")
async def see(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    """上一户, 下一户."""
    count = await ctx.store.sweep_counts.get(pressed.number(0))
    if count is None:
        raise Refused(_("这个按钮失效了。"))
    await ctx.must_answer_for(count.grid)
    sweep = await the_sweep(count.sweep, ctx)
    must_still_run(sweep)
    await ctx.store.outbox.adopt(pressed.chat, card_of(count), pressed.message_id)
    entries = in_order((await ctx.store.sweep_doors.asked_in(sweep.id, [count.grid]))[count.grid])
    steps = (
        back(entries, count.looks_at) if pressed.arg(1) == "back" else forward(entries, sweep.survey, count.looks_at)
    )
    return await checklist(sweep, await look(count, steps, ctx), ctx, entries=entries)


@button("sweep_take")
async def take(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    """代问: whoever answers for a squad without a leader asks its doors."""
    count = await ctx.store.sweep_counts.get(pressed.number(0))
    if count is None or not count.asks:
        raise Refused(_("这个按钮失效了。"))
    await ctx.must_answer_for(count.grid)
    sweep = await the_sweep(count.sweep, ctx)
    must_still_run(sweep)
    return await opened(sweep, count, ctx, [pressed.chat])


async def _tapped(pressed: Pressed, ctx: Ctx) -> tuple[Sweep, Entry, bool]:
    """The sweep and the household of a button, and whether a household speaks of itself."""
    sweep = await the_sweep(pressed.number(0), ctx)
    entry = await ctx.store.sweep_doors.get(sweep.id, pressed.number(1))
    if entry is None:
        raise Refused(_("这个按钮失效了。"))
    must_still_run(sweep)
    leads = await ctx.answers_for(entry.now_in)
    home = None if leads else await ctx.store.sweep_doors.home_of(ctx.someone().id)
    if not leads and home != entry.household:
        raise Refused(_("这一户由队长来问。您家的情况，请发：我家{label}").format(label=sweep.survey.choices[0].label))
    return sweep, entry, not leads


async def _went_on(
    sweep: Sweep, entry: Entry, pressed: Pressed, ctx: Ctx, asks: Entry | None = None, *, anew: bool = False
) -> list[Outgoing]:
    count = await ctx.store.sweep_counts.of(sweep.id, entry.now_in)
    if count is None:
        return []
    await ctx.store.outbox.adopt(pressed.chat, card_of(count), pressed.message_id)
    return await next_door(sweep, count, ctx, entry.household, asks, anew=anew)
