"""Work modes: which grids are at which work, and what their groups were called before."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.chat import ChatId
from domain.mode import Change, Naming
from domain.people import PersonId, Who
from storage.cases import Stale
from storage.database import Database, Row, marks, maybe_moment, maybe_stamp, moment, stamp

_CHANGE = """
SELECT modes.*, author.name AS author_name, ender.name AS ender_name FROM modes
JOIN people AS author ON author.id = modes.author LEFT JOIN people AS ender ON ender.id = modes.ended_by
"""

_BELOW = """
WITH RECURSIVE below (code) AS (
    SELECT CAST(? AS TEXT)
    UNION
    SELECT grids.code FROM below JOIN grids ON grids.parent = below.code AND grids.closed_at IS NULL
    WHERE NOT EXISTS (SELECT 1 FROM modes WHERE modes.grid = grids.code AND modes.ended_at IS NULL)
)
"""
"""A grid and what is below it, but for what has a mode of its own."""


@dataclass(frozen=True)
class Group:
    """A group as its work finds it: its name as far as we know, the change that was carried out here last, and what
    became of its name then."""

    chat: ChatId
    title: str
    grid: str
    change: int | None = None
    naming: Naming | None = None

    @property
    def at_work(self) -> int | None:
        """The change whose mode holds here; None where every day's work does."""
        return None if self.naming is None or self.naming.put_back else self.change


class WorkModes:
    def __init__(self, db: Database) -> None:
        self._db = db
        self._running: dict[str, Change] = db.known("modes", "people")
        self._looked: dict[str, bool] = db.known("modes", "people")

    async def running(self) -> dict[str, Change]:
        """What holds where, by the grid it begins at."""
        if not self._looked:
            rows = await self._db.all(f"{_CHANGE} WHERE modes.ended_at IS NULL ORDER BY modes.grid")
            self._running |= {row["grid"]: _change(row) for row in rows}
            self._looked["modes"] = True
        return dict(self._running)

    async def get(self, number: int) -> Change | None:
        return (await self.changes([number])).get(number)

    async def changes(self, numbers: Iterable[int]) -> dict[int, Change]:
        """These, by their numbers."""
        wanted = sorted(set(numbers))
        if not wanted:
            return {}
        rows = await self._db.all(f"{_CHANGE} WHERE modes.id IN ({marks(wanted)})", *wanted)
        return {row["id"]: _change(row) for row in rows}

    async def of_alert(self, alert: int) -> list[Change]:
        """What began with this warning and still holds."""
        rows = await self._db.all(
            f"{_CHANGE} WHERE modes.alert = ? AND modes.ended_at IS NULL ORDER BY modes.grid", alert
        )
        return [_change(row) for row in rows]

    async def last(self, grid: str) -> Change | None:
        row = await self._db.one(f"{_CHANGE} WHERE modes.grid = ? ORDER BY modes.id DESC LIMIT 1", grid)
        return _change(row) if row else None

    async def begin(self, change: Change) -> Change:
        row = await self._db.one(
            "INSERT INTO modes (grid, mode, since, author, alert) VALUES (?, ?, ?, ?, ?) RETURNING id",
            change.grid,
            change.mode,
            stamp(change.since),
            change.by.id,
            change.alert,
        )
        assert row  # noqa: S101
        return replace(change, id=row["id"], version=1)

    async def save(self, change: Change) -> Change:
        """Stale where the row moved on since it was loaded."""
        saved = await self._db.one(
            """UPDATE modes SET alert = ?, ended_at = ?, ended_by = ?, after_channel = ?, after_group = ?, due_at = ?,
                                version = version + 1
               WHERE id = ? AND version = ? RETURNING version""",
            change.alert,
            maybe_stamp(change.ended_at),
            change.ended_by.id if change.ended_by else None,
            *change.after,
            maybe_stamp(change.due_at),
            change.id,
            change.version,
        )
        if saved is None:
            raise Stale(str(change.id))
        return replace(change, version=saved["version"])

    async def show_anew(self, number: int, at: datetime) -> None:
        """What was answered to the change is to be said anew by then."""
        await self._db.run("UPDATE modes SET due_at = coalesce(due_at, ?) WHERE id = ?", stamp(at), number)

    # -- the groups ------------------------------------------------------------------------------------------------

    async def groups(self, grid: str, after: tuple[str, str], limit: int) -> list[Group]:
        """Those that a change of this grid concerns and that can be reached, in the order of their ids, behind one."""
        rows = await self._db.all(
            f"""{_BELOW} SELECT chats.channel, chats.chat, chats.title, chats.grid, mode_titles.mode, mode_titles.was,
                       mode_titles.given, mode_titles.put_back, mode_titles.why
                FROM below JOIN chats ON chats.grid = below.code AND chats.unreachable IS NULL
                LEFT JOIN mode_titles ON mode_titles.channel = chats.channel AND mode_titles.chat = chats.chat
                WHERE (chats.channel, chats.chat) > (?, ?) ORDER BY chats.channel, chats.chat LIMIT ?""",
            grid,
            *after,
            limit,
        )
        return [_group(row) for row in rows]

    async def group(self, chat: ChatId) -> Group | None:
        """The same of one; None where it belongs to no grid."""
        row = await self._db.one(
            """SELECT chats.channel, chats.chat, chats.title, chats.grid, mode_titles.mode, mode_titles.was,
                      mode_titles.given, mode_titles.put_back, mode_titles.why
               FROM chats LEFT JOIN mode_titles ON mode_titles.channel = chats.channel
                                              AND mode_titles.chat = chats.chat
               WHERE chats.channel = ? AND chats.chat = ? AND chats.grid IS NOT NULL""",
            *chat,
        )
        return _group(row) if row else None

    async def count_groups(self, grid: str) -> int:
        row = await self._db.one(
            f"{_BELOW} SELECT count(*) FROM below JOIN chats ON chats.grid = below.code AND chats.unreachable IS NULL",
            grid,
        )
        return int(row[0]) if row else 0

    async def keep(self, groups: Iterable[Group]) -> None:
        """What was carried out in these groups."""
        await self._db.run_many(
            """INSERT INTO mode_titles (channel, chat, mode, was, given, put_back, why) VALUES (?, ?, ?, ?, ?, ?, ?)
               ON CONFLICT (channel, chat) DO UPDATE SET mode = excluded.mode, was = excluded.was,
               given = excluded.given, put_back = excluded.put_back, why = excluded.why""",
            [
                (*g.chat, g.change, n.was, json.dumps(n.given, ensure_ascii=False), int(n.put_back), n.why)
                for g in groups
                if (n := g.naming)
            ],
        )

    async def not_named(self, number: int, limit: int) -> list[tuple[str, str]]:
        """The names of the groups that are not called as they should be after this change, each with the reason."""
        rows = await self._db.all(
            """SELECT chats.title, mode_titles.why FROM mode_titles
               JOIN chats ON chats.channel = mode_titles.channel AND chats.chat = mode_titles.chat
               WHERE mode_titles.mode = ? AND mode_titles.why <> ''
               ORDER BY mode_titles.channel, mode_titles.chat LIMIT ?""",
            number,
            limit,
        )
        return [(row["title"], row["why"]) for row in rows]

    # -- the night -------------------------------------------------------------------------------------------------

    async def told_in(self, chats: Sequence[ChatId]) -> dict[ChatId, set[str]]:
        """The grids that each of these chats is about: a group's own, and those that somebody answers for."""
        if not chats:
            return {}
        names = sorted({chat.chat for chat in chats})
        rows = await self._db.all(
            f"""SELECT channel, chat, grid FROM chats WHERE grid IS NOT NULL AND chat IN ({marks(names)})
                UNION ALL
                SELECT accounts.channel, accounts.private_chat, appointments.grid FROM accounts
                JOIN appointments ON appointments.person = accounts.person AND appointments.role <> 'resident'
                WHERE accounts.private_chat IN ({marks(names)})""",
            *names,
            *names,
        )
        about: dict[ChatId, set[str]] = {chat: set() for chat in chats}
        for row in rows:
            about.get(ChatId(row["channel"], row["chat"]), set()).add(row["grid"])
        return about


def _change(row: Row) -> Change:
    return Change(
        grid=row["grid"],
        mode=row["mode"],
        since=moment(row["since"]),
        by=Who(row["author"], row["author_name"]),
        alert=row["alert"],
        ended_at=maybe_moment(row["ended_at"]),
        ended_by=_who(row["ended_by"], row["ender_name"]),
        after=(row["after_channel"], row["after_group"]),
        due_at=maybe_moment(row["due_at"]),
        id=row["id"],
        version=row["version"],
    )


def _who(person: PersonId | None, name: str | None) -> Who | None:
    return Who(person, name or "") if person is not None else None


def _group(row: Row) -> Group:
    naming = None
    if row["was"] is not None:
        naming = Naming(row["was"], tuple(json.loads(row["given"])), bool(row["put_back"]), row["why"])
    return Group(ChatId(row["channel"], row["chat"]), row["title"], row["grid"], row["mode"], naming)
