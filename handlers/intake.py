"""A report becomes a case: opened where it belongs, and told to whoever can settle it nearest."""

from collections.abc import Container
from dataclasses import replace

from domain.alike import vicinity
from domain.case import Case, open_case
from domain.chat import ChatKind, Outgoing, Said, Send
from domain.escalation import first_to_answer
from domain.facts import said_in
from domain.helping import when_said
from domain.kinds import LOST_PERSON, Kind
from domain.language import _
from domain.mediation import claimant
from domain.people import PersonId, Rung
from domain.reading import Reading
from handlers import missing
from handlers.alike import Found, among_others
from handlers.cards import enclosures, place
from handlers.letters import ask_for_name, lay_in
from handlers.on_call import told_first
from handlers.questions import first_question
from handlers.routing import Ctx
from handlers.wording import fresh_log
from storage.cases import Logged


async def take_in(said: Said, ctx: Ctx, origin: str, text: str, reading: Reading, served: str = "") -> list[Outgoing]:
    """What was said is a case from now on. `served` is the neighbour on whose behalf somebody reports. Of a letter
    that comes in private, its writer first says whether their name goes with it."""
    said = await _with_loose(said, ctx)
    kind = ctx.settings.kinds[reading.kind or ""]
    if kind.letter and said.chat_kind is ChatKind.PRIVATE:
        return await ask_for_name(said, ctx, origin, text, kind)
    return await open_and_tell(said, ctx, origin, text, reading, served)


async def open_and_tell(
    said: Said, ctx: Ctx, origin: str, text: str, reading: Reading, served: str = "", *, anonymous: bool = False
) -> list[Outgoing]:
    _case, outs = await open_case_for(said, ctx, origin, text, reading, served, anonymous=anonymous)
    return outs


async def open_case_for(
    said: Said,
    ctx: Ctx,
    origin: str,
    text: str,
    reading: Reading,
    served: str = "",
    *,
    anonymous: bool = False,
    alone: bool = False,
) -> tuple[Case, list[Outgoing]]:
    """The case too, for whoever has to know it again. `alone`: it is a thing of its own, however alike others are."""
    kind = await ctx.kind(reading.kind or "", origin)
    facts, reporter = said_in(reading, served), ctx.sender.who if ctx.sender else None
    origin, rungs, rung = await _way_up(origin, kind, {claimant(reporter, facts)}, ctx)
    case = open_case(
        kind,
        origin,
        rung.grid.code if rung else origin,
        text,
        reporter,
        said.chat,
        ctx.now,
        said.message_id,
        said.attachments,
        said.location,
        replace(facts, when=when_said(text, ctx.today())) if kind.calls else facts,
        discreet=said.chat_kind is ChatKind.PRIVATE,
        why="、".join(reading.because),
        anonymous=anonymous,
        vicinity=vicinity([rung.grid.code for rung in rungs]) if kind.gathers and not alone else "",
    )
    if rung is None:
        case = case.unreached(_("上面每一级都没有能收到消息的人"), ctx.now)
    log = fresh_log(case.news, rungs)
    case = await ctx.store.cases.add(case)
    if said.album and not anonymous:
        await ctx.store.threads.belongs(said.chat, said.message_id, case.id, said.album)
    found = await among_others(ctx, case)
    if found.said is not None:
        return found.case, found.said
    # The card shows what its kind brings with it, but is said first.
    begun = await begin(found.case, ctx)
    return found.case, [*await _tell(said, ctx, found, kind, rung, log), *found.also, *begun]


async def _way_up(
    origin: str, kind: Kind, parties: Container[PersonId | None], ctx: Ctx
) -> tuple[str, list[Rung], Rung | None]:
    """Where a case of this kind belongs, its way up from there, and the first who can answer for it."""
    rungs = await ctx.rungs(origin)
    if kind.private:
        rungs = [rung.discreetly(parties) for rung in rungs]
    rung = first_to_answer(rungs, kind)
    if kind.letter:
        # It is the mailbox's own: a squad of ten households would say who wrote, and its leader could read it.
        origin = (rung or rungs[-1]).grid.code
        rungs = await ctx.rungs(origin)
    return origin, rungs, rung


async def begin(case: Case, ctx: Ctx) -> list[Outgoing]:
    """What a case of its kind brings with it, besides its card."""
    await lay_in(ctx, case)
    if ctx.settings.kinds[case.kind].calls:
        await ctx.store.calls.widens(case.id, ctx.now + ctx.settings.widen)
    return await (missing.begin(case, ctx) if case.kind == LOST_PERSON else first_question(case, ctx))


async def _with_loose(said: Said, ctx: Ctx) -> Said:
    """With the pictures and the place that its sender sent here a moment before."""
    sent = await ctx.take_loose(said.chat)
    if not sent:
        return said
    attachments = tuple(kept for loose in sent for kept in loose.attachments)
    place = next((loose.location for loose in reversed(sent) if loose.location), None)
    album = said.album or next((loose.album for loose in reversed(sent) if loose.album), None)
    return replace(said, attachments=attachments + said.attachments, location=said.location or place, album=album)


async def _tell(said: Said, ctx: Ctx, found: Found, kind: Kind, rung: Rung | None, log: list[Logged]) -> list[Outgoing]:
    case, in_private = found.case, kind.private and said.chat_kind is ChatKind.GROUP
    heard = await told_first(ctx, case, rung)
    own = await ctx.store.people.private_chats(ctx.sender.id) if in_private and ctx.sender else []
    chats = dict.fromkeys(
        [*(own if in_private else [said.chat]), *(chat for chat in heard if chat not in found.shown_in)]
    )
    outs = await place(ctx, case, chats, log, fresh=True)
    outs += await enclosures(ctx, case, [chat for chat in heard if chat != said.chat])
    if in_private:
        outs.append(_received_in_private(said))
    if rung is None:
        outs += await place(ctx, case, await ctx.owner_chats())
    return outs


def _received_in_private(said: Said) -> Send:
    """All that a group hears of it, not even a number to ask about."""
    return Send(said.chat, _("收到了，会有人私下找您。这类事不在群里说。"), reply_to=said.message_id)
