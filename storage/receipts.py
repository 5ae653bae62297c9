"""回执: what is owed of a broadcast, and what has come."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from domain.chat import ChatId
from domain.people import PersonId
from domain.receipts import Receipt
from storage.database import Database, Row, marks, stamp


class ReceiptBook:
    def __init__(self, db: Database) -> None:
        self._db = db

    # -- what is owed --------------------------------------------------------------------------------------------

    async def squads_told(self, number: int) -> dict[str, list[int]]:
        """The lowest grids that this broadcast went to, each with its households."""
        rows = await self._db.all(
            """SELECT told.grid, households.id FROM (
                   SELECT grid FROM broadcast_chats WHERE broadcast = ?
                   UNION SELECT grid FROM passings WHERE broadcast = ?
               ) AS told
               LEFT JOIN households ON households.grid = told.grid
               WHERE NOT EXISTS (
                   SELECT 1 FROM grids WHERE grids.parent = told.grid AND grids.closed_at IS NULL)
               ORDER BY told.grid, households.id""",
            number,
            number,
        )
        found: dict[str, list[int]] = {row["grid"]: [] for row in rows}
        for row in rows:
            if row["id"] is not None:
                found[row["grid"]].append(row["id"])
        return found

    async def owe(self, number: int, receipts: Sequence[Receipt]) -> None:
        await self._db.run_many(
            "INSERT INTO receipts (broadcast, grid, household) VALUES (?, ?, ?)",
            [(number, one.grid, one.household) for one in receipts],
        )

    async def owed_in(self, number: int, grids: Sequence[str], person: PersonId) -> list[Receipt]:
        """What these squads owe, come or not."""
        if not grids:
            return []
        rows = await self._db.all(
            f"""SELECT receipts.*, CASE WHEN receipts.household = people.household THEN 1 ELSE 0 END AS home,
                       EXISTS (SELECT 1 FROM passings WHERE passings.broadcast = receipts.broadcast
                               AND passings.grid = receipts.grid AND passed_at IS NULL) AS by_hand
                FROM receipts JOIN people ON people.id = ?
                WHERE broadcast = ? AND grid IN ({marks(grids)}) ORDER BY receipts.id""",
            person,
            number,
            *grids,
        )
        return [_receipt(row) for row in rows]

    async def of_household(self, number: int, household: int) -> Receipt | None:
        row = await self._db.one(
            "SELECT receipts.*, 0 AS home, 0 AS by_hand FROM receipts WHERE broadcast = ? AND household = ?",
            number,
            household,
        )
        return _receipt(row) if row else None

    async def awaited_in(self, chat: ChatId) -> int | None:
        """The newest broadcast in this chat that asks for receipts and is in force."""
        row = await self._db.one(
            """SELECT broadcasts.id FROM broadcast_chats AS told JOIN broadcasts ON broadcasts.id = told.broadcast
               WHERE told.channel = ? AND told.chat = ? AND stage = 'sent' AND broadcasts.receipts <> 'none'
               ORDER BY sent_at DESC, broadcasts.id DESC LIMIT 1""",
            *chat,
        )
        return int(row["id"]) if row else None

    async def awaited_of(self, grids: Sequence[str]) -> int | None:
        """The newest that one of these squads still owes a receipt of."""
        row = await self._db.one(
            f"""SELECT broadcasts.id FROM receipts JOIN broadcasts ON broadcasts.id = receipts.broadcast
                WHERE receipts.grid IN ({marks(grids)}) AND got_at IS NULL AND stage = 'sent'
                ORDER BY sent_at DESC, broadcasts.id DESC LIMIT 1""",
            *grids,
        )
        return int(row["id"]) if row else None

    async def answered(self, chat: ChatId, message_id: str) -> int | None:
        """The broadcast whose card this message is, if it awaits receipts."""
        row = await self._db.one(
            """SELECT card FROM cards WHERE channel = ? AND chat = ? AND card >= 'alert:' AND card < 'alert;'
               AND message_id = ?""",
            *chat,
            message_id,
        )
        if row is None:
            return None
        row = await self._db.one(
            "SELECT id FROM broadcasts WHERE id = ? AND stage = 'sent' AND receipts <> 'none'",
            int(row["card"].split(":")[1]),
        )
        return int(row["id"]) if row else None

    # -- what has come -------------------------------------------------------------------------------------------

    async def note(self, number: int, person: PersonId, grids: Iterable[str | None], now: datetime) -> bool:
        """Somebody's word is kept, once for each of these squads; whether it is news."""
        news = [
            await self._db.one(
                """INSERT INTO receipt_log (broadcast, person, grid, at) VALUES (?, ?, ?, ?)
                   ON CONFLICT DO NOTHING RETURNING id""",
                number,
                person,
                grid,
                stamp(now),
            )
            for grid in grids
        ]
        return any(row is not None for row in news)

    async def settle(self, receipts: Sequence[Receipt], person: PersonId, now: datetime) -> list[str]:
        """These have come; the squads of those that are news."""
        rows = await self._db.all(
            f"""UPDATE receipts SET got_at = ?, person = ?
                WHERE id IN ({marks(receipts)}) AND got_at IS NULL RETURNING grid""",
            stamp(now),
            person,
            *(one.id for one in receipts),
        )
        return [row["grid"] for row in rows]

    async def names(self, number: int, grid: str) -> list[str]:
        """Who of this squad confirmed, the first one first."""
        rows = await self._db.all(
            """SELECT people.name FROM receipt_log JOIN people ON people.id = receipt_log.person
               WHERE broadcast = ? AND grid = ? ORDER BY receipt_log.id""",
            number,
            grid,
        )
        return [row["name"] for row in rows]

    async def doors(self, number: int, grid: str) -> list[tuple[int, str]]:
        """The households of this squad that still owe one, with their doors."""
        rows = await self._db.all(
            """SELECT households.id, households.door FROM receipts
               JOIN households ON households.id = receipts.household
               WHERE broadcast = ? AND receipts.grid = ? AND got_at IS NULL ORDER BY households.door""",
            number,
            grid,
        )
        return [(row["id"], row["door"]) for row in rows]


def _receipt(row: Row) -> Receipt:
    return Receipt(row["grid"], row["household"], row["id"], bool(row["home"]), bool(row["by_hand"]))
