"""Pictures, voices, videos and files of the web chat: handed in by people, brought from other channels, shown."""

import asyncio
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.channels import Fetch
from bot.channels.carrier import GONE, Brought, Carrier, Missing
from bot.channels.formats import suffix_of
from bot.channels.web.answers import Door, No, answered, body_of
from bot.channels.web.limits import (
    BYTES_A_DAY,
    FILE_BYTES,
    LONGEST_RECORDING,
    PHOTO_BYTES,
    UPLOAD_SECONDS,
    UPLOADS,
    UPLOADS_AT_ONCE,
    Buckets,
    TooFast,
)
from bot.channels.web.rooms import WEB, Rooms
from bot.clock import Clock
from domain.chat import Attachment, Medium
from domain.language import _
from domain.refused import Refused
from storage.store import Store
from storage.webmedia import Kept

MOST_REMEMBERED = 500
"""Things of other channels that were brought and are kept here already. The oldest are forgotten, and brought again."""

HEADERS = {"Cache-Control": "private, max-age=86400, immutable"}
"""What is kept never changes under its name; a browser keeps it for a day."""


class _Asked(BaseModel):
    """What a page says of what it hands in: how it is to be shown, and how long it lasts."""

    model_config = ConfigDict(extra="forbid")

    medium: Medium
    seconds: Annotated[int, Field(ge=0, le=LONGEST_RECORDING)] = 0


class Shelf:
    """Where they are kept. What another channel keeps is brought once, for all the rooms it is shown in."""

    def __init__(self, store: Store, clock: Clock, fetch: Fetch | None) -> None:
        self._store = store
        self._clock = clock
        self._carrier = Carrier(fetch, clock)
        self._brought: dict[Attachment, Attachment] = {}

    async def take(self, account: str, medium: Medium, data: bytes, seconds: int) -> Attachment:
        """From somebody's hand; Refused where it cannot be shown."""
        brought = await self._carrier.unpack(medium, data)
        return await self._keep(brought, seconds, account)

    async def place(self, attachment: Attachment, *, urgent: bool = False) -> Attachment:
        """As this channel keeps it; Missing where it cannot be had."""
        ours = attachment if attachment.channel == WEB else self._brought.get(attachment)
        if ours and await self._has(ours):
            return ours
        if attachment.channel == WEB:
            raise Missing(attachment.medium, GONE)
        brought = await self._carrier.bring(attachment, urgent=urgent)
        ours = await self._keep(brought, attachment.seconds, None)
        self._brought[attachment] = ours
        if len(self._brought) > MOST_REMEMBERED:
            del self._brought[next(iter(self._brought))]
        return ours

    async def _has(self, ours: Attachment) -> bool:
        async with self._store.transaction():
            return await self._store.webchat.media.has(ours.file_id)

    async def _keep(self, brought: Brought, seconds: int, account: str | None) -> Attachment:
        kept = Kept(brought.medium, brought.format.type, brought.data, seconds)
        async with self._store.transaction():
            return await self._store.webchat.media.keep(kept, account, self._clock.now())


class MediaSite:
    """Their addresses."""

    def __init__(self, store: Store, clock: Clock, shelf: Shelf, rooms: Rooms, door: Door) -> None:
        self._store = store
        self._clock = clock
        self._shelf = shelf
        self._rooms = rooms
        self._door = door
        self._often = Buckets(UPLOADS)
        self._much = Buckets(BYTES_A_DAY)
        self._at_once = asyncio.Semaphore(UPLOADS_AT_ONCE)

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/api/media", answered(self._upload), methods=["POST"]),
            Route("/api/media/{name}", answered(self._show)),
        ]

    async def _upload(self, request: Request) -> Response:
        self._door.must_be_ours(request)
        who = await self._door.who(request)
        asked = _Asked.model_validate(dict(request.query_params))
        limit, too_large = _limit(asked.medium)
        self._often.take(who.account.account, self._clock.monotonic())
        async with self._at_once, asyncio.timeout(UPLOAD_SECONDS):
            data = await body_of(request, limit, too_large)
            self._budget(who.account.account, len(data))
            kept = await self._shelf.take(who.account.account, asked.medium, data, asked.seconds)
        return JSONResponse({"attachment": kept.file_id, "medium": kept.medium.value}, 201)

    def _budget(self, account: str, size: int) -> None:
        try:
            self._much.take(account, self._clock.monotonic(), size)
        except TooFast:
            raise Refused(_("您今天传得太多了，请明天再传，或用文字说。")) from None

    async def _show(self, request: Request) -> Response:
        """To whoever handed it in, and to whoever may be in a room that shows it."""
        who, name = await self._door.who(request), request.path_params["name"]
        media = self._store.webchat.media
        async with self._store.transaction():
            rooms = [room.id for room in await self._rooms.of(who)]
            seen = await media.of(who.account.account, name) or await media.stands_in(name, rooms)
            kept = await media.get(name) if seen else None
        if kept is None:
            raise No(404, _("这个已经不在了。"))
        return Response(kept.data, media_type=kept.type, headers=HEADERS | _saved_as(kept))


def _limit(medium: Medium) -> tuple[int, str]:
    if medium is Medium.PHOTO:
        return PHOTO_BYTES, _("照片太大了，最多 10 MB。")
    return FILE_BYTES, _("太大了，最多 20 MB。请拍短一点、录短一点再发。")


def _saved_as(kept: Kept) -> dict[str, str]:
    """A file is saved and never opened in the page's own place."""
    if kept.medium is not Medium.FILE:
        return {}
    return {"Content-Disposition": f'attachment; filename="gridbot.{suffix_of(kept.type)}"'}
