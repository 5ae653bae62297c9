"""预警, 通知, 演练: what is told to everybody below a grid, and the rules by which it may leave."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from domain.colour import LIGHT, WEIGHTS, Colour, Weight
from domain.language import _
from domain.people import PersonId, Who
from domain.refused import Refused
from domain.sayable import checked_text, must_be_ahead, must_be_possible
from domain.stages import WRITING, Deed, Line, Receipts, Sort, Stage, stage_name
from domain.text import clean, has_words

APPROVE_WITHIN = timedelta(minutes=10)
"""How long a second person has to let it out: what nobody read in that time is out of date (as in the papers on the
false alarm of Hawaii, 2018, both people are awake and at their desks, or it is not sent)."""

DRAFT_KEPT = timedelta(hours=24)
"""How long something half written is kept."""

ALONE_GROUPS = 20
"""Groups that one officer may warn alone to save life: a grid or two, whose people can be told in a walk that it was
a mistake."""

LONGEST_REASON = 200

LIVES = {Sort.ALERT: timedelta(hours=24), Sort.NOTICE: timedelta(days=7), Sort.DRILL: timedelta(hours=2)}
"""How long each is in force where nobody said."""


@dataclass(frozen=True)
class Broadcast:
    """`area` holds grids, each with all below it. `training` is how the bot was set when this was written. `bypass` is
    the reason why nobody else let it out. `answers` fill the blanks of its template; whoever then writes in their own
    words answers none. `news` holds the log lines since it was loaded: saving writes them."""

    sort: Sort
    author: Who
    created_at: datetime
    id: int = 0
    colour: Colour | None = None
    stage: Stage = Stage.DRAFT
    text: str = ""
    template: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    area: tuple[str, ...] = ()
    approver: Who | None = None
    bypass: str = ""
    training: bool = False
    receipts: Receipts = Receipts.NONE
    submitted_at: datetime | None = None
    sent_at: datetime | None = None
    onset_at: datetime | None = None
    expires_at: datetime | None = None
    ended_at: datetime | None = None
    due_at: datetime | None = None
    revises: int | None = None
    cap: str = ""
    version: int = 0
    news: tuple[Line, ...] = ()

    @property
    def weight(self) -> Weight:
        return WEIGHTS[self.colour] if self.sort is Sort.ALERT and self.colour else LIGHT

    @property
    def coloured(self) -> bool:
        return self.sort is not Sort.NOTICE

    @property
    def complete(self) -> bool:
        return bool(self.text and self.area and (self.colour or not self.coloured))

    @property
    def number(self) -> str:
        return _("第 {n} 号").format(n=self.id)

    def needs_second(self, wide: bool) -> bool:
        """Whether a second person has to let it out. `wide` is true where it reaches more than one village."""
        grave = self.coloured and (self.colour or Colour.RED) >= Colour.ORANGE
        return wide or grave or self.sort is Sort.DRILL

    # -- it is written -------------------------------------------------------------------------------------------

    def write(self, now: datetime, **said: object) -> "Broadcast":
        """One thing more of it is known; whoever let it out before has to read it anew."""
        if self.stage not in WRITING:
            raise Refused(_("{number}已经不在修改中了。").format(number=self.number))
        return replace(self, stage=Stage.DRAFT, approver=None, due_at=now + DRAFT_KEPT, **said)  # type: ignore[arg-type]

    def discard(self, by: Who | None, now: datetime) -> "Broadcast":
        if self.stage not in WRITING | {Stage.SUBMITTED}:
            raise Refused(_("{number}已经发出或结束了。").format(number=self.number))
        return self._over(Stage.DISCARDED, Deed.DISCARDED, by, now)

    def submit(self, by: Who, training: bool, now: datetime) -> "Broadcast":
        """提交: it waits for a second person."""
        self._must_be_sendable(training, now)
        if self.stage not in WRITING:
            raise Refused(_("{number}已经提交过了。").format(number=self.number))
        waiting = replace(self, stage=Stage.SUBMITTED, submitted_at=now, due_at=now + APPROVE_WITHIN)
        return waiting._on(Deed.SUBMITTED, by, now)

    # -- somebody else decides -----------------------------------------------------------------------------------

    def approve(self, by: Who, now: datetime) -> "Broadcast":
        """通过: by somebody else than its author, in time."""
        self.must_wait(by.id, now)
        return replace(self, approver=by)._on(Deed.APPROVED, by, now)

    def reject(self, by: Who, reason: str, now: datetime) -> "Broadcast":
        self.must_wait(by.id, now)
        return self._over(Stage.REJECTED, Deed.REJECTED, by, now, _reason(reason))

    def give_back(self, by: Who, reason: str, now: datetime) -> "Broadcast":
        """退回修改: its author may change it and submit it again."""
        self.must_wait(by.id, now)
        returned = replace(self, stage=Stage.RETURNED, submitted_at=None, due_at=now + DRAFT_KEPT)
        return returned._on(Deed.RETURNED, by, now, _reason(reason))

    def go_alone(self, by: Who, reason: str, small: bool, now: datetime) -> "Broadcast":
        """To save life where few are concerned, its author sends it alone and says why."""
        if by.id != self.author.id:
            raise Refused(_("只有写的人可以一个人先发；您请点“通过”。"))
        if self.sort is not Sort.ALERT or not small:
            raise Refused(_("这一条不能一个人发：只有小范围的救命预警可以。请另一位来通过。"))
        if self.stage is not Stage.SUBMITTED:
            raise Refused(_("{number}已经不在等人通过了。").format(number=self.number))
        return replace(self, bypass=_reason(reason))._on(Deed.BYPASSED, by, now, _reason(reason))

    def lapse(self, now: datetime, why: str) -> "Broadcast":
        return self._over(Stage.LAPSED, Deed.LAPSED, None, now, why)

    def must_wait(self, by: PersonId, now: datetime) -> None:
        """Whether this person may decide on it now."""
        if self.stage is not Stage.SUBMITTED:
            raise Refused(_("{number}已经不在等人通过了。").format(number=self.number))
        if self.due_at is None or now >= self.due_at:
            raise Refused(_("{number}过了 10 分钟没人通过，已经作废。请重新提交。").format(number=self.number))
        if by == self.author.id:
            raise Refused(_("自己写的要由别人通过：请另一位有权的人在私聊里点。"))

    # -- it is out -----------------------------------------------------------------------------------------------

    def send(self, wide: bool, training: bool, now: datetime) -> "Broadcast":
        self._must_be_sendable(training, now)
        if self.stage not in WRITING | {Stage.SUBMITTED}:
            raise Refused(_("{number}已经发出或结束了。").format(number=self.number))
        if self.needs_second(wide) and not (self.approver or self.bypass):
            raise Refused(_("{number}要有第二个人通过才能发。").format(number=self.number))
        if self.approver and self.approver.id == self.author.id:
            raise Refused(_("自己写的要由别人通过：请另一位有权的人在私聊里点。"))
        sent = replace(self, stage=Stage.SENT, sent_at=now, expires_at=self.expires_at or now + LIVES[self.sort])._on(
            Deed.SENT, self.author, now
        )
        return sent._scheduled(now)

    def amend(self, text: str, by: Who, now: datetime) -> "Broadcast":
        """更正: what it says from now on."""
        self.must_stand()
        text = checked_text(self.sort, text)
        return replace(self, text=text, answers={})._on(Deed.AMENDED, by, now, text)

    def end(self, stage: Stage, by: Who | None, now: datetime) -> "Broadcast":
        """撤销, 解除, or time: it is in force no more."""
        self.must_stand()
        return self._over(stage, Deed(stage.value), by, now)

    def replaces(self, older: "Broadcast") -> bool:
        """Whether the older one ends with this: a drill ends nothing real, and what is real no drill."""
        return self.revises == older.id and older.stage is Stage.SENT and older.sort is self.sort

    def repeat(self, now: datetime) -> "Broadcast":
        return self._on(Deed.REPEATED, None, now)._scheduled(now)

    def unreached(self, title: str, now: datetime) -> "Broadcast":
        return self._on(Deed.UNREACHED, None, now, title)

    def must_stand(self) -> None:
        """Whether there is something to take back."""
        if self.stage is Stage.SENT:
            return
        if self.sent_at is None:
            raise Refused(_("{number}还没有发出。").format(number=self.number))
        raise Refused(
            _("{number}已经结束了（{how}），不用再点。").format(number=self.number, how=stage_name(self.stage))
        )

    def _must_be_sendable(self, training: bool, now: datetime) -> None:
        if not self.complete:
            raise Refused(_("{number}还没写完，请先把缺的补上。").format(number=self.number))
        checked_text(self.sort, self.text)
        must_be_ahead(self.onset_at, self.expires_at, now)
        if self.training != training:
            raise Refused(
                _("{number}是在另一种模式（演练/实战）下写的，已经作废。请重新写。").format(number=self.number)
            )
        must_be_possible(self.sort, training)

    def _scheduled(self, now: datetime) -> "Broadcast":
        again = self.weight.again
        due = [at for at in (now + again if again else None, self.expires_at) if at]
        return replace(self, due_at=min(due) if due else None)

    def _over(self, stage: Stage, deed: Deed, by: Who | None, now: datetime, words: str = "") -> "Broadcast":
        return replace(self, stage=stage, ended_at=now, due_at=None)._on(deed, by, now, words)

    def _on(self, deed: Deed, by: Who | None, now: datetime, words: str = "") -> "Broadcast":
        return replace(self, news=(*self.news, Line(deed, now, by, words)))


def _reason(words: str) -> str:
    words = clean(words)
    if not has_words(words):
        raise Refused(_("请写一句原因。"))
    return words[:LONGEST_REASON]
