"""The order in which a squad leader goes from door to door, and the door that somebody means by what they type."""

import re
import unicodedata
from collections.abc import Sequence

from domain.survey import Means, Survey
from domain.sweep import Entry

_DIGITS = re.compile(r"(\d+)")
_UP_TO_DIGITS = re.compile(r".*?[^\d-](?=\d*$)", re.DOTALL)
_ENDS = re.compile(r"(?:号楼?|室|户|房)$")


def in_order(entries: Sequence[Entry]) -> list[Entry]:
    """Whoever needs care first, then by door as people count: 9号 before 10号."""
    return sorted(entries, key=lambda one: (not one.care, _counted(one.door), one.household))


def next_open(entries: Sequence[Entry], survey: Survey, after: int | None) -> Entry | None:
    """The door to knock at after this one: first those that nobody tried, round and round. Whom nobody reached is gone
    back to on purpose only."""
    n = _index(entries, after)
    around = [*entries[n + 1 :], *entries[: n + 1]]
    return next((one for one in around if survey.means(one.answer) is None), None)


def forward(entries: Sequence[Entry], survey: Survey, at: int | None) -> Entry | None:
    """下一户: the next one that is not settled, be it untried or unreached."""
    n = _index(entries, at)
    around = [*entries[n + 1 :], *entries[:n]]
    return next((one for one in around if survey.means(one.answer) in (None, Means.UNREACHED)), None)


def back(entries: Sequence[Entry], at: int | None) -> Entry | None:
    """上一户: the one before, whatever its answer, so that it can be put right; from the end, the last."""
    n = _index(entries, at)
    return entries[n - 1 if n > 0 else -1] if entries else None


def listed(doors: Sequence[str]) -> list[str]:
    """With what they all begin with said once: 溪东路1号, 2号, 3号."""
    first, last = min(doors, default=""), max(doors, default="")
    common = next((n for n, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))
    stem = _UP_TO_DIGITS.match(first[:common])
    if len(doors) < 2 or stem is None or not all(door[stem.end() : stem.end() + 1].isdigit() for door in doors):
        return list(doors)
    return [doors[0], *(door[stem.end() :] for door in doors[1:])]


def doors_meant(word: str, entries: Sequence[Entry]) -> list[Entry]:
    """Those that somebody can mean by this: the whole door, or the end of one (`3-201`, `5号`)."""
    word = _plain(word)
    whole = [one for one in entries if _plain(one.door) == word]
    if whole or not word:
        return whole
    return [one for one in entries if _ends_with(_plain(one.door), word)]


def _ends_with(door: str, word: str) -> bool:
    """`5` means 溪东路5号 and not 溪东路15号."""
    door, word = _ENDS.sub("", door), _ENDS.sub("", word)
    before = door[: -len(word)] if word else ""
    return bool(word) and door.endswith(word) and not (before[-1:].isdigit() and word[0].isdigit())


def _index(entries: Sequence[Entry], household: int | None) -> int:
    """-1 where it is none of them, so that what comes after is the first."""
    return next((n for n, one in enumerate(entries) if one.household == household), -1)


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


def _counted(door: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (-1, part) for part in _DIGITS.split(_plain(door))]
