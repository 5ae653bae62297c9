"""The templates of warnings and notices: those that come with the bot, and what a village changes in them or adds."""

from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from bot.catalogue import Language
from bot.config.faults import ConfigError, explained, fault, parsed
from domain.colour import Colour
from domain.language import _
from domain.stages import Sort
from domain.template import MOST_TEMPLATES, Template, Templates
from domain.text import clean

LONGEST_TITLE = 30
"""Characters: it stands on a button."""

NEEDED = ("title", "text", "correction")


class TemplateSection(BaseModel):
    """Fields to change; a name that is not known yet becomes a new template and needs a few."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str | None = Field(None, min_length=1, max_length=LONGEST_TITLE)
    text: str | None = None
    correction: str | None = None
    all_clear: str | None = None
    sort: Literal["alert", "notice"] | None = None
    colour: Literal["blue", "yellow", "orange", "red"] | None = None
    ask: dict[str, str] = Field(default_factory=dict)

    def changes(self) -> dict[str, Any]:
        said: dict[str, Any] = self.model_dump(exclude_none=True, exclude={"ask"})
        said |= {name: clean(said[name]) for name in ("title", "text", "correction", "all_clear") if name in said}
        if self.sort:
            said["sort"] = Sort(self.sort)
        if self.colour:
            said["colour"] = Colour[self.colour.upper()]
        return said


Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
"""It stands behind a button, which has room for 64 bytes."""

_FILE = TypeAdapter(dict[Name, TemplateSection])


def load(language: Language, village: Path | None = None) -> Templates:
    """ConfigError names file, line and field of every fault."""
    shipped = files("bot").joinpath("templates", f"{language}.toml")
    known = _with({}, Path(shipped.name), shipped.read_text("utf-8"))
    if village:
        known = _with(known, village, _text(village))
    return Templates(known.values())


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(_("读不了模板文件 {path}：{why}").format(path=path, why=error)) from error


def _with(known: Mapping[str, Template], path: Path, text: str) -> dict[str, Template]:
    """What is known, with what this file changes and adds."""
    try:
        sections = _FILE.validate_python(parsed(path, text))
    except ValidationError as error:
        raise explained(path, text, error) from error
    faults, table = [], dict(known)
    for name, section in sections.items():
        missing = [field for field in NEEDED if name not in known and not getattr(section, field)]
        if missing:
            faults.append(fault(path, text, (name,), _("新的模板要有 {fields}").format(fields="、".join(missing))))
            continue
        table[name] = _changed(known.get(name), name, section)
        faults += [fault(path, text, (name, *field.split(".", 1)), why) for field, why in _wrong(table[name], table)]
    if len(table) > MOST_TEMPLATES:
        faults.append(fault(path, text, (), _("模板太多了，最多 {n} 个").format(n=MOST_TEMPLATES)))
    if faults:
        raise ConfigError("\n".join(faults))
    return table


def _changed(base: Template | None, name: str, section: TemplateSection) -> Template:
    """Questions of blanks that a new text has no more are not asked any more."""
    changed = replace(base, **section.changes()) if base else Template(name, **section.changes())
    kept = {blank: question for blank, question in changed.ask.items() if blank in changed.blanks}
    return replace(changed, ask={**kept, **section.ask})


def _wrong(template: Template, table: Mapping[str, Template]) -> list[tuple[str, str]]:
    found = template.fault()
    if found:
        return [found]
    same = [other for other in table.values() if other.title == template.title and other.name != template.name]
    return [("title", _("和模板 {name} 同名").format(name=same[0].name))] if same else []
