"""The tree as it is stored: a row a grid, each naming its parent."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from domain.chat import AccountId, ChatId
from domain.grid import SQUAD_HOUSEHOLDS, Grid
from domain.people import Answerer, Role, Rung
from storage.database import Database, Row, marks, maybe_moment, stamp

_PATH = """
WITH RECURSIVE path (code, depth) AS (
    SELECT CAST(? AS TEXT), 0
    UNION ALL
    SELECT grids.parent, path.depth + 1 FROM path JOIN grids ON grids.code = path.code
    WHERE grids.parent IS NOT NULL AND path.depth < 50
)
"""
"""From a grid up to its root. The depth bounds what a cycle, which no import lets in, could cost."""


_RUNGS = """
WITH RECURSIVE wanted (code) AS (VALUES {wanted}),
path (origin, code, depth) AS (
    SELECT code, code, 0 FROM wanted
    UNION ALL
    SELECT path.origin, grids.parent, path.depth + 1 FROM path JOIN grids ON grids.code = path.code
    WHERE grids.parent IS NOT NULL AND path.depth < 50
)
SELECT path.origin, grids.*, people.id AS person, people.name AS person_name, appointments.role,
       accounts.channel, accounts.account, accounts.private_chat,
       chats.channel AS group_channel, chats.chat AS group_chat, rotas.id AS rota, modes.mode
FROM path JOIN grids ON grids.code = path.code
LEFT JOIN appointments ON appointments.grid = grids.code AND appointments.role <> 'resident'
                      AND grids.closed_at IS NULL
LEFT JOIN people ON people.id = appointments.person
LEFT JOIN accounts ON accounts.person = people.id
LEFT JOIN chats ON chats.grid = grids.code AND chats.unreachable IS NULL
LEFT JOIN rotas ON rotas.grid = grids.code AND grids.closed_at IS NULL
LEFT JOIN modes ON modes.grid = grids.code AND modes.ended_at IS NULL
ORDER BY path.origin, path.depth, CASE appointments.role WHEN 'leader' THEN 0 WHEN 'deputy' THEN 1 ELSE 2 END,
         people.id, accounts.private_chat IS NULL, coalesce(accounts.used_at, '') DESC, accounts.channel,
         accounts.account, chats.channel, chats.chat"""


class Grids:
    def __init__(self, db: Database) -> None:
        self._db = db
        self._rungs: dict[str, list[Rung]] = db.known(
            "grids", "appointments", "people", "accounts", "chats", "rotas", "modes"
        )

    async def get(self, code: str) -> Grid | None:
        row = await self._db.one("SELECT * FROM grids WHERE code = ?", code)
        return _grid(row) if row else None

    async def find(self, name_or_code: str) -> list[Grid]:
        """The open grids that somebody can mean: the one with this code, or all with this name."""
        rows = await self._db.all(
            "SELECT * FROM grids WHERE (code = ? OR name = ?) AND closed_at IS NULL ORDER BY code LIMIT 20",
            name_or_code,
            name_or_code,
        )
        return [_grid(row) for row in rows]

    async def path(self, code: str) -> list[Grid]:
        """The grid and all above it, the root last."""
        rows = await self._db.all(
            _PATH + "SELECT grids.* FROM path JOIN grids ON grids.code = path.code ORDER BY path.depth", code
        )
        return [_grid(row) for row in rows]

    async def rungs(self, code: str) -> list[Rung]:
        """The path with each grid's groups that can be reached and those who answer for it and have an account; a
        closed grid has nobody."""
        if code not in self._rungs:
            await self.look_up([code])
        return self._rungs[code]

    async def look_up(self, codes: Iterable[str]) -> None:
        """The rungs of all these at once; asked for one by one, they are known."""
        wanted = sorted({code for code in codes if code not in self._rungs})
        if not wanted:
            return
        rows = await self._db.all(_RUNGS.format(wanted=", ".join(["(?)"] * len(wanted))), *wanted)
        by_grid: dict[str, dict[str, list[Row]]] = {code: {} for code in wanted}
        for row in rows:
            by_grid[row["origin"]].setdefault(row["code"], []).append(row)
        self._rungs |= {code: [_rung(of_grid) for of_grid in path.values()] for code, path in by_grid.items()}

    async def children(self, code: str) -> list[Grid]:
        rows = await self._db.all("SELECT * FROM grids WHERE parent = ? AND closed_at IS NULL ORDER BY code", code)
        return [_grid(row) for row in rows]

    async def is_squad(self, code: str) -> bool:
        """Whether nothing is below it."""
        row = await self._db.one("SELECT 1 FROM grids WHERE parent = ? AND closed_at IS NULL LIMIT 1", code)
        return row is None

    async def branches(self, grid: str, origins: Sequence[str]) -> dict[str, str]:
        """For each of these grids, the name of the child of `grid` that it belongs to; its own, if it is `grid`."""
        if not origins:
            return {}
        rows = await self._db.all(
            f"""WITH RECURSIVE up (origin, code, child) AS (
                    SELECT code, code, code FROM grids WHERE code IN ({marks(origins)})
                    UNION ALL SELECT up.origin, grids.parent, up.code FROM up JOIN grids ON grids.code = up.code
                    WHERE grids.parent IS NOT NULL AND up.code <> ?
                )
                SELECT up.origin, grids.name FROM up JOIN grids ON grids.code = up.child WHERE up.code = ?""",
            *origins,
            grid,
            grid,
        )
        return {row["origin"]: row["name"] for row in rows}

    async def move(self, code: str, parent: str) -> None:
        await self._db.run("UPDATE grids SET parent = ? WHERE code = ?", parent, code)

    async def close(self, code: str, parent: str, now: datetime) -> None:
        """Its children go to the parent; its row stays, so that old cases can still be read."""
        await self._db.run("UPDATE grids SET parent = ? WHERE parent = ?", parent, code)
        await self._db.run("UPDATE grids SET closed_at = ? WHERE code = ?", stamp(now), code)

    async def count(self) -> int:
        row = await self._db.one("SELECT count(*) FROM grids WHERE closed_at IS NULL")
        return int(row[0]) if row else 0

    async def roots(self) -> list[Grid]:
        rows = await self._db.all("SELECT * FROM grids WHERE parent IS NULL AND closed_at IS NULL ORDER BY code")
        return [_grid(row) for row in rows]

    async def without_answerers(self) -> list[Grid]:
        """The lowest grids where nobody with an account answers."""
        return await self._lowest(
            """NOT EXISTS (SELECT 1 FROM appointments JOIN accounts ON accounts.person = appointments.person
                           WHERE appointments.grid = grids.code AND appointments.role <> 'resident')"""
        )

    async def without_chat(self) -> list[Grid]:
        """The lowest grids that have no group where people can say something, nor one where the bot may not be."""
        return await self._lowest(
            """NOT EXISTS (SELECT 1 FROM chats WHERE chats.grid = grids.code)
               AND NOT EXISTS (SELECT 1 FROM outside_groups WHERE outside_groups.grid = grids.code)"""
        )

    async def without_households(self) -> list[Grid]:
        """The lowest grids without a registered household, in a village that has registered some."""
        return await self._lowest(
            """NOT EXISTS (SELECT 1 FROM households WHERE households.grid = grids.code)
               AND EXISTS (SELECT 1 FROM households)"""
        )

    async def _lowest(self, where: str) -> list[Grid]:
        rows = await self._db.all(
            f"""SELECT * FROM grids WHERE closed_at IS NULL AND {where}
                AND NOT EXISTS (SELECT 1 FROM grids AS below WHERE below.parent = grids.code) ORDER BY code"""
        )
        return [_grid(row) for row in rows]

    async def oversized(self) -> list[tuple[Grid, int]]:
        """The squads with more households than their leader can know."""
        rows = await self._db.all(
            """SELECT grids.*, count(*) AS doors FROM grids JOIN households ON households.grid = grids.code
               WHERE closed_at IS NULL GROUP BY grids.code HAVING count(*) > ? ORDER BY grids.code""",
            SQUAD_HOUSEHOLDS,
        )
        return [(_grid(row), int(row["doors"])) for row in rows]


def _grid(row: Row) -> Grid:
    return Grid(row["code"], row["name"], row["level"], row["parent"], maybe_moment(row["closed_at"]))


def _rung(rows: list[Row]) -> Rung:
    """From one grid's rows: each of its answerers, on the account they are to be told by, with each of its groups."""
    answerers: dict[tuple[int, str], Answerer] = {}
    for row in rows:
        if row["account"] is not None:
            answerers.setdefault((row["person"], row["role"]), _answerer(row))
    return Rung(
        _grid(rows[0]),
        tuple(answerers.values()),
        tuple(dict.fromkeys(ChatId(r["group_channel"], r["group_chat"]) for r in rows if r["group_chat"] is not None)),
        rota=rows[0]["rota"] is not None,
        mode=rows[0]["mode"],
    )


def _answerer(row: Row) -> Answerer:
    private = row["private_chat"]
    return Answerer(
        row["person"],
        row["person_name"],
        Role(row["role"]),
        AccountId(row["channel"], row["account"]),
        ChatId(row["channel"], private) if private else None,
    )
