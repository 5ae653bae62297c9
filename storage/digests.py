"""晨报, 晚报: whose turn it is, who does without, and what there is to tell each, asked for a whole page at once."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from domain.case import OPEN, WAITING, State
from domain.chat import ChatId
from domain.digest import Digest, Round, Told
from domain.people import PersonId, Role
from storage.database import Database, marks, maybe_stamp, moment, stamp, wanted

_OPEN, _WAITING = (", ".join(f"'{state.value}'" for state in sorted(states)) for states in (OPEN, WAITING))
_SETTLED = f"'{State.RESOLVED.value}', '{State.CLOSED.value}'"

_LATE = f"""(cases.state IN ({_OPEN}) AND (cases.stalled = 1 OR cases.reminded > 0 OR EXISTS (
    SELECT 1 FROM case_log WHERE case_log.case_id = cases.id AND case_log.event = 'climbed')))"""
"""A promise lapsed on it, and it is still not put right."""

_UP = """
up (id, code, depth) AS (
    SELECT id, origin, 0 FROM told
    UNION ALL
    SELECT up.id, grids.parent, up.depth + 1 FROM up JOIN grids ON grids.code = up.code
    WHERE grids.parent IS NOT NULL AND up.depth < 50
)
"""


@dataclass(frozen=True)
class Reader:
    """Somebody who leads these grids and can be told in private."""

    person: PersonId
    chats: tuple[ChatId, ...]
    grids: tuple[str, ...]


class Digests:
    def __init__(self, db: Database) -> None:
        self._db = db

    # -- whose turn it is ------------------------------------------------------------------------------------------

    async def expect(self, digest: Digest, now: datetime, at: datetime | None) -> None:
        """It comes next then, or never; one that is due already has its turn first."""
        await self._db.run(
            """INSERT INTO digests (digest, due_at) VALUES (?, ?)
               ON CONFLICT (digest) DO UPDATE SET due_at = excluded.due_at
               WHERE digests.due_at IS NULL OR digests.due_at > ?""",
            digest.value,
            maybe_stamp(at),
            stamp(now),
        )

    async def round(self, number: int) -> Round | None:
        row = await self._db.one("SELECT * FROM digests WHERE id = ? AND due_at IS NOT NULL", number)
        if row is None:
            return None
        return Round(row["id"], Digest(row["digest"]), moment(row["slot"] or row["due_at"]), row["after"])

    async def go_on(self, of: Round, after: PersonId, now: datetime) -> None:
        """The next page, as soon as others had their turn."""
        await self._db.run(
            "UPDATE digests SET slot = ?, after = ?, due_at = ? WHERE id = ?", stamp(of.slot), after, stamp(now), of.id
        )

    async def over(self, of: Round, again: datetime | None) -> None:
        await self._db.run(
            "UPDATE digests SET slot = NULL, after = 0, due_at = ? WHERE id = ?", maybe_stamp(again), of.id
        )

    # -- who reads it ------------------------------------------------------------------------------------------------

    async def decline(self, digest: Digest, person: PersonId) -> None:
        await self._db.run(
            "INSERT INTO digests_declined (digest, person) VALUES (?, ?) ON CONFLICT DO NOTHING", digest.value, person
        )

    async def take_again(self, digest: Digest, person: PersonId) -> None:
        await self._db.run("DELETE FROM digests_declined WHERE digest = ? AND person = ?", digest.value, person)

    async def page(self, digest: Digest, roles: Collection[Role], after: PersonId, size: int) -> list[Reader]:
        """The next who hold one of these roles, have a private chat and did not decline; of several chats the one used
        last comes first."""
        held = sorted(role.value for role in roles)
        rows = await self._db.all(
            f"""WITH page (person) AS (
                    SELECT DISTINCT appointments.person FROM appointments
                    JOIN accounts ON accounts.person = appointments.person AND accounts.private_chat IS NOT NULL
                    WHERE appointments.person > ? AND appointments.role IN ({marks(held)}) AND NOT EXISTS (
                        SELECT 1 FROM digests_declined AS declined
                        WHERE declined.person = appointments.person AND declined.digest = ?)
                    ORDER BY appointments.person LIMIT ?
                )
                SELECT page.person, appointments.grid, accounts.channel, accounts.private_chat FROM page
                JOIN appointments ON appointments.person = page.person AND appointments.role IN ({marks(held)})
                JOIN accounts ON accounts.person = page.person AND accounts.private_chat IS NOT NULL
                ORDER BY page.person, coalesce(accounts.used_at, '') DESC, appointments.grid, accounts.channel,
                         accounts.account""",
            after,
            *held,
            digest.value,
            size,
            *held,
        )
        chats: defaultdict[PersonId, dict[ChatId, None]] = defaultdict(dict)
        grids: defaultdict[PersonId, dict[str, None]] = defaultdict(dict)
        for row in rows:
            chats[row["person"]][ChatId(row["channel"], row["private_chat"])] = None
            grids[row["person"]][row["grid"]] = None
        return [Reader(person, tuple(chats[person]), tuple(grids[person])) for person in chats]

    # -- what there is to tell ---------------------------------------------------------------------------------------

    async def told(self, grids: Iterable[str], since: datetime) -> dict[str, list[Told]]:
        """What was reported since then at each of these grids or below it, and what is late there, the older first.
        What many reported of one thing is one."""
        codes = sorted(set(grids))
        rows = await self._db.all(
            f"""WITH RECURSIVE told (id, origin) AS (
                    SELECT id, origin FROM cases WHERE due_at IS NOT NULL AND {_LATE}
                    UNION
                    SELECT id, origin FROM cases WHERE reported_at >= ?
                    AND state NOT IN ('cancelled', 'merged')
                ), {_UP}
                SELECT up.code, cases.id, cases.kind, cases.reported_at, cases.state IN ({_WAITING}) AS waiting,
                       cases.state IN ({_SETTLED}) AS settled, {_LATE} AS late
                FROM up JOIN cases ON cases.id = up.id WHERE up.code IN ({marks(codes)}) ORDER BY cases.id""",
            stamp(since),
            *codes,
        )
        found: defaultdict[str, list[Told]] = defaultdict(list)
        for row in rows:
            found[row["code"]].append(
                Told(
                    row["id"],
                    row["kind"],
                    moment(row["reported_at"]),
                    bool(row["waiting"]),
                    bool(row["settled"]),
                    bool(row["late"]),
                )
            )
        return found

    async def shown(self, chats: Sequence[ChatId], cases: Iterable[int]) -> Mapping[ChatId, set[int]]:
        """Of which of these cases a card stands in which of these chats: they know of those."""
        names = {f"case:{number}": number for number in cases}
        found: defaultdict[ChatId, set[int]] = defaultdict(set)
        if not names or not chats:
            return found
        rows = await self._db.all(
            f"""{wanted("channel, chat", chats)}
                SELECT cards.channel, cards.chat, cards.card FROM wanted CROSS JOIN cards
                WHERE cards.channel = wanted.channel AND cards.chat = wanted.chat
                AND cards.card IN ({marks(list(names))})""",
            *chain.from_iterable(chats),
            *names,
        )
        for row in rows:
            found[ChatId(row["channel"], row["chat"])].add(names[row["card"]])
        return found

    async def ways(self, grids: Iterable[str]) -> dict[str, set[str]]:
        """For each of these grids, itself and all above it."""
        codes = sorted(set(grids))
        rows = await self._db.all(
            f"""WITH RECURSIVE told (id, origin) AS (SELECT code, code FROM grids WHERE code IN ({marks(codes)})), {_UP}
                SELECT id, code FROM up""",
            *codes,
        )
        found: defaultdict[str, set[str]] = defaultdict(set)
        for row in rows:
            found[row["id"]].add(row["code"])
        return found
