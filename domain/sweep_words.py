"""What is typed in a sweep: how one is asked for, and the answers of leaders and households in words."""

import re
from dataclasses import dataclass
from datetime import datetime

from domain.chat import as_number
from domain.text import clean, one_line
from domain.validity import read_validity

LONGEST_NOTE = 100
"""Characters beside an answer: 去了姐姐家, 要轮椅."""

MOST_LINES = 40
"""Answers in one message: a leader who writes down a whole stair at once."""

_UNTIL = re.compile(r"[\s,，]*(?:截止|截至|\bby\b|\buntil\b)(?:时间|到)?[\s:：到]*", re.IGNORECASE)
_DRILL = re.compile(r"(?:^|\s)(?:演练|drill)(?=\s|$)", re.IGNORECASE)
_SWEEP = re.compile(r"^(?:第\s*(\d{1,9})\s*号|no\.?\s*(\d{1,9}))\s*", re.IGNORECASE)
_AFTER = r"(?=$|[\s\d,，。.;；:：、!！~～(（])"
_NUMBER = re.compile(
    r"^[\s,，:：、]*(\d{1,4})\s*(?:个人|个|人|口人|口|位|名|户|people|persons?)?(?![\d-])[\s,，。.!！]*"
)
_SIGNS = " \t,，。.;；:：、!！~～"
_ASKS = re.compile(r"[?？]|[吗么]\s*$")
_WIDE = {ord("０") + n: str(n) for n in range(10)}
_OUR_HOUSE = r"(?:我们?家|咱们?家|俺家|自家|our house(?:hold)?|my house(?:hold)?)(?:都|很|现在|已经?|is|are)?"


@dataclass(frozen=True)
class Request:
    """`until` is empty where nobody said when it ends."""

    words: str
    until: str
    drill: bool


@dataclass(frozen=True)
class Told:
    """One answer in words. `sweep` is None where nobody named one; `door` is empty where it is the speaker's own."""

    door: str
    word: str
    number: int | None = None
    note: str = ""
    sweep: int | None = None


def read_request(rest: str) -> Request:
    """`侯官一网格 台风转移 截止 18:00`, with 演练 anywhere before the end."""
    words, *until = _UNTIL.split(clean(rest).replace("\n", " "), maxsplit=1)
    drill = bool(_DRILL.search(words))
    return Request(_DRILL.sub(" ", words).strip(), until[0].strip() if until else "", drill)


def read_until(words: str, now: datetime) -> datetime | None:
    """18:00, 2小时, 明天 9:00; `now` in the village's own time. None where it names no time."""
    read = read_validity(words, now)
    return read.expires if read else None


def read_doors(text: str, words: str) -> list[Told]:
    """`3-201 安全 2人`, a line each; nothing where a line is none. `words` is the pattern of all answers."""
    lines = [line for line in clean(text).splitlines() if line.strip()]
    if not words or not 0 < len(lines) <= MOST_LINES:
        return []
    pattern = re.compile(rf"(?P<door>\S.{{0,39}}?)[\s,，:：、]*(?P<word>{words}){_AFTER}", re.IGNORECASE)
    told = [_read(line, pattern) for line in lines]
    return [] if None in told else [one for one in told if one]


def read_own(text: str, words: str) -> Told | None:
    """`我家安全`, `我们家需帮助 停水了`."""
    pattern = re.compile(rf"(?P<door>){_OUR_HOUSE}[\s,，:：]*(?P<word>{words}){_AFTER}", re.IGNORECASE)
    return _read(clean(text).replace("\n", " "), pattern) if words else None


def _read(line: str, pattern: re.Pattern[str]) -> Told | None:
    line = line.translate(_WIDE).strip()
    named = _SWEEP.match(line)
    sweep = as_number(named[1] or named[2]) if named else None
    line = line[named.end() :] if named else line
    found = pattern.match(line)
    if found is None or _ASKS.search(line):
        return None
    number, note = _number(line[found.end() :])
    return Told(found["door"].strip(_SIGNS), found["word"], number, one_line(note, LONGEST_NOTE), sweep)


def _number(rest: str) -> tuple[int | None, str]:
    """How many, and what else was said."""
    found = _NUMBER.match(rest)
    if found is None:
        return None, rest.strip(_SIGNS)
    return int(found[1]), rest[found.end() :].strip(_SIGNS)
