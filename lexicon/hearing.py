"""Which words of the lexicon stand in a text, as they are written or as they sound."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate

import ahocorasick

from lexicon.spelling import plain, sounds, standard_sounds

_STEP = 4
"""The way a Chinese character takes. A letter takes a quarter of it: an English word is about as long as a Chinese
one. A comma parts words, and the end of a sentence parts them for good."""

_WAY = dict.fromkeys("abcdefghijklmnopqrstuvwxyz0123456789 '-", 1)
_WAY |= dict.fromkeys(",、:;…~", 2 * _STEP) | dict.fromkeys("。.!?\n", 10 * _STEP)

_BLANK = re.compile(r"(?<![a-z0-9]) | (?![a-z0-9])")
"""A blank between Chinese characters is what many type for a comma."""

_EVERYWHERE = frozenset("的了被不没有一上下来去到在人好大个出起过子头里得地道是我这那就也都还会要")
"""Characters that stand in every sentence: one of them does not make a word known by its sound."""


@dataclass(frozen=True)
class Hit:
    """A word that stands from `start` to `end`; `sounded` where it is spelt otherwise."""

    start: int
    end: int
    concepts: tuple[str, ...]
    sounded: bool = False


class Heard:
    """A text, and the words of the lexicon in it in order."""

    def __init__(self, said: str, text: str, hits: list[Hit]) -> None:
        self.said, self.text, self.hits = said, text, hits
        self.by_concept: dict[str, list[Hit]] = {}
        for hit in hits:
            for concept in hit.concepts:
                self.by_concept.setdefault(concept, []).append(hit)
        self.parted = _BLANK.sub(",", text)
        self._way = [0, *accumulate(_WAY.get(c, _STEP) for c in self.parted)]

    def gap(self, earlier: Hit, later: Hit) -> float:
        """Characters between two words; less than nothing where they overlap."""
        if later.start < earlier.end:
            return later.start - earlier.end
        return (self._way[later.start] - self._way[earlier.end]) / _STEP

    def words(self, hit: Hit) -> str:
        return self.said[hit.start : hit.end]


class Ear:
    """Two automata over all the words: one hears them as they are written, one as they sound.

    `meaning` are the concepts that signs are made of; only their words are heard by sound, and of those of two
    characters only the `misheard`. A word of any other concept
    hides what stands in it, as 水费 hides its water, and is hidden itself where it is part of a longer word."""

    def __init__(self, words: Mapping[str, Iterable[str]], meaning: Iterable[str], misheard: Iterable[str]) -> None:
        self._meaning, short = frozenset(meaning), frozenset(misheard)
        concepts: dict[str, list[str]] = {}
        for concept, spelt in words.items():
            for word in spelt:
                concepts.setdefault(word, []).append(concept)
        self._written = _automaton({plain(word): tuple(named) for word, named in concepts.items()})
        alike: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        for word, named in concepts.items():
            meant = tuple(name for name in named if name in self._meaning)
            if meant and not word.isascii() and (len(word) > 2 or word in short):
                alike.setdefault(sounds(word), []).append((word, meant))
        self._sounded = _automaton(alike)

    def listen(self, said: str) -> Heard:
        text = plain(said)
        written = [
            Hit(end + 1 - length, end + 1, concepts)
            for end, (length, concepts) in self._written.iter(text)
            if _is_whole(text, end + 1 - length, end + 1)
        ]
        written = self._unhidden(written)
        return Heard(said, text, _in_order(written, self._alike(text, written)))

    def _unhidden(self, hits: list[Hit]) -> list[Hit]:
        """A single character is never heard in a longer word."""
        kept: list[Hit] = []
        reach = hidden = 0
        for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
            meant = not self._meaning.isdisjoint(hit.concepts)
            if hit.end <= (reach if hit.end - hit.start == 1 or not meant else hidden):
                continue
            kept.append(hit)
            reach = max(reach, hit.end)
            hidden = hidden if meant else max(hidden, hit.end)
        return kept

    def _alike(self, text: str, written: list[Hit]) -> list[Hit]:
        """Words by their sound, where no word is written: at least one character of it must be there."""
        ends = list(accumulate((hit.end for hit in written), max))
        found = []
        for end, (length, words) in self._sounded.iter(sounds(text)):
            start = end + 1 - length
            if _is_taken(written[bisect_right(ends, start) :], start, end + 1):
                continue
            for word, concepts in words:
                if _may_be(word, text[start : end + 1]):
                    found.append(Hit(start, end + 1, concepts, sounded=True))
        return found


def _may_be(word: str, written: str) -> bool:
    """Whether a word that sounds like this was meant: half of it stands there. Of two characters much sounds alike, so
    there only what does in the standard language as well."""
    same = [a for a, b in zip(word, written, strict=True) if a == b]
    if 2 * len(same) < len(word) or _EVERYWHERE.issuperset(same):
        return False
    return len(word) > 2 or standard_sounds(word) == standard_sounds(written)


def _is_taken(written: Iterable[Hit], start: int, end: int) -> bool:
    """Whether a written word stands here that is no mere part of it: 气味 leaves 媒气味 to be heard."""
    for hit in written:
        if hit.start >= end:
            return False
        if hit.start < start or hit.end > end or hit.end - hit.start == end - start:
            return True
    return False


def _automaton(values: Mapping[str, object]) -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    for word, value in values.items():
        automaton.add_word(word, (len(word), value))
    automaton.make_automaton()
    return automaton


def _is_whole(text: str, start: int, end: int) -> bool:
    """Not the middle of a longer English word: no fire in fireman."""
    return not (
        (start and _is_letter(text[start]) and _is_letter(text[start - 1]))
        or (end < len(text) and _is_letter(text[end - 1]) and _is_letter(text[end]))
    )


def _is_letter(c: str) -> bool:
    return c.isascii() and c.isalpha()


def _in_order(*lists: list[Hit]) -> list[Hit]:
    return sorted((hit for hits in lists for hit in hits), key=lambda hit: hit.start)
