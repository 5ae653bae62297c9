"""What the server shows a page: rooms, messages, and short answers, each as a frame."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from bot.channels.web.hub import Frame
from bot.channels.web.rooms import Room
from domain.chat import Attachment, Sender
from storage.webchat import Message


def rooms(who: Sender, seen: Iterable[Room]) -> Frame:
    me = {"account": who.account.account, "name": who.name}
    return {"type": "rooms", "me": me, "rooms": [{"id": r.id, "name": r.name, "kind": r.kind.value} for r in seen]}


def talk(room: str, said: Sequence[Message], *, reset: bool = False, earlier: bool | None = None) -> Frame:
    """Messages of one room. `reset`: forget what you had there. `earlier`: whether there are any before these."""
    frame: Frame = {"type": "messages", "room": room, "messages": [_message(message) for message in said]}
    if reset:
        frame["reset"] = True
    if earlier is not None:
        frame["earlier"] = earlier
    return frame


def named(room: str, name: str) -> Frame:
    """The room has another name from now on."""
    return {"type": "named", "room": room, "name": name}


def stored(frame_id: str) -> Frame:
    """The page may forget it: it is on the disk here."""
    return {"type": "stored", "id": frame_id}


def refused(frame_id: str | None, why: str) -> Frame:
    """It will never be taken, sent again or not."""
    return {"type": "refused", "id": frame_id, "text": why}


def later(frame_id: str | None, why: str, after: float) -> Frame:
    """Not now; to be sent again in so many seconds."""
    return {"type": "later", "id": frame_id, "text": why, "after": round(after, 1)}


def toast(press: str, text: str) -> Frame:
    """The short answer to a press, by the page's own id for it."""
    return {"type": "toast", "id": press, "text": text}


def _message(message: Message) -> Frame:
    place = message.location
    return {
        "id": message.id,
        "revision": message.revision,
        "account": message.account,
        "author": message.author,
        "client": message.client,
        "text": message.text,
        "card": message.card,
        "buttons": [[[button.label, button.data] for button in row] for row in message.buttons],
        "attachment": _attachment(message.attachment),
        "location": [place.latitude, place.longitude] if place else None,
        "reply_to": message.reply_to,
        "asks": message.asks,
        "at": _iso(message.said_at),
        "edited": _iso(message.edited_at) if message.edited_at else None,
    }


def _attachment(kept: Attachment | None) -> Frame | None:
    return {"id": kept.file_id, "medium": kept.medium.value, "seconds": kept.seconds} if kept else None


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
