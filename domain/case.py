"""A case: what a grid must deal with, from the first word to the reporter's answer."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from domain.chat import Attachment, ChatId, Location, Medium
from domain.facts import NOTHING_SAID, Facts
from domain.kinds import Kind, Urgency
from domain.language import _
from domain.log import BY_REPORTER, Entry, Event
from domain.people import Who
from domain.refused import Refused

LONGEST_SILENCE = timedelta(hours=24)
"""Reminders where nobody is left above come ever more rarely, but at least once a day."""

MOST_ATTACHMENTS = 20
"""Pictures and voices of one case: two albums of ten (Bot API, sendMediaGroup). More help nobody who hurries."""

VERIFY_WITHIN = timedelta(days=3)
"""How long the reporter has to say whether it is put right; silence then closes the case."""


class State(StrEnum):
    REPORTED = "reported"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"
    CLOSED = "closed"
    REOPENED = "reopened"
    MERGED = "merged"
    CANCELLED = "cancelled"


WAITING = frozenset({State.REPORTED, State.REOPENED})
OPEN = WAITING | {State.ACKNOWLEDGED}


class Rating(StrEnum):
    SATISFIED = "satisfied"
    DISSATISFIED = "dissatisfied"
    UNSOLVED = "unsolved"


class Offered(NamedTuple):
    """The case that a reporter is asked about, as they can know it again."""

    id: int
    text: str

    @property
    def number(self) -> str:
        return f"#{self.id}"


@dataclass(frozen=True)
class Case:
    """`origin` is the grid where it was reported, `grid` the one that answers for it now.

    `due_at` is the promise that runs; None when nothing is owed any more. `stalled` is set when the case climbed over
    its responder. `discreet` cases do not tell a group who reported them; of an `anonymous` one nobody is told, there
    is no `reporter`, and `reported_in` is the way back to them. `vicinity` is the grid within which another report can
    be of the same thing, `heard_at` when this one was last reported, by whomever. `gathered` is made of others and has
    no reporter of its own; `alone` is one that people said is a thing of its own. `offered` is the case that its
    reporter is asked about. `news` holds the log lines since it was loaded: saving a case writes them, so that no
    state changes without a line."""

    kind: str
    origin: str
    grid: str
    text: str
    reporter: Who | None
    reported_in: ChatId
    reported_at: datetime
    due_at: datetime | None
    id: int = 0
    report_message: str | None = None
    attachments: tuple[Attachment, ...] = ()
    location: Location | None = None
    facts: Facts = NOTHING_SAID
    discreet: bool = False
    anonymous: bool = False
    state: State = State.REPORTED
    responder: Who | None = None
    reminded: int = 0
    stalled: bool = False
    outcome: str = ""
    rating: Rating | None = None
    merged_into: int | None = None
    vicinity: str = ""
    heard_at: datetime | None = None
    gathered: bool = False
    alone: bool = False
    offered: Offered | None = None
    version: int = 0
    news: tuple[Entry, ...] = ()

    @property
    def number(self) -> str:
        return f"#{self.id}"

    @property
    def open(self) -> bool:
        return self.state in OPEN

    @property
    def standing(self) -> str:
        """Who has it where; what was said of that is out of date once this changes."""
        return f"{self.id}:{self.state.value}:{self.grid}:{self.responder.id if self.responder else ''}"

    def acknowledge(self, by: Who, kind: Kind, now: datetime) -> "Case":
        """接单. A case that climbed over its responder may be taken over by somebody else."""
        if self.state is State.ACKNOWLEDGED and not (self.stalled and by != self.responder):
            raise Refused(_("{who} 已接单").format(who=self._responder_name))
        self._must_be_open()
        _must_not_be_letter(kind)
        taken = replace(self, state=State.ACKNOWLEDGED, responder=by, stalled=False)
        return taken._on(Event.ACKNOWLEDGED, now, by, self._promised(kind, kind.resolve, now))

    def assign(self, to: Who, by: Who, kind: Kind, now: datetime) -> "Case":
        """派单: `to` is the responder from now on."""
        self._must_be_open()
        _must_not_be_letter(kind)
        if to == self.responder:
            raise Refused(_("这件事已经由 {who} 处置").format(who=to.name))
        given = replace(self, state=State.ACKNOWLEDGED, responder=to, stalled=False)
        return given._on(Event.ASSIGNED, now, by, self._promised(kind, kind.resolve, now), to.name)

    def give_back(self, by: Who, kind: Kind, now: datetime) -> "Case":
        """去不了了: the responder cannot do it after all; it waits for somebody again."""
        self._must_be_open()
        if self.responder is None or self.responder.id != by.id:
            raise Refused(_("{number} 现在不在您手上").format(number=self.number))
        free = replace(self, state=State.REPORTED, responder=None, stalled=False)
        return free._on(Event.GIVEN_BACK, now, by, self._promised(kind, kind.acknowledge, now))

    def escalate(self, above: str | None, by: Who, kind: Kind, now: datetime) -> "Case":
        """上报上级: too big for this level; the case waits for somebody above."""
        self._must_be_open()
        if above is None:
            raise Refused(_("上面没有能接的网格了。可以派单给具体的人，或拨打 110、119、120。"))
        lifted = replace(self, state=State.REPORTED, grid=above, responder=None, stalled=False)
        return lifted._on(Event.ESCALATED, now, by, self._promised(kind, kind.acknowledge, now))

    def resolve(self, outcome: str, by: Who, verify_within: timedelta, now: datetime) -> "Case":
        """办结: done, says the responder; the reporter has the last word."""
        self._must_be_open()
        done = replace(self, state=State.RESOLVED, responder=self.responder or by, outcome=outcome)
        return done._on(Event.RESOLVED, now, by, now + verify_within, words=outcome)

    def publish(self, by: Who, now: datetime) -> "Case":
        """公开: question and answer of a letter are for everybody to read from now on."""
        if self.state not in (State.RESOLVED, State.CLOSED) or not self.outcome:
            raise Refused(_("{number} 还没有答复，不能公开。").format(number=self.number))
        return self._on(Event.PUBLISHED, now, by, self.due_at, keep_count=True)

    def is_reporters(self, by: Who | None, said_in: ChatId | None) -> bool:
        """Whether it is this speaker's own case. An anonymous one is known by its private chat and by nothing else."""
        if self.anonymous:
            return said_in == self.reported_in
        return by is not None and self.reporter is not None and by.id == self.reporter.id

    def rate(
        self,
        rating: Rating,
        by: Who,
        above: str | None,
        kind: Kind,
        now: datetime,
        said_in: ChatId | None = None,
    ) -> "Case":
        """回访: the reporter's own answer closes the case, or sends it back one level up."""
        self._must_be_reporters(by, said_in)
        if self.state is not State.RESOLVED:
            raise Refused(_("{number} 现在不用评价。发“查询 {n}”看进展。").format(number=self.number, n=self.id))
        if rating is Rating.UNSOLVED:
            return self._back(above, by, kind, now)
        filed = replace(self, state=State.CLOSED, rating=rating)
        return filed._on(Event.RATED, now, by, None, rating.value)

    def rate_with(self, head: "Case", rating: Rating, by: Who, above: str | None, kind: Kind, now: datetime) -> "Case":
        """回访 of one that was merged: its reporter's own answer stands beside the others', or takes it out again."""
        self._must_be_reporters(by, None)
        if self.state is not State.MERGED or head.state not in {State.RESOLVED, State.CLOSED} or self.rating:
            raise Refused(_("{number} 现在不用评价。发“查询 {n}”看进展。").format(number=self.number, n=self.id))
        if rating is Rating.UNSOLVED:
            return self._back(above, by, kind, now)
        return replace(self, rating=rating)._on(Event.RATED, now, by, None, rating.value)

    def cancel(self, reason: str, by: Who, now: datetime, said_in: ChatId | None = None) -> "Case":
        """Withdrawn by its reporter, who says why; what was merged does not count with the others any more."""
        self._must_be_reporters(by, said_in)
        self._must_go_on()
        gone = replace(self, state=State.CANCELLED, outcome=reason, merged_into=None)
        return gone._on(Event.CANCELLED, now, by, None, words=reason)

    def add(
        self,
        by: Who | None,
        words: str,
        attachments: tuple[Attachment, ...],
        location: Location | None,
        now: datetime,
    ) -> "Case":
        """补充: more about the same thing, from whoever knows it; the clock goes on as it was."""
        self._must_go_on()
        if self.anonymous:
            attachments, location = traceless(attachments), None
        room = MOST_ATTACHMENTS - len(self.attachments)
        if attachments and room <= 0:
            raise Refused(_("{number} 的照片和语音已经够多了，请用文字说。").format(number=self.number))
        added = replace(
            self,
            attachments=(*self.attachments, *attachments[:room]),
            location=location or self.location,
        )
        return added._on(Event.ADDED, now, by, self.due_at, words=words, keep_count=True)

    def correct(self, facts: Facts, by: Who, words: str, kind: Kind, now: datetime) -> "Case":
        """更正: what was understood wrongly is put right by somebody who knows."""
        self._must_go_on()
        known = replace(self, facts=facts).hurried(self, kind, now)
        return known._on(Event.CORRECTED, now, by, known.due_at, words=words, keep_count=True)

    def hurried(self, before: "Case", kind: Kind, now: datetime) -> "Case":
        """What turned out since `before` that it cannot wait for the morning does not do so any more."""
        if self.due_at is None or not self.open or self.can_wait(kind) or not before.can_wait(kind):
            return self
        within = kind.acknowledge if self.state in WAITING else kind.resolve
        return replace(self, due_at=min(self.due_at, now + within))

    def urgent(self, kind: Kind) -> bool:
        return self.facts.danger or kind.urgency is not Urgency.ROUTINE

    def can_wait(self, kind: Kind) -> bool:
        """Whether it can wait for the morning: what is urgent cannot, nor a voice, which nobody has heard yet."""
        return not self.urgent(kind) and all(kept.medium is not Medium.VOICE for kept in self.attachments)

    def mediated(self, event: Event, by: Who, now: datetime, words: str = "", due_at: datetime | None = None) -> "Case":
        """调解: a step on the way to an agreement; the clock goes on, to a later time where a visit is planned."""
        self._must_be_open()
        later = max(self.due_at, due_at) if self.due_at and due_at else self.due_at
        return self._on(event, now, by, later, words=words, keep_count=True)

    def give_up(self, why: str, by: Who, now: datetime) -> "Case":
        """调解不成: it ends here, and those concerned are told of their other ways."""
        self._must_be_open()
        filed = replace(self, state=State.CLOSED, responder=self.responder or by)
        return filed._on(Event.FAILED, now, by, None, words=why)

    def broken(self, why: str, by: Who, above: str | None, kind: Kind, now: datetime) -> "Case":
        """没有履行: what was settled is not, and goes to the level above with all that happened."""
        if self.open or self.state in {State.MERGED, State.CANCELLED}:
            raise Refused(_("{number} 还没有办结，请直接和处置人说。").format(number=self.number))
        back = replace(self, state=State.REOPENED, grid=above or self.grid, responder=None, rating=None)
        return back._on(Event.BROKEN, now, by, self._promised(kind, kind.acknowledge, now), words=why)

    def outline(self) -> "Case":
        """The case without a word or a name of anybody: what others than those concerned may see of a private one,
        and all that a count or a digest may use."""
        return replace(
            self, text="", attachments=(), location=None, facts=NOTHING_SAID, reporter=None, responder=None, outcome=""
        )

    def merge(self, into: "Case", by: Who | None, now: datetime) -> "Case":
        """并案: the same thing was reported before; this one follows the other from now on. `by` is None where nobody
        had to say so."""
        self._must_be_open()
        into._must_be_open()
        if into.id == self.id:
            raise Refused(_("一件事不能并入它自己"))
        merged = replace(self, state=State.MERGED, merged_into=into.id, rating=None, offered=None)
        return merged._on(Event.MERGED if by else Event.FOLLOWED, now, by, None, into.number)

    def rekind(self, kind: Kind, grid: str, by: Who, now: datetime) -> "Case":
        """更正: it is another kind of thing; where nobody has it yet, that kind's clock starts, and its first grid."""
        self._must_be_open()
        if kind.kind == self.kind:
            raise Refused(_("{number} 已经是{kind}了。").format(number=self.number, kind=kind.name))
        waits = self.state in WAITING
        other = replace(self, kind=kind.kind, grid=grid if waits else self.grid)
        due_at = self._promised(kind, kind.acknowledge if waits else kind.resolve, now)
        return other._on(Event.CORRECTED, now, by, due_at, words=kind.name)

    def joined_by(self, other: "Case", now: datetime) -> "Case":
        """Somebody else reported it too; the clock goes on as it was."""
        heard = replace(self, heard_at=max(self.heard_at or now, other.heard_at or now))
        return heard._on(Event.HEARD, now, None, self.due_at, other.number, keep_count=True)

    def parted_from(self, other: "Case", now: datetime) -> "Case":
        """One that had been merged into this is another thing after all, or was taken back."""
        return self._on(Event.PARTED, now, None, self.due_at, other.number, keep_count=True)

    def split(self, head: "Case", by: Who, kind: Kind, now: datetime) -> "Case":
        """拆案: another thing after all. It stands alone from now on, and its clock starts again."""
        if self.state is not State.MERGED:
            raise Refused(_("{number} 没有并案，不用拆").format(number=self.number))
        head._must_be_open()
        out = replace(self, state=State.REPORTED, merged_into=None, alone=True, responder=None, stalled=False)
        return out._on(Event.SPLIT, now, by, self._promised(kind, kind.acknowledge, now), head.number)

    def stand_alone(self, by: Who, now: datetime) -> "Case":
        """Its reporter says that it is not the one it was taken for; nobody is asked again."""
        self._must_be_reporters(by, None)
        self._must_be_open()
        apart = replace(self, alone=True, offered=None)
        return apart._on(
            Event.ALONE, now, by, self.due_at, self.offered.number if self.offered else "", keep_count=True
        )

    def end(self, now: datetime) -> "Case":
        """Made of many, and nobody waits for it any more: all have answered, or each of theirs is gone."""
        if self.state is State.RESOLVED:
            return replace(self, state=State.CLOSED)._on(Event.CLOSED, now, None, None, "answered")
        self._must_be_open()
        return replace(self, state=State.CANCELLED)._on(Event.CANCELLED, now, None, None)

    def widen(self, origin: str, grid: str, now: datetime) -> "Case":
        """It was reported from further away: it is a matter of the grid they have in common."""
        wider = replace(self, origin=origin, grid=grid)
        return wider._on(Event.GREW, now, None, self.due_at, keep_count=True)

    def rehome(self, to: str, now: datetime) -> "Case":
        """Its grid was closed; the parent answers for it from now on, and the clock goes on."""
        return replace(self, grid=to)._on(Event.REHOMED, now, None, self.due_at)

    def record(self, event: Event, by: Who | None, now: datetime, detail: str = "", words: str = "") -> "Case":
        """A step of the search for a lost person: a line of the log; the case stands where it stood."""
        return self._on(event, now, by, self.due_at, detail, words, keep_count=True)

    def forget(self, now: datetime) -> "Case":
        """What was personal is erased; that it was, stays."""
        bare = replace(self, text="", attachments=(), location=None, facts=NOTHING_SAID, outcome="")
        return bare.record(Event.ERASED, None, now)

    def unreached(self, detail: str, now: datetime) -> "Case":
        """Nobody could be told: a fact on the case, never silence."""
        return self._on(Event.UNREACHED, now, None, self.due_at, detail)

    def lapse(self, above: str | None, kind: Kind, now: datetime) -> "Case":
        """The promise lapsed: remind, climb, or close; the last line of `news` says which."""
        if self.state is State.RESOLVED:
            return replace(self, state=State.CLOSED)._on(Event.CLOSED, now, None, None)
        first_lapse = self.state is State.ACKNOWLEDGED and not self.stalled and not self.reminded
        if above is None or first_lapse:
            doubled = 2**self.reminded
            # Compared by dividing: a case that nobody takes for months would double past what a time can hold.
            longest = kind.acknowledge > LONGEST_SILENCE / doubled
            wait = LONGEST_SILENCE if longest else kind.acknowledge * doubled
            again = replace(self, reminded=self.reminded + 1)
            return again._on(
                Event.REMINDED, now, None, self._promised(kind, max(wait, kind.acknowledge), now), keep_count=True
            )
        climbed = replace(self, grid=above, stalled=self.state is State.ACKNOWLEDGED)
        return climbed._on(Event.CLIMBED, now, None, self._promised(kind, kind.acknowledge, now))

    def _back(self, above: str | None, by: Who, kind: Kind, now: datetime) -> "Case":
        """退回重办: one level up, as a thing of its own."""
        back = replace(
            self,
            state=State.REOPENED,
            grid=above or self.grid,
            rating=Rating.UNSOLVED,
            responder=None,
            stalled=False,
            merged_into=None,
            alone=True,
        )
        return back._on(Event.REOPENED, now, by, self._promised(kind, kind.acknowledge, now))

    def _promised(self, kind: Kind, within: timedelta, now: datetime) -> datetime:
        return kind.promised(within, now) if self.can_wait(kind) else now + within

    def _on(
        self,
        event: Event,
        now: datetime,
        by: Who | None,
        due_at: datetime | None,
        detail: str = "",
        words: str = "",
        keep_count: bool = False,
    ) -> "Case":
        entry = Entry(event, now, self._named(by, event), self.grid, detail, words)
        kept = keep_count or event is Event.UNREACHED
        return replace(self, due_at=due_at, reminded=self.reminded if kept else 0, news=(*self.news, entry))

    def _named(self, by: Who | None, event: Event) -> Who | None:
        return None if self.anonymous and event in BY_REPORTER else by

    @property
    def _responder_name(self) -> str:
        return self.responder.name if self.responder else _("有人")

    def _must_go_on(self) -> None:
        """Open, or a part of another: what is known of it still helps whoever works on that."""
        if self.state is not State.MERGED:
            self._must_be_open()

    def _must_be_open(self) -> None:
        if self.state is State.MERGED:
            raise Refused(_("{number} 已并入 #{into}").format(number=self.number, into=self.merged_into))
        if not self.open:
            raise Refused(
                _("{number} 已经{state}，不能再改。还有问题请重新上报。").format(
                    number=self.number, state=state_name(self.state)
                )
            )

    def _must_be_reporters(self, by: Who, said_in: ChatId | None) -> None:
        if not self.is_reporters(by, said_in):
            raise Refused(_("这一步由上报人自己决定"))


def _must_not_be_letter(kind: Kind) -> None:
    """A letter is owed an answer by a date; taking it would only put the date off."""
    if kind.letter:
        raise Refused(_("建议不用接单，写一句答复就好：点“回复”，或发：办结 编号 答复的话"))


def open_case(
    kind: Kind,
    origin: str,
    grid: str,
    text: str,
    reporter: Who | None,
    reported_in: ChatId,
    now: datetime,
    report_message: str | None = None,
    attachments: tuple[Attachment, ...] = (),
    location: Location | None = None,
    facts: Facts = NOTHING_SAID,
    discreet: bool = False,
    why: str = "",
    anonymous: bool = False,
    vicinity: str = "",
) -> Case:
    """A new case, not saved yet: `storage` gives it its number. `why` names the words that decided its kind. Of
    whoever reports anonymously nothing goes in but the way back: neither name nor place, nor a voice one may know."""
    if anonymous:
        reporter, location, attachments = None, None, traceless(attachments)
    entry = Entry(Event.REPORTED, now, reporter, origin, words=why)
    case = Case(
        kind=kind.kind,
        origin=origin,
        grid=grid,
        text=text,
        reporter=reporter,
        reported_in=reported_in,
        reported_at=now,
        due_at=None,
        report_message=report_message,
        attachments=attachments,
        location=location,
        facts=facts,
        discreet=discreet,
        anonymous=anonymous,
        vicinity=vicinity,
        heard_at=now,
        news=(entry,),
    )
    return replace(case, due_at=case._promised(kind, kind.acknowledge, now))


def traceless(attachments: tuple[Attachment, ...]) -> tuple[Attachment, ...]:
    """What may go with an anonymous case: pictures. A voice is known, a file bears its maker's name."""
    return tuple(kept for kept in attachments if kept.medium is Medium.PHOTO)


def state_name(state: State) -> str:
    return {
        State.REPORTED: _("等人接单"),
        State.ACKNOWLEDGED: _("处置中"),
        State.RESOLVED: _("办结待回访"),
        State.CLOSED: _("结案"),
        State.REOPENED: _("退回重办，等人接单"),
        State.MERGED: _("并案"),
        State.CANCELLED: _("已撤销"),
    }[state]
