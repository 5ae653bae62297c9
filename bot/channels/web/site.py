"""The web chat's addresses: the page, signing in, pictures, and whether it is well."""

import asyncio
import secrets
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.channels import Later
from bot.channels.web import frames
from bot.channels.web.guard import Guard, address_of
from bot.channels.web.limits import (
    FORM_BYTES,
    PHOTO_BYTES,
    PHOTOS,
    SIGN_IN,
    UPLOAD_SECONDS,
    UPLOADS,
    Buckets,
    TooFast,
)
from bot.channels.web.photos import Darkroom
from bot.channels.web.rooms import private_room, sender
from bot.channels.web.sessions import Sessions, SignedIn, proper
from bot.channels.web.talk import Talk
from bot.channels.web.texts import texts
from bot.clock import Clock
from domain.chat import Sender
from domain.language import _
from domain.refused import Refused
from domain.settings import Settings
from storage.store import Store

STATIC = Path(__file__).parent / "static"

PICTURE_HEADERS = {"Cache-Control": "private, max-age=86400, immutable"}
"""A picture never changes under its name; a browser keeps it for a day."""


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Entering(_Form):
    code: str = Field(max_length=100)
    name: str = Field(max_length=400)


class Joining(_Form):
    poster: str = Field(max_length=100)
    name: str = Field("", max_length=400)
    door: str = Field(max_length=400)


Form = TypeVar("Form", bound=_Form)


class _No(Exception):  # noqa: N818 -- an answer, not a fault
    def __init__(self, status: int, sentence: str = "") -> None:
        super().__init__(sentence)
        self.status = status


Handler = Callable[[Request], Awaitable[Response]]


class Site:
    def __init__(
        self, store: Store, clock: Clock, talk: Talk, sessions: Sessions, guard: Guard, room: Darkroom
    ) -> None:
        self._store = store
        self._clock = clock
        self._talk = talk
        self._sessions = sessions
        self._guard = guard
        self._darkroom = room
        self._signing_in = Buckets(SIGN_IN)
        self._photos = Buckets(PHOTOS)
        self._uploads = asyncio.Semaphore(UPLOADS)

    def routes(self, settings: Settings) -> list[BaseRoute]:
        async def spoken(_request: Request) -> Response:
            return JSONResponse({**texts(), "timezone": str(settings.timezone)})

        return [
            *(Route(path, _page) for path in ("/", "/chat", "/join/{poster}")),
            Mount("/static", StaticFiles(directory=STATIC)),
            Route("/texts.json", spoken),
            Route("/healthz", self._healthz),
            Route("/api/posters/{poster}", _answered(self._poster)),
            Route("/api/enter", _answered(self._enter), methods=["POST"]),
            Route("/api/join", _answered(self._join), methods=["POST"]),
            Route("/api/leave", _answered(self._leave), methods=["POST"]),
            Route("/api/photos", _answered(self._upload), methods=["POST"]),
            Route("/api/photos/{name}", _answered(self._photo)),
        ]

    async def _healthz(self, _request: Request) -> Response:
        """Whether messages can be kept: the one thing that everything else hangs on."""
        try:
            async with self._store.transaction():
                await self._store.webchat.revision()
        except sqlite3.Error:
            return JSONResponse({"ok": False}, 503)
        return JSONResponse({"ok": True})

    # -- signing in --------------------------------------------------------------

    async def _poster(self, request: Request) -> Response:
        self._slowly(request)
        return JSONResponse({"squad": await self._sessions.squad_of(request.path_params["poster"])})

    async def _enter(self, request: Request) -> Response:
        self._slowly(request)
        form = await self._form(request, Entering)
        signed_in = await self._sessions.by_invitation(form.code, proper(form.name, _("姓名")))
        words = _("加入 {code}").format(code=form.code.strip().upper())
        room = private_room(signed_in.who)
        await self._talk.say(signed_in.who, frames.Say(type="say", id=_new_id(), room=room.id, text=words))
        return _let_in(signed_in)

    async def _join(self, request: Request) -> Response:
        """By a squad's poster. A browser that is signed in already stays the person it is."""
        self._slowly(request)
        form = await self._form(request, Joining)
        door = proper(form.door, _("门牌"))
        if _token(request):
            who = await self._who(request)
            await self._sessions.squad_of(form.poster)
            signed_in = SignedIn(_token(request), who)
        else:
            signed_in = await self._sessions.by_poster(form.poster, proper(form.name, _("姓名")))
        await self._talk.knock(signed_in.who, _new_id(), form.poster, door)
        return _let_in(signed_in)

    async def _leave(self, request: Request) -> Response:
        self._must_be_ours(request)
        await self._sessions.leave(_token(request))
        return JSONResponse({})

    # -- pictures ----------------------------------------------------------------

    async def _upload(self, request: Request) -> Response:
        self._must_be_ours(request)
        who = await self._who(request)
        self._photos.take(who.account.account, self._clock.monotonic())
        async with self._uploads, asyncio.timeout(UPLOAD_SECONDS):
            data = await _body(request, PHOTO_BYTES, _("照片太大了，最多 10 MB。"))
            jpeg = await self._darkroom.develop(data)
        async with self._store.transaction():
            name = await self._store.webchat.photos.keep(jpeg, who.account.account, self._clock.now())
        return JSONResponse({"photo": name}, 201)

    async def _photo(self, request: Request) -> Response:
        """To whoever sent it, and to whoever may be in a room that shows it."""
        who, name = await self._who(request), request.path_params["name"]
        photos = self._store.webchat.photos
        async with self._store.transaction():
            rooms = [room.id for room in await self._talk.rooms.of(who)]
            seen = await photos.belongs_to(name, who.account.account) or await photos.stands_in(name, rooms)
            jpeg = await photos.get(name) if seen else None
        if jpeg is None:
            raise _No(404, _("这张照片已经不在了。"))
        return Response(jpeg, media_type="image/jpeg", headers=PICTURE_HEADERS)

    # -- what they share ---------------------------------------------------------

    async def _form(self, request: Request, kind: type[Form]) -> Form:
        self._must_be_ours(request)
        return kind.model_validate_json(await _body(request, FORM_BYTES, ""))

    async def _who(self, request: Request) -> Sender:
        session = await self._sessions.known(_token(request))
        if session is None:
            raise _No(401, _("请先进来：用邀请码，或扫小队的二维码。"))
        return sender(session.account, session.name)

    def _must_be_ours(self, request: Request) -> None:
        if not self._guard.same_origin(request.headers):
            raise _No(403)

    def _slowly(self, request: Request) -> None:
        address = address_of(request.client.host if request.client else "")
        self._signing_in.take(address, self._clock.monotonic())


def _answered(handler: Handler) -> Handler:
    """What went wrong is said in a sentence that the page shows as it is."""

    async def answered(request: Request) -> Response:
        try:
            return await handler(request)
        except TooFast as fast:
            return _sorry(429, fast.sentence, {"Retry-After": str(round(fast.after + 0.5))})
        except Refused as refused:
            return _sorry(422, refused.sentence)
        except ValidationError:
            return _sorry(422, _("这个页面太旧了，请刷新后再试。"))
        except Later:
            return _sorry(503, _("正在启动，请等一会儿再试。"))
        except TimeoutError:
            return _sorry(408, _("网络太慢，没传完。请再试一次。"))
        except ClientDisconnect:
            return Response(status_code=400)
        except _No as no:
            return _sorry(no.status, str(no))

    return answered


def _sorry(status: int, sentence: str, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"text": sentence}, status, headers)


def _let_in(signed_in: SignedIn) -> Response:
    who = signed_in.who
    return JSONResponse({"token": signed_in.token, "account": who.account.account, "name": who.name}, 201)


def _token(request: Request) -> str:
    scheme, _space, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


async def _body(request: Request, limit: int, too_long: str) -> bytes:
    """Read no further than the limit, whatever the headers promise."""
    if int(request.headers.get("content-length") or 0) > limit:
        raise _No(413, too_long)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise _No(413, too_long)
    return bytes(body)


def _new_id() -> str:
    return secrets.token_urlsafe(12)


async def _page(_request: Request) -> Response:
    return FileResponse(STATIC / "chat.html")
