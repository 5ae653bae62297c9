"""The end of a broadcast: exactly those hear of it who got it or may have, and nothing of it leaves any more."""

from domain.broadcast import Broadcast
from domain.chat import ChatId, Outgoing, Promise, Send
from domain.drill import marked
from domain.language import N_, _
from domain.stages import Sort, Stage
from handlers.broadcast import alert_card, what
from handlers.draft_card import shown
from handlers.reach import place_name
from handlers.routing import Ctx

_ENDS = {
    Stage.CANCELLED: N_("【撤销】{place}的{what}（{number}）作废，是发错了。请不要照做，也不要转发。"),
    Stage.CLEARED: N_("【解除】{place}的{what}（{number}）解除了，谢谢大家配合。"),
    Stage.EXPIRED: N_("【到期】{place}的{what}（{number}）到期了，不再有效。"),
    Stage.REVISED: N_("【更新】{place}的{what}（{number}）由新的代替，请看新的。"),
}


async def end(broadcast: Broadcast, ctx: Ctx) -> list[Outgoing]:
    """What has not left does not leave; who was told is told; then what stands is changed in place."""
    broadcast = await ctx.store.broadcasts.save(broadcast)
    told = await recalled(broadcast, ctx)
    place = await place_name(broadcast.area, ctx)
    text = _(_ENDS[broadcast.stage]).format(place=place, what=what(broadcast), number=broadcast.number)
    standing = await ctx.store.outbox.chats_with(alert_card(broadcast))
    # What was never right is not left to be read.
    left = text if broadcast.stage is Stage.CANCELLED else f"{text}\n{broadcast.text}"
    changed = [Send(chat, _worded(broadcast, left), (), Promise.CARD, alert_card(broadcast)) for chat in standing]
    return [*_told_of_end(broadcast, told, text), *changed, *await shown(broadcast, ctx)]


def _told_of_end(broadcast: Broadcast, told: list[ChatId], text: str) -> list[Outgoing]:
    """Time is nobody's mistake: it wakes nobody, and of a notice it is not worth a word."""
    if broadcast.stage is not Stage.EXPIRED:
        return corrections(broadcast, told, text)
    if broadcast.sort is Sort.NOTICE:
        return []
    return [Send(chat, _worded(broadcast, text)) for chat in told]


def corrections(broadcast: Broadcast, told: list[ChatId], text: str) -> list[Outgoing]:
    return [Send(chat, _worded(broadcast, text), promise=Promise.CORRECTION) for chat in told]


def _worded(broadcast: Broadcast, text: str) -> str:
    return marked(text) if broadcast.sort is Sort.DRILL else text


async def recalled(broadcast: Broadcast, ctx: Ctx) -> list[ChatId]:
    """Where it was delivered or may have been, with all that repeated it."""
    cards = await ctx.store.outbox.cards_about(broadcast.id, ["alert"])
    return await ctx.store.outbox.recall(*cards) if cards else []
