"""What people say on WeCom, kept before anything is answered: many in one commit, never more than the disk takes."""

import asyncio
import json

import structlog

from bot.channels import Receive
from bot.channels.backoff import growing
from bot.channels.wecom.frames import CHANNEL, Json, body_of, req_id_of
from bot.channels.wecom.media import Cellar
from bot.channels.wecom.moments import Moments
from bot.channels.wecom.translate import LONGEST_ID
from storage.inbox import Arrival

BATCH = 100
"""Frames in one commit, and as many that wait for it. WeCom is not read meanwhile, and keeps them in its own line."""

RETRY_SECONDS = 0.5, 10.0
"""Between two tries while the disk is out of order."""

log = structlog.get_logger()


class Ear:
    def __init__(self, cellar: Cellar, moments: Moments) -> None:
        self._cellar = cellar
        self._moments = moments
        self._waiting: asyncio.Queue[Arrival] = asyncio.Queue(BATCH)

    async def heard(self, frame: Json) -> None:
        body = body_of(frame)
        number = body.get("msgid")
        if not isinstance(number, str) or not 0 < len(number) <= LONGEST_ID:
            # Without a name of its own it could be handled twice; and nobody could be answered.
            log.warning("wecom_frame_nameless")
            return
        self._moments.note(body, req_id_of(frame))
        self._cellar.expect(body)
        # In ASCII: half an emoji, which JSON may carry and a database may not, stays written out in it.
        await self._waiting.put(Arrival(CHANNEL, number, json.dumps(body, separators=(",", ":"))))

    async def keep(self, receive: Receive) -> None:
        """Until cancelled; what is in hand then goes to the disk first."""
        in_hand: list[Arrival] = []
        try:
            while True:
                in_hand = [await self._waiting.get(), *self._drained()]
                await self._until_kept(receive, in_hand)
                in_hand = []
        finally:
            if rest := [*in_hand, *self._drained()]:
                await receive(rest)

    async def _until_kept(self, receive: Receive, arrivals: list[Arrival]) -> None:
        failures = 0
        while True:
            try:
                return await receive(arrivals)
            except Exception as error:  # noqa: BLE001 -- WeCom brings nothing twice: it has to be tried until it is kept
                failures += 1
                log.error("updates_not_kept", error=type(error).__name__, failures=failures)
                await asyncio.sleep(growing(failures, *RETRY_SECONDS))

    def _drained(self) -> list[Arrival]:
        return [self._waiting.get_nowait() for _n in range(min(BATCH - 1, self._waiting.qsize()))]
