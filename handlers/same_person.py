"""绑定手机: somebody with two accounts is one person: says so from the one, and it is confirmed from the other."""

from collections.abc import Sequence
from datetime import timedelta

from domain.chat import Answer, Button, ChatId, ChatKind, Outgoing, Pressed, Said, Send
from domain.language import N_, _
from domain.people import Person, Role
from domain.phone import phone_number
from domain.refused import Refused
from domain.text import one_line
from handlers.routing import Ctx, button, words
from storage.enrolment import Claim

CLAIM_VALID = timedelta(hours=24)
"""How long the question stands: whoever has two accounts looks into the other one the same day."""

CLAIMS_A_DAY = 3
"""Of one account: more is somebody who tries numbers, and each wakes a person with a question."""


@words("绑定手机", "/phone", help=N_("绑定手机 号码 —— 换了账号，或在别处也用我：让我知道还是您"))
async def by_phone(said: Said, ctx: Ctx) -> list[Outgoing]:
    """Whether a number is known is told to nobody: the answer is the same."""
    if said.chat_kind is ChatKind.GROUP:
        raise Refused(_("手机号不要在群里发，请私下对我说这句话。"))
    number = phone_number(one_line(ctx.rest, 40))
    if number is None:
        raise Refused(_("请在后面写上您登记过的手机号，例如：绑定手机 13800000000"))
    if not await _may_ask(ctx):
        raise Refused(_("今天问过几次了，请明天再试，或请队长给您邀请码。"))
    meant = await ctx.store.people.by_phone(number)
    asked = await _ask(meant, said.chat, ctx) if meant else []
    text = _("登记过这个号码的，马上有人来确认：请在您原来的账号里点“是我”；没有别的账号，由队长来点。")
    return [Send(said.chat, text, reply_to=said.message_id), *asked]


async def ask_namesake(namesakes: Sequence[Person], chat: ChatId, ctx: Ctx) -> list[Outgoing]:
    """Whoever has the same name and the same place may be the same person, and is the one to say so."""
    if len(namesakes) != 1 or not await ctx.store.people.ways_to(namesakes[0].id) or not await _may_ask(ctx):
        return []
    return await _ask(namesakes[0], chat, ctx)


async def _may_ask(ctx: Ctx) -> bool:
    since = ctx.now - CLAIM_VALID
    return ctx.account is not None and await ctx.store.enrolment.claims_since(ctx.account, since) < CLAIMS_A_DAY


async def _ask(meant: Person, chat: ChatId, ctx: Ctx) -> list[Outgoing]:
    """A number or a name proves nothing: that person is asked on the account they have, or who answers for them."""
    claimant = ctx.someone()
    if ctx.account is None or meant.id == claimant.id:
        return []
    number = await ctx.store.enrolment.claim(ctx.account, chat, claimant.id, meant.id, ctx.now)
    own = await ctx.store.people.private_chats(meant.id)
    text, yes, no = (
        (_("有人用新账号“{name}”说就是您本人。是您吗？不是您，请点“不是我”。"), _("是我"), _("不是我"))
        if own
        else (_("“{name}”说就是 {person}，用的是登记过的手机号。是本人吗？"), _("是本人"), _("不是"))
    )
    text = text.format(name=one_line(claimant.name, 40), person=meant.name)
    buttons = ((Button(yes, f"same_person:{number}"), Button(no, f"other_person:{number}")),)
    chats = own or await _who_know(meant, claimant, ctx)
    return [Send(one, text, buttons, card=f"claim:{number}", wakes=bool(own)) for one in chats]


async def _who_know(meant: Person, claimant: Person, ctx: Ctx) -> list[ChatId]:
    """The nearest who can vouch for them, else the owners."""
    for home in meant.homes[:1]:
        for rung in await ctx.rungs(home):
            able = [a for a in rung.answerers if a.chat and a.person not in (meant.id, claimant.id)]
            chats = [a.chat for a in able if a.chat and await _may_vouch(a.person, meant, ctx)]
            if chats:
                return list(dict.fromkeys(chats))
    return await ctx.owner_chats()


async def _may_vouch(by: int, meant: Person, ctx: Ctx) -> bool:
    voucher = await ctx.store.people.get(by)
    return voucher is not None and await _could_invite(voucher, meant, ctx)


async def _could_invite(voucher: Person, meant: Person, ctx: Ctx) -> bool:
    """Whether they could give all that this person holds: whoever vouches gives it away."""
    for held in meant.appointments:
        path = [grid.code for grid in await ctx.store.grids.path(held.grid)]
        if not voucher.answers_for(set(path[1:] or path) if held.role is Role.OFFICER else set(path)):
            return False
    return True


@button("same_person")
async def same(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    claim, meant = await _to_answer(pressed, ctx)
    claimant = await ctx.store.people.by_account(claim.account)
    if claimant is None or claimant.id != claim.claimant:
        raise Refused(_("这个按钮失效了。请在新账号里再发一次：绑定手机 号码"))
    await become(claimant, meant, ctx)
    await ctx.store.people.use(claim.account, ctx.now)
    told = _("{who}，认出您了。您在哪个账号上说话，我就在哪个账号上私下回您。").format(who=meant.name)
    return [*await _answered(claim, "same", pressed, ctx), Send(claim.chat, told, wakes=True)]


@button("other_person")
async def other(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    claim, _meant = await _to_answer(pressed, ctx)
    return await _answered(claim, "other", pressed, ctx)


async def _to_answer(pressed: Pressed, ctx: Ctx) -> tuple[Claim, Person]:
    """The question, by somebody who may answer it: that person, or who could have invited them where they have no
    account. Never whoever asked."""
    claim, by = await ctx.store.enrolment.claimed(pressed.number(0)), ctx.someone()
    meant = await ctx.store.people.get(claim.person) if claim else None
    if claim is None or meant is None or claim.claimed_at + CLAIM_VALID <= ctx.now:
        raise Refused(_("这个按钮失效了。请在新账号里再发一次：绑定手机 号码"))
    own = await ctx.store.people.ways_to(meant.id)
    may = by.id == meant.id or (not own and by.id != claim.claimant and await _could_invite(by, meant, ctx))
    if not may:
        raise Refused(_("这要由本人，或能邀请本人的队长、网格长、干部来点。"))
    if claim.answer:
        raise Refused(_("已经有人回答过了。"))
    return claim, meant


async def _answered(claim: Claim, answer: str, pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    await ctx.store.enrolment.answer_claim(claim.id, answer)
    done = _("确认了，是同一个人。") if answer == "same" else _("记下了，不是同一个人，那个账号什么也得不到。")
    card = f"claim:{claim.id}"
    chats = await ctx.store.outbox.chats_with(card)
    return [Answer(pressed.chat, pressed.press), *(Send(chat, done, card=card) for chat in chats)]


async def become(claimant: Person, meant: Person, ctx: Ctx) -> None:
    """All that somebody did from their new account is theirs."""
    if not claimant.may_become(meant):
        raise Refused(_("那个账号另有职务，不能合成一个人，请找管理员。"))
    await ctx.store.people.merge(claimant.id, meant.id)
