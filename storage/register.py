"""The register filled and looked over as a whole: many rows at once, and what in it needs somebody's hand."""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.chat import AccountId, ChatId, ChatKind
from domain.grid import Grid
from domain.people import Appointment
from storage.database import Database


@dataclass(frozen=True)
class Door:
    grid: str
    door: str
    people: int
    notes: str = ""
    care: str = ""


@dataclass(frozen=True)
class Settler:
    """Somebody who comes into the register whole: their roles, the door they live behind, their account."""

    name: str
    appointments: tuple[Appointment, ...]
    home: Door | None = None
    account: AccountId | None = None
    private_chat: str | None = None


@dataclass(frozen=True)
class GroupRoom:
    chat: ChatId
    title: str
    grid: str


class Register:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def settle_grids(self, grids: Iterable[Grid]) -> None:
        await self._db.run_many(
            "INSERT INTO grids (code, name, level, parent) VALUES (?, ?, ?, ?)",
            [(grid.code, grid.name, grid.level, grid.parent) for grid in grids],
        )

    async def settle_doors(self, doors: Iterable[Door]) -> None:
        await self._db.run_many(
            "INSERT INTO households (grid, door, people, notes, care) VALUES (?, ?, ?, ?, ?)",
            [(door.grid, door.door, door.people, door.notes, door.care) for door in doors],
        )

    async def household(self, grid: str, door: str) -> int | None:
        row = await self._db.one("SELECT id FROM households WHERE grid = ? AND door = ?", grid, door)
        return row["id"] if row else None

    async def move_house(self, household: int, left: str, to: str) -> None:
        """To another squad, and those who live there with it."""
        await self._db.run("UPDATE households SET grid = ? WHERE id = ?", to, household)
        await self._db.run(
            """UPDATE appointments SET grid = ? WHERE grid = ? AND role = 'resident'
               AND person IN (SELECT id FROM people WHERE household = ?)
               AND person NOT IN (SELECT person FROM appointments WHERE grid = ? AND role = 'resident')""",
            to,
            left,
            household,
            to,
        )

    async def settle_people(self, settlers: Iterable[Settler]) -> None:
        """Their doors must stand already."""
        row = await self._db.one("SELECT coalesce(max(id), 0) + 1 FROM people")
        numbered = list(enumerate(settlers, int(row[0]) if row else 1))
        await self._db.run_many(
            """INSERT INTO people (id, name, household)
               VALUES (?, ?, (SELECT id FROM households WHERE grid = ? AND door = ?))""",
            [(n, s.name, *((s.home.grid, s.home.door) if s.home else (None, None))) for n, s in numbered],
        )
        await self._db.run_many(
            "INSERT INTO appointments (person, grid, role) VALUES (?, ?, ?)",
            [(n, held.grid, held.role.value) for n, s in numbered for held in s.appointments],
        )
        await self._give_accounts((n, s) for n, s in numbered)

    async def _give_accounts(self, numbered: Iterable[tuple[int, Settler]]) -> None:
        held = [(s.account, n, s) for n, s in numbered if s.account]
        await self._db.run_many(
            "INSERT INTO accounts (channel, account, person, private_chat) VALUES (?, ?, ?, ?)",
            [(*account, n, s.private_chat) for account, n, s in held],
        )
        await self._db.run_many(
            "INSERT INTO chats (channel, chat, kind, title) VALUES (?, ?, ?, ?)",
            [
                (account.channel, s.private_chat, ChatKind.PRIVATE.value, s.name)
                for account, _n, s in held
                if s.private_chat
            ],
        )

    async def settle_rooms(self, rooms: Iterable[GroupRoom]) -> None:
        await self._db.run_many(
            "INSERT INTO chats (channel, chat, kind, title, grid) VALUES (?, ?, ?, ?, ?)",
            [(*room.chat, ChatKind.GROUP.value, room.title, room.grid) for room in rooms],
        )
