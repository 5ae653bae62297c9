"""平安: who is asked every day, at what hour, and whom to tell; by a leader for a neighbour, or by oneself."""

from dataclasses import replace
from datetime import datetime, time
from typing import NamedTuple

from domain.chat import Button, ChatKind, Outgoing, Pressed, Said, Send
from domain.checkin import AWAITED, NOBODY, CheckIn, Contact, next_told, standing
from domain.checkin_words import Wish, read
from domain.daily import next_at
from domain.language import N_, _
from domain.people import ANSWERING, PersonId
from domain.refused import Refused
from handlers.checkin_card import family_chats, own_chats
from handlers.life_signs import well
from handlers.report import where
from handlers.routing import Ctx, button, words
from handlers.timetable import local

OFFERED = (time(7), time(8), time(9), time(18))
"""Hours to tap for whoever does not write one."""


class _Whom(NamedTuple):
    name: str
    grid: str
    person: PersonId | None


async def meant_for_the_bot(said: Said, ctx: Ctx) -> bool:
    """In a group “平安 …” is what neighbours wish each other, but for what a leader says that names somebody."""
    if said.chat_kind is ChatKind.PRIVATE or said.text.lstrip().startswith("/"):
        return True
    person = await ctx.store.people.by_account(said.sender.account) if said.sender else None
    if person is None or not any(a.role in ANSWERING for a in person.appointments):
        return False
    try:
        return bool(read(ctx.rest, local(ctx)).name)
    except Refused:
        return False


@words(
    "平安",
    "/checkin",
    concerns=meant_for_the_bot,
    help=N_(
        "平安 谁 几点 家人 姓名 电话 —— 每天问一声独居的老人好不好，例如：平安 张奶奶 8:00；平安 暂停 张奶奶 到 8月3日"
    ),
)
async def checkins(said: Said, ctx: Ctx) -> list[Outgoing]:
    _must_be_private(said)
    wish = await _of_two_words(read(ctx.rest, local(ctx)), ctx)
    if wish.verb == "list":
        return await _listed(said, ctx)
    if wish.verb == "set":
        return await _set(wish, said, ctx)
    return await _changed(await _found(wish, ctx), wish, said, ctx)


@words("每天平安", "/daily", help=N_("每天平安 几点 —— 一个人住，请我每天问您好不好，例如：每天平安 8:00"))
async def my_own(said: Said, ctx: Ctx) -> list[Outgoing]:
    _must_be_private(said)
    if ctx.rest.strip():
        return await checkins(said, ctx)
    await where(ctx)
    taps = tuple(Button(f"{hour:%H:%M}", f"daily:{hour:%H%M}") for hour in OFFERED)
    return [Send(said.chat, _("每天几点问您好不好？请点一个，或发：每天平安 8:00"), (taps,))]


@button("daily")
async def tapped(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    hour = next((hour for hour in OFFERED if f"{hour:%H%M}" == pressed.arg(0)), None)
    if hour is None or pressed.chat_kind is ChatKind.GROUP:
        raise Refused(_("这个按钮失效了。发“平安”看现在的。"))
    return await _set(Wish("set", hour=hour), pressed, ctx)


def _must_be_private(said: Said) -> None:
    if said.chat_kind is ChatKind.GROUP:
        raise Refused(_("谁一个人住，不在群里说。请私下对我发同样的话。"))


async def _of_two_words(wish: Wish, ctx: Ctx) -> Wish:
    """Mary Li is a name, and no Li in a squad called Mary."""
    if not wish.place.isascii() or not wish.place or await ctx.store.grids.find(wish.place):
        return wish
    return replace(wish, name=f"{wish.place} {wish.name}", place="")


# -- set ---------------------------------------------------------------------------------------------------------------


async def _set(wish: Wish, said: Said | Pressed, ctx: Ctx) -> list[Outgoing]:
    by = ctx.someone().who
    whom = await _neighbour(wish, ctx) if wish.name else _Whom(by.name, await where(ctx), by.id)
    hour = wish.hour or OFFERED[0]
    due_at = _first(hour, ctx)
    contact = await _contact(wish.contact, whom.grid, ctx)
    known, calmed = await _calm(await _known(whom, ctx), ctx)
    if known:
        checkin = known.change(hour, contact, whom.person, by, due_at, ctx.now)
        checkin = await ctx.store.checkins.save(checkin)
    else:
        begun = CheckIn(whom.name, whom.grid, hour, by, due_at, whom.person, contact=contact)
        checkin = await ctx.store.checkins.add(begun.change(hour, contact, whom.person, by, due_at, ctx.now))
    return [*calmed, Send(said.chat, await _confirmed(checkin, ctx)), *await _told(checkin, ctx)]


async def _calm(checkin: CheckIn | None, ctx: Ctx) -> tuple[CheckIn | None, list[Outgoing]]:
    """Whoever changes something knows how it is with them: nobody looks for them any more."""
    if checkin is None or checkin.state not in AWAITED:
        return checkin, []
    outs = await well(checkin, ctx.someone().who, ctx)
    return await ctx.store.checkins.get(checkin.id), outs


def _first(hour: time, ctx: Ctx) -> datetime:
    due_at = next_at(ctx.now, (hour,), ctx.settings.timezone)
    if ctx.settings.morning(due_at):
        raise Refused(_("夜里不打扰人，请选白天的时间，例如 8:00"))
    return due_at


async def _neighbour(wish: Wish, ctx: Ctx) -> _Whom:
    """One of those whom the speaker answers for; somebody the register does not know, by their squad."""
    scope = await _scope(wish.place, ctx)
    found = await ctx.store.checkins.neighbours(wish.name, scope)
    if len(found) > 1:
        raise Refused(_("叫 {name} 的不止一位。请写上小队：平安 小队 姓名 8:00").format(name=wish.name))
    if found:
        return _Whom(wish.name, found[0][1], found[0][0])
    if len(scope) > 1 or not await ctx.store.grids.is_squad(scope[0]):
        raise Refused(_("{name} 住哪个小队？请写：平安 小队 姓名 8:00").format(name=wish.name))
    return _Whom(wish.name, scope[0], None)


async def _scope(place: str, ctx: Ctx) -> list[str]:
    """The squad that is named, else all that the speaker answers for."""
    if place:
        grid = await ctx.grid(place)
        await ctx.must_answer_for(grid.code)
        return [grid.code]
    person = ctx.someone()
    own = list(dict.fromkeys(a.grid for a in person.appointments if a.role in ANSWERING))
    if person.owner and not own:
        own = [root.code for root in await ctx.store.grids.roots()]
    if not own:
        raise Refused(_("给别人定要由队长、副手或干部来。给您自己定请发：每天平安 8:00"))
    return own


async def _known(whom: _Whom, ctx: Ctx) -> CheckIn | None:
    if whom.person:
        return await ctx.store.checkins.of(whom.person)
    return next((one for one in await ctx.store.checkins.below([whom.grid]) if one.name == whom.name), None)


async def _contact(named: Contact, grid: str, ctx: Ctx) -> Contact:
    """By the number where there is one: a name alone could be a stranger's, unless one neighbour has it."""
    if named.phone:
        who = await ctx.store.checkins.with_phone(named.phone)
        return named._replace(person=who.id, name=named.name or who.name) if who else named
    if not named.name:
        return NOBODY
    found = await ctx.store.people.neighbours_named(named.name, grid)
    if len(found) != 1:
        raise Refused(_("请写上{name}的电话，我好找到人：家人 {name} 13800000000").format(name=named.name))
    return named._replace(person=found[0][0].id)


async def _confirmed(checkin: CheckIn, ctx: Ctx) -> str:
    how = _("会问本人的手机") if await own_chats(checkin, ctx) else _("没有手机，会请队长去敲门")
    lines = [_("定好了：{name} 每天 {hour} 报平安，{how}。").format(
        name=checkin.name, hour=checkin.spoken_hour, how=how)]  # fmt: skip
    lines.append(_("一小时没有消息，就告诉队长、副手和家人，再往上报。"))
    family = _("家人：{family}").format(family=checkin.contact.spoken)
    missing = _("还没写家人。要写请发：平安 {name} {hour} 家人 姓名 电话").format(
        name=checkin.name, hour=checkin.spoken_hour
    )
    return "\n".join([*lines, family if checkin.contact.spoken else missing])


async def _told(checkin: CheckIn, ctx: Ctx) -> list[Outgoing]:
    """Whoever is asked, whoever is to be told, and whoever will have to go hear of it once."""
    here, own, by = ctx.chat.id if ctx.chat else None, await own_chats(checkin, ctx), checkin.author.name
    to_them = _("{who} 请我每天 {hour} 问您好不好。不想要请发：每天平安 停").format(who=by, hour=checkin.spoken_hour)
    to_family = _("{who} 把您写成{name}的家人：哪天 {hour} 过了一小时没有消息，我会告诉您。").format(
        who=by, name=checkin.name, hour=checkin.spoken_hour
    )
    to_leader = _("{name} 每天 {hour} 报平安。哪天没有消息，我会请您去看看。").format(
        name=checkin.name, hour=checkin.spoken_hour
    )
    rung = next_told(await ctx.rungs(checkin.grid), None)
    leaders = rung.private_chats if rung and checkin.author.id == checkin.person else ()
    told = dict.fromkeys(leaders, to_leader) | dict.fromkeys(await family_chats(checkin, ctx), to_family)
    return [Send(chat, text) for chat, text in (told | dict.fromkeys(own, to_them)).items() if chat != here]


# -- change, list ------------------------------------------------------------------------------------------------------


async def _found(wish: Wish, ctx: Ctx) -> CheckIn:
    """The one that somebody means: their own where they name nobody."""
    own = await ctx.store.checkins.of(ctx.someone().id)
    if own and wish.name in ("", own.name):
        return own
    if not wish.name:
        raise Refused(_("请写上是谁，例如：平安 暂停 张奶奶 到 8月3日"))
    found = [one for one in await ctx.store.checkins.below(await _scope(wish.place, ctx)) if one.name == wish.name]
    if not found:
        raise Refused(_("没有给 {name} 定每天报平安。发“平安”看有谁。").format(name=wish.name))
    if len(found) > 1:
        raise Refused(_("叫 {name} 的不止一位。请写上小队：平安 停 小队 姓名").format(name=wish.name))
    return found[0]


async def _changed(found: CheckIn, wish: Wish, said: Said, ctx: Ctx) -> list[Outgoing]:
    calm, outs = await _calm(found, ctx)
    before = calm or found
    by, again = ctx.someone().who, next_at(ctx.now, (before.hour,), ctx.settings.timezone)
    if wish.verb == "pause" and wish.until:
        morning = datetime.combine(wish.until, time(), ctx.settings.timezone)
        checkin = before.pause(by, next_at(morning, (before.hour,), ctx.settings.timezone), ctx.now)
        text = _("{name} 暂停报平安，到 {month}月{day}日 {hour} 自己接着问。").format(
            name=before.name, month=wish.until.month, day=wish.until.day, hour=before.spoken_hour
        )
    elif wish.verb == "resume":
        checkin = before.resume(by, again, ctx.now)
        text = _("{name} 接着报平安，下次 {when}。").format(name=before.name, when=ctx.clock(again))
    else:
        checkin, text = before.end(by, ctx.now), _("{name} 不再每天报平安了。").format(name=before.name)
    await ctx.store.checkins.save(checkin)
    return [*outs, Send(said.chat, text, reply_to=said.message_id)]


async def _listed(said: Said, ctx: Ctx) -> list[Outgoing]:
    person = ctx.someone()
    own = await ctx.store.checkins.of(person.id)
    scope = list(dict.fromkeys(a.grid for a in person.appointments if a.role in ANSWERING))
    found = [*([own] if own else []), *(one for one in await ctx.store.checkins.below(scope) if one != own)]
    lines = [f"{one.name} {one.spoken_hour}：{_stands(one, ctx)}" for one in found]
    nobody = _("还没有给谁定每天报平安。要定请发：平安 张奶奶 8:00；给自己定请发：每天平安 8:00")
    return [Send(said.chat, "\n".join(lines) or nobody, reply_to=said.message_id)]


def _stands(checkin: CheckIn, ctx: Ctx) -> str:
    asked = checkin.asked_at and checkin.asked_at.astimezone(ctx.settings.timezone).date() == ctx.today()
    return standing(checkin, ctx.clock(checkin.due_at) if checkin.due_at else "", asked_today=bool(asked))
