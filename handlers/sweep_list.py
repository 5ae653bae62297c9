"""摸排 列表: the sweeps that run where somebody leads, each a tap away; a squad leader gets the checklist anew."""

from domain.chat import Button, ChatKind, Outgoing, Pressed, Said, Send
from domain.language import _
from domain.people import ANSWERING
from domain.refused import Refused
from domain.sweep import Sweep
from handlers.checklist import opened
from handlers.reach import tops
from handlers.routing import Ctx, button
from handlers.sweep_card import grid_name, headline, must_still_run, the_sweep, time_left, worded
from handlers.sweep_roll_up import roll_up_text, top_buttons

LIST = ("列表", "list")


async def listed(said: Said, ctx: Ctx) -> list[Outgoing]:
    person = ctx.someone()
    grids = sorted({a.grid for a in person.appointments if a.role in ANSWERING} | set(await tops(person, ctx)))
    if not grids:
        raise Refused(_("摸排由队长、网格长、干部来做。您家怎么样，请发：我家安全，或 我家需帮助 什么事"))
    running = await ctx.store.sweeps.touching(grids)
    if not running:
        return [await _none(said, ctx)]
    lines = [_("正在进行的摸排：")]
    rows = []
    for sweep in running:
        lines.append(f"{headline(sweep, await grid_name(sweep.grid, ctx))} {time_left(sweep, ctx)}")
        rows.append((Button(_("{number} 打开").format(number=sweep.number), f"sweep_open:{sweep.id}"),))
    return [Send(said.chat, "\n".join(lines), tuple(rows), reply_to=said.message_id)]


async def _none(said: Said, ctx: Ctx) -> Send:
    text = _("现在没有摸排。要开始一个，请发：摸排 网格 内容 截止 时间，例如：摸排 三网格 台风转移 截止 18:00")
    own = await tops(ctx.someone(), ctx)
    taps = [Button(survey.title, f"sweep_pick:{survey.name}") for survey in ctx.settings.surveys] if own else []
    rows = tuple(tuple(taps[n : n + 2]) for n in range(0, len(taps), 2))
    return Send(said.chat, text, rows, reply_to=said.message_id)


@button("sweep_open")
async def open_(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    """The checklists of the squads that somebody leads themselves, and how far all of it has come."""
    if pressed.chat_kind is ChatKind.GROUP:
        raise Refused(_("请私下对我发：摸排 列表"))
    sweep, person = await the_sweep(pressed.number(0), ctx), ctx.someone()
    must_still_run(sweep)
    own = sorted({a.grid for a in person.appointments if a.role in ANSWERING})
    outs: list[Outgoing] = []
    for count in await ctx.store.sweep_counts.asking(sweep.id, own) if own else []:
        outs += await opened(sweep, count, ctx, [pressed.chat])
    return [*await _whole(sweep, pressed, ctx), *outs]


async def _whole(sweep: Sweep, pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    top = await ctx.store.sweep_counts.top(sweep.id)
    if top is None or not await ctx.answers_for(sweep.grid):
        return []
    text = await roll_up_text(sweep, top, await ctx.store.sweep_counts.children(top), ctx)
    return [Send(pressed.chat, worded(sweep, text), top_buttons(sweep))]
