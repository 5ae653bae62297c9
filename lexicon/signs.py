"""Where the signs of the kinds stand in a text, and what the words around them make of them."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lexicon.files import Context, Sign, Step
from lexicon.hearing import Heard, Hit

OFTEN = 8
"""A sign is looked for from so many first words, and from the last: who says a thing more often says it no better."""

BARRING = 5
"""How near before its last part, in characters, a word must stand that makes a sign mean something else."""

CLAUSE_ENDS = frozenset(",;。.!?\n")


@dataclass(frozen=True)
class Found:
    """A sign that stands in the text, by its words."""

    sign: Sign
    hits: tuple[Hit, ...]

    @property
    def start(self) -> int:
        return self.hits[0].start

    @property
    def end(self) -> int:
        return self.hits[-1].end

    @property
    def strength(self) -> int:
        """A word that is only heard by its sound may be another word: where no written one stands by it, ask."""
        return self.sign.strength - all(hit.sounded for hit in self.hits)


class Signs:
    """All signs, by the concept they begin with, and what must be there besides."""

    def __init__(self, signs: Iterable[Sign]) -> None:
        self._by_first: dict[str, list[tuple[Sign, list[frozenset[str]]]]] = {}
        for sign in signs:
            following = [frozenset(step.concepts) for step in sign.steps[1:]]
            for concept in sign.steps[0].concepts:
                self._by_first.setdefault(concept, []).append((sign, following))

    def find(self, heard: Heard) -> list[Found]:
        present = heard.by_concept.keys()
        return [
            found
            for concept, hits in heard.by_concept.items()
            for sign, following in self._by_first.get(concept, ())
            if not any(map(present.isdisjoint, following))
            for first in (*hits[:OFTEN], *hits[OFTEN:][-1:])
            if (found := _follow(sign, first, heard))
        ]


def _follow(sign: Sign, first: Hit, heard: Heard) -> Found | None:
    """The sign from this word on; each part is the nearest that follows."""
    hits = [first]
    for step in sign.steps[1:]:
        following = _next(step, hits[-1], heard)
        if following is None:
            return None
        hits.append(following)
    return None if _is_barred(sign, hits, heard) else Found(sign, tuple(hits))


def _is_barred(sign: Sign, hits: list[Hit], heard: Heard) -> bool:
    """Whether something else is meant: 孩子的书包不见了; but not 孩子背着书包，走了半天还没到家."""
    others = (hit for concept in sign.unless for hit in heard.by_concept.get(concept, ()))
    last = hits[-1]
    return any(
        (hits[0].start <= hit.start < last.start and heard.gap(hit, last) <= BARRING)
        or last.start <= hit.start < last.end
        for hit in others
    )


def _next(step: Step, before: Hit, heard: Heard) -> Hit | None:
    nearest: Hit | None = None
    for concept in step.concepts:
        hits = heard.by_concept.get(concept, [])
        at = bisect_left(hits, before.end, key=lambda hit: hit.start)
        if at < len(hits) and heard.gap(before, hits[at]) <= step.gap:
            nearest = hits[at] if nearest is None or hits[at].start < nearest.start else nearest
    return nearest


def _overlaps(hit: Hit, found: Found) -> bool:
    return any(hit.start < part.end and part.start < hit.end for part in found.hits)


class Surroundings:
    """What the contexts in a text say of a sign in it."""

    def __init__(self, heard: Heard, contexts: Mapping[str, Context], turns: str) -> None:
        self._heard = heard
        self._present = [
            (contexts[name], hit) for name, hits in heard.by_concept.items() if name in contexts for hit in hits
        ]
        self._turns = [hit.start for hit in heard.by_concept.get(turns, ())]
        self._clauses = [n for n, c in enumerate(heard.parted) if c in CLAUSE_ENDS]

    def of(self, found: Found) -> list[tuple[Context, Hit]]:
        """Every context once, by the first of its words that reaches the sign."""
        reaching: dict[str, tuple[Context, Hit]] = {}
        for context, hit in self._present:
            if not context.concerns(found.sign.kind):
                continue
            if context.name not in reaching and not _overlaps(hit, found) and self._reaches(context, hit, found):
                reaching[context.name] = (context, hit)
        return list(reaching.values())

    def _reaches(self, context: Context, hit: Hit, found: Found) -> bool:
        match context.reach:
            case "touching":
                return any(0 <= self._heard.gap(hit, part) <= 1 for part in found.hits)
            case "near":
                return self._share_clause(hit, found)
            case "before":
                return hit.start < found.end and not self._turned(hit.end, found.start)
            case "after":
                return hit.end > found.end
            case _:
                return True

    def _share_clause(self, hit: Hit, found: Found) -> bool:
        def clause(at: int) -> int:
            return bisect_left(self._clauses, at)

        return any(clause(part.start) == clause(hit.start) for part in found.hits)

    def _turned(self, start: int, end: int) -> bool:
        """Whether the talk comes to the present between the two: 以前好好的，现在…"""
        return any(start <= turn < end for turn in self._turns)
