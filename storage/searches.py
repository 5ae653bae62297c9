"""Searches for lost persons: the search, whom it was told, who looks where, and what was seen."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.chat import AccountId, Attachment, ChatId, Location
from domain.missing import Missing
from domain.people import PersonId
from domain.rings import Ring
from domain.search import Search, Stage
from storage.attachments import as_list, coordinates, from_list, location_of, packed, unpacked
from storage.cases import Stale
from storage.database import Database, Row, maybe_moment, maybe_stamp, moment, stamp

_WORDS = ("who", "age", "clothes", "where", "when", "contact", "police", "hint", "named")


@dataclass(frozen=True)
class Searcher:
    """Somebody who set out. `chat` is where they hear of it when they cannot be reached in private."""

    person: PersonId
    name: str
    place: str
    chat: ChatId
    ring: Ring


@dataclass(frozen=True)
class Sighting:
    at: datetime
    person: PersonId | None
    words: str
    attachments: tuple[Attachment, ...] = ()
    location: Location | None = None
    id: int = 0


class Searches:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def get(self, number: int) -> Search | None:
        row = await self._db.one("SELECT * FROM searches WHERE id = ?", number)
        return _search(row) if row else None

    async def add(self, search: Search) -> Search:
        await self._db.run(
            """INSERT INTO searches (id, reporter, missing, stage, ring, opened_at, expires_at, due_at)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
            search.id,
            search.reporter,
            _packed(search.missing),
            search.stage.value,
            search.ring.value,
            stamp(search.opened_at),
            stamp(search.expires_at),
            maybe_stamp(search.due_at),
        )
        return replace(search, version=1)

    async def save(self, search: Search) -> Search:
        """Stale where the row moved on since it was loaded."""
        saved = await self._db.one(
            """UPDATE searches SET missing = ?, stage = ?, ring = ?, asked = ?, warned = ?, confirmed_at = ?,
                                   expires_at = ?, ended_at = ?, due_at = ?, version = version + 1
               WHERE id = ? AND version = ? RETURNING version""",
            _packed(search.missing),
            search.stage.value,
            search.ring.value,
            search.asked,
            int(search.warned),
            maybe_stamp(search.confirmed_at),
            stamp(search.expires_at),
            maybe_stamp(search.ended_at),
            maybe_stamp(search.due_at),
            search.id,
            search.version,
        )
        if saved is None:
            raise Stale(f"#{search.id}")
        return replace(search, version=saved["version"])

    async def in_chat(self, chat: ChatId) -> list[Search]:
        """The searches that this chat was told of, the newest first."""
        rows = await self._db.all(
            """SELECT searches.* FROM search_chats JOIN searches ON searches.id = search_chats.search
               WHERE search_chats.channel = ? AND search_chats.chat = ? ORDER BY searches.id DESC""",
            *chat,
        )
        return [_search(row) for row in rows]

    async def of_person(self, account: AccountId) -> list[Search]:
        """The searches that somebody reported or set out for, the newest first."""
        rows = await self._db.all(
            """SELECT DISTINCT searches.* FROM accounts
               LEFT JOIN searchers ON searchers.person = accounts.person
               JOIN searches ON searches.reporter = accounts.person OR searches.id = searchers.search
               WHERE accounts.channel = ? AND accounts.account = ? ORDER BY searches.id DESC""",
            *account,
        )
        return [_search(row) for row in rows]

    # -- whom it was told ------------------------------------------------------------------------------------------

    async def tell(self, number: int, chats: Iterable[ChatId], ring: Ring) -> None:
        await self._db.run_many(
            "INSERT INTO search_chats (search, channel, chat, ring) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            [(number, *chat, ring.value) for chat in chats],
        )

    async def chats(self, number: int) -> dict[ChatId, Ring]:
        """Every chat that was told, with its ring, the nearest first."""
        rows = await self._db.all("SELECT * FROM search_chats WHERE search = ? ORDER BY ring, channel, chat", number)
        return {ChatId(row["channel"], row["chat"]): Ring(row["ring"]) for row in rows}

    # -- who looks where -------------------------------------------------------------------------------------------

    async def searchers(self, number: int) -> list[Searcher]:
        """The nearest ring first, then whoever set out first."""
        rows = await self._db.all(
            """SELECT searchers.*, people.name FROM searchers JOIN people ON people.id = searchers.person
               WHERE search = ? ORDER BY ring, since, person""",
            number,
        )
        return [_searcher(row) for row in rows]

    async def looks_at(self, number: int, spot: str) -> Searcher | None:
        row = await self._db.one(
            """SELECT searchers.*, people.name FROM searchers JOIN people ON people.id = searchers.person
               WHERE search = ? AND spot = ?""",
            number,
            spot,
        )
        return _searcher(row) if row else None

    async def set_out(self, number: int, searcher: Searcher, spot: str, now: datetime) -> None:
        """Whoever goes elsewhere looks there from now on, and no more where they were."""
        await self._db.run(
            """INSERT INTO searchers (search, person, place, spot, channel, chat, ring, since)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (search, person) DO UPDATE
               SET place = excluded.place, spot = excluded.spot, channel = excluded.channel, chat = excluded.chat,
                   ring = excluded.ring, since = excluded.since""",
            number,
            searcher.person,
            searcher.place,
            spot,
            *searcher.chat,
            searcher.ring.value,
            stamp(now),
        )

    # -- what was seen ---------------------------------------------------------------------------------------------

    async def sighted(self, number: int, sighting: Sighting) -> Sighting:
        row = await self._db.one(
            """INSERT INTO sightings (search, seen_at, person, words, attachments, latitude, longitude)
               VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id""",
            number,
            stamp(sighting.at),
            sighting.person,
            sighting.words,
            packed(sighting.attachments),
            *coordinates(sighting.location),
        )
        assert row  # noqa: S101
        return replace(sighting, id=row["id"])

    async def sightings(self, number: int) -> Sequence[Sighting]:
        rows = await self._db.all("SELECT * FROM sightings WHERE search = ? ORDER BY id", number)
        return [_sighting(row) for row in rows]


def _packed(missing: Missing) -> str:
    known: dict[str, object] = {name: said for name in _WORDS if (said := getattr(missing, name)) not in (None, "")}
    known["unknown"] = [name for name in _WORDS if getattr(missing, name) == "" and name not in ("hint", "named")]
    known["photo"] = as_list(missing.photo) if missing.photo else None
    known["location"] = coordinates(missing.location) if missing.location else None
    known["unpictured"] = missing.unpictured
    return json.dumps(known, ensure_ascii=False)


def _unpacked(stored: str) -> Missing:
    known = json.loads(stored)
    words = {name: known[name] for name in _WORDS if name in known}
    return Missing(
        **words,
        **dict.fromkeys(known.get("unknown", ()), ""),
        photo=from_list(known["photo"]) if known.get("photo") else None,
        location=Location(*known["location"]) if known.get("location") else None,
        unpictured=known.get("unpictured", False),
    )


def _search(row: Row) -> Search:
    return Search(
        id=row["id"],
        reporter=row["reporter"],
        missing=_unpacked(row["missing"]),
        opened_at=moment(row["opened_at"]),
        expires_at=moment(row["expires_at"]),
        due_at=maybe_moment(row["due_at"]),
        stage=Stage(row["stage"]),
        ring=Ring(row["ring"]),
        asked=row["asked"],
        warned=bool(row["warned"]),
        confirmed_at=maybe_moment(row["confirmed_at"]),
        ended_at=maybe_moment(row["ended_at"]),
        version=row["version"],
    )


def _searcher(row: Row) -> Searcher:
    return Searcher(row["person"], row["name"], row["place"], ChatId(row["channel"], row["chat"]), Ring(row["ring"]))


def _sighting(row: Row) -> Sighting:
    return Sighting(
        moment(row["seen_at"]),
        row["person"],
        row["words"],
        unpacked(row["attachments"]),
        location_of(row),
        row["id"],
    )
