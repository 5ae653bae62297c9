"""更正, 撤销, 解除: one press of one person, to exactly the groups that got it or may have, before anything else."""

from dataclasses import replace

from domain.broadcast import Broadcast
from domain.chat import Due, Outgoing, Pressed, Promise, Said, Send
from domain.language import _
from domain.people import Person
from domain.stages import Sort, Stage
from handlers.broadcast import alert_card, copies, group_text, what
from handlers.draft_card import shown, the_broadcast
from handlers.ending import corrections, end, recalled
from handlers.passing import handed_out, put_right
from handlers.reach import must_command
from handlers.rehearsal import drill_text
from handlers.release import lapse
from handlers.routing import Ctx, button, due, form


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
    told = await recalled(broadcast, ctx)
    text = _("【更正】{what}（{number}）以这条为准：\n{text}").format(
        what=what(broadcast), number=broadcast.number, text=broadcast.text
    )
    everybody = await ctx.store.broadcasts.told(broadcast.id)
    card = await (drill_text if broadcast.sort is Sort.DRILL else group_text)(broadcast, ctx)
    have = set(told)
    anew = [
        replace(out, promise=Promise.CARD, in_place=True) if out.to in have else out
        for out in copies(broadcast, everybody, card)
    ]
    by_hand = [*await put_right(broadcast, told, ctx), *await handed_out(broadcast, ctx, told)]
    return [*corrections(broadcast, told, text, ctx), *by_hand, *anew, *await shown(broadcast, ctx)]


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
    if broadcast.training != ctx.settings.training:
        return []
    text = _("（仍然有效）") + await group_text(broadcast, ctx)
    card = f"{alert_card(broadcast)}:{ctx.now:%d%H%M}"
    chats = await ctx.store.outbox.chats_with(alert_card(broadcast))
    told = [one for one in await ctx.store.broadcasts.told(broadcast.id) if one.chat in chats]
    return [replace(out, card=card, pin=False, everyone=False) for out in copies(broadcast, told, text)]
