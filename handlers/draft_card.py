"""A broadcast as those see it who write it, let it out and answer for it: what it says, whom it reaches, what can be
done with it now."""

from collections.abc import Iterable
from dataclasses import replace

from domain.broadcast import APPROVE_WITHIN, LIVES, Broadcast
from domain.chat import Button, ChatId, Outgoing, Promise, Rows, Send, as_number
from domain.duration import spoken
from domain.language import N_, _
from domain.refused import Refused
from domain.stages import WRITING, Receipts, Sort, Stage, stage_name
from handlers.broadcast import group_text, headline
from handlers.reach import Reach, place_name, reach
from handlers.rehearsal import drill_text
from handlers.routing import Ctx

SQUADS_SHOWN = 6
"""Of those without a group, by name."""

_RECEIPTS = {
    Receipts.NONE: N_("不要回执"),
    Receipts.SQUAD: N_("每队回执"),
    Receipts.HOUSEHOLD: N_("每户回执"),
}


def draft_card(broadcast: Broadcast) -> str:
    return f"draft:{broadcast.id}"


async def the_broadcast(number: str, ctx: Ctx) -> Broadcast:
    broadcast = await ctx.store.broadcasts.get(as_number(number))
    if broadcast is None:
        raise Refused(_("这个按钮失效了。发“预警 列表”看现在的。"))
    return broadcast


async def shown(broadcast: Broadcast, ctx: Ctx, chats: Iterable[ChatId] = (), why: str = "") -> list[Outgoing]:
    """The card wherever it stands, and in these chats too."""
    standing = await ctx.store.outbox.chats_with(draft_card(broadcast))
    authors = await ctx.store.people.private_chats(broadcast.author.id)
    text = await _text(broadcast, ctx, why)
    template = ctx.settings.templates.get(broadcast.template)
    clears = broadcast.coloured or bool(template and template.all_clear)
    waits = broadcast.stage is Stage.SUBMITTED
    page = Promise.LIFE if waits and broadcast.weight.pin else Promise.CARD
    return [
        Send(chat, text, _buttons(broadcast, chat in authors, clears), page, draft_card(broadcast), wakes=waits)
        for chat in dict.fromkeys([*standing, *chats])
    ]


async def _text(broadcast: Broadcast, ctx: Ctx, why: str) -> str:
    head = headline(broadcast, await place_name(broadcast.area, ctx) if broadcast.area else "")
    lines = [f"{head} · {broadcast.number} · {stage_name(broadcast.stage)}", *_status(broadcast, ctx)]
    if why:
        lines.append(why)
    if broadcast.complete:
        as_sent = replace(broadcast, expires_at=broadcast.expires_at or ctx.now + LIVES[broadcast.sort])
        lines += [_("—— 大家会看到 ——"), await _as_read(as_sent, ctx), "——————"]
    if broadcast.complete and broadcast.stage in WRITING | {Stage.SUBMITTED}:
        lines += [_(_RECEIPTS[broadcast.receipts]), *_reach_lines(await reach(broadcast, ctx))]
    return "\n".join(lines)


async def _as_read(broadcast: Broadcast, ctx: Ctx) -> str:
    return await (drill_text if broadcast.sort is Sort.DRILL else group_text)(broadcast, ctx)


def _status(broadcast: Broadcast, ctx: Ctx) -> list[str]:
    lines = [_("{who} 写的").format(who=broadcast.author.name)]
    if template := ctx.settings.templates.get(broadcast.template):
        lines.append(_("用的模板：{title}").format(title=template.title))
    if broadcast.stage is Stage.SUBMITTED and broadcast.due_at:
        lines.append(_("等第二个人通过，过了 {when} 作废").format(when=ctx.clock(broadcast.due_at)))
    if broadcast.approver:
        lines.append(_("{who} 通过").format(who=broadcast.approver.name))
    if broadcast.bypass:
        lines.append(_("⚠ 没有第二个人通过，一个人先发的：{why}").format(why=broadcast.bypass))
    if broadcast.sent_at:
        lines.append(_("{when} 发出").format(when=ctx.clock(broadcast.sent_at)))
    return lines


def _reach_lines(whom: Reach) -> list[str]:
    counted, seconds = whom.counted, whom.last.total_seconds()
    last = _("马上都能收到") if seconds < 1 else _("最后一个群大约 {time} 后收到").format(time=spoken(whom.last))
    doors = _("{households} 户 {people} 人").format(households=counted.households, people=counted.people)
    whose = doors if counted.households else _("名册里还没有那里的住户")
    lines = [_("发到 {groups} 个群，{whose}，{last}。").format(groups=whom.groups, whose=whose, last=last)]
    if whom.by_hand:
        lines.append(_("{n} 个小队由队长转发到居民的群。").format(n=whom.by_hand))
    if whom.by_nobody:
        names = "、".join(whom.by_nobody[:SQUADS_SHOWN])
        lines.append(_("{n} 个小队没有人能转发，请另外通知：{names}").format(n=len(whom.by_nobody), names=names))
    if counted.without:
        names = "、".join(counted.without[:SQUADS_SHOWN])
        lines.append(_("{n} 个小队没有群，请另外通知：{names}").format(n=len(counted.without), names=names))
    return lines


def _buttons(broadcast: Broadcast, author: bool, clears: bool) -> Rows:
    """What this reader can do with it; each press is checked again. `clears`: there is a danger that can be over."""
    n = broadcast.id
    drop = Button(_("不发了"), f"alert_drop:{n}")
    if broadcast.stage in WRITING:
        return _writing_buttons(broadcast) if author else ()
    if broadcast.stage is Stage.SUBMITTED and author:
        alone = (Button(_("救命急用，我先发"), f"alert_alone:{n}"),) if broadcast.sort is Sort.ALERT else ()
        return ((drop,), alone) if alone else ((drop,),)
    if broadcast.stage is Stage.SUBMITTED:
        yes = Button(_("通过"), f"alert_approve:{n}")
        return ((yes,), (Button(_("驳回"), f"alert_reject:{n}"), Button(_("退回修改"), f"alert_return:{n}")))
    if broadcast.stage is Stage.SENT:
        amend, cancel = Button(_("更正"), f"alert_amend:{n}"), Button(_("撤销"), f"alert_cancel:{n}")
        clear = (Button(_("解除"), f"alert_clear:{n}"),) if clears else ()
        return ((amend, *clear, cancel), (Button(_("送达情况"), f"alert_history:{n}"),))
    return ()


def _writing_buttons(broadcast: Broadcast) -> Rows:
    n = broadcast.id
    change = [Button(_("改内容"), f"alert_ask:{n}:text"), Button(_("改地方"), f"alert_ask:{n}:place")]
    more = [Button(_("到期时间"), f"alert_ask:{n}:until"), Button(_("回执"), f"alert_ask:{n}:receipts")]
    colour = [Button(_("改颜色"), f"alert_ask:{n}:colour")] if broadcast.coloured else []
    go = [Button(_("提交"), f"alert_submit:{n}")] if broadcast.complete else []
    return tuple(tuple(row) for row in (go, change, [*more, *colour], [Button(_("不发了"), f"alert_drop:{n}")]) if row)


def approval_asked(names: str) -> str:
    return _("已经请 {names} 通过，{minutes} 内有效。").format(names=names, minutes=spoken(APPROVE_WITHIN))
