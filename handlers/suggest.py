"""建议: what somebody wishes for goes into the red mailbox, named or not, and is owed an answer."""

from dataclasses import replace

from domain.chat import ChatKind, Due, Outgoing, Pressed, Said, Send
from domain.language import N_, _
from domain.refused import Refused
from domain.text import clean, has_words
from handlers.intake import open_and_tell, take_in
from handlers.report import LONGEST_REPORT, where
from handlers.routing import Ctx, button, due, form, words
from storage.mailbox import Letter


@words("建议", "意见", "/suggest", help=N_("建议 想说的话 —— 放进红色信箱，干部定时开箱，答复您"))
async def suggest(said: Said, ctx: Ctx) -> list[Outgoing]:
    origin = await where(ctx)
    text = clean(ctx.rest)[:LONGEST_REPORT]
    if not has_words(text):
        await ctx.ask(said.chat, "suggestion")
        return [Send(said.chat, _("您有什么建议？请写下来。"), reply_to=said.message_id, asks=True)]
    return await take_in(said, ctx, origin, text, ctx.read_as("suggestion", text))


@form("suggestion")
async def suggest_in_answer(said: Said, ctx: Ctx) -> list[Outgoing]:
    ctx.rest = said.text
    await ctx.answered(said)
    return await suggest(said, ctx)


@words(
    "匿名建议", "匿名意见", "匿名", "/anonymous", glued=True,
    help=N_("匿名建议 想说的话 —— 私下对我说，谁也看不到是您写的"),
)  # fmt: skip
async def suggest_anonymously(said: Said, ctx: Ctx) -> list[Outgoing]:
    if said.chat_kind is ChatKind.GROUP:
        return await _not_in_a_group(said, ctx)
    origin = await where(ctx)
    text = clean(ctx.rest)[:LONGEST_REPORT]
    if not has_words(text):
        await ctx.ask(said.chat, "anonymous_suggestion")
        return [Send(said.chat, _invitation(), asks=True)]
    # A danger to life is told at once to those who can help; still, nobody is told who said so.
    return await open_and_tell(said, ctx, origin, text, ctx.read_as("suggestion", text), anonymous=True)


@form("anonymous_suggestion")
async def suggest_anonymously_in_answer(said: Said, ctx: Ctx) -> list[Outgoing]:
    ctx.rest = said.text
    await ctx.answered(said)
    return await suggest_anonymously(said, ctx)


@button("name")
async def named(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    letter = await ctx.store.mailboxes.take(pressed.number(0), pressed.chat)
    if letter is None:
        raise Refused(_("这封信已经送进信箱了。"))
    return await _lay(letter, ctx, anonymous=pressed.arg(1) != "named")


@due("letter")
async def nameless(lapsed: Due, ctx: Ctx) -> list[Outgoing]:
    letter = await ctx.store.mailboxes.take(lapsed.id)
    return await _lay(letter, ctx, anonymous=True) if letter else []


async def _lay(letter: Letter, ctx: Ctx, *, anonymous: bool) -> list[Outgoing]:
    said = Said(letter.chat, ChatKind.PRIVATE, "", None, letter.message_id, letter.text, letter.attachments)
    reading = replace(ctx.recogniser.read_report(letter.text), kind=letter.kind)
    outs = await open_and_tell(said, ctx, letter.grid, letter.text, reading, anonymous=anonymous)
    done = _("没有写您的名字。答复会送到这里，谁也看不到是您写的。") if anonymous else _("已写上您的名字。")
    return [Send(letter.chat, done, card=f"letter:{letter.id}"), *outs]


async def _not_in_a_group(said: Said, ctx: Ctx) -> list[Outgoing]:
    """Everybody has seen who wrote; what can be kept is offered: the same in private."""
    text = _("群里大家看得见是谁写的，匿名做不到。请私下对我说：匿名建议 您想说的话")
    outs: list[Outgoing] = [Send(said.chat, text, reply_to=said.message_id)]
    own = await ctx.store.people.private_chat_of(ctx.account) if ctx.account else None
    if own:
        await ctx.ask(own, "anonymous_suggestion")
        outs.append(Send(own, _invitation(), asks=True))
    return outs


def _invitation() -> str:
    return _("您想匿名提什么建议？请写在这里，谁也看不到是您写的。")
