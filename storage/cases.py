"""Cases and their logs. Saving writes the state and its log lines together, or refuses both."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.case import OPEN, Case, Offered, Rating, State
from domain.chat import AccountId, ChatId
from domain.facts import Facts
from domain.log import Entry, Event
from domain.people import PersonId, Who
from storage.attachments import coordinates, location_of, packed, unpacked
from storage.database import Database, Row, marks, maybe_moment, maybe_stamp, moment, stamp

_CASE = """
SELECT cases.*, reporters.name AS reporter_name, responders.name AS responder_name,
       ways_back.channel AS back_channel, ways_back.chat AS back_chat, ways_back.message_id AS back_message,
       offers.same AS offered, alike.text AS offered_text FROM cases
LEFT JOIN ways_back ON ways_back.case_id = cases.id
LEFT JOIN people AS reporters ON reporters.id = cases.reporter
LEFT JOIN people AS responders ON responders.id = cases.responder
LEFT JOIN offers ON offers.id = cases.id LEFT JOIN cases AS alike ON alike.id = offers.same
"""
MOST_LETTERS = 500
"""Letters of one mailbox that are looked at together: at eight a digest, a month of digests."""

_NOWHERE = ChatId("", "")
"""What the row of an anonymous case says of where it came from: the way back is kept apart."""

_OPEN = ", ".join(f"'{state.value}'" for state in sorted(OPEN))


class Stale(Exception):  # noqa: N818 -- the row moved on
    """Somebody else changed the case between the load and the save."""


@dataclass(frozen=True)
class Logged:
    """A line of the log as it is read back, with names to show."""

    at: datetime
    event: Event
    who: str
    grid: str
    detail: str
    words: str = ""
    person: PersonId | None = None


class Cases:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def get(self, number: int) -> Case | None:
        row = await self._db.one(f"{_CASE} WHERE cases.id = ?", number)
        return _case(row) if row else None

    async def add(self, case: Case) -> Case:
        """The case with its number."""
        row = await self._db.one(
            """INSERT INTO cases (kind, state, origin, grid, text, attachments, latitude, longitude, reporter,
                                  reported_channel, reported_chat, report_message, reported_at, due_at, discreet,
                                  severity, place, people, danger, served, wanted_when, anonymous,
                                  responder, vicinity, heard_at, gathered)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id""",
            case.kind,
            case.state.value,
            case.origin,
            case.grid,
            case.text,
            packed(case.attachments),
            *coordinates(case.location),
            case.reporter.id if case.reporter else None,
            *(_NOWHERE if case.anonymous else case.reported_in),
            None if case.anonymous else case.report_message,
            stamp(case.reported_at),
            maybe_stamp(case.due_at),
            int(case.discreet),
            *_facts_row(case.facts),
            int(case.anonymous),
            case.responder.id if case.responder else None,
            case.vicinity,
            maybe_stamp(case.heard_at),
            int(case.gathered),
        )
        assert row  # noqa: S101
        self._log(row["id"], case.news)
        if case.anonymous:
            await self._db.run(
                "INSERT INTO ways_back (case_id, channel, chat, message_id) VALUES (?, ?, ?, ?)",
                row["id"],
                *case.reported_in,
                case.report_message,
            )
        return replace(case, id=row["id"], version=1, news=())

    async def save(self, case: Case) -> Case:
        """Write what changed and its log lines; Stale where the row moved on since it was loaded."""
        saved = await self._db.all(
            """UPDATE cases SET kind = ?, state = ?, origin = ?, grid = ?, responder = ?, due_at = ?, reminded = ?,
                                stalled = ?, outcome = ?, rating = ?, merged_into = ?, attachments = ?, latitude = ?,
                                longitude = ?, severity = ?, place = ?, people = ?, danger = ?, served = ?,
                                wanted_when = ?, heard_at = ?, alone = ?, version = version + 1
               WHERE id = ? AND version = ? RETURNING version""",
            case.kind,
            case.state.value,
            case.origin,
            case.grid,
            case.responder.id if case.responder else None,
            maybe_stamp(case.due_at),
            case.reminded,
            int(case.stalled),
            case.outcome,
            case.rating.value if case.rating else None,
            case.merged_into,
            packed(case.attachments),
            *coordinates(case.location),
            *_facts_row(case.facts),
            maybe_stamp(case.heard_at),
            int(case.alone),
            case.id,
            case.version,
        )
        if not saved:
            raise Stale(case.number)
        self._log(case.id, case.news)
        return replace(case, version=saved[0]["version"], news=())

    def _log(self, number: int, entries: tuple[Entry, ...]) -> None:
        self._db.run_late(
            "INSERT INTO case_log (case_id, at, event, person, grid, detail, words) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (number, stamp(e.at), e.event.value, e.by.id if e.by else None, e.grid, e.detail, e.words)
                for e in entries
            ],
        )

    async def log(self, number: int) -> list[Logged]:
        rows = await self._db.all(
            """SELECT case_log.*, people.name AS who, grids.name AS grid_name FROM case_log
               LEFT JOIN people ON people.id = case_log.person LEFT JOIN grids ON grids.code = case_log.grid
               WHERE case_id = ? ORDER BY case_log.id""",
            number,
        )
        return [
            Logged(
                moment(row["at"]),
                Event(row["event"]),
                row["who"] or "",
                row["grid_name"] or "",
                row["detail"],
                row["words"],
                row["person"],
            )
            for row in rows
        ]

    async def open_of(self, reporter: PersonId, limit: int = 10) -> list[Case]:
        """What this person reported and still waits for; also by way of another case that is open, or follows one."""
        follows = f"""EXISTS (SELECT 1 FROM cases AS followed WHERE followed.id = cases.merged_into
                              AND followed.state IN ({_OPEN}, '{State.MERGED.value}'))"""
        rows = await self._db.all(
            f"""{_CASE} WHERE cases.reporter = ? AND (cases.state IN ({_OPEN}) OR {follows})
                ORDER BY cases.due_at, cases.id LIMIT ?""",
            reporter,
            limit,
        )
        return [_case(row) for row in rows]

    async def newest_of(self, account: AccountId, chat: ChatId, since: datetime) -> Case | None:
        """The last case that this account reported in this chat, if it is open or a part of another, and no older."""
        row = await self._db.one(
            f"""{_CASE} WHERE cases.reporter = (SELECT person FROM accounts WHERE channel = ? AND account = ?)
                AND cases.reported_channel = ? AND cases.reported_chat = ? AND cases.reported_at >= ?
                AND cases.state IN ({_OPEN}, '{State.MERGED.value}')
                ORDER BY cases.id DESC LIMIT 1""",
            *account,
            *chat,
            stamp(since),
        )
        return _case(row) if row else None

    async def open_at(self, grids: tuple[str, ...], limit: int = 10) -> list[Case]:
        """The open cases that these grids answer for now, the most urgent clock first."""
        return await self._open(f"cases.grid IN ({marks(grids)})", grids, limit)

    async def letters_at(self, grid: str, kinds: Sequence[str]) -> list[Case]:
        """What lies unanswered in the red mailbox of this grid."""
        where = f"cases.grid = ? AND cases.kind IN ({marks(kinds)})"
        return await self._open(where, (grid, *kinds), MOST_LETTERS)

    async def owed_at(self, grid: str) -> list[Case]:
        """Every case of this grid with a promise still running."""
        rows = await self._db.all(f"{_CASE} WHERE cases.grid = ? AND cases.due_at IS NOT NULL ORDER BY cases.id", grid)
        return [_case(row) for row in rows]

    async def owed_from_below(self, grid: str) -> list[Case]:
        """Every case reported at this grid or below it with a promise still running."""
        rows = await self._db.all(
            f"""{_CASE} WHERE cases.due_at IS NOT NULL AND cases.origin IN (
                    WITH RECURSIVE below (code) AS (
                        SELECT CAST(? AS TEXT)
                        UNION ALL SELECT grids.code FROM below JOIN grids ON grids.parent = below.code
                    )
                    SELECT code FROM below)
                ORDER BY cases.id""",
            grid,
        )
        return [_case(row) for row in rows]

    async def head(self, number: int) -> Case:
        """The case that this one follows in the end, or itself."""
        case = await self.get(number)
        while case and case.merged_into:
            case = await self.get(case.merged_into)
        assert case  # noqa: S101
        return case

    async def merged_into(self, number: int) -> list[Case]:
        """Every case that follows this one, by way of others too."""
        rows = await self._db.all(
            f"""{_CASE} WHERE cases.id IN (
                    WITH RECURSIVE followers (id) AS (
                        SELECT cases.id FROM cases WHERE cases.merged_into = ?
                        UNION SELECT cases.id FROM followers JOIN cases ON cases.merged_into = followers.id
                    )
                    SELECT id FROM followers)
                ORDER BY cases.id""",
            number,
        )
        return [_case(row) for row in rows]

    async def _open(self, where: str, parameters: tuple[object, ...], limit: int) -> list[Case]:
        rows = await self._db.all(
            f"{_CASE} WHERE {where} AND cases.state IN ({_OPEN}) ORDER BY cases.due_at, cases.id LIMIT ?",
            *parameters,
            limit,
        )
        return [_case(row) for row in rows]


def _case(row: Row) -> Case:
    return Case(
        id=row["id"],
        kind=row["kind"],
        state=State(row["state"]),
        origin=row["origin"],
        grid=row["grid"],
        text=row["text"],
        attachments=unpacked(row["attachments"]),
        location=location_of(row),
        facts=Facts(
            row["severity"], row["place"], row["people"], bool(row["danger"]), row["served"], row["wanted_when"]
        ),
        discreet=bool(row["discreet"]),
        anonymous=bool(row["anonymous"]),
        reporter=_who(row["reporter"], row["reporter_name"]),
        reported_in=ChatId(row["back_channel"] or row["reported_channel"], row["back_chat"] or row["reported_chat"]),
        report_message=row["back_message"] or row["report_message"],
        reported_at=moment(row["reported_at"]),
        responder=_who(row["responder"], row["responder_name"]),
        due_at=maybe_moment(row["due_at"]),
        reminded=row["reminded"],
        stalled=bool(row["stalled"]),
        outcome=row["outcome"],
        rating=Rating(row["rating"]) if row["rating"] else None,
        merged_into=row["merged_into"],
        vicinity=row["vicinity"],
        heard_at=maybe_moment(row["heard_at"]),
        gathered=bool(row["gathered"]),
        alone=bool(row["alone"]),
        offered=Offered(row["offered"], row["offered_text"] or "") if row["offered"] else None,
        version=row["version"],
    )


def _facts_row(facts: Facts) -> tuple[str, str, int | None, int, str, str]:
    return facts.severity, facts.place, facts.people, int(facts.danger), facts.served, facts.when


def _who(person: PersonId | None, name: str | None) -> Who | None:
    return None if person is None else Who(person, name or "")
