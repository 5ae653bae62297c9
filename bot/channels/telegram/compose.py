"""From what is to be said to what Telegram takes: lengths in its units, buttons, and the first line of a card bold."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from domain.chat import Answer, Rows, Send, Withdraw

TEXT_UNITS = 4096
CAPTION_UNITS = 1024
"""UTF-16 code units of a message and of a picture's caption (Bot API: sendMessage, sendPhoto)."""

TOAST_UNITS = 200
"""Of the answer to a press (Bot API: answerCallbackQuery)."""

Json = dict[str, Any]


class Call(NamedTuple):
    """One request to Telegram: the method and its parameters."""

    method: str
    parameters: Json


def calls(out: Send) -> list[Call]:
    """What makes this a new message: one call, or several where it is longer than Telegram takes in one."""
    texts = list(_texts(out))
    made = []
    if out.attachment and len(texts) == 1 and units(texts[0]) <= CAPTION_UNITS:
        made.append(Call("sendPhoto", _photo(out) | _words(out, texts[0], "caption")))
    else:
        if out.attachment:
            made.append(Call("sendPhoto", _photo(out)))
        if texts != [""] or not out.attachment:
            made += [Call("sendMessage", _message(out, text)) for text in texts]
    made[0].parameters.update(_answering(out))
    if markup := _markup(out):
        made[-1].parameters["reply_markup"] = markup
    return made


def change(out: Send, message: int) -> Call:
    """What makes a standing card say this: the message keeps its id and its place, so it stays one."""
    parameters = _message(out, cut(out.text, TEXT_UNITS)) | {"message_id": message}
    if out.buttons:
        parameters["reply_markup"] = _keyboard(out.buttons)
    return Call("editMessageText", parameters)


def withdraw(out: Withdraw, message: int) -> Call:
    return Call("deleteMessage", _chat(out) | {"message_id": message})


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


def _texts(out: Send) -> Iterator[str]:
    """A card changes in place and is one message whatever it says; anything else may take several."""
    if out.card:
        yield cut(out.text, TEXT_UNITS)
    else:
        yield from split(out.text)


def _message(out: Send, text: str) -> Json:
    # A link that somebody reports must not fill the chat with a picture of where it leads.
    return _chat(out) | _words(out, text, "text") | {"link_preview_options": {"is_disabled": True}}


def _photo(out: Send) -> Json:
    return _chat(out) | {"photo": out.attachment.file_id if out.attachment else ""}


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


def _chat(out: Send | Withdraw) -> Json:
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
