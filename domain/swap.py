"""换班: one asks another to take a turn, and takes theirs for it; it counts once the other has said yes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from domain.duty import Turn
from domain.language import _
from domain.people import PersonId, Who
from domain.refused import Refused


class State(StrEnum):
    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"


@dataclass(frozen=True)
class Swap:
    """`given` is the turn of whoever asks; `taken` what they take for it, where the other has a turn ahead."""

    rota: int
    given: Turn
    other: Who
    taken: Turn | None = None
    id: int = 0
    state: State = State.ASKED

    @property
    def asker(self) -> Who:
        return self.given.who

    @property
    def days(self) -> dict[date, Who]:
        """Who has which day once it is done."""
        theirs = self.taken.days if self.taken else []
        return {**dict.fromkeys(self.given.days, self.other), **dict.fromkeys(theirs, self.asker)}

    def answer(self, by: PersonId, state: State, ahead: Sequence[Turn]) -> "Swap":
        """The other says yes or no, once. `ahead` are the turns as they are now: what changed since cannot be given."""
        if by != self.other.id:
            raise Refused(_("这是问 {who} 的，要由本人来答。").format(who=self.other.name))
        if self.state is not State.ASKED:
            raise Refused(_("这次换班已经有结果了，不用再点。"))
        if state is State.ACCEPTED and not all(_holds(turn, ahead) for turn in (self.given, self.taken) if turn):
            raise Refused(_("值班表已经变了，这次换不成。请重新商量。"))
        return replace(self, state=state)

    def lapse(self) -> "Swap":
        """Nobody answered in time."""
        return replace(self, state=State.LAPSED)


def ask(rota: int, given: Turn, other: Who, ahead: Iterable[Turn]) -> Swap:
    """`other` is asked to take this turn for their own next one."""
    if given.who.id == other.id:
        raise Refused(_("不能和自己换班，请选别人。"))
    return Swap(rota, given, other, next((turn for turn in ahead if turn.who.id == other.id), None))


def own_turn(ahead: Iterable[Turn], who: Who, day: date, today: date) -> Turn:
    """The speaker's turn that this day is in."""
    if day < today:
        raise Refused(_("那天已经过去了，换不了。"))
    turn = next((turn for turn in ahead if turn.first <= day <= turn.last), None)
    if turn is None or turn.who.id != who.id:
        raise Refused(_("{day} 不是您的班。发“值班”看谁哪天值班。").format(day=f"{day.month}-{day.day}"))
    return turn


def _holds(turn: Turn, ahead: Sequence[Turn]) -> bool:
    """Whether every day of it is still theirs and lies ahead."""
    theirs = {day for one in ahead if one.who.id == turn.who.id for day in one.days}
    return set(turn.days) <= theirs
