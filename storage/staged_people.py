"""Finds out who the rows of a people file are: by the phone where one is given, else by name, role and grid."""

from storage.staging import Faults, Staging, Taken, Wrong, repeated

_SAME_POST = """
SELECT people.id FROM people JOIN appointments ON appointments.person = people.id
WHERE people.name = i.name AND appointments.role = i.role AND appointments.grid = i.grid
"""


class PeopleStaging(Staging):
    table = "staged_people"
    columns = ("name", "role", "grid", "phone")
    found_out = ("person INTEGER",)
    indexes = ("phone", "person", "name, role, grid")

    async def ready(self) -> None:
        await self._db.run(f"UPDATE {self.table} SET phone = NULL WHERE phone = ''")
        await super().ready()

    async def take(self) -> tuple[Taken, list[Faults]]:
        faults = [*await self.grid_faults(), *await self._identity_faults()]
        if any(fault.count for fault in faults):
            return Taken(0, 0, 0), faults
        before = await self._last_person()
        await self._recognize(before)
        taken = await self._compare(before)
        await self._write(before)
        return taken, faults

    async def _identity_faults(self) -> list[Faults]:
        """Two rows that would be one person, and one phone that two people would have."""
        twins = f"""SELECT i.line, i.name AS value, first.line AS other
                    FROM (SELECT name, role, grid, min(line) AS line FROM {self.table} WHERE name <> ''
                          GROUP BY name, role, grid HAVING count(*) > count(phone) AND count(*) > 1) AS first
                    JOIN {self.table} AS i USING (name, role, grid) WHERE i.line > first.line"""
        shared = f"""SELECT i.line, i.phone AS value, first.line AS other
                     FROM (SELECT phone, min(line) AS line FROM {self.table} WHERE phone IS NOT NULL GROUP BY phone)
                          AS first
                     JOIN {self.table} AS one ON one.line = first.line
                     JOIN {self.table} AS i ON i.phone = first.phone AND i.name <> one.name"""
        again = repeated(self.table, "phone, role, grid", "i.name", "phone IS NOT NULL")
        return [
            await self.faults_in(Wrong.SAME_PERSON, "name", twins),
            await self.faults_in(Wrong.PHONE_OF_ANOTHER, "phone", shared),
            await self.faults_in(Wrong.REPEATED, "phone", again),
        ]

    async def _last_person(self) -> int:
        row = await self._db.one("SELECT coalesce(max(id), 0) FROM people")
        return int(row[0]) if row else 0

    async def _recognize(self, before: int) -> None:
        """Give each row its person; those that the register does not know get a number above `before`."""
        await self._db.run(
            f"UPDATE {self.table} AS i SET person = (SELECT id FROM people WHERE phone = i.phone)"
            " WHERE phone IS NOT NULL"
        )
        await self._db.run(
            f"""UPDATE {self.table} AS i
                SET person = ({_SAME_POST} ORDER BY people.phone IS NOT NULL, people.id LIMIT 1) WHERE phone IS NULL"""
        )
        await self._recognize_new_phones()
        await self._db.run(
            f"""UPDATE {self.table} AS i
                SET person = ? + coalesce((SELECT min(line) FROM {self.table} AS o WHERE o.phone = i.phone), line)
                WHERE person IS NULL""",
            before,
        )

    async def _recognize_new_phones(self) -> None:
        """A phone nobody had belongs to the one of that name at that post who had none: the first row's, if several."""
        await self._db.run(
            f"""UPDATE {self.table} AS i SET person = ({_SAME_POST} AND people.phone IS NULL ORDER BY people.id LIMIT 1)
                WHERE person IS NULL"""
        )
        await self._db.run(
            f"""UPDATE {self.table} AS i SET person = NULL
                WHERE phone <> (SELECT phone FROM {self.table} AS o WHERE o.person = i.person ORDER BY line LIMIT 1)"""
        )
        await self._db.run(
            f"""UPDATE {self.table} AS i SET person = (
                    SELECT person FROM {self.table} AS o
                    WHERE o.phone = i.phone AND person IS NOT NULL ORDER BY line LIMIT 1)
                WHERE phone IS NOT NULL"""
        )

    async def _compare(self, before: int) -> Taken:
        row = await self._db.one(
            f"""SELECT count(*) AS everybody, coalesce(sum(person > ?), 0) AS new,
                       coalesce(sum(person <= ? AND differs), 0) AS changed
                FROM (SELECT i.person, max(people.name <> i.name OR (i.phone IS NOT NULL AND people.phone IS NULL)
                                           OR held.person IS NULL) AS differs
                      FROM {self.table} AS i LEFT JOIN people ON people.id = i.person
                      LEFT JOIN appointments AS held
                             ON held.person = i.person AND held.grid = i.grid AND held.role = i.role
                      GROUP BY i.person)""",
            before,
            before,
        )
        assert row  # noqa: S101
        return Taken(row["new"], row["changed"], row["everybody"] - row["new"] - row["changed"])

    async def _write(self, before: int) -> None:
        """Nobody is removed from a post: the file says who is new, not who has left."""
        await self._db.run(
            f"""INSERT INTO people (id, name, phone)
                SELECT person, min(name), min(phone) FROM {self.table} WHERE person > ? GROUP BY person""",
            before,
        )
        await self._db.run(
            f"""UPDATE people SET name = i.name, phone = coalesce(people.phone, i.phone)
                FROM (SELECT person, min(name) AS name, min(phone) AS phone FROM {self.table} GROUP BY person) AS i
                WHERE people.id = i.person
                  AND (people.name <> i.name OR (people.phone IS NULL AND i.phone IS NOT NULL))"""
        )
        await self._db.run(
            f"""INSERT INTO appointments (person, grid, role)
                SELECT DISTINCT person, grid, role FROM {self.table} WHERE true ON CONFLICT DO NOTHING"""
        )
