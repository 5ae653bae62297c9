"""The wire to Telegram: python-telegram-bot's requests over aiohttp, honest about whether a message left the house."""

import json
import logging
from dataclasses import dataclass
from typing import Any

import aiohttp
from telegram import Bot
from telegram.error import BadRequest, NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.channels.telegram.files import LARGEST_DOWNLOAD
from bot.proxy import proxy_for

CONNECTIONS = 100
"""At once; the outbox has 8 under way, the long poll and the downloads come on top."""

KEEP_ALIVE_SECONDS = 15.0
"""An idle connection is let go before the service or a router on the way drops it unseen (aiohttp's default)."""

_KNOWN_REFUSALS = {400, 401, 403, 404, 409, 429}
"""What python-telegram-bot has an error of its own for; any other 4xx it takes for a failure of the network."""

# These write whole addresses, and with them the token, at INFO or DEBUG; the library writes answers as well.
for _talkative in ("aiohttp", "httpcore", "httpx", "telegram"):
    logging.getLogger(_talkative).setLevel(logging.WARNING)


@dataclass(frozen=True)
class Patience:
    """How long the wire waits, in seconds."""

    connect: float = 5.0
    """To look up, connect and shake hands; what fails within it was certainly not sent (the library's default)."""
    read: float = 20.0
    """For an answer. Longer than the library's 5: giving up early leaves a delivered message in doubt."""
    whole: float = 120.0
    """For all of it: an answer that trickles in for ever must not hold one of the outbox's places for ever."""


class NotSent(NetworkError):  # noqa: N818 -- an answer about the message, not a fault of the program
    """No byte of the request left: name lookup, connection, handshake or a free connection was not to be had."""


class Flooded(TelegramError):  # noqa: N818
    """The service wants silence. The library's own error for it warns of its own deprecation at every use."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"too many requests, retry after {seconds:g} s")
        self.seconds = seconds


_NOT_SENT = (
    aiohttp.ClientConnectorError,
    aiohttp.ClientHttpProxyError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.InvalidURL,
    aiohttp.NonHttpUrlClientError,
)


class AiohttpRequest(BaseRequest):
    """What python-telegram-bot asks of a transport. Its errors never carry an address: the token is in it."""

    def __init__(self, base_url: str, patience: Patience) -> None:
        self._proxy = proxy_for(base_url)
        self._patience = patience
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return self._patience.read

    async def initialize(self) -> None:
        self._open()

    async def shutdown(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=KEEP_ALIVE_SECONDS),
                proxy=self._proxy,
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )
        return self._session

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = None,  # noqa: ARG002 -- aiohttp knows no such limit
        connect_timeout: Any = None,  # noqa: ARG002 -- ours holds for every call
        pool_timeout: Any = None,  # noqa: ARG002
    ) -> tuple[int, bytes]:
        try:
            async with self._open().request(
                method, url, timeout=self._timeout(read_timeout), allow_redirects=False, **_body(request_data)
            ) as response:
                if (response.content_length or 0) > LARGEST_DOWNLOAD:
                    raise BadRequest("file is too big")
                code, payload = response.status, await response.read()
        except _NOT_SENT as error:
            raise NotSent(_in_short(error)) from None
        except TimeoutError:
            raise TimedOut from None
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(_in_short(error)) from None
        if code >= 300:
            _refuse_plainly(code, self.parse_json_payload(payload))
        return code, payload

    def _timeout(self, read: Any) -> aiohttp.ClientTimeout:
        patience = self._patience
        read = patience.read if read is BaseRequest.DEFAULT_NONE else read
        whole = max(patience.whole, 2 * read)
        return aiohttp.ClientTimeout(whole, connect=patience.connect, sock_connect=patience.connect, sock_read=read)

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """As the library does, but people's words go to no log, and a stranger's page is no answer."""
        try:
            answer = json.loads(payload)
        except ValueError:
            answer = None
        if not isinstance(answer, dict) or not ("result" in answer or "description" in answer):
            raise NetworkError("an answer that is not Telegram's")
        return answer


class Api(Bot):
    """Telegram's methods by their own names, plain values in and out: a third of what the library's objects cost."""

    def __init__(self, token: str, base_url: str, patience: Patience) -> None:
        """Nothing is connected before the first call."""
        wire = AiohttpRequest(base_url, patience)
        super().__init__(
            token, base_url=base_url, base_file_url=file_url(base_url), request=wire, get_updates_request=wire
        )
        self._wire = wire

    async def call(self, method: str, parameters: dict[str, Any], read_seconds: float | None = None) -> Any:
        """One request and what Telegram answered, or one of the library's errors."""
        read = BaseRequest.DEFAULT_NONE if read_seconds is None else read_seconds
        try:
            return await self._post(method, parameters, read_timeout=read)
        except KeyError:
            raise NetworkError("an answer without a result") from None

    async def download(self, path: str) -> bytes:
        return await self._wire.retrieve(f"{self.base_file_url}/{path}")

    async def close_wire(self) -> None:
        await self._wire.shutdown()

    def __repr__(self) -> str:
        """The library's own shows the token."""
        return "Api()"

    __str__ = __repr__


def file_url(base_url: str) -> str:
    """Where the files are: beside the methods, as on Telegram's own server."""
    head, bot, tail = base_url.rpartition("/bot")
    return f"{head}/file{bot}{tail}"


def _body(data: RequestData | None) -> dict[str, Any]:
    if data is None:
        return {}
    if not data.contains_files:
        return {"json": data.parameters}
    form = aiohttp.FormData(data.json_parameters)
    for name, (filename, content, mimetype) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=mimetype)
    return {"data": form}


def _refuse_plainly(code: int, answer: dict[str, Any]) -> None:
    """Where the library would warn of itself, or would take a refusal for a broken line."""
    if code == 429:
        raise Flooded((answer.get("parameters") or {}).get("retry_after") or 1)
    if 400 <= code < 500 and code not in _KNOWN_REFUSALS:
        raise BadRequest(f"{answer.get('description')} ({code})")


def _in_short(error: Exception) -> str:
    """The kind of error and what the system said: the full text of some names the address."""
    reason = getattr(getattr(error, "os_error", error), "strerror", None)
    return f"{type(error).__name__}: {reason}" if reason else type(error).__name__
