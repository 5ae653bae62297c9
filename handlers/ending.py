"""The end of a broadcast: exactly those hear of it who got it or may have, and nothing of it leaves any more."""

from domain.broadcast import Broadcast
from domain.chat import ChatId, Outgoing, Promise, Send
from domain.language import N_, _
from domain.stages import Sort, Stage
from handlers.broadcast import alert_card, what, worded
from handlers.draft_card import shown
from handlers.mode_alert import follow
from handlers.owing import close
from handlers.passing import called_in
from handlers.reach import place_name
from handlers.routing import Ctx

_ENDS = {
    Stage.CANCELLED: N_("【撤销】{place}的{what}（{number}）作废，是发错了。请不要照做，也不要转发。"),
    Stage.CLEARED: N_("【解除】{place}的{what}（{number}）解除了，谢谢大家配合。"),
    Stage.EXPIRED: N_("【到期】{place}的{what}（{number}）到期了，不再有效。"),
    Stage.REVISED: N_("【更新】{place}的{what}（{number}）由新的代替：{newer}，发到{where}。"),
}


async def end(broadcast: Broadcast, ctx: Ctx, newer: Broadcast | None = None) -> list[Outgoing]:
    """What has not left does not leave; who was told is told; then what stands is changed in place. `newer` takes its
    place, perhaps elsewhere."""
    broadcast = await ctx.store.broadcasts.save(broadcast)
    await close(broadcast, ctx)
    told = await recalled(broadcast, ctx)
    text = await _end_text(broadcast, newer, ctx)
    standing = await ctx.store.outbox.chats_with(alert_card(broadcast))
    # What was never right is not left to be read.
    left = text if broadcast.stage is Stage.CANCELLED else f"{text}\n{broadcast.text}"
    mended, card = worded(broadcast, left), alert_card(broadcast)
    changed = [Send(chat, mended, promise=Promise.CARD, card=card, in_place=True) for chat in standing]
    by_hand = await called_in(broadcast, told, left, ctx)
    work = await follow(broadcast, newer, ctx)
    said = [*_told_of_end(broadcast, told, text, ctx), *by_hand, *changed]
    return [*said, *await shown(broadcast, ctx), *work]


async def _end_text(broadcast: Broadcast, newer: Broadcast | None, ctx: Ctx) -> str:
    """What it was and what became of it; then what its template has ready for that."""
    text = _(_ENDS[broadcast.stage]).format(
        place=await place_name(broadcast.area, ctx),
        what=what(broadcast),
        number=broadcast.number,
        newer=newer.number if newer else "",
        where=await place_name(newer.area, ctx) if newer else "",
    )
    template = ctx.settings.templates.get(broadcast.template)
    prepared = template.end(broadcast.stage, broadcast.sort, broadcast.answers) if template else ""
    return "\n".join(filter(None, (text, prepared)))


def _told_of_end(broadcast: Broadcast, told: list[ChatId], text: str, ctx: Ctx) -> list[Outgoing]:
    """Time is nobody's mistake: it wakes nobody, and of a notice it is not worth a word."""
    if broadcast.stage is not Stage.EXPIRED:
        return corrections(broadcast, told, text, ctx)
    if broadcast.sort is Sort.NOTICE:
        return []
    card = _own_card(broadcast, ctx)
    return [Send(chat, worded(broadcast, text), card=card) for chat in told]


def corrections(broadcast: Broadcast, told: list[ChatId], text: str, ctx: Ctx) -> list[Outgoing]:
    """Each under a name of its own: it is said aloud and changes nothing in place, a later one takes its turn in the
    queue, and of one that does not arrive it is known what it was about."""
    card = _own_card(broadcast, ctx)
    return [Send(chat, worded(broadcast, text), promise=Promise.CORRECTION, card=card) for chat in told]


def _own_card(broadcast: Broadcast, ctx: Ctx) -> str:
    return f"{alert_card(broadcast)}:{ctx.now:%d%H%M%S}"


async def recalled(broadcast: Broadcast, ctx: Ctx) -> list[ChatId]:
    """Where it was delivered or may have been, with all that repeated it."""
    cards = await ctx.store.outbox.cards_about(broadcast.id, ["alert"])
    return await ctx.store.outbox.recall(*cards) if cards else []
