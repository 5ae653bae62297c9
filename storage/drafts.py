"""Open forms: whose next words in which chat answer what. A row, so that a restart forgets no question."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.chat import AccountId, ChatId
from storage.database import Database, marks, stamp


@dataclass(frozen=True)
class Draft:
    form: str
    about: str


class Drafts:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def open(self, chat: ChatId, account: AccountId, form: str, about: str, until: datetime) -> None:
        """Ask one thing at a time: a new question takes the place of the old one."""
        await self._db.run(
            """INSERT INTO drafts (channel, chat, account, form, about, expires_at) VALUES (?, ?, ?, ?, ?, ?)
               ON CONFLICT (channel, chat, account)
               DO UPDATE SET form = excluded.form, about = excluded.about, expires_at = excluded.expires_at""",
            *chat,
            account.account,
            form,
            about,
            stamp(until),
        )

    async def get(self, chat: ChatId, account: AccountId, now: datetime) -> Draft | None:
        row = await self._db.one(
            "SELECT form, about FROM drafts WHERE channel = ? AND chat = ? AND account = ? AND expires_at > ?",
            *chat,
            account.account,
            stamp(now),
        )
        return Draft(row["form"], row["about"]) if row else None

    async def forget(self, now: datetime) -> None:
        """What nobody answered in time is not kept."""
        await self._db.run("DELETE FROM drafts WHERE expires_at <= ?", stamp(now))

    async def close(self, chat: ChatId, account: AccountId) -> None:
        await self._db.run("DELETE FROM drafts WHERE channel = ? AND chat = ? AND account = ?", *chat, account.account)

    async def call_off(self, form: str, about: str) -> None:
        """Whoever was asked just this need not answer any more."""
        await self._db.run("DELETE FROM drafts WHERE form = ? AND about = ?", form, about)

    async def drop(self, forms: Sequence[str], number: int) -> None:
        """Nobody is asked these things about this case any more."""
        await self._db.run(
            f"DELETE FROM drafts WHERE form IN ({marks(forms)}) AND (about = ? OR about LIKE ?)",
            *forms,
            str(number),
            f"{number}:%",
        )
