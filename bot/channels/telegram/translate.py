"""From Telegram's updates to what was said, pressed or happened in the neighbourhood."""

import re
from typing import Any

from bot.channels.telegram.files import CHANNEL, attachments
from domain.chat import (
    AccountId,
    Arrived,
    ChatId,
    ChatKind,
    Edited,
    Incoming,
    Location,
    Moved,
    Pressed,
    Removed,
    Renamed,
    Said,
    Sender,
)
from domain.text import one_line

UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]
"""What the bot asks for. Named in full: what is left out keeps the setting of whoever polled before. An edit comes
in as one, so that it opens no second case; so do the steps of a live location, whose first position is what counts."""

NAME_CHARS = 64
"""Of a display name; Telegram allows two of 64, and a card has one line (Bot API, User)."""

NAMED_CHARS = 200
"""Of a place's name and address: two lines on a small screen."""

Json = dict[str, Any]

_ADDRESSED = re.compile(r"\s*/\w+@(\w+)", re.ASCII)
_PRESENT = {"creator", "administrator", "member"}


def translate(update: Any, own_name: str = "") -> Incoming | None:
    """What came in, or None for what does not concern the neighbourhood. ValueError where it is not an update.

    `own_name` is the bot's username; as long as that is not known, every command is taken for its own."""
    try:
        if message := update.get("message"):
            return None if _to_another_bot(message, own_name) else _message(message)
        if message := update.get("edited_message"):
            return _edited(message)
        if press := update.get("callback_query"):
            return _press(press)
        if change := update.get("my_chat_member"):
            return _membership(change)
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"not a Telegram update: {type(error).__name__} {error}") from error
    return None


def _message(message: Json) -> Incoming | None:
    chat = message["chat"]
    if chat["type"] == "channel":
        return None
    if new := message.get("migrate_to_chat_id"):
        return _moved(chat["id"], new, chat)
    if old := message.get("migrate_from_chat_id"):
        return _moved(old, chat["id"], chat)
    if _from_bot(message):
        return None
    return Renamed(*_where(chat), None, None) if "new_chat_title" in message else _said(message, chat)


def _said(message: Json, chat: Json) -> Said | None:
    text, files, location = _text(message), attachments(message), _location(message)
    if not (text or files or location):
        return None
    return Said(
        *_where(chat),
        _speaker(message),
        _number(message["message_id"]),
        text=text,
        attachments=files,
        location=location,
        reply_to=_reply_to(message),
        album=message.get("media_group_id"),
        forwarded="forward_origin" in message,
    )


def _edited(message: Json) -> Edited | None:
    """Words only: what else changes is a live location, a vote or a game."""
    chat, text = message["chat"], message.get("text") or message.get("caption")
    if not text or chat["type"] == "channel" or _from_bot(message):
        return None
    return Edited(*_where(chat), _speaker(message), _number(message["message_id"]), text=text)


def _press(press: Json) -> Pressed | None:
    """The message of an old button comes without its text, but with its chat and id, and that is enough."""
    message, data = press.get("message"), press.get("data")
    if not message or not data:
        return None
    verb, *args = data.split(":")
    return Pressed(
        *_where(message["chat"]),
        _sender(press["from"]),
        _number(message["message_id"]),
        action=verb,
        args=tuple(args),
        press=str(press["id"]),
    )


def _membership(change: Json) -> Incoming | None:
    """Only coming in and going out: being made an admin is neither."""
    if change["chat"]["type"] == "channel":
        return None
    was, now = _present(change["old_chat_member"]), _present(change["new_chat_member"])
    if was is now:
        return None
    by = None if change["from"].get("is_bot") else _sender(change["from"])
    kind = Arrived if now else Removed
    return kind(*_where(change["chat"]), by, None)


def _moved(old: int, new: int, chat: Json) -> Moved:
    """Both of Telegram's notices say the same: the one in the old group, and the one in the new."""
    kind, title = _where(chat)[1:]
    return Moved(ChatId(CHANNEL, _number(old)), kind, title, None, None, to=_number(new))


def _from_bot(message: Json) -> bool:
    """Another bot. Telegram also puts a bot of its own in the place of an anonymous admin or a channel."""
    return bool("sender_chat" not in message and message.get("from", {}).get("is_bot"))


def _to_another_bot(message: Json, own_name: str) -> bool:
    """Where several bots are in a group, a command says whose it is: /help@grid_bot."""
    addressed = _ADDRESSED.match(message.get("text") or message.get("caption") or "")
    return bool(own_name and addressed and addressed[1].casefold() != own_name.casefold())


def _speaker(message: Json) -> Sender | None:
    """Who speaks for a whole chat, as an anonymous admin does, is nobody in particular."""
    if "sender_chat" in message or "from" not in message:
        return None
    return _sender(message["from"])


def _sender(user: Json) -> Sender:
    account = _number(user["id"])
    name = one_line(f"{user.get('first_name', '')} {user.get('last_name', '')}", NAME_CHARS)
    return Sender(AccountId(CHANNEL, account), name or user.get("username") or account)


def _where(chat: Json) -> tuple[ChatId, ChatKind, str]:
    private = chat["type"] == "private"
    title = f"{chat.get('first_name', '')} {chat.get('last_name', '')}" if private else chat.get("title", "")
    kind = ChatKind.PRIVATE if private else ChatKind.GROUP
    return ChatId(CHANNEL, _number(chat["id"])), kind, one_line(title)


def _text(message: Json) -> str:
    """What is said, or stands under a picture; of a place its name, of a contact whom to call and how."""
    if venue := message.get("venue"):
        return one_line(f"{venue['title']} {venue['address']}", NAMED_CHARS)
    if contact := message.get("contact"):
        name = f"{contact['first_name']} {contact.get('last_name', '')}"
        return f"{one_line(name, NAME_CHARS)} {contact['phone_number']}".strip()
    return message.get("text") or message.get("caption") or ""


def _location(message: Json) -> Location | None:
    place = message.get("location")
    return Location(float(place["latitude"]), float(place["longitude"])) if place else None


def _reply_to(message: Json) -> str | None:
    """In a topic every message seems to answer the one that opened it; that is no answer."""
    answered = message.get("reply_to_message")
    if not answered or "forum_topic_created" in answered:
        return None
    return _number(answered["message_id"])


def _present(member: Json) -> bool:
    return member["status"] in _PRESENT or bool(member.get("is_member"))


def _number(value: Any) -> str:
    """Ids are numbers on the wire and names in the house."""
    if type(value) is not int:
        raise TypeError(f"an id that is no number: {type(value).__name__}")
    return str(value)
