"""The demo's own page: several phones side by side, the village's clock, and the story."""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.clock import Clock
from bot.demo.player import Player
from bot.demo.story import GRID_LEADER, RESIDENT, SQUAD_LEADER
from bot.demo.village import Character
from bot.demo.wecom import PAGE
from domain.language import _
from storage.store import Store

STATIC = Path(__file__).parent / "static"

SIGNED_IN_FOR = timedelta(days=3650)
"""Of the village's own time, which may run a thousand times faster than the visitor's."""


class Stage:
    """`player` is set once the chat is there that it plays in."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        speed: float,
        cast: Sequence[Character],
        on_wecom: Sequence[Character] = (),
    ) -> None:
        self.player: Player | None = None
        self._store = store
        self._clock = clock
        self._speed = speed
        self._cast = cast
        self._on_wecom = on_wecom
        self._run = secrets.token_hex(4)
        self._tokens: dict[str, str] = {}
        self._grids: dict[str, str] = {}

    async def open_doors(self) -> None:
        """Everybody of the cast is signed in already: the visitor may be any of them."""
        until = self._clock.now() + SIGNED_IN_FOR
        async with self._store.transaction():
            for person in self._cast:
                token = self._tokens[person.account] = secrets.token_urlsafe(32)
                await self._store.webchat.sessions.open(token, person.account, person.name, until)
                grid = await self._store.grids.get(person.grid)
                self._grids[person.account] = grid.name if grid else person.grid

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/", _page),
            Mount("/demo/static", StaticFiles(directory=STATIC)),
            Route("/demo/cast.json", self._show_cast),
            Route("/demo/state.json", self._show_state),
            Route("/demo/story", self._play, methods=["POST"]),
        ]

    async def _show_cast(self, _request: Request) -> Response:
        people = [self._person(person) for person in self._cast]
        first = {name: n for n, name in enumerate((RESIDENT, SQUAD_LEADER, GRID_LEADER))}
        shown = sorted((p for p in people if p["name"] in first), key=lambda p: first[p["name"]])
        elsewhere = [self._phone_on_wecom(person) for person in self._on_wecom]
        laid_out = [person["account"] for person in (*shown, *elsewhere[:1])]
        told = {"people": [*people, *elsewhere], "first": laid_out, "texts": _texts(self._speed)}
        return JSONResponse(told)

    def _person(self, person: Character) -> dict[str, Any]:
        return {
            "account": person.account,
            "name": person.name,
            "role": person.role,
            "grid": self._grids[person.account],
            "room": f"grid-{person.grid}",
            "token": self._tokens[person.account],
        }

    def _phone_on_wecom(self, person: Character) -> dict[str, Any]:
        role = _("{role}（企业微信）").format(role=person.role)
        return {"account": f"wecom-{person.account}", "name": person.name, "role": role, "page": PAGE}

    async def _show_state(self, _request: Request) -> Response:
        captions = self.player.captions if self.player else []
        return JSONResponse(
            {
                # A page of an earlier run is signed in as nobody: it opens itself anew.
                "run": self._run,
                "now": self._clock.now().isoformat(timespec="milliseconds"),
                "speed": self._speed,
                "playing": bool(self.player and self.player.is_playing),
                "captions": [caption._asdict() for caption in captions],
            }
        )

    async def _play(self, _request: Request) -> Response:
        begun = bool(self.player and self.player.start())
        return JSONResponse({"begun": begun}, 202 if begun else 409)


def _texts(speed: float) -> dict[str, str]:
    faster = _("村里的时钟快 {speed} 倍").format(speed=f"{speed:g}")
    return {
        "lang": _("zh-CN"),
        "title": _("侯官村 · 网格机器人演示"),
        "hint": _("每部手机是一个人。换个人看看，或者自己上报一件事。人物都是虚构的。"),
        "clock": faster if speed != 1 else _("村里的时钟"),
        "play": _("播放台风故事"),
        "playing": _("故事进行中…"),
        "add": _("加一部手机"),
        "remove": _("收起这部手机"),
        "who": _("这部手机是谁的"),
        "lost": _("演示停了。请在命令行重新运行，再刷新这一页。"),
    }


async def _page(_request: Request) -> Response:
    return FileResponse(STATIC / "demo.html")
