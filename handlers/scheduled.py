"""The time of a schedule comes: it is sent, or somebody hears why not; and 暂停, 继续, 跳过一次, 取消."""

from domain.chat import ChatId, Due, Outgoing, Pressed, Send
from domain.duration import spoken
from domain.language import _
from domain.people import LEADING
from domain.refused import Refused
from domain.schedule import Schedule, State
from handlers.reach import place_name, still_commands
from handlers.release import let_out
from handlers.routing import Ctx, button, due
from handlers.schedule_card import in_charge_of, said, shown
from handlers.timetable import coming, following, in_time


@due("schedule")
async def its_time(lapsed: Due, ctx: Ctx) -> list[Outgoing]:
    schedule = await ctx.store.schedules.get(lapsed.id)
    if schedule is None:
        return []
    if schedule.state is State.DRAFT:
        return await shown(await ctx.store.schedules.save(schedule.end()), ctx)
    if not await still_commands(schedule.author, schedule.area, ctx):
        return await _orphaned(schedule, ctx)
    sending = in_time(schedule, ctx)
    outs = await _missed(schedule, ctx) if schedule.missed(ctx.now) else []
    if sending:
        outs += await _send(schedule, ctx)
    after = next(coming(schedule, ctx.now, ctx), None)
    return [*outs, *await shown(await ctx.store.schedules.save(schedule.settle(sending or ctx.now, after)), ctx)]


async def _send(schedule: Schedule, ctx: Ctx) -> list[Outgoing]:
    """By the way of any notice. Its author gets the card with which one press takes it back."""
    try:
        async with ctx.store.savepoint():
            notice = await ctx.store.broadcasts.add(schedule.notice(ctx.settings.training, ctx.now))
            return await let_out(notice, ctx, await ctx.store.people.private_chats(schedule.author.id))
    except Refused as refused:
        text = _("{number}到时间了，但没有发出：{why}").format(number=schedule.number, why=refused.sentence)
        return [Send(chat, text) for chat in await _author_or_above(schedule, ctx)]


async def _missed(schedule: Schedule, ctx: Ctx) -> list[Outgoing]:
    """What the bot slept through, and why it is not made up for."""
    text = _(
        "{number}错过了：{when} 那时机器人停着，过了 {grace}，没有补发。要补发请自己发：通知 {place} {text}"
    ).format(
        number=schedule.number,
        when=said(schedule.due_at or ctx.now, ctx),
        grace=spoken(schedule.grace),
        place=await place_name(schedule.area, ctx),
        text=schedule.text,
    )
    return [Send(chat, text) for chat in await _author_or_above(schedule, ctx)]


async def _orphaned(schedule: Schedule, ctx: Ctx) -> list[Outgoing]:
    """Nobody with authority stands behind it any more: whoever has it now decides whether it goes on, as theirs."""
    schedule = await ctx.store.schedules.save(schedule.pause())
    chats = await _above(schedule, ctx)
    text = _(
        "{number}没有发：{who} 定的，但 {who} 已经不管{place}了。要接着发，请点卡片上的“继续”，以后算您发的。"
    ).format(number=schedule.number, who=schedule.author.name, place=await place_name(schedule.area, ctx))
    return [*await shown(schedule, ctx, chats), *(Send(chat, text) for chat in chats)]


async def _author_or_above(schedule: Schedule, ctx: Ctx) -> list[ChatId]:
    return await ctx.store.people.private_chats(schedule.author.id) or await _above(schedule, ctx)


async def _above(schedule: Schedule, ctx: Ctx) -> list[ChatId]:
    """The nearest level with authority over all of it where somebody can be told, else the owners."""
    top = await ctx.store.areas.shared(schedule.area)
    for rung in await ctx.rungs(top) if top else []:
        chats = [a.chat for a in rung.answerers if a.role in LEADING and a.person != schedule.author.id and a.chat]
        if chats:
            return chats
    return await ctx.owner_chats()


# -- people change it ------------------------------------------------------------------------------------------------


@button("schedule_pause")
async def pause(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    return await _saved((await in_charge_of(pressed, ctx)).pause(), pressed, ctx)


@button("schedule_resume")
async def resume(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    schedule = await in_charge_of(pressed, ctx)
    return await _saved(schedule.resume(ctx.someone().who, following(schedule, ctx)), pressed, ctx)


@button("schedule_skip")
async def skip(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    schedule = await in_charge_of(pressed, ctx)
    after = next(coming(schedule, schedule.due_at, ctx), None) if schedule.due_at else None
    return await _saved(schedule.skip(pressed.arg(1), after), pressed, ctx)


@button("schedule_drop")
async def drop(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    return await _saved((await in_charge_of(pressed, ctx)).end(), pressed, ctx)


async def _saved(schedule: Schedule, pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    return await shown(await ctx.store.schedules.save(schedule), ctx, [pressed.chat])
