"""A schedule as those see it who answer for its area: what comes, the next times, and what can be done now."""

from collections.abc import Iterable
from datetime import datetime

from domain.chat import Button, ChatId, ChatKind, Outgoing, Pressed, Promise, Rows, Said, Send, as_number
from domain.duration import spoken
from domain.language import N_, _
from domain.recurrence import weekday
from domain.refused import Refused
from domain.schedule import Schedule, State, stamp_of
from domain.stages import Receipts
from handlers.holidays import LAST_KNOWN_YEAR
from handlers.reach import must_command, place_name
from handlers.routing import Ctx
from handlers.timetable import upcoming

_RECEIPTS = {Receipts.SQUAD: N_("每队回执"), Receipts.HOUSEHOLD: N_("每户回执")}


def card_of(schedule: Schedule) -> str:
    return f"schedule:{schedule.id}"


async def the_schedule(number: str, ctx: Ctx) -> Schedule:
    schedule = await ctx.store.schedules.get(as_number(number))
    if schedule is None:
        raise Refused(_("这个按钮失效了。发“定时 列表”看现在的。"))
    return schedule


async def in_charge_of(incoming: Pressed | Said, ctx: Ctx, number: str = "") -> Schedule:
    """The schedule of a button or a question, for whoever has authority over where it goes; half written, for its
    author alone."""
    schedule = await the_schedule(incoming.arg(0) if isinstance(incoming, Pressed) else number, ctx)
    if incoming.chat_kind is ChatKind.GROUP:
        raise Refused(_("定时不在群里改，请私下对我发：定时 列表"))
    if schedule.state is State.DRAFT and ctx.someone().id != schedule.author.id:
        raise Refused(_("这是 {who} 写的，由 {who} 来改。").format(who=schedule.author.name))
    if schedule.area:
        await must_command(ctx.someone(), schedule.area, ctx)
    return schedule


async def shown(schedule: Schedule, ctx: Ctx, chats: Iterable[ChatId] = ()) -> list[Outgoing]:
    """The card wherever it stands, and in these chats too."""
    card = card_of(schedule)
    everywhere = dict.fromkeys([*await ctx.store.outbox.chats_with(card), *chats])
    text, rows = await _text(schedule, ctx), _buttons(schedule)
    return [Send(chat, text, rows, Promise.CARD, card) for chat in everywhere]


async def summary(schedule: Schedule, ctx: Ctx) -> str:
    """One line of a list."""
    state = _("下次 {when}").format(when=said(schedule.due_at, ctx)) if schedule.due_at else schedule.state_name
    when = schedule.recurrence.spoken if schedule.recurrence else ""
    return f"{schedule.number} {when} {await place_name(schedule.area, ctx)}（{state}）"


async def _text(schedule: Schedule, ctx: Ctx) -> str:
    place = await place_name(schedule.area, ctx) if schedule.area else ""
    when = schedule.recurrence.spoken if schedule.recurrence else ""
    lines = [f"{schedule.number} · {schedule.state_name}", f"{when} → {place}", f"“{schedule.text}”"]
    lines += [*_next_lines(schedule, ctx), *_limits(schedule)]
    lines.append(_("{who} 定的").format(who=schedule.author.name))
    return "\n".join(lines)


def _next_lines(schedule: Schedule, ctx: Ctx) -> list[str]:
    if schedule.state not in (State.DRAFT, State.ACTIVE) or schedule.recurrence is None:
        return []
    times = upcoming(schedule, ctx)
    lines = [_("接下来：{times}").format(times="、".join(said(at, ctx) for at in times))] if times else []
    if missing := schedule.recurrence.skips_months:
        lines.append(_("没有 {n} 日的月份不发；要月底发，请写：每月最后一天").format(n=missing))
    if schedule.recurrence.working:
        lines.append(_("工作日按国家放假安排，含调休；{year} 年以后的还没公布，先按周一到周五。").format(
            year=LAST_KNOWN_YEAR))  # fmt: skip
    if times and (morning := ctx.settings.morning(times[0])):
        lines.append(_("那时是安静时段，会等到 {when} 才响。").format(when=said(morning, ctx)))
    return lines


def _limits(schedule: Schedule) -> list[str]:
    parts = [_(_RECEIPTS[schedule.receipts])] if schedule.receipts in _RECEIPTS else []
    if schedule.until:
        parts.append(_("发到 {month}月{day}日 为止").format(month=schedule.until.month, day=schedule.until.day))
    parts.append(_("晚 {time}以内还补发").format(time=spoken(schedule.grace)))
    return ["，".join(parts)]


def said(at: datetime, ctx: Ctx) -> str:
    """12月1日 周二 18:00, with the year where it is not this one."""
    local, now = at.astimezone(ctx.settings.timezone), ctx.now.astimezone(ctx.settings.timezone)
    year = _("{year}年").format(year=local.year) if local.year != now.year else ""
    return year + _("{month}月{day}日 {weekday} {time}").format(
        month=local.month, day=local.day, weekday=weekday(local.weekday()), time=f"{local:%H:%M}"
    )


def _buttons(schedule: Schedule) -> Rows:
    """What can be done with it now; each press is checked again."""
    n = schedule.id

    def ask(label: str, field: str) -> Button:
        return Button(label, f"schedule_ask:{n}:{field}")

    until, grace = ask(_("到期日"), "until"), ask(_("补发时限"), "grace")
    drop = Button(_("取消"), f"schedule_drop:{n}")
    if schedule.state is State.DRAFT:
        change = (ask(_("改时间"), "rule"), ask(_("改地方"), "place"), ask(_("改内容"), "text"))
        return ((Button(_("定下"), f"schedule_set:{n}"),), change, (until, grace, ask(_("回执"), "receipts")), (drop,))
    if schedule.state is State.ACTIVE and schedule.due_at:
        skip = Button(_("跳过一次"), f"schedule_skip:{n}:{stamp_of(schedule.due_at)}")
        return ((Button(_("暂停"), f"schedule_pause:{n}"), skip), (until, grace, drop))
    if schedule.state is State.PAUSED:
        return ((Button(_("继续"), f"schedule_resume:{n}"),), (until, grace, drop))
    return ()
