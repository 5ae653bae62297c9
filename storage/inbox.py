"""What came in, kept before the service is told that it came: nothing is handled twice, nothing is lost."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.database import Database, marks, moment, stamp

TRIES = 3
"""After this many failures an update is set aside, and those behind it go on (delivery promise)."""


@dataclass(frozen=True)
class Arrival:
    """A raw update as its channel delivered it; `payload` is the channel's own JSON."""

    channel: str
    update_id: str
    payload: str
    seq: int = 0
    attempts: int = 0
    slowed: bool = False


@dataclass(frozen=True)
class Aside:
    """What could not be handled; its words are nobody's business here."""

    seq: int
    channel: str
    received_at: datetime


class Inbox:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def store(self, arrivals: Iterable[Arrival], now: datetime) -> None:
        """Keep them; one that came before is not kept again."""
        await self._db.run_many(
            """INSERT INTO inbox (channel, update_id, payload, received_at) VALUES (?, ?, ?, ?)
               ON CONFLICT DO NOTHING""",
            [(a.channel, a.update_id, a.payload, stamp(now)) for a in arrivals],
        )

    async def waiting(self, limit: int) -> list[Arrival]:
        rows = await self._db.all(
            """SELECT seq, channel, update_id, payload, attempts, slowed FROM inbox
               WHERE state = 'waiting' AND due_at IS NULL ORDER BY seq LIMIT ?""",
            limit,
        )
        return [
            Arrival(r["channel"], r["update_id"], r["payload"], r["seq"], r["attempts"], bool(r["slowed"]))
            for r in rows
        ]

    async def slow(self, arrival: Arrival, until: datetime) -> None:
        """It was said too fast; it waits, and is handled then like any other."""
        await self._db.run("UPDATE inbox SET due_at = ?, slowed = 1 WHERE seq = ?", stamp(until), arrival.seq)

    async def let_in(self, now: datetime) -> bool:
        """What waited long enough is to be handled; whether there is any."""
        waited = await self._db.all("UPDATE inbox SET due_at = NULL WHERE due_at <= ? RETURNING seq", stamp(now))
        return bool(waited)

    async def done(self, seqs: Sequence[int]) -> None:
        """Handled: the id is kept against repeats, the words are not."""
        await self._db.run(
            f"UPDATE inbox SET state = 'done', payload = '' WHERE seq IN ({marks(seqs)})",
            *seqs,
        )

    async def failed(self, arrival: Arrival) -> bool:
        """Count the failure; whether the update is now set aside."""
        aside = arrival.attempts + 1 >= TRIES
        await self._db.run(
            "UPDATE inbox SET attempts = attempts + 1, state = ? WHERE seq = ?",
            "aside" if aside else "waiting",
            arrival.seq,
        )
        return aside

    async def set_aside(self) -> list[Aside]:
        rows = await self._db.all("SELECT seq, channel, received_at FROM inbox WHERE state = 'aside' ORDER BY seq")
        return [Aside(row["seq"], row["channel"], moment(row["received_at"])) for row in rows]

    async def take_up(self, seq: int, *, done: bool) -> bool:
        """What was set aside is done with, or is to be handled once more; whether there was such a one."""
        taken = await self._db.all(
            """UPDATE inbox SET state = ?, attempts = 0, payload = CASE WHEN ? THEN '' ELSE payload END
               WHERE seq = ? AND state = 'aside' RETURNING seq""",
            "done" if done else "waiting",
            done,
            seq,
        )
        return bool(taken)

    async def aside(self) -> int:
        row = await self._db.one("SELECT count(*) FROM inbox WHERE state = 'aside'")
        return int(row[0]) if row else 0

    async def forget(self, before: datetime) -> None:
        """Ids of handled updates need to be known no longer than the service could repeat them."""
        await self._db.run("DELETE FROM inbox WHERE state = 'done' AND received_at < ?", stamp(before))
