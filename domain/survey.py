"""What a sweep asks at each door: the answers there are, which of them call for help, and where a number belongs."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

MOST_SURVEYS = 20
"""Of one village: as many buttons are found on a small screen without scrolling twice."""

MOST_CHOICES = 6
"""Answers of one survey: three rows of two, under which the whole checklist is still to be seen."""

LONGEST_LABEL = 8
"""Characters of an answer: two stand beside each other on a small phone."""


class Means(StrEnum):
    """What an answer tells of its household."""

    SETTLED = "settled"
    HELP = "help"
    """A case opens at once."""
    UNREACHED = "unreached"
    """Nobody knows yet: it is asked again."""


@dataclass(frozen=True)
class Choice:
    """`also` are other words for it. `own`: a household may say it of itself. `number`: how many is asked after it."""

    code: str
    label: str
    means: Means = Means.SETTLED
    also: tuple[str, ...] = ()
    own: bool = False
    number: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        return (self.label, *self.also)


@dataclass(frozen=True)
class Survey:
    """`also` are other names of it. `unit` is what the numbers count, `opens` the kind of the case that an answer
    opens which calls for help."""

    name: str
    title: str
    question: str
    choices: tuple[Choice, ...]
    also: tuple[str, ...] = ()
    unit: str = ""
    opens: str = "help"

    def choice(self, code: str) -> Choice | None:
        return next((one for one in self.choices if one.code == code), None)

    def said(self, word: str) -> Choice | None:
        """The answer that this word is."""
        return next((one for one in self.choices if word.casefold() in map(str.casefold, one.words)), None)

    def means(self, code: str | None) -> Means | None:
        choice = self.choice(code or "")
        return choice.means if choice else None

    def labels(self, means: Means) -> str:
        return "、".join(one.label for one in self.choices if one.means is means)


class Surveys:
    """Those of this village, in the order in which they are offered."""

    def __init__(self, surveys: Iterable[Survey] = ()) -> None:
        self._surveys = {survey.name: survey for survey in surveys}
        words = {word for survey in self for choice in survey.choices for word in choice.words}
        self.word = "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))
        """A pattern that any answer of theirs matches, the longest words first."""

    def __iter__(self) -> Iterator[Survey]:
        return iter(self._surveys.values())

    def get(self, name: str) -> Survey | None:
        return self._surveys.get(name)

    def called(self, word: str) -> Survey | None:
        """By its title, another name of it, or its code."""
        said = word.strip().casefold()
        return next((one for one in self if said in map(str.casefold, (one.title, one.name, *one.also))), None)
