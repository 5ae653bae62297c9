"""What was personal of a case, erased from every table that has it, and soon after from the bytes of the file."""

import json
from collections.abc import Iterable

from domain.chat import Attachment
from storage.attachments import unpacked
from storage.database import Database, marks
from storage.outbox import about

WEB = "web"
"""The channel whose talk and pictures are kept in this file."""


class Erasure:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def erase(self, number: int) -> None:
        """A case keeps its number, its times, its state and its log; what people said of it, and showed, goes."""
        row = await self._db.one("SELECT attachments FROM cases WHERE id = ?", number)
        pictures = list(unpacked(row["attachments"])) if row else []
        seen = await self._db.all("DELETE FROM sightings WHERE search = ? RETURNING attachments", number)
        pictures += [kept for sighting in seen for kept in unpacked(sighting["attachments"])]
        pictures += await self._of_search(number)
        await self._db.run(
            """UPDATE cases SET text = '', attachments = '[]', latitude = NULL, longitude = NULL, outcome = '',
                                place = '', served = '' WHERE id = ?""",
            number,
        )
        await self._db.run("UPDATE case_log SET words = '' WHERE case_id = ?", number)
        await self._db.run("DELETE FROM searchers WHERE search = ?", number)
        await self._messages(number)
        await self._web_pictures(pictures)
        await self._files(pictures)
        self._db.leave_no_bytes()

    async def _of_search(self, number: int) -> list[Attachment]:
        row = await self._db.one("SELECT missing FROM searches WHERE id = ?", number)
        photo = json.loads(row["missing"]).get("photo") if row else None
        return list(unpacked(json.dumps([photo]))) if photo else []

    async def _messages(self, number: int) -> None:
        """What was promised and waits no more to be said is read by nobody; and what was typed and said of it in the
        web chat."""
        await self._db.run("UPDATE outbox SET body = '' WHERE state NOT IN ('queued', 'sending') AND body <> ''")
        where, names = about(number, CARDS)
        await self._db.run(
            f"""UPDATE web_messages SET text = '', media = NULL, latitude = NULL, longitude = NULL,
                       revision = revision + (SELECT max(revision) FROM web_messages)
                WHERE {where} OR CAST(id AS TEXT) IN
                      (SELECT message_id FROM case_messages WHERE case_id = ? AND channel = '{WEB}'
                       AND case_messages.chat = web_messages.chat)""",
            *names,
            number,
        )

    async def _files(self, pictures: Iterable[Attachment]) -> None:
        """What was fetched from a service that keeps nothing itself. A name is that of one picture only."""
        names = sorted({kept.file_id for kept in pictures})
        if names:
            await self._db.run(f"DELETE FROM files WHERE id IN ({marks(names)})", *names)

    async def _web_pictures(self, pictures: Iterable[Attachment]) -> None:
        names = sorted({kept.file_id for kept in pictures if kept.channel == WEB})
        if names:
            await self._db.run(f"UPDATE web_messages SET media = NULL WHERE media IN ({marks(names)})", *names)
            await self._db.run(f"DELETE FROM web_media WHERE id IN ({marks(names)})", *names)


CARDS = (
    "case", "missing", "search", "photo", "sighting", "look", "rejected", "outcome", "verify", "assign", "added",
    "know", "there", "correct",
)  # fmt: skip
"""The cards that may tell of a case: `name:NUMBER`, and what follows after another colon."""
