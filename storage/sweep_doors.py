"""The households of a sweep: each with its answer, whoever asks it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.people import PersonId
from domain.survey import Means, Survey
from domain.sweep import Count, Entry
from storage.database import Database, Row, marks, maybe_moment, stamp

_ENTRY = """
SELECT asked.*, households.door, households.care, households.grid AS now_in
FROM sweep_households AS asked JOIN households ON households.id = asked.household
"""


@dataclass(frozen=True)
class Taken:
    """How many households of a squad are in a sweep, and for how many the earlier answer was taken over."""

    doors: int
    carried: int


@dataclass(frozen=True)
class Answered:
    """How many households gave an answer, what their numbers come to, and how many said it of themselves."""

    households: int
    number: int
    own: int
    carried: int


@dataclass(frozen=True)
class Reported:
    """A household as it stands in the table of a sweep: with the name of the squad where it was counted, and by whom
    and when its answer was noted."""

    squad: str
    entry: Entry
    who: str
    at: datetime | None


class SweepDoors:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def take_in(self, sweep: int, grids: Sequence[str], repeats: int | None, survey: Survey) -> dict[str, Taken]:
        """The households of these squads are asked from now on. Of a sweep that is repeated, what was settled stays."""
        settled = [one.code for one in survey.choices if one.means is Means.SETTLED]
        await self._db.run(
            f"""INSERT INTO sweep_households (sweep, household, grid, answer, number, note, person, at, carried)
                SELECT CAST(? AS INTEGER), households.id, households.grid, earlier.answer, earlier.number,
                       coalesce(earlier.note, ''), earlier.person, earlier.at,
                       CASE WHEN earlier.answer IS NULL THEN 0 ELSE 1 END
                FROM households LEFT JOIN sweep_households AS earlier ON earlier.sweep = ?
                     AND earlier.household = households.id AND earlier.answer IN ({marks(settled)})
                WHERE households.grid IN ({marks(grids)}) ON CONFLICT DO NOTHING""",
            sweep,
            repeats,
            *settled,
            *grids,
        )
        rows = await self._db.all(
            f"""SELECT grid, count(*) AS doors, sum(carried) AS carried FROM sweep_households
                WHERE sweep = ? AND grid IN ({marks(grids)}) GROUP BY grid""",
            sweep,
            *grids,
        )
        return {row["grid"]: Taken(row["doors"], row["carried"]) for row in rows}

    async def asked_in(self, sweep: int, grids: Sequence[str]) -> dict[str, list[Entry]]:
        """By the squads whose leaders ask them now."""
        rows = await self._db.all(
            f"""{_ENTRY} WHERE asked.sweep = ? AND asked.household IN (
                    SELECT id FROM households WHERE grid IN ({marks(grids)})) ORDER BY households.id""",
            sweep,
            *grids,
        )
        found: dict[str, list[Entry]] = {grid: [] for grid in grids}
        for row in rows:
            found[row["now_in"]].append(_entry(row))
        return found

    async def get(self, sweep: int, household: int) -> Entry | None:
        row = await self._db.one(f"{_ENTRY} WHERE asked.sweep = ? AND asked.household = ?", sweep, household)
        return _entry(row) if row else None

    async def home_of(self, person: PersonId) -> int | None:
        """The household behind whose door somebody lives."""
        row = await self._db.one("SELECT household FROM people WHERE id = ?", person)
        return row["household"] if row else None

    async def answer(self, sweep: int, entry: Entry, by: PersonId, now: datetime) -> None:
        await self._db.run(
            """UPDATE sweep_households SET answer = ?, number = ?, note = ?, self_reported = ?, carried = 0,
                                           person = ?, at = ?, help_case = ? WHERE sweep = ? AND household = ?""",
            entry.answer,
            entry.number,
            entry.note,
            int(entry.self_reported),
            by,
            stamp(now),
            entry.help_case,
            sweep,
            entry.household,
        )

    async def by_answer(self, sweep: int) -> dict[str, Answered]:
        """Counted anew, once, when the sweep is over."""
        rows = await self._db.all(
            """SELECT answer, count(*) AS households, coalesce(sum(number), 0) AS number, sum(self_reported) AS own,
                      sum(carried) AS carried
               FROM sweep_households WHERE sweep = ? AND answer IS NOT NULL GROUP BY answer""",
            sweep,
        )
        return {row["answer"]: Answered(row["households"], row["number"], row["own"], row["carried"]) for row in rows}

    async def below(self, count: Count) -> list[Reported]:
        """Those that are counted in this grid and below it, squad by squad, in the order of the register."""
        rows = await self._db.all(
            """WITH RECURSIVE below (grid) AS (
                   SELECT CAST(? AS TEXT)
                   UNION
                   SELECT counts.grid FROM below
                   JOIN sweep_counts AS counts ON counts.sweep = ? AND counts.parent = below.grid
               )
               SELECT asked.*, households.door, households.care, households.grid AS now_in,
                      grids.name AS squad, people.name AS who
               FROM below JOIN sweep_households AS asked ON asked.sweep = ? AND asked.grid = below.grid
               JOIN households ON households.id = asked.household JOIN grids ON grids.code = asked.grid
               LEFT JOIN people ON people.id = asked.person ORDER BY asked.grid, asked.household""",
            count.grid,
            count.sweep,
            count.sweep,
        )
        return [Reported(row["squad"], _entry(row), row["who"] or "", maybe_moment(row["at"])) for row in rows]


def _entry(row: Row) -> Entry:
    return Entry(
        household=row["household"],
        grid=row["grid"],
        now_in=row["now_in"],
        door=row["door"],
        care=row["care"],
        answer=row["answer"],
        number=row["number"],
        note=row["note"],
        self_reported=bool(row["self_reported"]),
        carried=bool(row["carried"]),
        help_case=row["help_case"],
    )
