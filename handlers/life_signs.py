"""报平安: the question at its hour, the answer in whatever words, and who is sent to look where there is none."""

from datetime import datetime

from domain.chat import Answer, Due, Incoming, Outgoing, Pressed, Promise, Send, Undelivered
from domain.checkin import AWAITED, CheckIn, State, next_told
from domain.daily import next_at
from domain.language import _
from domain.people import Person, Who
from domain.refused import Refused
from handlers.checkin_card import alarm_card, alarms, family_chats, own_chats, question_card, questions
from handlers.routing import Ctx, button, due, overhears


@due("checkin")
async def its_hour(lapsed: Due, ctx: Ctx) -> list[Outgoing]:
    checkin = await ctx.store.checkins.get(lapsed.id)
    if checkin is None:
        return []
    if checkin.state in AWAITED:
        return await _missed(checkin, ctx)
    if morning := ctx.settings.morning(ctx.now):
        await ctx.store.checkins.save(checkin.postpone(morning))
        return []
    return await questions(await ctx.store.checkins.save(checkin.ask(ctx.now)), ctx)


async def _missed(before: CheckIn, ctx: Ctx) -> list[Outgoing]:
    """Leader, deputy and family first, then the grids above, one after the other; then the topmost again, aloud."""
    rungs = await ctx.rungs(before.grid)
    told = next_told(rungs, before.reached)
    checkin = await ctx.store.checkins.save(before.miss(told.grid.code if told else None, ctx.now))
    outs: list[Outgoing] = []
    if before.state is State.ASKED:
        text = _("{name}，还没收到您的消息，大家惦记您。好的话请点“我很好”。").format(name=checkin.name)
        outs += [Send(chat, text, promise=Promise.LIFE) for chat in await own_chats(checkin, ctx)]
        outs += await alarms(checkin, ctx, await family_chats(checkin, ctx))
    if told:
        return [*outs, *await alarms(checkin, ctx, told.private_chats)]
    last = next((rung.private_chats for rung in rungs if rung.grid.code == checkin.reached), ())
    text = _("{name}还没有消息，也没有人回话。请马上派人去看。").format(name=checkin.name)
    chats = list(last) or await ctx.owner_chats()
    return [*outs, *await alarms(checkin, ctx, chats), *(Send(chat, text, promise=Promise.LIFE) for chat in chats)]


async def unheard(incoming: Undelivered, number: int, ctx: Ctx) -> list[Outgoing]:
    """The alarm did not arrive, and nobody else has it: it does not wait for those above to be next."""
    checkin = await ctx.store.checkins.get(number)
    if checkin is None or checkin.state is not State.MISSED or incoming.card != alarm_card(checkin):
        return []
    others = [chat for chat in await ctx.store.outbox.chats_with(alarm_card(checkin)) if chat != incoming.chat]
    above = next_told(await ctx.rungs(checkin.grid), checkin.reached)
    return await _missed(checkin, ctx) if above and not others else []


# -- a word of theirs ------------------------------------------------------------------------------------------------


@button("fine")
async def fine(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    """我很好."""
    checkin = await _pressed(pressed, ctx)
    if checkin.person != ctx.someone().id:
        raise Refused(_("这是问{name}的，要本人来点。").format(name=checkin.name))
    return [Answer(pressed.chat, pressed.press, _("知道您好，谢谢您！")), *await well(checkin, ctx.someone().who, ctx)]


@overhears
async def spoke(_said: Incoming, person: Person, ctx: Ctx) -> list[Outgoing]:
    """Whoever says anything anywhere is alive: what it was is nobody's business."""
    checkin = await ctx.store.checkins.of(person.id) if person.awaited else None
    return await well(checkin, person.who, ctx) if checkin and checkin.state in AWAITED else []


# -- somebody goes and looks -----------------------------------------------------------------------------------------


@button("knocked")
async def knocked(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    """已敲门, 人没事."""
    checkin = await _pressed(pressed, ctx)
    return await well(checkin, (await _must_care(checkin, ctx)).who, ctx)


@button("going")
async def going(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    checkin = await _pressed(pressed, ctx)
    checkin = await ctx.store.checkins.save(checkin.go((await _must_care(checkin, ctx)).who, ctx.now))
    text = _("谢谢您！见到人了请点“人没事”；人不舒服，先打 120，再发：代报 {name} 出了什么事").format(name=checkin.name)
    return [*await alarms(checkin, ctx), Send(pressed.chat, text)]


async def _pressed(pressed: Pressed, ctx: Ctx) -> CheckIn:
    checkin = await ctx.store.checkins.get(pressed.number(0))
    if checkin is None or checkin.state is State.ENDED:
        raise Refused(_("这个按钮失效了。发“平安”看现在的。"))
    for card in (question_card(checkin), alarm_card(checkin)) if checkin.asked_at else ():
        await ctx.store.outbox.adopt(pressed.chat, card, pressed.message_id)
    return checkin


async def _must_care(checkin: CheckIn, ctx: Ctx) -> Person:
    """Their family, or somebody who answers for where they live."""
    person = ctx.someone()
    return person if person.id == checkin.contact.person else await ctx.must_answer_for(checkin.grid)


async def well(before: CheckIn, by: Who, ctx: Ctx) -> list[Outgoing]:
    """The cards say so, and whoever was alarmed hears that they need not go."""
    tomorrow = next_at(ctx.now, (before.hour,), ctx.settings.timezone)
    checkin = await ctx.store.checkins.save(before.well(by, tomorrow, ctx.now))
    outbox, own = ctx.store.outbox, await own_chats(checkin, ctx)
    asked, alarmed = await outbox.chats_with(question_card(checkin)), await outbox.chats_with(alarm_card(checkin))
    text, thanks = _good_news(checkin, by, ctx), _thanks(checkin, tomorrow, ctx)
    cards = [Send(c, thanks if c in own else text, promise=Promise.CARD, card=question_card(checkin)) for c in asked]
    ends = [Send(c, text, promise=Promise.CORRECTION, card=alarm_card(checkin)) for c in alarmed]
    here = ctx.chat.id if ctx.chat else None
    return [*cards, *ends, *(Send(c, text, promise=Promise.CORRECTION) for c in alarmed if c != here)]


def _thanks(checkin: CheckIn, again: datetime, ctx: Ctx) -> str:
    if again.astimezone(ctx.settings.timezone).date() > ctx.today():
        return _("收到，知道您好。明天 {hour} 再问您。").format(hour=checkin.spoken_hour)
    return _("收到，知道您好。{hour} 再问您。").format(hour=checkin.spoken_hour)


def _good_news(checkin: CheckIn, by: Who, ctx: Ctx) -> str:
    if by.id == checkin.person:
        return _("✓ {name} 好着，{time} 有消息了。").format(name=checkin.name, time=ctx.clock(ctx.now))
    return _("✓ {name} 好着，{who} {time} 看过了。").format(name=checkin.name, who=by.name, time=ctx.clock(ctx.now))
