"""Whether two reports are likely of one thing: ten neighbours, one flood. Few rules, so that anybody can say why."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import Enum
from functools import lru_cache
from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

from domain.chat import Location
from domain.kinds import Kind, Sameness
from domain.people import PersonId

REACH = 2
"""Steps up the tree: the same squad, the same parent, the same grandparent; further apart is another thing."""

MANY = 3
"""Reports of one thing that make a case of their own on their common grid."""

ALIKE = 0.5
"""Of their pairs of characters (Dice): two sentences about one thing share more; tried on the tables in
tests/domain/test_alike.py."""

SAME_METRES = 100.0
"""A phone among houses is out by some tens of metres."""

APART_METRES = 1_000.0
"""侯官村 is 2 km²: further apart is another end of the village."""

SAME_WITHIN = timedelta(hours=2)
"""How long after the last report another can be of the same thing, where its kind says nothing of its own."""

OFFER_VALID = timedelta(minutes=10)
"""How long a reporter is asked whether it is the same; then the report stands alone."""

REMEMBERED = 1_000
"""Reports whose words need not be looked at again; in a storm each is compared with every new one."""

_EARTH_METRES = 6_371_000.0


class Told(NamedTuple):
    """As much of a case as its sameness is judged by. `parent` is that of its origin; `voices` counts those who
    reported it; `taken_by` has it in hand; `gathered` is a case made of several."""

    id: int
    origin: str
    parent: str | None
    text: str
    place: str
    location: Location | None
    heard_at: datetime
    voices: int = 1
    taken_by: PersonId | None = None
    gathered: bool = False


class Verdict(Enum):
    ALONE = "alone"
    ASK = "ask"
    """The reporter is asked whether it is the first of these."""
    GATHER = "gather"
    """All of these and the new one are one thing, which becomes a case of its own."""
    JOIN = "join"
    """Its case stands already: the first of these."""


def vicinity(path: Sequence[str]) -> str:
    """The grid within which another report can be of the same thing, given the codes from the origin to the root."""
    return path[min(REACH, len(path) - 1)]


def common_grid(paths: Sequence[Sequence[str]]) -> str | None:
    """The lowest grid that all these ways up go through."""
    first, *others = paths
    return next((code for code in first if all(code in path for path in others)), None)


def shared_grid(path: Sequence[str], others: Sequence[Told]) -> str:
    """The lowest grid that a report, given its way up, has in common with others of its vicinity."""
    below = (code for code in path[:REACH] if all(code in (other.origin, other.parent) for other in others))
    return next(below, vicinity(path))


def judge(new: Told, near: Iterable[Told], kind: Kind, within: timedelta) -> tuple[Verdict, list[Told]]:
    """What becomes of a new report, and with which cases; the nearest first."""
    same = sorted((old for old in near if likely_same(new, old, kind, within)), key=lambda old: _nearness(new, old))
    if not same:
        return Verdict.ALONE, []
    if standing := [old for old in same if old.gathered]:
        return Verdict.JOIN, standing
    waiting = [old for old in same if old.taken_by is None]
    if 1 + sum(old.voices for old in same) >= MANY:
        return Verdict.GATHER, same
    return Verdict.ASK, waiting or same


def likely_same(new: Told, old: Told, kind: Kind, within: timedelta) -> bool:
    """Both of one kind and near in the tree. Then near in time, not told apart by where they are, and, unless the kind
    spreads over a whole neighbourhood, alike in place or in words."""
    if not kind.gathers or new.heard_at - old.heard_at > within or told_apart(new, old, kind):
        return False
    return kind.same is Sameness.AREA or same_place(new, old) or likeness(new.text, old.text) > ALIKE


def told_apart(new: Told, old: Told, kind: Kind) -> bool:
    """The lifts of two buildings are two lifts, however alike the words; a flood is as large as a village's end."""
    if kind.same is Sameness.AREA:
        return APART_METRES < _metres(new, old) < _UNKNOWN
    ours, theirs = houses(f"{new.place} {new.text}"), houses(f"{old.place} {old.text}")
    return bool(ours and theirs and not ours & theirs) or SAME_METRES < _metres(new, old) < _UNKNOWN


def same_place(new: Told, old: Told) -> bool:
    named = _plain(new.place)
    return (bool(named) and named == _plain(old.place)) or _metres(new, old) <= SAME_METRES


def likeness(one: str, other: str) -> float:
    """The share of pairs of characters that two texts have in common: 0 for nothing, 1 for all."""
    ours, theirs = _pairs(one), _pairs(other)
    return 2 * len(ours & theirs) / (len(ours) + len(theirs)) if ours and theirs else 0.0


def two_matters(one: str, other: str) -> bool:
    """Whether two reports of one person, of one kind, speak of two things: they have hardly a word in common."""
    return likeness(one, other) < ALIKE / 2


@lru_cache(maxsize=REMEMBERED)
def houses(text: str) -> frozenset[int]:
    """The numbers of buildings and stairwells that a text names: 三号楼 and 3 栋 are both 3."""
    return frozenset(_number(found[1]) for found in _HOUSE.finditer(unicodedata.normalize("NFKC", text)))


def metres_between(here: Location, there: Location) -> float:
    """On the globe, by the haversine formula."""
    north, south = radians(here.latitude), radians(there.latitude)
    across = radians(there.longitude - here.longitude)
    half = sin((south - north) / 2) ** 2 + cos(north) * cos(south) * sin(across / 2) ** 2
    return 2 * _EARTH_METRES * asin(sqrt(half))


_UNKNOWN = float("inf")
_HOUSE = re.compile(r"(\d{1,4}|[一二三四五六七八九十]{1,3})\s*(?:号楼|号院|号|栋|幢|座|楼|单元)")
_DIGIT = {sign: n for n, sign in enumerate("一二三四五六七八九", 1)}


def _metres(new: Told, old: Told) -> float:
    return metres_between(new.location, old.location) if new.location and old.location else _UNKNOWN


def _number(written: str) -> int:
    """Up to 九十九, which is as far as anybody writes out the number of a house."""
    if written.isdecimal():
        return int(written)
    tens, ten, ones = written.rpartition("十")
    return (_DIGIT.get(tens, 1) * 10 if ten else 0) + _DIGIT.get(ones, 0)


def _nearness(new: Told, old: Told) -> tuple[int, float, int]:
    """Steps up the tree, then metres, then the later one."""
    steps = 0 if new.origin == old.origin else 1 if new.parent in (old.parent, old.origin) else REACH
    return steps, _metres(new, old), -old.id


def _plain(text: str) -> str:
    """Letters, ideographs and digits only, all of one width and case."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if unicodedata.category(c)[0] in "LN")


@lru_cache(maxsize=REMEMBERED)
def _pairs(text: str) -> frozenset[str]:
    """Of three ways to write the number of a house, one counts."""
    named = unicodedata.normalize("NFKC", text)
    plain = _plain(_HOUSE.sub(lambda found: f"{_number(found[1])}号楼", named))
    return frozenset(plain[i : i + 2] for i in range(len(plain) - 1))
