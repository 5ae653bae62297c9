"""The service itself: who is connected, and what people's doings bring to them."""

import asyncio
import json
import secrets
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from bot.demo.standin import rules
from bot.demo.standin.people import Json, People
from bot.demo.standin.talk import Asked, Talk


@dataclass
class WeCom(Talk):
    """`says`, `shows`, `presses`, `enters` are what people do; what the bot did stands in `sent` and `calls`."""

    secret: str = "standin"  # noqa: S105 -- of nothing
    bot_id: str = field(default_factory=lambda: f"aib-{secrets.token_hex(6)}")
    calls: Counter[str] = field(default_factory=Counter)
    unheard: int = 0
    """What people said while no bot was connected: it is lost."""
    silent_seconds: float = 100.0
    """Three pings and a little: who says nothing for so long is gone."""
    url: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.people = People(self.bot_id)
        self.live: web.WebSocketResponse | None = None
        self._bringing: set[asyncio.Task[None]] = set()

    # -- people --------------------------------------------------------------

    def says(self, user: str, words: str, chat: str | None = None, **more: object) -> Json:
        return self.brings(self.people.body(user, chat, self.people.text(self.people.called(words, chat)), **more))

    def shows(self, user: str, words: str, *pictures: bytes, chat: str | None = None) -> Json:
        return self.brings(self.people.body(user, chat, self.people.mixed(self.people.called(words, chat), *pictures)))

    def presses(self, user: str, task: str, key: str, chat: str | None = None) -> Json:
        press = {"card_type": "button_interaction", "event_key": key, "task_id": task}
        return self.brings(self.people.event(user, chat, "template_card_event", press))

    def enters(self, user: str) -> Json:
        return self.brings(self.people.event(user, None, "enter_chat"))

    def brings(self, body: Json, req_id: str = "") -> Json:
        """To whoever is connected; a message is what opens a chat to the bot."""
        asked, req_id = Asked(body, self.now()), req_id or secrets.token_hex(8)
        if not asked.event:
            self.spoken.add(asked.chat)
        self.asked[req_id] = asked
        cmd = "aibot_event_callback" if asked.event else "aibot_msg_callback"
        self.sends({"cmd": cmd, "headers": {"req_id": req_id}, "body": body})
        return body

    def sends(self, frame: Json | str) -> None:
        """To the bot, as it is."""
        if self.live is None or self.live.closed:
            self.unheard += 1
            return
        data = frame if isinstance(frame, str) else json.dumps(frame, ensure_ascii=False)
        task = asyncio.create_task(_quietly(self.live, data))
        self._bringing.add(task)
        task.add_done_callback(self._bringing.discard)

    # -- bots ----------------------------------------------------------------

    async def connect(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(max_msg_size=4 * 1024 * 1024, receive_timeout=self.silent_seconds)
        await socket.prepare(request)
        # Whoever keeps silent is hung up on.
        with suppress(TimeoutError):
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await self.take(socket, message.data)
        if self.live is socket:
            self.live = None
        return socket

    async def take(self, socket: web.WebSocketResponse, data: str) -> None:
        """One frame of a bot, and its answer."""
        try:
            frame = json.loads(data)
        except ValueError:
            frame = None
        if fault := rules.fault_of_frame(frame):
            self.violations.append(fault)
            return
        self.calls[frame["cmd"]] += 1
        code, body = await self.answer(socket, frame)
        if code:
            self.refused[code] += 1
        answer: Json = {"headers": {"req_id": frame["headers"]["req_id"]}, "errcode": code, "errmsg": "ok"}
        if code:
            answer["errmsg"] = f"refused with {code}"
        if body:
            answer["body"] = body
        await _quietly(socket, json.dumps(answer))

    async def answer(self, socket: web.WebSocketResponse, frame: Json) -> tuple[int, Json]:
        cmd, body, req_id = frame["cmd"], frame.get("body") or {}, frame["headers"]["req_id"]
        if cmd == "aibot_subscribe":
            return await self._subscribe(socket, body), {}
        if socket is not self.live:
            self.violations.append(f"{cmd} without a subscription")
            return rules.BAD_SECRET, {}
        if cmd == "ping":
            return rules.OK, {}
        return self.handle(cmd, body, req_id)

    async def _subscribe(self, socket: web.WebSocketResponse, body: Json) -> int:
        if (body.get("bot_id"), body.get("secret")) != (self.bot_id, self.secret):
            return rules.BAD_SECRET
        old, self.live = self.live, socket
        if old is not None and old is not socket and not old.closed:
            await self.displace(old)
        return rules.OK

    async def displace(self, socket: web.WebSocketResponse) -> None:
        """A newer connection took the bot over: the older one is told so, and is cut."""
        body = self.people.body("", None, {"msgtype": "event", "event": {"eventtype": "disconnected_event"}})
        del body["from"], body["chattype"]
        told = {"cmd": "aibot_event_callback", "headers": {"req_id": secrets.token_hex(8)}, "body": body}
        await _quietly(socket, json.dumps(told))
        await socket.close()

    # -- running it ----------------------------------------------------------

    async def _media(self, request: web.Request) -> web.Response:
        kept = self.people.kept.get(request.match_info["name"])
        return web.Response(body=kept) if kept is not None else web.Response(status=404)

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/", self.connect), web.get("/media/{name}", self._media)]

    async def start(self, port: int = 0) -> str:
        """On loopback; where a bot is to connect."""
        app = web.Application()
        app.add_routes(self.routes())
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        where = f"127.0.0.1:{self._runner.addresses[0][1]}"
        self.people.base_url = f"http://{where}"
        self.url = f"ws://{where}/"
        return self.url

    async def stop(self) -> None:
        if self.live is not None:
            await self.live.close()
        await self._runner.cleanup()


async def _quietly(socket: web.WebSocketResponse, data: str) -> None:
    """Whoever hung up hears nothing more."""
    try:
        await socket.send_str(data)
    except (ConnectionError, RuntimeError):
        return
