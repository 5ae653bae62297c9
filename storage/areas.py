"""What lies below a list of grids: whom a warning reaches, and who has authority over all of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.chat import ChatId
from domain.grid import Grid
from storage.database import Database, Row, marks, maybe_moment

_BELOW = """
WITH RECURSIVE below (code) AS (
    SELECT code FROM grids WHERE code IN ({tops}) AND closed_at IS NULL
    UNION
    SELECT grids.code FROM below JOIN grids ON grids.parent = below.code AND grids.closed_at IS NULL
)
"""

_HEARD = """((SELECT count(*) FROM chats WHERE chats.grid = grids.code)
             + (SELECT count(*) FROM hearing_groups WHERE hearing_groups.grid = grids.code)
             + (SELECT count(*) FROM outside_groups WHERE outside_groups.grid = grids.code))"""
"""In how many groups what is told to a grid can be read: its own, its robots', and where it is passed on by hand."""


@dataclass(frozen=True)
class Told:
    """A chat that a broadcast goes to, and the grid whose group it is. `hears_only`: nobody can answer there."""

    chat: ChatId
    grid: str
    hears_only: bool = False


@dataclass(frozen=True)
class Counted:
    """Households and people who can read it in a group of theirs, if only by somebody's hand, and the squads that have
    none."""

    households: int
    people: int
    without: tuple[str, ...]


class Areas:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def groups(self, area: Sequence[str]) -> list[Told]:
        """The groups of these grids and of all below them, each with its grid."""
        rows = await self._db.all(
            f"""{below(area)} SELECT chats.channel, chats.chat, chats.grid, 0 AS hears_only FROM below
                JOIN chats ON chats.grid = below.code
                UNION ALL
                SELECT hearing_groups.channel, hearing_groups.chat, hearing_groups.grid, 1 FROM below
                JOIN hearing_groups ON hearing_groups.grid = below.code
                ORDER BY 1, 2""",
            *area,
        )
        return [Told(ChatId(row["channel"], row["chat"]), row["grid"], bool(row["hears_only"])) for row in rows]

    async def codes(self, tops: Sequence[str]) -> set[str]:
        """These grids and all below them."""
        return {row["code"] for row in await self._db.all(f"{below(tops)} SELECT code FROM below", *tops)}

    async def grids(self, codes: Sequence[str]) -> list[Grid]:
        """In the order of their codes."""
        rows = await self._db.all(f"SELECT * FROM grids WHERE code IN ({marks(codes)}) ORDER BY code", *codes)
        return [_grid(row) for row in rows]

    async def counted(self, area: Sequence[str]) -> Counted:
        """A household reads what is said in its squad's group, or in the group of a grid above it within the area."""
        rows = await self._db.all(
            f"""WITH RECURSIVE below (code, heard) AS (
                    SELECT code, {_HEARD} FROM grids
                    WHERE code IN ({marks(area)}) AND closed_at IS NULL
                    UNION
                    SELECT grids.code, below.heard + {_HEARD}
                    FROM below JOIN grids ON grids.parent = below.code AND grids.closed_at IS NULL
                )
                SELECT grids.name, below.heard,
                       {_HEARD} > 0 AS own,
                       EXISTS (SELECT 1 FROM grids AS lower WHERE lower.parent = grids.code
                               AND lower.closed_at IS NULL) AS parts,
                       count(households.id) AS doors, coalesce(sum(households.people), 0) AS people
                FROM below JOIN grids ON grids.code = below.code
                LEFT JOIN households ON households.grid = grids.code
                GROUP BY grids.code, grids.name, below.heard ORDER BY grids.code""",
            *area,
        )
        heard = [row for row in rows if row["heard"]]
        without = tuple(row["name"] for row in rows if not row["own"] and not row["parts"])
        return Counted(sum(row["doors"] for row in heard), sum(row["people"] for row in heard), without)

    async def deepest(self, code: str) -> str:
        """A grid as far below this one as any."""
        row = await self._db.one(
            """WITH RECURSIVE below (code, depth) AS (
                   SELECT CAST(? AS TEXT), 0
                   UNION ALL
                   SELECT grids.code, below.depth + 1 FROM below
                   JOIN grids ON grids.parent = below.code AND grids.closed_at IS NULL WHERE below.depth < 50
               )
               SELECT code FROM below ORDER BY depth DESC, code LIMIT 1""",
            code,
        )
        assert row  # noqa: S101
        return str(row["code"])

    async def shared(self, area: Sequence[str]) -> str | None:
        """The lowest grid that is above all of these, or one of them."""
        row = await self._db.one(
            f"""WITH RECURSIVE up (origin, code, depth) AS (
                    SELECT code, code, 0 FROM grids WHERE code IN ({marks(area)})
                    UNION ALL
                    SELECT up.origin, grids.parent, up.depth + 1 FROM up JOIN grids ON grids.code = up.code
                    WHERE grids.parent IS NOT NULL AND up.depth < 50
                )
                SELECT code FROM up GROUP BY code HAVING count(DISTINCT origin) = ?
                ORDER BY max(depth), code LIMIT 1""",
            *area,
            len(set(area)),
        )
        return str(row["code"]) if row else None

    async def in_division(self, prefix: str) -> list[str]:
        """The open grids whose codes begin so, without those that are below another of them."""
        # ':' comes after '9': between the two is all that digits, dashes and dots can continue.
        ends = f"{prefix}:"
        rows = await self._db.all(
            """SELECT code FROM grids WHERE code >= ? AND code < ? AND closed_at IS NULL
               AND (parent IS NULL OR parent < ? OR parent >= ?) ORDER BY code""",
            prefix,
            ends,
            prefix,
            ends,
        )
        return [row["code"] for row in rows]

    async def nested(self, area: Sequence[str]) -> set[str]:
        """Those of these grids that are below another of them."""
        rows = await self._db.all(
            f"""WITH RECURSIVE up (origin, code) AS (
                    SELECT code, parent FROM grids WHERE code IN ({marks(area)})
                    UNION
                    SELECT up.origin, grids.parent FROM up JOIN grids ON grids.code = up.code
                )
                SELECT DISTINCT origin FROM up WHERE code IN ({marks(area)})""",
            *area,
            *area,
        )
        return {row["origin"] for row in rows}

    # -- names for many grids at once ----------------------------------------------------------------------------

    async def of_level(self, level: str, within: Sequence[str]) -> list[Grid]:
        return await self._named("grids.level = ?", level, within)

    async def tagged(self, tag: str, within: Sequence[str]) -> list[Grid]:
        where = "EXISTS (SELECT 1 FROM grid_tags WHERE grid_tags.grid = grids.code AND grid_tags.tag = ?)"
        return await self._named(where, tag, within)

    async def _named(self, where: str, name: str, within: Sequence[str]) -> list[Grid]:
        if not within:
            return []
        rows = await self._db.all(
            f"""{below(within)} SELECT grids.* FROM below JOIN grids ON grids.code = below.code
                WHERE {where} ORDER BY grids.code""",
            *within,
            name,
        )
        return [_grid(row) for row in rows]

    async def tag(self, grid: str, tag: str) -> None:
        await self._db.run("INSERT INTO grid_tags (grid, tag) VALUES (?, ?) ON CONFLICT DO NOTHING", grid, tag)

    async def untag(self, grid: str, tag: str) -> None:
        await self._db.run("DELETE FROM grid_tags WHERE grid = ? AND tag = ?", grid, tag)

    async def tags(self, grids: Iterable[str]) -> list[str]:
        codes = list(grids)
        rows = await self._db.all(
            f"SELECT DISTINCT tag FROM grid_tags WHERE grid IN ({marks(codes)}) ORDER BY tag", *codes
        )
        return [row["tag"] for row in rows]


def below(tops: Sequence[str]) -> str:
    """The beginning of a statement that looks into these grids and all below them; takes their codes."""
    return _BELOW.format(tops=marks(tops))


def _grid(row: Row) -> Grid:
    return Grid(row["code"], row["name"], row["level"], row["parent"], maybe_moment(row["closed_at"]))
