"""Telegram's own description of its Bot API, to which every request and every answer of the stand-in is held."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

TEXT_UNITS = 4096
CAPTION_UNITS = 1024
TOAST_UNITS = 200
"""UTF-16 code units (Bot API: sendMessage, sendPhoto, answerCallbackQuery)."""

CALLBACK_DATA_BYTES = 64
"""Bot API: InlineKeyboardButton."""

KEYBOARD_BUTTONS = 100
"""In one inline keyboard."""

Json = dict[str, Any]

_PLAIN: dict[str, tuple[type, ...]] = {"String": (str,), "Integer": (int,), "Float": (int, float), "Boolean": (bool,)}


class Spec:
    def __init__(self, api: Json) -> None:
        self._methods: dict[str, Json] = {name.lower(): method for name, method in api["methods"].items()}
        self._types: dict[str, Json] = api["types"]

    def knows(self, method: str) -> bool:
        """Telegram's method names do not mind their case."""
        return method.lower() in self._methods

    def read(self, method: str, written: Mapping[str, Any]) -> Json:
        """Parameters of a form are text; those that the description gives another type are read as JSON."""
        types = {field["name"]: field["types"] for field in self._fields(method)}
        return {
            name: value if not isinstance(value, str) or "String" in types.get(name, ["String"]) else _read(value)
            for name, value in written.items()
        }

    def request(self, method: str, parameters: Json) -> list[str]:
        """What is wrong with a request; empty where it is as Telegram describes it."""
        wrong = [*_object(self, method, self._fields(method), parameters), *_limits(parameters)]
        return [f"{method}: {each}" for each in wrong]

    def result(self, method: str, result: Any) -> list[str]:
        """What is wrong with the result that an answer carries."""
        returns = self._methods[method.lower()]["returns"]
        return [f"answer to {method}: {each}" for each in self.value("result", returns, result)]

    def value(self, place: str, types: list[str], value: Any) -> list[str]:
        """What is wrong with a value that must be of one of these types; the closest type's complaints."""
        complaints = [list(self._as(place, kind, value)) for kind in types]
        return min(complaints, key=len, default=[])

    def _fields(self, method: str) -> list[Json]:
        fields: list[Json] = self._methods[method.lower()].get("fields", [])
        return fields

    def _as(self, place: str, kind: str, value: Any) -> Iterator[str]:
        if kind in _PLAIN:
            if not isinstance(value, _PLAIN[kind]) or (isinstance(value, bool) and kind != "Boolean"):
                yield f"{place} is no {kind}: {value!r:.60}"
        elif kind.startswith("Array of "):
            if not isinstance(value, list):
                yield f"{place} is no list: {value!r:.60}"
                return
            for index, item in enumerate(value):
                yield from self._as(f"{place}[{index}]", kind.removeprefix("Array of "), item)
        elif kind == "InputFile":
            if not isinstance(value, bytes):
                yield f"{place} is no uploaded file"
        elif "subtypes" in self._types[kind]:
            yield from self.value(place, self._types[kind]["subtypes"], value)
        elif not isinstance(value, dict):
            yield f"{place} is no {kind}: {value!r:.60}"
        else:
            yield from _object(self, place, self._types[kind].get("fields", []), value)


@cache
def bot_api() -> Spec:
    path = Path(__file__).parent / "botapi" / "api.json"
    return Spec(json.loads(path.read_text("utf-8")))


def error_answer(answer: Json) -> list[str]:
    """What is wrong with a refusal (https://core.telegram.org/bots/api#making-requests)."""
    shape = answer.get("ok") is False and isinstance(answer.get("description"), str)
    wrong = (
        [] if shape and isinstance(answer.get("error_code"), int) else [f"a refusal of a wrong shape: {answer!r:.90}"]
    )
    if "parameters" in answer:
        wrong += bot_api().value("parameters", ["ResponseParameters"], answer["parameters"])
    return wrong


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _object(spec: Spec, place: str, fields: list[Json], value: Json) -> Iterator[str]:
    known = {field["name"]: field for field in fields}
    for name in value.keys() - known.keys():
        yield f"{place} has an unknown {name}"
    for name, field in known.items():
        if name in value:
            yield from spec.value(f"{place}.{name}", field["types"], value[name])
        elif field["required"]:
            yield f"{place} lacks {name}"


def _limits(parameters: Json) -> Iterator[str]:
    """What the description says in words only."""
    toast = "callback_query_id" in parameters
    for name, most in (("text", TOAST_UNITS if toast else TEXT_UNITS), ("caption", CAPTION_UNITS)):
        text = parameters.get(name)
        if isinstance(text, str) and not (units(text) <= most and (text.strip() or toast)):
            yield f"{name} is empty or longer than {most} units"
    for text_name, name in (("text", "entities"), ("caption", "caption_entities")):
        for entity in parameters.get(name) or []:
            if entity["offset"] < 0 or entity["offset"] + entity["length"] > units(parameters.get(text_name, "")):
                yield f"{name} reach past the {text_name}"
    yield from _keyboard(parameters.get("reply_markup"))


def _keyboard(markup: Any) -> Iterator[str]:
    rows = markup.get("inline_keyboard", []) if isinstance(markup, dict) else []
    buttons = [button for row in rows for button in row]
    if len(buttons) > KEYBOARD_BUTTONS:
        yield f"{len(buttons)} buttons"
    for button in buttons:
        data = button.get("callback_data")
        if data is not None and not 1 <= len(data.encode()) <= CALLBACK_DATA_BYTES:
            yield f"callback_data of {len(data.encode())} bytes"
        if not button.get("text"):
            yield "a button without words"


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
