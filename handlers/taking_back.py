"""更正, 撤销, 解除: one press of one person, to exactly the groups that got it or may have, before anything else."""

from dataclasses import replace

from domain.broadcast import Broadcast
from domain.chat import ChatId, Due, Outgoing, Pressed, Promise, Said, Send
from domain.language import N_, _
from domain.people import Person
from domain.stages import Sort, Stage
from handlers.broadcast import alert_card, copies, group_text, receipt_buttons, what, worded
from handlers.draft_card import shown, the_broadcast
from handlers.owing import close
from handlers.reach import must_command, place_name
from handlers.rehearsal import drill_text
from handlers.release import lapse
from handlers.routing import Ctx, button, due, form

_ENDS = {
    Stage.CANCELLED: N_("【撤销】{place}的{what}（{number}）作废，是发错了。请不要照做，也不要转发。"),
    Stage.CLEARED: N_("【解除】{place}的{what}（{number}）解除了，谢谢大家配合。"),
    Stage.EXPIRED: N_("【到期】{place}的{what}（{number}）到期了，不再有效。"),
    Stage.REVISED: N_("【更新】{place}的{what}（{number}）由新的代替，请看新的。"),
}


@button("alert_cancel")
async def cancel(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    broadcast, person = await _to_take_back(pressed.arg(0), ctx)
    return await end(broadcast.end(Stage.CANCELLED, person.who, ctx.now), ctx)


@button("alert_clear")
async def clear(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    broadcast, person = await _to_take_back(pressed.arg(0), ctx)
    return await end(broadcast.end(Stage.CLEARED, person.who, ctx.now), ctx)


@button("alert_amend")
async def ask_what_is_right(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    broadcast, _person = await _to_take_back(pressed.arg(0), ctx)
    await ctx.ask(pressed.chat, "alert_amended", str(broadcast.id))
    text = _("{number}改成什么？请把对的内容整段发给我，会马上发给收到过的群。整条都是发错的，请点“撤销”。")
    return [Send(pressed.chat, text.format(number=broadcast.number), asks=True)]


@form("alert_amended")
async def amend(said: Said, ctx: Ctx) -> list[Outgoing]:
    """Who was told hears what is right; who was not gets it right from the beginning."""
    broadcast, person = await _to_take_back(ctx.draft.about, ctx)
    broadcast = await ctx.store.broadcasts.save(broadcast.amend(said.text, person.who, ctx.now))
    await ctx.answered(said)
    await ctx.store.roll_ups.show_anew(broadcast.id, ctx.now)
    told = await _recalled(broadcast, ctx)
    text = _("【更正】{what}（{number}）以这条为准：\n{text}").format(
        what=what(broadcast), number=broadcast.number, text=broadcast.text
    )
    everybody = [one.chat for one in await ctx.store.broadcasts.told(broadcast.id)]
    card = await (drill_text if broadcast.sort is Sort.DRILL else group_text)(broadcast, ctx)
    anew = [replace(out, promise=Promise.CARD) if out.to in told else out for out in copies(broadcast, everybody, card)]
    return [*_corrections(broadcast, told, text), *anew, *await shown(broadcast, ctx)]


async def end(broadcast: Broadcast, ctx: Ctx) -> list[Outgoing]:
    """What has not left does not leave; who was told is told; then what stands is changed in place."""
    broadcast = await ctx.store.broadcasts.save(broadcast)
    await close(broadcast, ctx)
    told = await _recalled(broadcast, ctx)
    place = await place_name(broadcast.area, ctx)
    text = _(_ENDS[broadcast.stage]).format(place=place, what=what(broadcast), number=broadcast.number)
    standing = await ctx.store.outbox.chats_with(alert_card(broadcast))
    # What was never right is not left to be read.
    left = text if broadcast.stage is Stage.CANCELLED else f"{text}\n{broadcast.text}"
    changed = [Send(chat, worded(broadcast, left), (), Promise.CARD, alert_card(broadcast)) for chat in standing]
    return [*_told_of_end(broadcast, told, text), *changed, *await shown(broadcast, ctx)]


def _told_of_end(broadcast: Broadcast, told: list[ChatId], text: str) -> list[Outgoing]:
    """Time is nobody's mistake: it wakes nobody, and of a notice it is not worth a word."""
    if broadcast.stage is not Stage.EXPIRED:
        return _corrections(broadcast, told, text)
    if broadcast.sort is Sort.NOTICE:
        return []
    return [Send(chat, worded(broadcast, text)) for chat in told]


def _corrections(broadcast: Broadcast, told: list[ChatId], text: str) -> list[Outgoing]:
    return [Send(chat, worded(broadcast, text), promise=Promise.CORRECTION) for chat in told]


async def _recalled(broadcast: Broadcast, ctx: Ctx) -> list[ChatId]:
    """Where it was delivered or may have been, with all that repeated it."""
    cards = await ctx.store.outbox.cards_about(broadcast.id, ["alert"])
    return await ctx.store.outbox.recall(*cards) if cards else []


async def _to_take_back(number: str, ctx: Ctx) -> tuple[Broadcast, Person]:
    """By anybody with authority over all of it: a mistake must not wait for whoever made it."""
    broadcast, person = await the_broadcast(number, ctx), ctx.someone()
    await must_command(person, broadcast.area, ctx)
    broadcast.must_stand()
    return broadcast, person


# -- time passes -----------------------------------------------------------------------------------------------------


@due("broadcast")
async def lapsed(lapsed: Due, ctx: Ctx) -> list[Outgoing]:
    broadcast = await the_broadcast(str(lapsed.id), ctx)
    match broadcast.stage:
        case Stage.SENT if broadcast.expires_at and broadcast.expires_at <= ctx.now:
            return await end(broadcast.end(Stage.EXPIRED, None, ctx.now), ctx)
        case Stage.SENT:
            return await _say_again(broadcast, ctx)
        case Stage.SUBMITTED:
            return await lapse(broadcast, _("10 分钟没人通过，已经作废，没有发出。还要发，请重新写。"), ctx)
    return await shown(await ctx.store.broadcasts.save(broadcast.discard(None, ctx.now)), ctx)


async def _say_again(broadcast: Broadcast, ctx: Ctx) -> list[Outgoing]:
    """A grave warning is said again while it is in force, to those who have it; each time under a name by which it
    can be recalled."""
    broadcast = await ctx.store.broadcasts.save(broadcast.repeat(ctx.now))
    text = _("（仍然有效）") + await group_text(broadcast, ctx)
    card = f"{alert_card(broadcast)}:{ctx.now:%d%H%M}"
    chats = await ctx.store.outbox.chats_with(alert_card(broadcast))
    buttons, promise = receipt_buttons(broadcast), broadcast.weight.promise
    return [Send(chat, text, buttons, promise, card) for chat in chats]
