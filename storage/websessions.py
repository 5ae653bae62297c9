"""Who is signed in at the web chat: a phone's browser that was let in stays in."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from storage.database import Database, moment, stamp


@dataclass(frozen=True)
class Session:
    account: str
    name: str
    expires_at: datetime


class WebSessions:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def open(self, token: str, account: str, name: str, expires_at: datetime) -> None:
        await self._db.run(
            "INSERT INTO web_sessions (token_hash, account, name, expires_at) VALUES (?, ?, ?, ?)",
            _hash(token),
            account,
            name,
            stamp(expires_at),
        )

    async def get(self, token: str, now: datetime) -> Session | None:
        """Whose token this is, by the name that the register knows them by."""
        row = await self._db.one(
            """SELECT web_sessions.account, coalesce(people.name, web_sessions.name) AS name, expires_at
               FROM web_sessions
               LEFT JOIN accounts ON accounts.channel = 'web' AND accounts.account = web_sessions.account
               LEFT JOIN people ON people.id = accounts.person
               WHERE token_hash = ? AND expires_at > ?""",
            _hash(token),
            stamp(now),
        )
        return Session(row["account"], row["name"], moment(row["expires_at"])) if row else None

    async def prolong(self, token: str, expires_at: datetime) -> None:
        await self._db.run(
            "UPDATE web_sessions SET expires_at = ? WHERE token_hash = ?", stamp(expires_at), _hash(token)
        )

    async def close(self, token: str) -> None:
        await self._db.run("DELETE FROM web_sessions WHERE token_hash = ?", _hash(token))

    async def forget(self, now: datetime) -> None:
        await self._db.run("DELETE FROM web_sessions WHERE expires_at < ?", stamp(now))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
