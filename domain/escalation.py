"""Where a case goes: the lowest grid that can settle it, then upwards over every grid that has nobody."""

from collections.abc import Sequence

from domain.chat import ChatId
from domain.kinds import HearsFirst, Kind
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
    """Who is told at once of a case of this kind at this grid. A quarrel concerns no group; a lost person none but
    their own squad's, until somebody confirmed the search; a letter waits in the mailbox."""
    if rung is None or kind.letter:
        return ()
    in_private = kind.private or (kind.guarded and rung.grid.code != origin)
    return rung.private_chats if in_private else rung.chats


def mailbox_readers(rung: Rung) -> tuple[ChatId, ...]:
    """Who is told of the letters in this grid's mailbox: its officers in private, else whoever answers for it, and
    its group only where it knows nobody's private chat."""
    officers = tuple(dict.fromkeys(a.chat for a in rung.answerers if a.chat and a.role is Role.OFFICER))
    return officers or rung.private_chats or rung.groups


def _first(path: Sequence[Rung], roles: frozenset[Role]) -> Rung | None:
    return next((rung for rung in path if rung.answers(roles)), None)
