"""Work modes: the same people and groups under the name of the work that is to be done, until it is done."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from domain.kinds import Kind, Sameness
from domain.language import _
from domain.people import Who
from domain.refused import Refused
from domain.text import one_line

LONGEST_NAME = 128
"""Characters of a group's name (Bot API: setChatTitle)."""

MOST_MODES = 20
"""Of one village: a list that a small screen shows at one look."""

JUST_NOW = timedelta(minutes=2)
"""Whoever changes what somebody else changed so lately may not know of it, and is told first."""

DAILY = ("日常", "daily", "off")
"""How people call the work of every day, which is no mode."""

PLACE = "{title}"
"""Where the group's own name stands in a pattern."""


@dataclass(frozen=True)
class Timers:
    """How soon a kind is to be taken and put right while the mode holds; None where as ever."""

    acknowledge: timedelta | None = None
    resolve: timedelta | None = None


@dataclass(frozen=True)
class Mode:
    """`pattern` is what groups are called, `card` what stands on top of each, `menu` the commands that are offered
    there. Reports of the kinds in `gathers` become one picture by being near. `quiet`: the night is quiet as ever. A
    warning with one of the words in `alerts` proposes it."""

    name: str
    title: str
    pattern: str = PLACE
    card: str = ""
    menu: tuple[str, ...] = ()
    kinds: Mapping[str, Timers] = field(default_factory=dict)
    gathers: tuple[str, ...] = ()
    quiet: bool = True
    alerts: tuple[str, ...] = ()

    def changed(self, kind: Kind) -> Kind:
        """The kind as it is handled while this mode holds."""
        timers = self.kinds.get(kind.kind, Timers())
        return replace(
            kind,
            acknowledge=timers.acknowledge or kind.acknowledge,
            resolve=timers.resolve or kind.resolve,
            same=Sameness.AREA if kind.kind in self.gathers else kind.same,
            night=kind.night if self.quiet else None,
        )

    def named(self, title: str) -> str | None:
        """What a group of this name is called; None where its name is too long to be given back afterwards."""
        room = LONGEST_NAME - len(self.pattern.replace(PLACE, ""))
        if len(title) > LONGEST_NAME:
            return None
        short = title if len(title) <= room else title[: room - 1] + "…"
        return self.pattern.replace(PLACE, short)


class Modes:
    """The modes of this village, in the order of the list."""

    def __init__(self, modes: Iterable[Mode] = ()) -> None:
        self._modes = {mode.name: mode for mode in modes}

    def get(self, name: str | None) -> Mode | None:
        """One that left the config while it holds is as if there were none."""
        return self._modes.get(name or "")

    def __iter__(self) -> Iterator[Mode]:
        return iter(self._modes.values())

    def called(self, word: str) -> Mode | None:
        """The one that somebody means by its name or its title, with or without 模式 after it."""
        meant = word.strip().removesuffix("模式").casefold()
        return next((mode for mode in self if meant in (mode.name.casefold(), mode.title.casefold())), None)

    def proposed_by(self, words: str) -> Mode | None:
        """The first that a warning of these words is a reason for."""
        said = words.casefold()
        return next((mode for mode in self if any(sign.casefold() in said for sign in mode.alerts)), None)


@dataclass(frozen=True)
class Change:
    """A grid and all below it go over to a mode. `alert` is the warning it began with; `after` the last chat that was
    seen to, while `due_at` says that others still wait."""

    grid: str
    mode: str
    since: datetime
    by: Who
    alert: int | None = None
    ended_at: datetime | None = None
    ended_by: Who | None = None
    after: tuple[str, str] = ("", "")
    due_at: datetime | None = None
    id: int = 0
    version: int = 0

    @property
    def runs(self) -> bool:
        return self.ended_at is None

    def end(self, by: Who, now: datetime) -> "Change":
        if not self.runs:
            raise Refused(_("这个模式已经结束了（{who}）。").format(who=self.ended_by.name if self.ended_by else ""))
        return replace(self, ended_at=now, ended_by=by, after=("", ""), due_at=None)

    def unknown_to(self, by: Who, now: datetime) -> bool:
        """Whether somebody who would change it now may not have heard of it yet."""
        return self.runs and self.by.id != by.id and now - self.since < JUST_NOW


@dataclass(frozen=True)
class Naming:
    """What a group was called before, and every name that it was given since. `put_back`: its own name is to stand
    again. `why` says why it is not called as it should be."""

    was: str
    given: tuple[str, ...] = ()
    put_back: bool = False
    why: str = ""

    @property
    def ours(self) -> tuple[str, ...]:
        return (self.was, *self.given)

    def is_ours(self, name: str) -> bool:
        """As services show it: they and we may see blanks otherwise."""
        return one_line(name) in map(one_line, self.ours)

    def _called(self, name: str) -> "Naming":
        return replace(self, given=(*(given for given in self.given if given != name), name), why="")


def renamed(naming: Naming | None, stands: str, mode: Mode | None) -> tuple[Naming, str | None]:
    """What becomes of a group's name when its work changes, and the name that it is to get, if any; `stands` is what
    it is called as far as we know."""
    if mode is None:
        return _put_back(naming or Naming(stands), stands)
    if naming is None or (naming.put_back and (naming.why or not naming.is_ours(stands))):
        naming = Naming(stands)
    elif not naming.is_ours(stands):
        return replace(naming, why=by_hand()), None
    naming, name = replace(naming, put_back=False, why=""), mode.named(naming.was)
    if name is None:
        return replace(naming, why=_("群名太长，改了就换不回来")), None
    return (naming, None) if name == naming.was and not naming.given else (naming._called(name), name)


def _put_back(naming: Naming, stands: str) -> tuple[Naming, str | None]:
    naming = replace(naming, put_back=True)
    if not naming.is_ours(stands):
        return replace(naming, why=by_hand()), None
    if not naming.given:
        return replace(naming, why=""), None
    return naming._called(naming.was), naming.was


def found_otherwise(naming: Naming, stands: str, mode: Mode | None) -> tuple[Naming, str | None]:
    """The service says that the group is called otherwise than we knew. Where it never bore a name of ours, that is
    its own name; else somebody changed it since, and it is theirs."""
    if mode and len(naming.given) == 1 and not naming.put_back:
        return renamed(None, stands, mode)
    return replace(naming, why=by_hand()), None


def by_hand() -> str:
    return _("有人改过群名，没有动")
