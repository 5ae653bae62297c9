"""换班: somebody gives a turn away and takes the other's for it, once the other has said yes."""

from datetime import date

from domain.chat import Button, ChatKind, Due, Outgoing, Pressed, Promise, Said, Send
from domain.duty import Rota, Turn, Turns
from domain.duty_words import leading_days
from domain.language import N_, _
from domain.people import Who
from domain.refused import Refused
from domain.swap import State, Swap, ask, own_turn
from domain.text import one_line
from handlers.duty_board import turn_name
from handlers.handover import relieve
from handlers.own_turns import OFFERED, ahead, has_turns, in_charge, offered, own_ahead, own_rotas, the_rota, turn_of
from handlers.routing import Ctx, button, due, words
from handlers.timetable import local


@words("换班", "/swap", concerns=has_turns, help=N_("换班 —— 您的班请别人值：点一下，或发：换班 7月26日 李四"))
async def swap(said: Said, ctx: Ctx) -> list[Outgoing]:
    rotas, order = [rota for rota in await own_rotas(ctx) if rota.turns is not Turns.CASE], one_line(ctx.rest)
    if not rotas:
        raise Refused(_("轮流接单不用换班。有几天不能来，请发：请假 7月26日"))
    if said.chat_kind is ChatKind.GROUP:
        raise Refused(_("换班不在群里谈，请私下对我发同样的话。"))
    if not order:
        return offered(rotas, "swap_turn", _("哪一班要换？请点一下。"), said.chat, ctx)
    days = leading_days(order, local(ctx))
    if days is None or not days.rest:
        raise Refused(_("请写哪天和谁换，例如：换班 7月26日 李四。或者只发“换班”，点一下。"))
    rota, turn = _own(rotas, days.first, ctx)
    named = [who for who in await ctx.store.duty.staff(rota.grid) if who.name == days.rest]
    if len(named) != 1:
        raise Refused(_("没认出 {name} 是谁。请只发“换班”，点名字来选。").format(name=days.rest))
    return await _asked(rota, turn, named[0], said, ctx)


def _own(rotas: list[Rota], day: date, ctx: Ctx) -> tuple[Rota, Turn]:
    """The rota in which this day is the speaker's; refused by the rules of the first where it is in none."""
    own = (rota for rota in rotas if any(turn.first <= day <= turn.last for turn in own_ahead(rota, ctx)))
    rota = next(own, rotas[0])
    return rota, own_turn(ahead(rota, ctx), ctx.someone().who, day, ctx.settings.shift.day(ctx.now))


@button("swap")
async def choose(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    rota = await the_rota(pressed.number(0), ctx)
    return offered([rota], "swap_turn", _("哪一班要换？请点一下。"), pressed.chat, ctx)


@button("swap_turn")
async def choose_whom(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    rota = await the_rota(pressed.number(0), ctx)
    turn, person = turn_of(pressed, rota, ctx), ctx.someone()
    theirs = {turn.who.id: turn for turn in reversed(_later(rota, ctx))}
    others = [who for who in await ctx.store.duty.staff(rota.grid) if who.id != person.id]
    if not others:
        raise Refused(_("这里没有别人可以换。请把班的事告诉队长。"))
    data = f"swap_with:{rota.id}:{turn.first.isoformat()}"
    taps = [(Button(_label(who, theirs.get(who.id)), f"{data}:{who.id}"),) for who in others[:OFFERED]]
    return [Send(pressed.chat, _("{turn} 请谁来值？").format(turn=turn_name(turn)), tuple(taps))]


def _label(who: Who, turn: Turn | None) -> str:
    return _("{who}，您值 {turn}").format(who=who.name, turn=turn_name(turn)) if turn else who.name


@button("swap_with")
async def ask_them(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    rota = await the_rota(pressed.number(0), ctx)
    other = next((who for who in await ctx.store.duty.staff(rota.grid) if who.id == pressed.number(2)), None)
    if other is None:
        raise Refused(_("这个人现在不管这一片了，请另选一位"))
    return await _asked(rota, turn_of(pressed, rota, ctx), other, pressed, ctx)


async def _asked(rota: Rota, turn: Turn, other: Who, incoming: Said | Pressed, ctx: Ctx) -> list[Outgoing]:
    wanted = ask(rota.id, turn, other, _later(rota, ctx))
    if await ctx.store.swaps.is_asked(wanted):
        raise Refused(_("已经问过 {who} 了，请等回答。").format(who=other.name))
    if any((other.id, day) in rota.away for day in turn.days):
        raise Refused(_("{who} 那几天请假，请选别人。").format(who=other.name))
    chats = await ctx.store.people.private_chats(other.id)
    if not chats:
        raise Refused(_("{who} 收不到私信，请当面说好，再请队长来排。").format(who=other.name))
    shift = ctx.settings.shift
    begins = min(shift.begins(one.first) for one in (wanted.given, wanted.taken) if one)
    number = await ctx.store.swaps.add(wanted, max(begins, shift.next(ctx.now)))
    row = (Button(_("同意"), f"swap_yes:{number}"), Button(_("不行"), f"swap_no:{number}"))
    text = _("{who} 想请您换班：{deal}").format(who=wanted.asker.name, deal=_deal(wanted))
    asked = _("已经问 {who}，等回答。回答以前还是您的班。").format(who=other.name)
    cards = [Send(chat, text, (row,), Promise.CARD, _card(number)) for chat in chats]
    return [*cards, Send(incoming.chat, asked)]


def _deal(swap: Swap) -> str:
    given = _("{turn} 由 {who} 值").format(turn=turn_name(swap.given), who=swap.other.name)
    if swap.taken is None:
        return given
    return given + "，" + _("{turn} 由 {who} 值").format(turn=turn_name(swap.taken), who=swap.asker.name)


def _later(rota: Rota, ctx: Ctx) -> list[Turn]:
    """The turns that have not begun: what runs already is not given back for another."""
    return [turn for turn in ahead(rota, ctx) if turn.first > ctx.settings.shift.day(ctx.now)]


def _card(number: int) -> str:
    return f"swap:{number}"


@button("swap_yes")
async def accept(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    swap, rota = await _the_swap(pressed, ctx)
    swap = swap.answer(ctx.someone().id, State.ACCEPTED, ahead(rota, ctx))
    staff = {who.id for who in await ctx.store.duty.staff(rota.grid)}
    grid = await ctx.store.grids.get(rota.grid)
    if grid is None or not {swap.asker.id, swap.other.id} <= staff:
        raise Refused(_("你们中有人不再管这一片了，换不成。请告诉队长。"))
    await ctx.store.swaps.settle(swap)
    await ctx.store.duty.give(rota.id, [(day, who.id) for day, who in swap.days.items()])
    text = _("换好了：{deal}").format(deal=_deal(swap))
    told = dict.fromkeys(await ctx.store.people.private_chats(swap.asker.id))
    told |= dict.fromkeys(await in_charge(rota.grid, swap.asker.id, ctx))
    others = [Send(chat, text, brief=text) for chat in told if chat != pressed.chat]
    return [*await _shown(swap, text, ctx), *others, *await relieve(grid, ctx)]


@button("swap_no")
async def decline(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    swap, rota = await _the_swap(pressed, ctx)
    swap = swap.answer(ctx.someone().id, State.DECLINED, ahead(rota, ctx))
    await ctx.store.swaps.settle(swap)
    text = _("{who} 那天不行，{turn} 还是您值。可以再问别人：换班").format(
        who=swap.other.name, turn=turn_name(swap.given)
    )
    return [*await _shown(swap, _("好的，没有换。"), ctx), *await _asker_hears(swap, text, ctx)]


@due("swap")
async def unanswered(lapsed: Due, ctx: Ctx) -> list[Outgoing]:
    """The turn begins, and the other has not said anything: it stays whose it is."""
    swap = await ctx.store.swaps.get(lapsed.id)
    if swap is None:
        return []
    swap = swap.lapse()
    await ctx.store.swaps.settle(swap)
    text = _("{who} 没有回答，{turn} 还是您值。").format(who=swap.other.name, turn=turn_name(swap.given))
    return [*await _shown(swap, _("时间过了，没有换。"), ctx), *await _asker_hears(swap, text, ctx)]


async def _the_swap(pressed: Pressed, ctx: Ctx) -> tuple[Swap, Rota]:
    swap = await ctx.store.swaps.get(pressed.number(0))
    rota = await ctx.store.duty.get(swap.rota) if swap else None
    if swap is None or rota is None:
        raise Refused(_("这个按钮失效了。发“值班”看现在的。"))
    return swap, await ctx.holding(rota)


async def _shown(swap: Swap, text: str, ctx: Ctx) -> list[Outgoing]:
    """The question says what became of it, without its buttons."""
    card = _card(swap.id)
    return [Send(chat, text, (), Promise.CARD, card) for chat in await ctx.store.outbox.chats_with(card)]


async def _asker_hears(swap: Swap, text: str, ctx: Ctx) -> list[Outgoing]:
    return [Send(chat, text, brief=text) for chat in await ctx.store.people.private_chats(swap.asker.id)]
