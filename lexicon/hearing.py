"""Which words of the lexicon stand in a text, as they are written or as they sound."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate

import ahocorasick

from lexicon.spelling import plain, sounds

_STEP = 4
"""The way a Chinese character takes. A letter takes a quarter of it: an English word is about as long as a Chinese
one. A comma parts words, and the end of a sentence parts them for good."""

_WAY = dict.fromkeys("abcdefghijklmnopqrstuvwxyz0123456789 '-", 1)
_WAY |= dict.fromkeys(",、:;…~", 2 * _STEP) | dict.fromkeys("。.!?\n", 10 * _STEP)


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
        self._way = [0, *accumulate(_WAY.get(c, _STEP) for c in text)]

    def gap(self, earlier: Hit, later: Hit) -> float:
        """Characters between two words; less than nothing where they overlap."""
        if later.start < earlier.end:
            return later.start - earlier.end
        return (self._way[later.start] - self._way[earlier.end]) / _STEP

    def words(self, hit: Hit) -> str:
        return self.said[hit.start : hit.end]


class Ear:
    """Two automata over all the words: one hears them as they are written, one as they sound. A word that is only part
    of a longer one is not heard: no water in 水费."""

    def __init__(self, words: Mapping[str, Iterable[str]], by_sound: Iterable[str]) -> None:
        concepts: dict[str, list[str]] = {}
        for concept, spelt in words.items():
            for word in spelt:
                concepts.setdefault(word, []).append(concept)
        self._written = _automaton({plain(word): tuple(named) for word, named in concepts.items()})
        heard = set(by_sound)
        alike: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        for word, named in concepts.items():
            meant = tuple(name for name in named if name in heard)
            if meant and len(word) > 1 and not word.isascii():
                alike.setdefault(sounds(word), []).append((word, meant))
        self._sounded = _automaton(alike)

    def listen(self, said: str) -> Heard:
        text = plain(said)
        written = [
            Hit(end + 1 - length, end + 1, concepts)
            for end, (length, concepts) in self._written.iter(text)
            if _is_whole(text, end + 1 - length, end + 1)
        ]
        written = _longest(written)
        return Heard(said, text, _in_order(written, self._alike(text, written)))

    def _alike(self, text: str, written: list[Hit]) -> list[Hit]:
        """Words by their sound, where no word is written: at least one character of it must be there."""
        taken = bytearray(len(text))
        for hit in written:
            taken[hit.start : hit.end] = b"\1" * (hit.end - hit.start)
        found = []
        for end, (length, words) in self._sounded.iter(sounds(text)):
            start = end + 1 - length
            if any(taken[start : end + 1]):
                continue
            for word, concepts in words:
                if any(a == b for a, b in zip(word, text[start : end + 1], strict=True)):
                    found.append(Hit(start, end + 1, concepts, sounded=True))
        return found


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


def _longest(hits: list[Hit]) -> list[Hit]:
    kept: list[Hit] = []
    reach = 0
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        if hit.end > reach:
            kept.append(hit)
            reach = hit.end
    return kept


def _in_order(*lists: list[Hit]) -> list[Hit]:
    return sorted((hit for hits in lists for hit in hits), key=lambda hit: hit.start)
