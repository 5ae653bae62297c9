"""Telegram calls the bot instead of being asked: what people say is on the disk before Telegram is told so."""

import asyncio
import hmac
import json
import sqlite3
from urllib.parse import urlsplit

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from telegram.error import NetworkError

from bot.channels import Receive
from bot.channels.telegram.outages import Outages, Rhythm
from bot.channels.telegram.poll import arrivals
from bot.channels.telegram.translate import UPDATES
from bot.channels.telegram.transport import Api

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 -- the name of a header

UPDATE_BYTES = 1024 * 1024
"""Of one update: a message and the one it answers, 4,096 characters each, written out in JSON, with room to spare."""

CALLS_AT_ONCE = 8
"""How many updates Telegram brings at the same time (Bot API: setWebhook). Few, since they may overtake each other;
each waits for a commit, and people type more slowly than that."""

log = structlog.get_logger()


class Webhook:
    """Keeps itself registered until cancelled, as the poller keeps asking."""

    def __init__(self, api: Api, url: str, secret: str, rhythm: Rhythm, outages: Outages) -> None:
        self._api = api
        self._url = url
        self._secret = secret.encode()
        self._rhythm = rhythm
        self._outages = outages
        self._receive: Receive | None = None
        self._registered = False
        self.bot_name = ""
        """How commands address this bot; until Telegram said so, nothing is taken."""

    def route(self) -> Route:
        return Route(urlsplit(self._url).path or "/", self._called, methods=["POST"])

    async def run(self, receive: Receive) -> None:
        while True:
            wait = self._rhythm.probe
            try:
                self.bot_name = self.bot_name or str((await self._api.call("getMe", {}))["username"])
                self._receive = receive
                await self._stand()
            except Exception as error:  # noqa: BLE001 -- whatever it is, the next try must be made
                wait = self._outages.wait_after(error)
            await asyncio.sleep(wait)

    async def _stand(self) -> None:
        """Registered once; afterwards looked at, so that another program's is noticed, and a call that fails."""
        if not self._registered:
            told = {"url": self._url, "secret_token": self._secret.decode(), "max_connections": CALLS_AT_ONCE}
            await self._api.call("setWebhook", {**told, "allowed_updates": UPDATES})
            self._registered = True
        info = await self._api.call("getWebhookInfo", {})
        if info.get("url") != self._url:
            self._outages.elsewhere()
        elif pending := info.get("pending_update_count"):
            log.warning("telegram_calls_pending", count=pending, why=info.get("last_error_message"))
        else:
            self._outages.over()

    async def _called(self, request: Request) -> Response:
        """The secret before anything else; then what was said, on the disk; then the answer."""
        if not hmac.compare_digest(request.headers.get(SECRET_HEADER, "").encode(), self._secret):
            return Response(status_code=403)
        if self._receive is None:
            return Response(status_code=503)
        body = await _bounded(request)
        if body is None:
            return Response(status_code=413)
        try:
            arrived = arrivals([json.loads(body)])
        except (ValueError, NetworkError):
            return Response(status_code=400)
        try:
            await self._receive(arrived)
        except sqlite3.Error as error:
            # Telegram brings it again.
            log.error("updates_not_kept", error=type(error).__name__)
            return Response(status_code=503)
        self._outages.over()
        return Response()


async def _bounded(request: Request) -> bytes | None:
    """Read no further than the limit, whatever the headers promise; None beyond it."""
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > UPDATE_BYTES:
                return None
    except ClientDisconnect:
        return b""
    return bytes(body)
