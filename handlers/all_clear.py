"""不用找了: the end of a search reaches exactly those who were told of it, before anything else, and its photos go."""

from domain.case import Case
from domain.chat import ChatId, Outgoing, Promise, Send, Undelivered, Withdraw
from domain.kinds import LOST_PERSON
from domain.language import _
from domain.refused import Refused
from domain.search import Search, Stage
from handlers.cards import everywhere
from handlers.notice import copies, end_line, notice_card
from handlers.routing import Ctx

TELLING = ("case", "search", "photo", "sighting", "look")
"""The cards by which somebody may have learnt of a search."""

ASKING = ("missing", "rejected", "look", "seen")
"""The questions that nobody needs to answer any more."""


async def end(search: Search, stage: Stage, ctx: Ctx, text: str = "") -> list[Outgoing]:
    """The all-clear first; then what stands is changed in place, and the photos are taken down."""
    search = await ctx.store.searches.save(search.end(stage, ctx.now, ctx.settings.search))
    await ctx.store.drafts.drop(ASKING, search.id)
    outbox = ctx.store.outbox
    cards = await outbox.cards_about(search.id, TELLING)
    told = await outbox.recall(*cards) if cards else []
    text = text or end_line(search)
    outs: list[Outgoing] = [Send(chat, text, promise=Promise.CORRECTION) for chat in told]
    outs += [Send(chat, text, promise=Promise.CARD, card=notice_card(search), in_place=True) for chat in
             await outbox.chats_with(notice_card(search))]  # fmt: skip
    return [*outs, *await _take_down(search, "photo", Promise.CORRECTION, ctx),
            *await _take_down(search, "missing", Promise.CARD, ctx),
            *await _take_down(search, "look", Promise.CARD, ctx)]  # fmt: skip


async def _take_down(search: Search, name: str, promise: Promise, ctx: Ctx) -> list[Outgoing]:
    """The photos, wherever they stand; and the questions, which nobody needs to answer any more."""
    outbox = ctx.store.outbox
    cards = await outbox.cards_about(search.id, [name])
    return [Withdraw(chat, card, promise) for card in cards for chat in await outbox.chats_with(card)]


async def follow(case: Case, ctx: Ctx) -> list[Outgoing]:
    """The case ended, or is another thing, so nobody is looked for any more, or under another number."""
    search = await ctx.store.searches.get(case.id)
    if search is None or not search.running or (case.open and case.kind == LOST_PERSON):
        return []
    into = await ctx.store.searches.get(case.merged_into) if case.merged_into else None
    return await (_hand_over(search, into, ctx) if into else end(search, Stage.STOPPED, ctx))


async def _hand_over(search: Search, into: Search, ctx: Ctx) -> list[Outgoing]:
    """Two reports of one person: whoever looked by the one number goes on by the other, and nobody goes home."""
    if search.stage is Stage.WIDENING and into.stage is not Stage.WIDENING:
        raise Refused(_("#{into} 还没有确认寻人，并过去就没人找了。请先确认 #{into}。").format(into=into.id))
    known = await ctx.store.searches.chats(into.id)
    new = [chat for chat, ring in (await ctx.store.searches.chats(search.id)).items() if ring and chat not in known]
    await ctx.store.searches.tell(into.id, new, into.ring)
    text = _("#{n} 和 #{into} 找的是同一个人，以后看 #{into}。").format(n=search.id, into=into.id)
    return [*await end(search, Stage.STOPPED, ctx, text), *copies(into, new)]


def about_search(incoming: Undelivered) -> int | None:
    """The search whose notice, photo or sighting did not arrive, or could not be taken down."""
    name, _colon, rest = (incoming.card or "").partition(":")
    number = rest.partition(":")[0]
    return int(number) if name in ("search", "photo", "sighting") and number.isdecimal() else None


async def unreached(incoming: Undelivered, number: int, title: str, ctx: Ctx) -> list[Outgoing]:
    """While it runs, somebody tells the group by other means; afterwards somebody deletes what the bot cannot."""
    case, search = await ctx.case(str(number)), await ctx.store.searches.get(number)
    if search is None:
        return []
    outs: list[Outgoing] = []
    promise = Promise.CORRECTION
    if search.running:
        promise = Promise.LIFE
        outs = await everywhere(ctx, await ctx.store.cases.save(case.unreached(title, ctx.now)))
        text = _("{number} 没能送到“{title}”，请用别的办法通知。").format(number=case.number, title=title)
    elif (incoming.card or "").startswith("photo:"):
        text = _("{number} 已经不用找了。“{title}”里可能还有照片，我删不掉，请您在群里长按照片删除。").format(
            number=case.number, title=title
        )
    else:
        return []
    return [*outs, *(Send(chat, text, promise=promise) for chat in await _hands(incoming, case, ctx))]


async def _hands(incoming: Undelivered, case: Case, ctx: Ctx) -> list[ChatId]:
    """Who can do something about that chat: its own grid's people, else those above it, else the owners."""
    chat = await ctx.store.chats.get(incoming.chat)
    rungs = await ctx.rungs(chat.grid if chat and chat.grid else case.origin)
    near = ([c for c in rung.private_chats if c != incoming.chat] for rung in rungs)
    return next((chats for chats in near if chats), None) or await ctx.owner_chats()
