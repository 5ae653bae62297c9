"""How people come in: one-time invitations, the squad's QR poster, and those who knock."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from domain.chat import AccountId, ChatId
from domain.people import PersonId, Role
from storage.database import Database, moment, stamp


@dataclass(frozen=True)
class Invitation:
    role: Role
    grid: str
    expires_at: datetime
    used: bool
    person: PersonId | None = None
    """Whose own second account it is for."""


@dataclass(frozen=True)
class Claim:
    """Whoever speaks from this account says that they are `person`."""

    id: int
    account: AccountId
    chat: ChatId
    claimant: PersonId
    person: PersonId
    claimed_at: datetime
    answer: str | None


@dataclass(frozen=True)
class Knock:
    id: int
    grid: str
    account: AccountId
    chat: ChatId
    name: str
    door: str
    answer: str | None


class Enrolment:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def invite(
        self, code: str, role: Role, grid: str, expires_at: datetime, person: PersonId | None = None
    ) -> None:
        await self._db.run(
            "INSERT INTO invitations (code_hash, role, grid, expires_at, person) VALUES (?, ?, ?, ?, ?)",
            _hash(code),
            role.value,
            grid,
            stamp(expires_at),
            person,
        )

    async def invitation(self, code: str) -> Invitation | None:
        row = await self._db.one("SELECT * FROM invitations WHERE code_hash = ?", _hash(code))
        if row is None:
            return None
        used = row["used_by"] is not None
        return Invitation(Role(row["role"]), row["grid"], moment(row["expires_at"]), used, row["person"])

    async def use(self, code: str, by: PersonId, now: datetime) -> None:
        await self._db.run(
            "UPDATE invitations SET used_by = ?, used_at = ? WHERE code_hash = ?", by, stamp(now), _hash(code)
        )

    async def hang_poster(self, grid: str, code: str) -> str:
        """The poster's code of this grid: the one that hangs already, or this new one."""
        await self._db.run("INSERT INTO posters (code, grid) VALUES (?, ?) ON CONFLICT DO NOTHING", code, grid)
        row = await self._db.one("SELECT code FROM posters WHERE grid = ?", grid)
        assert row  # noqa: S101
        return str(row["code"])

    async def poster_grid(self, code: str) -> str | None:
        row = await self._db.one("SELECT grid FROM posters WHERE code = ?", code)
        return row["grid"] if row else None

    async def knock(self, grid: str, account: AccountId, chat: ChatId, name: str, door: str, now: datetime) -> int:
        """The knock's number; somebody who knocks again before an answer keeps the first."""
        waiting = await self._db.one(
            "SELECT id FROM knocks WHERE grid = ? AND channel = ? AND account = ? AND answer IS NULL",
            grid,
            *account,
        )
        if waiting:
            await self._db.run("UPDATE knocks SET name = ?, door = ? WHERE id = ?", name, door, waiting["id"])
            return int(waiting["id"])
        row = await self._db.one(
            """INSERT INTO knocks (grid, channel, account, chat, name, door, knocked_at)
               VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id""",
            grid,
            *account,
            chat.chat,
            name,
            door,
            stamp(now),
        )
        assert row  # noqa: S101
        return int(row["id"])

    async def knocked(self, number: int) -> Knock | None:
        row = await self._db.one("SELECT * FROM knocks WHERE id = ?", number)
        if row is None:
            return None
        account = AccountId(row["channel"], row["account"])
        chat = ChatId(row["channel"], row["chat"])
        return Knock(row["id"], row["grid"], account, chat, row["name"], row["door"], row["answer"])

    async def answer_knock(self, number: int, answer: str) -> None:
        await self._db.run("UPDATE knocks SET answer = ? WHERE id = ?", answer, number)

    # -- one person, two accounts --------------------------------------------------------------------------------

    async def claim(self, account: AccountId, chat: ChatId, claimant: PersonId, person: PersonId, now: datetime) -> int:
        row = await self._db.one(
            """INSERT INTO claims (channel, account, chat, claimant, person, claimed_at)
               VALUES (?, ?, ?, ?, ?, ?) RETURNING id""",
            *account,
            chat.chat,
            claimant,
            person,
            stamp(now),
        )
        assert row  # noqa: S101
        return int(row["id"])

    async def claims_since(self, account: AccountId, since: datetime) -> int:
        row = await self._db.one(
            "SELECT count(*) FROM claims WHERE channel = ? AND account = ? AND claimed_at > ?", *account, stamp(since)
        )
        return int(row[0]) if row else 0

    async def claimed(self, number: int) -> Claim | None:
        row = await self._db.one("SELECT * FROM claims WHERE id = ?", number)
        if row is None:
            return None
        account = AccountId(row["channel"], row["account"])
        chat, at = ChatId(row["channel"], row["chat"]), moment(row["claimed_at"])
        return Claim(row["id"], account, chat, row["claimant"], row["person"], at, row["answer"])

    async def answer_claim(self, number: int, answer: str) -> None:
        await self._db.run("UPDATE claims SET answer = ? WHERE id = ?", answer, number)


def _hash(code: str) -> str:
    return hashlib.sha256(code.strip().upper().encode()).hexdigest()
