"""Whether a request or an answer is one of the Bot API's: types, required fields, names. Not what a chat allows."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

TEXT_UNITS = 4096
CAPTION_UNITS = 1024
TOAST_UNITS = 200
"""UTF-16 code units, as the descriptions of sendMessage, sendPhoto and answerCallbackQuery say in words."""

TITLE_CHARS = 128
ABOUT_CHARS = 256
"""Of a group's name and of what a command is for: setChatTitle, BotCommand."""

CALLBACK_DATA_BYTES = 64
KEYBOARD_BUTTONS = 100
"""InlineKeyboardButton, and what one keyboard holds."""

_SPEC = Path(__file__).parent / "botapi" / "api.json"

_PLAIN: dict[str, tuple[type, ...]] = {
    "Integer": (int,),
    "Float": (int, float),
    "String": (str,),
    "Boolean": (bool,),
    "True": (bool,),
}


@cache
def _spec() -> dict[str, Any]:
    spec: dict[str, Any] = json.loads(_SPEC.read_text("utf-8"))
    return spec


def request_faults(method: str, parameters: dict[str, Any]) -> list[str]:
    """What is wrong with a request; empty where it is as the API says."""
    described = _spec()["methods"].get(method)
    if described is None:
        return [f"there is no method {method}"]
    return _field_faults(method, described.get("fields", []), parameters) or list(_limit_faults(method, parameters))


def refusal_faults(body: Any) -> list[str]:
    """What is wrong with a refusal (https://core.telegram.org/bots/api#making-requests)."""
    kinds = {"ok": bool, "error_code": int, "description": str}
    fits = isinstance(body, dict) and all(isinstance(body.get(name), kind) for name, kind in kinds.items())
    if not fits or body["ok"]:
        return [f"a refusal of a wrong shape: {body!r:.90}"]
    return object_faults("ResponseParameters", body.get("parameters", {}))


def units(text: str) -> int:
    """As Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def answer_faults(method: str, result: Any) -> list[str]:
    returns = _spec()["methods"][method]["returns"]
    return [] if any(not _type_faults(method, kind, result) for kind in returns) else [
        fault for kind in returns[:1] for fault in _type_faults(method, kind, result)
    ]  # fmt: skip


def object_faults(kind: str, value: Any) -> list[str]:
    return _type_faults(kind, kind, value)


def _field_faults(where: str, fields: list[dict[str, Any]], values: dict[str, Any]) -> list[str]:
    known = {field["name"]: field for field in fields}
    faults = [f"{where}.{name} is unknown" for name in values.keys() - known.keys()]
    faults += [f"{where}.{name} is missing" for name, f in known.items() if f["required"] and name not in values]
    for name in values.keys() & known.keys():
        kinds = known[name]["types"]
        found = [_type_faults(f"{where}.{name}", kind, values[name]) for kind in kinds]
        if all(found):
            fewest = min(found, key=len)
            faults += fewest
    return faults


def _type_faults(where: str, kind: str, value: Any) -> list[str]:
    if kind.startswith("Array of "):
        if not isinstance(value, list):
            return [f"{where} is no list"]
        return [fault for item in value for fault in _type_faults(where, kind.removeprefix("Array of "), item)]
    if kind in _PLAIN:
        fits = isinstance(value, _PLAIN[kind]) and (isinstance(value, bool) == (kind in ("Boolean", "True")))
        return [] if fits else [f"{where} is no {kind} but {type(value).__name__}"]
    if kind == "InputFile":
        return [] if value == "<file>" else [f"{where} is no file"]
    return _object_faults(where, kind, value)


def _object_faults(where: str, kind: str, value: Any) -> list[str]:
    described = _spec()["types"].get(kind)
    if described is None:
        return [f"{where}: there is no type {kind}"]
    if not isinstance(value, dict):
        return [f"{where} is no {kind} but {type(value).__name__}"]
    if subtypes := described.get("subtypes"):
        found = [_object_faults(where, subtype, value) for subtype in subtypes]
        return [] if not all(found) else min(found, key=len)
    return _field_faults(f"{where}:{kind}", described.get("fields", []), value)


def _limit_faults(method: str, parameters: dict[str, Any]) -> Iterator[str]:
    """What the description says in words only."""
    toast = method == "answerCallbackQuery"
    for name, most in (("text", TOAST_UNITS if toast else TEXT_UNITS), ("caption", CAPTION_UNITS)):
        text = parameters.get(name)
        if text is not None and units(text) > most:
            yield f"{method}.{name} has {units(text)} units of at most {most}"
        if text is not None and not text.strip() and not toast:
            yield f"{method}.{name} is empty"
    if not 1 <= len(parameters.get("title", "-")) <= TITLE_CHARS and method == "setChatTitle":
        yield f"{method}.title has {len(parameters['title'])} characters"
    for command in parameters.get("commands", []):
        if not 1 <= len(command["description"]) <= ABOUT_CHARS:
            yield f"{method}: what {command['command']} is for has {len(command['description'])} characters"
    for name, entities in (("text", "entities"), ("caption", "caption_entities")):
        for entity in parameters.get(entities, []):
            if not 0 <= entity["offset"] < entity["offset"] + entity["length"] <= units(parameters.get(name, "")):
                yield f"{method}.{entities} reach past the {name}"
    yield from _keyboard_faults(method, parameters.get("reply_markup", {}).get("inline_keyboard", []))


def _keyboard_faults(method: str, rows: list[list[dict[str, Any]]]) -> Iterator[str]:
    buttons = [button for row in rows for button in row]
    if len(buttons) > KEYBOARD_BUTTONS:
        yield f"{method}: {len(buttons)} buttons"
    for button in buttons:
        if not button["text"]:
            yield f"{method}: a button without words"
        if not 1 <= len(button.get("callback_data", "x").encode()) <= CALLBACK_DATA_BYTES:
            yield f"{method}: callback_data {button['callback_data']!r} is too long or empty"
