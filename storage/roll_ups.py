"""回执汇总: how many receipts have come, for every grid from the squads up, and who is still late."""

from collections.abc import Iterable
from datetime import datetime

from domain.chat import ChatId
from domain.receipts import RollUp, Step
from storage.database import Database, Row, maybe_stamp, stamp

_UP = """
WITH RECURSIVE up (grid, parent) AS (
    SELECT grid, parent FROM roll_ups WHERE broadcast = ? AND grid = ?
    UNION
    SELECT roll_ups.grid, roll_ups.parent FROM up JOIN roll_ups ON roll_ups.grid = up.parent AND roll_ups.broadcast = ?
)
"""

SOON = """due_at = CASE WHEN due_at IS NOT NULL AND (due_at <= ? OR due_at <= free_at) THEN due_at
                         WHEN free_at > ? THEN free_at ELSE ? END"""
"""The card is to change: now, or as soon as it may; what was to be sooner stays so. Takes the time three times."""

_ROLL_UP = """
SELECT roll_ups.*, grids.name, 0 AS unreached FROM roll_ups JOIN grids ON grids.code = roll_ups.grid
"""

_WITH_ARRIVAL = """
SELECT roll_ups.*, grids.name, roll_ups.squad = 1 AND NOT EXISTS (
    SELECT 1 FROM broadcast_chats AS told
    LEFT JOIN chats ON chats.channel = told.channel AND chats.chat = told.chat
    LEFT JOIN cards ON cards.channel = told.channel AND cards.chat = told.chat AND cards.card = ?
    WHERE told.broadcast = roll_ups.broadcast AND told.grid = roll_ups.grid
      AND (cards.message_id IS NOT NULL OR (chats.unreachable IS NULL AND NOT EXISTS (
               SELECT 1 FROM outbox WHERE outbox.channel = told.channel AND outbox.chat = told.chat
               AND outbox.card = ? AND outbox.state = 'dead')))
) AND NOT EXISTS (
    SELECT 1 FROM passings LEFT JOIN chats ON chats.channel = passings.channel AND chats.chat = passings.chat
    WHERE passings.broadcast = roll_ups.broadcast AND passings.grid = roll_ups.grid AND chats.unreachable IS NULL
) AS unreached
FROM roll_ups JOIN grids ON grids.code = roll_ups.grid
"""
"""With whether no copy arrived in any of a squad's groups, nor with whoever is to pass it on; takes the name of the
broadcast's card twice."""


class RollUps:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def begin(self, number: int, top: str, now: datetime, shown_at: datetime) -> None:
        """What is owed is counted by each grid from the squads up to `top`, or to the roots where it is empty."""
        await self._db.run(
            """INSERT INTO roll_ups (broadcast, grid, parent, squad, owed, free_at, due_at)
               WITH RECURSIVE squads (code, owed) AS (
                   SELECT grid, count(*) FROM receipts WHERE broadcast = ? GROUP BY grid
               ), up (code, squad, owed) AS (
                   SELECT code, 1, owed FROM squads
                   UNION ALL
                   SELECT grids.parent, 0, up.owed FROM up JOIN grids ON grids.code = up.code
                   WHERE grids.parent IS NOT NULL AND up.code <> ?
               )
               SELECT CAST(? AS INTEGER), up.code, CASE WHEN up.code = ? THEN NULL ELSE grids.parent END,
                      max(up.squad), sum(up.owed), CAST(? AS TEXT),
                      CASE WHEN max(up.squad) = 0 THEN CAST(? AS TEXT) END
               FROM up JOIN grids ON grids.code = up.code GROUP BY up.code, grids.parent""",
            number,
            top,
            number,
            top,
            stamp(now),
            stamp(shown_at),
        )
        await self._db.run_many(
            """UPDATE roll_ups SET alike = (SELECT count(*) FROM roll_ups WHERE broadcast = ? AND squad = ?)
               WHERE broadcast = ? AND squad = ?""",
            [(number, squad) * 2 for squad in (0, 1)],
        )

    async def count(self, number: int, squad: str, now: datetime) -> None:
        """One more has come from this squad; it counts up to the top."""
        await self._db.run(
            f"""{_UP} UPDATE roll_ups SET got = got + 1, {SOON}
                WHERE broadcast = ? AND grid IN (SELECT grid FROM up)""",
            *(number, squad, number),
            *(stamp(now),) * 3,
            number,
        )

    # -- how it is shown -----------------------------------------------------------------------------------------

    async def show(self, number: int, grids: Iterable[str], now: datetime) -> None:
        """What these grids' cards say is to change, as soon as they may."""
        await self._db.run_many(
            f"UPDATE roll_ups SET {SOON} WHERE broadcast = ? AND grid = ?",
            [(*(stamp(now),) * 3, number, grid) for grid in grids],
        )

    async def show_anew(self, number: int, now: datetime) -> None:
        """Every card that shows something of it, as soon as it may."""
        await self._db.run(
            f"UPDATE roll_ups SET {SOON} WHERE broadcast = ? AND (squad = 0 OR got > 0)",
            *(stamp(now),) * 3,
            number,
        )

    async def shown(self, roll_up: RollUp, free_at: datetime) -> None:
        await self._db.run("UPDATE roll_ups SET due_at = NULL, free_at = ? WHERE id = ?", stamp(free_at), roll_up.id)

    async def get(self, number: int) -> RollUp | None:
        row = await self._db.one(f"{_ROLL_UP} WHERE roll_ups.id = ?", number)
        return _roll_up(row) if row else None

    async def of(self, number: int, grid: str) -> RollUp | None:
        row = await self._db.one(f"{_ROLL_UP} WHERE broadcast = ? AND grid = ?", number, grid)
        return _roll_up(row) if row else None

    async def children(self, roll_up: RollUp) -> list[RollUp]:
        return await self._with_arrival(roll_up.broadcast, "roll_ups.parent = ?", roll_up.grid)

    async def late(self, number: int) -> list[RollUp]:
        """The squads that owe receipts still."""
        return await self._with_arrival(number, "squad = 1 AND got < owed")

    async def _with_arrival(self, number: int, where: str, *parameters: object) -> list[RollUp]:
        card = f"alert:{number}"
        rows = await self._db.all(
            f"{_WITH_ARRIVAL} WHERE roll_ups.broadcast = ? AND {where} ORDER BY roll_ups.grid",
            *(card, card, number),
            *parameters,
        )
        return [_roll_up(row) for row in rows]

    async def placed(self, number: int, grid: str) -> list[ChatId]:
        """The groups of this squad in which the broadcast is known to stand."""
        rows = await self._db.all(
            """SELECT told.channel, told.chat FROM broadcast_chats AS told
               JOIN cards ON cards.channel = told.channel AND cards.chat = told.chat AND cards.card = ?
               WHERE told.broadcast = ? AND told.grid = ? AND cards.message_id IS NOT NULL""",
            f"alert:{number}",
            number,
            grid,
        )
        return [ChatId(row["channel"], row["chat"]) for row in rows]

    async def total(self, number: int) -> tuple[int, int]:
        """How many have come, and how many are owed."""
        row = await self._db.one(
            """SELECT coalesce(sum(got), 0) AS got, coalesce(sum(owed), 0) AS owed FROM roll_ups
               WHERE broadcast = ? AND squad = 1""",
            number,
        )
        assert row  # noqa: S101
        return row["got"], row["owed"]

    # -- who is late ---------------------------------------------------------------------------------------------

    async def chase(self, number: int, step: Step, at: datetime | None) -> None:
        """Those who are late hear of it at this step next; never again where `at` is None."""
        await self._db.run(
            """INSERT INTO chases (id, step, due_at) VALUES (?, ?, ?)
               ON CONFLICT (id) DO UPDATE SET step = excluded.step, due_at = excluded.due_at""",
            number,
            int(step),
            maybe_stamp(at),
        )

    async def step(self, number: int) -> Step:
        row = await self._db.one("SELECT step FROM chases WHERE id = ?", number)
        assert row  # noqa: S101
        return Step(row["step"])

    async def close(self, number: int, doors: bool, now: datetime) -> None:
        """Nobody is reminded any more; what the cards say is the last count. What stands in the squads' groups tells of
        the end already; where `doors` is true their leaders have lists."""
        await self._db.run("UPDATE chases SET due_at = NULL WHERE id = ?", number)
        await self._db.run(
            """UPDATE roll_ups SET due_at = CASE WHEN squad = 0 OR CAST(? AS INTEGER) = 1 THEN CAST(? AS TEXT) END
               WHERE broadcast = ?""",
            int(doors),
            stamp(now),
            number,
        )


def _roll_up(row: Row) -> RollUp:
    return RollUp(
        row["id"],
        row["broadcast"],
        row["grid"],
        row["name"],
        row["parent"],
        bool(row["squad"]),
        row["owed"],
        row["got"],
        row["alike"],
        bool(row["unreached"]),
    )
