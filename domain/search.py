"""The search for a lost person: who may start it, how it widens, and how it ends."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, StrEnum

from domain.language import _
from domain.missing import Missing
from domain.people import LEADING, PersonId, Rung
from domain.refused import Refused
from domain.rings import Ring

ASK_AGAIN = timedelta(minutes=5)
"""How long a search waits to be confirmed before the next level above is asked too."""

WARN_BEFORE = timedelta(hours=1)
"""How long before it expires those who answer for it are asked whether to go on."""


class Stage(StrEnum):
    ASKED = "asked"
    """Waits for a leader or an officer; nobody outside the squad knows."""
    WIDENING = "widening"
    FOUND = "found"
    REJECTED = "rejected"
    STOPPED = "stopped"
    """Its case ended in another way: taken back, merged, settled."""
    EXPIRED = "expired"


RUNNING = frozenset({Stage.ASKED, Stage.WIDENING})


class Step(Enum):
    """What time brings."""

    ASK_AGAIN = "ask again"
    WIDEN = "widen"
    WARN = "warn"
    EXPIRE = "expire"
    ERASE = "erase"


@dataclass(frozen=True)
class Plan:
    """When each ring is told, counted from the confirmation; how long a search lives, and how long it is remembered."""

    village: timedelta = timedelta(minutes=10)
    neighbours: timedelta = timedelta(minutes=20)
    township: timedelta = timedelta(minutes=40)
    expires: timedelta = timedelta(hours=24)
    erase: timedelta = timedelta(days=7)

    def after(self, ring: Ring) -> timedelta:
        later = {Ring.VILLAGE: self.village, Ring.NEIGHBOURS: self.neighbours, Ring.TOWNSHIP: self.township}
        return later.get(ring, timedelta(0))


@dataclass(frozen=True)
class Search:
    """Its id is its case's. `asked` counts the levels that were asked to confirm."""

    id: int
    reporter: PersonId | None
    missing: Missing
    opened_at: datetime
    expires_at: datetime
    due_at: datetime | None
    stage: Stage = Stage.ASKED
    ring: Ring = Ring.SQUAD
    asked: int = 1
    warned: bool = False
    confirmed_at: datetime | None = None
    ended_at: datetime | None = None
    version: int = 0

    @property
    def running(self) -> bool:
        return self.stage in RUNNING

    def confirm(self, by: PersonId, now: datetime, plan: Plan) -> "Search":
        """By somebody else than its reporter, whatever their office: two people want this, or nothing is told."""
        if self.reporter == by:
            raise Refused(_("自己报的要由别人确认：请另一位队长、网格长或干部来点。"))
        if self.stage is Stage.WIDENING:
            raise Refused(_("已经有人确认，正在找了。"))
        if self.confirmed_at or self.stage not in (Stage.ASKED, Stage.REJECTED):
            self.must_run(_("这次寻人"))
        known = replace(self, stage=Stage.WIDENING, confirmed_at=now, ended_at=None, expires_at=now + plan.expires)
        return known._scheduled(plan)

    def widen(self, plan: Plan) -> "Search":
        return replace(self, ring=Ring(self.ring + 1))._scheduled(plan)

    def ask_again(self, plan: Plan) -> "Search":
        return replace(self, asked=self.asked + 1)._scheduled(plan)

    def warn(self, plan: Plan) -> "Search":
        return replace(self, warned=True)._scheduled(plan)

    def renew(self, now: datetime, plan: Plan) -> "Search":
        """继续找: it lives as long again from now on."""
        self.must_run(_("这次寻人"))
        return replace(self, expires_at=now + plan.expires, warned=False)._scheduled(plan)

    def end(self, stage: Stage, now: datetime, plan: Plan) -> "Search":
        return replace(self, stage=stage, ended_at=now)._scheduled(plan)

    def reopen(self, now: datetime, plan: Plan) -> "Search":
        """Its case was taken for another thing and is a lost person after all: to be confirmed, if it never was."""
        if self.confirmed_at:
            return self
        return replace(open_search(self.id, self.reporter, self.missing, now, plan), version=self.version)

    def know(self, missing: Missing) -> "Search":
        return replace(self, missing=missing)

    def keep(self, now: datetime, plan: Plan) -> "Search":
        """Nobody is found yet and the case is open: what helps to find them is kept for as long again."""
        return replace(self, due_at=now + plan.erase)

    def erase(self) -> "Search":
        return replace(self, missing=Missing(), due_at=None)

    def must_run(self, name: str) -> None:
        if not self.running:
            raise Refused(_("{name}已经结束。还没找到，请重新发：走失 谁、在哪里").format(name=name))

    def step(self, now: datetime, plan: Plan) -> Step | None:
        """What is due. Where several are, after a time without the bot: a search too old ends, and widens no more."""
        if self.due_at is None or self.due_at > now:
            return None
        if not self.running:
            return Step.ERASE
        if self.expires_at <= now:
            return Step.EXPIRE
        if self.stage is Stage.ASKED:
            return Step.ASK_AGAIN
        wider = self._wider_at(plan)
        return Step.WIDEN if wider and wider <= now else Step.WARN

    def _wider_at(self, plan: Plan) -> datetime | None:
        if self.confirmed_at is None or self.ring is Ring.TOWNSHIP:
            return None
        return self.confirmed_at + plan.after(Ring(self.ring + 1))

    def _scheduled(self, plan: Plan) -> "Search":
        if self.ended_at:
            return replace(self, due_at=self.ended_at + plan.erase)
        if self.stage is Stage.ASKED:
            # After 5, 15, 35 minutes …: ever more rarely, for as long as it lives.
            return replace(self, due_at=min(self.opened_at + (2**self.asked - 1) * ASK_AGAIN, self.expires_at))
        warn_at = None if self.warned or plan.expires <= WARN_BEFORE else self.expires_at - WARN_BEFORE
        due = [at for at in (self._wider_at(plan), warn_at, self.expires_at) if at]
        return replace(self, due_at=min(due))


def open_search(case: int, reporter: PersonId | None, missing: Missing, now: datetime, plan: Plan) -> Search:
    expires_at = now + plan.expires
    return Search(case, reporter, missing, now, expires_at, min(now + ASK_AGAIN, expires_at))


def confirmers(path: Sequence[Rung], reporter: PersonId | None) -> list[Rung]:
    """The levels where somebody other than the reporter can confirm and can be asked, the nearest first."""
    return [
        rung
        for n, rung in enumerate(path)
        if any(
            a.role in LEADING and a.person != reporter and (a.chat or (n == 0 and rung.groups)) for a in rung.answerers
        )
    ]
