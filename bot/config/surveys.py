"""What a sweep asks: the surveys that come with the bot, and those that a village changes or adds."""

from collections.abc import Container, Iterable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator

from bot.catalogue import Language
from bot.config.faults import ConfigError, explained, fault, parsed
from bot.config.templates import LONGEST_TITLE, Name
from domain.kinds import DEFAULTS, Kind
from domain.language import _
from domain.survey import LONGEST_LABEL, MOST_CHOICES, MOST_SURVEYS, Choice, Means, Survey, Surveys

LONGEST_QUESTION = 60
"""Characters: it stands above the buttons of every door."""

Words = tuple[Annotated[str, Field(min_length=1, max_length=LONGEST_TITLE)], ...]
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,11}$")]
"""It stands behind a button beside two numbers."""


class ChoiceSection(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    label: str = Field(min_length=1, max_length=LONGEST_LABEL)
    means: Means = Means.SETTLED
    also: Words = ()
    own: bool = False
    number: bool = False


class SurveySection(BaseModel):
    """Whole: a village that changes one writes all of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = Field(min_length=1, max_length=LONGEST_TITLE)
    also: Words = ()
    question: str = Field(min_length=1, max_length=LONGEST_QUESTION)
    unit: str = Field("", max_length=LONGEST_LABEL)
    opens: str = "help"
    answers: dict[Code, ChoiceSection] = Field(min_length=2, max_length=MOST_CHOICES)

    @field_validator("answers")
    @classmethod
    def _told_apart(cls, answers: dict[str, ChoiceSection]) -> dict[str, ChoiceSection]:
        words = [word.casefold() for one in answers.values() for word in (one.label, *one.also)]
        twice = sorted({word for word in words if words.count(word) > 1})
        if twice:
            raise ValueError(_("“{word}”是两个回答，分不清").format(word=twice[0]))
        if all(one.means is not Means.SETTLED for one in answers.values()):
            raise ValueError(_("至少要有一个回答表示这一户问好了"))
        return answers

    def survey(self, name: str) -> Survey:
        choices = (Choice(code, **section.model_dump()) for code, section in self.answers.items())
        return Survey(name, self.title, self.question, tuple(choices), self.also, self.unit, self.opens)


_FILE = TypeAdapter(dict[Name, SurveySection])


def load(language: Language, village: Path | None = None, kinds: Iterable[Kind] = DEFAULTS) -> Surveys:
    """`kinds` are those that an answer may open. ConfigError names file, line and field of every fault."""
    shipped = files("bot").joinpath("surveys", f"{language}.toml")
    opened = {kind.kind for kind in kinds}
    known = _with({}, Path(shipped.name), shipped.read_text("utf-8"), opened)
    if village:
        try:
            known = _with(known, village, village.read_text("utf-8"), opened)
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(_("读不了摸排文件 {path}：{why}").format(path=village, why=error)) from error
    return Surveys(known.values())


def _with(known: Mapping[str, Survey], path: Path, text: str, kinds: Container[str]) -> dict[str, Survey]:
    try:
        sections = _FILE.validate_python(parsed(path, text))
    except ValidationError as error:
        raise explained(path, text, error) from error
    table = {**known, **{name: section.survey(name) for name, section in sections.items()}}
    faults = []
    for name, section in sections.items():
        others = {word.casefold() for one in table.values() if one.name != name for word in (one.title, *one.also)}
        if same := [word for word in (section.title, *section.also) if word.casefold() in others]:
            faults.append(fault(path, text, (name,), _("“{word}”是另一种摸排的名字").format(word=same[0])))
        if section.opens not in kinds:
            why = _("没有 {kind} 这个事件类型").format(kind=section.opens)
            faults.append(fault(path, text, (name, "opens"), why))
    if len(table) > MOST_SURVEYS:
        faults.append(fault(path, text, (), _("摸排的种类太多了，最多 {n} 个").format(n=MOST_SURVEYS)))
    if faults:
        raise ConfigError("\n".join(faults))
    return table
