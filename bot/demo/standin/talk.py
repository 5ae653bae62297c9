"""What a bot may say on WeCom, when, to whom and how often; and what was taken of it."""

import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.demo.standin import rules
from bot.demo.standin.people import Json
from bot.demo.standin.uploads import Uploads

PER_MINUTE, PER_HOUR = 30, 1_000
"""Messages in one chat, answers and pushes together."""

EVENT_SECONDS = 5.0
STREAM_SECONDS = 6 * 60.0
REPLY_SECONDS = 24 * 60 * 60.0
"""How long an event may be answered, a stream go on, a message be answered."""

Chat = tuple[int, str]
"""As a bot names it: 1 and a user, or 2 and a group."""


class Said(NamedTuple):
    """A message of the bot that was taken."""

    chat: Chat
    body: Json
    at: float
    cmd: str = "aibot_send_msg"

    @property
    def text(self) -> str:
        """All its words, wherever they stand."""
        card = self.body.get("template_card", {})
        stands = (
            self.body.get("markdown", {}).get("content"),
            self.body.get("stream", {}).get("content"),
            self.body.get("text", {}).get("content"),
            card.get("main_title", {}).get("title"),
            card.get("sub_title_text"),
        )
        return "\n".join(words for words in stands if words)


class Asked(NamedTuple):
    """Something that was brought to the bot, and may be answered under its req_id."""

    body: Json
    at: float

    @property
    def chat(self) -> Chat:
        group = self.body.get("chatid")
        return (2, group) if group else (1, self.body["from"]["userid"])

    @property
    def event(self) -> str:
        return str(self.body.get("event", {}).get("eventtype", ""))


@dataclass
class Talk:
    """`sent` and `updated` are what was taken; `violations` what no client with WeCom's own types would have sent."""

    now: Callable[[], float] = time.monotonic
    enforce_limits: bool = True
    sent: list[Said] = field(default_factory=list)
    updated: list[Said] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    refused: Counter[int] = field(default_factory=Counter)
    guessed: int = 0
    """Pushes that left it to the service whether a chat is a group."""

    def __post_init__(self) -> None:
        self.uploads = Uploads()
        self.spoken: set[Chat] = set()
        self.asked: dict[str, Asked] = {}
        self._tasks: set[str] = set()
        self._streams: dict[str, float] = {}
        self._recent: defaultdict[Chat, deque[float]] = defaultdict(deque)

    def texts(self, chat: Chat) -> list[str]:
        return [said.text for said in self.sent if said.chat == chat]

    def buttons(self, chat: Chat) -> dict[str, tuple[str, str]]:
        """By label, the task and the key of the newest button there."""
        found: dict[str, tuple[str, str]] = {}
        for said in self.sent:
            card = said.body.get("template_card", {})
            if said.chat == chat:
                found |= {b["text"]: (card["task_id"], b["key"]) for b in card.get("button_list", [])}
        return found

    def handle(self, cmd: str, body: Json, req_id: str) -> tuple[int, Json]:
        """The code of the answer, and what stands in it."""
        if cmd.startswith("aibot_upload_media_"):
            return self.uploads.take(cmd, body)
        handle = {
            "aibot_send_msg": self._push,
            "aibot_respond_msg": self._reply,
            "aibot_respond_welcome_msg": self._greet,
            "aibot_respond_update_msg": self._update,
        }.get(cmd)
        if handle is None:
            self.violations.append(f"no such cmd {cmd}")
            return rules.BAD_ARGUMENT, {}
        return handle(body, req_id), {}

    def _push(self, body: Json, _req_id: str) -> int:
        if code := rules.pushed(body):
            return self._violated(code, body)
        kind, name = body.get("chat_type", 0), body["chatid"]
        if not kind:
            self.guessed += 1
            kind = 2 if (2, name) in self.spoken else 1
        if (kind, name) not in self.spoken:
            return rules.NO_SUCH_CHAT
        return self._say((kind, name), body, "aibot_send_msg")

    def _reply(self, body: Json, req_id: str) -> int:
        asked = self.asked.get(req_id)
        if asked is None or asked.event or self.now() - asked.at > REPLY_SECONDS:
            return rules.BAD_REQ_ID
        if code := rules.replied(body):
            return self._violated(code, body)
        if stream := body.get("stream"):
            begun = self._streams.setdefault(stream["id"], self.now())
            if self.now() - begun > STREAM_SECONDS:
                return rules.EXPIRED
            if not stream.get("finish"):
                return rules.OK
        return self._say(asked.chat, body, "aibot_respond_msg")

    def _greet(self, body: Json, req_id: str) -> int:
        asked = self._moment(req_id, "enter_chat")
        if asked is None:
            return rules.BAD_REQ_ID
        if code := rules.greeted(body):
            return self._violated(code, body)
        return self._say(asked.chat, body, "aibot_respond_welcome_msg")

    def _update(self, body: Json, req_id: str) -> int:
        asked = self._moment(req_id, "template_card_event")
        if asked is None:
            return rules.BAD_REQ_ID
        card = body.get("template_card")
        if body.get("response_type") != "update_template_card" or (code := rules.card(card)):
            return self._violated(rules.BAD_ARGUMENT, body)
        if not isinstance(card, dict) or card.get("task_id") != asked.body["event"]["template_card_event"]["task_id"]:
            return self._violated(rules.BAD_ARGUMENT, body)
        accounts = body.get("userids", [])
        if not isinstance(accounts, list) or not all(isinstance(account, str) for account in accounts):
            return self._violated(rules.BAD_ARGUMENT, body)
        message = {"msgtype": "template_card", "template_card": card, "userids": accounts}
        self.updated.append(Said(asked.chat, message, self.now(), "aibot_respond_update_msg"))
        return code

    def _moment(self, req_id: str, event: str) -> Asked | None:
        """An event may be answered once, and for five seconds."""
        asked = self.asked.get(req_id)
        if asked is None or asked.event != event or self.now() - asked.at > EVENT_SECONDS:
            return None
        return self.asked.pop(req_id)

    def _say(self, chat: Chat, body: Json, cmd: str) -> int:
        task = body.get("template_card", {}).get("task_id")
        if task in self._tasks:
            return self._violated(rules.BAD_ARGUMENT, body)
        if not self.uploads.knows(body):
            return self._violated(rules.BAD_ARGUMENT, body)
        if self._too_often(chat):
            return rules.TOO_OFTEN
        if task:
            self._tasks.add(task)
        self.sent.append(Said(chat, body, self.now(), cmd))
        return rules.OK

    def _too_often(self, chat: Chat) -> bool:
        now, recent = self.now(), self._recent[chat]
        while recent and recent[0] <= now - 3_600:
            recent.popleft()
        lately = sum(1 for at in recent if at > now - 60)
        if self.enforce_limits and (lately >= PER_MINUTE or len(recent) >= PER_HOUR):
            return True
        recent.append(now)
        return False

    def _violated(self, code: int, body: Json) -> int:
        self.violations.append(f"{code}: {body.get('msgtype')}")
        return code
