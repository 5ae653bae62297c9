"""The one place between what is to be said and the outbox where the night stands in the way."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from domain.chat import ChatId, Incoming, Outgoing
from domain.quiet import parted
from domain.settings import Settings
from storage.store import Store


async def spare(
    store: Store, settings: Settings, now: datetime, outs: Sequence[Outgoing], incoming: Incoming | None = None
) -> list[Outgoing]:
    """What one occasion gave rise to and is to be said now; in quiet hours the rest is promised for the morning.
    Whoever just spoke is not asleep: they hear at once, in this chat and in their own. Nor is anybody where the work
    of the night is done."""
    until = settings.morning(now)
    if until is None:
        return list(outs)
    awake: set[ChatId] = {incoming.chat} if incoming else set()
    if incoming and incoming.sender and (own := await store.people.private_chat_of(incoming.sender.account)):
        awake.add(own)
    said, held = parted(outs, awake)
    if held and (at_work := await _at_work(store, settings, {out.to for out in held})):
        said, held = parted(outs, awake | at_work)
    store.outbox.add(held, now, until)
    return said


async def _at_work(store: Store, settings: Settings, chats: Iterable[ChatId]) -> set[ChatId]:
    """Of these, the groups that a mode without quiet hours holds in, and the private chats of those who answer for
    such a grid."""
    restless = {mode.name for mode in settings.modes if not mode.quiet}
    running = await store.modes.running() if restless else {}
    if not any(change.mode in restless for change in running.values()):
        return set()
    about = await store.modes.told_in(sorted(chats))
    await store.grids.look_up(grid for grids in about.values() for grid in grids)
    return {chat for chat, grids in about.items() if [1 for grid in grids if await _mode(store, grid) in restless]}


async def _mode(store: Store, grid: str) -> str | None:
    return next((rung.mode for rung in await store.grids.rungs(grid) if rung.mode), None)
