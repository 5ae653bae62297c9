"""Rotas from a file: each row one name in the turns of a grid, or one day that somebody has."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from domain.duty import MOST_MEMBERS, Rota, Turns
from domain.duty_words import HOLIDAYS, turn_written
from domain.people import PersonId, Who
from storage.duty import AT_ONCE, Duty
from storage.staging import Faults, Staging, Taken, Wrong, repeated

_TURNS = ", ".join(f"'{turns.value}'" for turns in Turns)

_NAMED = """
SELECT i.line, i.grid, i.turn, i.person, count(DISTINCT people.id) AS known, min(people.id) AS id
FROM staged_duty AS i
LEFT JOIN appointments ON appointments.grid = i.grid AND appointments.role <> 'resident'
LEFT JOIN people ON people.id = appointments.person AND people.name = i.person
GROUP BY i.line, i.grid, i.turn, i.person
"""
"""Each row with how many of this name answer for the grid, and the one it means."""


@dataclass
class _Wanted:
    """What the file says of one grid."""

    turns: Turns | None = None
    usual: list[PersonId] = field(default_factory=list)
    holidays: list[PersonId] = field(default_factory=list)
    days: dict[date, PersonId] = field(default_factory=dict)

    def differs(self, rota: Rota) -> bool:
        return self.turns_differ(rota) or self.holidays_differ(rota) or self.new_days(rota) != {}

    def turns_differ(self, rota: Rota | None) -> bool:
        if self.turns is None:
            return rota is None
        return rota is None or (rota.turns, _ids(rota.usual)) != (self.turns, self.usual)

    def holidays_differ(self, rota: Rota | None) -> bool:
        return bool(self.holidays) and (rota is None or _ids(rota.holidays) != self.holidays)

    def new_days(self, rota: Rota | None) -> dict[date, PersonId]:
        known = {day: who.id for day, who in rota.days.items()} if rota else {}
        return {day: person for day, person in self.days.items() if known.get(day) != person}


class DutyStaging(Staging):
    table = "staged_duty"
    columns = ("grid", "turn", "person")
    indexes = ("grid",)

    async def take(self) -> tuple[Taken, list[Faults]]:
        faults = [*await self.grid_faults(), *await self._row_faults()]
        if any(fault.count for fault in faults):
            return Taken(0, 0, 0), faults
        duty = Duty(self._db)
        known, wanted = {rota.grid: rota for rota in await duty.all()}, await self._wanted()
        changed = {grid: one for grid, one in wanted.items() if grid in known and one.differs(known[grid])}
        new = {grid: one for grid, one in wanted.items() if grid not in known}
        for grid, one in {**new, **changed}.items():
            await _write(duty, grid, one, known.get(grid))
        return Taken(len(new), len(changed), len(wanted) - len(new) - len(changed)), faults

    async def _row_faults(self) -> list[Faults]:
        named = f"""SELECT line, person AS value, grids.name AS other FROM ({_NAMED}) AS i
                    JOIN grids ON grids.code = i.grid WHERE person <> '' AND grids.closed_at IS NULL"""
        two = f"""SELECT i.line, i.turn AS value, first.line AS other FROM staged_duty AS i
                  JOIN (SELECT grid, min(line) AS line FROM staged_duty WHERE turn IN ({_TURNS}) GROUP BY grid)
                       AS head ON head.grid = i.grid
                  JOIN staged_duty AS first ON first.line = head.line
                  WHERE i.turn IN ({_TURNS}) AND i.turn <> first.turn"""
        many = f"""SELECT min(line) AS line, grid AS value, {MOST_MEMBERS} AS other FROM staged_duty
                   WHERE turn IN ({_TURNS}, '{HOLIDAYS}') GROUP BY grid, turn HAVING count(*) > {MOST_MEMBERS}"""
        twice = repeated(self.table, "grid, turn", "i.turn", "turn LIKE '____-__-__'")
        return [
            await self.faults_in(Wrong.NOT_OF_THE_GRID, "person", f"{named} AND i.known = 0"),
            await self.faults_in(Wrong.NAMESAKES, "person", f"{named} AND i.known > 1"),
            await self.faults_in(Wrong.TWO_ROTAS, "turn", two),
            await self.faults_in(Wrong.REPEATED, "turn", twice),
            await self.faults_in(Wrong.TOO_MANY, "grid", many),
        ]

    async def _wanted(self) -> dict[str, _Wanted]:
        """By grid, its rows in their order; a row with a fault was told of already, and nothing comes of it."""
        wanted: dict[str, _Wanted] = {}
        sound = [row for row in await self._db.all(f"{_NAMED} ORDER BY i.line") if row["known"] == 1]
        for row in sound:
            one = wanted.setdefault(row["grid"], _Wanted())
            if row["turn"] == HOLIDAYS:
                one.holidays.append(row["id"])
            elif row["turn"] in set(Turns):
                one.turns = Turns(row["turn"])
                one.usual.append(row["id"])
            elif turn_written(row["turn"]) == row["turn"]:
                one.days[date.fromisoformat(row["turn"])] = row["id"]
        return wanted


async def _write(duty: Duty, grid: str, wanted: _Wanted, rota: Rota | None) -> None:
    """What the file does not name stays. A grid with single days alone has no other turns."""
    number = rota.id if rota else 0
    if wanted.turns_differ(rota):
        number = await duty.begin(grid, wanted.turns or Turns.DAY, wanted.usual, None)
    if wanted.holidays_differ(rota):
        await duty.set_list(number, HOLIDAYS, wanted.holidays)
    await duty.give(number, wanted.new_days(rota).items())
    await duty.next_change(number, AT_ONCE)


def _ids(people: Sequence[Who]) -> list[PersonId]:
    return [who.id for who in people]
