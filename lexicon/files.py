"""The lexicon's files: words by concept, the signs of each kind, and the contexts that speak for or against."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from itertools import permutations, product
from pathlib import Path
from typing import Any

from domain.kinds import Kinds
from domain.language import _

STRENGTHS = {"danger": 3, "sure": 3, "likely": 2, "maybe": 1, "hint": -9}
"""What a sign is worth by the list it stands in: 3 opens a case, 1 or 2 ask. A hint only names the kind of what
somebody declared to be a report."""

REACHES = ("touching", "near", "before", "after", "anywhere")

GAPS = {".": 1, ">": 8, ">>": 30}
"""How far apart, in characters, the parts of a sign may stand by how they are joined; by `+` as by `>`."""


class LexiconError(Exception):
    """What is wrong in a lexicon's file, by file, line and field, for whoever wrote it."""


@dataclass(frozen=True)
class Step:
    """One part of a sign: any of these concepts, at most `gap` characters after the part before it."""

    concepts: tuple[str, ...]
    gap: int


@dataclass(frozen=True)
class Sign:
    """Concepts that stand together in the words of somebody who reports this kind; `unless` none of these stands
    between them."""

    kind: str
    strength: int
    danger: bool
    steps: tuple[Step, ...]
    unless: tuple[str, ...] = ()


@dataclass(frozen=True)
class Context:
    """Words that make a sign count for more or less, where they reach it. `life`: even where a life is at risk;
    `kinds`: only signs of these; `spares`: not those of these."""

    name: str
    weight: int
    reach: str
    life: bool = False
    kinds: tuple[str, ...] = ()
    spares: tuple[str, ...] = ()

    def concerns(self, kind: str) -> bool:
        return (not self.kinds or kind in self.kinds) and kind not in self.spares


@dataclass(frozen=True)
class Lexicon:
    words: Mapping[str, tuple[str, ...]]
    signs: tuple[Sign, ...]
    contexts: Mapping[str, Context]


def load(kinds: Kinds, village: Path | None = None) -> Lexicon:
    """The words that come with the bot for these kinds, and the village's own file on top."""
    here = files(__package__)
    own = [here / "en.toml", *sorted((here / "zh").iterdir(), key=lambda file: file.name)]
    texts = [(file.name, file.read_text("utf-8")) for file in own if file.name.endswith(".toml")]
    if village:
        texts.append((str(village), _read(village)))
    return _merged([_File(name, text) for name, text in texts], {kind.kind for kind in kinds})


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LexiconError(_("读不了词库文件 {path}：{why}").format(path=path, why=error)) from error


class _File:
    """One file and what is wrong in it."""

    def __init__(self, name: str, text: str) -> None:
        self.name, self._text = name, text
        try:
            self.data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise LexiconError(_("{path}：不是正确的 TOML：{why}").format(path=name, why=error)) from error
        for section in self.data:
            if section not in {"words", "contexts", "kinds"}:
                raise self.fault(section, _("没有这个设置，请检查拼写"))

    def fault(self, field: str, why: str) -> LexiconError:
        return LexiconError(
            _("{path} 第 {line} 行，{field}：{why}").format(
                path=self.name, line=self._line(field), field=field, why=why
            )
        )

    def _line(self, field: str) -> int:
        """Where the field stands: `words.water` is the key `water` below `[words]`."""
        section, _dot, key = field.rpartition(".")
        here = ""
        for number, line in enumerate(self._text.splitlines(), 1):
            if header := re.match(r"\s*\[\s*([\w.\-]+)\s*\]", line):
                here = header[1]
                if here == field:
                    return number
            elif here == section and re.match(rf"\s*{re.escape(key)}\s*=", line):
                return number
        return 1

    def table(self, section: str) -> dict[str, Any]:
        table = self.data.get(section, {})
        if not isinstance(table, dict):
            raise self.fault(section, _("应当是一个表，例如 [{section}]").format(section=section))
        return table


def _merged(read: list[_File], kinds: set[str]) -> Lexicon:
    listed: defaultdict[str, list[str]] = defaultdict(list)
    contexts: dict[str, Context] = {}
    for file in read:
        for concept, words in file.table("words").items():
            listed[concept] += _split(file, f"words.{concept}", words)
        for name, about in file.table("contexts").items():
            contexts[name] = _context(file, name, about)
            listed[name] += _split(file, f"contexts.{name}.words", about.get("words", ""))
    signs = [sign for file in read for sign in _signs(file, kinds, set(listed))]
    return Lexicon({concept: _spelt_out(concept, listed) for concept in listed}, tuple(signs), contexts)


def _split(file: _File, field: str, written: Any) -> list[str]:
    if not isinstance(written, str):
        raise file.fault(field, _('应当是一串用空格隔开的词，例如 "水 雨水 污水"'))
    return written.split()


def _context(file: _File, name: str, about: Any) -> Context:
    field = f"contexts.{name}"
    if not isinstance(about, dict):
        raise file.fault(field, _("应当是一个表，例如 [{section}]").format(section=field))
    for key in about:
        if key not in {"words", "weight", "reach", "life", "kinds", "spares"}:
            raise file.fault(f"{field}.{key}", _("没有这个设置，请检查拼写"))
    weight, reach = about.get("weight"), about.get("reach")
    if not isinstance(weight, int):
        raise file.fault(f"{field}.weight", _("应当是一个整数，例如 -3"))
    if reach not in REACHES:
        raise file.fault(f"{field}.reach", _("只能是：{choices}").format(choices="、".join(REACHES)))
    kinds, spares = tuple(about.get("kinds", ())), tuple(about.get("spares", ()))
    return Context(name, weight, reach, bool(about.get("life", False)), kinds, spares)


def _spelt_out(concept: str, listed: Mapping[str, list[str]]) -> tuple[str, ...]:
    """All the words of a concept: `@child` are those of another one, `(没|还没)回来` are several words in one."""
    words: dict[str, None] = {}
    for written in listed[concept]:
        if written.startswith("@"):
            words.update(dict.fromkeys(_spelt_out(written[1:], listed)))
        else:
            words.update(dict.fromkeys(_variants(written)))
    return tuple(word.replace("_", " ").lower() for word in words if word)


def _variants(written: str) -> Iterable[str]:
    parts = re.split(r"\(([^()]*)\)", written)
    choices = [part.split("|") if n % 2 else [part] for n, part in enumerate(parts)]
    return ("".join(chosen) for chosen in product(*choices))


def _signs(file: _File, kinds: set[str], concepts: set[str]) -> Iterable[Sign]:
    for kind, lists in file.table("kinds").items():
        if kind not in kinds:
            raise file.fault(
                f"kinds.{kind}", _("没有 {kind} 这个事件类型；新的类型先写进配置的 [[kinds]]").format(kind=kind)
            )
        if not isinstance(lists, dict):
            raise file.fault(f"kinds.{kind}", _("应当是一个表，例如 [{section}]").format(section=f"kinds.{kind}"))
        for strength, written in lists.items():
            field = f"kinds.{kind}.{strength}"
            if strength not in STRENGTHS:
                raise file.fault(field, _("只能是：{choices}").format(choices="、".join(STRENGTHS)))
            if not isinstance(written, list) or not all(isinstance(sign, str) for sign in written):
                raise file.fault(field, _('应当是一列，例如 ["water + rising"]'))
            for sign in written:
                yield from _in_every_order(file, field, kind, strength, sign, concepts)


def _in_every_order(
    file: _File, field: str, kind: str, strength: str, written: str, concepts: set[str]
) -> Iterable[Sign]:
    """`a > b`: b after a; `a >> b`: far after it; `a . b`: b touches a; `a + b`: both ways; `a|b`: either; `! c`: with
    no c between."""
    together, _bang, unless = written.partition("!")
    without = tuple(unless.split())
    groups = [_steps(group) for group in together.split("+")]
    named = {name for group in groups for step in group for name in step.concepts} | set(without)
    if unknown := sorted(named - concepts):
        raise file.fault(
            field, _("“{sign}”里的 {names} 没有列在 [words]").format(sign=written, names="、".join(unknown))
        )
    for order in permutations(groups):
        steps = tuple(step for group in order for step in group)
        yield Sign(kind, STRENGTHS[strength], strength == "danger", steps, without)


def _steps(group: str) -> list[Step]:
    steps, gap = [], GAPS[">"]
    for part in re.split(r"\s*(>>|>|\.)\s*", group.strip()):
        if part in GAPS:
            gap = GAPS[part]
        else:
            steps.append(Step(tuple(part.split("|")), gap))
    return steps
