"""What a schedule still lacks, asked one thing at a time; what is changed on its card; and that it is set."""

from datetime import datetime, timedelta

from domain.chat import Button, ChatId, Outgoing, Pressed, Said, Send
from domain.language import N_, _
from domain.recurrence_words import leading_date, leading_recurrence, not_understood
from domain.refused import Refused
from domain.sayable import checked_text
from domain.schedule import Schedule
from domain.stages import Receipts, Sort
from domain.validity import read_length
from handlers.reach import audience, named_area, reaches_many_villages
from handlers.routing import Ctx, button, form
from handlers.schedule_card import card_of, in_charge_of, shown
from handlers.timetable import following, local

_QUESTIONS = {
    "rule": N_("什么时候发？例如：每天 18:00，每周一、三、五 8:00，工作日 7:30，每月1日 9:00，12月1日 9:00"),
    "place": N_("发到哪里？请回网格的名称或编号，几个用顿号隔开。"),
    "text": N_("写什么？请回一段话：要大家做什么。"),
    "until": N_("发到哪天为止？例如：12月31日。一直发请回：不限"),
    "grace": N_("机器人停过的话，晚多久以内还补发？例如：1小时，30分钟"),
    "receipts": N_("要大家回“收到”吗？"),
}
_FOR_EVER = ("不限", "一直", "forever")


async def next_step(schedule: Schedule, chat: ChatId, ctx: Ctx) -> list[Outgoing]:
    """The next question; where nothing is missing, the whole of it with its next times, to be read before it is set."""
    parts = {"rule": schedule.recurrence, "place": schedule.area, "text": schedule.text}
    missing = next((field for field, said in parts.items() if not said), None)
    if missing:
        return await _ask(schedule, missing, chat, ctx)
    await _must_be_sendable(schedule, ctx)
    if chat not in await ctx.store.outbox.chats_with(card_of(schedule)):
        return await shown(schedule, ctx, [chat])
    # The card changes in place, out of sight perhaps.
    return [
        *await shown(schedule, ctx),
        Send(chat, _("改好了，请看上面{number}的卡片。").format(number=schedule.number)),
    ]


async def _must_be_sendable(schedule: Schedule, ctx: Ctx) -> None:
    """Refuse now what would be refused when its time comes and nobody looks."""
    await audience(schedule.notice(ctx.settings.training, ctx.now), ctx)
    if await reaches_many_villages(schedule.area, ctx):
        raise Refused(_("要到几个村的，每次都要第二个人通过，不能定时。请给每个村各定一条。"))


async def _ask(schedule: Schedule, field: str, chat: ChatId, ctx: Ctx) -> list[Outgoing]:
    question = f"{schedule.number} {_(_QUESTIONS[field])}"
    if field == "receipts":
        labels = {Receipts.NONE: _("不要"), Receipts.SQUAD: _("每队要"), Receipts.HOUSEHOLD: _("每户要")}
        taps = tuple(Button(label, f"schedule_receipts:{schedule.id}:{one.value}") for one, label in labels.items())
        return [Send(chat, question, (taps,))]
    await ctx.ask(chat, "schedule_field", f"{schedule.id}:{field}")
    return [Send(chat, question, asks=True)]


@button("schedule_ask")
async def ask(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    schedule = await in_charge_of(pressed, ctx)
    if pressed.arg(1) not in _QUESTIONS:
        raise Refused(_("这个按钮失效了。发“定时 列表”看现在的。"))
    return await _ask(schedule, pressed.arg(1), pressed.chat, ctx)


@button("schedule_receipts")
async def tapped(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    schedule = await in_charge_of(pressed, ctx)
    if pressed.arg(1) not in set(Receipts):
        raise Refused(_("这个按钮失效了。发“定时 列表”看现在的。"))
    schedule = await ctx.store.schedules.save(schedule.write(ctx.now, receipts=Receipts(pressed.arg(1))))
    return await next_step(schedule, pressed.chat, ctx)


@form("schedule_field")
async def typed(said: Said, ctx: Ctx) -> list[Outgoing]:
    number, _colon, field = ctx.draft.about.partition(":")
    schedule = await ctx.store.schedules.save(
        await _changed(await in_charge_of(said, ctx, number), field, said.text, ctx)
    )
    await ctx.answered(said)
    return await next_step(schedule, said.chat, ctx)


async def _changed(schedule: Schedule, field: str, words: str, ctx: Ctx) -> Schedule:
    match field:
        case "rule":
            recurrence, rest = leading_recurrence(words, local(ctx))
            if recurrence is None or rest:
                raise Refused(not_understood())
            return schedule.write(ctx.now, recurrence=recurrence)
        case "place":
            area = await named_area(words, ctx.someone(), ctx)
            if not area:
                raise Refused(_("没有找到这个地方。请回网格的名称或编号，几个用顿号隔开。"))
            return schedule.write(ctx.now, area=area)
        case "until":
            return _until(schedule, words, local(ctx))
        case "grace":
            return schedule.wait(_length(words))
        case _:
            return schedule.write(ctx.now, text=checked_text(Sort.NOTICE, words))


def _until(schedule: Schedule, words: str, now: datetime) -> Schedule:
    if words.strip() in _FOR_EVER:
        return schedule.last_until(None, now)
    day = leading_date(words, now)
    if day is None:
        raise Refused(_("没看懂是哪天。请写成：12月31日，或回“不限”"))
    return schedule.last_until(day[0], now)


def _length(words: str) -> timedelta:
    length = read_length(words)
    if length is None:
        raise Refused(_("没看懂多久。请写成：1小时，或 30分钟"))
    return length


@button("schedule_set")
async def confirm(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    """定下: from now on it comes by itself."""
    schedule = await in_charge_of(pressed, ctx)
    if schedule.complete:
        await _must_be_sendable(schedule, ctx)
    schedule = await ctx.store.schedules.save(schedule.confirm(following(schedule, ctx)))
    return await shown(schedule, ctx, [pressed.chat])
