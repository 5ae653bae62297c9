"""The one place between what is to be said and the outbox where the night stands in the way."""

from collections.abc import Sequence
from datetime import datetime

from domain.chat import ChatId, Incoming, Outgoing
from domain.quiet import parted
from domain.settings import Settings
from storage.store import Store


async def spare(
    store: Store, settings: Settings, now: datetime, outs: Sequence[Outgoing], incoming: Incoming | None = None
) -> list[Outgoing]:
    """What one occasion gave rise to and is to be said now; in quiet hours the rest is promised for the morning.
    Whoever just spoke is not asleep: they hear at once, in this chat and in their own."""
    until = settings.morning(now)
    if until is None:
        return list(outs)
    awake: set[ChatId] = {incoming.chat} if incoming else set()
    if incoming and incoming.sender and (own := await store.people.private_chat_of(incoming.sender.account)):
        awake.add(own)
    said, held = parted(outs, awake)
    store.outbox.add(held, now, until)
    return said
