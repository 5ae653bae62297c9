"""One spelling for what people write in several: traditional characters, wide letters, and words by their sound.

Every function keeps the length of the text, so that a place in the result is a place in what was said.
"""

import unicodedata
from collections.abc import Callable
from functools import cache

from opencc import OpenCC
from pypinyin.pinyin_dict import pinyin_dict

_FIRST, _LAST = 0x4E00, 0x9FFF
"""The block of ideographs that people type: CJK Unified Ideographs."""

_SYLLABLES = 0xE000
"""Where syllables are kept as characters: Unicode's private use area, which `domain.text.clean` lets nobody write."""

_WIDE = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
_CAPITALS = {ord(c): c.lower() for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}

# What speakers around Fuzhou, and speech-to-text after them, do not keep apart.
_ACCENT = (
    ("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("r", "l"),
    ("fa", "hua"), ("feng", "hong"), ("fei", "hui"), ("fe", "hu"), ("fo", "huo"), ("fu", "hu"),
)  # fmt: skip


def plain(text: str) -> str:
    """Simplified, narrow and small."""
    return text.translate(_plain_table())


def sounds(text: str) -> str:
    """A character for each syllable, the same for those that sound alike here."""
    return text.translate(_sound_table(_as_heard))


def standard_sounds(text: str) -> str:
    """A character for each syllable of the standard language, its tone apart."""
    return text.translate(_sound_table(_toneless))


@cache
def _plain_table() -> dict[int, int | str]:
    ideographs = [chr(code) for code in range(_FIRST, _LAST + 1)]
    # One a line: OpenCC would otherwise read them as words.
    simplified = OpenCC("t2s").convert("\n".join(ideographs)).split("\n")
    wide_capitals = {code + 0xFEE0: small for code, small in _CAPITALS.items()}
    changed = {ord(old): new for old, new in zip(ideographs, simplified, strict=True) if old != new and len(new) == 1}
    return {**changed, **_WIDE, **_CAPITALS, **wide_capitals, 0x3000: " "}


@cache
def _sound_table(spoken: Callable[[str], str]) -> dict[int, str]:
    syllables: dict[str, str] = {}
    table = {}
    for code in range(_FIRST, _LAST + 1):
        if code in pinyin_dict:
            syllable = spoken(pinyin_dict[code].partition(",")[0])
            table[code] = syllables.setdefault(syllable, chr(_SYLLABLES + len(syllables)))
    return table


def _toneless(reading: str) -> str:
    letters = unicodedata.normalize("NFD", reading).replace("u\u0308", "v")
    return "".join(c for c in letters if not unicodedata.combining(c))


def _as_heard(reading: str) -> str:
    """The syllable as an accent of Fuzhou leaves it."""
    syllable = _toneless(reading)
    for heard, same in _ACCENT:
        if syllable.startswith(heard):
            syllable = same + syllable.removeprefix(heard)
            break
    return syllable.removesuffix("g") if syllable.endswith("ng") else syllable
