"""From what is to be said to what Telegram takes: lengths in its units, buttons, places, a card's first line bold."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from bot.channels.telegram.enclosures import Enclosed
from domain.chat import Answer, Location, Rows, Send, Setting, Withdraw

TEXT_UNITS = 4096
CAPTION_UNITS = 1024
"""UTF-16 code units of a message and of a caption (Bot API: sendMessage, sendPhoto and its like)."""

TOAST_UNITS = 200
"""Of the answer to a press (Bot API: answerCallbackQuery)."""

PIN = "sendLocation"
LASTING = {"voice", "video"}

Json = dict[str, Any]


class Call(NamedTuple):
    """One request to Telegram: the method and its parameters."""

    method: str
    parameters: Json


def calls(out: Send, enclosed: Enclosed | None = None) -> list[Call]:
    """What makes this a new message: one call, or several where it is longer than Telegram takes in one."""
    texts = list(_texts(out, CAPTION_UNITS if enclosed else TEXT_UNITS))
    made = []
    if enclosed:
        caption = texts.pop() if len(texts) == 1 and units(texts[0]) <= CAPTION_UNITS else ""
        made.append(Call(enclosed.method, _file(out, enclosed) | _words(out, caption, "caption")))
    if texts != [""] or not (enclosed or out.location):
        made += [Call("sendMessage", _message(out, text)) for text in texts]
    pin = [Call(PIN, _pin(out, out.location))] if out.location else []
    # A pin has no words, so what can be done and what is said stay together; it follows them.
    if markup := _markup(out):
        (made or pin)[-1].parameters["reply_markup"] = markup
    made += pin
    made[0].parameters.update(_answering(out))
    return made


def changes(out: Send, message: int) -> tuple[Call, Call]:
    """What makes a standing card say this: the message keeps its id and its place, so it stays one. Nobody noted
    whether its words stand under a picture or by themselves: the likelier first, then the other."""
    own, chat = _keyboard(out.buttons) if out.buttons else None, chat_of(out) | {"message_id": message}
    buttons = {"reply_markup": own} if own else {}
    by_themselves = Call("editMessageText", _message(out, cut(out.text, TEXT_UNITS)) | chat | buttons)
    underneath = Call("editMessageCaption", chat | _words(out, cut(out.text, CAPTION_UNITS), "caption") | buttons)
    return (underneath, by_themselves) if out.attachment else (by_themselves, underneath)


def withdraw(out: Withdraw, message: int) -> Call:
    return Call("deleteMessage", chat_of(out) | {"message_id": message})


def pin(out: Send, message: int) -> Call:
    """Everybody in the group is told of it, whoever muted the talk too: a message is pinned for no other reason."""
    return Call("unpinChatMessage" if out.unpin else "pinChatMessage", chat_of(out) | {"message_id": message})


def answer(out: Answer) -> Call:
    """Words wait for an OK: they say why something was refused, and a toast is gone before an old eye has read it."""
    parameters: Json = {"callback_query_id": out.press}
    if out.text:
        parameters |= {"text": cut(out.text, TOAST_UNITS), "show_alert": True}
    return Call("answerCallbackQuery", parameters)


def units(text: str) -> int:
    """As Telegram counts: an emoji or a rare ideograph is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, limit: int) -> str:
    """The text within the limit, with an ellipsis where something is missing."""
    if units(text) <= limit:
        return text
    return text[: _fits(text, limit - 1)] + "…"


def split(text: str, limit: int = TEXT_UNITS) -> Iterator[str]:
    """Parts within the limit, broken between lines where there are any, else between words, else anywhere."""
    while units(text) > limit:
        most = _fits(text, limit)
        breaks = (text.rfind(mark, 0, most + 1) for mark in "\n ")
        at = next((at for at in breaks if at >= most // 2), most)
        yield text[:at]
        text = text[at:].lstrip("\n ")
    yield text


def _texts(out: Send, most: int) -> Iterator[str]:
    """A card changes in place and is one message whatever it says; anything else may take several."""
    if out.card:
        yield cut(out.text, most)
    else:
        yield from split(out.text)


def _message(out: Send, text: str) -> Json:
    # A link that somebody reports must not fill the chat with a picture of where it leads.
    return chat_of(out) | _words(out, text, "text") | {"link_preview_options": {"is_disabled": True}}


def _file(out: Send, enclosed: Enclosed) -> Json:
    """Telegram knows how long its own files last, and is told of those that are brought."""
    told = {"duration": enclosed.seconds} if enclosed.seconds and enclosed.field in LASTING else {}
    return chat_of(out) | {enclosed.field: enclosed.file} | told


def _pin(out: Send, place: Location) -> Json:
    return chat_of(out) | {"latitude": place.latitude, "longitude": place.longitude}


def _words(out: Send, text: str, name: str) -> Json:
    """Plain words, never markup that a resident could write; what is bold is said beside them, in Telegram's units."""
    if not text:
        return {}
    first_line = text.partition("\n")[0]
    if not out.card or not first_line:
        return {name: text}
    entities = "entities" if name == "text" else "caption_entities"
    return {name: text, entities: [{"type": "bold", "offset": 0, "length": units(first_line)}]}


def _answering(out: Send) -> Json:
    """Said in answer to a message; if that is gone, said all the same."""
    if not out.reply_to or not out.reply_to.isdecimal():
        return {}
    return {"reply_parameters": {"message_id": int(out.reply_to), "allow_sending_without_reply": True}}


def chat_of(out: Send | Withdraw | Setting) -> Json:
    """By its number; what is no number is left to Telegram to refuse."""
    chat = out.to.chat
    return {"chat_id": int(chat) if chat.removeprefix("-").isdecimal() else chat}


def _markup(out: Send) -> Json | None:
    """Buttons, or the open keyboard of whoever is asked; Telegram takes one of the two."""
    if out.buttons:
        return _keyboard(out.buttons)
    return {"force_reply": True, "selective": True} if out.asks else None


def _keyboard(rows: Rows) -> Json:
    return {"inline_keyboard": [[{"text": b.label, "callback_data": b.data} for b in row] for row in rows]}


def _fits(text: str, limit: int) -> int:
    """How many characters fit into so many units."""
    if len(text) <= limit // 2:
        return len(text)
    left = limit
    for index, character in enumerate(text):
        left -= 2 if character > "\uffff" else 1
        if left < 0:
            return index
    return len(text)
