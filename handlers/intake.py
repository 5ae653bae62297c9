"""A report becomes a case: opened where it belongs, and told to whoever can settle it nearest."""

from domain.case import Case, open_case
from domain.chat import ChatId, ChatKind, Outgoing, Said, Send
from domain.escalation import first_to_answer
from domain.facts import NOTHING_SAID, Facts
from domain.kinds import Kind
from domain.language import _
from domain.people import Rung
from handlers.cards import enclosures, fresh_log, place
from handlers.routing import Ctx
from storage.cases import Logged


async def take_in(
    said: Said,
    ctx: Ctx,
    origin: str,
    text: str,
    kind: Kind,
    facts: Facts = NOTHING_SAID,
    why: str = "",
    discreet: bool = False,
) -> list[Outgoing]:
    """What was said is a case from now on; `why` names the words that decided what kind."""
    rungs = await ctx.rungs(origin)
    rung = first_to_answer(rungs, kind)
    case = open_case(
        kind,
        origin,
        rung.grid.code if rung else origin,
        text,
        ctx.sender.who if ctx.sender else None,
        said.chat,
        ctx.now,
        said.message_id,
        said.attachments,
        said.location,
        facts,
        discreet,
        why,
    )
    if rung is None:
        case = case.unreached(_("上面每一级都没有能收到消息的人"), ctx.now)
    log = fresh_log(case.news, rungs)
    case = await ctx.store.cases.add(case)
    await ctx.store.threads.belongs(said.chat, said.message_id, case.id, said.album)
    return await _tell(said, ctx, case, kind, rung, log)


async def _tell(said: Said, ctx: Ctx, case: Case, kind: Kind, rung: Rung | None, log: list[Logged]) -> list[Outgoing]:
    in_private = kind.private and said.chat_kind is ChatKind.GROUP
    chats = dict.fromkeys([*([] if in_private else [said.chat]), *hearers(rung, kind)])
    outs = await place(ctx, case, chats, log)
    outs += enclosures(ctx, case, [chat for chat in hearers(rung, kind) if chat != said.chat])
    if in_private:
        outs.append(_received_in_private(said, case.number))
    if rung is None:
        outs += await place(ctx, case, await ctx.owner_chats())
    return outs


def hearers(rung: Rung | None, kind: Kind) -> tuple[ChatId, ...]:
    """Who is told of a case of this kind at this rung."""
    if rung is None:
        return ()
    return rung.private_chats if kind.private else rung.chats


def _received_in_private(said: Said, number: str) -> Send:
    return Send(
        said.chat,
        _("{number} 收到了，会有人私下找您。这类事不在群里说。").format(number=number),
        reply_to=said.message_id,
    )
