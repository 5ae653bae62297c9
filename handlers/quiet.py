"""安静时段: what a chat was spared in the night it hears in the morning, in one message, as far as it still holds."""

from domain.bundle import morning
from domain.chat import Due, Outgoing, Send
from handlers.broadcast import is_broadcast
from handlers.routing import Ctx, due


@due("held")
async def say_in_the_morning(lapsed: Due, ctx: Ctx) -> list[Outgoing]:
    """The first message of a chat that is due brings all others of that chat along."""
    held = await ctx.store.outbox.release(lapsed.id, ctx.now)
    newest = [*dict.fromkeys(reversed([send for send in held if await _still_true(send, ctx)]))]
    # A warning or a notice is read whole, a drill between its two marks; and only under its own card can it be
    # called back.
    told = [send for send in reversed(newest) if is_broadcast(send)]
    return [*told, *morning([send for send in reversed(newest) if not is_broadcast(send)])]


async def _still_true(send: Send, ctx: Ctx) -> bool:
    """A reminder or a notice that its case has left behind is not worth waking up to."""
    if send.true_while is None:
        return True
    case = await ctx.store.cases.get(int(send.true_while.partition(":")[0]))
    return case is not None and case.standing == send.true_while
