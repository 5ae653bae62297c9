"""预警, 通知, 演练: what was written, where it went, and how many it reached."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from domain.broadcast import Broadcast
from domain.chat import ChatId
from domain.colour import Colour
from domain.people import Who
from domain.stages import Deed, Line, Receipts, Sort, Stage
from storage.areas import Told
from storage.cases import Stale
from storage.database import Database, Row, maybe_moment, maybe_stamp, moment, stamp

NEWEST = 200
"""How far back a list looks; what is older is found by its number."""

_BROADCAST = """
SELECT broadcasts.*, authors.name AS author_name, approvers.name AS approver_name
FROM broadcasts JOIN people AS authors ON authors.id = broadcasts.author
LEFT JOIN people AS approvers ON approvers.id = broadcasts.approver
"""


class Arrival(Enum):
    """What became of one copy, the best first."""

    SENT = "sent"
    WAITING = "waiting"
    DOUBT = "doubt"
    FAILED = "failed"
    RECALLED = "recalled"


_ARRIVALS = {
    "queued": Arrival.WAITING,
    "sending": Arrival.WAITING,
    "sent": Arrival.SENT,
    "doubt": Arrival.DOUBT,
    "dead": Arrival.FAILED,
    "superseded": Arrival.RECALLED,
}


@dataclass(frozen=True)
class Copy:
    chat: ChatId
    title: str
    code: str
    grid: str
    arrival: Arrival
    why: str


class Broadcasts:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def get(self, number: int) -> Broadcast | None:
        row = await self._db.one(f"{_BROADCAST} WHERE broadcasts.id = ?", number)
        return _broadcast(row) if row else None

    async def newest(self) -> list[Broadcast]:
        """Whatever its stage, but for what its author dropped."""
        rows = await self._db.all(
            f"{_BROADCAST} WHERE stage <> 'discarded' ORDER BY broadcasts.id DESC LIMIT ?", NEWEST
        )
        return [_broadcast(row) for row in rows]

    async def add(self, broadcast: Broadcast) -> Broadcast:
        row = await self._db.one(
            """INSERT INTO broadcasts (sort, colour, stage, text, template, answers, area, author, training,
                                       receipts, created_at, onset_at, expires_at, due_at, revises, cap)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id""",
            broadcast.sort.value,
            broadcast.colour.code if broadcast.colour else None,
            broadcast.stage.value,
            broadcast.text,
            broadcast.template,
            json.dumps(broadcast.answers, ensure_ascii=False),
            json.dumps(broadcast.area),
            broadcast.author.id,
            int(broadcast.training),
            broadcast.receipts.value,
            stamp(broadcast.created_at),
            maybe_stamp(broadcast.onset_at),
            maybe_stamp(broadcast.expires_at),
            maybe_stamp(broadcast.due_at),
            broadcast.revises,
            broadcast.cap,
        )
        assert row  # noqa: S101
        added = replace(broadcast, id=row["id"], version=1)
        await self._log(added.id, (Line(Deed.WRITTEN, broadcast.created_at, broadcast.author), *broadcast.news))
        return replace(added, news=())

    async def save(self, broadcast: Broadcast) -> Broadcast:
        """Stale where the row moved on since it was loaded."""
        saved = await self._db.one(
            """UPDATE broadcasts SET colour = ?, stage = ?, text = ?, template = ?, answers = ?, area = ?, approver = ?,
                                     bypass = ?, receipts = ?, submitted_at = ?, sent_at = ?, onset_at = ?,
                                     expires_at = ?, ended_at = ?, due_at = ?, version = version + 1
               WHERE id = ? AND version = ? RETURNING version""",
            broadcast.colour.code if broadcast.colour else None,
            broadcast.stage.value,
            broadcast.text,
            broadcast.template,
            json.dumps(broadcast.answers, ensure_ascii=False),
            json.dumps(broadcast.area),
            broadcast.approver.id if broadcast.approver else None,
            broadcast.bypass,
            broadcast.receipts.value,
            maybe_stamp(broadcast.submitted_at),
            maybe_stamp(broadcast.sent_at),
            maybe_stamp(broadcast.onset_at),
            maybe_stamp(broadcast.expires_at),
            maybe_stamp(broadcast.ended_at),
            maybe_stamp(broadcast.due_at),
            broadcast.id,
            broadcast.version,
        )
        if saved is None:
            raise Stale(broadcast.number)
        await self._log(broadcast.id, broadcast.news)
        return replace(broadcast, version=saved["version"], news=())

    async def _log(self, number: int, lines: Sequence[Line]) -> None:
        await self._db.run_many(
            "INSERT INTO broadcast_log (broadcast, at, event, person, words) VALUES (?, ?, ?, ?, ?)",
            [(number, stamp(line.at), line.deed.value, line.by.id if line.by else None, line.words) for line in lines],
        )

    async def log(self, number: int) -> list[Line]:
        rows = await self._db.all(
            """SELECT broadcast_log.*, people.name FROM broadcast_log
               LEFT JOIN people ON people.id = broadcast_log.person WHERE broadcast = ? ORDER BY broadcast_log.id""",
            number,
        )
        return [
            Line(
                Deed(row["event"]),
                moment(row["at"]),
                Who(row["person"], row["name"]) if row["person"] is not None else None,
                row["words"],
            )
            for row in rows
        ]

    # -- where it went -------------------------------------------------------------------------------------------

    async def tell(self, number: int, told: Sequence[Told]) -> None:
        await self._db.run_many(
            "INSERT INTO broadcast_chats (broadcast, channel, chat, grid) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            [(number, *one.chat, one.grid) for one in told],
        )

    async def told(self, number: int) -> list[Told]:
        rows = await self._db.all(
            """SELECT told.channel, told.chat, told.grid, hearing.grid IS NOT NULL AS hears_only
               FROM broadcast_chats AS told
               LEFT JOIN hearing_groups AS hearing ON hearing.channel = told.channel AND hearing.chat = told.chat
               WHERE told.broadcast = ? ORDER BY told.channel, told.chat""",
            number,
        )
        return [Told(ChatId(row["channel"], row["chat"]), row["grid"], bool(row["hears_only"])) for row in rows]

    async def copies(self, number: int) -> list[Copy]:
        """What became of each copy. A message that is known in its chat arrived, whatever became of later changes."""
        card = f"alert:{number}"
        rows = await self._db.all(
            """SELECT told.channel, told.chat, chats.title, grids.code, grids.name, cards.message_id
               FROM broadcast_chats AS told JOIN grids ON grids.code = told.grid
               LEFT JOIN chats ON chats.channel = told.channel AND chats.chat = told.chat
               LEFT JOIN cards ON cards.channel = told.channel AND cards.chat = told.chat AND cards.card = ?
               WHERE told.broadcast = ? ORDER BY grids.code, told.channel, told.chat""",
            card,
            number,
        )
        last = {
            ChatId(row["channel"], row["chat"]): (_ARRIVALS[row["state"]], row["reason"] or "")
            for row in await self._db.all(
                """SELECT channel, chat, state, reason FROM outbox
                   WHERE card = ? ORDER BY id""",
                card,
            )
        }
        return [_copy(row, last) for row in rows]


def _copy(row: Row, last: dict[ChatId, tuple[Arrival, str]]) -> Copy:
    chat = ChatId(row["channel"], row["chat"])
    arrival, why = last.get(chat, (Arrival.RECALLED, ""))
    if row["message_id"] is not None:
        arrival = Arrival.SENT
    return Copy(chat, row["title"] or row["chat"], row["code"], row["name"], arrival, why)


def _broadcast(row: Row) -> Broadcast:
    return Broadcast(
        sort=Sort(row["sort"]),
        author=Who(row["author"], row["author_name"]),
        created_at=moment(row["created_at"]),
        id=row["id"],
        colour=Colour[row["colour"].upper()] if row["colour"] else None,
        stage=Stage(row["stage"]),
        text=row["text"],
        template=row["template"],
        answers=json.loads(row["answers"]),
        area=tuple(json.loads(row["area"])),
        approver=Who(row["approver"], row["approver_name"]) if row["approver"] is not None else None,
        bypass=row["bypass"],
        training=bool(row["training"]),
        receipts=Receipts(row["receipts"]),
        submitted_at=maybe_moment(row["submitted_at"]),
        sent_at=maybe_moment(row["sent_at"]),
        onset_at=maybe_moment(row["onset_at"]),
        expires_at=maybe_moment(row["expires_at"]),
        ended_at=maybe_moment(row["ended_at"]),
        due_at=maybe_moment(row["due_at"]),
        revises=row["revises"],
        cap=row["cap"],
        version=row["version"],
    )
