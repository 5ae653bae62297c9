"""A Telegram on loopback: the part of the Bot API that Gridbot uses, its limits, and its bad days."""

import argparse
import asyncio
import json
import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.standin import spec

TOKEN = "1000:standin"
BOT = {"id": 1000, "is_bot": True, "first_name": "网格", "username": "grid_bot"}
LONGEST_POLL_SECONDS = 50

Json = dict[str, Any]

_REFUSALS = {
    "kicked": (403, "Forbidden: bot was kicked from the supergroup chat"),
    "gone": (400, "Bad Request: chat not found"),
    "strange": (400, "Bad Request: BUTTON_DATA_INVALID"),
    "unauthorized": (401, "Unauthorized"),
    "conflict": (409, "Conflict: terminated by other getUpdates request"),
}


@dataclass
class Fault:
    """What goes wrong with the next request that fits, `times` times."""

    kind: str
    chat: int | None = None
    method: str | None = None
    times: int = 1
    seconds: int = 1
    to: int = 0

    def fits(self, method: str, parameters: Json) -> bool:
        if method in ("getMe", "getWebhookInfo") or (self.method is None and method == "getUpdates"):
            return False
        return self.method in (None, method) and self.chat in (None, parameters.get("chat_id"))


@dataclass
class Telegram:
    """The service. What people do is `says`, `presses`, `happens`; what the bot did is in `sent` and `calls`."""

    check: bool = True
    enforce_limits: bool = False
    base_url: str = ""
    webhook: str = ""
    hears_all: bool = True
    now: Callable[[], float] = time.monotonic
    updates: deque[Json] = field(default_factory=deque)
    messages: dict[tuple[int, int], Json] = field(default_factory=dict)
    sent: list[Json] = field(default_factory=list)
    edited: list[Json] = field(default_factory=list)
    answered: list[Json] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    over_limit: int = 0
    confirmed: int = 0

    def __post_init__(self) -> None:
        self._update_id = 100
        self._message_id = 0
        self._came = asyncio.Event()
        self._poller: object | None = None
        self._sent_at: defaultdict[int, deque[float]] = defaultdict(deque)
        self._all_sent_at: deque[float] = deque()
        self.first_sent_at = self.last_sent_at = 0.0

    # -- people --------------------------------------------------------------

    def says(self, chat: int, user: int | None, text: str, **more: Any) -> Json:
        message: Json = {
            "message_id": self._next_message(),
            "date": 1_753_400_000,
            "chat": self.chat(chat),
            "text": text,
            **({} if user is None else {"from": self.user(user)}),
            **more,
        }
        message = {key: value for key, value in message.items() if value is not None}
        return self.update(message=message)

    def presses(self, chat: int, user: int, data: str, message_id: int) -> Json:
        message = self.messages.get((chat, message_id)) or {
            "message_id": message_id, "date": 0, "chat": self.chat(chat),
        }  # fmt: skip
        press = {"id": f"q{self._update_id}", "from": self.user(user), "chat_instance": "1", "data": data}
        return self.update(callback_query={**press, "message": message})

    def update(self, **what: Any) -> Json:
        self._update_id += 1
        update = {"update_id": self._update_id, **what}
        if self.check:
            self.violations += spec.object_faults("Update", update)
        self.updates.append(update)
        self._came.set()
        return update

    @staticmethod
    def user(user: int) -> Json:
        return {"id": user, "is_bot": False, "first_name": f"用户{user}"}

    @staticmethod
    def chat(chat: int) -> Json:
        if chat > 0:
            return {"id": chat, "type": "private", "first_name": f"用户{chat}"}
        return {"id": chat, "type": "supergroup", "title": f"群{chat}"}

    def texts(self, chat: int) -> list[str]:
        """What stands in a chat now, the bot's own messages, in order."""
        return [m.get("text") or m.get("caption", "") for (c, _id), m in self.messages.items() if c == chat]

    # -- the Bot API ---------------------------------------------------------

    async def handle(self, request: web.Request) -> web.StreamResponse:
        token, method = request.match_info["token"], request.match_info["method"]
        parameters = await _parameters(request)
        self.calls[method] += 1
        if token != TOKEN:
            return _refuse(401, "Unauthorized")
        if self.check:
            self.violations += spec.request_faults(method, parameters)
        if fault := self._fault(method, parameters):
            return await self._go_wrong(fault, request, method, parameters)
        answer = await self._answer(method, parameters)
        if isinstance(answer, web.Response):
            return answer
        if self.check:
            self.violations += spec.answer_faults(method, answer)
        return web.json_response({"ok": True, "result": answer})

    async def _answer(self, method: str, parameters: Json) -> Any:
        match method:
            case "getMe":
                return {**BOT, "can_join_groups": True, "can_read_all_group_messages": self.hears_all}
            case "getWebhookInfo":
                return {"url": self.webhook, "has_custom_certificate": False, "pending_update_count": len(self.updates)}
            case "getUpdates":
                return await self._get_updates(parameters)
            case "sendMessage" | "sendPhoto":
                return self._over_limit(parameters["chat_id"]) or self._send(parameters)
            case "editMessageText":
                return self._edit(parameters)
            case "answerCallbackQuery":
                self.answered.append(parameters)
                return True
            case "deleteWebhook":
                return True
            case "getFile":
                name = parameters["file_id"]
                return {"file_id": name, "file_unique_id": name, "file_size": 4, "file_path": f"photos/{name}.jpg"}
        return _refuse(404, "Not Found: method not found")

    async def _get_updates(self, parameters: Json) -> Any:
        me = object()
        # A second question ends the first one: the poller that asked it is told so.
        self._poller, self._came = me, self._wake_old_poller()
        offset = parameters.get("offset", 0)
        while self.updates and self.updates[0]["update_id"] < offset:
            self.updates.popleft()
            self.confirmed += 1
        ends = min(parameters.get("timeout", 0), LONGEST_POLL_SECONDS)
        if not self.updates and ends:
            try:
                async with asyncio.timeout(ends):
                    await self._came.wait()
            except TimeoutError:
                pass
            if self._poller is not me:
                return _refuse(409, "Conflict: terminated by other getUpdates request")
        self._came.clear()
        limit = parameters.get("limit", 100)
        return [update for _n, update in zip(range(limit), self.updates, strict=False)]

    def _wake_old_poller(self) -> asyncio.Event:
        self._came.set()
        fresh = asyncio.Event()
        if self.updates:
            fresh.set()
        return fresh

    def _send(self, parameters: Json) -> Any:
        text = parameters.get("text", parameters.get("caption", ""))
        if "text" in parameters and not text:
            return _refuse(400, "Bad Request: message text is empty")
        if len(text.encode("utf-16-le")) // 2 > 4096:
            return _refuse(400, "Bad Request: message is too long")
        message = self._message(parameters, self._next_message())
        self.messages[message["chat"]["id"], message["message_id"]] = message
        self.sent.append(parameters)
        self.last_sent_at = self.now()
        self.first_sent_at = self.first_sent_at or self.last_sent_at
        return message

    def _edit(self, parameters: Json) -> Any:
        key = (parameters["chat_id"], parameters["message_id"])
        if key not in self.messages:
            return _refuse(400, "Bad Request: message to edit not found")
        message, before = self._message(parameters, key[1]), self.messages[key]
        if all(message.get(part) == before.get(part) for part in ("text", "reply_markup")):
            return _refuse(400, "Bad Request: message is not modified: specified new message content is the same")
        self.messages[key] = message
        self.edited.append(parameters)
        return message

    def _message(self, parameters: Json, number: int) -> Json:
        message = {"message_id": number, "date": 1_753_400_000, "chat": self.chat(parameters["chat_id"]), "from": BOT}
        for part in ("text", "caption", "entities", "caption_entities"):
            if part in parameters:
                message[part] = parameters[part]
        markup = parameters.get("reply_markup", {})
        if "inline_keyboard" in markup:
            message["reply_markup"] = markup
        if "photo" in parameters:
            size = {"file_id": "f", "file_unique_id": "f", "width": 1, "height": 1}
            message["photo"] = [size]
        return message

    def _next_message(self) -> int:
        self._message_id += 1
        return self._message_id

    # -- limits and bad days -------------------------------------------------

    def _over_limit(self, chat: int) -> web.Response | None:
        """https://core.telegram.org/bots/faq: 30 a second in all, 1 in a chat, 20 a minute in a group."""
        now = self.now()
        mine, everybody = self._sent_at[chat], self._all_sent_at
        for times, window in ((mine, 60.0), (everybody, 1.0)):
            while times and times[0] <= now - window:
                times.popleft()
        over = len(everybody) >= 31 or (mine and now - mine[-1] < 0.95) or (chat < 0 and len(mine) >= 20)
        if over:
            self.over_limit += 1
            if self.enforce_limits:
                return _refuse(429, "Too Many Requests: retry after 1", retry_after=1)
        mine.append(now)
        everybody.append(now)
        return None

    def _fault(self, method: str, parameters: Json) -> Fault | None:
        fault = next((fault for fault in self.faults if fault.fits(method, parameters)), None)
        if fault:
            fault.times -= 1
            if fault.times <= 0:
                self.faults.remove(fault)
        return fault

    async def _go_wrong(self, fault: Fault, request: web.Request, method: str, parameters: Json) -> web.StreamResponse:
        if fault.kind in _REFUSALS:
            return _refuse(*_REFUSALS[fault.kind])
        match fault.kind:
            case "flood":
                return _refuse(429, f"Too Many Requests: retry after {fault.seconds}", retry_after=fault.seconds)
            case "moved":
                return _refuse(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=fault.to)
            case "gateway" | "nonsense":
                status = 502 if fault.kind == "gateway" else 200
                return web.Response(status=status, text="<html>a stranger's page</html>", content_type="text/html")
            case "lost":
                # The service takes it, and nobody hears of that.
                await self._answer(method, parameters)
                assert request.transport
                request.transport.abort()
                return web.Response()
            case "hang":
                await asyncio.sleep(fault.seconds)
                return web.Response(status=504)
        raise AssertionError(fault.kind)

    async def download(self, _request: web.Request) -> web.Response:
        return web.Response(body=b"\xff\xd8\xff\xd9", content_type="image/jpeg")

    # -- running it ----------------------------------------------------------

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/bot{token}/{method}", self.handle)
        app.router.add_get("/file/bot{token}/{path:.*}", self.download)
        app.router.add_post("/control/says", self._control_says)
        app.router.add_get("/control/counts", self._control_counts)
        return app

    async def start(self, port: int = 0) -> str:
        """On loopback; `base_url` is then what a bot is told, up to where the token is appended."""
        self._runner = web.AppRunner(self.app(), access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self.base_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/bot"
        return self.base_url

    async def stop(self) -> None:
        self._came.set()
        await self._runner.cleanup()

    async def _control_says(self, request: web.Request) -> web.Response:
        """For a bot in another process: `[[chat, user, text], …]` is said by people."""
        for chat, user, text in await request.json():
            self.says(chat, user, text)
        return web.json_response({})

    async def _control_counts(self, _request: web.Request) -> web.Response:
        return web.json_response(
            {
                "sent": len(self.sent),
                "edited": len(self.edited),
                "confirmed": self.confirmed,
                "over_limit": self.over_limit,
                "seconds": self.last_sent_at - self.first_sent_at,
                "texts": Counter(f"{p['chat_id']} {p.get('text', '')[:40]}" for p in self.sent),
                "violations": self.violations[:10],
            }
        )


async def _parameters(request: web.Request) -> Json:
    if request.content_type == "application/json":
        body = await request.read()
        parameters: Json = json.loads(body) if body else {}
        return parameters
    parameters = {}
    for name, value in (await request.post()).items():
        parameters[name] = "<file>" if isinstance(value, web.FileField) else _unwritten(value)
    return parameters


def _unwritten(value: Any) -> Any:
    """A form's fields are all text; what is JSON in them is meant as such."""
    try:
        return json.loads(value)
    except ValueError:
        return value


def _refuse(code: int, description: str, **parameters: int) -> web.Response:
    body: Json = {"ok": False, "error_code": code, "description": description}
    if parameters:
        body["parameters"] = parameters
    return web.json_response(body, status=code)


async def _serve(port: int, check: bool) -> None:
    telegram = Telegram(check=check)
    print(await telegram.start(port), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--no-check", action="store_true")
    chosen = parser.parse_args()
    asyncio.run(_serve(chosen.port, not chosen.no_check))
