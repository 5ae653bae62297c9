"""定时: a leader or an officer says in private when, where and what; 定时 列表 shows what is set."""

from domain.chat import Button, ChatKind, Outgoing, Pressed, Said, Send
from domain.language import N_, _
from domain.people import LEADING
from domain.recurrence_words import leading_recurrence
from domain.refused import Refused
from domain.sayable import checked_text, must_be_possible
from domain.schedule import DRAFT_KEPT, MOST_OF_ONE, Schedule
from domain.stages import Sort
from domain.text import one_line
from handlers.alert import place_and_text
from handlers.reach import tops
from handlers.routing import Ctx, button, words
from handlers.schedule_card import in_charge_of, shown, summary
from handlers.scheduling import next_step
from handlers.timetable import local

LIST = ("列表", "list")

SHOWN = 10
"""Schedules in one list: a small screen shows as many with their buttons."""


async def meant_for_the_bot(said: Said, ctx: Ctx) -> bool:
    """In a group “定时 …” is talk like any other, but for what a leader says that begins with a time or asks for the
    list."""
    if said.chat_kind is ChatKind.PRIVATE or said.text.lstrip().startswith("/"):
        return True
    if said.sender is None or not (one_line(ctx.rest) in LIST or _names_a_time(ctx)):
        return False
    person = await ctx.store.people.by_account(said.sender.account)
    return person is not None and any(a.role in LEADING for a in person.appointments)


def _names_a_time(ctx: Ctx) -> bool:
    try:
        return leading_recurrence(ctx.rest, local(ctx))[0] is not None
    except Refused:
        return True


@words(
    "定时",
    "/schedule",
    concerns=meant_for_the_bot,
    help=N_("定时 什么时候 网格 内容 —— 到时候自动发通知，例如：定时 每天 18:00 三网格 关好门窗；定时 列表"),
)
async def schedule(said: Said, ctx: Ctx) -> list[Outgoing]:
    person = ctx.someone()
    if not await tops(person, ctx):
        raise Refused(_("这要由队长、网格长或干部来发。有事请发：上报 哪里、出了什么事"))
    if said.chat_kind is ChatKind.GROUP:
        raise Refused(_("定时不在群里写，请私下对我发同样的话。"))
    if one_line(ctx.rest) in LIST:
        return await _listed(said, ctx)
    must_be_possible(Sort.NOTICE, ctx.settings.training)
    if await ctx.store.schedules.count_of(person.id) >= MOST_OF_ONE:
        raise Refused(_("您已经定了 {n} 条，请先发“定时 列表”，取消不用的。").format(n=MOST_OF_ONE))
    recurrence, rest = leading_recurrence(ctx.rest, local(ctx))
    area, text = await place_and_text(rest, person, ctx)
    text = checked_text(Sort.NOTICE, text) if text else ""
    begun = Schedule(person.who, ctx.now, recurrence=recurrence, area=area, text=text, due_at=ctx.now + DRAFT_KEPT)
    return await next_step(await ctx.store.schedules.add(begun), said.chat, ctx)


async def _listed(said: Said, ctx: Ctx) -> list[Outgoing]:
    """What goes to where the speaker has authority."""
    own = await ctx.store.areas.codes(await tops(ctx.someone(), ctx))
    found = [one for one in await ctx.store.schedules.open() if set(one.area) <= own]
    if not found:
        return [Send(said.chat, _("还没有定时的通知。要定请发：定时 每天 18:00 三网格 关好门窗"))]
    lines = [await summary(one, ctx) for one in found[:SHOWN]]
    if len(found) > SHOWN:
        lines.append(_("……还有 {n} 条").format(n=len(found) - SHOWN))
    taps = [Button(one.number, f"schedule_show:{one.id}") for one in found[:SHOWN]]
    rows = tuple(tuple(taps[n : n + 2]) for n in range(0, len(taps), 2))
    return [Send(said.chat, "\n".join(lines), rows)]


@button("schedule_show")
async def show(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    return await shown(await in_charge_of(pressed, ctx), ctx, [pressed.chat])
