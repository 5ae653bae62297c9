"""Everything the village remembers, one name a table or group of tables that belong together."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from domain.chat import Incoming
from storage.areas import Areas
from storage.audit import Audit
from storage.broadcasts import Broadcasts
from storage.calls import Calls
from storage.cases import Cases
from storage.chats import Chats
from storage.checkins import CheckIns
from storage.courses import Courses
from storage.database import Database
from storage.deadlines import Deadlines
from storage.deliveries import Deliveries
from storage.digests import Digests
from storage.drafts import Drafts
from storage.duty import Duty
from storage.enrolment import Enrolment
from storage.erasure import Erasure
from storage.files import Files
from storage.grids import Grids
from storage.inbox import Inbox
from storage.mailbox import Mailboxes
from storage.mediations import Mediations
from storage.modes import WorkModes
from storage.outbox import Outbox
from storage.overview import Overview
from storage.pages import Pages
from storage.passings import Passings
from storage.people import People
from storage.receipts import ReceiptBook
from storage.register import Register
from storage.roll_ups import RollUps
from storage.sameness import Sameness
from storage.schedules import Schedules
from storage.searches import Searches
from storage.sending import Sending
from storage.swaps import Swaps
from storage.sweep_counts import SweepCounts
from storage.sweep_doors import SweepDoors
from storage.sweeps import Sweeps
from storage.threads import Threads
from storage.webchat import WebChat


class Store:
    def __init__(self, db: Database) -> None:
        self.db = db
        self.grids = Grids(db)
        self.people = People(db)
        self.chats = Chats(db)
        self.enrolment = Enrolment(db)
        self.cases = Cases(db)
        self.searches = Searches(db)
        self.erasure = Erasure(db)
        self.courses = Courses(db)
        self.overview = Overview(db)
        self.mediations = Mediations(db)
        self.calls = Calls(db)
        self.mailboxes = Mailboxes(db)
        self.sameness = Sameness(db)
        self.broadcasts = Broadcasts(db)
        self.receipts = ReceiptBook(db)
        self.roll_ups = RollUps(db)
        self.areas = Areas(db)
        self.passings = Passings(db)
        self.schedules = Schedules(db)
        self.duty = Duty(db)
        self.swaps = Swaps(db)
        self.pages = Pages(db)
        self.modes = WorkModes(db)
        self.checkins = CheckIns(db)
        self.digests = Digests(db)
        self.sweeps = Sweeps(db)
        self.sweep_doors = SweepDoors(db)
        self.sweep_counts = SweepCounts(db)
        self.threads = Threads(db)
        self.deadlines = Deadlines(db)
        self.drafts = Drafts(db)
        self.inbox = Inbox(db)
        self.outbox = Outbox(db)
        self.sending = Sending(db)
        self.deliveries = Deliveries(db)
        self.audit = Audit(db)
        self.files = Files(db)
        self.register = Register(db)
        self.webchat = WebChat(db)

    @classmethod
    async def open(cls, path: str | Path) -> "Store":
        return cls(await Database.open(path))

    async def close(self) -> None:
        await self.db.close()

    async def look_ahead(self, batch: Sequence[Incoming]) -> None:
        """What nearly every message asks for first, read for a whole batch at once."""
        chats = await self.chats.look_up(one.chat for one in batch)
        await self.grids.look_up(chat.grid for chat in chats if chat.grid)
        speakers = [(one.chat, one.sender.account) for one in batch if one.sender]
        await self.people.look_up(account for _chat, account in speakers)
        await self.threads.look_up(speakers)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        """All of it or none of it: the state, and what was promised to be said of it."""
        async with self.db.transaction():
            try:
                yield
                await self.outbox.write()
            finally:
                self.outbox.forget_unwritten()

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """A part of the transaction that can fail alone: what was promised before it does not fail with it."""
        await self.outbox.write()
        async with self.db.savepoint():
            yield
