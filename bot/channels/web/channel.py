"""The built-in web chat as a channel: its own server, in the bot's own loop, on the village's own file."""

import asyncio
import sqlite3
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import structlog
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Route, WebSocketRoute

from bot.channels import Fetch, Health, Later, Never, Receive
from bot.channels.web import frames
from bot.channels.web.answers import Door
from bot.channels.web.guard import Guard
from bot.channels.web.limits import CONNECTIONS, FRAME_BYTES
from bot.channels.web.media import MediaSite, Shelf
from bot.channels.web.rooms import WEB
from bot.channels.web.sessions import Sessions
from bot.channels.web.site import Site
from bot.channels.web.socket import Sockets
from bot.channels.web.talk import Talk
from bot.clock import Clock
from bot.http import Server, listen
from domain.chat import Incoming, Outgoing
from domain.pace import Pace
from domain.settings import Settings
from storage.store import Store

KEEP = timedelta(days=365)
"""How long talk stays, and what was shown in it: whoever asks about last summer's flood finds it. Cases are kept
elsewhere."""

FORGET_SECONDS = 24 * 60 * 60.0

log = structlog.get_logger()


class WebChannel:
    name = WEB
    pace = Pace()
    keeps: timedelta | None = None
    changes_every: timedelta | None = None

    def __init__(
        self,
        store: Store,
        clock: Clock,
        settings: Settings,
        host: str,
        port: int,
        public_url: str | None = None,
        fetch: Fetch | None = None,
        front: Sequence[BaseRoute] = (),
        machines: Sequence[Route] = (),
    ) -> None:
        """The port is taken here, so that one in use is said before anything starts. `fetch` brings what other
        channels keep; `front` are pages that go before the chat's own, as the demo's do; `machines` are for programs,
        who may call this machine by any name."""
        self.health = Health()
        self._store = store
        self._clock = clock
        self._socket = listen(host, port, "web")
        self.port: int = self._socket.getsockname()[1]
        self.url = (public_url or f"http://{_in_url(host)}:{self.port}").rstrip("/")
        guard = Guard(host, public_url, frozenset(route.path for route in machines))
        self.sessions = Sessions(store, clock)
        shelf, door = Shelf(store, clock, fetch), Door(self.sessions, guard)
        self.talk = Talk(store, clock, shelf)
        site = Site(store, clock, self.talk, self.sessions, door)
        media = MediaSite(store, clock, shelf, self.talk.rooms, door)
        sockets = Sockets(self.talk, self.sessions, guard, clock)
        talking = WebSocketRoute("/socket", sockets.serve)
        pages = Starlette(routes=[*machines, *front, *media.routes(), *site.routes(settings), talking])
        self._server = Server.of(
            guard.wrap(pages),
            # Only a proxy on this machine may say whom it speaks for, and only where there is one.
            proxy_headers=public_url is not None,
            forwarded_allow_ips="127.0.0.1,::1",
            limit_concurrency=CONNECTIONS,
            ws="websockets-sansio",
            ws_max_size=FRAME_BYTES,
        )

    def translate(self, payload: Any) -> Incoming | None:
        return frames.translate(payload)

    async def run(self, receive: Receive) -> None:
        self.talk.receive = receive
        async with asyncio.TaskGroup() as tasks:
            forgetting = tasks.create_task(self._forget())
            try:
                await self._server.serve_until_cancelled(self._socket)
            finally:
                forgetting.cancel()

    async def deliver(self, out: Outgoing, edits: str | None) -> str | None:
        return await self.talk.deliver(out, edits)

    async def fetch(self, file_id: str) -> bytes:
        try:
            async with self._store.transaction():
                kept = await self._store.webchat.media.get(file_id)
        except sqlite3.Error as error:
            raise Later(type(error).__name__) from error
        if kept is None:
            raise Never("not kept any more")
        return kept.data

    async def close(self) -> None:
        self._socket.close()

    async def _forget(self) -> None:
        while True:
            now = self._clock.now()
            try:
                async with self._store.transaction():
                    await self._store.webchat.forget(now - KEEP, now)
            except sqlite3.Error as error:
                log.error("web_chat_not_swept", error=type(error).__name__)
            await asyncio.sleep(FORGET_SECONDS)


def _in_url(host: str) -> str:
    if host in ("0.0.0.0", "::"):  # noqa: S104 -- not bound here, only shown
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host
