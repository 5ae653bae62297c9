"""What should not be: promises past their time, messages that stay where they are. Looked for by queries of its own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.database import Database, Row, moment, stamp
from storage.deadlines import TIMED

OVERDUE = timedelta(minutes=1)
"""As long after its time a deadline may be handled: the clock looks every second, a long queue takes seconds."""

UNHEARD = timedelta(minutes=2)
"""As long a message may wait to be handled: hundreds are handled in a second."""

UNSENT = timedelta(minutes=15)
"""As long a message may wait to be sent: 10,000 before it take six minutes at Telegram's pace."""

UNENDED = timedelta(minutes=10)
"""As long a delivery may be under way: a call ends within two minutes, and a long message is a few calls."""

UNARMED = "due_at IS NULL AND state IN ('reported', 'reopened', 'acknowledged')"
"""An open case that no clock runs for; as the index in the schema says it."""


@dataclass(frozen=True)
class Finding:
    """`what` is wrong at which `place`: a table's subject, a channel, or a number; how often, and since when."""

    what: str
    place: str
    count: int
    since: datetime


class Audit:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def overdue(self, before: datetime) -> list[Finding]:
        """Deadlines of any table that passed, and nothing happened."""
        looks = " UNION ALL ".join(
            f"""SELECT 'overdue' AS what, '{subject}' AS place, count(*) AS count, min(due_at) AS since
                FROM {table} WHERE due_at IS NOT NULL AND due_at <= ?"""
            for subject, table in {**TIMED, "slowed": "inbox"}.items()
        )
        return _findings(await self._db.all(looks, *[stamp(before)] * (len(TIMED) + 1)))

    async def unarmed(self) -> list[Finding]:
        """Open cases that would never climb, because nothing is owed on them."""
        return _findings(
            await self._db.all(
                f"""SELECT 'unarmed' AS what, 'case' AS place, count(*) AS count, min(reported_at) AS since
                    FROM cases WHERE {UNARMED}"""
            )
        )

    async def arm(self, now: datetime) -> None:
        """Their clock runs out now, and they go on from there."""
        await self._db.run(f"UPDATE cases SET due_at = ?, version = version + 1 WHERE {UNARMED}", stamp(now))

    async def unheard(self, before: datetime) -> list[Finding]:
        """What came in and is not handled, though nothing holds it back."""
        return _findings(
            await self._db.all(
                """SELECT 'unheard' AS what, channel AS place, count(*) AS count, min(received_at) AS since FROM inbox
                   WHERE state = 'waiting' AND due_at IS NULL AND received_at <= ? GROUP BY channel""",
                stamp(before),
            )
        )

    async def aside(self) -> list[Finding]:
        """What could not be handled; the newest names it, so that one more is news."""
        return _findings(
            await self._db.all(
                """SELECT 'aside' AS what, CAST(max(seq) AS TEXT) AS place, count(*) AS count,
                          min(received_at) AS since FROM inbox WHERE state = 'aside'"""
            )
        )

    async def unsent(self, before: datetime) -> list[Finding]:
        """What waits to be said, though its chat can be reached and the night does not hold it."""
        return _findings(
            await self._db.all(
                """SELECT 'unsent' AS what, outbox.channel AS place, count(*) AS count, min(queued_at) AS since
                   FROM outbox LEFT JOIN chats ON chats.channel = outbox.channel AND chats.chat = outbox.chat
                   WHERE outbox.state = 'queued' AND outbox.due_at IS NULL AND queued_at <= ?
                   AND chats.unreachable IS NULL GROUP BY outbox.channel""",
                stamp(before),
            )
        )

    async def unended(self, before: datetime) -> list[Finding]:
        """Deliveries that are under way for longer than any can be."""
        return _findings(
            await self._db.all(
                """SELECT 'unended' AS what, channel AS place, count(*) AS count,
                          min(coalesce(began_at, queued_at)) AS since
                   FROM outbox WHERE state = 'sending' AND coalesce(began_at, queued_at) <= ? GROUP BY channel""",
                stamp(before),
            )
        )

    async def remember(self, findings: Sequence[Finding], now: datetime) -> list[Finding]:
        """Those that were not known yet; what is right again is forgotten, and is news when it comes back."""
        known = {(row["what"], row["place"]) for row in await self._db.all("SELECT what, place FROM findings")}
        now_found = {(one.what, one.place) for one in findings}
        for what, place in known - now_found:
            await self._db.run("DELETE FROM findings WHERE what = ? AND place = ?", what, place)
        new = [one for one in findings if (one.what, one.place) not in known]
        for one in new:
            await self._db.run(
                "INSERT INTO findings (what, place, found_at) VALUES (?, ?, ?)", one.what, one.place, stamp(now)
            )
        return new

    async def heard(self, channel: str, at: datetime) -> datetime | None:
        """This service was heard then; when it was before."""
        before = await self._db.one("SELECT at FROM heard WHERE channel = ?", channel)
        await self._db.run(
            """INSERT INTO heard (channel, at) VALUES (?, ?)
               ON CONFLICT (channel) DO UPDATE SET at = excluded.at""",
            channel,
            stamp(at),
        )
        return moment(before["at"]) if before else None

    async def figures(self) -> list[tuple[str, dict[str, str], int]]:
        """How much lies where: a name, what it is counted by, and the count. Nothing that is over is counted."""
        inbox = await self._db.all(
            """SELECT 'waiting' AS state, count(*) AS count FROM inbox WHERE state = 'waiting' AND due_at IS NULL
               UNION ALL SELECT 'slowed', count(*) FROM inbox WHERE due_at IS NOT NULL
               UNION ALL SELECT 'aside', count(*) FROM inbox WHERE state = 'aside'"""
        )
        outbox = await self._db.all(
            """SELECT state, promise, count(*) AS count FROM outbox WHERE state IN ('queued', 'sending')
               GROUP BY state, promise
               UNION ALL SELECT state, promise, count(*) FROM outbox WHERE state IN ('doubt', 'dead')
               GROUP BY state, promise"""
        )
        cases = await self._db.all("SELECT state, count(*) AS count FROM cases WHERE due_at IS NOT NULL GROUP BY state")
        return [
            *(("inbox", {"state": row["state"]}, row["count"]) for row in inbox),
            *(("outbox", {"state": row["state"], "promise": row["promise"]}, row["count"]) for row in outbox),
            *(("open_cases", {"state": row["state"]}, row["count"]) for row in cases),
        ]


def _findings(rows: Iterable[Row]) -> list[Finding]:
    return [Finding(row["what"], row["place"], row["count"], moment(row["since"])) for row in rows if row["count"]]
