"""From WeCom's messages and events to what was said, pressed or happened in the neighbourhood."""

import re
from typing import Any

from bot.channels.wecom.frames import CHANNEL, GROUP, PRIVATE, Json, event_of
from bot.channels.wecom.media import parts_of, shown_in
from domain.chat import AccountId, ChatId, ChatKind, Entered, Incoming, Pressed, Said, Sender
from domain.language import _
from domain.text import number_in, one_line

TASK = "gb-"
"""Begins the task ids of our own cards; the press of any other card is not for us."""

ENTERED = "entered:"
"""Begins the id by which a greeting finds the moment it belongs to."""

LONGEST_ID = 128
"""Characters of an id of WeCom's: a user's has 64 at most, those of chats and messages look alike and are longer."""

_MENTIONED = re.compile(r"^(?:\s*@\S+)+\s*|\s+@\S+\s*$")


def translate(body: Any, bot_id: str) -> Incoming | None:
    """What came in, or None for what does not concern the neighbourhood. ValueError where it is no message of WeCom's.

    Who speaks is told by the envelope alone (`from`): whatever else a body says of people, anybody may have written."""
    try:
        if body["aibotid"] != bot_id:
            return None
        if body["msgtype"] != "event":
            return _said(body)
        happening = event_of(body)
        if happening == "template_card_event":
            return _pressed(body, body["event"]["template_card_event"])
        if happening == "enter_chat":
            return Entered(*_where(body), _sender(body), ENTERED + _id(body["msgid"]))
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"not a message of WeCom's: {type(error).__name__}") from error
    return None


def _said(body: Json) -> Said | None:
    where = _where(body)
    text, quoted = _words(body), _words(body.get("quote") or {})
    if where[1] is ChatKind.GROUP:
        # In a group the bot is called by its name; what it is called is no part of what is said.
        text = _MENTIONED.sub("", text)
    about = number_in(quoted) is not None
    if quoted and not about:
        text = f"{text}\n{quoted}".strip()
    files = tuple(shown.attachment for shown in shown_in(body))
    if not (text or files or about):
        return None
    return Said(*where, _sender(body), _id(body["msgid"]), text=text, attachments=files, quoted=quoted if about else "")


def _words(message: Json) -> str:
    """Typed, or spoken and written down by WeCom."""
    said = (part["content"] for kind, part in parts_of(message) if kind in ("text", "voice"))
    return "\n".join(line for line in map(str.strip, said) if line)


def _pressed(body: Json, press: Json) -> Pressed | None:
    task, key = _id(press["task_id"]), press.get("event_key")
    if not task.startswith(TASK) or not isinstance(key, str):
        return None
    verb, *args = key.split(":")
    return Pressed(*_where(body), _sender(body), task, action=verb, args=tuple(args), press=_id(body["msgid"]))


def _sender(body: Json) -> Sender:
    account = _id(body["from"]["userid"])
    return Sender(AccountId(CHANNEL, account), one_line(account))


def _where(body: Json) -> tuple[ChatId, ChatKind, str]:
    """WeCom tells no names, neither of people nor of groups."""
    if body["chattype"] == "group":
        chat = _id(body["chatid"])
        return ChatId(CHANNEL, GROUP + chat), ChatKind.GROUP, _("企业微信群 {tail}").format(tail=one_line(chat)[-4:])
    who = _id(body["from"]["userid"])
    return ChatId(CHANNEL, PRIVATE + who), ChatKind.PRIVATE, one_line(who)


def _id(given: Any) -> str:
    if not isinstance(given, str) or not 0 < len(given) <= LONGEST_ID:
        raise TypeError("an id that is none")
    return given
