"""预警文件: a warning of another service becomes a draft here, for somebody to read before anybody is told."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import tzinfo

from domain.broadcast import DRAFT_KEPT, Broadcast
from domain.cap import (
    CANCEL,
    CATEGORY,
    CERTAINTY,
    SEVERITIES,
    URGENCIES,
    CapAlert,
    Info,
    Reference,
    as_cap,
    colour_of,
    identifier_of,
    prefix_of,
    written,
)
from domain.chat import Outgoing, Send
from domain.language import _
from domain.people import Answerer, Who
from domain.refused import Refused
from domain.sayable import LONGEST_TEXT, checked_text, must_be_ahead, must_be_possible
from domain.stages import WRITING, Deed, Stage
from domain.text import one_line
from handlers.broadcast import headline, what
from handlers.draft_card import shown
from handlers.reach import in_command, place_name
from handlers.routing import Ctx

TOLD = frozenset({Deed.SENT, Deed.AMENDED, Deed.CANCELLED, Deed.CLEARED})
"""What other services are told of, each as a message of its own."""

CODES_NAMED = 5
"""Divisions that nobody here belongs to, in the sentence that says so."""


async def warned(alert: CapAlert, author: str, ctx: Ctx) -> list[Outgoing]:
    """What the message asks for, as cards for those who decide. `author` names who is to submit it; without a name it
    is whoever answers for all of the area. Refused in words where it cannot be ours."""
    sort = alert.sort
    must_be_possible(sort, ctx.settings.training)
    if alert.message == CANCEL:
        return await _called_off(alert, ctx)
    info = alert.info("zh")
    area = await _area(info, ctx)
    writer = await _writer(area, author, ctx)
    must_be_ahead(info.onset, info.expires, ctx.now)
    earlier = await _known(alert.references, ctx)
    draft = Broadcast(
        sort,
        Who(writer.person, writer.name),
        ctx.now,
        colour=colour_of(info.severity),
        text=checked_text(sort, info.text[:LONGEST_TEXT]),
        area=area,
        training=ctx.settings.training,
        onset_at=info.onset,
        expires_at=info.expires,
        due_at=ctx.now + DRAFT_KEPT,
        revises=earlier[-1].id if earlier else None,
        cap=_kept(alert, info),
    )
    draft = await ctx.store.broadcasts.add(draft)
    chats = await ctx.store.people.private_chats(writer.person)
    said = _("{sender} 发来一条预警，已写成草稿。请核对地方和内容，再点“提交”。").format(
        sender=one_line(info.sender_name or alert.sender, 60)
    )
    return [*(Send(chat, said, wakes=True) for chat in chats), *await shown(draft, ctx, chats)]


async def _area(info: Info, ctx: Ctx) -> tuple[str, ...]:
    """The topmost grids of the divisions it names."""
    if not info.geocodes:
        raise Refused(_("这份预警没有写行政区划编码（geocode），不知道发到哪里。"))
    found = {value: await ctx.store.areas.in_division(prefix_of(value)) for _name, value in info.geocodes}
    if not any(found.values()):
        named = "、".join(list(found)[:CODES_NAMED])
        raise Refused(_("这里没有编码是 {codes} 的网格，这份预警不归这里。").format(codes=named))
    tops = sorted({code for codes in found.values() for code in codes})
    return tuple(sorted(set(tops) - await ctx.store.areas.nested(tops)))


async def _writer(area: Sequence[str], name: str, ctx: Ctx) -> Answerer:
    able = [a for a in await in_command(area, ctx) if name in ("", a.name)]
    if not able:
        who = name or _("能在私聊里写预警的人")
        raise Refused(_("管这片地方的人里没有 {who}。请先让他们加入并私下对机器人说句话。").format(who=who))
    return able[0]


async def _called_off(alert: CapAlert, ctx: Ctx) -> list[Outgoing]:
    """What has not left is dropped; for what has, one press takes it back: nothing is said to a village by a file."""
    known = await _known(alert.references, ctx)
    if not known:
        missing = "、".join(reference.identifier for reference in alert.references) or _("（没有写）")
        raise Refused(_("没有收到过它要撤销的预警：{what}").format(what=missing))
    outs: list[Outgoing] = []
    for broadcast in known:
        if broadcast.stage in WRITING | {Stage.SUBMITTED}:
            outs += await shown(await ctx.store.broadcasts.save(broadcast.discard(None, ctx.now)), ctx)
        elif broadcast.stage is Stage.SENT:
            chats = await ctx.store.people.private_chats(broadcast.author.id)
            said = _("{number}的发布单位撤销了它。请核对后点下面卡片上的“撤销”或“解除”。").format(
                number=broadcast.number
            )
            outs += [*(Send(chat, said, wakes=True) for chat in chats), *await shown(broadcast, ctx, chats)]
    return outs


async def _known(references: Sequence[Reference], ctx: Ctx) -> list[Broadcast]:
    """Of the messages that are referred to, those that were written here or came by file."""
    # Of our own messages the last part of the name tells which of several it was: any of them will do.
    wanted = {form for one in references for form in (one.identifier, one.identifier.rpartition(".")[0]) if form}
    if not wanted:
        return []
    newest = await ctx.store.broadcasts.newest()
    return [one for one in reversed(newest) if wanted & {identifier_of(one), _came_as(one)}]


def _came_as(broadcast: Broadcast) -> str | None:
    identifier: str | None = json.loads(broadcast.cap)["identifier"] if broadcast.cap else None
    return identifier


def _kept(alert: CapAlert, info: Info) -> str:
    """What a broadcast has no field for, to be handed on with it."""
    said = {key: asdict(info)[key] for key in ("categories", "event", "responses", "urgency", "certainty", "geocodes")}
    message = {"identifier": alert.identifier, "sender": alert.sender, "sent": alert.sent}
    return json.dumps(message | said, ensure_ascii=False)


async def handed_on(broadcast: Broadcast, sender: str, geocode: str, ctx: Ctx) -> CapAlert:
    """A broadcast as it stands now, as a message for other services. `geocode` names the list that grids' codes are
    from."""
    if broadcast.sent_at is None or broadcast.colour is None:
        raise Refused(_("{number}没有作为预警发出过，没有可以交出去的。").format(number=broadcast.number))
    zone = ctx.settings.timezone
    info = _info(broadcast, await place_name(broadcast.area, ctx), geocode, zone)
    told = [line for line in await ctx.store.broadcasts.log(broadcast.id) if line.deed in TOLD]
    sent = [line.at.astimezone(zone) for line in told]
    earlier = tuple(Reference(sender, f"{identifier_of(broadcast)}.{n}", written(at)) for n, at in enumerate(sent[:-1]))
    return as_cap(broadcast, sender, len(sent) - 1, sent[-1], info, earlier)


def _info(broadcast: Broadcast, place: str, geocode: str, zone: tzinfo) -> Info:
    """What it says, with what the file said of it that it came by."""
    assert broadcast.colour  # noqa: S101
    known = json.loads(broadcast.cap) if broadcast.cap else {}
    over = broadcast.stage in (Stage.CLEARED, Stage.CANCELLED)
    return Info(
        "zh-CN",
        tuple(known.get("categories", (CATEGORY,))),
        known.get("event") or what(broadcast),
        "Past" if over else known.get("urgency") or URGENCIES[broadcast.colour],
        SEVERITIES[broadcast.colour],
        known.get("certainty") or CERTAINTY,
        ("AllClear",) if over else tuple(known.get("responses", ())),
        broadcast.onset_at.astimezone(zone) if broadcast.onset_at else None,
        broadcast.expires_at.astimezone(zone) if broadcast.expires_at else None,
        headline(broadcast, place),
        broadcast.text,
        sender_name=broadcast.author.name,
        area=place,
        geocodes=tuple((geocode, code) for code in broadcast.area),
    )
