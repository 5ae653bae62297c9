"""Reads what people say: whether something happened that somebody must see to, what kind it is, where, how bad."""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.kinds import Kinds, Urgency
from domain.reading import Reading
from lexicon import details
from lexicon.files import STRENGTHS, Context, Lexicon, Sign, Step, load
from lexicon.hearing import Ear, Heard, Hit
from lexicon.signs import Found, Signs, Surroundings

OPENS, ASKS = 3, 1
"""What must speak for a report, less what speaks against it: to open a case, to ask."""

MOST_FOR = 1
"""However many words confirm a sign, they count no more than this: urgent talk is not yet a report."""

TURNS = "turns"
"""The concept of words that come to the present, and leave what was said before behind."""

CAUSES = ("flood", "fire_gas")
"""The kinds that put people into danger."""

MISHEARD = "misheard"
"""The concept of short words that are heard by their sound as well."""

_RANK = {Urgency.LIFE: 0, Urgency.URGENT: 1, Urgency.ROUTINE: 2}


@dataclass(frozen=True)
class _Judged:
    """A sign with what the words around it make of it."""

    found: Found
    score: int
    around: tuple[Hit, ...]


class Recogniser:
    """Built once: it holds the lexicon and this village's kinds. The same words are always read the same way."""

    def __init__(self, kinds: Kinds | None = None, lexicon: Lexicon | None = None) -> None:
        self._kinds = kinds or Kinds()
        lexicon = lexicon or load(self._kinds)
        own = {_own(kind.kind): kind.words for kind in self._kinds if kind.words}
        signs = [*lexicon.signs, *(_own_sign(kind.kind) for kind in self._kinds if kind.words)]
        self._contexts = lexicon.contexts
        self._signs = Signs(signs)
        meaning = {name for sign in signs for step in sign.steps for name in step.concepts} - lexicon.contexts.keys()
        words = {**lexicon.words, **own}
        self._ear = Ear(words, meaning, lexicon.words.get(MISHEARD, ()))

    def read(self, text: str) -> Reading:
        """Plain talk among neighbours: mostly it reports nothing."""
        heard = self._ear.listen(text)
        judged = self._judge(heard)
        best = self._best(judged)
        if best is None or best.score < ASKS:
            return Reading(None, False, None, None, None, False, _because(heard, best))
        return self._reading(heard, best, judged, sure=best.score >= OPENS)

    def read_report(self, text: str) -> Reading:
        """Words that somebody declared to be a report; `other` where nothing names the kind."""
        heard = self._ear.listen(text)
        judged = self._judge(heard)
        if best := self._best(judged):
            return self._reading(heard, best, judged, sure=True)
        return Reading("other", True, None, details.place(heard), details.people(heard), False, ())

    def _judge(self, heard: Heard) -> list[_Judged]:
        surroundings = Surroundings(heard, self._contexts, TURNS)
        return [_judged(found, surroundings.of(found)) for found in self._signs.find(heard)]

    def _best(self, judged: list[_Judged]) -> _Judged | None:
        """What endangers people names the kind, before the people in danger do."""
        best = max(judged, key=self._weight, default=None)
        if best is None or best.found.sign.kind != "help":
            return best
        causes = [one for one in judged if one.found.sign.kind in CAUSES and one.score >= OPENS]
        return max(causes, key=self._weight, default=best)

    def _weight(self, one: _Judged) -> tuple[int | bool, ...]:
        """A life first, then what is surest, then a village's own words, then the sign that says most."""
        sign = one.found.sign
        return (
            sign.danger and one.score >= ASKS,
            sign.steps[0].concepts[0] == _own(sign.kind),
            one.score,
            -_RANK[self._kinds[sign.kind].urgency],
            len(sign.steps),
            -one.found.start,
        )

    def _reading(self, heard: Heard, best: _Judged, judged: list[_Judged], *, sure: bool) -> Reading:
        kind = best.found.sign.kind
        return Reading(
            kind,
            sure,
            details.severity(heard, kind),
            details.place(heard),
            details.people(heard),
            any(one.found.sign.danger and one.score >= ASKS for one in judged),
            _because(heard, best),
        )


def _judged(found: Found, around: Iterable[tuple[Context, Hit]]) -> _Judged:
    around = list(around)
    speaks_for = min(MOST_FOR, sum(context.weight for context, _hit in around if context.weight > 0))
    against = sum(context.weight for context, _hit in around if context.weight < 0)
    if found.sign.danger and not any(context.life for context, _hit in around if context.weight < 0):
        against = max(against, ASKS - OPENS)
    return _Judged(found, found.strength + speaks_for + against, tuple(hit for _context, hit in around))


def _because(heard: Heard, judged: _Judged | None) -> tuple[str, ...]:
    """The words that decided, in the order in which they stand."""
    hits = sorted({*judged.found.hits, *judged.around}, key=lambda hit: hit.start) if judged else []
    return tuple(dict.fromkeys(heard.words(hit) for hit in hits))


def _own(kind: str) -> str:
    return f"words of {kind}"


def _own_sign(kind: str) -> Sign:
    return Sign(kind, STRENGTHS["sure"], False, (Step((_own(kind),), 0),))
