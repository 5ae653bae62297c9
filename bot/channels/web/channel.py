"""The built-in web chat as a channel: its own server, in the bot's own loop, on the village's own file."""

import asyncio
import contextlib
import errno
import socket
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import structlog
import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute, WebSocketRoute

from bot.channels import Fetch, Later, Never, Receive
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
from bot.config import ConfigError
from domain.chat import Incoming, Outgoing
from domain.language import _
from domain.pace import Pace
from domain.settings import Settings
from storage.store import Store

KEEP = timedelta(days=365)
"""How long talk stays, and what was shown in it: whoever asks about last summer's flood finds it. Cases are kept
elsewhere."""

FORGET_SECONDS = 24 * 60 * 60.0

STOP_SECONDS = 3
"""How long a stop waits for requests that are under way; pages come back by themselves."""

BACKLOG = 512
"""Connections that wait to be accepted: a village that comes back after a restart."""

log = structlog.get_logger()


class WebChannel:
    name = WEB
    pace = Pace()

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
    ) -> None:
        """The port is taken here, so that one in use is said before anything starts. `fetch` brings what other
        channels keep; `front` are pages that go before the chat's own, as the demo's do."""
        self._store = store
        self._clock = clock
        self._socket = _listen(host, port)
        self.port: int = self._socket.getsockname()[1]
        self.url = (public_url or f"http://{_in_url(host)}:{self.port}").rstrip("/")
        guard = Guard(host, public_url)
        self.sessions = Sessions(store, clock)
        shelf, door = Shelf(store, clock, fetch), Door(self.sessions, guard)
        self.talk = Talk(store, clock, shelf)
        site = Site(store, clock, self.talk, self.sessions, door)
        media = MediaSite(store, clock, shelf, self.talk.rooms, door)
        sockets = Sockets(self.talk, self.sessions, guard, clock)
        pages = Starlette(
            routes=[*front, *media.routes(), *site.routes(settings), WebSocketRoute("/socket", sockets.serve)]
        )
        self._server = _Server(
            uvicorn.Config(
                guard.wrap(pages),
                # Only a proxy on this machine may say whom it speaks for, and only where there is one.
                proxy_headers=public_url is not None,
                forwarded_allow_ips="127.0.0.1,::1",
                access_log=False,
                log_config=None,
                server_header=False,
                lifespan="off",
                limit_concurrency=CONNECTIONS,
                ws="websockets-sansio",
                ws_max_size=FRAME_BYTES,
                timeout_graceful_shutdown=STOP_SECONDS,
            )
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


class _Server(uvicorn.Server):
    """Signals are the bot's own business: it stops the whole house in order."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def serve_until_cancelled(self, listening: socket.socket) -> None:
        serving = asyncio.ensure_future(self.serve(sockets=[listening]))
        try:
            await asyncio.shield(serving)
        finally:
            self.should_exit = True
            await serving


def _listen(host: str, port: int) -> socket.socket:
    """The port, taken; ConfigError with what to do where that cannot be."""
    try:
        family, kind, proto, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        taken = socket.socket(family, kind, proto)
        try:
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            taken.bind(address)
            taken.listen(BACKLOG)
        except OSError:
            taken.close()
            raise
    except OSError as error:
        raise ConfigError(_why_not(error, host, port)) from error
    taken.setblocking(False)
    return taken


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        why = _("端口 {port} 已经被别的程序占用。请关掉那个程序，或换一个端口。")
    elif error.errno == errno.EACCES:
        why = _("没有权限使用端口 {port}。请用 1024 以上的端口。")
    else:
        why = _("不能在 {host} 的端口 {port} 上打开网页聊天：{error}。请检查 [web] host 和 port。")
    return why.format(port=port, host=host, error=error.strerror)


def _in_url(host: str) -> str:
    if host in ("0.0.0.0", "::"):  # noqa: S104 -- not bound here, only shown
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host
