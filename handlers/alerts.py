"""预警 列表: what was sent, by whom, who let it out, whom it reached, and every group that it did not reach and why."""

from collections import Counter

from domain.broadcast import Broadcast
from domain.chat import Button, ChatId, ChatKind, Outgoing, Pressed, Said, Send, Undelivered
from domain.language import N_, _
from domain.people import Person
from domain.refused import Refused
from domain.stages import Deed, Line, Receipts, Stage, stage_name
from domain.text import one_line
from handlers.broadcast import what
from handlers.draft_card import shown, the_broadcast
from handlers.reach import place_name, tops
from handlers.routing import Ctx, button
from storage.broadcasts import Arrival, Copy

LIST = ("列表", "list", "历史")

SHOWN = 8
"""Broadcasts in one list: a small screen shows as many with their buttons."""

FAILED_SHOWN = 20
"""Groups that were not reached, by name."""

REASON_CHARS = 60

_DEEDS = {
    Deed.WRITTEN: N_("写了草稿"),
    Deed.SUBMITTED: N_("提交"),
    Deed.APPROVED: N_("通过"),
    Deed.REJECTED: N_("驳回"),
    Deed.RETURNED: N_("退回修改"),
    Deed.LAPSED: N_("作废"),
    Deed.DISCARDED: N_("不发了"),
    Deed.BYPASSED: N_("没等第二个人，先发"),
    Deed.SENT: N_("发出"),
    Deed.REPEATED: N_("再说一遍"),
    Deed.AMENDED: N_("更正"),
    Deed.CANCELLED: N_("已撤销"),
    Deed.CLEARED: N_("解除"),
    Deed.EXPIRED: N_("到期"),
    Deed.REVISED: N_("由新的代替"),
    Deed.UNREACHED: N_("没能送到"),
}


async def listed(said: Said, ctx: Ctx) -> list[Outgoing]:
    """The newest that touch what the speaker answers for."""
    person = ctx.someone()
    if said.chat_kind is ChatKind.GROUP:
        raise Refused(_("列表不在群里看，请私下对我说：预警 列表"))
    own = await ctx.store.areas.codes(await tops(person, ctx))
    newest = [one for one in await ctx.store.broadcasts.newest() if own & set(one.area) or one.author.id == person.id]
    if not newest:
        return [Send(said.chat, _("还没有发过预警、通知或演练。"), reply_to=said.message_id)]
    lines = [await _summary(broadcast, ctx) for broadcast in newest[:SHOWN]]
    taps = [Button(broadcast.number, f"alert_show:{broadcast.id}") for broadcast in newest[:SHOWN]]
    rows = tuple(tuple(taps[n : n + 2]) for n in range(0, len(taps), 2))
    return [Send(said.chat, "\n".join(lines), rows, reply_to=said.message_id)]


async def _summary(broadcast: Broadcast, ctx: Ctx) -> str:
    place = await place_name(broadcast.area, ctx) if broadcast.area else _("（没写地方）")
    head = f"{broadcast.number} {what(broadcast)} {place} {ctx.clock(broadcast.sent_at or broadcast.created_at)}"
    parts = [_("{who} 写").format(who=broadcast.author.name)]
    if broadcast.approver:
        parts.append(_("{who} 通过").format(who=broadcast.approver.name))
    if broadcast.bypass:
        parts.append(_("没等第二个人"))
    line = f"{head} {stage_name(broadcast.stage)}（{'，'.join(parts)}）"
    if broadcast.sent_at is None:
        return line
    return f"{line} {counts(await ctx.store.broadcasts.copies(broadcast.id))}{await _confirmed(broadcast, ctx)}"


async def _confirmed(broadcast: Broadcast, ctx: Ctx) -> str:
    """To how many squads it was passed on by hand, and how many of the receipts that it asks for have come."""
    passed = {one.grid: one.passed for one in await ctx.store.passings.asked(broadcast.id)}
    line = _("，已转发 {n}/{asked} 队").format(n=sum(passed.values()), asked=len(passed)) if passed else ""
    if broadcast.receipts is Receipts.NONE:
        return line
    got, owed = await ctx.store.roll_ups.total(broadcast.id)
    return line + _("，已收到 {got}/{owed}").format(got=got, owed=owed)


def counts(copies: list[Copy]) -> str:
    """A grid may have a group on each of several services: it is counted once, by the copy that fared best."""
    order = list(Arrival)
    best: dict[str, Arrival] = {}
    for copy in copies:
        best[copy.code] = min(copy.arrival, best.get(copy.code, copy.arrival), key=order.index)
    n = Counter(best.values())
    line = _("送到 {sent} 个群，存疑 {doubt}，没送到 {failed}").format(
        sent=n[Arrival.SENT], doubt=n[Arrival.DOUBT], failed=n[Arrival.FAILED]
    )
    if n[Arrival.WAITING]:
        line += _("，还在路上 {n}").format(n=n[Arrival.WAITING])
    return line + (_("，收回 {n}").format(n=n[Arrival.RECALLED]) if n[Arrival.RECALLED] else "")


@button("alert_show")
async def show(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    broadcast = await _theirs(pressed, ctx)
    return await shown(broadcast, ctx, [pressed.chat])


@button("alert_history")
async def history(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    broadcast = await _theirs(pressed, ctx)
    copies = await ctx.store.broadcasts.copies(broadcast.id)
    log = [_log_line(line, ctx) for line in await ctx.store.broadcasts.log(broadcast.id)]
    missed = [copy for copy in copies if copy.arrival in (Arrival.FAILED, Arrival.DOUBT)]
    lines = [
        f"{broadcast.number} {counts(copies)}{await _confirmed(broadcast, ctx)}",
        *map(_missed_line, missed[:FAILED_SHOWN]),
    ]
    if len(missed) > FAILED_SHOWN:
        lines.append(_("……还有 {n} 个").format(n=len(missed) - FAILED_SHOWN))
    return [Send(pressed.chat, "\n".join([*lines, *log]), card=f"history:{broadcast.id}")]


def _missed_line(copy: Copy) -> str:
    if copy.arrival is Arrival.DOUBT:
        return _("“{title}”（{grid}）：不知道送到没有").format(title=copy.title, grid=copy.grid)
    why = one_line(copy.why, REASON_CHARS)
    return _("“{title}”（{grid}）：没送到，{why}").format(title=copy.title, grid=copy.grid, why=why)


def _log_line(line: Line, ctx: Ctx) -> str:
    who = line.by.name + " " if line.by else ""
    words = f"：{one_line(line.words, REASON_CHARS)}" if line.words else ""
    return f"{ctx.clock(line.at)} {who}{_(_DEEDS[line.deed])}{words}"


async def _theirs(pressed: Pressed, ctx: Ctx) -> Broadcast:
    """Where it went and what became of it is for those who answer for a part of it."""
    broadcast, person = await the_broadcast(pressed.arg(0), ctx), ctx.someone()
    if pressed.chat_kind is ChatKind.GROUP or not await _concerns(broadcast, person, ctx):
        raise Refused(_("这只给管那一片的人私下看。"))
    return broadcast


async def _concerns(broadcast: Broadcast, person: Person, ctx: Ctx) -> bool:
    own = await ctx.store.areas.codes(await tops(person, ctx))
    return person.id == broadcast.author.id or bool(own & set(broadcast.area))


# -- a group was not reached -----------------------------------------------------------------------------------------


def about_broadcast(incoming: Undelivered, what: str = "alert") -> int | None:
    """The broadcast of which a copy did not arrive, or its draft."""
    name, _colon, rest = (incoming.card or "").partition(":")
    number = rest.partition(":")[0]
    return int(number) if name == what and number.isdecimal() else None


async def unreached(incoming: Undelivered, number: int, title: str, ctx: Ctx) -> list[Outgoing]:
    """Somebody there tells the people by other means; it stands in the log."""
    broadcast = await ctx.store.broadcasts.get(number)
    if broadcast is None:
        return []
    broadcast = await ctx.store.broadcasts.save(broadcast.unreached(title, ctx.now))
    text = _("{what}（{number}）没能送到“{title}”，请用别的办法通知那里的人：{words}")
    if broadcast.stage is not Stage.SENT:
        text = _("{what}（{number}）{how}，没能告诉“{title}”，请用别的办法告诉那里的人。")
    text = text.format(
        what=what(broadcast),
        number=broadcast.number,
        title=title,
        words=one_line(broadcast.text),
        how=stage_name(broadcast.stage),
    )
    promise = broadcast.weight.promise
    return [Send(chat, text, promise=promise) for chat in await _hands(incoming, broadcast, ctx)]


async def unasked(incoming: Undelivered, number: int, title: str, ctx: Ctx) -> list[Outgoing]:
    """Whoever was to let it out may know nothing of it: ten minutes are soon over, and its author can call them."""
    broadcast = await ctx.store.broadcasts.get(number)
    if broadcast is None or broadcast.stage is not Stage.SUBMITTED:
        return []
    chats = await ctx.store.people.private_chats(broadcast.author.id)
    text = _("{number}等人通过，可是没能送到“{title}”。请马上打电话找人来通过。")
    text = text.format(number=broadcast.number, title=title)
    return [Send(chat, text, wakes=True) for chat in chats if chat != incoming.chat]


async def _hands(incoming: Undelivered, broadcast: Broadcast, ctx: Ctx) -> list[ChatId]:
    """Who can do something about that group: its own grid's people, else those above it, else the owners."""
    told = await ctx.store.broadcasts.told(broadcast.id)
    grids = {one.chat: one.grid for one in told}
    grids |= {one.chat: one.grid for one in await ctx.store.passings.asked(broadcast.id)}
    grid = grids.get(incoming.chat, broadcast.area[0])
    near = ([c for c in rung.private_chats if c != incoming.chat] for rung in await ctx.rungs(grid))
    return next((chats for chats in near if chats), None) or await ctx.owner_chats()
