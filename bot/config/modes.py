"""The work modes: those that come with the bot, and what a village changes in them or adds."""

import re
import tomllib
from collections.abc import Container, Iterable
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

from pydantic import Field, field_validator

from bot.catalogue import Language
from bot.config.sections import Duration, Section
from domain.language import _
from domain.mode import DAILY, MOST_MODES, PLACE, Mode, Modes, Timers
from domain.text import clean
from handlers import FEATURES
from handlers.routing import Routes

LONGEST_TITLE = 12
"""Characters of what a mode is called: it is said, and stands on a button."""

LONGEST_ADDITION = 40
"""Characters that a pattern adds to a group's name, which has room for 128."""


class TimersSection(Section):
    acknowledge: Duration | None = None
    resolve: Duration | None = None


class ModeSection(Section):
    """Fields of a mode to change; a `mode` that is not known yet becomes a new one and needs a `title`."""

    mode: str = Field(pattern=r"^[a-z][a-z0-9_]{0,19}$")
    """It stands behind a button, which has room for 64 bytes."""
    title: str | None = Field(None, min_length=1, max_length=LONGEST_TITLE)
    pattern: str | None = None
    card: str | None = Field(None, max_length=1000)
    menu: tuple[str, ...] | None = Field(None, max_length=20)
    kinds: dict[str, TimersSection] = Field(default_factory=dict)
    gathers: tuple[str, ...] | None = None
    quiet: bool | None = None
    alerts: tuple[str, ...] | None = None

    @field_validator("title")
    @classmethod
    def _one_word(cls, title: str | None) -> str | None:
        if title and (re.search(r"\s", title) or title.casefold() in DAILY):
            raise ValueError(_("模式的名字要是一个词，不能是“日常”"))
        return title

    @field_validator("pattern")
    @classmethod
    def _around_the_name(cls, pattern: str | None) -> str | None:
        if pattern is None:
            return None
        if pattern.count(PLACE) != 1 or re.search(r"[{}\n]", pattern.replace(PLACE, "")):
            raise ValueError(_("请写成 {title}·防汛 这样，{title} 是群原来的名字，要有而且只有一个"))
        if len(pattern.replace(PLACE, "")) > LONGEST_ADDITION:
            raise ValueError(_("加在群名上的字太多，最多 {n} 个").format(n=LONGEST_ADDITION))
        return pattern

    @field_validator("menu")
    @classmethod
    def _known_commands(cls, menu: tuple[str, ...] | None) -> tuple[str, ...] | None:
        unknown = [word for word in menu or () if word not in _commands()]
        if unknown:
            raise ValueError(
                _("没有 /{word} 这个命令。有：{known}").format(word=unknown[0], known=" ".join(_commands()))
            )
        return menu

    def kinds_named(self) -> set[str]:
        return {*self.kinds, *(self.gathers or ())}

    def changed(self, base: Mode) -> Mode:
        said: dict[str, Any] = self.model_dump(exclude_none=True, exclude={"mode", "kinds"})
        if "card" in said:
            said["card"] = clean(said["card"])
        timers = {name: Timers(**section.model_dump()) for name, section in self.kinds.items()}
        return replace(base, **said, kinds={**base.kinds, **timers})


def load(language: Language, village: Iterable[ModeSection] = ()) -> Modes:
    shipped = tomllib.loads(files("bot").joinpath("modes", f"{language}.toml").read_text("utf-8"))
    table: dict[str, Mode] = {}
    for section in (*(ModeSection(mode=name, **fields) for name, fields in shipped.items()), *village):
        table[section.mode] = section.changed(table.get(section.mode) or Mode(section.mode, section.title or ""))
    return Modes(table.values())


def must_fit(sections: Iterable[ModeSection], kinds: Container[str], language: Language) -> None:
    """ValueError where a new one has no name, two have the same, one names kinds that are none, or there are many."""
    known = {mode.name: mode.title for mode in load(language)}
    for section in sections:
        strange = [kind for kind in sorted(section.kinds_named()) if kind not in kinds]
        if strange:
            raise ValueError(_("模式 {mode}：没有 {kind} 这个事件类型").format(mode=section.mode, kind=strange[0]))
        if section.mode not in known and not section.title:
            raise ValueError(_("新的模式 {mode} 要有 title").format(mode=section.mode))
        known[section.mode] = section.title or known[section.mode]
    twice = [title for title in known.values() if list(known.values()).count(title) > 1]
    if twice:
        raise ValueError(_("两个模式都叫“{title}”").format(title=twice[0]))
    if len(known) > MOST_MODES:
        raise ValueError(_("模式太多了，最多 {n} 个").format(n=MOST_MODES))


@cache
def _commands() -> tuple[str, ...]:
    """What can stand behind a slash, in the order in which 帮助 names it."""
    words = (word for route in Routes(FEATURES).all for word in route.words if word.startswith("/"))
    return tuple(dict.fromkeys(word.removeprefix("/") for word in words))
