"""听: talk without a command, where it sounds like a report or belongs to one; the rest is the neighbours' own."""

import json
from datetime import timedelta

from domain.alike import two_matters
from domain.case import Case
from domain.chat import Button, ChatKind, Medium, Outgoing, Pressed, Said, Send, Withdraw
from domain.kinds import Urgency
from domain.language import _
from domain.mediation import DISPUTE
from domain.refused import Refused
from domain.text import clean, has_words, number_in
from handlers.additions import add, ask_whether_there
from handlers.intake import take_in
from handlers.parties import offer, open_disputes
from handlers.report import LONGEST_REPORT, where
from handlers.routing import Ctx, button, form, plain
from storage.threads import Loose

FRESH = timedelta(minutes=10)
"""How long what somebody sends after a report of theirs is taken for more about it."""

YES = frozenset({"是", "是的", "对", "要", "上报", "嗯", "yes", "y"})
NO = frozenset({"不是", "不", "不用", "没有", "no", "n"})


async def concerns(said: Said, ctx: Ctx) -> bool:
    """Whether it belongs to a case, or was said where the bot looks after things and may be a report."""
    ctx.reading = ctx.recogniser.read(said.text)
    ctx.about = await _answered_case(said, ctx)
    if ctx.about is not None or await _of_disputes(said, ctx):
        return True
    chat = await ctx.store.chats.get(said.chat)
    if said.chat_kind is ChatKind.GROUP and (chat is None or chat.grid is None):
        return False
    ctx.about = await _own_fresh_case(said, ctx)
    return ctx.about is not None or ctx.reading.kind is not None or bool(said.attachments or said.location)


async def _answered_case(said: Said, ctx: Ctx) -> int | None:
    """The open case whose message is answered, or whose album this picture is of."""
    threads = ctx.store.threads
    number = await threads.of_album(said.chat, said.album) if said.album else None
    if number is None and said.reply_to:
        number = await threads.about(said.chat, said.reply_to)
    if number is None and (quoted := number_in(said.quoted)) and await threads.told_here(said.chat, quoted):
        number = quoted
    return number if number is not None and await _goes_on(number, ctx) else None


async def _goes_on(number: int, ctx: Ctx) -> bool:
    """Whether somebody still works on it, or on the one that it is a part of."""
    known = await ctx.store.cases.get(number)
    return known is not None and (await ctx.store.cases.head(number)).open


async def _own_fresh_case(said: Said, ctx: Ctx) -> int | None:
    """What this person reported here a moment ago, if this is more of the same."""
    wordless = ctx.reading.kind is None and bool(said.attachments or said.location)
    if said.sender is None or not (wordless or ctx.reading.kind):
        return None
    case = await ctx.store.cases.newest_of(said.sender.account, said.chat, ctx.now - FRESH)
    if case is None or not (wordless or ctx.reading.kind == case.kind) or _another(said, case, ctx):
        return None
    return case.id if await _goes_on(case.id, ctx) else None


def _another(said: Said, case: Case, ctx: Ctx) -> bool:
    """Whether somebody goes on to the next thing: 楼道灯坏了, 垃圾没人收. Of what is urgent one alarm is enough."""
    kind = ctx.settings.kinds[case.kind]
    return ctx.reading.sure and kind.urgency is Urgency.ROUTINE and two_matters(said.text, case.text)


async def _of_disputes(said: Said, ctx: Ctx) -> list[int]:
    """The open disputes of a party who speaks in private, unless they plainly speak of something else."""
    elsewhere = ctx.reading.sure and ctx.reading.kind not in {None, DISPUTE}
    if elsewhere or not (has_words(said.text) or said.attachments):
        return []
    return await open_disputes(said, ctx)


@form("side")
async def goes_on(said: Said, ctx: Ctx) -> list[Outgoing]:
    """A party who says more before the tap; it is offered together."""
    return await listen(said, ctx) if await concerns(said, ctx) else []


@plain(concerns)
async def listen(said: Said, ctx: Ctx) -> list[Outgoing]:
    if ctx.about is not None:
        case = await ctx.case(str(ctx.about))
        if said.location and not said.reply_to and not clean(said.text):
            return await ask_whether_there(case, said, ctx)
        return await add(case, said, ctx)
    if disputes := await _of_disputes(said, ctx):
        return await offer(said, disputes, ctx)
    if ctx.reading.kind is None:
        return await _without_words(said, ctx)
    # What somebody passes on may be about another village.
    if ctx.reading.sure and not said.forwarded:
        return await take_in(said, ctx, await where(ctx), clean(said.text)[:LONGEST_REPORT], ctx.reading)
    return await _ask(said, ctx)


async def _without_words(said: Said, ctx: Ctx) -> list[Outgoing]:
    """A picture in a group is nobody's business until its sender says more. In private it was meant for the bot; a
    voice is somebody who cannot type, and goes to a person at once."""
    if ctx.account is None:
        return []
    private = said.chat_kind is ChatKind.PRIVATE
    if private and any(kept.medium is Medium.VOICE for kept in said.attachments):
        return await take_in(said, ctx, await where(ctx), "", ctx.recogniser.read_report(_("求助")))
    await _keep_loose(said, ctx)
    if not private:
        return []
    await ctx.ask(said.chat, "report")
    text = _("收到位置。那里出了什么事？请说一句。") if said.location else _("收到照片。哪里、出了什么事？请说一句。")
    return [Send(said.chat, text, card=f"wordless:{said.album or said.message_id}", asks=True)]


async def _keep_loose(said: Said, ctx: Ctx) -> None:
    if ctx.account and (said.attachments or said.location):
        loose = Loose(said.message_id, said.album, said.attachments, said.location)
        await ctx.store.threads.keep_loose(said.chat, ctx.account, loose, ctx.now)


async def _ask(said: Said, ctx: Ctx) -> list[Outgoing]:
    """One question; what was said waits in the open form until it is answered."""
    await _keep_loose(said, ctx)
    words = {"text": clean(said.text)[:LONGEST_REPORT], "message": said.message_id}
    await ctx.ask(said.chat, "unsure", json.dumps(words, ensure_ascii=False))
    kind = ctx.settings.kinds[ctx.reading.kind or ""]
    buttons = (Button(_("是，上报"), "is_report:yes"), Button(_("不是"), "is_report:no"))
    text = _("这是要上报的事吗（{kind}）？").format(kind=kind.name)
    if kind.private and said.chat_kind is ChatKind.GROUP:
        text = _("这是要上报的事吗？上报了，会有人私下找您。")
    return [Send(said.chat, text, (buttons,), card=f"unsure:{said.message_id}", reply_to=said.message_id)]


@button("is_report")
async def pressed(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    draft = await ctx.store.drafts.get(pressed.chat, ctx.account, ctx.now) if ctx.account else None
    if draft is None or draft.form != "unsure":
        raise Refused(_("这是问刚才说话的人的。要上报请发：上报 哪里、出了什么事"))
    ctx.draft = draft
    return await _answered(pressed.arg(0) == "yes", pressed, ctx)


@form("unsure")
async def said_in_answer(said: Said, ctx: Ctx) -> list[Outgoing]:
    """The answer in words; any other words are talk like any other."""
    word = clean(said.text).strip("。，,.!！ ").casefold()
    if word in YES | NO:
        return await _answered(word in YES, said, ctx)
    return await listen(said, ctx) if await concerns(said, ctx) else []


async def _answered(yes: bool, answer: Said | Pressed, ctx: Ctx) -> list[Outgoing]:
    """The question goes, whatever the answer: a card takes its place, or nothing needs saying."""
    waiting = json.loads(ctx.draft.about)
    if ctx.account:
        await ctx.store.drafts.close(answer.chat, ctx.account)
    outs: list[Outgoing] = [Withdraw(answer.chat, f"unsure:{waiting['message']}")]
    if yes:
        text = waiting["text"]
        first = Said(answer.chat, answer.chat_kind, answer.chat_title, answer.sender, waiting["message"], text=text)
        outs += await take_in(first, ctx, await where(ctx), text, ctx.recogniser.read_report(text))
    return outs
