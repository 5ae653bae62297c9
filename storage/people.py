"""People, their roles, and the accounts they speak from."""

from collections.abc import Iterable
from datetime import datetime
from itertools import chain

from domain.chat import AccountId, ChatId
from domain.people import Appointment, Person, PersonId, Role, Who
from storage.database import Database, Row, marks, stamp, wanted

_AWAITED = """
EXISTS (SELECT 1 FROM checkins WHERE checkins.person = people.id AND checkins.state IN ('asked', 'missed')) AS awaited
"""
"""Whether somebody waits for a sign of life; asked with who they are, since any word of theirs is one."""

_PERSON = f"""
SELECT people.id, people.name, appointments.role, appointments.grid, {_AWAITED}, 0 AS elsewhere
FROM people LEFT JOIN appointments ON appointments.person = people.id
"""

_OF_ACCOUNTS = f"""
SELECT accounts.channel, accounts.account, people.id, people.name, appointments.role, appointments.grid, {_AWAITED},
       EXISTS (SELECT 1 FROM accounts AS others WHERE others.person = accounts.person
               AND (others.channel, others.account) <> (accounts.channel, accounts.account)
               AND (accounts.used_at IS NULL OR others.used_at > accounts.used_at)) AS elsewhere
FROM wanted CROSS JOIN accounts JOIN people ON people.id = accounts.person
LEFT JOIN appointments ON appointments.person = people.id
WHERE accounts.channel = wanted.channel AND accounts.account = wanted.account
"""

_ACTS = (
    ("cases", "reporter"), ("cases", "responder"), ("searches", "reporter"), ("sightings", "person"),
    ("mediations", "other_person"), ("mediations", "other_invited"), ("schedules", "author"),
    ("receipts", "person"), ("rotas", "holder"), ("rota_members", "person"), ("duty_days", "person"),
    ("duty_absences", "person"), ("swaps", "asker"), ("swaps", "other"), ("pages", "person"),
    ("modes", "author"), ("modes", "ended_by"),
    ("checkins", "person"), ("checkins", "author"), ("checkins", "contact"),
    ("checkins", "goer"),
    ("sweeps", "author"), ("sweeps", "holder"), ("sweep_households", "person"),
    ("claims", "person"), ("invitations", "person"),
)  # fmt: skip
"""Where it stands who did something."""

_BELONGS_TO = (("mediation_helpers", "mediation"), ("digests_declined", "digest"))
"""Where it stands once who is one of several."""

_BELOW = """
WITH RECURSIVE below (code) AS (
    SELECT CAST(? AS TEXT)
    UNION ALL SELECT grids.code FROM below JOIN grids ON grids.parent = below.code
)
"""


class People:
    def __init__(self, db: Database) -> None:
        self._db = db
        self._by_account: dict[AccountId, Person | None] = db.known("accounts", "people", "appointments", "checkins")

    async def get(self, person: PersonId) -> Person | None:
        return _person(await self._db.all(f"{_PERSON} WHERE people.id = ?", person))

    async def by_account(self, account: AccountId) -> Person | None:
        if account not in self._by_account:
            await self.look_up([account])
        return self._by_account[account]

    async def look_up(self, accounts: Iterable[AccountId]) -> None:
        """Who is behind all these at once; asked for one by one, they are known."""
        asked = sorted(set(accounts))
        if not asked:
            return
        rows = await self._db.all(
            f"{wanted('channel, account', asked)} {_OF_ACCOUNTS}",
            *chain.from_iterable(asked),
        )
        by_account: dict[AccountId, list[Row]] = {account: [] for account in asked}
        for row in rows:
            by_account[AccountId(row["channel"], row["account"])].append(row)
        self._by_account |= {account: _person(of_account) for account, of_account in by_account.items()}

    async def meet(self, account: AccountId, name: str) -> Person:
        """The person behind an account; somebody new is remembered by the name the service gives."""
        known = await self.by_account(account)
        if known:
            return known
        person = await self.add(name)
        await self.bind(account, person)
        return Person(person, name)

    async def add(self, name: str, phone: str | None = None) -> PersonId:
        row = await self._db.one("INSERT INTO people (name, phone) VALUES (?, ?) RETURNING id", name, phone)
        assert row  # noqa: S101
        return int(row["id"])

    async def rename(self, person: PersonId, name: str) -> None:
        await self._db.run("UPDATE people SET name = ? WHERE id = ?", name, person)

    async def bind(self, account: AccountId, person: PersonId) -> None:
        await self._db.run(
            """INSERT INTO accounts (channel, account, person) VALUES (?, ?, ?)
               ON CONFLICT (channel, account) DO UPDATE SET person = excluded.person""",
            *account,
            person,
        )

    async def use(self, account: AccountId, now: datetime) -> None:
        """Of somebody's accounts it is this one that they use."""
        await self._db.run("UPDATE accounts SET used_at = ? WHERE channel = ? AND account = ?", stamp(now), *account)

    async def by_phone(self, phone: str) -> Person | None:
        return _person(await self._db.all(f"{_PERSON} WHERE people.phone = ?", phone))

    async def merge(self, met: PersonId, registered: PersonId) -> None:
        """Somebody met in a chat turns out to be a person of the register: what they did stays theirs."""
        for table, column in _ACTS:
            await self._db.run(f"UPDATE {table} SET {column} = ? WHERE {column} = ?", registered, met)
        for column, other in (("author", "approver"), ("approver", "author")):
            # Of what one of the two wrote and the other let out, both stay who they were.
            await self._db.run(
                f"""UPDATE broadcasts SET {column} = ? WHERE {column} = ? AND ({other} IS NULL OR {other} <> ?)""",
                registered,
                met,
                registered,
            )
        await self._db.run(
            """UPDATE searchers SET person = ? WHERE person = ?
               AND search NOT IN (SELECT search FROM searchers WHERE person = ?)""",
            registered,
            met,
            registered,
        )
        for table, key in _BELONGS_TO:
            await self._db.run(
                f"""INSERT INTO {table} ({key}, person)
                    SELECT {key}, CAST(? AS INTEGER) FROM {table} WHERE person = ? ON CONFLICT DO NOTHING""",
                registered,
                met,
            )
            await self._db.run(f"DELETE FROM {table} WHERE person = ?", met)
        await self._db.run(
            """UPDATE people SET household = (SELECT household FROM people WHERE id = ?)
               WHERE id = ? AND household IS NULL""",
            met,
            registered,
        )
        await self._db.run("UPDATE accounts SET person = ? WHERE person = ?", registered, met)
        await self._db.run(
            """INSERT INTO appointments (person, grid, role)
               SELECT CAST(? AS INTEGER), grid, role FROM appointments WHERE person = ?
               ON CONFLICT DO NOTHING""",
            registered,
            met,
        )
        await self._db.run("DELETE FROM appointments WHERE person = ?", met)

    async def open_private_chat(self, account: AccountId, chat: str) -> None:
        await self._db.run(
            """UPDATE accounts SET private_chat = ?
               WHERE channel = ? AND account = ? AND private_chat IS NOT ?""",
            chat,
            *account,
            chat,
        )

    async def close_private_chat(self, chat: ChatId) -> None:
        await self._db.run("UPDATE accounts SET private_chat = NULL WHERE channel = ? AND private_chat = ?", *chat)

    async def private_chat_of(self, account: AccountId) -> ChatId | None:
        row = await self._db.one(
            "SELECT private_chat FROM accounts WHERE channel = ? AND account = ? AND private_chat IS NOT NULL",
            *account,
        )
        return ChatId(account.channel, row["private_chat"]) if row else None

    async def private_chats(self, person: PersonId) -> list[ChatId]:
        """Where somebody is told something in private: in one chat, on the account they used last; none where they
        cannot be told."""
        return (await self.ways_to(person))[:1]

    async def ways_to(self, person: PersonId) -> list[ChatId]:
        """The private chats of all their accounts, the one used last first."""
        rows = await self._db.all(
            """SELECT channel, private_chat FROM accounts WHERE person = ? AND private_chat IS NOT NULL
               ORDER BY coalesce(used_at, '') DESC, channel, account""",
            person,
        )
        return [ChatId(row["channel"], row["private_chat"]) for row in rows]

    async def heard_as(self, accounts: Iterable[AccountId]) -> list[ChatId]:
        """The same of whoever is behind these accounts, each person once and by none of their other accounts."""
        asked = sorted(accounts)
        if not asked:
            return []
        rows = await self._db.all(
            f"""{wanted("channel, account", asked)}
                SELECT accounts.person, accounts.channel, accounts.private_chat FROM wanted CROSS JOIN accounts
                WHERE accounts.channel = wanted.channel AND accounts.account = wanted.account
                AND accounts.private_chat IS NOT NULL
                ORDER BY coalesce(accounts.used_at, ''), accounts.channel DESC, accounts.account DESC""",
            *chain.from_iterable(asked),
        )
        return list({row["person"]: ChatId(row["channel"], row["private_chat"]) for row in rows}.values())

    async def accounts(self, person: PersonId) -> list[AccountId]:
        rows = await self._db.all("SELECT channel, account FROM accounts WHERE person = ?", person)
        return [AccountId(row["channel"], row["account"]) for row in rows]

    async def alone_in(self, chats: Iterable[ChatId]) -> dict[ChatId, PersonId]:
        """Who listens in which of these chats, for those that are somebody's private one; a group is not among them."""
        asked = list(chats)
        rows = await self._db.all(
            f"""SELECT channel, private_chat, person FROM accounts
                WHERE private_chat IN ({marks(asked)}) ORDER BY channel, account""",
            *(chat.chat for chat in asked),
        )
        found = {ChatId(row["channel"], row["private_chat"]): int(row["person"]) for row in rows}
        return {chat: found[chat] for chat in asked if chat in found}

    async def appoint(self, person: PersonId, role: Role, grid: str) -> None:
        await self._db.run(
            "INSERT INTO appointments (person, grid, role) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            person,
            grid,
            role.value,
        )

    async def settle(self, person: PersonId, grid: str, door: str) -> None:
        """This person lives behind this door; a door nobody knew yet becomes a household."""
        await self._db.run("INSERT INTO households (grid, door) VALUES (?, ?) ON CONFLICT DO NOTHING", grid, door)
        await self._db.run(
            "UPDATE people SET household = (SELECT id FROM households WHERE grid = ? AND door = ?) WHERE id = ?",
            grid,
            door,
            person,
        )

    async def unbound(self, role: Role, grid: str) -> list[Person]:
        """Those of the register who hold this role here and have no account yet."""
        rows = await self._db.all(
            """SELECT people.id, people.name FROM people JOIN appointments ON appointments.person = people.id
               LEFT JOIN accounts ON accounts.person = people.id
               WHERE appointments.role = ? AND appointments.grid = ? AND accounts.account IS NULL
               ORDER BY people.id""",
            role.value,
            grid,
        )
        return [Person(row["id"], row["name"], (Appointment(role, grid),)) for row in rows]

    async def namesakes(self, name: str, role: Role, grid: str) -> list[Person]:
        """Those of this name who hold this role here and speak from an account."""
        rows = await self._db.all(
            """SELECT DISTINCT people.id, people.name FROM people
               JOIN appointments ON appointments.person = people.id JOIN accounts ON accounts.person = people.id
               WHERE people.name = ? AND appointments.role = ? AND appointments.grid = ? ORDER BY people.id""",
            name,
            role.value,
            grid,
        )
        return [Person(row["id"], row["name"]) for row in rows]

    async def named_below(self, name: str, grid: str) -> list[Person]:
        """Those with an account and a role other than resident, at this grid or below it, by their name."""
        rows = await self._db.all(
            f"""{_BELOW} SELECT DISTINCT people.id, people.name FROM people
               JOIN appointments ON appointments.person = people.id AND appointments.role <> 'resident'
               JOIN below ON below.code = appointments.grid
               JOIN accounts ON accounts.person = people.id
               WHERE people.name = ? ORDER BY people.id""",
            grid,
            name,
        )
        return [Person(row["id"], row["name"]) for row in rows]

    async def neighbours_named(self, name: str, grid: str) -> list[tuple[Who, str]]:
        """Everybody of this name at this grid or below it who can be asked in private, with the grid they belong to."""
        rows = await self._db.all(
            f"""{_BELOW} SELECT people.id, people.name, min(grids.name) AS grid_name FROM people
               JOIN appointments ON appointments.person = people.id
               JOIN below ON below.code = appointments.grid JOIN grids ON grids.code = below.code
               JOIN accounts ON accounts.person = people.id AND accounts.private_chat IS NOT NULL
               WHERE people.name = ? GROUP BY people.id, people.name ORDER BY people.id""",
            grid,
            name,
        )
        return [(Who(row["id"], row["name"]), row["grid_name"]) for row in rows]


def _person(rows: list[Row]) -> Person | None:
    if not rows:
        return None
    held = tuple(Appointment(Role(row["role"]), row["grid"]) for row in rows if row["role"])
    awaited, elsewhere = bool(rows[0]["awaited"]), bool(rows[0]["elsewhere"])
    return Person(rows[0]["id"], rows[0]["name"], held, awaited=awaited, elsewhere=elsewhere)
