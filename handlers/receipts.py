"""收到: somebody says that they read it, by the button or in words; it counts for their squad, or for their door."""

from collections.abc import Sequence

from domain.broadcast import Broadcast
from domain.chat import Answer, ChatKind, Outgoing, Pressed, Said, Send
from domain.language import _
from domain.people import ANSWERING, Person
from domain.receipts import Receipt, given, is_receipt, squads_of
from domain.refused import Refused
from domain.stages import Receipts, Stage, stage_name
from handlers.broadcast import alert_card
from handlers.doors import doors_list
from handlers.draft_card import the_broadcast
from handlers.routing import Ctx, button, plain


@button("got")
async def pressed(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    broadcast, person = await the_broadcast(pressed.arg(0), ctx), ctx.someone()
    if broadcast.receipts is Receipts.NONE or broadcast.sent_at is None:
        raise Refused(_("这个按钮失效了。发“预警 列表”看现在的。"))
    await ctx.store.outbox.adopt(pressed.chat, alert_card(broadcast), pressed.message_id)
    answer, outs = await _confirm(broadcast, person, ctx)
    return [Answer(pressed.chat, pressed.press, answer), *outs]


async def awaited(said: Said, ctx: Ctx) -> bool:
    """Whether it says 收到 where something waits for it. An answer to what the bot did not warn of is talk."""
    if said.sender is None or not is_receipt(said.text):
        return False
    receipts = ctx.store.receipts
    if said.reply_to:
        ctx.about = await receipts.answered(said.chat, said.reply_to)
    elif said.chat_kind is ChatKind.GROUP:
        ctx.about = await receipts.awaited_in(said.chat)
    else:
        person = await ctx.store.people.by_account(said.sender.account)
        ctx.about = await receipts.awaited_of(person.homes) if person and person.homes else None
    return ctx.about is not None


@plain(awaited, at_once=True)
async def typed(said: Said, ctx: Ctx) -> list[Outgoing]:
    """In a group the card shows it, and nothing is said."""
    broadcast = await the_broadcast(str(ctx.about), ctx)
    answer, outs = await _confirm(broadcast, ctx.someone(), ctx)
    private = said.chat_kind is ChatKind.PRIVATE
    return [*([Send(said.chat, answer, reply_to=said.message_id)] if private else []), *outs]


async def _confirm(broadcast: Broadcast, person: Person, ctx: Ctx) -> tuple[str, list[Outgoing]]:
    """What to tell whoever confirmed, and a leader's list of the doors that have not."""
    if broadcast.stage is not Stage.SENT:
        return await _too_late(broadcast, person, ctx), []
    here = ctx.chat.grid if ctx.chat else None
    receipts = await ctx.store.receipts.owed_in(broadcast.id, [*person.homes, *([here] if here else [])], person.id)
    squads = squads_of(person, here, {one.grid for one in receipts})
    theirs = given(receipts, squads)
    counted = squads | {one.grid for one in theirs}
    new, outs = await count(broadcast, person, theirs, counted, ctx)
    by_hand = not theirs and any(one.by_hand for one in receipts if one.grid in squads)
    return _thanks(bool(theirs), bool(counted), new, bool(outs), by_hand), outs


async def count(
    broadcast: Broadcast, person: Person, theirs: Sequence[Receipt], squads: set[str], ctx: Ctx
) -> tuple[bool, list[Outgoing]]:
    """Somebody's word for these squads settles these receipts; whether it is news, and a leader's list of doors."""
    new = await ctx.store.receipts.note(broadcast.id, person.id, sorted(squads) or [None], ctx.now)
    for squad in await ctx.store.receipts.settle(theirs, person.id, ctx.now) if theirs else ():
        await ctx.store.roll_ups.count(broadcast.id, squad, ctx.now)
    if new:
        await ctx.store.roll_ups.show(broadcast.id, sorted(squads), ctx.now)
    return new, await _to_do(broadcast, person, squads, ctx) if broadcast.receipts is Receipts.HOUSEHOLD else []


def _thanks(settled: bool, at_home: bool, new: bool, listed: bool, by_hand: bool) -> str:
    if by_hand:
        return _("记下您看到了，谢谢。这个小队要等队长转发到居民的群、点了“已转发”，才算回执。")
    if listed and not settled:
        return _("记下您看到了，谢谢。哪些户还没回，私下发给您了。")
    if not at_home:
        return _("记下您看到了，谢谢。您不在要回执的小队里，不算小队的回执。")
    if not settled:
        return _("记下您看到了，谢谢。还不知道您是哪一户，请队长帮您代收。")
    return _("收到了，记下了，谢谢您。") if new else _("您回过了，不用再回，谢谢您。")


async def _too_late(broadcast: Broadcast, person: Person, ctx: Ctx) -> str:
    """Kept, not counted, and said once."""
    if not await ctx.store.receipts.note(broadcast.id, person.id, [None], ctx.now):
        return ""
    return _("{number}{how}，不用再回了，谢谢您。").format(number=broadcast.number, how=stage_name(broadcast.stage))


async def _to_do(broadcast: Broadcast, person: Person, squads: set[str], ctx: Ctx) -> list[Outgoing]:
    led = [squad for squad in sorted(squads) if person.answers_for({squad}, ANSWERING)]
    chats = await ctx.store.people.private_chats(person.id) if led else []
    return [out for squad in led for out in await doors_list(broadcast, squad, ctx, chats)]
