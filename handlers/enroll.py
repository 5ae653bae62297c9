"""加入, 绑定, 邀请: who somebody is, and whose group this is, is settled by invitation and by nothing else."""

import secrets
from datetime import timedelta

from domain.chat import AccountId, Button, ChatId, ChatKind, Entered, Knocked, Outgoing, Pressed, Said, Send
from domain.duration import spoken
from domain.grid import Grid
from domain.language import N_, _
from domain.people import ANSWERING, INVITED, Person, PersonId, Role, role_named
from domain.refused import Refused
from domain.text import clean, one_line
from handlers.at_work import at_work
from handlers.routing import Ctx, button, happens, words
from handlers.same_person import ask_namesake, become
from handlers.waiting import what_waits
from storage.enrolment import Invitation

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without the letters and digits that look alike on paper."""

CODE_LENGTH = 10
"""30 ** 10 codes, about 49 bits: not to be guessed within the week that one lives."""

OWN_CODE_VALID = timedelta(minutes=10)
"""Of a code for somebody's own second account: both phones are in the same hand."""

LONGEST_NAME = 40
"""Characters of a name or a door."""


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _n in range(CODE_LENGTH))


@words("邀请", "/invite", help=N_("邀请 角色 网格 —— 得到一个邀请码，例如：邀请 队长 三小队"))
async def invite(said: Said, ctx: Ctx) -> list[Outgoing]:
    role_word, _space, grid_word = ctx.rest.partition(" ")
    role = role_named(role_word)
    if role not in INVITED:
        raise Refused(_("请写：邀请 角色 网格。角色有：干部、队长、副手、居民。"))
    grid = await ctx.grid(grid_word)
    if said.chat_kind is ChatKind.GROUP:
        raise Refused(_("邀请码不能在群里给，请私下对我说这句话。"))
    # An officer is above every leader: only somebody from above the grid, or the owner, may make one.
    await ctx.must_answer_for(grid.parent or grid.code if role is Role.OFFICER else grid.code)
    code = new_code()
    await ctx.store.enrolment.invite(code, role, grid.code, ctx.now + ctx.settings.invitation_valid)
    text = _("请{grid}的{role}私下对我发：\n加入 {code}\n只能用一次，{time}内有效。")
    time = spoken(ctx.settings.invitation_valid)
    return [Send(said.chat, text.format(grid=grid.name, role=role.spoken, code=code, time=time))]


@words("加入", "/start", "/join", help=N_("加入 邀请码 —— 让我知道您是谁"))
async def join(said: Said, ctx: Ctx) -> list[Outgoing]:
    code = one_line(ctx.rest)
    if not code:
        return [Send(said.chat, _welcome(), reply_to=said.message_id)]
    met, (invitation, grid) = ctx.someone(), await _invited(code, ctx)
    if invitation.person is not None:
        return await _joined_anew(said, invitation.person, code, ctx)
    namesakes = await ctx.store.people.namesakes(met.name, invitation.role, grid.code)
    person = await _registered(met, ctx.account, invitation.role, grid.code, ctx)
    await ctx.store.people.appoint(person.id, invitation.role, grid.code)
    await ctx.store.enrolment.use(code, person.id, ctx.now)
    text = _("{who}，您好！您现在是{grid}的{role}。发“帮助”看能做什么。").format(
        who=person.name, grid=grid.name, role=invitation.role.spoken
    )
    own = await ctx.store.people.private_chats(person.id) if invitation.role in ANSWERING else []
    waiting = [out for chat in own for out in await what_waits(ctx, grid, chat)]
    asked = await ask_namesake(namesakes, said.chat, ctx) if person is met else []
    return [Send(said.chat, text, reply_to=said.message_id), *waiting, *asked]


@words("另一个账号", "/link", help=N_("另一个账号 —— 您在别处也用我：得到一个码，在那边发给我，就知道是您"))
async def link(said: Said, ctx: Ctx) -> list[Outgoing]:
    """Whoever holds a person's account may give them a second one."""
    person = ctx.someone()
    if said.chat_kind is ChatKind.GROUP:
        raise Refused(_("这个码不能在群里给，请私下对我说这句话。"))
    if not person.homes:
        raise Refused(_("我还不知道您是哪个小队的。请向队长要邀请码，或扫小队的二维码。"))
    code = new_code()
    until = ctx.now + OWN_CODE_VALID
    await ctx.store.enrolment.invite(code, Role.RESIDENT, person.homes[0], until, person.id)
    text = _("请用另一个账号私下对我发：\n加入 {code}\n{time}内有效。谁发这个码谁就是您，别给别人看。")
    return [Send(said.chat, text.format(code=code, time=spoken(OWN_CODE_VALID)))]


async def _joined_anew(said: Said, meant_id: PersonId, code: str, ctx: Ctx) -> list[Outgoing]:
    """Their other accounts hear of it: a code can be stolen."""
    claimant, meant = ctx.someone(), await ctx.store.people.get(meant_id)
    if meant is None or ctx.account is None or claimant.id == meant.id:
        raise Refused(_("这个码要在您的另一个账号里发，这个账号我已经认得您了。"))
    known = await ctx.store.people.ways_to(meant.id)
    await become(claimant, meant, ctx)
    await ctx.store.people.use(ctx.account, ctx.now)
    await ctx.store.enrolment.use(code, meant.id, ctx.now)
    text = _("{who}，认出您了。您在哪个账号上说话，我就在哪个账号上私下回您。").format(who=meant.name)
    warned = _("您刚用另一个账号加入了。不是您本人加的，请马上打电话告诉队长。")
    return [Send(said.chat, text, reply_to=said.message_id), *(Send(chat, warned, wakes=True) for chat in known)]


async def _invited(code: str, ctx: Ctx) -> tuple[Invitation, Grid]:
    """What this code invites to; refused where it is worth nothing any more."""
    invitation = await ctx.store.enrolment.invitation(code)
    if invitation is None:
        raise Refused(_("这个邀请码不对。请核对每一个字，或请给您邀请码的人再发一个。"))
    if invitation.used:
        raise Refused(_("这个邀请码已经用过了。请给您邀请码的人再发一个。"))
    if invitation.expires_at <= ctx.now:
        raise Refused(_("这个邀请码过期了。请给您邀请码的人再发一个。"))
    grid = await ctx.store.grids.get(invitation.grid)
    if grid is None or grid.closed_at:
        raise Refused(_("这个邀请码的网格已经撤了。请给您邀请码的人再发一个。"))
    return invitation, grid


async def _registered(met: Person, account: AccountId | None, role: Role, grid: str, ctx: Ctx) -> Person:
    """The person of the register whom this invitation means, where the register leaves no doubt."""
    unbound = [] if role is Role.RESIDENT else await ctx.store.people.unbound(role, grid)
    waiting = [person for person in unbound if await _stays_below(person, grid, ctx)]
    named = [person for person in waiting if person.name == met.name] or waiting
    if len(named) != 1 or account is None or met.appointments or met.owner:
        return met
    await ctx.store.people.merge(met.id, named[0].id)
    return named[0]


async def _stays_below(person: Person, grid: str, ctx: Ctx) -> bool:
    """Whether all that this person answers for is what whoever invites to this grid could give."""
    registered = await ctx.store.people.get(person.id)
    held = registered.appointments if registered else ()
    ways = [await ctx.store.grids.path(a.grid) for a in held if a.role in ANSWERING]
    return all(grid in {above.code for above in way} for way in ways)


def _welcome() -> str:
    return _(
        "您好，我是网格机器人。\n有邀请码请发：加入 邀请码\n"
        "已经在群里的，有事就发：上报 哪里、出了什么事\n发“帮助”看能做什么。"
    )


@happens(Entered)
async def entered(incoming: Entered, ctx: Ctx) -> list[Outgoing]:
    """They have said nothing yet, so nobody is remembered; it is only said what they can say."""
    return [Send(incoming.chat, _welcome(), reply_to=incoming.message_id)]


@words("绑定", "/bind", help=N_("绑定 网格编号 —— 让本群成为这个网格的群"))
async def bind(said: Said, ctx: Ctx) -> list[Outgoing]:
    if said.chat_kind is ChatKind.PRIVATE:
        raise Refused(_("“绑定”要在群里发，让那个群成为网格的群。"))
    grid = await ctx.grid(ctx.rest)
    await ctx.must_answer_for(grid.code)
    if ctx.chat and ctx.chat.grid and ctx.chat.grid != grid.code:
        await ctx.must_answer_for(ctx.chat.grid)
    await ctx.store.chats.bind(said.chat, grid.code)
    text = _("本群现在是 {grid} 的群。有事就发：上报 哪里、出了什么事").format(grid=grid.name)
    waiting = await what_waits(ctx, grid, said.chat)
    return [Send(said.chat, text, reply_to=said.message_id), *waiting, *await at_work(said.chat, ctx)]


@happens(Knocked)
async def knock(knocked: Knocked, ctx: Ctx) -> list[Outgoing]:
    """Somebody scanned a squad's QR code: the squad leader knows the door, and lets them in or not."""
    grid_code = await ctx.store.enrolment.poster_grid(knocked.poster)
    grid = await ctx.store.grids.get(grid_code) if grid_code else None
    if grid is None or grid.closed_at or ctx.account is None or ctx.sender is None:
        return [Send(knocked.chat, _("这个二维码失效了，请向队长要新的。"))]
    if any(grid.code == home for home in ctx.sender.homes):
        return [Send(knocked.chat, _("您已经在这个小队里了，有事就发：上报 哪里、出了什么事"))]
    name, door = clean(ctx.sender.name)[:LONGEST_NAME], clean(knocked.door)[:LONGEST_NAME]
    number = await ctx.store.enrolment.knock(grid.code, ctx.account, knocked.chat, name, door, ctx.now)
    rungs = await ctx.rungs(grid.code)
    deciding = next((rung.private_chats for rung in rungs if rung.private_chats), None)
    chats = list(deciding or await ctx.owner_chats())
    text = _("{name}（{door}）想加入 {grid}，认识吗？").format(name=name, door=door, grid=grid.name)
    buttons = (Button(_("认识，请进"), f"let_in:{number}"), Button(_("不认识"), f"turn_away:{number}"))
    waiting = _("{grid} 的队长看到后会请您进来，请稍等。急事请直接打 110、119、120。").format(grid=grid.name)
    return [
        *(Send(chat, text, (buttons,), card=f"knock:{number}") for chat in chats),
        Send(knocked.chat, waiting),
    ]


@button("let_in")
async def let_in(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    return await _answer_knock(pressed, ctx, let_in=True)


@button("turn_away")
async def turn_away(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    return await _answer_knock(pressed, ctx, let_in=False)


async def _answer_knock(pressed: Pressed, ctx: Ctx, *, let_in: bool) -> list[Outgoing]:
    waiting = await ctx.store.enrolment.knocked(pressed.number(0))
    if waiting is None:
        raise Refused(_("这个按钮失效了。请对方重新扫小队的二维码。"))
    by = await ctx.must_answer_for(waiting.grid)
    if waiting.answer:
        raise Refused(_("已经有人回答过了。"))
    await ctx.store.enrolment.answer_knock(waiting.id, "let in" if let_in else "turned away")
    if let_in:
        person = await ctx.store.people.meet(waiting.account, waiting.name)
        await ctx.store.people.appoint(person.id, Role.RESIDENT, waiting.grid)
        await ctx.store.people.settle(person.id, waiting.grid, waiting.door)
        told = _("{who} 请您进来了。有事就发：上报 哪里、出了什么事").format(who=by.name)
        done = _("{name}（{door}）已加入，{who} 请进").format(name=waiting.name, door=waiting.door, who=by.name)
    else:
        told = _("队长没有认出您。请当面找队长，或再扫一次二维码，把姓名和门牌写清楚。")
        done = _("{name}（{door}）没有加入，{who} 不认识").format(name=waiting.name, door=waiting.door, who=by.name)
    chats: list[ChatId] = await ctx.store.outbox.chats_with(f"knock:{waiting.id}")
    return [*(Send(chat, done, card=f"knock:{waiting.id}") for chat in chats), Send(waiting.chat, told)]
