"""Reads what people say: whether something happened that somebody must see to, what kind it is, where, how bad."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from domain.kinds import LOST_PERSON, Kinds, Urgency
from domain.reading import Reading
from lexicon import details, tone
from lexicon.files import STRENGTHS, Context, Lexicon, Sign, Step, load
from lexicon.hearing import Ear, Heard, Hit
from lexicon.signs import Found, Signs, Surroundings

OPENS, ASKS = 3, 1
"""What must speak for a report, less what speaks against it: to open a case, to ask."""

TONE_OPENS, TONE_ASKS, TONE_ASKS_FOR_LIFE, TONE_ALONE = 0.0, -0.8, -1.2, -0.2
"""How it must be worded besides, for each of them; a life at risk asks sooner. `TONE_ALONE` asks where no sign is."""

MOST_FOR = 1
"""However many words confirm a sign, they count no more than this: urgent talk is not yet a report."""

TURNS = "turns"
"""The concept of words that come to the present, and leave what was said before behind."""

KIND_TONE, KIND_DANGER = 2, 2
"""What the wording, and a life at risk, count for one kind against another, where a sign's own worth counts 1."""

PERSONS = frozenset({"person", "en_person"})
"""The concepts of a person. Where none is spoken of, nobody is lost, however much it is worded like that."""

CAUSES = frozenset({"flood", "fire_gas"})
"""Who is in danger from one of these is helped by those who see to it: it names the kind before help does."""

LONGEST_READ = 2_000
"""Characters: whoever writes more in a chat has said by then what it is about."""

REMEMBERED = 128
"""Texts whose reading is at hand: what a batch of messages says, and the next."""

MISHEARD = "misheard"
"""The concept of short words that are heard by their sound as well."""

_RANK = {Urgency.LIFE: 0, Urgency.URGENT: 1, Urgency.ROUTINE: 2}


@dataclass(frozen=True)
class _Understood:
    """A text with the signs in it, and how it is worded."""

    heard: Heard
    judged: list["_Judged"]
    worded: Mapping[str, float]


@dataclass(frozen=True)
class _Judged:
    """A sign with what the words around it make of it."""

    found: Found
    score: int
    around: tuple[Hit, ...]

    @property
    def is_own(self) -> bool:
        """By the village's own words, which it knows how to choose: they are not doubted for how they are said."""
        return self.found.sign.steps[0].concepts[0] == _own(self.found.sign.kind)

    @property
    def tone_to_open(self) -> float:
        return -tone.MOST - 1 if self.is_own else TONE_OPENS

    @property
    def tone_to_ask(self) -> float:
        if self.is_own:
            return self.tone_to_open
        return TONE_ASKS_FOR_LIFE if self.found.sign.danger else TONE_ASKS


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
        self._tone = tone.load()
        self._understood = lru_cache(maxsize=REMEMBERED)(self._understand)

    def hear(self, text: str) -> Heard:
        return self._ear.listen(text[:LONGEST_READ])

    def read_ahead(self, text: str) -> None:
        """These words will be asked about in a moment, and there is time now."""
        self._understood(text[:LONGEST_READ])

    def read(self, text: str) -> Reading:
        """Plain talk among neighbours: mostly it reports nothing."""
        understood = self._understood(text[:LONGEST_READ])
        heard, judged, worded = understood.heard, understood.judged, understood.worded
        best = max(judged, key=self._weight, default=None)
        report = worded[tone.REPORT]
        if best and best.score >= ASKS and report > best.tone_to_ask:
            return self._reading(heard, judged, worded, sure=best.score >= OPENS and report > best.tone_to_open)
        if report > TONE_ALONE:
            return self._reading(heard, judged, worded, sure=False)
        return Reading(None, False, None, None, None, False, _because(heard, best))

    def read_report(self, text: str) -> Reading:
        """Words that somebody declared to be a report; `other` where nothing names the kind."""
        understood = self._understood(text[:LONGEST_READ])
        heard = understood.heard
        if understood.judged:
            return self._reading(heard, understood.judged, understood.worded, sure=True)
        return Reading("other", True, None, details.place(heard), details.people(heard), False, ())

    def _understand(self, text: str) -> _Understood:
        heard = self.hear(text)
        surroundings = Surroundings(heard, self._contexts, TURNS)
        judged = [_judged(found, surroundings.of(found)) for found in self._signs.find(heard)]
        return _Understood(heard, judged, self._tone.of(heard))

    def _weight(self, one: _Judged) -> tuple[int | bool, ...]:
        """A life first, then what is surest, then a village's own words, then the sign that says most."""
        sign = one.found.sign
        return (
            sign.danger and one.score >= ASKS,
            one.is_own,
            one.score,
            -_RANK[self._kinds[sign.kind].urgency],
            len(sign.steps),
            -one.found.start,
        )

    def _reading(self, heard: Heard, judged: list[_Judged], worded: Mapping[str, float], *, sure: bool) -> Reading:
        kind = self._kind(heard, judged, worded)
        of_kind = [one for one in judged if one.found.sign.kind == kind] or judged
        because = _because(heard, max(of_kind, key=self._weight, default=None)) or (self._tone.telling(heard),)
        danger = any(one.found.sign.danger and one.score >= ASKS for one in judged)
        severity = details.severity(heard, kind)
        return Reading(kind, sure, severity, details.place(heard), details.people(heard), danger, because)

    def _kind(self, heard: Heard, judged: list[_Judged], worded: Mapping[str, float]) -> str:
        """What the signs say and the wording says, together; the village's own words have the last word."""
        if any(one.is_own for one in judged):
            best = max(judged, key=self._weight)
            if best.is_own and best.score >= ASKS:
                return best.found.sign.kind
        worth = {kind.kind: KIND_TONE * worded.get(kind.kind, 0.0) for kind in self._kinds}
        if PERSONS.isdisjoint(heard.by_concept) and all(one.found.sign.kind != LOST_PERSON for one in judged):
            worth.pop(LOST_PERSON, None)
        said = dict.fromkeys(worth, 0)
        for one in judged:
            sign = one.found.sign
            counts = max(ASKS, min(one.score, OPENS + 1)) + KIND_DANGER * (sign.danger and one.score >= ASKS)
            said[sign.kind] = max(said[sign.kind], counts)
        named = max(worth, key=lambda kind: worth[kind] + said[kind])
        causes = {one.found.sign.kind for one in judged if one.score >= OPENS} & CAUSES if named == "help" else set()
        return max(causes, key=lambda kind: worth[kind] + said[kind], default=named)


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
