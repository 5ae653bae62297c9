"""Rotas as they are stored: a row a grid that has one, its lists, and the days on which they do not hold."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from domain.duty import MODE, Rota, Turns
from domain.people import PersonId, Who
from storage.database import Database, Row, marks, stamp

AT_ONCE = datetime(2000, 1, 1, tzinfo=UTC)
"""When a rota begins that was brought in from outside: no clock is asked there, and the bot looks at once at what is
overdue."""

_NAMING = ("rota_members", "duty_days", "duty_absences")

_LINES = """
SELECT line.rota, line.list, line.day, line.person, people.name FROM (
    SELECT rota, list, position, '' AS day, person FROM rota_members WHERE rota IN ({rotas})
    UNION ALL SELECT rota, 'day', 0, day, person FROM duty_days WHERE rota IN ({rotas})
    UNION ALL SELECT rota, 'away', 0, day, person FROM duty_absences WHERE rota IN ({rotas})
) AS line JOIN people ON people.id = line.person ORDER BY line.list, line.position
"""
"""Which rotas, each part says for itself: it is looked up by index then, however many rotas there are."""


class Duty:
    def __init__(self, db: Database) -> None:
        self._db = db
        self._rotas: dict[str, Rota | None] = db.known("rotas", "rota_members", "duty_days", "duty_absences", "people")

    async def of(self, grids: Iterable[str]) -> dict[str, Rota]:
        """The rotas of these grids, of those that have one."""
        wanted = list(dict.fromkeys(grids))
        new = [grid for grid in wanted if grid not in self._rotas]
        if new:
            self._rotas |= dict.fromkeys(new) | await self._read(f"rotas.grid IN ({marks(new)})", new)
        return {grid: rota for grid in wanted if (rota := self._rotas[grid])}

    async def get(self, number: int) -> Rota | None:
        return next(iter((await self._read("rotas.id = ?", [number])).values()), None)

    async def all(self) -> list[Rota]:
        return list((await self._read("true", [])).values())

    async def of_person(self, person: PersonId) -> list[Rota]:
        """The rotas in which somebody has a turn, was given a day, or is not called though they stand in."""
        own = " UNION ".join(f"SELECT rota FROM {table} WHERE person = ?" for table in _NAMING)
        return list((await self._read(f"rotas.id IN ({own})", [person] * len(_NAMING))).values())

    async def _read(self, where: str, values: Sequence[object]) -> dict[str, Rota]:
        rows = await self._db.all(f"SELECT * FROM rotas WHERE {where} ORDER BY grid", *values)
        if not rows:
            return {}
        by_rota: dict[int, list[Row]] = {row["id"]: [] for row in rows}
        sql = _LINES.format(rotas=f"SELECT id FROM rotas WHERE {where}")
        for line in await self._db.all(sql, *values, *values, *values):
            by_rota[line["rota"]].append(line)
        return {row["grid"]: _rota(row, by_rota[row["id"]]) for row in rows}

    async def begin(self, grid: str, turns: Turns, usual: Sequence[PersonId], first: date | None) -> int:
        """The grid has this rota from now on, in place of any it had; what was set for single days stays. Without a
        first day, it begins when the bot looks at it. Its number."""
        row = await self._db.one(
            """INSERT INTO rotas (grid, turns, begins) VALUES (?, ?, ?)
               ON CONFLICT (grid) DO UPDATE SET turns = excluded.turns, begins = excluded.begins RETURNING id""",
            grid,
            turns.value,
            first.isoformat() if first else None,
        )
        assert row  # noqa: S101
        await self.set_list(row["id"], "usual", usual)
        return int(row["id"])

    async def set_list(self, rota: int, name: str, people: Sequence[PersonId]) -> None:
        await self._db.run("DELETE FROM rota_members WHERE rota = ? AND list = ?", rota, name)
        await self._db.run_many(
            "INSERT INTO rota_members (rota, list, position, person) VALUES (?, ?, ?, ?)",
            [(rota, name, n, person) for n, person in enumerate(people)],
        )

    async def give(self, rota: int, days: Iterable[tuple[date, PersonId]]) -> None:
        """These days are theirs, whatever the list says."""
        await self._db.run_many(
            """INSERT INTO duty_days (rota, day, person) VALUES (?, ?, ?)
               ON CONFLICT (rota, day) DO UPDATE SET person = excluded.person""",
            [(rota, day.isoformat(), person) for day, person in days],
        )

    async def leave(self, rota: int, person: PersonId, days: Iterable[date]) -> None:
        """Somebody is not called on these days."""
        await self._db.run_many(
            "INSERT INTO duty_absences (rota, person, day) VALUES (?, ?, ?)",
            [(rota, person, day.isoformat()) for day in days],
        )

    async def back(self, rota: int, person: PersonId, since: date) -> None:
        await self._db.run(
            "DELETE FROM duty_absences WHERE rota = ? AND person = ? AND day >= ?", rota, person, since.isoformat()
        )

    async def set_off(self, rota: Rota, first: date) -> Rota:
        """An imported rota begins on this day."""
        await self._db.run("UPDATE rotas SET begins = ? WHERE id = ?", first.isoformat(), rota.id)
        return replace(rota, begins=first)

    async def next_change(self, rota: int, at: datetime) -> None:
        await self._db.run("UPDATE rotas SET due_at = ? WHERE id = ?", stamp(at), rota)

    async def look_again(self, grid: str, at: datetime) -> None:
        """Other work is done there and below: whose turn it is may be another's, where a rota has a list for such."""
        await self._db.run(
            """UPDATE rotas SET due_at = ? WHERE id IN (SELECT rota FROM rota_members WHERE list LIKE ?) AND grid IN (
                   WITH RECURSIVE below (code) AS (
                       SELECT CAST(? AS TEXT)
                       UNION SELECT grids.code FROM below JOIN grids ON grids.parent = below.code)
                   SELECT code FROM below)""",
            stamp(at),
            f"{MODE}%",
            grid,
        )

    async def hold(self, rota: int, person: PersonId | None) -> None:
        """Who was told that it is theirs; of cases in turn, who got this one."""
        await self._db.run("UPDATE rotas SET holder = ? WHERE id = ?", person, rota)

    async def forget(self, rota: int, before: date) -> None:
        """What single days were, who was called and what was asked is of no use any more."""
        for table in ("duty_days", "duty_absences"):
            await self._db.run(f"DELETE FROM {table} WHERE rota = ? AND day < ?", rota, before.isoformat())
        await self._db.run(
            "DELETE FROM pages WHERE rota = ? AND due_at IS NULL AND coalesce(missed, '') < ?", rota, before.isoformat()
        )
        await self._db.run(
            "DELETE FROM swaps WHERE rota = ? AND due_at IS NULL AND last_given < ?", rota, before.isoformat()
        )

    async def end(self, rota: int) -> None:
        await self._db.run("DELETE FROM rotas WHERE id = ?", rota)

    async def staff(self, grid: str) -> list[Who]:
        """Everybody who answers for a grid, with an account or without: whoever can stand in its rota."""
        rows = await self._db.all(
            """SELECT DISTINCT people.id, people.name FROM appointments JOIN people ON people.id = appointments.person
               WHERE appointments.grid = ? AND appointments.role <> 'resident' ORDER BY people.id""",
            grid,
        )
        return [Who(row["id"], row["name"]) for row in rows]

    async def out_of_reach(self) -> list[tuple[str, str]]:
        """Grids with the people in their lists who do not answer for them any more, or have no private chat."""
        rows = await self._db.all(
            """SELECT DISTINCT grids.code, grids.name AS grid, people.name FROM rota_members
               JOIN rotas ON rotas.id = rota_members.rota JOIN people ON people.id = rota_members.person
               JOIN grids ON grids.code = rotas.grid
               WHERE grids.closed_at IS NULL AND NOT EXISTS (
                   SELECT 1 FROM appointments JOIN accounts ON accounts.person = appointments.person
                   WHERE appointments.person = people.id AND appointments.grid = rotas.grid
                   AND appointments.role <> 'resident' AND accounts.private_chat IS NOT NULL)
               ORDER BY grids.code, people.name"""
        )
        return [(row["grid"], row["name"]) for row in rows]


def _rota(row: Row, lines: Sequence[Row]) -> Rota:
    def people(name: str) -> tuple[Who, ...]:
        return tuple(Who(line["person"], line["name"]) for line in lines if line["list"] == name)

    return Rota(
        id=row["id"],
        grid=row["grid"],
        turns=Turns(row["turns"]),
        begins=date.fromisoformat(row["begins"]) if row["begins"] else None,
        holder=row["holder"],
        usual=people("usual"),
        holidays=people("holiday"),
        modes={
            name.removeprefix(MODE): people(name)
            for name in dict.fromkeys(line["list"] for line in lines)
            if name.startswith(MODE)
        },
        days={
            date.fromisoformat(line["day"]): Who(line["person"], line["name"])
            for line in lines
            if line["list"] == "day"
        },
        away=frozenset((line["person"], date.fromisoformat(line["day"])) for line in lines if line["list"] == "away"),
    )
