"""回执: who owes word that they read a broadcast, what counts as such word, and when who is late hears of it again."""

import re
import unicodedata
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum

from domain.broadcast import Broadcast
from domain.colour import Colour
from domain.people import Person
from domain.stages import Receipts

LONGEST_RECEIPT = 24
"""Characters; whoever writes more has something to say."""

CHANGES_EVERY = timedelta(seconds=5)
"""Between two changes of one card: twelve a minute leave a group most of the twenty that Telegram allows it."""

CHANGES_A_SECOND = 10
"""Over all cards of one broadcast that count the same way: a third of what Telegram allows a bot."""

FIRST_SHOWN = timedelta(minutes=1)
"""When those above see the count at the latest; by then most copies have arrived, or are known not to."""

SHARE = 3
"""Those who are late hear of it when at most one part in three of its validity is over."""


@dataclass(frozen=True)
class Receipt:
    """One that is owed: by a squad, or by a household of it where each is asked. `home` is true where whoever speaks
    lives in that household, `by_hand` where somebody has yet to pass the words on to the squad."""

    grid: str
    household: int | None = None
    id: int = 0
    home: bool = False
    by_hand: bool = False


@dataclass(frozen=True)
class RollUp:
    """How many of the receipts that a grid owes, with all below it, have come. `parent` is None at the top of what the
    broadcast reached; `alike` counts the cards that show such a number: those of squads, or of the grids above."""

    id: int
    broadcast: int
    grid: str
    name: str
    parent: str | None
    squad: bool
    owed: int
    got: int
    alike: int = 1
    unreached: bool = False

    @property
    def late(self) -> bool:
        return self.got < self.owed


@dataclass(frozen=True)
class Chasing:
    """How long those who owe a receipt are left alone: where it is orange or red, and else."""

    grave: timedelta = timedelta(minutes=15)
    other: timedelta = timedelta(minutes=60)

    def wait(self, broadcast: Broadcast) -> timedelta:
        grave = broadcast.coloured and (broadcast.colour or Colour.RED) >= Colour.ORANGE
        within = self.grave if grave else self.other
        if broadcast.sent_at is None or broadcast.expires_at is None:
            return within
        return min(within, (broadcast.expires_at - broadcast.sent_at) / SHARE)


class Step(IntEnum):
    """Who hears, one after the other, that a receipt is late."""

    GROUP = 1
    LEADERS = 2
    ABOVE = 3

    @property
    def next(self) -> "Step | None":
        return Step(self + 1) if self < Step.ABOVE else None


def owed(asked: Receipts, squads: Mapping[str, Sequence[int]]) -> list[Receipt]:
    """By each squad that got a copy, or by each of its households. A squad whose doors nobody registered answers as
    one."""
    if asked is Receipts.NONE:
        return []
    each = asked is Receipts.HOUSEHOLD
    return [
        Receipt(grid, household)
        for grid, doors in squads.items()
        for household in (doors if each and doors else (None,))
    ]


def squads_of(person: Person, here: str | None, owing: Container[str]) -> set[str]:
    """For which squads somebody's word counts: their own, of several the one in whose group they speak. Whoever holds
    an office elsewhere answers for no squad; somebody whom nobody registered belongs where they speak."""
    own = {a.grid for a in person.appointments if a.grid in owing}
    if own:
        return {here} if here in own else own
    unknown = not person.appointments and not person.owner
    return {here} if unknown and here is not None and here in owing else set()


def given(receipts: Sequence[Receipt], squads: Container[str]) -> list[Receipt]:
    """What somebody's word settles: the receipt of their squad, or that of their own door. Who read it says nothing of
    those to whom it was not passed on."""
    return [one for one in receipts if one.home or (one.household is None and one.grid in squads and not one.by_hand)]


def breath(alike: int) -> timedelta:
    """How long a card stands before it changes again, so that all of its sort together do not crowd out what else is
    to be said."""
    return max(CHANGES_EVERY, timedelta(seconds=alike / CHANGES_A_SECOND))


# -- what counts as such word ----------------------------------------------------------------------------------------

_POLITE = (
    "(?:好[的滴吧]?|嗯+|哦+|噢|行|可以|ok|okay|yes|是的?|我们?|俺|已经?|也|都|全家|全队|大家|各位|谢谢?|多谢|感谢|辛苦|[您你]们?|了|啦|哈"
    "|领导|书记|主任|队长|网格长|老师|通知|消息|信息|预警|提醒|thanks|thankyou)"
)
_WHO = r"(?:\w{0,8}?(?:队|家|户|室|栋|幢|号楼|单元|组)|\d{1,5}号?)"
_READ = "(?:收到|收悉|知道|知悉|明白|看到|看见|了解|gotit|received|roger|noted)"
_RECEIPT = re.compile(rf"1|(?:ok)?1|(?:{_POLITE})*(?:{_WHO}){{0,3}}(?:{_POLITE})*{_READ}(?:{_READ}|{_POLITE})*")
_ASKS_OR_DENIES = re.compile("[?？谁哪没不未别吗么怎否]")
_NOT_SPOKEN = re.compile(r"[\W_]+")


def is_receipt(text: str) -> bool:
    """Whether somebody says that they read it, and nothing else: 收到, 1, 好的收到, 十三队收到, got it."""
    if len(text) > LONGEST_RECEIPT or _ASKS_OR_DENIES.search(text):
        return False
    plain = _NOT_SPOKEN.sub("", unicodedata.normalize("NFKC", text).casefold())
    return bool(_RECEIPT.fullmatch(plain))
