"""Swaps of duty that were asked for, until the other has answered or it is too late."""

from datetime import date, datetime

from domain.duty import Turn
from domain.people import Who
from domain.swap import State, Swap
from storage.database import Database, Row, stamp

_SWAP = """
SELECT swaps.*, askers.name AS asker_name, others.name AS other_name FROM swaps
JOIN people AS askers ON askers.id = swaps.asker JOIN people AS others ON others.id = swaps.other
"""


class Swaps:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def add(self, swap: Swap, due_at: datetime) -> int:
        """Its number."""
        taken = (swap.taken.first.isoformat(), swap.taken.last.isoformat()) if swap.taken else (None, None)
        row = await self._db.one(
            """INSERT INTO swaps (rota, asker, other, given, last_given, taken, last_taken, due_at)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id""",
            swap.rota,
            swap.asker.id,
            swap.other.id,
            swap.given.first.isoformat(),
            swap.given.last.isoformat(),
            *taken,
            stamp(due_at),
        )
        assert row  # noqa: S101
        return int(row["id"])

    async def is_asked(self, swap: Swap) -> bool:
        """Whether the other was asked already for the same turn, and has not answered."""
        row = await self._db.one(
            "SELECT 1 FROM swaps WHERE rota = ? AND asker = ? AND other = ? AND given = ? AND state = 'asked'",
            swap.rota,
            swap.asker.id,
            swap.other.id,
            swap.given.first.isoformat(),
        )
        return row is not None

    async def get(self, number: int) -> Swap | None:
        row = await self._db.one(f"{_SWAP} WHERE swaps.id = ?", number)
        return _swap(row) if row else None

    async def settle(self, swap: Swap) -> None:
        """It has its answer, or none any more, and no clock."""
        await self._db.run("UPDATE swaps SET state = ?, due_at = NULL WHERE id = ?", swap.state.value, swap.id)


def _swap(row: Row) -> Swap:
    asker, other = Who(row["asker"], row["asker_name"]), Who(row["other"], row["other_name"])
    taken = row["taken"]
    return Swap(
        rota=row["rota"],
        given=Turn(asker, date.fromisoformat(row["given"]), date.fromisoformat(row["last_given"])),
        other=other,
        taken=Turn(other, date.fromisoformat(taken), date.fromisoformat(row["last_taken"])) if taken else None,
        id=row["id"],
        state=State(row["state"]),
    )
