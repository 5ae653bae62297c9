"""一张图: what a grid's parts look like at one glance, the worst first. Counts only: nobody's name is on it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from domain.kinds import Kinds, Urgency
from domain.language import N_, _

LINES = 12
"""Parts that are told of one by one in words: as many as one screen holds; of those behind them, how many there are."""

NAMES = 20
"""Parts where all is well that are named in words."""


class Look(IntEnum):
    """How a part looks, the worst highest. `sign` says it to whoever cannot tell the colours apart."""

    CALM = 0
    OWING = 1
    BUSY = 2
    URGENT = 3
    GRAVE = 4

    @property
    def spoken(self) -> str:
        return _(_SPOKEN[self])

    @property
    def sign(self) -> str:
        return _SIGNS[self]


_SPOKEN = {
    Look.GRAVE: N_("危险"),
    Look.URGENT: N_("紧急"),
    Look.BUSY: N_("有事"),
    Look.OWING: N_("没回齐"),
    Look.CALM: N_("平安"),
}
_SIGNS = {Look.GRAVE: "▲", Look.URGENT: "◆", Look.BUSY: "●", Look.OWING: "○", Look.CALM: "✓"}


@dataclass(frozen=True)
class Trouble:
    """Reports of one part that are alike and not settled: `waiting` where nobody has taken them."""

    branch: str | None
    kind: str
    danger: bool
    waiting: bool
    count: int


@dataclass(frozen=True)
class Tile:
    """What is known of one part: its open reports, the receipts of the warning that runs, and how many of its `doors`
    were `asked` in the sweep that runs."""

    name: str
    open: int = 0
    waiting: int = 0
    grave: int = 0
    urgent: int = 0
    got: int = 0
    owed: int = 0
    asked: int = 0
    doors: int = 0

    @property
    def look(self) -> Look:
        """The one place that decides what a part looks like."""
        if self.grave:
            return Look.GRAVE
        if self.urgent:
            return Look.URGENT
        if self.open:
            return Look.BUSY
        return Look.OWING if self.got < self.owed or self.asked < self.doors else Look.CALM

    @property
    def headline(self) -> str:
        """What stands large on it."""
        if self.open:
            return _("{n} 件").format(n=self.open)
        if self.look is not Look.OWING:
            return self.look.spoken
        return f"{self.asked}/{self.doors}" if self.asked < self.doors else f"{self.got}/{self.owed}"

    @property
    def notes(self) -> list[str]:
        """What stands small on it, the more important first."""
        waiting = [_("没人接 {n}").format(n=self.waiting)] if self.waiting else []
        return [*waiting, *(self.progress if self.look is not Look.OWING else self.progress[1:])]

    @property
    def progress(self) -> list[str]:
        """What was asked of all there, that which is not through first: people behind doors before receipts."""
        sweep = [_("摸排 {done}/{total}").format(done=self.asked, total=self.doors)] if self.doors else []
        receipts = [_("回执 {got}/{owed}").format(got=self.got, owed=self.owed)] if self.owed else []
        return [*sweep, *receipts] if self.asked < self.doors else [*receipts, *sweep]


def tile(
    name: str,
    troubles: Iterable[Trouble],
    kinds: Kinds,
    receipts: tuple[int, int] = (0, 0),
    doors: tuple[int, int] = (0, 0),
) -> Tile:
    """One part, of its reports as far as a group may hear of them, of its receipts, those that came and those owed, and
    of its doors, those that were asked and all."""
    counted: Counter[str] = Counter()
    for trouble in troubles:
        kind = kinds[trouble.kind]
        if kind.private or kind.letter:
            continue
        grave = trouble.danger or kind.urgency is Urgency.LIFE
        counted["open"] += trouble.count
        counted["waiting"] += trouble.count if trouble.waiting else 0
        counted["grave"] += trouble.count if grave else 0
        counted["urgent"] += trouble.count if kind.urgency is Urgency.URGENT and not grave else 0
    return Tile(name, **counted, got=receipts[0], owed=receipts[1], asked=doors[0], doors=doors[1])


def worst_first(tiles: Iterable[Tile]) -> list[Tile]:
    """Those alike stay in the order of the tree."""
    return sorted(tiles, key=lambda one: -one.look)


def in_words(tiles: Sequence[Tile]) -> list[str]:
    """The same for whoever cannot see the picture, or is read to."""
    counted = Counter(one.look for one in tiles)
    lines = [" · ".join(f"{look.sign}{look.spoken} {n}" for look, n in sorted(counted.items(), reverse=True))]
    troubled = [one for one in tiles if one.look is not Look.CALM]
    lines += [_line(one) for one in troubled[:LINES]]
    if len(troubled) > LINES:
        lines.append(_("还有 {n} 个").format(n=len(troubled) - LINES))
    calm = [one.name for one in tiles if one.look is Look.CALM]
    if calm and troubled:
        shown = "、".join(calm[:NAMES])
        lines.append(_("平安：{names}").format(names=shown if len(calm) <= NAMES else shown + "…"))
    return lines


def _line(one: Tile) -> str:
    first = one.headline if one.open else one.progress[0]
    return _("{sign}{grid}：{details}").format(
        sign=one.look.sign, grid=one.name, details=_("，").join([first, *one.notes])
    )
