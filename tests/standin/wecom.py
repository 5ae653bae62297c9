"""A WeCom on loopback with bad days: what it refuses, loses, delays and cuts is scripted; the rest is the demo's."""

import argparse
import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.demo.standin import service
from bot.demo.standin.people import Json

MESSAGES = "aibot_send_msg"


@dataclass
class Fault:
    """What goes wrong with the next frame of a bot that fits, `times` times."""

    kind: str
    """refuse (with `code`), lost: done, and never answered; slow: answered after `seconds`; hang_up: not done, and the
    line is closed with `code`; torn: done, and the line is closed."""
    cmd: str = MESSAGES
    chat: str | None = None
    times: int = 1
    code: int = 0
    seconds: float = 0.1

    def fits(self, frame: Json) -> bool:
        return self.cmd == frame["cmd"] and self.chat in (None, (frame.get("body") or {}).get("chatid"))


@dataclass
class WeCom(service.WeCom):
    faults: list[Fault] = field(default_factory=list)
    deaf: bool = False
    """Half alive: the line stands, and nothing that comes over it is answered."""
    away: bool = False
    """Nobody gets through."""

    def fail(self, kind: str, **more: Any) -> None:
        self.faults.append(Fault(kind, **more))

    async def hang_up(self, code: int = 1001) -> None:
        """As the service does when it is started anew (1001), or breaks (1011)."""
        if self.live is not None:
            await self.live.close(code=code)

    def cut(self) -> None:
        """The line is gone, and nobody says so."""
        if self.live is not None and self.live._req and self.live._req.transport:
            self.live._req.transport.abort()

    @contextmanager
    def gone(self) -> Iterator[None]:
        """Nobody gets through meanwhile; whoever is connected is cut."""
        self.away = True
        self.cut()
        yield
        self.away = False

    async def connect(self, request: web.Request) -> web.WebSocketResponse:
        if self.away:
            raise web.HTTPServiceUnavailable
        return await super().connect(request)

    async def take(self, socket: web.WebSocketResponse, data: str) -> None:
        if self.deaf:
            return
        frame = json.loads(data)
        fault = next((fault for fault in self.faults if fault.fits(frame)), None)
        if fault is None:
            await super().take(socket, data)
            return
        fault.times -= 1
        if fault.times <= 0:
            self.faults.remove(fault)
        await self._go_wrong(fault, socket, frame, data)

    async def _go_wrong(self, fault: Fault, socket: web.WebSocketResponse, frame: Json, data: str) -> None:
        match fault.kind:
            case "refuse":
                answer = {"headers": frame["headers"], "errcode": fault.code, "errmsg": "scripted"}
                await socket.send_str(json.dumps(answer))
            case "lost":
                await self.answer(socket, frame)
            case "torn":
                await self.answer(socket, frame)
                await socket.close(code=fault.code or 1011)
            case "hang_up":
                await socket.close(code=fault.code or 1011)
            case "slow":
                await asyncio.sleep(fault.seconds)
                await super().take(socket, data)
            case _:
                raise AssertionError(fault.kind)


async def _serve(port: int) -> None:
    print(await WeCom().start(port), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: any; the address is printed")
    asyncio.run(_serve(parser.parse_args().port))
