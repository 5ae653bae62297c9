"""`gridbot deliveries`: what did not surely arrive, and a person's word that settles it. Never what was said."""

from datetime import datetime, tzinfo

from domain.chat import Promise
from domain.language import N_, _
from domain.promise import may_go_again
from domain.refused import Refused
from storage.audit import UNENDED, UNSENT
from storage.deliveries import Unsettled
from storage.inbox import Aside
from storage.store import Store

HEARD = "in"
"""Before the number of something that came in, to tell it from what goes out."""

_STATES = {
    "queued": N_("没发出去"),
    "sending": N_("发了没结果"),
    "doubt": N_("不知送到没有"),
    "dead": N_("没送到"),
}
_PROMISES = {
    Promise.LIFE: N_("A 生命安全"),
    Promise.CORRECTION: N_("B 更正"),
    Promise.CARD: N_("C 卡片"),
    Promise.REPLY: N_("D 回话"),
    Promise.DIGEST: N_("E 汇总"),
}


async def listed(store: Store, zone: tzinfo, now: datetime) -> list[str]:
    """A line for each, the oldest first, and what to do about them; or that there is none."""
    async with store.transaction():
        unsettled = await store.deliveries.unsettled(now - UNSENT, now - UNENDED)
        aside = await store.inbox.set_aside()
    if not unsettled and not aside:
        return [_("没有悬而未决的消息。")]
    lines = [*(_line(one, zone) for one in unsettled), *(_line_aside(one, zone) for one in aside)]
    return [*lines, "", _("查清以后请运行：gridbot deliveries settle 编号 delivered（已送到）或 lost（没送到）")]


async def settled(store: Store, number: str, now: datetime, *, arrived: bool) -> str:
    """What was done; Refused where nothing can be."""
    async with store.transaction():
        if number.startswith(HEARD):
            return await _settle_aside(store, _digits(number.removeprefix(HEARD)), done=arrived)
        one = await store.deliveries.get(_digits(number))
        if one is None or one.state in ("sent", "superseded"):
            raise Refused(_("{number} 不在单子上。请看 gridbot deliveries。").format(number=number))
        return await _settle(store, one, now, arrived=arrived)


async def _settle(store: Store, one: Unsettled, now: datetime, *, arrived: bool) -> str:
    if one.state == "sending":
        raise Refused(_("{number} 还在发。机器人停一次再启动，就知道结果了。").format(number=one.id))
    if arrived:
        await store.deliveries.arrived(one, now)
        return _("{number} 记为已送到。").format(number=one.id)
    if one.state == "queued":
        raise Refused(_("{number} 还在排队，会接着发。").format(number=one.id))
    if not may_go_again(one.promise) or await store.deliveries.is_past(one):
        await store.deliveries.given_up(one, now)
        return _("{number} 记为没送到。这一条不再补发：后面的消息会说清楚。").format(number=one.id)
    await store.deliveries.send_again(one, now)
    return _("{number} 重新排队，机器人运行时就会发。").format(number=one.id)


async def _settle_aside(store: Store, number: int, *, done: bool) -> str:
    if not await store.inbox.take_up(number, done=done):
        raise Refused(_("{number} 不在单子上。请看 gridbot deliveries。").format(number=f"{HEARD}{number}"))
    text = _("{number} 记为已处理。") if done else _("{number} 会再处理一次。")
    return text.format(number=f"{HEARD}{number}")


def _digits(number: str) -> int:
    if not number.isdecimal() or len(number) > 18:
        raise Refused(_("编号请照单子上写，例如 12 或 in7。"))
    return int(number)


def _line(one: Unsettled, zone: tzinfo) -> str:
    what = _("按钮的回答") if one.press else one.card or _("消息")
    return _joined(
        str(one.id), _(_STATES[one.state]), _(_PROMISES[one.promise]), one.title or one.chat, what,
        one.reason or "", _at(one.since, zone),
    )  # fmt: skip


def _line_aside(one: Aside, zone: tzinfo) -> str:
    return _joined(f"{HEARD}{one.seq}", _("收到了，处理不了"), one.channel, _at(one.received_at, zone))


def _joined(*parts: str) -> str:
    return "  ".join(part for part in parts if part)


def _at(moment: datetime, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"
