"""Mediation of a dispute: somebody between two sides, each of which is heard alone, and what they agree on."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from domain.case import WAITING, Case
from domain.facts import Facts
from domain.language import N_, _
from domain.log import Event
from domain.people import PersonId, Who
from domain.refused import Refused

DISPUTE = "dispute"
"""The kind of case that is mediated."""

SETTLED_WITHIN = timedelta(days=30)
"""How far planned visits may move the promise: 人民调解工作若干规定 (2002) art. 33, “usually within one month”."""

CONFIRM_WITHIN = timedelta(days=30)
"""Both sides together may ask the court to confirm an agreement: 人民调解法 (2010) art. 33. It costs nothing:
法释〔2011〕5号 art. 11. Confirmed, it can be enforced. It may be oral or in writing: art. 28."""

CONFIRM_REMINDER = timedelta(days=10)
"""Before the end of that time: enough to find a day that suits both."""

BROKEN_WITHIN = timedelta(days=3 * 365)
"""After it, 没有履行 is a matter for the court: 民法典 art. 188, the limit of an ordinary claim."""

MOST_HELPERS = 4
"""Mediators besides the responder; more is a tribunal."""

# Where it cannot be settled, the two sides are told of their other ways: 人民调解法 art. 26. 12348 is the
# justice ministry's line for free legal advice.
ADVICE = N_(
    "调解不成，不影响您的权利。可以去镇（街道）的人民调解委员会再调，也可以去法院起诉。"
    "免费法律咨询打 12348；有人动手打 110。"
)

SHARED = frozenset({
    Event.ACKNOWLEDGED, Event.ASSIGNED, Event.ESCALATED, Event.CLIMBED, Event.REMINDED, Event.REHOMED, Event.CLOSED,
    Event.PLANNED, Event.PROPOSED,
})  # fmt: skip
"""The steps of a case that both sides may know of; of all others each knows its own."""

ASKED = SHARED | {Event.REPORTED, Event.REOPENED, Event.BROKEN, Event.UNREACHED}
"""The steps that whoever may take the case is shown before they do; what was said in it waits until they have."""


class Side(StrEnum):
    FIRST = "first"
    OTHER = "other"


class View(StrEnum):
    """How much of a private case somebody may see."""

    ALL = "all"
    """Who mediates."""
    OWN = "own"
    """A party, or whoever reported it: what they said themselves, and where it stands."""
    ASKED = "asked"
    """Who may take it while nobody has: what was reported, and nothing of an earlier mediation."""
    OUTLINE = "outline"
    """Anybody else: that there is such a case, and where it stands."""


@dataclass(frozen=True)
class Party:
    """One side. Without a `person` they have no account here: the mediator tells them, and speaks for them.
    `invited` is somebody known who has been asked to come; `agreed` the version of the agreement they said yes to."""

    side: Side
    name: str
    person: PersonId | None = None
    phone: str = ""
    invited: PersonId | None = None
    agreed: int = 0


@dataclass(frozen=True)
class Mediation:
    """Everything about a dispute that its case does not say. `responder` is the case's own."""

    case: int
    first: Party
    responder: Who | None = None
    other: Party | None = None
    helpers: tuple[Who, ...] = ()
    agreement: str = ""
    version: int = 0
    agreed_at: datetime | None = None
    due_at: datetime | None = None

    @property
    def parties(self) -> tuple[Party, ...]:
        return (self.first, self.other) if self.other else (self.first,)

    @property
    def mediators(self) -> tuple[Who, ...]:
        """The responder and those they asked to help. Somebody who turns out to be a party is none."""
        named = (*([self.responder] if self.responder else []), *self.helpers)
        return tuple(who for who in dict.fromkeys(named) if self.party(who.id) is None)

    def mediates(self, person: PersonId) -> bool:
        return any(who.id == person for who in self.mediators)

    def party(self, person: PersonId) -> Party | None:
        return next((party for party in self.parties if party.person == person), None)

    def side(self, side: Side) -> Party:
        return self.first if side is Side.FIRST else self._other()

    def view(self, case: Case, person: PersonId, answers: bool) -> View:
        """`answers`: they have authority over where it was reported."""
        if self.party(person):
            return View.OWN
        if self.mediates(person):
            return View.ALL
        if answers and case.state in WAITING:
            return View.ASKED
        return View.OWN if case.reporter and case.reporter.id == person else View.OUTLINE

    def name_other(self, name: str, phone: str) -> "Mediation":
        """请另一方: who they are, in the mediator's words. Whoever had come as the other side by mistake is out."""
        return self._unagreed(other=Party(Side.OTHER, name, phone=phone))

    def invite(self, who: Who) -> "Mediation":
        other = self._other()
        self._must_be_no_side_yet(who)
        return replace(self, other=replace(other, invited=who.id))

    def join(self, who: Who) -> "Mediation":
        """The other side comes in from an account of their own."""
        self._must_be_no_side_yet(who)
        return replace(self, other=replace(self._other(), person=who.id, invited=None))

    def decline(self, who: Who) -> "Mediation":
        if self.other is None or self.other.invited != who.id:
            raise Refused(_("这个邀请失效了。"))
        return replace(self, other=replace(self.other, invited=None))

    def help(self, who: Who) -> "Mediation":
        """Somebody else sits down with the mediator."""
        if self.party(who.id):
            raise Refused(_("{who} 是当事人，不能调解自己的事。").format(who=who.name))
        if self.mediates(who.id):
            raise Refused(_("{who} 已经在调解了。").format(who=who.name))
        if len(self.helpers) >= MOST_HELPERS:
            raise Refused(_("一起调解的人够多了。"))
        return replace(self, helpers=(*self.helpers, who))

    def propose(self, text: str) -> "Mediation":
        """写协议: a new text asks both sides again."""
        if self.other is None:
            raise Refused(_("还不知道另一方是谁。请先点“请另一方”。"))
        return replace(self._unagreed(self.other), agreement=text, version=self.version + 1)

    def agree(self, side: Side, version: int, now: datetime) -> "Mediation":
        """One side says yes to this version; with the second yes it is in force."""
        self._must_be_current(version)
        party = self.side(side)
        if party.agreed == version:
            raise Refused(_("{who} 已经同意过了。").format(who=party.name))
        said = self._with(replace(party, agreed=version))
        if not said.agreed:
            return said
        return replace(said, agreed_at=now, due_at=now + CONFIRM_WITHIN - CONFIRM_REMINDER)

    def disagree(self, side: Side, version: int) -> "Mediation":
        self._must_be_current(version)
        return self._with(replace(self.side(side), agreed=0))

    def reminded(self) -> "Mediation":
        return replace(self, due_at=None)

    def broken(self, now: datetime) -> "Mediation":
        """没有履行: the text stays as history, and binds nobody until it is proposed again."""
        if self.agreed_at is None:
            raise Refused(_("还没有生效的协议。"))
        if now > self.agreed_at + BROKEN_WITHIN:
            raise Refused(_("协议过了三年，请打 12348 问一问，或去法院。"))
        return replace(self._unagreed(self._other()), helpers=())

    @property
    def agreed(self) -> bool:
        """Whether both sides said yes to the text as it is."""
        return self.version > 0 and self.other is not None and all(p.agreed == self.version for p in self.parties)

    def _with(self, party: Party) -> "Mediation":
        return replace(self, first=party) if party.side is Side.FIRST else replace(self, other=party)

    def _unagreed(self, other: Party) -> "Mediation":
        first, other = replace(self.first, agreed=0), replace(other, agreed=0)
        return replace(self, first=first, other=other, agreed_at=None, due_at=None)

    def _other(self) -> Party:
        if self.other is None:
            raise Refused(_("还不知道另一方是谁。请先点“请另一方”。"))
        return self.other

    def _must_be_no_side_yet(self, who: Who) -> None:
        if self.party(who.id):
            raise Refused(_("{who} 已经是这件事的一方。").format(who=who.name))
        if self.mediates(who.id):
            raise Refused(_("{who} 在调解这件事，不能又是当事人。请先派单给别人。").format(who=who.name))

    def _must_be_current(self, version: int) -> None:
        if not self.version or version != self.version:
            raise Refused(_("协议改过了，请看最新的那一份。"))
        if self.agreed_at:
            raise Refused(_("双方都同意了，协议已经生效。"))


def claimant(reporter: Who | None, facts: Facts) -> PersonId | None:
    """The first party: whoever reported it, unless they did so for somebody else."""
    return None if reporter is None or facts.served else reporter.id


def may_hear(event: Event, by: PersonId | None, person: PersonId) -> bool:
    """Whether a party may know of this step: their own, or one of nobody's side."""
    return event in SHARED or (by is not None and by == person)
