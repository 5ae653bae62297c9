"""外部群: squads whose residents talk where no bot may be, and what their leaders passed on to them by hand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.chat import ChatId
from storage.areas import below
from storage.database import Database, stamp


@dataclass(frozen=True)
class Passing:
    """Whoever is in this private chat was asked to pass a broadcast on to this squad."""

    grid: str
    name: str
    chat: ChatId
    passed: bool


class Passings:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def set_outside(self, grid: str) -> None:
        await self._db.run("INSERT INTO outside_groups (grid) VALUES (?) ON CONFLICT DO NOTHING", grid)

    async def set_inside(self, grid: str) -> None:
        await self._db.run("DELETE FROM outside_groups WHERE grid = ?", grid)

    async def outside(self, area: Sequence[str]) -> dict[str, str]:
        """The squads in this area that something has to be passed on to, and their names."""
        rows = await self._db.all(
            f"""{below(area)} SELECT grids.code, grids.name FROM below JOIN grids ON grids.code = below.code
                JOIN outside_groups ON outside_groups.grid = below.code ORDER BY grids.code""",
            *area,
        )
        return {row["code"]: row["name"] for row in rows}

    async def ask(self, number: int, asked: Iterable[tuple[str, ChatId]]) -> None:
        await self._db.run_many(
            "INSERT INTO passings (broadcast, grid, channel, chat) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            [(number, grid, *chat) for grid, chat in asked],
        )

    async def asked(self, number: int) -> list[Passing]:
        rows = await self._db.all(
            """SELECT passings.*, grids.name FROM passings JOIN grids ON grids.code = passings.grid
               WHERE broadcast = ? ORDER BY grid, channel, chat""",
            number,
        )
        return [
            Passing(row["grid"], row["name"], ChatId(row["channel"], row["chat"]), row["passed_at"] is not None)
            for row in rows
        ]

    async def passed(self, number: int, grid: str, now: datetime) -> bool:
        """It is done, whoever did it; whether that is news."""
        rows = await self._db.all(
            "UPDATE passings SET passed_at = ? WHERE broadcast = ? AND grid = ? AND passed_at IS NULL RETURNING grid",
            stamp(now),
            number,
            grid,
        )
        return bool(rows)

    async def nobody_asked(self) -> list[str]:
        """Names of the squads outside where nobody can be asked to pass anything on."""
        rows = await self._db.all(
            """SELECT name FROM grids JOIN outside_groups ON outside_groups.grid = grids.code
               WHERE closed_at IS NULL AND NOT EXISTS (
                   SELECT 1 FROM appointments JOIN accounts ON accounts.person = appointments.person
                   WHERE appointments.grid = grids.code AND appointments.role IN ('leader', 'deputy')
                   AND accounts.private_chat IS NOT NULL)
               ORDER BY code"""
        )
        return [row["name"] for row in rows]
