"""What goes with the words: brought from where it is kept, handed to WeCom once, and sent to each chat by its name."""

import asyncio
import base64
import hashlib
from typing import NamedTuple

from bot.channels import Doubt, Fetch, Later, Never
from bot.channels.carrier import BROKEN, NOT_NOW, TOO_LARGE, Brought, Carrier, Missing
from bot.channels.wecom.client import Client
from bot.channels.wecom.frames import UPLOAD_BEGIN, UPLOAD_END, UPLOAD_PART, Json
from bot.channels.wecom.line import Declined
from bot.channels.wecom.refusals import judged
from bot.clock import Clock
from domain.chat import Attachment, Medium

PART_BYTES = 512 * 1024
"""Of one step of an upload, before it is written in base64."""

LARGEST = {Medium.PHOTO: 10 * 1024 * 1024, Medium.VIDEO: 10 * 1024 * 1024, Medium.FILE: 20 * 1024 * 1024}
"""Bytes that WeCom takes. A voice has to be AMR there, which no browser and no Telegram makes: it goes as a file."""

_KINDS = {Medium.PHOTO: "image", Medium.VIDEO: "video", Medium.FILE: "file"}

KEPT_SECONDS = 2 * 24 * 60 * 60.0
"""How long a name is used again: WeCom forgets what it was handed after three days."""

MOST_REMEMBERED = 500
"""Names of a busy day. The oldest are forgotten."""


class Enclosed(NamedTuple):
    kind: str
    media_id: str

    @property
    def message(self) -> Json:
        return {"msgtype": self.kind, self.kind: {"media_id": self.media_id}}


class Enclosures:
    def __init__(self, client: Client, fetch: Fetch, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._carrier = Carrier(fetch, clock)
        self._known: dict[Attachment, tuple[Enclosed, float]] = {}
        self._turn = asyncio.Lock()

    async def of(self, attachment: Attachment, *, urgent: bool) -> Enclosed:
        """Missing where it cannot be had. One after the other: an alert's picture is handed over once for all."""
        async with self._turn:
            known, until = self._known.get(attachment, (None, 0.0))
            if known and self._clock.monotonic() < until:
                return known
            try:
                enclosed = await self._hand_over(await self._carrier.bring(attachment, urgent=urgent), attachment)
            except Later as error:
                if urgent:
                    raise Missing(attachment.medium, NOT_NOW) from error
                raise
            self._known[attachment] = enclosed, self._clock.monotonic() + KEPT_SECONDS
            if len(self._known) > MOST_REMEMBERED:
                del self._known[next(iter(self._known))]
            return enclosed

    async def _hand_over(self, brought: Brought, attachment: Attachment) -> Enclosed:
        medium = brought.medium if brought.medium in _KINDS else Medium.FILE
        if len(brought.data) > LARGEST[medium]:
            raise Missing(attachment.medium, TOO_LARGE)
        try:
            media_id = await self._upload(
                _KINDS[medium], f"{brought.medium.value}.{brought.format.suffix}", brought.data
            )
        except Declined as error:
            refused = judged(error)
            if isinstance(refused, Never):
                raise Missing(attachment.medium, BROKEN) from error
            raise refused from error
        except Doubt as error:
            # Nobody has seen anything yet, so it may be done again.
            raise Later(str(error)) from error
        return Enclosed(_KINDS[medium], media_id)

    async def _upload(self, kind: str, name: str, data: bytes) -> str:
        parts = [data[at : at + PART_BYTES] for at in range(0, len(data), PART_BYTES)]
        told = {"type": kind, "filename": name, "total_size": len(data), "total_chunks": len(parts)}
        digest = hashlib.md5(data, usedforsecurity=False).hexdigest()
        begun = await self._client.ask(UPLOAD_BEGIN, told | {"md5": digest})
        upload = {"upload_id": _named(begun, "upload_id")}
        for n, part in enumerate(parts):
            encoded = base64.b64encode(part).decode()
            await self._client.ask(UPLOAD_PART, upload | {"chunk_index": n, "base64_data": encoded})
        return _named(await self._client.ask(UPLOAD_END, upload), "media_id")


def _named(answer: Json, name: str) -> str:
    found = answer.get(name)
    if not isinstance(found, str):
        raise Doubt(f"an answer without {name}")
    return found
