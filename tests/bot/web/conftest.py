"""A squad with its web chat really open: the whole house as it runs, on a port of its own."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from bot.app import App
from bot.channels.web import WebChannel
from bot.clock import SystemClock
from bot.config import modes
from bot.watch import Watch
from domain.chat import AccountId
from domain.people import Role
from domain.settings import Settings
from storage.store import Store
from tests.fresh import new_file
from tests.town import recogniser_of

SETTINGS = Settings(timezone=ZoneInfo("Asia/Shanghai"), modes=modes.load("zh"))
PATIENCE_SECONDS = 10.0
"""How long a test waits for what must come: it comes in milliseconds, but on a busy machine."""

PEOPLE = (
    ("li", "李阿姨", Role.RESIDENT, "S13"),
    ("zhang", "张队长", Role.LEADER, "S13"),
    ("wang", "王主任", Role.LEADER, "G3"),
    ("zhao", "赵阿姨", Role.RESIDENT, "S14"),
)


async def settle(store: Store) -> None:
    """Two squads of one grid and four people; each one's token is their account's name and `-token`."""
    now = SystemClock().now()
    async with store.transaction():
        for code, name, level, parent in (
            ("G3", "三网格", "网格", None),
            ("S13", "十三队", "小队", "G3"),
            ("S14", "十四队", "小队", "G3"),
        ):
            await store.db.run(
                "INSERT INTO grids (code, name, level, parent) VALUES (?, ?, ?, ?)", code, name, level, parent
            )
        for account, name, role, grid in PEOPLE:
            await _person(store, account, name, role, grid, now)


async def _person(store: Store, account: str, name: str, role: Role, grid: str, now: datetime) -> None:
    person = await store.people.meet(AccountId("web", account), name)
    await store.people.appoint(person.id, role, grid)
    await store.people.open_private_chat(AccountId("web", account), f"me-{account}")
    await store.webchat.sessions.open(f"{account}-token", account, name, now + timedelta(days=365))


class Phone:
    """A page's side of the line, without the page: what it got is kept, and waited for."""

    def __init__(self, line: ClientConnection) -> None:
        self.line = line
        self.frames: list[dict[str, Any]] = []
        self._ids = 0

    async def greet(self, token: str, since: int = 0) -> None:
        await self.line.send(json.dumps({"type": "hello", "token": token, "since": since}))

    async def send(self, **frame: Any) -> str:
        self._ids += 1
        frame.setdefault("id", f"frame-{id(self)}-{self._ids}")
        await self.line.send(json.dumps({name: value for name, value in frame.items() if value is not None}))
        return str(frame["id"])

    async def say(self, room: str, text: str, **more: Any) -> str:
        return await self.send(type="say", room=room, text=text, **more)

    async def press(self, message: dict[str, Any], room: str, verb: str, **more: Any) -> str:
        data = next(data for row in message["buttons"] for _label, data in row if data.startswith(verb))
        return await self.send(type="press", room=room, message=message["id"], data=data, **more)

    async def gets(self, kind: str, **fields: Any) -> dict[str, Any]:
        """The next frame of this kind with these fields; what came before it stays for others to ask for."""
        return await self._wait(lambda frame: frame["type"] == kind and fields.items() <= frame.items())

    async def hears(self, room: str, *parts: str) -> dict[str, Any]:
        """A message in this room, new or changed, with all these parts."""
        return await self.hears_of(room, lambda message: all(part in message["text"] for part in parts))

    async def hears_of(self, room: str, is_it: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        def told(frame: dict[str, Any]) -> list[dict[str, Any]]:
            if frame["type"] != "messages" or frame["room"] != room:
                return []
            return [message for message in frame["messages"] if is_it(message)]

        return told(await self._wait(lambda frame: bool(told(frame))))[-1]

    async def _wait(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                for number, frame in enumerate(self.frames):
                    if wanted(frame):
                        return self.frames.pop(number)
                self.frames.append(json.loads(await self.line.recv()))

    async def quiet(self, room: str, *parts: str) -> None:
        """No such message came before the answer to a frame sent now."""
        asked = await self.send(type="nonsense")
        await self.gets("refused", id=asked)
        said = [m["text"] for f in self.frames if f["type"] == "messages" and f["room"] == room for m in f["messages"]]
        assert not [text for text in said if all(part in text for part in parts)]

    async def closed(self) -> int | None:
        """The code that the line was closed with."""
        with suppress(ConnectionClosed):
            async with asyncio.timeout(PATIENCE_SECONDS):
                while True:
                    await self.line.recv()
        return self.line.close_code


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes
    headers: Mapping[str, str]

    @property
    def said(self) -> Any:
        return json.loads(self.body)


@dataclass
class House:
    """A running bot with its web chat. `restart` stops it and starts it again on the same file and port."""

    path: Path
    port: int = 0
    channel: WebChannel = field(init=False)
    store: Store = field(init=False)
    _running: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        self.store = await Store.open(self.path)
        clock = SystemClock()
        app = App(self.store, SETTINGS, clock, tick_seconds=0.1, recogniser=recogniser_of(SETTINGS.kinds))
        machines = Watch(app).routes(here_only=True)
        self.channel = WebChannel(self.store, clock, SETTINGS, "127.0.0.1", self.port, machines=machines)
        self.port = self.channel.port
        app.add(self.channel)
        self._running = asyncio.create_task(app.run())

    async def stop(self) -> None:
        assert self._running
        # While nobody else is in the middle of a transaction.
        async with self.store.transaction():
            self._running.cancel()
        with suppress(asyncio.CancelledError):
            await self._running
        await self.store.close()

    @asynccontextmanager
    async def phone(self, account: str, since: int = 0, origin: str | None = None) -> AsyncIterator[Phone]:
        """Somebody's page, greeted and told its rooms."""
        async with self.line(origin or self.url) as line:
            phone = Phone(line)
            await phone.greet(f"{account}-token", since)
            yield phone

    def line(self, origin: str | None) -> connect:
        return connect(f"ws://127.0.0.1:{self.port}/socket", origin=origin, open_timeout=PATIENCE_SECONDS, proxy=None)

    async def asks(self, method: str, path: str, token: str = "", **more: Any) -> Reply:
        """One request as the page makes it."""
        headers = {"Origin": self.url, **more.pop("headers", {})}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        async with (
            aiohttp.ClientSession() as session,
            session.request(method, self.url + path, headers=headers, **more) as answer,
        ):
            return Reply(answer.status, await answer.read(), answer.headers)

    async def restart(self) -> None:
        await self.stop()
        await self.start()


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    store = await Store.open(new_file(tmp_path / "village.db"))
    await settle(store)
    await store.close()
    house = House(tmp_path / "village.db")
    await house.start()
    yield house
    await house.stop()
