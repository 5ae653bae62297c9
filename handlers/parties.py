"""当事人: how the other side comes to the mediation, how each side speaks to it alone, and what if one is gone."""

import re
from collections.abc import Sequence

from domain.case import MOST_ATTACHMENTS, Case
from domain.chat import Attachment, Button, ChatId, ChatKind, Outgoing, Pressed, Said, Send, Withdraw
from domain.language import N_, _
from domain.log import Event
from domain.mediation import Mediation
from domain.people import Person, PersonId
from domain.refused import Refused
from domain.text import clean
from handlers.agreement import ask_agreement
from handlers.cards import everywhere
from handlers.enroll import LONGEST_NAME, new_code
from handlers.intake import take_in
from handlers.mediation import ask, keep, mediating, mediator_chats, siding, tell, tell_mediators, written
from handlers.report import LONGEST_REPORT, where
from handlers.routing import Ctx, button, form, words
from storage.attachments import packed, unpacked
from storage.drafts import Draft

LONGEST_ADDITION = 2000
"""Characters of what a side adds at once: they wait in the draft until the tap."""

MOST_OFFERED = 3
"""Open disputes of one person that their words are offered to, the newest first."""

_PHONE = re.compile(r"\+?\d[\d\- ]{5,18}\d")


@button("other")
async def ask_other(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    case, mediation = await mediating(ctx, pressed.arg(0))
    text = _("{number} 另一方是谁？请回姓名，有电话也写上，例如：赵大山 13800000000").format(number=case.number)
    if mediation.other and mediation.other.person:
        text += "\n" + _("现在的另一方是 {who}；请了别人，就不再是这一位。").format(who=mediation.other.name)
    return await ask(ctx, pressed, "other", str(case.id), text)


@form("other")
async def name_other(said: Said, ctx: Ctx) -> list[Outgoing]:
    """The name is kept, whether they have an account or not; a code lets them in, a neighbour can be asked at once."""
    case, before = await mediating(ctx, ctx.draft.about)
    phone = _PHONE.search(said.text)
    name = written(_PHONE.sub("", said.text), LONGEST_NAME)
    await ctx.answered(said)
    mediation = before.name_other(name, phone[0] if phone else "")
    case = await keep(ctx, case.mediated(Event.INVITED, ctx.someone().who, ctx.now, name), mediation)
    code = new_code()
    await ctx.store.mediations.set_code(code, case.id, ctx.now + ctx.settings.invitation_valid)
    text = _(
        "{number} 另一方：{name}，记下了。请对方私下对我发：\n参加调解 {code}\n"
        "只能用一次，{days} 天内有效，不要发到群里。\n对方没有手机也行：您当面说，替他记。"
    ).format(number=case.number, name=name, code=code, days=ctx.settings.invitation_valid.days)
    return [
        *await everywhere(ctx, case),
        *await _take_back(ctx, case, before),
        Send(said.chat, text, await _neighbours(ctx, case, mediation), card=f"other:{case.id}"),
    ]


async def _take_back(ctx: Ctx, case: Case, before: Mediation) -> list[Outgoing]:
    """Whoever was the other side until now is told, and keeps no button."""
    if before.other is None:
        return []
    text = _("{number} 这件事不用您参加了。").format(number=case.number)
    return await tell(ctx, before.other, text, card=f"agreement:{case.id}:{before.version}" if before.version else None)


async def _neighbours(ctx: Ctx, case: Case, mediation: Mediation) -> tuple[tuple[Button, ...], ...]:
    """Those of this name in the mediator's own grids, or around where it was reported."""
    person, path = ctx.someone(), await ctx.store.grids.path(case.origin)
    mine = [grid.code for grid in path if person.owner or any(a.grid == grid.code for a in person.appointments)]
    name = mediation.other.name if mediation.other else ""
    found = await ctx.store.people.neighbours_named(name, mine[-1] if mine else case.origin)
    return tuple(
        (Button(_("是{grid}的{who}，直接请").format(grid=grid, who=who.name), f"invite:{case.id}:{who.id}"),)
        for who, grid in found
        if who.id != mediation.first.person
    )


@button("invite")
async def invite(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    """Somebody known is asked, and comes in only if they want to."""
    case, mediation = await mediating(ctx, pressed.arg(0))
    known = await ctx.store.people.get(pressed.number(1))
    chats = await ctx.store.people.private_chats(known.id) if known else []
    if known is None or not mediation.other or known.name != mediation.other.name or not chats:
        raise Refused(_("现在请不到这个人，请用参加码。"))
    mediation, by = mediation.invite(known.who), ctx.someone()
    await ctx.store.mediations.save(mediation)
    text = _("{who} 想请您参加一次调解（{number}）。您说的话，对方看不到。调解是自愿的。").format(
        who=by.name, number=case.number
    )
    buttons = (Button(_("参加"), f"join:{case.id}"), Button(_("不参加"), f"decline:{case.id}"))
    done = _("{number} 已私下请 {who}，等回话。").format(number=case.number, who=known.name)
    return [
        *await everywhere(ctx, case),
        *(Send(chat, text, (buttons,), card=f"invited:{case.id}") for chat in chats),
        Send(pressed.chat, done, card=f"other:{case.id}"),
    ]


@button("join")
async def join(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    case, person = await ctx.case_here(pressed.arg(0)), ctx.someone()
    mediation = await ctx.store.mediations.of(case)
    if mediation.other is None or mediation.other.invited != person.id:
        raise Refused(_("这个邀请失效了。"))
    outs = await _come_in(case, mediation, pressed.chat, person, ctx)
    return [
        *outs,
        Send(pressed.chat, _("{number} 您参加了调解。").format(number=case.number), card=f"invited:{case.id}"),
    ]


@button("decline")
async def decline(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    case, person = await ctx.case_here(pressed.arg(0)), ctx.someone()
    mediation = (await ctx.store.mediations.of(case)).decline(person.who)
    case = await keep(ctx, case.mediated(Event.DECLINED, person.who, ctx.now), mediation)
    text = _("{number} {who} 现在不愿意参加。可以过两天上门再说。").format(number=case.number, who=person.name)
    done = _("{number} 好的，您没有参加。改主意了就找 {who}。").format(
        number=case.number, who=case.responder.name if case.responder else _("队长")
    )
    return [
        *await everywhere(ctx, case),
        *await tell_mediators(ctx, mediation, text),
        Send(pressed.chat, done, card=f"invited:{case.id}"),
    ]


@words("参加调解", "/attend", help=N_("参加调解 参加码 —— 调解的人给您的"))
async def join_by_code(said: Said, ctx: Ctx) -> list[Outgoing]:
    number = await ctx.store.mediations.spend_code(ctx.rest, ctx.now)
    if said.chat_kind is ChatKind.GROUP:
        # Whoever reads the group could use it: it is worth nothing from now on.
        return [Send(said.chat, _("请私下对我说。这个码作废了，请向给您的人再要一个。"))]
    if number is None:
        raise Refused(_("这个参加码不对、用过了或者过期了。请向给您的人再要一个。"))
    case = await ctx.case(str(number))
    return await _come_in(case, await ctx.store.mediations.of(case), said.chat, ctx.someone(), ctx)


async def _come_in(case: Case, before: Mediation, chat: ChatId, person: Person, ctx: Ctx) -> list[Outgoing]:
    mediation = before.join(person.who)
    case = await keep(ctx, case.mediated(Event.JOINED, person.who, ctx.now), mediation)
    text = _("您参加了 {number} 的调解，由 {who} 主持。有话直接对我说，对方看不到。").format(
        number=case.number, who="、".join(who.name for who in mediation.mediators) or _("队长")
    )
    told = _("{number} 另一方来了：{who}。不对？请再点“请另一方”。").format(number=case.number, who=person.name)
    return [
        Send(chat, text),
        *await everywhere(ctx, case, [chat]),
        *await ask_agreement(ctx, case, mediation),
        *await tell_mediators(ctx, mediation, told),
    ]


# -- each side speaks alone ----------------------------------------------------


async def open_disputes(said: Said, ctx: Ctx) -> list[int]:
    """In private: the open disputes in which the speaker is a party."""
    if said.chat_kind is not ChatKind.PRIVATE or said.sender is None:
        return []
    person = await ctx.store.people.by_account(said.sender.account)
    return await ctx.store.mediations.open_of(person.id) if person else []


async def offer(said: Said, numbers: Sequence[int], ctx: Ctx) -> list[Outgoing]:
    """What a party says without more is offered to their own side by one tap, with what they said just before."""
    before, kept = _unfinished(ctx.draft)
    text = "\n".join(filter(None, (before, clean(said.text))))[:LONGEST_ADDITION]
    attachments = (*kept, *said.attachments)[:MOST_ATTACHMENTS]
    await ctx.ask(said.chat, "side", f"{packed(attachments)}\n{text}")
    adds = [(Button(_("补充到 #{n}").format(n=n), f"side:{said.message_id}:{n}"),) for n in numbers[:MOST_OFFERED]]
    elsewhere = (Button(_("是别的事，要上报"), f"side_new:{said.message_id}"),)
    question = _("这是要告诉调解人的吗？对方看不到。")
    card = f"side:{said.message_id}"
    return [Send(said.chat, question, (*adds, elsewhere), card=card, reply_to=said.message_id)]


def _unfinished(draft: Draft) -> tuple[str, tuple[Attachment, ...]]:
    """The words and the pictures that wait for a tap."""
    kept, _newline, words = draft.about.partition("\n")
    return (words, unpacked(kept)) if draft.form == "side" else ("", ())


async def _taken(pressed: Pressed, ctx: Ctx) -> tuple[str, tuple[Attachment, ...]]:
    draft = await ctx.store.drafts.get(pressed.chat, ctx.account, ctx.now) if ctx.account else None
    if draft is None or draft.form != "side" or ctx.account is None:
        raise Refused(_("这句话已经补充过，或者过时了。请再说一次。"))
    await ctx.store.drafts.close(pressed.chat, ctx.account)
    return _unfinished(draft)


@button("side")
async def add_to_side(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    """To the mediators at once; where nobody mediates yet, it waits in the case for whoever takes it."""
    case, mediation, party = await siding(ctx, pressed.arg(1))
    words, attachments = await _taken(pressed, ctx)
    case = await ctx.store.cases.save(case.add(ctx.someone().who, words, attachments, None, ctx.now))
    text = _("{number} {who} 补充：{words}").format(
        number=case.number, who=party.name, words=words or _("（没有文字）")
    )
    chats = await mediator_chats(ctx, mediation)
    done = _("已补充到 {number}，对方看不到。").format(number=case.number)
    return [
        *await everywhere(ctx, case),
        *(Send(chat, text) for chat in chats),
        *(Send(chat, case.number, attachment=sent) for chat in chats for sent in attachments),
        Send(pressed.chat, done, card=f"side:{pressed.arg(0)}"),
    ]


@button("side_new")
async def report_instead(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    words, attachments = await _taken(pressed, ctx)
    said = Said(pressed.chat, pressed.chat_kind, pressed.chat_title, pressed.sender, pressed.arg(0), words, attachments)
    reading = ctx.recogniser.read_report(words or _("求助"))
    outs = await take_in(said, ctx, await where(ctx), words[:LONGEST_REPORT], reading)
    return [Withdraw(pressed.chat, f"side:{pressed.arg(0)}"), *outs]


# -- a side that is gone -------------------------------------------------------


async def gone(person: PersonId, ctx: Ctx) -> list[Outgoing]:
    """Somebody cannot be told anything any more: the mediators of their disputes hear what to do, the other side
    nothing."""
    outs: list[Outgoing] = []
    if await ctx.store.people.private_chats(person):
        return outs
    for number in await ctx.store.mediations.open_of(person):
        case = await ctx.case(str(number))
        mediation = await ctx.store.mediations.of(case)
        party = mediation.party(person)
        who = " ".join(filter(None, (party.name, party.phone))) if party else ""
        text = _(
            "{number} {who} 收不到我的消息了（停用或屏蔽了我）。请打电话或上门；"
            "说的话点“记一笔”，协议可以当面念、当面同意。"
        ).format(number=case.number, who=who)
        if told := await tell_mediators(ctx, mediation, text):
            outs += [*await everywhere(ctx, case), *told]
    return outs
