"""People and the roles they hold: a role belongs to a grid, and reaches everything below it."""

from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from domain.chat import AccountId, ChatId
from domain.grid import Grid
from domain.language import N_, _

PersonId = int


class Who(NamedTuple):
    """A person as a case and its log name them."""

    id: PersonId
    name: str


class Role(StrEnum):
    OWNER = "owner"
    OFFICER = "officer"
    LEADER = "leader"
    DEPUTY = "deputy"
    RESIDENT = "resident"

    @property
    def spoken(self) -> str:
        return _(_TITLES[self])


_TITLES = {
    Role.OWNER: N_("机器人管理员"),
    Role.OFFICER: N_("村居干部"),
    Role.LEADER: N_("网格长/队长"),
    Role.DEPUTY: N_("副手"),
    Role.RESIDENT: N_("居民"),
}

INVITED = (Role.OFFICER, Role.LEADER, Role.DEPUTY, Role.RESIDENT)
"""The roles an invitation may give. The owner is named in the config and nowhere else."""

ANSWERING = frozenset({Role.OFFICER, Role.LEADER, Role.DEPUTY})
"""The roles that answer for their grid and have authority over it."""

LEADING = frozenset({Role.OFFICER, Role.LEADER})
"""The roles that may set a whole village in motion."""


def role_named(word: str) -> Role | None:
    """The role by its code word or a Chinese word people use for it."""
    spoken = {"队长": Role.LEADER, "网格长": Role.LEADER, "副队长": Role.DEPUTY, "干部": Role.OFFICER}
    titles = {title: role for role in INVITED for title in (role.value, _TITLES[role], role.spoken)}
    return {**titles, **spoken}.get(word.strip().lower())


@dataclass(frozen=True)
class Appointment:
    role: Role
    grid: str


@dataclass(frozen=True)
class Person:
    """Somebody known to the bot. `owner` is set by the config, never by the database; `awaited` where somebody waits
    for a sign of life of theirs, and any word is one; `elsewhere` where another account was used last."""

    id: PersonId
    name: str
    appointments: tuple[Appointment, ...] = ()
    owner: bool = False
    awaited: bool = False
    elsewhere: bool = False

    @property
    def who(self) -> Who:
        return Who(self.id, self.name)

    def answers_for(self, path: Container[str], roles: Container[Role] = ANSWERING) -> bool:
        """Whether this person has authority over a grid, given the codes from it up to the root."""
        return self.owner or any(a.role in roles and a.grid in path for a in self.appointments)

    def may_become(self, other: "Person") -> bool:
        """Whether the two can be one: by that nobody comes to an office that the other does not hold already."""
        return {a for a in self.appointments if a.role in ANSWERING} <= set(other.appointments)

    @property
    def homes(self) -> tuple[str, ...]:
        """The grids a report of theirs can come from, the one they live in first."""
        ordered = sorted(self.appointments, key=lambda a: a.role is not Role.RESIDENT)
        return tuple(dict.fromkeys(a.grid for a in ordered))


@dataclass(frozen=True)
class Answerer:
    """Somebody who answers for a grid and can be reached: `chat` is None until they have written to the bot."""

    person: PersonId
    name: str
    role: Role
    account: AccountId
    chat: ChatId | None


@dataclass(frozen=True)
class Rung:
    """One step of the way up: a grid, those who answer for it, and its groups. `rota`: they take turns, and `called`
    are those who hear first at this moment. `mode` is the work mode that begins here."""

    grid: Grid
    answerers: tuple[Answerer, ...] = ()
    groups: tuple[ChatId, ...] = ()
    rota: bool = False
    called: tuple[Answerer, ...] = ()
    mode: str | None = None

    def answers(self, roles: Container[Role] = ANSWERING) -> bool:
        """Whether somebody here can be told: in the grid's group, or in a private chat of their own."""
        return any(a.role in roles and (self.groups or a.chat) for a in self.answerers)

    def discreetly(self, parties: Container[PersonId | None]) -> "Rung":
        """The same for a private matter: no group hears of it, and no party answers for their own quarrel."""
        return replace(
            self,
            answerers=tuple(a for a in self.answerers if a.person not in parties),
            groups=(),
            called=tuple(a for a in self.called if a.person not in parties),
        )

    def on_duty(self) -> "Rung":
        """The same as a new case finds it: where they take turns, only those whose turn it is."""
        return replace(self, answerers=self.called) if self.called else self

    @cached_property
    def chats(self) -> tuple[ChatId, ...]:
        """Everywhere this grid hears: its groups, then each answerer in private."""
        return tuple(dict.fromkeys((*self.groups, *self.private_chats)))

    @cached_property
    def private_chats(self) -> tuple[ChatId, ...]:
        return tuple(dict.fromkeys(a.chat for a in self.answerers if a.chat))


def names(people: Iterable[Answerer]) -> str:
    return "、".join(dict.fromkeys(a.name for a in people))
