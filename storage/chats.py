"""Where people talk: groups bound to a grid, and private conversations."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from domain.chat import ChatId, ChatKind
from storage.database import Database, Row, marks, wanted

_STANDS_IN = {
    "cards": "card",
    "search_chats": "search, ring",
    "broadcast_chats": "broadcast, grid",
    "mode_titles": "mode, was, given, put_back, why",
}
"""What tells that something stands in a chat, and the columns that go over to its new id."""


@dataclass(frozen=True)
class Chat:
    id: ChatId
    kind: ChatKind
    title: str
    grid: str | None
    unreachable: str | None


class Chats:
    def __init__(self, db: Database) -> None:
        self._db = db
        self._chats: dict[ChatId, Chat | None] = db.known("chats")

    async def get(self, chat: ChatId) -> Chat | None:
        if chat not in self._chats:
            await self.look_up([chat])
        return self._chats[chat]

    async def look_up(self, chats: Iterable[ChatId]) -> list[Chat]:
        """All these at once, those that are known; asked for one by one, they need no second look."""
        asked = sorted(set(chats))
        if not asked:
            return []
        rows = await self._db.all(
            f"""{wanted("channel, chat", asked)} SELECT chats.* FROM wanted CROSS JOIN chats
                WHERE chats.channel = wanted.channel AND chats.chat = wanted.chat""",
            *chain.from_iterable(asked),
        )
        found = [_chat(row) for row in rows]
        self._chats |= dict.fromkeys(asked) | {chat.id: chat for chat in found}
        return found

    async def meet(self, chat: ChatId, kind: ChatKind, title: str) -> Chat:
        """The chat as stored; a new one, or a new title, is remembered. Whoever speaks here can be reached here."""
        known = await self.get(chat)
        if known and known.title == title and known.unreachable is None:
            return known
        row = await self._db.one(
            """INSERT INTO chats (channel, chat, kind, title) VALUES (?, ?, ?, ?)
               ON CONFLICT (channel, chat) DO UPDATE SET title = excluded.title, unreachable = NULL RETURNING *""",
            *chat,
            kind.value,
            title,
        )
        assert row  # noqa: S101
        return _chat(row)

    async def of_grid(self, grid: str) -> list[ChatId]:
        """The groups bound to this grid, on every channel."""
        rows = await self._db.all("SELECT channel, chat FROM chats WHERE grid = ? ORDER BY channel, chat", grid)
        return [ChatId(row["channel"], row["chat"]) for row in rows]

    async def bound(self, channel: str) -> list[ChatId]:
        """The groups of this channel that belong to a grid and can be reached."""
        rows = await self._db.all(
            "SELECT chat FROM chats WHERE channel = ? AND grid IS NOT NULL AND unreachable IS NULL ORDER BY chat",
            channel,
        )
        return [ChatId(channel, row["chat"]) for row in rows]

    async def below(self, grids: Sequence[str]) -> list[ChatId]:
        """The groups of these grids and of all below them; the groups of closed grids have nobody to tell."""
        if not grids:
            return []
        rows = await self._db.all(
            f"""WITH RECURSIVE below (code) AS (
                    SELECT code FROM grids WHERE code IN ({marks(grids)})
                    UNION
                    SELECT grids.code FROM below JOIN grids ON grids.parent = below.code
                )
                SELECT DISTINCT chats.channel, chats.chat FROM below
                JOIN grids ON grids.code = below.code AND grids.closed_at IS NULL
                JOIN chats ON chats.grid = below.code ORDER BY chats.channel, chats.chat""",
            *grids,
        )
        return [ChatId(row["channel"], row["chat"]) for row in rows]

    async def bind(self, chat: ChatId, grid: str) -> None:
        await self._db.run("UPDATE chats SET grid = ? WHERE channel = ? AND chat = ?", grid, *chat)

    async def entitle(self, chat: ChatId, title: str) -> None:
        await self._db.run("UPDATE chats SET title = ? WHERE channel = ? AND chat = ?", title, *chat)

    async def hear_only(self, channel: str, titles: Mapping[str, str]) -> list[str]:
        """This channel's groups are those of these grids, by the grid's code, and hear only what is told to everybody.
        Those among them that are no grids' are returned."""
        await self._db.run("DELETE FROM hearing_groups WHERE channel = ?", channel)
        if not titles:
            return []
        rows = await self._db.all(f"SELECT code FROM grids WHERE code IN ({marks(list(titles))})", *titles)
        known = sorted(row["code"] for row in rows)
        await self._db.run_many(
            """INSERT INTO chats (channel, chat, kind, title) VALUES (?, ?, ?, ?)
               ON CONFLICT (channel, chat) DO UPDATE SET title = excluded.title, unreachable = NULL""",
            [(channel, code, ChatKind.GROUP.value, titles[code]) for code in known],
        )
        await self._db.run_many(
            "INSERT INTO hearing_groups (channel, chat, grid) VALUES (?, ?, ?)",
            [(channel, code, code) for code in known],
        )
        return sorted(titles.keys() - set(known))

    async def unreachable(self, chat: ChatId, why: str) -> None:
        await self._db.run("UPDATE chats SET unreachable = ? WHERE channel = ? AND chat = ?", why, *chat)

    async def all_unreachable(self) -> list[Chat]:
        rows = await self._db.all("SELECT * FROM chats WHERE unreachable IS NOT NULL ORDER BY channel, chat")
        return [_chat(row) for row in rows]

    async def rekey(self, old: ChatId, new: str) -> None:
        """The service gave the chat a new id: one transaction, every row, and safe to do twice."""
        channel, chat = old
        await self._db.run(
            """INSERT INTO chats (channel, chat, kind, title, grid)
               SELECT channel, CAST(? AS TEXT), kind, title, grid FROM chats WHERE channel = ? AND chat = ?
               ON CONFLICT (channel, chat) DO UPDATE SET grid = coalesce(excluded.grid, chats.grid)""",
            new,
            channel,
            chat,
        )
        await self._db.run("UPDATE chats SET grid = NULL WHERE channel = ? AND chat = ?", channel, chat)
        # Message ids of the old group mean nothing in the new one, or mean another message: its cards are placed again
        # at their next change, and nothing is said in answer to what stands in the old one.
        for table, rest in _STANDS_IN.items():
            await self._db.run(
                f"""INSERT INTO {table} (channel, chat, {rest})
                    SELECT channel, CAST(? AS TEXT), {rest} FROM {table} WHERE channel = ? AND chat = ?
                    ON CONFLICT DO NOTHING""",
                new,
                channel,
                chat,
            )
        await self._answers_nothing(old)
        # Also what was delivered: whoever was told by the old name has to hear the all-clear by the new one.
        for table in ("outbox", "searchers"):
            await self._db.run(f"UPDATE {table} SET chat = ? WHERE channel = ? AND chat = ?", new, channel, chat)
        await self._db.run(
            """UPDATE cases SET reported_chat = ?, report_message = NULL
               WHERE reported_channel = ? AND reported_chat = ?""",
            new,
            channel,
            chat,
        )
        await self._db.run(
            "UPDATE loose SET chat = ?, message_id = NULL, album = NULL WHERE channel = ? AND chat = ?",
            new,
            channel,
            chat,
        )
        for table in ("case_messages", "drafts", *_STANDS_IN):
            await self._db.run(f"DELETE FROM {table} WHERE channel = ? AND chat = ?", channel, chat)

    async def _answers_nothing(self, chat: ChatId) -> None:
        """What still waits for this chat is said by itself: a number of the old group may be any message in the new."""
        waiting = await self._db.all(
            "SELECT id, body FROM outbox WHERE channel = ? AND chat = ? AND state IN ('queued', 'sending')", *chat
        )
        bodies = [(row["id"], json.loads(row["body"])) for row in waiting]
        answers = [
            (json.dumps(body | {"reply_to": None}, ensure_ascii=False), n) for n, body in bodies if body["reply_to"]
        ]
        if answers:
            await self._db.run_many("UPDATE outbox SET body = ? WHERE id = ?", answers)


def _chat(row: Row) -> Chat:
    return Chat(
        ChatId(row["channel"], row["chat"]),
        ChatKind(row["kind"]),
        row["title"],
        row["grid"],
        row["unreachable"],
    )
