"""Everything the village remembers, one name a table or group of tables that belong together."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from pathlib import Path

from domain.chat import Due
from storage.cases import Cases
from storage.chats import Chats
from storage.database import Database
from storage.drafts import Drafts
from storage.enrolment import Enrolment
from storage.grids import Grids
from storage.inbox import Inbox
from storage.outbox import Outbox
from storage.people import People
from storage.register import Register
from storage.webchat import WebChat


class Store:
    def __init__(self, db: Database) -> None:
        self.db = db
        self.grids = Grids(db)
        self.people = People(db)
        self.chats = Chats(db)
        self.enrolment = Enrolment(db)
        self.cases = Cases(db)
        self.drafts = Drafts(db)
        self.inbox = Inbox(db)
        self.outbox = Outbox(db)
        self.register = Register(db)
        self.webchat = WebChat(db)

    @classmethod
    async def open(cls, path: str | Path) -> "Store":
        return cls(await Database.open(path))

    async def close(self) -> None:
        await self.db.close()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        """All of it or none of it: the state, and what was promised to be said of it."""
        async with self.db.transaction():
            try:
                yield
                await self.outbox.write()
            finally:
                self.outbox.forget_unwritten()

    def savepoint(self) -> AbstractAsyncContextManager[None]:
        return self.db.savepoint()

    async def due(self, now: datetime, limit: int) -> list[Due]:
        """All deadlines that passed, of whatever table: the clock asks here and nowhere else."""
        return await self.cases.due(now, limit)

    async def postpone(self, due: Due, until: datetime) -> None:
        await self.cases.postpone(due.id, until)
