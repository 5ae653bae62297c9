"""The auditor: once a minute it looks, by queries of its own, for what was promised and did not happen."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

import structlog

from bot.channels import Channel
from bot.clock import Clock
from bot.heartbeat import Heartbeat
from bot.metrics import FINDINGS
from bot.night import spare
from domain.chat import Outgoing, Send
from domain.language import _
from domain.settings import Settings
from storage.audit import OVERDUE, UNENDED, UNHEARD, UNSENT, Finding
from storage.store import Store

EVERY_SECONDS = 60.0

Mend = Callable[[bool], Awaitable[None]]
"""Wakes whoever has fallen asleep; where something is newly wrong, they look through all they have."""

log = structlog.get_logger()


class Auditor:
    def __init__(
        self,
        store: Store,
        settings: Settings,
        clock: Clock,
        channels: Sequence[Channel],
        mend: Mend,
        heartbeat: Heartbeat,
    ) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock
        self._channels = channels
        self._mend = mend
        self._heartbeat = heartbeat

    async def run(self) -> None:
        while True:
            began = self._clock.monotonic()
            await asyncio.sleep(EVERY_SECONDS)
            if self._clock.monotonic() - began > 2 * EVERY_SECONDS:
                # The whole machine slept. Everybody is late, and gets a minute first.
                continue
            await self.look()

    async def look(self) -> None:
        """Find, mend, tell; and where there is nothing to find, say that all is well."""
        try:
            found = await self.audit()
        except Exception:
            # The house goes on without its auditor; whoever counts the heartbeats misses one.
            log.exception("audit_broke")
            return
        if not found:
            await self._heartbeat.beat()

    async def audit(self) -> list[Finding]:
        """What is wrong: mended where it can be, logged, and told to the owners once until it is right again."""
        now = self._clock.now()
        async with self._store.transaction():
            found = [*await self._look_around(now), *self._deaf(now)]
            new = await self._store.audit.remember(found, now)
            if any(one.what == "unarmed" for one in found):
                await self._store.audit.arm(now)
            self._store.outbox.add(await self._report(new), now)
            await self._tell_of_silence(now)
        _count(found)
        for one in new:
            log.error("audit_found", what=one.what, place=one.place, count=one.count, since=one.since.isoformat())
        if found:
            await self._mend(bool(new))
        return found

    async def _look_around(self, now: datetime) -> list[Finding]:
        audit = self._store.audit
        return [
            *await audit.overdue(now - OVERDUE),
            *await audit.unarmed(),
            *await audit.unheard(now - UNHEARD),
            *await audit.aside(),
            *await audit.unsent(now - UNSENT),
            *await audit.unended(now - UNENDED),
        ]

    def _deaf(self, now: datetime) -> list[Finding]:
        """Services that do not talk to this bot."""
        deaf = (channel for channel in self._channels if channel.health.trouble)
        return [Finding("refused", channel.name, 1, channel.health.heard_at or now) for channel in deaf]

    async def _report(self, new: Sequence[Finding]) -> list[Outgoing]:
        """To the owners, at night too, by a service that listens."""
        if not new:
            return []
        lines = [f"· {_sentence(one)}" for one in new]
        text = "\n".join(
            [_("机器人自查，发现不对："), *lines, _("能补的已经在补。请看日志，并运行 gridbot deliveries。")]
        )
        deaf = {channel.name for channel in self._channels if channel.health.trouble}
        # On each of an owner's accounts: the service they used last may be the one that does not listen.
        chats = [await self._store.people.private_chat_of(owner) for owner in sorted(self._settings.owners)]
        return [Send(chat, text) for chat in chats if chat and chat.channel not in deaf]

    async def _tell_of_silence(self, now: datetime) -> None:
        """Where a service was not heard for longer than it keeps what is said, something may be lost for ever."""
        for channel in self._channels:
            at = channel.health.heard_at
            before = at and await self._store.audit.heard(channel.name, at)
            if at and before and channel.keeps and at - before > channel.keeps:
                log.error("reports_may_be_missing", channel=channel.name, since=before.isoformat())
                text = _(
                    "从{start}到{end}，机器人没能收到消息，这段时间里说的有些可能丢了。"
                    "您的事要是还没人管，请再说一遍。急事请打 110、119、120。"
                ).format(start=self._settings.clock(before, now), end=self._settings.clock(at, now))
                outs = [Send(chat, text, brief=text) for chat in await self._store.chats.bound(channel.name)]
                self._store.outbox.add(await spare(self._store, self._settings, now, outs), now)


def _count(found: Sequence[Finding]) -> None:
    FINDINGS.clear()
    counted: Counter[str] = Counter()
    for one in found:
        counted[one.what] += one.count
    for what, count in counted.items():
        FINDINGS.labels(what).set(count)


def _sentence(one: Finding) -> str:
    sentences = {
        "overdue": _("{n} 个时限过了没有处理（{place}）。"),
        "unarmed": _("{n} 件没办完的事没有时限，已补上。"),
        "unheard": _("{n} 条收到的消息还没处理（{place}）。"),
        "aside": _("{n} 条收到的消息处理不了，已留着。"),
        "unsent": _("{n} 条消息很久没发出去（{place}）。"),
        "unended": _("{n} 条消息发了很久没有结果（{place}）。"),
        "refused": _("{place} 不接受这个机器人：token 不对，或者另一个程序也在用它。"),
    }
    return sentences[one.what].format(n=one.count, place=one.place)
