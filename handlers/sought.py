"""Which search somebody means, and whether they may know of it."""

import re
from datetime import timedelta

from domain.case import Case
from domain.chat import ChatId, ChatKind, Pressed, Said
from domain.language import _
from domain.refused import Refused
from domain.search import Search
from handlers.notice import end_line
from handlers.routing import Ctx

REMEMBERED = timedelta(hours=24)
"""How long after the end what somebody saw is answered with when it ended; later, such words are only talk."""

_NUMBERED = re.compile(r"^[#＃]?(\d{1,9})(?:$|[\s:：,，。、])[\s:：,，。、]*")


async def sought(said: Said, ctx: Ctx) -> bool:
    """Whether words like 看到了 are about a search at all: among neighbours they mostly are not."""
    return bool(await _candidates(said, ctx))


async def meant(said: Said, ctx: Ctx, example: str) -> tuple[Case, Search, str]:
    """The search, by its number or because it is the only one here; and what else was said. Where it could be several,
    `example` shows how to say which."""
    candidates = await _candidates(said, ctx)
    running = [search for search in candidates if search.running]
    if len(running) > 1:
        numbers = "、".join(f"#{search.id}" for search in running)
        text = _("正在找的有 {numbers}，请写上编号，例如：{example}")
        raise Refused(text.format(numbers=numbers, example=example.format(n=running[0].id)))
    case, search = await ctx.search(str((running or candidates)[0].id))
    return case, search, _NUMBERED.sub("", ctx.rest) if await _numbered(ctx) else ctx.rest


async def must_have_heard(search: Search, chat: ChatId, ctx: Ctx) -> None:
    """Whoever was told; once it is confirmed, whoever knows the number, in private; and who answers for it."""
    if chat in await ctx.store.searches.chats(search.id) or (search.confirmed_at and not ctx.in_group):
        return
    if ctx.sender and ctx.sender.id == search.reporter:
        return
    case, _search = await ctx.search(str(search.id))
    if not await ctx.answers_for(case.origin):
        raise Refused(_("没有 {number} 这个编号。请看卡片上的编号，例如：查询 12").format(number=case.number))


def must_run(search: Search, ctx: Ctx) -> None:
    if not search.running:
        when = ctx.clock(search.ended_at) if search.ended_at else ""
        raise Refused(_("{when} 已经结束。{line}").format(when=when, line=end_line(search)))


async def adopted(pressed: Pressed, search: Search, ctx: Ctx) -> None:
    """A notice in doubt whose button is pressed did arrive."""
    for card in await ctx.store.outbox.cards_about(search.id, ("search", "photo")):
        await ctx.store.outbox.adopt(pressed.chat, card, pressed.message_id)


async def _candidates(said: Said, ctx: Ctx) -> list[Search]:
    """The one that is named, else those this chat was told of, else those the speaker has to do with."""
    if named := await _numbered(ctx):
        return [named]
    found = await ctx.store.searches.in_chat(said.chat)
    if not found and said.chat_kind is ChatKind.PRIVATE and said.sender:
        found = await ctx.store.searches.of_person(said.sender.account)
    return [s for s in found if s.running or (s.ended_at and s.ended_at > ctx.now - REMEMBERED)]


async def _numbered(ctx: Ctx) -> Search | None:
    number = _NUMBERED.match(ctx.rest)
    return await ctx.store.searches.get(int(number[1])) if number else None
