"""上报: what somebody says becomes a case, and whoever can settle it nearest hears of it."""

from domain.chat import ChatKind, Outgoing, Said, Send
from domain.language import N_, _
from domain.refused import Refused
from domain.text import clean, has_words
from handlers.intake import take_in
from handlers.routing import Ctx, form, words

LONGEST_REPORT = 10_000
"""Characters of a report that are kept; no chat service carries more in one message."""


@words("上报", "/report", glued=True, help=N_("上报 哪里、出了什么事 —— 有事就说，例如：上报 东门地下车库进水了"))
async def report(said: Said, ctx: Ctx) -> list[Outgoing]:
    origin = await where(ctx)
    text = clean(ctx.rest)[:LONGEST_REPORT]
    if not has_words(text) and not said.attachments and not said.location:
        if ctx.account is None:
            raise Refused(_("请在一句话里写清楚，例如：上报 东门地下车库进水了"))
        await ctx.ask(said.chat, "report")
        return [Send(said.chat, _("请说哪里、出了什么事，我马上报上去。"), reply_to=said.message_id, asks=True)]
    return await take_in(said, ctx, origin, text, ctx.recogniser.read_report(text))


@form("report")
async def report_in_answer(said: Said, ctx: Ctx) -> list[Outgoing]:
    """The words that an empty 上报 asked for."""
    ctx.rest = said.text
    await ctx.answered(said)
    return await report(said, ctx)


async def where(ctx: Ctx) -> str:
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
