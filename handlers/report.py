"""上报: what somebody says becomes a case, and whoever can settle it nearest hears of it."""

from domain.case import open_case
from domain.chat import ChatId, ChatKind, Outgoing, Said, Send
from domain.escalation import first_to_answer
from domain.kinds import Kind
from domain.language import N_, _
from domain.people import Rung
from domain.refused import Refused
from domain.text import clean, has_words
from handlers.cards import fresh_log, photos, place
from handlers.routing import Ctx, form, words

LONGEST_REPORT = 10_000
"""Characters of a report that are kept; no chat service carries more in one message."""


@words("上报", "/report", glued=True, help=N_("上报 哪里、出了什么事 —— 有事就说，例如：上报 东门地下车库进水了"))
async def report(said: Said, ctx: Ctx) -> list[Outgoing]:
    origin = await _where(ctx)
    text = clean(ctx.rest)[:LONGEST_REPORT]
    if not has_words(text) and not said.photos and not said.location:
        await ctx.ask(said.chat, "report")
        return [Send(said.chat, _("请说哪里、出了什么事，我马上报上去。"), reply_to=said.message_id, asks=True)]
    return await _open(said, ctx, origin, text)


@form("report")
async def report_in_answer(said: Said, ctx: Ctx) -> list[Outgoing]:
    """The words that an empty 上报 asked for."""
    ctx.rest = said.text
    await ctx.answered(said)
    return await report(said, ctx)


async def _where(ctx: Ctx) -> str:
    """The grid a report belongs to: the group's, or the speaker's own squad in a private chat."""
    if ctx.chat and ctx.chat.grid:
        return ctx.chat.grid
    if ctx.chat and ctx.chat.kind is ChatKind.GROUP:
        raise Refused(
            _("本群还没有绑定网格，上报送不出去。请网格长或干部在群里发：绑定 网格编号。急事请直接打 110、119、120。")
        )
    homes = ctx.someone().homes
    if not homes:
        raise Refused(
            _(
                "我还不知道您住哪个小队。请扫小队的二维码，或向队长要邀请码后发：加入 邀请码。"
                "急事请直接打 110、119、120。"
            )
        )
    return homes[0]


async def _open(said: Said, ctx: Ctx, origin: str, text: str) -> list[Outgoing]:
    kind = ctx.settings.kinds.named_in(text)
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
        said.photos,
        said.location,
    )
    if rung is None:
        case = case.unreached(_("上面每一级都没有能收到消息的人"), ctx.now)
    log = fresh_log(case.news, rungs)
    case = await ctx.store.cases.add(case)
    in_private = kind.private and said.chat_kind is ChatKind.GROUP
    chats = dict.fromkeys([*([] if in_private else [said.chat]), *_hearers(rung, kind)])
    outs = await place(ctx, case, chats, log)
    outs += photos(ctx, case, [chat for chat in _hearers(rung, kind) if chat != said.chat])
    if in_private:
        outs.append(_received_in_private(said, case.number))
    if rung is None:
        outs += await place(ctx, case, await ctx.owner_chats())
    return outs


def _hearers(rung: Rung | None, kind: Kind) -> tuple[ChatId, ...]:
    if rung is None:
        return ()
    return rung.private_chats if kind.private else rung.chats


def _received_in_private(said: Said, number: str) -> Send:
    return Send(
        said.chat,
        _("{number} 收到了，会有人私下找您。这类事不在群里说。").format(number=number),
        reply_to=said.message_id,
    )
