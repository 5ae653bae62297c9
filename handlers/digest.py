"""晨报, 晚报: one message to each who leads, in private, page by page; 关 and 开 for whoever does without."""

from datetime import datetime

from domain.chat import ChatKind, Due, Outgoing, Promise, Said, Send
from domain.digest import Digest, began, digest_text
from domain.language import N_, _
from domain.people import LEADING
from domain.refused import Refused
from domain.settings import Settings
from handlers.digest_parts import PARTS
from handlers.routing import Ctx, due, words
from storage.digests import Reader
from storage.store import Store

PAGE = 100
"""Readers told in one transaction. The clock looks every second: ten thousand have it within two minutes, and the
pace of the service is slower."""

ON, OFF = ("开", "要", "on"), ("关", "不要", "停", "off")


async def set_hours(store: Store, settings: Settings, now: datetime) -> None:
    """The config says when; asked at each start, since it can only change between two."""
    for digest in Digest:
        await store.digests.expect(digest, now, settings.digests.next(digest, now, settings.timezone))


@due("digest")
async def its_hour(lapsed: Due, ctx: Ctx) -> list[Outgoing]:
    turn, settings = await ctx.store.digests.round(lapsed.id), ctx.settings
    if turn is None:
        return []
    digest, meant = turn.digest, turn.is_meant(settings.digests, ctx.now, settings.timezone)
    readers = await ctx.store.digests.page(digest, digest.readers, turn.after, PAGE) if meant else []
    if not readers:
        await ctx.store.digests.over(turn, settings.digests.next(digest, ctx.now, settings.timezone))
        return []
    await ctx.store.digests.go_on(turn, readers[-1].person, ctx.now)
    return await _told(digest, readers, turn.slot, ctx)


async def _told(digest: Digest, readers: list[Reader], slot: datetime, ctx: Ctx) -> list[Outgoing]:
    """What each part has to say to each, asked for all of them at once."""
    since = began(digest, ctx.settings.digests, slot, ctx.settings.timezone)
    parts = [await part(digest, readers, since, ctx) for part in PARTS]
    outs: list[Outgoing] = []
    for reader in readers:
        text = digest_text(digest, [line for part in parts for line in part.get(reader.person, ())])
        outs += [Send(chat, text, promise=Promise.DIGEST) for chat in reader.chats[:1] if text]
    return outs


async def in_private(said: Said, _ctx: Ctx) -> bool:
    return said.chat_kind is ChatKind.PRIVATE or said.text.lstrip().startswith("/")


@words(
    "晨报",
    "/morning",
    concerns=in_private,
    help=N_("晨报 —— 现在就看：夜里新上报的、超时的、没人值班的日子、今天的定时；晨报 关，晨报 开"),
)
async def morning(said: Said, ctx: Ctx) -> list[Outgoing]:
    return await _asked(Digest.MORNING, said, ctx)


@words("晚报", "/evening", concerns=in_private, help=N_("晚报 —— 给干部：今天一天怎么样；晚报 关，晚报 开"))
async def evening(said: Said, ctx: Ctx) -> list[Outgoing]:
    return await _asked(Digest.EVENING, said, ctx)


async def _asked(digest: Digest, said: Said, ctx: Ctx) -> list[Outgoing]:
    person, word = ctx.someone(), ctx.rest.strip().lower()
    grids = tuple(dict.fromkeys(a.grid for a in person.appointments if a.role in digest.readers))
    if not grids:
        if any(a.role in LEADING for a in person.appointments):
            raise Refused(_("晚报给干部看。您管的网格怎么样，请发：晨报"))
        raise Refused(_("{digest}是给管网格的人看的。您上报的事发“查询”看进展。").format(digest=digest.spoken))
    if said.chat_kind is ChatKind.GROUP:
        raise Refused(_("这个在群里不看，请私下对我发同样的话。"))
    if word in OFF:
        await ctx.store.digests.decline(digest, person.id)
        return [Send(said.chat, _("好，{digest}不发了。要再收，把“关”换成“开”再发一次。").format(digest=digest.spoken))]
    if word in ON:
        await ctx.store.digests.take_again(digest, person.id)
        return [Send(said.chat, _("好，每天给您发{digest}。").format(digest=digest.spoken))]
    told = await _told(digest, [Reader(person.id, (said.chat,), grids)], ctx.now, ctx)
    return told or [Send(said.chat, _("没有要说的：没有新上报，没有超时。"))]
