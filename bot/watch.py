"""What machines that watch the bot may ask: whether it is alive, whether it can do its work, and its figures."""

import asyncio
import ipaddress
import socket
import sqlite3
from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.app import App
from bot.channels import Channel
from bot.http import Server, listen
from bot.metrics import figures
from domain.chat import HOUSE

LATEST_TICK_SECONDS = 30.0
"""The clock ticks every second; so long without a tick, and deadlines are not kept any more."""

DISK_SECONDS = 5.0
"""How long the answer may wait for the disk: whoever asks gives up soon after."""

FRESH_SECONDS = 1.0
"""How long an answer holds: whoever asks a thousand times a second costs one write."""


class Watch:
    def __init__(self, app: App) -> None:
        self._app = app
        self._asking = asyncio.Lock()
        self._asked_at = float("-inf")
        self._why: list[str] = []

    def routes(self, *, here_only: bool) -> list[Route]:
        """`here_only`: figures are for programs on this machine, as on a port that the whole village can reach."""

        async def metrics(request: Request) -> Response:
            if here_only and not _is_here(request):
                return Response(status_code=403)
            body, kind = await figures(self._app.store, self._app.tick_age())
            return Response(body, media_type=kind)

        return [Route("/healthz", _alive), Route("/readyz", self._ready), Route("/metrics", metrics)]

    async def _ready(self, _request: Request) -> Response:
        async with self._asking:
            now = self._app.clock.monotonic()
            if now - self._asked_at > FRESH_SECONDS:
                self._why, self._asked_at = await self.why_not(), now
        return JSONResponse({"ready": not self._why, "why": self._why}, 503 if self._why else 200)

    async def why_not(self) -> list[str]:
        """Why the bot cannot do its work; empty where it can."""
        why = [f"{channel.name}: {trouble}" for channel in self._app.channels if (trouble := _trouble(channel))]
        if self._app.tick_age() > LATEST_TICK_SECONDS:
            why.append("clock: no tick")
        try:
            async with asyncio.timeout(DISK_SECONDS), self._app.store.transaction():
                await self._app.store.audit.heard(HOUSE, self._app.clock.now())
        except (sqlite3.Error, TimeoutError) as error:
            why.append(f"storage: {type(error).__name__}")
        return why


class Porch:
    """A port of its own for those who watch."""

    def __init__(self, host: str, port: int, routes: Sequence[Route]) -> None:
        self._socket: socket.socket = listen(host, port, "metrics")
        self.port: int = self._socket.getsockname()[1]
        self._server = Server.of(Starlette(routes=routes))

    async def run(self) -> None:
        try:
            await self._server.serve_until_cancelled(self._socket)
        finally:
            self._socket.close()


async def _alive(_request: Request) -> Response:
    return JSONResponse({"ok": True})


def _trouble(channel: Channel) -> str | None:
    if channel.keeps and channel.health.heard_at is None and channel.health.trouble is None:
        return "not heard yet"
    return channel.health.trouble


def _is_here(request: Request) -> bool:
    try:
        return request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
