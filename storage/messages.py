"""How a message is written into a row of the outbox, and read back."""

import json
from typing import Any

from domain.chat import (
    Answer,
    Attachment,
    Button,
    ChatId,
    Command,
    Entitle,
    Location,
    Menu,
    Outgoing,
    Promise,
    Send,
    Withdraw,
)
from storage.attachments import as_list, coordinates, from_list
from storage.database import Row

_written = json.JSONEncoder(ensure_ascii=False).encode


def promise_of(out: Outgoing) -> Promise:
    return Promise.REPLY if isinstance(out, Answer) else out.promise


def card_of(out: Outgoing) -> str | None:
    return None if isinstance(out, Answer) else out.card


def passes(out: Outgoing) -> bool:
    return isinstance(out, Send) and out.passing


def body_of(out: Outgoing, reply_to: str | None, *, held: bool) -> str:
    if isinstance(out, Answer):
        return _written({"text": out.text, "reply_to": None})
    if isinstance(out, Withdraw):
        return _written({"withdraw": True, "reply_to": None})
    if isinstance(out, Entitle):
        return _written({"entitle": out.title, "over": out.over, "reply_to": None})
    if isinstance(out, Menu):
        return _written({"menu": out.commands, "reply_to": None})
    body: dict[str, Any] = {
        "text": out.text,
        "buttons": [[[b.label, b.data] for b in row] for row in out.buttons],
        "reply_to": reply_to,
        "attachment": as_list(out.attachment) if out.attachment else None,
        "location": coordinates(out.location) if out.location else None,
        "asks": out.asks,
    }
    body |= {name: True for name in ("pin", "unpin", "everyone") if getattr(out, name)}
    if held:
        short = out.brief_button
        body |= {"brief": out.brief, "brief_button": [short.label, short.data] if short else None}
        body |= {"true_while": out.true_while}
    return _written(body)


def outgoing_of(row: Row) -> Outgoing:
    chat, body = ChatId(row["channel"], row["chat"]), json.loads(row["body"])
    if row["press"] is not None:
        return Answer(chat, row["press"], body["text"])
    if body.get("withdraw"):
        return Withdraw(chat, row["card"], Promise(row["promise"]))
    if "entitle" in body:
        return Entitle(chat, body["entitle"], tuple(body["over"]))
    if "menu" in body:
        return Menu(chat, tuple(Command(*command) for command in body["menu"]))
    return Send(
        to=chat,
        text=body["text"],
        buttons=tuple(tuple(Button(label, data) for label, data in line) for line in body["buttons"]),
        promise=Promise(row["promise"]),
        card=row["card"],
        reply_to=body["reply_to"],
        attachment=_attachment(body),
        location=Location(*body["location"]) if body.get("location") else None,
        asks=body["asks"],
        brief=body.get("brief"),
        brief_button=Button(*body["brief_button"]) if body.get("brief_button") else None,
        true_while=body.get("true_while"),
        pin=body.get("pin", False),
        unpin=body.get("unpin", False),
        everyone=body.get("everyone", False),
        passing=bool(row["passing"]),
    )


def _attachment(body: dict[str, Any]) -> Attachment | None:
    """`photo` is how a message that waited through an upgrade names it."""
    kept = body.get("attachment") or body.get("photo")
    return from_list(kept) if kept else None
