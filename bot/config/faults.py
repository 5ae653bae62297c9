"""What is wrong in a file of settings, by file, line and field, in words for whoever keeps the bot running."""

import re
import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from domain.language import _

Where = tuple[int | str, ...]
"""A field's way from the top of its file: `("kinds", 1, "words")` is the key `words` in the second [[kinds]]."""


class ConfigError(Exception):
    """What is wrong, a line a fault."""


def parsed(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(_("{path}：不是正确的 TOML：{why}").format(path=path, why=error)) from error


def explained(path: Path, text: str, error: ValidationError) -> ConfigError:
    return ConfigError("\n".join(fault(path, text, tuple(one["loc"]), _why(one)) for one in error.errors()))


def fault(path: Path, text: str, where: Where, why: str) -> str:
    field = ".".join(str(part) for part in where)
    return _("{path} 第 {line} 行，{field}：{why}").format(path=path, line=line_of(text, where), field=field, why=why)


def _why(fault: ErrorDetails) -> str:
    if fault["type"] == "extra_forbidden":
        return _("没有这个设置，请检查拼写")
    return str(fault["ctx"]["error"]) if "error" in fault.get("ctx", {}) else fault["msg"]


def line_of(text: str, where: Where) -> int:
    """The line a field stands on, or the nearest above it that names what it belongs to."""
    names = [part for part in where if isinstance(part, str)]
    nth = next((part for part in where if isinstance(part, int)), 0)
    here: list[str] = []
    seen, best, depth = -1, 1, 0
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r'\s*\[+\s*([\w."\-]+)\s*\]+', line):
            named = here = _parts(header[1])
            seen += "[[" in line and here == names[: len(here)]
        elif key := re.match(r'\s*([\w."\-]+)\s*=', line):
            named = [*here, *_parts(key[1])]
        else:
            continue
        if len(named) > depth and named == names[: len(named)] and seen in (-1, nth):
            best, depth = number, len(named)
    return best


def _parts(key: str) -> list[str]:
    return key.replace('"', "").split(".")
