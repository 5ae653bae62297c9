"""模板: words that are written in peace for what will happen one day, with blanks for what nobody can know before."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from domain.colour import Colour
from domain.language import _
from domain.refused import Refused
from domain.sayable import checked_text
from domain.stages import Sort, Stage
from domain.text import clean, has_words

MOST_TEMPLATES = 40
"""Of one village: as many buttons are found on a small screen by scrolling twice."""

LONGEST_ANSWER = 80
"""Characters in one blank: a place, an hour, what somebody wears. More is a text of one's own."""

_BLANK = re.compile(r"\{([^{}\n]{1,30})\}")
_NOW, _LATER = "〔？〕", "＿＿"
"""What stands in a blank that is asked for, and in one that will be."""


@dataclass(frozen=True)
class Template:
    """`correction` is said where it was sent by mistake, `all_clear` when it is over; `ask` holds the question for
    each blank. `sort` and `colour` are what it is mostly sent as; whoever sends it decides."""

    name: str
    title: str
    text: str
    correction: str
    all_clear: str = ""
    sort: Sort = Sort.NOTICE
    colour: Colour | None = None
    ask: Mapping[str, str] = field(default_factory=dict)

    @property
    def blanks(self) -> tuple[str, ...]:
        return blanks_in(self.text)

    def question(self, blank: str) -> str:
        return self.ask.get(blank) or _("“{blank}”填什么？").format(blank=blank)

    def next_blank(self, answers: Mapping[str, str]) -> str | None:
        return next((blank for blank in self.blanks if blank not in answers), None)

    def filled(self, answers: Mapping[str, str]) -> str:
        """The whole text; nothing while a blank is left."""
        return "" if self.next_blank(answers) else _fill(self.text, answers)

    def line_with(self, blank: str, answers: Mapping[str, str]) -> str:
        """The line that this one is blank in, as far as it is known."""
        line = next(line for line in self.text.splitlines() if blank in blanks_in(line))
        return _fill(line, dict.fromkeys(self.blanks, _LATER) | dict(answers) | {blank: _NOW})

    def answered(self, answers: Mapping[str, str], blank: str, words: str, sort: Sort) -> dict[str, str]:
        """The answers with one more; refused where the sentence could not be said like that, while it can be asked
        again."""
        words = clean(words).replace("\n", " ")
        if not has_words(words):
            raise Refused(_("请用文字回答，例如一个地方、一个时间。"))
        if len(words) > LONGEST_ANSWER:
            raise Refused(_("太长了（{n} 字），这个空最多 {most} 字。").format(n=len(words), most=LONGEST_ANSWER))
        more = {**answers, blank: words}
        checked_text(sort, _fill(self.text, dict.fromkeys(self.blanks, "…") | more))
        return more

    def end(self, stage: Stage, sort: Sort, answers: Mapping[str, str]) -> str:
        """What is said besides when it is called back or over; nothing where that could not be said in full."""
        words = {Stage.CANCELLED: self.correction, Stage.CLEARED: self.all_clear}.get(stage, "")
        try:
            return checked_text(sort, _fill(words, answers)) if words else ""
        except Refused:
            return ""

    def fault(self) -> tuple[str, str] | None:
        """The first field that nobody could use as it is, and why."""
        texts = {"text": self.text, "correction": self.correction}
        if self.all_clear:
            texts["all_clear"] = self.all_clear
        faults = [(name, self._why_not(text)) for name, text in texts.items()]
        faults += [(f"ask.{blank}", _not_there(blank)) for blank in self.ask if blank not in self.blanks]
        return next(((name, why) for name, why in faults if why), None)

    def _why_not(self, text: str) -> str:
        """Why this could not be said, in earnest and as a drill, whatever fills its blanks."""
        strange = [blank for blank in blanks_in(text) if blank not in self.blanks]
        if strange:
            return _not_there(strange[0])
        try:
            for sort in (self.sort, Sort.DRILL):
                checked_text(sort, _fill(text, dict.fromkeys(self.blanks, "1")))
        except Refused as refused:
            return refused.sentence
        return ""


class Templates:
    """Those of this village, in the order in which they are listed."""

    def __init__(self, templates: Iterable[Template] = ()) -> None:
        self._templates = {template.name: template for template in templates}

    def __iter__(self) -> Iterator[Template]:
        return iter(self._templates.values())

    def get(self, name: str) -> Template | None:
        return self._templates.get(name)

    def called(self, word: str) -> Template | None:
        """By its title, as people say it, or by its name."""
        said = word.strip().casefold()
        return next((one for one in self if said in (one.title.casefold(), one.name)), None)


def blanks_in(text: str) -> tuple[str, ...]:
    """Each once, in the order in which they stand."""
    return tuple(dict.fromkeys(_BLANK.findall(text)))


def _not_there(blank: str) -> str:
    return _("text 里没有 {blank} 这个空").format(blank=f"{{{blank}}}")


def _fill(text: str, answers: Mapping[str, str]) -> str:
    """Once through: what somebody answers is never filled in again."""
    return _BLANK.sub(lambda blank: answers.get(blank[1], blank[0]), text)
