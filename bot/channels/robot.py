"""群机器人: a group's own robot says there what is told to everybody, and hears nothing.

Its address is all it takes to speak in the group, and so is a secret: it stands in no log and in no error."""

import asyncio
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import aiohttp
import structlog

from bot.channels import Doubt, Health, Later, Never, Receive, Unreachable
from bot.channels.wecom.compose import WIDE, split
from bot.proxy import proxy_for
from domain.chat import Incoming, Outgoing, Promise, Send, Withdraw
from domain.language import _
from domain.pace import Pace, Window
from storage.store import Store

ROBOT = "robot"

A_MINUTE = 20
"""Messages of one robot (WeCom's documentation of 群机器人)."""

MARKDOWN_BYTES = 4_096
TEXT_BYTES = 2_048
"""UTF-8, of one message (the same)."""

BLOCKED_SECONDS = 60.0
"""How long a robot that spoke too often is shut out: as long as the span it is counted by (WeCom: 访问频率限制)."""

PATIENCE = aiohttp.ClientTimeout(total=30.0, connect=5.0, sock_connect=5.0)

SAID = "said"
"""Stands for the number of a message, for there is none: what was said once cannot be changed."""

HEARD = frozenset({Promise.LIFE, Promise.CORRECTION, Promise.CARD})
"""What is told to everybody, and what puts it right. Replies and reminders are for those who can answer."""

TOO_OFTEN, TOO_MANY_AT_ONCE, NO_SUCH_ROBOT = 45009, 45033, 93000

Json = dict[str, Any]

_NOT_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)

log = structlog.get_logger()


class RobotChannel:
    """One chat a robot, by the code of its grid; the chats belong to their grids as soon as the house is open."""

    name = ROBOT
    pace = Pace(windows=(Window(A_MINUTE),))
    keeps: timedelta | None = None
    changes_every: timedelta | None = None

    def __init__(self, store: Store, robots: Mapping[str, str]) -> None:
        """`robots`: the address of each, by the code of its grid."""
        self.health = Health()
        self._store = store
        self._robots = robots
        self._session: aiohttp.ClientSession | None = None

    def translate(self, _payload: Any) -> Incoming | None:
        return None

    async def run(self, _receive: Receive) -> None:
        await self.settle()
        await asyncio.Event().wait()

    async def settle(self) -> None:
        """The groups are those of the config, from now on."""
        async with self._store.transaction():
            titles = {code: await self._title(code) for code in self._robots}
            strange = await self._store.chats.hear_only(ROBOT, titles)
        for code in strange:
            log.error("robot_without_grid", grid=code)

    async def _title(self, code: str) -> str:
        grid = await self._store.grids.get(code)
        return _("{grid}的群机器人").format(grid=grid.name if grid else code)

    async def deliver(self, out: Outgoing, edits: str | None) -> str | None:
        if isinstance(out, Withdraw):
            raise Never("what a robot said stays")
        if not isinstance(out, Send) or out.promise not in HEARD:
            return None
        if edits is None:
            await self._say_all(out)
        return SAID

    async def _say_all(self, out: Send) -> None:
        url = self._robots.get(out.to.chat)
        if url is None:
            raise Unreachable("no robot in the config")
        for n, message in enumerate(messages(out)):
            try:
                await self._say(url, message)
            except (Later, Never) as error:
                if n:
                    raise Doubt(f"a part of it was said: {error}") from None
                raise

    async def _say(self, url: str, message: Json) -> None:
        try:
            async with self._open().post(url, json=message, allow_redirects=False, proxy=proxy_for(url)) as answer:
                status, payload = answer.status, await answer.read()
        except _NOT_SENT as error:
            raise Later(type(error).__name__) from None
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise Doubt(type(error).__name__) from None
        _judge(status, payload)

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=PATIENCE, cookie_jar=aiohttp.DummyCookieJar())
        return self._session

    async def fetch(self, _file_id: str) -> bytes:
        raise Never("a robot keeps nothing")

    async def close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()


# -- what is said ------------------------------------------------------------------------------------------------------


def messages(out: Send) -> list[Json]:
    """Markdown, its first line bold; for what has to ring every phone plain text, which alone can call everybody."""
    if out.everyone:
        texts = [{"content": part} for part in split(out.text, TEXT_BYTES)]
        return [{"msgtype": "text", "text": texts[0] | {"mentioned_list": ["@all"]}}, *map(_text, texts[1:])]
    first, newline, rest = out.text.translate(WIDE).partition("\n")
    lines = [f"**{first}**", *("＃" + line[1:] if line.startswith("#") else line for line in rest.split("\n"))]
    parts = split("\n".join(lines) if newline else lines[0], MARKDOWN_BYTES)
    return [{"msgtype": "markdown", "markdown": {"content": part}} for part in parts]


def _text(text: Json) -> Json:
    return {"msgtype": "text", "text": text}


# -- what the service makes of it --------------------------------------------------------------------------------------


def _judge(status: int, payload: bytes) -> None:
    """Said, or certainly not now, or never; what cannot be read leaves a doubt."""
    if status == 429:
        raise Later("status 429", after=BLOCKED_SECONDS)
    if status >= 500:
        raise Doubt(f"status {status}")
    code = _code(payload)
    if code is None:
        raise Never(f"status {status}") if status >= 400 else Doubt("an answer that is not WeCom's")
    if code in (TOO_OFTEN, TOO_MANY_AT_ONCE):
        raise Later(f"errcode {code}", after=BLOCKED_SECONDS)
    if code:
        raise Unreachable(f"errcode {code}") if code == NO_SUCH_ROBOT else Never(f"errcode {code}")


def _code(payload: bytes) -> int | None:
    try:
        answer = json.loads(payload)
    except ValueError:
        return None
    code = answer.get("errcode") if isinstance(answer, dict) else None
    return code if isinstance(code, int) else None
