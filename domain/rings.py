"""How far the notice of a lost person goes, ring by ring, in a tree of any depth and whatever its levels are called."""

from collections.abc import Sequence
from enum import IntEnum

from domain.grid import Grid
from domain.language import N_, _


class Ring(IntEnum):
    """How far the notice has gone; each is told once."""

    SQUAD = 0
    PARENT = 1
    VILLAGE = 2
    NEIGHBOURS = 3
    TOWNSHIP = 4

    @property
    def spoken(self) -> str:
        return _(_RINGS[self])


_RINGS = {
    Ring.SQUAD: N_("本队"),
    Ring.PARENT: N_("上一级"),
    Ring.VILLAGE: N_("全村"),
    Ring.NEIGHBOURS: N_("邻村"),
    Ring.TOWNSHIP: N_("全乡镇"),
}

VILLAGES = frozenset({
    "村", "居", "社区", "村居", "行政村", "村委会", "居委会", "村民委员会", "居民委员会", "village", "community",
})  # fmt: skip
TOWNSHIPS = frozenset({"乡", "镇", "乡镇", "街道", "township", "town", "street"})
"""What the levels of these two are called; a tree that names neither is counted from below."""

THIRD = 2
"""Squad, grid, village: where no level is named so, the third from below is taken for the village."""


def village_in(path: Sequence[Grid]) -> int:
    """Which grid of the way up, counted from where it was reported, is the village."""
    named = _named(path, VILLAGES)
    if named is not None:
        return named
    township = _named(path, TOWNSHIPS)
    return max(township - 1, 0) if township is not None else min(THIRD, len(path) - 1)


def beside(path: Sequence[Grid]) -> Grid | None:
    """The grid whose neighbours are told; none where the report came from above the villages."""
    village = path[village_in(path)]
    return None if village.level in TOWNSHIPS else village


def tops(ring: Ring, path: Sequence[Grid], neighbours: Sequence[Grid]) -> tuple[str, ...]:
    """The grids that a ring reaches, each with all below it, given the way up from where it was reported and the
    grids beside the village. None where the tree has no such grid: the ring is skipped, the next comes at its time."""
    village = village_in(path)
    match ring:
        case Ring.SQUAD:
            return (path[0].code,)
        case Ring.PARENT:
            return (path[1].code,) if village >= 1 else ()
        case Ring.VILLAGE:
            return (path[village].code,)
        case Ring.NEIGHBOURS:
            return tuple(grid.code for grid in neighbours)
        case Ring.TOWNSHIP:
            above = village + 1 if beside(path) else len(path)
            return (path[above].code,) if above < len(path) else ()


def _named(path: Sequence[Grid], levels: frozenset[str]) -> int | None:
    return next((n for n, grid in enumerate(path) if grid.level.strip().lower() in levels), None)
