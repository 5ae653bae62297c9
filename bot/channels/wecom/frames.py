"""WeCom's frames: one JSON object each, by which the two ends of the long connection ask, answer and bring."""

import json
import secrets
import time
from typing import Any, NamedTuple

from domain.chat import ChatId

CHANNEL = "wecom"

SUBSCRIBE = "aibot_subscribe"
PING = "ping"
PUSH = "aibot_send_msg"
WELCOME = "aibot_respond_welcome_msg"
UPDATE = "aibot_respond_update_msg"
UPLOAD_BEGIN = "aibot_upload_media_init"
UPLOAD_PART = "aibot_upload_media_chunk"
UPLOAD_END = "aibot_upload_media_finish"
SAID = "aibot_msg_callback"
HAPPENED = "aibot_event_callback"

LARGEST_FRAME = 1024 * 1024
"""Bytes of a frame that is read. Words are 20 KB at most; whatever is longer was not said by a person."""

GROUP, PRIVATE = "g:", "u:"
"""Before a chat's id in the house: WeCom wants to be told which of the two it is, and lets both have the same name.
The rest is the service's own id, letter by letter: it tells small from capital."""

Json = dict[str, Any]


class Address(NamedTuple):
    """A chat as WeCom wants it named. `chat_type` is never left out: WeCom would guess."""

    chatid: str
    chat_type: int


def address(chat: ChatId) -> Address | None:
    """None where this is no chat of WeCom's."""
    kinds = {PRIVATE: 1, GROUP: 2}
    kind = kinds.get(chat.chat[:2])
    return Address(chat.chat[2:], kind) if kind and chat.chat[2:] else None


def request(cmd: str, body: Json | None, req_id: str) -> str:
    frame: Json = {"cmd": cmd, "headers": {"req_id": req_id}}
    if body is not None:
        frame["body"] = body
    return json.dumps(frame, ensure_ascii=False, separators=(",", ":"))


def new_req_id(cmd: str) -> str:
    """In the form that WeCom's own clients give it."""
    return f"{cmd}_{time.time_ns() // 1_000_000}_{secrets.token_hex(4)}"


def parsed(data: str) -> Json | None:
    """The frame, or None where it is none: nobody's fault here, and no reason to hang up."""
    if len(data) > LARGEST_FRAME:
        return None
    try:
        frame = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return frame if isinstance(frame, dict) else None


def req_id_of(frame: Json) -> str:
    headers = frame.get("headers")
    found = headers.get("req_id") if isinstance(headers, dict) else None
    return found if isinstance(found, str) else ""


def body_of(frame: Json) -> Json:
    body = frame.get("body")
    return body if isinstance(body, dict) else {}


def event_of(body: Json) -> str:
    event = body.get("event")
    found = event.get("eventtype") if isinstance(event, dict) else None
    return found if isinstance(found, str) else ""
