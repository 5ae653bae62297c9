"""Mediations and their visits: who sits between which two sides, when, and what they agreed on."""

import hashlib
from dataclasses import replace
from datetime import datetime

from domain.case import OPEN, Case
from domain.mediation import DISPUTE, Mediation, Party, Side, claimant
from domain.people import PersonId, Who
from domain.visit import Visit
from storage.database import Database, Row, maybe_moment, maybe_stamp, moment, stamp

_OPEN = ", ".join(f"'{state.value}'" for state in sorted(OPEN))


class Mediations:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def of(self, case: Case) -> Mediation:
        """The mediation of a case; as it begins, where nothing has happened yet."""
        name = case.facts.served or (case.reporter.name if case.reporter else "")
        begun = Mediation(case.id, Party(Side.FIRST, name, claimant(case.reporter, case.facts)), case.responder)
        row = await self._db.one("SELECT * FROM mediations WHERE id = ?", case.id)
        if row is None:
            return begun
        return replace(
            begun,
            first=replace(begun.first, agreed=row["first_agreed"]),
            other=_other(row, begun.first.person),
            helpers=await self._helpers(case.id),
            agreement=row["agreement"],
            version=row["version"],
            agreed_at=maybe_moment(row["agreed_at"]),
            due_at=maybe_moment(row["due_at"]),
        )

    async def save(self, mediation: Mediation) -> None:
        other = mediation.other
        columns = {
            "id": mediation.case,
            "other_name": other.name if other else None,
            "other_phone": other.phone if other else "",
            "other_person": other.person if other else None,
            "other_invited": other.invited if other else None,
            "agreement": mediation.agreement,
            "version": mediation.version,
            "first_agreed": mediation.first.agreed,
            "other_agreed": other.agreed if other else 0,
            "agreed_at": maybe_stamp(mediation.agreed_at),
            "due_at": maybe_stamp(mediation.due_at),
        }
        changes = ", ".join(f"{name} = excluded.{name}" for name in columns if name != "id")
        await self._db.run(
            f"""INSERT INTO mediations ({", ".join(columns)}) VALUES ({", ".join("?" * len(columns))})
                ON CONFLICT (id) DO UPDATE SET {changes}""",
            *columns.values(),
        )
        await self._db.run("DELETE FROM mediation_helpers WHERE mediation = ?", mediation.case)
        await self._db.run_many(
            "INSERT INTO mediation_helpers (mediation, person) VALUES (?, ?)",
            [(mediation.case, who.id) for who in mediation.helpers],
        )

    async def _helpers(self, mediation: int) -> tuple[Who, ...]:
        rows = await self._db.all(
            """SELECT people.id, people.name FROM mediation_helpers
               JOIN people ON people.id = mediation_helpers.person WHERE mediation = ? ORDER BY people.id""",
            mediation,
        )
        return tuple(Who(row["id"], row["name"]) for row in rows)

    async def open_of(self, person: PersonId) -> list[int]:
        """The numbers of the open disputes in which this person is a party, the newest first."""
        rows = await self._db.all(
            f"""SELECT id FROM cases WHERE state IN ({_OPEN}) AND kind = ?
                AND ((reporter = ? AND served = '') OR id IN (SELECT id FROM mediations WHERE other_person = ?))
                ORDER BY id DESC""",
            DISPUTE,
            person,
            person,
        )
        return [int(row["id"]) for row in rows]

    async def set_code(self, code: str, mediation: int, expires_at: datetime) -> None:
        await self._db.run(
            """INSERT INTO mediation_codes (mediation, code_hash, expires_at) VALUES (?, ?, ?)
               ON CONFLICT (mediation)
               DO UPDATE SET code_hash = excluded.code_hash, expires_at = excluded.expires_at""",
            mediation,
            _hash(code),
            stamp(expires_at),
        )

    async def spend_code(self, code: str, now: datetime) -> int | None:
        """The mediation that this code lets somebody into; nobody else after them."""
        row = await self._db.one(
            "DELETE FROM mediation_codes WHERE code_hash = ? AND expires_at > ? RETURNING mediation",
            _hash(code),
            stamp(now),
        )
        return int(row["mediation"]) if row else None

    async def visit(self, number: int) -> Visit | None:
        row = await self._db.one("SELECT * FROM visits WHERE id = ?", number)
        return _visit(row) if row else None

    async def visits(self, mediation: int) -> list[Visit]:
        rows = await self._db.all("SELECT * FROM visits WHERE mediation = ? ORDER BY at, id", mediation)
        return [_visit(row) for row in rows]

    async def save_visit(self, visit: Visit) -> Visit:
        """The visit with its number."""
        row = await self._db.one(
            """INSERT INTO visits (id, mediation, at, place, asked, note, due_at) VALUES (?, ?, ?, ?, ?, ?, ?)
               ON CONFLICT (id) DO UPDATE SET at = excluded.at, place = excluded.place, asked = excluded.asked,
                                              note = excluded.note, due_at = excluded.due_at RETURNING id""",
            visit.id or None,
            visit.mediation,
            stamp(visit.at),
            visit.place,
            visit.asked,
            visit.note,
            maybe_stamp(visit.due_at),
        )
        assert row  # noqa: S101
        return replace(visit, id=row["id"])


def _other(row: Row, first: PersonId | None) -> Party | None:
    """Two accounts may turn out to be one person: nobody is both sides, so that the other is only a name again."""
    if row["other_name"] is None:
        return None
    person = None if row["other_person"] == first else row["other_person"]
    return Party(Side.OTHER, row["other_name"], person, row["other_phone"], row["other_invited"], row["other_agreed"])


def _visit(row: Row) -> Visit:
    return Visit(
        row["mediation"],
        moment(row["at"]),
        row["place"],
        maybe_moment(row["due_at"]),
        row["id"],
        row["asked"],
        row["note"],
    )


def _hash(code: str) -> str:
    return hashlib.sha256(code.strip().upper().encode()).hexdigest()
