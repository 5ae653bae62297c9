"""Where a case goes: the lowest grid that can settle it, then upwards over every grid that has nobody."""

from collections.abc import Sequence
from datetime import datetime

from domain.case import WAITING, Case
from domain.chat import ChatId
from domain.kinds import HearsFirst, Kind, Urgency
from domain.people import ANSWERING, Role, Rung


def first_to_answer(path: Sequence[Rung], kind: Kind) -> Rung | None:
    """The grid that a new case starts at, given the way from where it was reported up to the root."""
    if kind.hears_first in (HearsFirst.OFFICERS, HearsFirst.MAILBOX):
        with_officer = _first(path, frozenset({Role.OFFICER}))
        if with_officer:
            return with_officer
    return _first(path, ANSWERING)


def next_above(path: Sequence[Rung], grid: str) -> Rung | None:
    """The nearest grid above this one that answers; None at the top, or where nobody is left."""
    codes = [rung.grid.code for rung in path]
    above = path[codes.index(grid) + 1 :] if grid in codes else path
    return _first(above, ANSWERING)


def hearers(rung: Rung | None, kind: Kind, origin: str) -> tuple[ChatId, ...]:
    """Who is told at once of a case of this kind at this grid: everybody, but where they take turns, and no life is at
    stake, whoever is on duty before the others."""
    return everybody(rung.on_duty() if rung and kind.urgency is not Urgency.LIFE else rung, kind, origin)


def everybody(rung: Rung | None, kind: Kind, origin: str) -> tuple[ChatId, ...]:
    """Who may be told of it here. A quarrel concerns no group; a lost person none but their own squad's, until somebody
    confirmed the search; a letter waits in the mailbox."""
    if rung is None or kind.letter:
        return ()
    in_private = kind.private or (kind.guarded and rung.grid.code != origin)
    return rung.private_chats if in_private else rung.chats


def goes_by_turns(case: Case, kind: Kind) -> bool:
    """Whether one person may have it alone for a while: not where a life is at stake, nor what lies in a mailbox."""
    return kind.urgency is not Urgency.LIFE and not case.facts.danger and not kind.letter


def waits(case: Case) -> bool:
    """Whether somebody is looked for who takes it, or takes it over."""
    return case.state in WAITING or case.stalled


def others_hear_at(case: Case, kind: Kind, now: datetime) -> datetime:
    """When those hear too who are not on duty, where nobody takes it: half of its time is over then."""
    half = kind.acknowledge / 2
    return kind.promised(half, now) if case.can_wait(kind) else now + half


def mailbox_readers(rung: Rung) -> tuple[ChatId, ...]:
    """Who is told of the letters in this grid's mailbox: its officers in private, else whoever answers for it, and
    its group only where it knows nobody's private chat."""
    officers = tuple(dict.fromkeys(a.chat for a in rung.answerers if a.chat and a.role is Role.OFFICER))
    return officers or rung.private_chats or rung.groups


def _first(path: Sequence[Rung], roles: frozenset[Role]) -> Rung | None:
    return next((rung for rung in path if rung.answers(roles)), None)
