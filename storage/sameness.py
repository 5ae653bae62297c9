"""Which cases a new report may be one with, who is asked about it, and what was shown of those made of many."""

from datetime import datetime
from functools import lru_cache

from domain.alike import Told
from domain.case import OPEN, Case, Rating
from domain.chat import ChatId, Location
from domain.facts import SEVERITIES
from domain.gathering import Picture, Voice
from domain.people import PersonId, Who
from storage.database import Database, Row, moment, stamp

MOST_NEAR = 20
"""The latest of those near; whoever reports is asked about one of them."""

REMEMBERED = 512
"""Reports that were compared a moment ago, over all neighbourhoods."""

_OPEN = ", ".join(f"'{state.value}'" for state in sorted(OPEN))

_SEVERITIES = [severity.value for severity in SEVERITIES]
"""The mildest first."""

_RANK = (
    "CASE cases.severity "
    + " ".join(f"WHEN '{severity}' THEN {rank}" for rank, severity in enumerate(_SEVERITIES))
    + " ELSE -1 END"
)

_HOUSEHOLD = """CASE WHEN people.household IS NOT NULL THEN 'door ' || people.household
     WHEN cases.reporter IS NOT NULL THEN 'person ' || cases.reporter ELSE 'report ' || cases.id END"""
"""Two of one door are one; of somebody whose door nobody knows, the person; of somebody nameless, the report."""

_FOLLOWERS = """
WITH RECURSIVE followers (id) AS (
    SELECT cases.id FROM cases WHERE cases.merged_into = ?
    UNION SELECT cases.id FROM followers JOIN cases ON cases.merged_into = followers.id
)
"""


class Sameness:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def near(self, case: Case, since: datetime) -> list[Told]:
        """Open cases of its kind in its vicinity, heard of since then: one look into an index made for it. Help that
        is wanted on another day is another errand, and an anonymous case is shown to nobody as a neighbour's."""
        rows = await self._db.all(
            f"""SELECT cases.id, cases.origin, cases.text, cases.place, cases.latitude, cases.longitude, cases.heard_at,
                       cases.responder, cases.gathered, grids.parent AS origin_parent,
                       (SELECT count(*) FROM cases AS others WHERE others.merged_into = cases.id) AS followers
                FROM cases LEFT JOIN grids ON grids.code = cases.origin
                WHERE cases.vicinity = ? AND cases.kind = ? AND cases.heard_at >= ? AND cases.id <> ?
                  AND cases.alone = 0 AND cases.anonymous = 0 AND cases.wanted_when = ? AND cases.vicinity <> ''
                  AND cases.state IN ({_OPEN})
                ORDER BY cases.heard_at DESC LIMIT ?""",
            case.vicinity,
            case.kind,
            stamp(since),
            case.id,
            case.facts.when,
            MOST_NEAR,
        )
        return [_told(*row) for row in rows]

    async def offer(self, case: int, same: int, until: datetime) -> None:
        await self._db.run("INSERT INTO offers (id, same, due_at) VALUES (?, ?, ?)", case, same, stamp(until))

    async def withdraw_offer(self, case: int) -> None:
        await self._db.run("DELETE FROM offers WHERE id = ?", case)

    async def offered(self, same: int) -> list[int]:
        """The cases whose reporters are being asked about this one."""
        rows = await self._db.all("SELECT id FROM offers WHERE same = ? ORDER BY id", same)
        return [row["id"] for row in rows]

    async def voices(self, head: int) -> list[Voice]:
        """Every report that this case and those merged into it are made of, the first one first."""
        rows = await self._db.all(
            _FOLLOWERS
            + """
            SELECT cases.*, people.name AS reporter_name, ways_back.channel AS back_channel,
                   ways_back.chat AS back_chat, ways_back.message_id AS back_message FROM cases
            LEFT JOIN people ON people.id = cases.reporter
            LEFT JOIN ways_back ON ways_back.case_id = cases.id
            WHERE cases.gathered = 0 AND (cases.id = ? OR cases.id IN (SELECT id FROM followers))
            ORDER BY cases.id""",
            head,
            head,
        )
        return [_voice(row) for row in rows]

    async def seen(self, head: int) -> Picture:
        """All of them at one look: for every new voice, without a row for each of those before it."""
        row = await self._db.one(
            _FOLLOWERS
            + f"""
            SELECT count(*) AS reports, max({_RANK}) AS worst, coalesce(sum(cases.danger), 0) AS endangered,
                   count(DISTINCT {_HOUSEHOLD}) AS households
            FROM cases LEFT JOIN people ON people.id = cases.reporter
            WHERE cases.gathered = 0 AND (cases.id = ? OR cases.id IN (SELECT id FROM followers))""",
            head,
            head,
        )
        assert row  # noqa: S101
        worst = _SEVERITIES[row["worst"]] if row["worst"] is not None and row["worst"] >= 0 else ""
        return Picture(row["reports"], row["households"], worst, row["endangered"])

    async def shown(self, case: int) -> tuple[Picture, datetime] | None:
        """What the summary of a gathered case shows, and since when."""
        row = await self._db.one("SELECT * FROM summaries WHERE id = ?", case)
        if row is None:
            return None
        return Picture(row["reports"], row["households"], row["worst"], row["endangered"]), moment(row["shown_at"])

    async def show(self, case: int, picture: Picture, now: datetime) -> None:
        """This is what everybody sees from now on; nothing is new."""
        await self._db.run(
            """INSERT INTO summaries (id, shown_at, reports, households, worst, endangered) VALUES (?, ?, ?, ?, ?, ?)
               ON CONFLICT (id) DO UPDATE SET shown_at = excluded.shown_at, reports = excluded.reports,
                   households = excluded.households, worst = excluded.worst, endangered = excluded.endangered,
                   due_at = NULL""",
            case,
            stamp(now),
            picture.reports,
            picture.households,
            picture.worst,
            picture.endangered,
        )

    async def show_by(self, case: int, at: datetime) -> None:
        """There is something new to show: then, or sooner where that was promised already."""
        await self._db.run(
            "UPDATE summaries SET due_at = ? WHERE id = ? AND (due_at IS NULL OR due_at > ?)",
            stamp(at),
            case,
            stamp(at),
        )


@lru_cache(maxsize=REMEMBERED)
def _told(
    number: int,
    origin: str,
    text: str,
    place: str,
    latitude: float | None,
    longitude: float | None,
    heard_at: str,
    responder: PersonId | None,
    gathered: int,
    parent: str | None,
    followers: int,
) -> Told:
    """When many report at once, each of them is compared with the same few."""
    location = None if latitude is None or longitude is None else Location(latitude, longitude)
    voices = followers + (not gathered)
    return Told(number, origin, parent, text, place, location, moment(heard_at), voices, responder, bool(gathered))


def _voice(row: Row) -> Voice:
    return Voice(
        row["id"],
        row["origin"],
        Who(row["reporter"], row["reporter_name"] or "") if row["reporter"] is not None else None,
        ChatId(row["back_channel"] or row["reported_channel"], row["back_chat"] or row["reported_chat"]),
        row["back_message"] or row["report_message"],
        Rating(row["rating"]) if row["rating"] else None,
        row["severity"],
        bool(row["danger"]),
        row["text"],
    )
