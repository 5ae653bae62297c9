"""From what a service delivered to what was said: read in its turn, or ahead of it while the disk makes others wait."""

import asyncio
import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from bot.channels import Translate
from bot.judge import UNDELIVERED
from domain.chat import ChatId, ChatKind, Incoming, Said, Undelivered
from handlers.routing import Routes
from lexicon.recogniser import Recogniser
from storage.inbox import Arrival


class Reader:
    def __init__(self, translate: Mapping[str, Translate], routes: Routes, recogniser: Recogniser) -> None:
        self._translate: dict[str, Translate] = {**translate, UNDELIVERED: undelivered}
        self._routes = routes
        self._recogniser = recogniser
        self._ahead: dict[int, Incoming | None] = {}

    def understand(self, channel: str, translate: Translate) -> None:
        """What comes in by this channel is read by its own `translate`."""
        self._translate[channel] = translate

    def read(self, arrival: Arrival) -> Incoming | None:
        return self._translate[arrival.channel](json.loads(arrival.payload))

    def read_all(self, arrivals: Iterable[Arrival]) -> dict[int, Incoming | None]:
        """What came in, by its number. What cannot be read is left out, and found out when its turn comes."""
        read = {}
        for arrival in arrivals:
            with suppress(Exception):
                read[arrival.seq] = self._ahead.pop(arrival.seq, None) or self.read(arrival)
        return read

    async def read_ahead(self, arrivals: Sequence[Arrival]) -> None:
        """The next batch is read while what this one promised is written and sent: the disk makes the pump wait, and
        nobody else."""
        self._ahead = {}
        for arrival in arrivals:
            await asyncio.sleep(0)
            self._ahead |= self.read_all([arrival])
            if isinstance(said := self._ahead.get(arrival.seq), Said):
                _word, rest = self._routes.spoken(said.text) or (None, said.text)
                self._recogniser.read_ahead(rest)


def undelivered(payload: Any) -> Incoming:
    """What the pump reports of a message that did not arrive, as it came in through the inbox."""
    chat = ChatId(*payload["chat"])
    return Undelivered(
        chat,
        ChatKind.GROUP,
        payload.get("title", ""),
        None,
        None,
        payload["card"],
        payload["why"],
        payload["unreachable"],
        # One that waited through an upgrade does not say.
        payload.get("row", 0),
    )
