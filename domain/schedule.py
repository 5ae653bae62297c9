"""定时: a notice that comes by itself at set times, and the rules by which it does, waits, skips and ends."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum

from domain.broadcast import Broadcast
from domain.language import N_, _
from domain.people import Who
from domain.recurrence import Recurrence, past
from domain.refused import Refused
from domain.stages import Receipts, Sort

GRACE = timedelta(hours=1)
"""How late it may still be sent where the bot was away at its time: what was meant for the evening is no use by
night."""

LONGEST_GRACE = timedelta(days=1)
"""Later than that, the next one is nearer."""

DRAFT_KEPT = timedelta(hours=24)
"""How long something half written is kept."""

MOST_OF_ONE = 30
"""Schedules that one person has at a time: more are forgotten by whoever set them."""


class State(StrEnum):
    DRAFT = "draft"
    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


_STATES = {State.DRAFT: N_("草稿"), State.ACTIVE: N_("定好了"), State.PAUSED: N_("暂停"), State.ENDED: N_("已经结束")}


@dataclass(frozen=True)
class Schedule:
    """`last_at` is the last time that is settled: sent, missed or skipped. `until` is the last day it may come on.
    Which times there are is counted outside, by the recurrence; the rules here take the next one as it is given."""

    author: Who
    created_at: datetime
    id: int = 0
    state: State = State.DRAFT
    recurrence: Recurrence | None = None
    area: tuple[str, ...] = ()
    text: str = ""
    receipts: Receipts = Receipts.NONE
    until: date | None = None
    grace: timedelta = GRACE
    due_at: datetime | None = None
    last_at: datetime | None = None
    version: int = 0

    @property
    def number(self) -> str:
        return _("{n} 号定时").format(n=self.id)

    @property
    def state_name(self) -> str:
        return _(_STATES[self.state])

    @property
    def complete(self) -> bool:
        return bool(self.recurrence and self.area and self.text)

    def settled(self, now: datetime) -> datetime:
        """After what moment the next one is looked for."""
        return max(now, self.last_at) if self.last_at else now

    def within(self, moment: datetime | None, zone: tzinfo) -> datetime | None:
        """This moment, where its last day is not over by then."""
        if moment is None or self.until is None:
            return moment
        return moment if moment.astimezone(zone).date() <= self.until else None

    # -- it is written -------------------------------------------------------------------------------------------

    def write(self, now: datetime, **said: object) -> "Schedule":
        """One thing more of it is known."""
        if self.state is not State.DRAFT:
            raise Refused(_("{number}已经定好了。要改请取消，再定一条。").format(number=self.number))
        return replace(self, due_at=now + DRAFT_KEPT, **said)  # type: ignore[arg-type]

    def confirm(self, first: datetime | None) -> "Schedule":
        if self.state is not State.DRAFT:
            raise Refused(_("{number}已经定好了。").format(number=self.number))
        if not self.complete:
            raise Refused(_("{number}还没写完，请先把缺的补上。").format(number=self.number))
        if first is None:
            raise Refused(past())
        return replace(self, state=State.ACTIVE, due_at=first)

    # -- its time comes ------------------------------------------------------------------------------------------

    def settle(self, at: datetime, following: datetime | None) -> "Schedule":
        """What was due up to `at` was sent, missed or skipped; where nothing follows it is over."""
        settled = replace(self, last_at=at, due_at=following)
        return settled if following else settled.end()

    def notice(self, training: bool, now: datetime) -> Broadcast:
        """What is sent when its time comes."""
        return Broadcast(
            Sort.NOTICE, self.author, now, text=self.text, area=self.area, receipts=self.receipts, training=training
        )

    def missed(self, now: datetime) -> bool:
        """Whether what was due first is too late by now."""
        return self.due_at is not None and self.due_at < now - self.grace

    # -- people change it ----------------------------------------------------------------------------------------

    def pause(self) -> "Schedule":
        self._must_be(State.ACTIVE)
        return replace(self, state=State.PAUSED, due_at=None)

    def resume(self, by: Who, following: datetime | None) -> "Schedule":
        """Whoever lets it go on answers for it from now on."""
        self._must_be(State.PAUSED)
        if following is None:
            raise Refused(_("{number}后面没有要发的了。请改到期日，或取消后重定。").format(number=self.number))
        return replace(self, state=State.ACTIVE, author=by, due_at=following)

    def skip(self, due: str, following: datetime | None) -> "Schedule":
        """跳过一次. `due` is the time that the button showed: pressed twice, it does not skip two."""
        self._must_be(State.ACTIVE)
        if self.due_at is None or stamp_of(self.due_at) != due:
            raise Refused(_("这一次已经跳过或发过了，请看最新的卡片。"))
        return self.settle(self.due_at, following)

    def last_until(self, day: date | None, now: datetime) -> "Schedule":
        """到期日, `now` being in the village's own time; None takes it away again."""
        self._must_not_be_over()
        if day and day < now.date():
            raise Refused(past())
        changed = replace(self, until=day)
        if self.state is State.ACTIVE and now.tzinfo and changed.within(self.due_at, now.tzinfo) is None:
            raise Refused(_("到那天为止一次也不发了。不要了请点“取消”。"))
        return changed

    def wait(self, grace: timedelta) -> "Schedule":
        """How long after its time it may still be sent."""
        self._must_not_be_over()
        if not timedelta(0) < grace <= LONGEST_GRACE:
            raise Refused(_("补发时限最长 1 天，例如：1 小时"))
        return replace(self, grace=grace)

    def end(self) -> "Schedule":
        self._must_not_be_over()
        return replace(self, state=State.ENDED, due_at=None)

    def _must_not_be_over(self) -> None:
        if self.state is State.ENDED:
            raise Refused(_("{number}已经结束了。").format(number=self.number))

    def _must_be(self, state: State) -> None:
        if self.state is not state:
            raise Refused(_("{number}现在是“{state}”，请看最新的卡片。").format(
                number=self.number, state=self.state_name))  # fmt: skip


def stamp_of(moment: datetime) -> str:
    """A time as a button holds it."""
    return f"{moment.astimezone(UTC):%Y%m%d%H%M}"
