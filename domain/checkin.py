"""平安: who lives alone says once a day that they are well; where nothing is heard, somebody goes and looks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple

from domain.language import N_, _
from domain.people import PersonId, Rung, Who
from domain.refused import Refused

ANSWER_WITHIN = timedelta(hours=1)
"""How long nobody is troubled: old people sleep in, and leave their phones in the kitchen."""

CLIMBS_AFTER = timedelta(minutes=15)
"""How long those who are told have to say that they go, as with a call for help, before those above them are told."""

GONE_FOR = timedelta(minutes=30)
"""How long somebody may be on the way and not say what they found: a village is crossed on foot in half of it."""

TOLD_AGAIN_AFTER = timedelta(hours=1)
"""How often the topmost hear again, where nobody is left above."""


class State(StrEnum):
    WAITING = "waiting"
    ASKED = "asked"
    MISSED = "missed"
    PAUSED = "paused"
    ENDED = "ended"


AWAITED = frozenset({State.ASKED, State.MISSED})
"""Somebody waits for a word of theirs."""


class Event(StrEnum):
    SET = "set"
    ASKED = "asked"
    WELL = "well"
    """They said so, or said anything."""
    SEEN = "seen"
    """Somebody looked, and they are well."""
    MISSED = "missed"
    CLIMBED = "climbed"
    REMINDED = "reminded"
    GOING = "going"
    PAUSED = "paused"
    ENDED = "ended"


class Entry(NamedTuple):
    event: Event
    at: datetime
    by: Who | None
    grid: str


class Contact(NamedTuple):
    """Who of the family is told: somebody the bot knows, or a name and a number to call."""

    name: str = ""
    phone: str = ""
    person: PersonId | None = None

    @property
    def spoken(self) -> str:
        return " ".join(filter(None, (self.name, self.phone)))


NOBODY = Contact()


@dataclass(frozen=True)
class CheckIn:
    """`person` is None for somebody the bot has never met, whose leader knocks; `phone` is theirs, where the register
    has it. `reached` is the grid that the alarm has climbed to, `goer` who went to look."""

    name: str
    grid: str
    hour: time
    author: Who
    due_at: datetime | None
    person: PersonId | None = None
    phone: str = ""
    contact: Contact = NOBODY
    state: State = State.WAITING
    asked_at: datetime | None = None
    reached: str | None = None
    goer: Who | None = None
    id: int = 0
    version: int = 0
    news: tuple[Entry, ...] = ()

    @property
    def spoken_hour(self) -> str:
        return f"{self.hour:%H:%M}"

    def change(
        self, hour: time, contact: Contact, person: PersonId | None, by: Who, due_at: datetime, now: datetime
    ) -> "CheckIn":
        """Set anew: it begins with the next hour. A contact that is not named again stays."""
        anew = replace(self, hour=hour, contact=contact if contact.spoken else self.contact, person=person, author=by)
        return anew._calm(State.WAITING, due_at)._on(Event.SET, now, by)

    def ask(self, now: datetime) -> "CheckIn":
        asked = replace(self, state=State.ASKED, asked_at=now, reached=None, goer=None, due_at=now + ANSWER_WITHIN)
        return asked._on(Event.ASKED, now)

    def postpone(self, until: datetime) -> "CheckIn":
        """Nobody is asked at night, not even where the bot slept through the hour."""
        return replace(self, due_at=until)

    def well(self, by: Who, tomorrow: datetime, now: datetime) -> "CheckIn":
        """A word of their own, or somebody's who looked."""
        if self.state not in AWAITED:
            raise Refused(_("今天已经有消息了，谢谢您。"))
        event = Event.WELL if by.id == self.person else Event.SEEN
        return self._calm(State.WAITING, tomorrow)._on(event, now, by)

    def miss(self, above: str | None, now: datetime) -> "CheckIn":
        """Nothing was heard: the first who answer for the grid are told, then the next, then the topmost again."""
        if above is None:
            again = replace(self, state=State.MISSED, goer=None, due_at=now + TOLD_AGAIN_AFTER)
            return again._on(Event.REMINDED, now)
        event = Event.CLIMBED if self.state is State.MISSED else Event.MISSED
        told = replace(self, state=State.MISSED, reached=above, goer=None, due_at=now + CLIMBS_AFTER)
        return told._on(event, now)

    def go(self, by: Who, now: datetime) -> "CheckIn":
        """我去看: those above are left alone for a while."""
        if self.state not in AWAITED:
            raise Refused(_("今天已经有消息了，谢谢您。"))
        if self.goer and self.goer != by:
            raise Refused(_("{who} 已经去看了。").format(who=self.goer.name))
        return replace(self, goer=by, due_at=now + GONE_FOR)._on(Event.GOING, now, by)

    def pause(self, by: Who, until: datetime, now: datetime) -> "CheckIn":
        """In hospital, away: it goes on by itself at `until`."""
        return self._calm(State.PAUSED, until)._on(Event.PAUSED, now, by)

    def resume(self, by: Who, due_at: datetime, now: datetime) -> "CheckIn":
        if self.state is not State.PAUSED:
            raise Refused(_("{name}没有暂停，每天 {hour} 照常。").format(name=self.name, hour=self.spoken_hour))
        return self._calm(State.WAITING, due_at)._on(Event.SET, now, by)

    def end(self, by: Who, now: datetime) -> "CheckIn":
        """Over; whom to call is nobody's business any more."""
        return replace(self._calm(State.ENDED, None), contact=NOBODY)._on(Event.ENDED, now, by)

    def _calm(self, state: State, due_at: datetime | None) -> "CheckIn":
        return replace(self, state=state, reached=None, goer=None, due_at=due_at)

    def _on(self, event: Event, now: datetime, by: Who | None = None) -> "CheckIn":
        return replace(self, news=(*self.news, Entry(event, now, by, self.reached or self.grid)))


def next_told(rungs: Sequence[Rung], reached: str | None) -> Rung | None:
    """The nearest grid above `reached`, or the first of all, where somebody can be told in private."""
    codes = [rung.grid.code for rung in rungs]
    above = rungs[codes.index(reached) + 1 :] if reached in codes else rungs
    return next((rung for rung in above if rung.private_chats), None)


def standing(checkin: CheckIn, when: str, *, asked_today: bool) -> str:
    """How it is with somebody, in a list. `when` is `due_at` as people here read it."""
    if checkin.state is State.PAUSED:
        return _("暂停，{when} 接着问").format(when=when)
    if checkin.state in AWAITED:
        return _(_STANDINGS[checkin.state])
    return _("今天报过平安了") if asked_today else _("下次 {when}").format(when=when)


_STANDINGS = {State.ASKED: N_("问了，还在等"), State.MISSED: N_("没有消息，正在找")}
