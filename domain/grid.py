"""The tree of grids: any depth, levels named by the import, a squad at the bottom."""

from dataclasses import dataclass
from datetime import datetime

SQUAD_HOUSEHOLDS = 10
"""A squad has at most this many households, so that its leader knows each door (侯官村's own rule).
A larger one is reported by `gridbot check`, never refused."""


@dataclass(frozen=True)
class Grid:
    code: str
    name: str
    level: str
    parent: str | None
    closed_at: datetime | None = None
