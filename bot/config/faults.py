"""What is wrong in the config, by file, line and field, in words for whoever keeps the bot running."""

import re
from pathlib import Path

from pydantic_core import ErrorDetails

from domain.language import _


class ConfigError(Exception):
    """What is wrong in the config, a line a fault, in words for whoever keeps the bot running."""


def explain(path: Path, text: str, fault: ErrorDetails) -> str:
    where = tuple(fault["loc"])
    field = ".".join(str(part) for part in where)
    line = line_of(text, where)
    if fault["type"] == "extra_forbidden":
        why = _("没有这个设置，请检查拼写")
    elif "error" in fault.get("ctx", {}):
        why = str(fault["ctx"]["error"])
    else:
        why = fault["msg"]
    return _("{path} 第 {line} 行，{field}：{why}").format(path=path, line=line, field=field, why=why)


def line_of(text: str, where: tuple[int | str, ...]) -> int:
    """The line a field stands on: `("kinds", 1, "words")` is the key `words` in the second [[kinds]]."""
    section = ".".join(part for part in where[:-1] if isinstance(part, str))
    nth = next((part for part in where if isinstance(part, int)), 0)
    key, here, seen, best = str(where[-1]), "", -1, 1
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[+\s*([\w.\-]+)\s*\]+", line):
            here = header[1]
            seen += here == section and "[[" in line
            if here == section or here == ".".join(map(str, where)):
                best = number
        elif here == section and seen in (-1, nth) and re.match(rf"\s*{re.escape(key)}\s*=", line):
            return number
        elif here == "" and where and re.match(rf"\s*{re.escape(str(where[0]))}\s*=", line):
            best = number
    return best
