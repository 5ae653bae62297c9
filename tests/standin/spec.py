"""Whether a request or an answer is one of the Bot API's: types, required fields, names. Not what a chat allows."""

import json
from functools import cache
from pathlib import Path
from typing import Any

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
    return _field_faults(method, described.get("fields", []), parameters)


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
            faults += min(found, key=len)
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
