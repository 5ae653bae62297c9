"""WeCom's group robots on loopback: their keys, their sizes, their pace, and their bad days."""

import json
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

PATH = "/cgi-bin/webhook/send"
A_MINUTE = 20
SIZES = {"text": 2_048, "markdown": 4_096}
"""UTF-8 bytes of a message of each type (WeCom's documentation of 群机器人)."""

Json = dict[str, Any]


@dataclass
class Robots:
    """The service. `heard` is what each robot said in its group; `rings` how often it called everybody."""

    keys: set[str]
    base_url: str = ""
    now: Callable[[], float] = time.monotonic
    heard: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    rings: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    refused: list[int] = field(default_factory=list)
    faults: deque[str] = field(default_factory=deque)
    """What becomes of the next requests: busy, gateway, nonsense; or lost, which is done and not answered."""

    def __post_init__(self) -> None:
        self._said_at: defaultdict[str, deque[float]] = defaultdict(deque)

    def url(self, key: str) -> str:
        return f"{self.base_url}{PATH}?key={key}"

    async def take(self, request: web.Request) -> web.Response:
        fault = self.faults.popleft() if self.faults else ""
        if fault == "gateway":
            return web.Response(status=502, text="<html>502</html>", content_type="text/html")
        if fault == "nonsense":
            return web.Response(text="ok")
        if fault == "busy":
            return self._answer(45009, "api freq out of limit")
        said = self._say(request.query.get("key", ""), await request.text())
        if fault == "lost":
            assert request.transport
            request.transport.abort()
        return said

    def _say(self, key: str, body: str) -> web.Response:
        if key not in self.keys:
            return self._answer(93000, "invalid webhook url")
        message = _parsed(body)
        kind = message.get("msgtype")
        words = message.get(kind) if isinstance(kind, str) else None
        if kind not in SIZES or not isinstance(words, dict) or set(message) != {"msgtype", kind}:
            return self._answer(40008, "invalid message type")
        content = words.get("content")
        if not isinstance(content, str) or not content.strip():
            return self._answer(44004, "content is empty")
        if len(content.encode()) > SIZES[kind]:
            return self._answer(40058, "content exceeds the limit")
        if set(words) - ({"content", "mentioned_list", "mentioned_mobile_list"} if kind == "text" else {"content"}):
            return self._answer(40058, "unknown field")
        if not self._in_time(key):
            return self._answer(45009, "api freq out of limit")
        self.heard[key].append(content)
        self.rings[key] += "@all" in words.get("mentioned_list", ())
        return self._answer(0, "ok")

    def _in_time(self, key: str) -> bool:
        """The strict reading of 20 a minute: in any 60 seconds."""
        now, said = self.now(), self._said_at[key]
        while said and said[0] <= now - 60:
            said.popleft()
        if len(said) >= A_MINUTE:
            return False
        said.append(now)
        return True

    def _answer(self, code: int, why: str) -> web.Response:
        if code:
            self.refused.append(code)
        return web.json_response({"errcode": code, "errmsg": why})


def _parsed(body: str) -> Json:
    try:
        message = json.loads(body)
    except ValueError:
        return {}
    return message if isinstance(message, dict) else {}


@asynccontextmanager
async def running(*keys: str, now: Callable[[], float] = time.monotonic) -> AsyncIterator[Robots]:
    robots = Robots(set(keys), now=now)
    app = web.Application()
    app.router.add_post(PATH, robots.take)
    async with TestServer(app, host="127.0.0.1") as server:
        robots.base_url = str(server.make_url("")).rstrip("/")
        yield robots
