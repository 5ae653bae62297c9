"""蓝黄橙红: how grave a warning is decides how it is carried, and nothing else does."""

from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum

from domain.chat import Promise
from domain.language import N_, _


class Colour(IntEnum):
    """In the order of the national warning signals, the mildest first."""

    BLUE = 1
    YELLOW = 2
    ORANGE = 3
    RED = 4

    @property
    def code(self) -> str:
        return self.name.lower()

    @property
    def spoken(self) -> str:
        return _(_NAMES[self])


_NAMES = {Colour.BLUE: N_("蓝色"), Colour.YELLOW: N_("黄色"), Colour.ORANGE: N_("橙色"), Colour.RED: N_("红色")}


@dataclass(frozen=True)
class Weight:
    """What is promised of each copy (A and B are heard at night too), whether it is pinned, how often it is said again
    while it is in force, and whether every phone rings for it."""

    promise: Promise
    pin: bool = False
    again: timedelta | None = None
    everyone: bool = False


LIGHT = Weight(Promise.CARD)
"""Of a notice and of a drill, which wake nobody."""

WEIGHTS = {
    Colour.BLUE: LIGHT,
    Colour.YELLOW: Weight(Promise.CORRECTION),
    Colour.ORANGE: Weight(Promise.LIFE, pin=True, again=timedelta(hours=3)),
    Colour.RED: Weight(Promise.LIFE, pin=True, again=timedelta(hours=1), everyone=True),
}


def colour_named(word: str) -> Colour | None:
    """橙, 橙色, 橙色预警, orange."""
    written = word.strip().casefold().removesuffix("预警").removesuffix("预警信号").removesuffix("色")
    names = {c.code: c for c in Colour} | {_NAMES[c].removesuffix("色"): c for c in Colour}
    return names.get(written)
