"""协议: what both sides will do, in words that each confirms by a tap; and what follows when it is not kept."""

from domain.case import Case
from domain.chat import Button, Due, Outgoing, Pressed, Said, Send
from domain.escalation import next_above
from domain.language import _
from domain.log import Event
from domain.mediation import CONFIRM_WITHIN, DISPUTE, Mediation, Party, Side
from domain.refused import Refused
from handlers.cards import aloud, everywhere
from handlers.discretion import way
from handlers.mediation import ask, keep, mediating, party_chats, siding, tell, tell_mediators, written
from handlers.routing import Ctx, button, due, form
from handlers.visits import call_off
from handlers.voices import questions

LONGEST_AGREEMENT = 2000
"""Characters: it has to fit in one message of every service, with its buttons."""

LONGEST_WHY = 500
"""Characters."""


@button("agreement")
async def ask_text(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    case, mediation = await mediating(ctx, pressed.arg(0))
    mediation.propose("")  # Refuse now, not after the words are written.
    text = _("{number} 请把双方说好的写成一段话发给我：谁，在什么时候以前，做什么。写好就发给双方确认。")
    return await ask(ctx, pressed, "agreement", str(case.id), text.format(number=case.number))


@form("agreement")
async def propose(said: Said, ctx: Ctx) -> list[Outgoing]:
    case, mediation = await mediating(ctx, ctx.draft.about)
    words = written(said.text, LONGEST_AGREEMENT)
    await ctx.answered(said)
    mediation = mediation.propose(words)
    case = await keep(ctx, case.mediated(Event.PROPOSED, ctx.someone().who, ctx.now, words), mediation)
    done = _("{number} 协议第 {n} 版发给双方了。收不到私信的，请当面念给他听，再点“当面同意了”。")
    return [
        *await everywhere(ctx, case, [said.chat]),
        *await ask_agreement(ctx, case, mediation),
        Send(said.chat, done.format(number=case.number, n=mediation.version)),
    ]


async def ask_agreement(ctx: Ctx, case: Case, mediation: Mediation) -> list[Outgoing]:
    """The text in front of each side that has not said yes to it."""
    version = mediation.version
    buttons = (
        Button(_("同意"), f"agree:{case.id}:{version}"),
        Button(_("不同意，要改"), f"disagree:{case.id}:{version}"),
    )
    text = _("{number} 调解协议（第 {n} 版）：\n{words}\n\n请看清楚。同意不同意都由您自己决定。").format(
        number=case.number, n=version, words=mediation.agreement
    )
    asked = [party for party in mediation.parties if version and party.agreed != version]
    # Each version is a message of its own: what somebody said yes to stays readable where they said it.
    return [out for party in asked for out in await tell(ctx, party, text, (buttons,), _card(case, version))]


def _card(case: Case, version: int) -> str:
    return f"agreement:{case.id}:{version}"


@button("agree")
async def agree(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    case, mediation, party = await siding(ctx, pressed.arg(0))
    return await _said_yes(case, mediation, party, pressed.number(1), "", ctx)


@button("agree_for")
async def agree_for(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    """An agreement may be oral: the mediator notes the yes of somebody who cannot press a button here."""
    case, mediation = await mediating(ctx, pressed.arg(0))
    if pressed.arg(2) not in set(Side):
        raise Refused(_("这个按钮失效了。发“查询”看进展。"))
    party = mediation.side(Side(pressed.arg(2)))
    if await party_chats(ctx, party):
        raise Refused(_("{who} 收得到我的消息，要由本人自己点。").format(who=party.name))
    noted = _("（{who} 当面同意）").format(who=party.name)
    return await _said_yes(case, mediation, party, pressed.number(1), noted, ctx)


async def _said_yes(
    case: Case, mediation: Mediation, party: Party, version: int, noted: str, ctx: Ctx
) -> list[Outgoing]:
    if case.responder is None:
        raise Refused(_("现在没有人主持调解，等有人接单再说。"))
    mediation = mediation.agree(party.side, version, ctx.now)
    case = case.mediated(Event.AGREED, ctx.someone().who, ctx.now, noted)
    if mediation.agreed:
        return await _in_force(case, mediation, ctx)
    case = await keep(ctx, case, mediation)
    thanks = _("{number} 您同意了第 {n} 版协议，等另一方确认：\n{words}").format(
        number=case.number, n=version, words=mediation.agreement
    )
    told = _("{number} {who} 同意了协议，等另一方。").format(number=case.number, who=party.name)
    return [
        *await everywhere(ctx, case),
        *await tell(ctx, party, thanks, card=_card(case, version)),
        *await tell_mediators(ctx, mediation, told),
    ]


async def _in_force(case: Case, mediation: Mediation, ctx: Ctx) -> list[Outgoing]:
    """With the second yes it binds both; the case is done, and its reporter has the last word as always."""
    by = case.responder or ctx.someone().who
    case = case.resolve(_("双方达成协议"), by, ctx.settings.verify_within, ctx.now)
    case = await keep(ctx, case, mediation)
    until = (ctx.now + CONFIRM_WITHIN).astimezone(ctx.settings.timezone)
    text = _(
        "{number} 双方都同意了，协议从现在起有效：\n{words}\n\n想更稳妥，可以在 {month} 月 {day} 日以前，双方一起"
        "到法院申请司法确认，不收费；确认了的协议，不履行可以申请强制执行。对方没有做到，请点卡片上的“没有履行”。"
    ).format(number=case.number, words=mediation.agreement, month=until.month, day=until.day)
    told = _("{number} 双方都同意了，协议生效，已办结。").format(number=case.number)
    sides = [await tell(ctx, party, text, card=_card(case, mediation.version)) for party in mediation.parties]
    return [
        *await everywhere(ctx, case),
        *(out for outs in sides for out in outs),
        *await tell_mediators(ctx, mediation, told),
        *await questions(ctx, case),
    ]


@button("disagree")
async def ask_what_to_change(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    case, mediation, party = await siding(ctx, pressed.arg(0))
    mediation.disagree(party.side, pressed.number(1))
    text = _("{number} 哪里要改？请回一句话，只有调解人看得到。").format(number=case.number)
    return await ask(ctx, pressed, "disagree", f"{case.id}:{mediation.version}", text)


@form("disagree")
async def disagree(said: Said, ctx: Ctx) -> list[Outgoing]:
    number, _colon, version = ctx.draft.about.partition(":")
    case, mediation, party = await siding(ctx, number)
    words = written(said.text, LONGEST_WHY)
    await ctx.answered(said)
    mediation = mediation.disagree(party.side, int(version))
    case = await keep(ctx, case.mediated(Event.DISAGREED, ctx.someone().who, ctx.now, words), mediation)
    told = _("{number} {who} 不同意协议：{words}\n改好了请再点“写协议”。").format(
        number=case.number, who=party.name, words=words
    )
    done = _("{number} 知道了，调解人会再和您商量。").format(number=case.number)
    return [
        *await everywhere(ctx, case),
        *await tell(ctx, party, done, card=_card(case, mediation.version)),
        *await tell_mediators(ctx, mediation, told),
    ]


@button("broken")
async def ask_what_is_broken(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    case, mediation = await _concerned(ctx, pressed.arg(0))
    mediation.broken(ctx.now)
    text = _("{number} 哪一条没有履行？请回一句话，只有调解人看得到。").format(number=case.number)
    return await ask(ctx, pressed, "broken", str(case.id), text)


@form("broken")
async def broken(said: Said, ctx: Ctx) -> list[Outgoing]:
    """It goes to the level above, with all that happened; both sides hear that it goes on, and not who said why."""
    case, before = await _concerned(ctx, ctx.draft.about)
    words = written(said.text, LONGEST_WHY)
    await ctx.answered(said)
    rungs = await way(ctx, case)
    above = next_above(rungs, case.grid)
    kind, by = await ctx.kind(case.kind, case.origin), ctx.someone()
    case = case.broken(words, by.who, above.grid.code if above else None, kind, ctx.now)
    case = await keep(ctx, case, before.broken(ctx.now))
    await call_off(case, ctx)
    rung = above or next((rung for rung in rungs if rung.grid.code == case.grid), None)
    hearers = rung.chats if rung else ()
    called = await aloud(ctx, case, hearers, _("{number} 协议没有履行，请接单再调解。").format(number=case.number))
    text = _("{number} 协议没有履行，交给上一级再调解，会有人私下找您。").format(number=case.number)
    sides = [out for party in before.parties for out in await tell(ctx, party, text)]
    return [*await everywhere(ctx, case, hearers), *called, *sides]


async def _concerned(ctx: Ctx, number: str) -> tuple[Case, Mediation]:
    """A settled dispute that the speaker mediated or is a party to, in private."""
    case = await ctx.case_here(number)
    mediation, person = await ctx.store.mediations.of(case), ctx.someone().id
    if case.kind != DISPUTE or not (mediation.party(person) or mediation.mediates(person)):
        raise Refused(_("这个按钮是给当事人和调解人的。"))
    return case, mediation


@due("mediation")
async def confirm_in_court(lapsed: Due, ctx: Ctx) -> list[Outgoing]:
    """Both are told once, while there is time to go together."""
    case = await ctx.case(str(lapsed.id))
    mediation = await ctx.store.mediations.of(case)
    await ctx.store.mediations.save(mediation.reminded())
    if case.open or mediation.agreed_at is None:
        return []
    until = (mediation.agreed_at + CONFIRM_WITHIN).astimezone(ctx.settings.timezone)
    text = _(
        "{number} 提醒一下：想让法院确认协议的，请在 {month} 月 {day} 日以前双方一起去申请，不收费。"
        "已经办好或不需要，就不用理会。"
    ).format(number=case.number, month=until.month, day=until.day)
    return [out for party in mediation.parties for out in await tell(ctx, party, text)]
