"""What WeCom takes and what it refuses: the shapes of messages and cards, as its own client's types have them."""

import re
from typing import Any

Json = dict[str, Any]

OK = 0
BUSY = -1
BAD_ARGUMENT = 40058
BAD_TYPE = 40008
TOO_OFTEN = 45009
TOO_LONG = 45002
NO_SUCH_CHAT = 93006
BAD_SECRET = 853000
BAD_REQ_ID = 846605
EXPIRED = 846608
"""Codes of its answers."""

MARKDOWN_BYTES = 20_480
WELCOME_BYTES = 2_048
KEY_BYTES = 1_024
MOST_BUTTONS = 6

_TASK = re.compile(r"[0-9A-Za-z_\-@]{1,128}")
_MEDIA = {"image", "file", "voice", "video"}
_CARDS = {"text_notice", "news_notice", "button_interaction", "vote_interaction", "multiple_interaction"}


def fault_of_frame(frame: Any) -> str:
    """What is wrong with a client's frame; empty where nothing is."""
    if not isinstance(frame, dict) or not isinstance(frame.get("cmd"), str):
        return "no cmd"
    req_id = frame.get("headers", {}).get("req_id") if isinstance(frame.get("headers"), dict) else None
    return "" if isinstance(req_id, str) and req_id else "no req_id"


def pushed(body: Json) -> int:
    """The code for a message that a bot sends of its own accord."""
    if not isinstance(body.get("chatid"), str) or body.get("chat_type", 0) not in (0, 1, 2):
        return BAD_ARGUMENT
    return _message(body, {"markdown", "template_card", *_MEDIA})


def replied(body: Json) -> int:
    """The code for an answer to a message."""
    if body.get("msgtype") == "stream":
        stream = body.get("stream", {})
        if not isinstance(stream.get("id"), str):
            return BAD_ARGUMENT
        return TOO_LONG if len(stream.get("content", "").encode()) > MARKDOWN_BYTES else OK
    return _message(body, {"markdown", "template_card", *_MEDIA})


def greeted(body: Json) -> int:
    if body.get("msgtype") == "text":
        content = body.get("text", {}).get("content")
        if not isinstance(content, str) or not content:
            return BAD_ARGUMENT
        return TOO_LONG if len(content.encode()) > WELCOME_BYTES else OK
    return _message(body, {"template_card"})


def card(given: Any) -> int:
    if not isinstance(given, dict) or given.get("card_type") not in _CARDS:
        return BAD_ARGUMENT
    if not (given.get("main_title", {}).get("title") or given.get("sub_title_text")):
        return BAD_ARGUMENT
    if "task_id" in given and not _TASK.fullmatch(str(given["task_id"])):
        return BAD_ARGUMENT
    if given["card_type"] in ("text_notice", "news_notice"):
        action = given.get("card_action", {})
        return OK if action.get("type") in (1, 2) and (action.get("url") or action.get("appid")) else BAD_ARGUMENT
    return _buttons(given) if given["card_type"] == "button_interaction" else OK


def _buttons(given: Json) -> int:
    buttons = given.get("button_list", [])
    keys = [button.get("key") for button in buttons]
    sound = (
        1 <= len(buttons) <= MOST_BUTTONS
        and "task_id" in given
        and all(isinstance(key, str) and 0 < len(key.encode()) <= KEY_BYTES for key in keys)
        and all(isinstance(button.get("text"), str) and button["text"] for button in buttons)
        and len({*keys}) == len(keys)
    )
    return OK if sound else BAD_ARGUMENT


def _message(body: Json, allowed: set[str]) -> int:
    kind = body.get("msgtype")
    if kind not in allowed:
        return BAD_TYPE
    content = body.get(kind)
    if not isinstance(content, dict):
        return BAD_ARGUMENT
    if kind == "template_card":
        return card(content)
    if kind == "markdown":
        words = content.get("content")
        if not isinstance(words, str) or not words:
            return BAD_ARGUMENT
        return TOO_LONG if len(words.encode()) > MARKDOWN_BYTES else OK
    return OK if isinstance(content.get("media_id"), str) else BAD_ARGUMENT
