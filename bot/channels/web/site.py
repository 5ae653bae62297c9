"""The web chat's addresses: the page, and signing in."""

import secrets
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.channels.web import frames
from bot.channels.web.answers import Door, answered, body_of, token_of
from bot.channels.web.guard import address_of
from bot.channels.web.limits import FORM_BYTES, SIGN_IN, Buckets
from bot.channels.web.rooms import private_room
from bot.channels.web.sessions import Sessions, SignedIn, proper
from bot.channels.web.talk import Talk
from bot.channels.web.texts import texts
from bot.clock import Clock
from domain.language import _
from domain.settings import Settings
from storage.store import Store

STATIC = Path(__file__).parent / "static"


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


class Site:
    def __init__(self, store: Store, clock: Clock, talk: Talk, sessions: Sessions, door: Door) -> None:
        self._store = store
        self._clock = clock
        self._talk = talk
        self._sessions = sessions
        self._door = door
        self._signing_in = Buckets(SIGN_IN)

    def routes(self, settings: Settings) -> list[BaseRoute]:
        async def spoken(_request: Request) -> Response:
            return JSONResponse({**texts(), "timezone": str(settings.timezone)})

        return [
            *(Route(path, _page) for path in ("/", "/chat", "/join/{poster}")),
            Mount("/static", StaticFiles(directory=STATIC)),
            Route("/texts.json", spoken),
            Route("/api/posters/{poster}", answered(self._poster)),
            Route("/api/enter", answered(self._enter), methods=["POST"]),
            Route("/api/join", answered(self._join), methods=["POST"]),
            Route("/api/leave", answered(self._leave), methods=["POST"]),
        ]

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
        if token_of(request):
            who = await self._door.who(request)
            await self._sessions.squad_of(form.poster)
            signed_in = SignedIn(token_of(request), who)
        else:
            signed_in = await self._sessions.by_poster(form.poster, proper(form.name, _("姓名")))
        await self._talk.knock(signed_in.who, _new_id(), form.poster, door)
        return _let_in(signed_in)

    async def _leave(self, request: Request) -> Response:
        self._door.must_be_ours(request)
        await self._sessions.leave(token_of(request))
        return JSONResponse({})

    # -- what they share ---------------------------------------------------------

    async def _form(self, request: Request, kind: type[Form]) -> Form:
        self._door.must_be_ours(request)
        return kind.model_validate_json(await body_of(request, FORM_BYTES, ""))

    def _slowly(self, request: Request) -> None:
        address = address_of(request.client.host if request.client else "")
        self._signing_in.take(address, self._clock.monotonic())


def _let_in(signed_in: SignedIn) -> Response:
    who = signed_in.who
    return JSONResponse({"token": signed_in.token, "account": who.account.account, "name": who.name}, 201)


def _new_id() -> str:
    return secrets.token_urlsafe(12)


async def _page(_request: Request) -> Response:
    return FileResponse(STATIC / "chat.html")
