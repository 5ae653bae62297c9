"""开始, 暂停, 延长, 交给别人, 结束, 再摸一遍: whoever leads a sweep holds it in hand while it runs."""

from datetime import datetime, timedelta

from domain.chat import Button, Outgoing, Pressed, Promise, Said, Send, as_number
from domain.language import _
from domain.people import LEADING, Answerer, Who
from domain.refused import Refused
from domain.sweep import State, Sweep
from domain.sweep_words import read_until
from domain.text import one_line
from handlers.routing import Ctx, button, form
from handlers.sweep import again
from handlers.sweep_card import headline, led_sweep, the_sweep, time_left, top_card, worded
from handlers.sweep_end import finish

LONGER = (timedelta(minutes=15), timedelta(minutes=30), timedelta(hours=1))
"""Extensions to tap; any other is written."""

GIVEN_SHOWN = 8
"""People to hand it to, by a tap each, the nearest first."""


@button("sweep_begin")
async def begin(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    sweep = await led_sweep(pressed, ctx)
    sweep = await ctx.store.sweeps.save(sweep.begin(ctx.now))
    await ctx.store.sweeps.log(sweep.id, "began", ctx.someone().id, ctx.now)
    await ctx.store.sweep_counts.begin(sweep.id, sweep.grid, await _top(sweep, ctx), ctx.now)
    await ctx.store.outbox.adopt(pressed.chat, top_card(sweep), pressed.message_id)
    text = worded(
        sweep, "\n".join([headline(sweep, (await ctx.grid(sweep.grid)).name), _("开始了，清单正发给各队队长。")])
    )
    return [Send(pressed.chat, text, (), Promise.CARD, top_card(sweep))]


async def _top(sweep: Sweep, ctx: Ctx) -> str:
    """Up to where it is counted; of a single squad, the grid above it."""
    if await ctx.store.grids.is_squad(sweep.grid):
        return next((grid.code for grid in (await ctx.store.grids.path(sweep.grid))[1:]), sweep.grid)
    return sweep.grid


@button("sweep_drop")
async def drop(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    sweep = await ctx.store.sweeps.save((await led_sweep(pressed, ctx)).drop())
    text = worded(sweep, _("{number}摸排不做了。").format(number=sweep.number))
    return [Send(pressed.chat, text, promise=Promise.CARD, card=top_card(sweep))]


@button("sweep_pause")
async def pause(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    sweep = await led_sweep(pressed, ctx)
    return await _changed(sweep.pause(ctx.now), "paused", ctx)


@button("sweep_resume")
async def resume(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    sweep = await led_sweep(pressed, ctx)
    return await _changed(sweep.resume(ctx.now), "resumed", ctx)


async def _changed(sweep: Sweep, what: str, ctx: Ctx, words: str = "") -> list[Outgoing]:
    """Every card of it tells so, as soon as it may."""
    sweep = await ctx.store.sweeps.save(sweep)
    await ctx.store.sweeps.log(sweep.id, what, ctx.someone().id, ctx.now, words)
    await ctx.store.sweep_counts.show_all(sweep.id, ctx.now, squads=True)
    return []


# -- longer ----------------------------------------------------------------------------------------------------------


@button("sweep_extend")
async def extend(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    sweep = await led_sweep(pressed, ctx)
    sweep.must_run()
    minutes = pressed.number(1)
    if minutes > 0:
        return await _extended(sweep, sweep.closes_at + timedelta(minutes=minutes), pressed, ctx)
    await ctx.ask(pressed.chat, "sweep_until", str(sweep.id))
    taps = tuple(
        Button(_("再给 {n} 分钟").format(n=n), f"sweep_extend:{sweep.id}:{n}")
        for n in (int(length / timedelta(minutes=1)) for length in LONGER)
    )
    text = _("{number}摸排延长到几点？点一个，或直接回时间，例如：20:00").format(number=sweep.number)
    return [Send(pressed.chat, worded(sweep, text), tuple((tap,) for tap in taps))]


@form("sweep_until", gives_way=True)
async def until(said: Said, ctx: Ctx) -> list[Outgoing]:
    sweep = await _asked_about(ctx)
    closes_at = read_until(said.text, ctx.now.astimezone(ctx.settings.timezone))
    if closes_at is None:
        raise Refused(_("没看懂时间。请写成：20:00，或 2小时"))
    await ctx.answered(said)
    return await _extended(sweep, closes_at, said, ctx)


async def _extended(sweep: Sweep, closes_at: datetime, by: Said | Pressed, ctx: Ctx) -> list[Outgoing]:
    if isinstance(by, Pressed) and ctx.account:
        await ctx.store.drafts.close(by.chat, ctx.account)
    sweep = sweep.extend(closes_at, ctx.now)
    outs = await _changed(sweep, "extended", ctx, closes_at.isoformat())
    text = _("{number}摸排延长了：{time}").format(number=sweep.number, time=time_left(sweep, ctx))
    return [Send(by.chat, worded(sweep, text)), *outs]


# -- into other hands ------------------------------------------------------------------------------------------------


@button("sweep_give")
async def give(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    sweep = await led_sweep(pressed, ctx)
    sweep.must_run()
    others = await _others(sweep, ctx)
    if not others:
        raise Refused(_("没有别人能管这一片的摸排了。"))
    if pressed.arg(1):
        return await _given(sweep, [one for one in others if str(one.person) == pressed.arg(1)], pressed, ctx)
    await ctx.ask(pressed.chat, "sweep_give", str(sweep.id))
    taps = tuple((Button(one.name, f"sweep_give:{sweep.id}:{one.person}"),) for one in others[:GIVEN_SHOWN])
    text = _("{number}摸排交给谁？点一个，或直接回姓名。").format(number=sweep.number)
    return [Send(pressed.chat, worded(sweep, text), taps)]


@form("sweep_give", gives_way=True)
async def give_by_name(said: Said, ctx: Ctx) -> list[Outgoing]:
    sweep = await _asked_about(ctx)
    name = one_line(said.text).removeprefix("交给").strip()
    await ctx.answered(said)
    return await _given(sweep, [one for one in await _others(sweep, ctx) if one.name == name], said, ctx)


async def _others(sweep: Sweep, ctx: Ctx) -> list[Answerer]:
    """Who has authority over all of it and can be told, the nearest first."""
    rungs = await ctx.rungs(sweep.grid)
    able = [a for rung in rungs for a in rung.answerers if a.role in LEADING and a.chat]
    return list({a.person: a for a in reversed(able) if a.person != sweep.holder.id}.values())[::-1]


async def _given(sweep: Sweep, found: list[Answerer], by: Said | Pressed, ctx: Ctx) -> list[Outgoing]:
    if len(found) != 1:
        raise Refused(_("只能交给管这一片、跟我说过话的队长、网格长或干部。请点名字，或写全姓名。"))
    (to,) = found
    sweep = sweep.give(Who(to.person, to.name))
    outs = await _changed(sweep, "given", ctx, to.name)
    done = _("{number}摸排交给 {who} 了。").format(number=sweep.number, who=to.name)
    told = _("{from_}把{what}交给您了，卡片马上到。").format(from_=ctx.someone().name, what=headline(sweep, "").strip())
    return [Send(by.chat, worded(sweep, done)), *([Send(to.chat, worded(sweep, told))] if to.chat else []), *outs]


async def _asked_about(ctx: Ctx) -> Sweep:
    sweep = await the_sweep(as_number(ctx.draft.about), ctx)
    await ctx.must_lead(sweep.grid)
    return sweep


# -- its end ---------------------------------------------------------------------------------------------------------


@button("sweep_end")
async def end(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    """Whoever ends it early is asked once more."""
    sweep = await led_sweep(pressed, ctx)
    sweep.must_run()
    top = await ctx.store.sweep_counts.top(sweep.id)
    if top and top.late and pressed.arg(1) != "sure":
        text = _("{number}摸排还有 {n} 户没问到，现在就结束吗？").format(number=sweep.number, n=top.total - top.done)
        sure = Button(_("现在结束"), f"sweep_end:{sweep.id}:sure")
        return [Send(pressed.chat, worded(sweep, text), ((sure,),))]
    return await finish(sweep, ctx.someone().id, ctx)


@button("sweep_again")
async def repeat(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    sweep = await led_sweep(pressed, ctx)
    if sweep.state is not State.CLOSED:
        raise Refused(_("{number}摸排还没有结束。").format(number=sweep.number))
    return await again(sweep, ctx.someone(), pressed, ctx)
