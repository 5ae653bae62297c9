"""A Telegram on loopback: the part of the Bot API that Gridbot uses, its limits, and its bad days."""

import argparse
import asyncio
import json
import re
import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import uvloop
from aiohttp import web

from tests.standin import spec
from tests.standin.control import Control

TOKEN = "1000:standin"
BOT = {"id": 1000, "is_bot": True, "first_name": "网格", "username": "grid_bot"}
LONGEST_POLL_SECONDS = 50

RETRY_SECONDS = 0.02
"""Between two calls of a webhook that did not take what it was brought. (The real one waits longer.)"""

LARGEST_FILE = 20 * 1024 * 1024
"""Bytes that a bot may have (Bot API: getFile)."""

Json = dict[str, Any]

LARGEST_UPLOAD = 50 * 1024 * 1024
"""Bytes that a bot may send (Bot API: sending files)."""

DELETABLE_SECONDS = 48 * 60 * 60
"""A bot may delete what is younger (Bot API: deleteMessage)."""

_TINY = b"\xff\xd8\xff\xd9"
_MOVED = "Bad Request: group chat was upgraded to a supergroup chat"
_WORDS = {"text", "caption", "callback_query_id", "file_id", "photo", "voice", "video", "document", "chat_id"}

_SHAPES: dict[str, Json] = {
    "photo": {"width": 1280, "height": 960},
    "voice": {"duration": 7, "mime_type": "audio/ogg"},
    "audio": {"duration": 7, "mime_type": "audio/mpeg"},
    "video": {"duration": 7, "width": 640, "height": 480, "mime_type": "video/mp4"},
    "video_note": {"duration": 7, "length": 240},
    "animation": {"duration": 7, "width": 320, "height": 240, "mime_type": "video/mp4"},
    "document": {"mime_type": "application/pdf"},
}
"""What Telegram says of a file of each kind, besides its names."""

_REFUSALS = {
    "kicked": (403, "Forbidden: bot was kicked from the supergroup chat"),
    "blocked": (403, "Forbidden: bot was blocked by the user"),
    "gone": (400, "Bad Request: chat not found"),
    "strange": (400, "Bad Request: BUTTON_DATA_INVALID"),
    "voiceless": (400, "Bad Request: VOICE_MESSAGES_FORBIDDEN"),
    "pictureless": (400, "Bad Request: not enough rights to send photos to the chat"),
    "late": (400, "Bad Request: query is too old and response timeout expired or query ID is invalid"),
    "unauthorized": (401, "Unauthorized"),
    "conflict": (409, "Conflict: terminated by other getUpdates request"),
}


@dataclass
class Fault:
    """What goes wrong with the next request that fits, `times` times."""

    kind: str
    """One of the refusals above, or flood, moved, gateway, nonsense, hang; or lost, torn, slow: what was asked is done,
    and the answer is never sent, or half of it, or late."""
    chat: int | None = None
    method: str | None = None
    times: int = 1
    seconds: float = 1
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
    webhook_secret: str = ""
    webhook_error: str = ""
    hears_all: bool = True
    now: Callable[[], float] = time.monotonic
    updates: deque[Json] = field(default_factory=deque)
    messages: dict[tuple[int, int], Json] = field(default_factory=dict)
    sent: list[Json] = field(default_factory=list)
    sent_at: list[float] = field(default_factory=list)
    edited: list[Json] = field(default_factory=list)
    answered: list[Json] = field(default_factory=list)
    pinned: list[tuple[int, int]] = field(default_factory=list)
    pins_nothing: set[int] = field(default_factory=set)
    calls: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    over_limit: int = 0
    confirmed: int = 0
    moved: dict[int, int] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    """What people showed and what bots uploaded, by the name it got."""
    deleted: list[tuple[int, int]] = field(default_factory=list)
    titles: dict[int, str] = field(default_factory=dict)
    """What groups are called; one that nobody named is called after its number."""
    names_nothing: set[int] = field(default_factory=set)
    """Groups where the bot may not change the name."""
    menus: dict[int, list[Json]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._update_id = 100
        self._message_id = 0
        self._kinds: dict[str, str] = {}
        self._uploaded: dict[str, bytes] = {}
        self._placed_at: dict[tuple[int, int], float] = {}
        self.commands: list[Json] = []
        self._came = asyncio.Event()
        self._calling: asyncio.Task[None] | None = None
        self._poller: object | None = None
        self._sent_at: defaultdict[int, deque[float]] = defaultdict(deque)
        self._all_sent_at: deque[float] = deque()
        self.first_sent_at = self.last_sent_at = 0.0

    # -- people --------------------------------------------------------------

    def says(self, chat: int, user: int | None, text: str | None, **more: Any) -> Json:
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

    def shows(self, chat: int, user: int, picture: bytes, **more: Any) -> Json:
        """A picture, in the sizes that Telegram makes of it; `caption`, `media_group_id` and the like in `more`."""
        name = f"AgAC{len(self.files)}"
        self.files[name] = picture
        sizes = [
            {"file_id": f"{name}s", "file_unique_id": f"u{name}s", "width": 90, "height": 67},
            {"file_id": name, "file_unique_id": f"u{name}", "width": 1280, "height": 960, "file_size": len(picture)},
        ]
        return self.says(chat, user, None, photo=sizes, **more)

    def gives(self, chat: int, user: int, kind: str, data: bytes, **more: Any) -> Json:
        """A voice, a video or a file; what Telegram says of it goes into `file`, captions and the like into `more`."""
        file = {**self._new_file(kind, data), "file_size": len(data), **more.pop("file", {})}
        # An animation comes as a document besides, for programs that do not know it.
        also = {"document": {k: v for k, v in file.items() if k.startswith("file")}} if kind == "animation" else {}
        return self.says(chat, user, None, **{kind: file}, **also, **more)

    def _new_file(self, kind: str, data: bytes) -> Json:
        name = f"{kind}-{len(self.files)}"
        self.files[name], self._kinds[name] = data, kind
        return {"file_id": name, "file_unique_id": f"u{name}", **_SHAPES[kind]}

    def moves(self, chat: int, to: int) -> None:
        """A group becomes a supergroup: both say so, and the old one takes nothing any more."""
        self.moved[chat] = to
        self.says(chat, 1, None, migrate_to_chat_id=to)
        self.says(to, 1, None, migrate_from_chat_id=chat)

    def renames(self, chat: int, title: str) -> None:
        """Somebody gives the group another name, and everybody in it is told."""
        self.titles[chat] = title
        self.says(chat, 1, None, new_chat_title=title)

    def fail(self, kind: str, **more: Any) -> None:
        self.faults.append(Fault(kind, **more))

    def restart_numbers(self, at: int) -> None:
        """As Telegram does after a week of silence: the next update has any number, a lower one as well."""
        self._update_id = at - 1

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

    def chat(self, chat: int) -> Json:
        if chat > 0:
            return {"id": chat, "type": "private", "first_name": f"用户{chat}"}
        return {"id": chat, "type": "supergroup", "title": self.titles.get(chat, f"群{chat}")}

    def texts(self, chat: int) -> list[str]:
        """What stands in a chat now, the bot's own messages, in order."""
        return [m.get("text") or m.get("caption", "") for (c, _id), m in self.messages.items() if c == chat]

    # -- the Bot API ---------------------------------------------------------

    async def handle(self, request: web.Request) -> web.StreamResponse:
        token, method = request.match_info["token"], request.match_info["method"]
        parameters, self._uploaded = await _parameters(request)
        self.calls[method] += 1
        if token != TOKEN:
            return _refuse(401, "Unauthorized").response()
        if self.check:
            self.violations += spec.request_faults(method, parameters)
        if fault := self._fault(method, parameters):
            return await self._go_wrong(fault, request, method, parameters)
        answer = await self._answer(method, parameters)
        if self.check:
            refused = isinstance(answer, Refusal)
            self.violations += spec.refusal_faults(answer.body) if refused else spec.answer_faults(method, answer)
        return _response(answer)

    async def _answer(self, method: str, parameters: Json) -> Any:
        if (to := self.moved.get(parameters.get("chat_id", 0))) is not None:
            return _refuse(400, _MOVED, migrate_to_chat_id=to)
        if method == "getUpdates":
            return await self._get_updates(parameters)
        does: dict[str, Callable[[Json], Any]] = {
            "getMe": self._me,
            "getWebhookInfo": self._webhook_info,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
            "setMyCommands": self._set_commands,
            "sendMessage": self._send,
            **dict.fromkeys(("sendPhoto", "sendVoice", "sendVideo", "sendDocument", "sendLocation"), self._send),
            "editMessageText": self._edit,
            "editMessageCaption": self._edit,
            "deleteMessage": self._delete,
            "pinChatMessage": self._pin,
            "unpinChatMessage": self._unpin,
            "getChat": self._chat_in_full,
            "setChatTitle": self._entitle,
            "deleteMyCommands": self._delete_commands,
            "answerCallbackQuery": self._toast,
            "getFile": self._file,
        }
        return does[method](parameters) if method in does else _refuse(404, "Not Found: method not found")

    def _me(self, _parameters: Json) -> Json:
        return {**BOT, "can_join_groups": True, "can_read_all_group_messages": self.hears_all}

    def _webhook_info(self, _parameters: Json) -> Json:
        info = {"url": self.webhook, "has_custom_certificate": False, "pending_update_count": len(self.updates)}
        return info | ({"last_error_message": self.webhook_error} if self.webhook_error else {})

    def _set_webhook(self, parameters: Json) -> bool:
        self.webhook, self.webhook_secret = parameters["url"], parameters.get("secret_token", "")
        self.webhook_error = ""
        self._calling = self._calling or asyncio.create_task(self._call_webhook())
        return True

    async def _call_webhook(self) -> None:
        """One update after the other, each until it is taken with a 2xx. (The real one calls HTTPS only.)"""
        async with aiohttp.ClientSession(headers={"Host": "village.example"}) as session:
            while True:
                await self._came.wait()
                while self.webhook and self.updates:
                    status = await self._call(session, self.updates[0])
                    if 200 <= status < 300:
                        self.updates.popleft()
                        self.confirmed += 1
                    else:
                        self.webhook_error = f"Wrong response from the webhook: {status}"
                        await asyncio.sleep(RETRY_SECONDS)
                self._came.clear()

    async def _call(self, session: aiohttp.ClientSession, update: Json) -> int:
        secret = {"X-Telegram-Bot-Api-Secret-Token": self.webhook_secret} if self.webhook_secret else {}
        try:
            async with session.post(self.webhook, json=update, headers=secret) as answer:
                return answer.status
        except aiohttp.ClientError:
            return 0

    def _delete_webhook(self, _parameters: Json) -> bool:
        self.webhook = ""
        return True

    def _set_commands(self, parameters: Json) -> Any:
        if any(not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]) for command in parameters["commands"]):
            return _refuse(400, "Bad Request: BOT_COMMAND_INVALID")
        if scope := parameters.get("scope"):
            self.menus[scope["chat_id"]] = parameters["commands"]
        else:
            self.commands = parameters["commands"]
        return True

    def _delete_commands(self, parameters: Json) -> bool:
        self.menus.pop(parameters["scope"]["chat_id"], None)
        return True

    def _chat_in_full(self, parameters: Json) -> Json:
        gifts = dict.fromkeys(
            ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
        )
        more = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}
        return {**self.chat(parameters["chat_id"]), **more}

    def _entitle(self, parameters: Json) -> Any:
        """Shown without blanks that nobody sees, and to everybody but the bot itself as a message of its own."""
        chat, title = parameters["chat_id"], " ".join(parameters["title"].split())
        if chat > 0:
            return _refuse(400, "Bad Request: can't change private chat title")
        if chat in self.names_nothing:
            return _refuse(400, "Bad Request: not enough rights to change chat title")
        if over := self._over_limit(chat):
            return over
        if not 1 <= len(title) <= spec.TITLE_CHARS:
            return _refuse(400, "Bad Request: TITLE_INVALID")
        if title == self.chat(chat)["title"]:
            return _refuse(400, "Bad Request: chat title is not modified")
        self.titles[chat] = title
        return True

    def _pin(self, parameters: Json) -> Any:
        if parameters["chat_id"] in self.pins_nothing:
            return _refuse(400, "Bad Request: not enough rights to manage pinned messages in the chat")
        self.pinned.append((parameters["chat_id"], parameters["message_id"]))
        return True

    def _unpin(self, parameters: Json) -> Any:
        place = parameters["chat_id"], parameters["message_id"]
        if place not in self.pinned:
            return _refuse(400, "Bad Request: message to unpin not found")
        self.pinned.remove(place)
        return True

    def _toast(self, parameters: Json) -> bool:
        self.answered.append(parameters)
        return True

    async def _get_updates(self, parameters: Json) -> Any:
        if self.webhook:
            return _refuse(409, "Conflict: can't use getUpdates method while webhook is active")
        me = object()
        # A second question ends the first one: the poller that asked it is told so.
        self._poller, self._came = me, self._wake_old_poller()
        offset = parameters.get("offset", 0)
        # A negative offset keeps as many from the end and forgets the others.
        while self.updates and (self.updates[0]["update_id"] < offset or len(self.updates) > -offset > 0):
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
        if over := self._over_limit(parameters["chat_id"]):
            return over
        text = parameters.get("text") or parameters.get("caption") or ""
        if "text" in parameters and not text:
            return _refuse(400, "Bad Request: message text is empty")
        if spec.units(text) > spec.TEXT_UNITS:
            return _refuse(400, "Bad Request: message is too long")
        if refusal := self._file_refusal(parameters):
            return refusal
        message = self._message(parameters, self._next_message())
        place = message["chat"]["id"], message["message_id"]
        self.messages[place], self._placed_at[place] = message, self.now()
        self.sent.append(parameters)
        self.last_sent_at = self.now()
        self.sent_at.append(self.last_sent_at)
        self.first_sent_at = self.first_sent_at or self.last_sent_at
        return message

    def _edit(self, parameters: Json) -> Any:
        key = (parameters["chat_id"], parameters["message_id"])
        if key not in self.messages:
            return _refuse(400, "Bad Request: message to edit not found")
        message, before = self._message(parameters, key[1]), self.messages[key]
        words = "text" if "text" in parameters else "caption"
        if ("text" in before) is not (words == "text"):
            return _refuse(400, f"Bad Request: there is no {words} in the message to edit")
        if all(message.get(part) == before.get(part) for part in ("text", "caption", "reply_markup")):
            return _refuse(400, "Bad Request: message is not modified: specified new message content is the same")
        message |= {kind: before[kind] for kind in _SHAPES if kind in before}
        self.messages[key] = message
        self.edited.append(parameters)
        return message

    def _delete(self, parameters: Json) -> Any:
        key = (parameters["chat_id"], parameters["message_id"])
        if key not in self.messages:
            return _refuse(400, "Bad Request: message to delete not found")
        if self.now() - self._placed_at[key] > DELETABLE_SECONDS:
            return _refuse(400, "Bad Request: message can't be deleted for everyone")
        del self.messages[key]
        self.deleted.append(key)
        return True

    def _file_refusal(self, parameters: Json) -> "Refusal | None":
        """A file's name is good for its own kind only; what was uploaded is kept, and gets a name."""
        for kind in _SHAPES.keys() & parameters.keys():
            named = self._kinds.get(parameters[kind], kind)
            if named != kind:
                return _refuse(400, f"Bad Request: can't use file of type {named.title()} as {kind.title()}")
        return None

    def _message(self, parameters: Json, number: int) -> Json:
        message = {"message_id": number, "date": 1_753_400_000, "chat": self.chat(parameters["chat_id"]), "from": BOT}
        for part in ("text", "caption", "entities", "caption_entities"):
            if part in parameters:
                message[part] = parameters[part]
        markup = parameters.get("reply_markup", {})
        if "inline_keyboard" in markup:
            message["reply_markup"] = markup
        if "latitude" in parameters:
            message["location"] = {name: parameters[name] for name in ("latitude", "longitude")}
        for kind in _SHAPES.keys() & parameters.keys():
            file = self._file_of(kind, parameters[kind])
            message[kind] = [file] if kind == "photo" else file
        return message

    def _file_of(self, kind: str, given: str) -> Json:
        """As it stands in a message: an upload under the name it gets now."""
        if given == "<file>":
            return self._new_file(kind, self._uploaded.pop(kind))
        return {"file_id": given, "file_unique_id": f"u{given}", **_SHAPES[kind]}

    def _file(self, parameters: Json) -> Any:
        """What somebody showed or a bot uploaded; of any other name, a picture of four bytes."""
        name = parameters["file_id"]
        size = len(self.files.get(name, _TINY))
        if size > LARGEST_FILE:
            return _refuse(400, "Bad Request: file is too big")
        return {"file_id": name, "file_unique_id": name, "file_size": size, "file_path": f"files/{name}"}

    def _next_message(self) -> int:
        self._message_id += 1
        return self._message_id

    # -- limits and bad days -------------------------------------------------

    def _over_limit(self, chat: int) -> "Refusal | None":
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
            return _refuse(*_REFUSALS[fault.kind]).response()
        match fault.kind:
            case "flood":
                text = f"Too Many Requests: retry after {fault.seconds}"
                return _refuse(429, text, retry_after=int(fault.seconds)).response()
            case "moved":
                return _refuse(400, _MOVED, migrate_to_chat_id=fault.to).response()
            case "gateway" | "nonsense":
                status = 502 if fault.kind == "gateway" else 200
                return web.Response(status=status, text="<html>a stranger's page</html>", content_type="text/html")
            case "lost" | "torn":
                await self._answer(method, parameters)
                return await self._hang_up(request, torn=fault.kind == "torn")
            case "slow":
                answer = await self._answer(method, parameters)
                await asyncio.sleep(fault.seconds)
                return _response(answer)
            case "hang":
                await asyncio.sleep(fault.seconds)
                return web.Response(status=504)
        raise AssertionError(fault.kind)

    async def _hang_up(self, request: web.Request, *, torn: bool) -> web.StreamResponse:
        response: web.StreamResponse = web.Response()
        if torn:
            response = web.StreamResponse(headers={"Content-Length": "1000", "Content-Type": "application/json"})
            await response.prepare(request)
            await response.write(b'{"ok":true,')
        if request.transport:
            request.transport.abort()
        return response

    async def download(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        return web.Response(body=self.files.get(name, _TINY), content_type="application/octet-stream")

    # -- running it ----------------------------------------------------------

    def app(self) -> web.Application:
        app = web.Application(client_max_size=LARGEST_UPLOAD)
        app.router.add_post("/bot{token}/{method}", self.handle)
        app.router.add_get("/file/bot{token}/files/{name}", self.download)
        app.add_routes(Control(self).routes())
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
        if self._calling:
            self._calling.cancel()
            await asyncio.gather(self._calling, return_exceptions=True)
        self._came.set()
        await self._runner.cleanup()


async def _parameters(request: web.Request) -> tuple[Json, dict[str, bytes]]:
    """What is asked for, and the files that came with it."""
    if request.content_type == "application/json":
        body = await request.read()
        return json.loads(body) if body else {}, {}
    parameters, uploaded = {}, {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            parameters[name], uploaded[name] = "<file>", value.file.read()
        else:
            parameters[name] = _unwritten(name, value)
    return parameters, uploaded


def _unwritten(name: str, value: Any) -> Any:
    """A form's fields are all text; what is JSON in them is meant as such, and a chat's number as a number."""
    if name in _WORDS:
        return int(value) if name == "chat_id" and value.lstrip("-").isdecimal() else value
    try:
        return json.loads(value)
    except ValueError:
        return value


@dataclass(frozen=True)
class Refusal:
    status: int
    body: Json

    def response(self) -> web.Response:
        return _json(self.body, self.status)


def _refuse(code: int, description: str, **parameters: int) -> Refusal:
    body: Json = {"ok": False, "error_code": code, "description": description}
    if parameters:
        body["parameters"] = parameters
    return Refusal(code, body)


def _response(answer: Any) -> web.Response:
    return answer.response() if isinstance(answer, Refusal) else _json({"ok": True, "result": answer})


def _json(answer: Json, status: int = 200) -> web.Response:
    return web.Response(body=json.dumps(answer).encode(), status=status, content_type="application/json")


async def _serve(port: int, telegram: Telegram) -> None:
    print(await telegram.start(port), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: any; the base_url is printed")
    parser.add_argument("--no-check", action="store_true", help="do not hold requests and answers to the description")
    parser.add_argument("--enforce-limits", action="store_true", help="refuse what is over Telegram's limits")
    chosen = parser.parse_args()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(chosen.port, Telegram(not chosen.no_check, chosen.enforce_limits)))
