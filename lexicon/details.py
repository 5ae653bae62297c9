"""What else somebody's words say: how bad it is, where, and how many people."""

import re

from domain.reading import Severity
from lexicon.hearing import Heard

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2, "俩": 2, "仨": 3}

_NUMBER = r"(?:\d{1,4}|[零一二两三四五六七八九十百]{1,5})"

_BUILDING = rf"(?:{_NUMBER}|[a-z东西南北中甲乙丙丁])-?\d*\s?(?:号楼|栋|幢|座|号院|期|区)"
_WITHIN = (
    rf"{_NUMBER}\s?(?:单元|号房|号铺|号店|号(?!线|字|码)|室|弄|巷|路|楼|层|组|排|梯)"
    rf"|[a-z]?\d{{1,2}}-\d{{1,4}}(?:-\d{{1,4}})?(?!\d)"
    r"|(?:(?<=单元)|(?<=[栋幢座楼]))\d{3,4}(?!\d)"
    rf"|\d{{3,4}}(?=房|室|的|里|家|门|$|[,。，、])"
)
_ENGLISH_ADDRESS = (
    r"(?:building|block|unit|floor|room|flat|apartment|apt|door|gate|tower)\s(?:no\.?\s?)?[a-z]?\d{1,4}[a-z]?\b"
    r"|\b(?:\d{1,3}(?:st|nd|rd|th)|first|second|third|fourth|fifth|top|ground)\sfloor"
)
_ADDRESS = re.compile(f"{_BUILDING}|{_WITHIN}|{_ENGLISH_ADDRESS}")

_CENTIMETRES = re.compile(rf"(?P<n>{_NUMBER}|半)\s?(?P<unit>公分|厘米|cm|米|m(?![a-z]))(?P<half>多?[三四五六七八]|半)?")
_DEPTHS = ((Severity.ANKLE, 25), (Severity.KNEE, 60), (Severity.WAIST, 110))
"""Up to how many centimetres water stands no higher than this on a grown person."""

_PEOPLE = re.compile(
    rf"(?P<n>{_NUMBER})\s?(?:多|来)?(?:(?:个|名|位)(?:多)?\s?(?:大|小|老|男|女|年轻|外地)?"
    r"(?:人|孩|娃|老|学生|工人|邻居|住户|乘客|婴儿|同学|小朋友|阿|大人|囝|厝边|依|侬)"
    r"|(?:人|口)(?!民|行|才|工|气|家|们|味|字)(?!井|水))"
)
_PAIR = re.compile(
    r"(?:母|父|爷|婆|祖|夫|姐|兄|姊)(?:子|女|孙|妻|妹|弟)(?P<n>[俩两二三仨四])|(?:我们|他们|她们)(?P<m>[俩两仨])"
)
_ENGLISH_NUMBERS = {
    word: n for n, word in enumerate(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), 1)
}
_ENGLISH_PEOPLE = re.compile(
    rf"\b(\d{{1,3}}|{'|'.join(_ENGLISH_NUMBERS)})\s(?:\w+\s)?(?:people|persons?|men|women|children|kids?|child|of us)\b"
)

MOST_PEOPLE = 9_999
"""More than the largest village here has."""

JOINED = 1
"""Characters that may stand between two parts of one place: 三号楼的地下车库."""


def severity(heard: Heard, kind: str) -> Severity | None:
    """The worst that is said of this kind: water by its depth, fire and gas by what is seen of it."""
    water = (Severity.ANKLE, Severity.KNEE, Severity.WAIST, Severity.ABOVE)
    scale = water if kind == "flood" else (Severity.SMELL, Severity.SMOKE, Severity.FLAME) if kind == "fire_gas" else ()
    said = {level for level in scale if level.value in heard.by_concept}
    if kind == "flood":
        said |= {_depth(found) for found in _CENTIMETRES.finditer(heard.text)}
    return max(said, key=scale.index, default=None)


def _depth(found: re.Match[str]) -> Severity:
    length = 0.5 if found["n"] == "半" else float(number(found["n"]))
    if found["unit"] in {"米", "m"}:
        length = (length + (0.5 if found["half"] else 0)) * 100
    return next((level for level, most in _DEPTHS if length <= most), Severity.ABOVE)


def place(heard: Heard) -> str | None:
    """The first place that is named, with the parts that stand by it: building, stairwell, floor, door, landmark."""
    parts = [match.span() for match in _ADDRESS.finditer(heard.text)]
    parts += [(hit.start, hit.end) for hit in heard.by_concept.get("landmark", ())]
    chains: list[tuple[int, int]] = []
    for start, end in sorted(parts):
        if (
            chains
            and start - chains[-1][1] <= JOINED
            and heard.text[chains[-1][1] : start] in {"", " ", "的", "在", "-"}
        ):
            chains[-1] = (chains[-1][0], max(end, chains[-1][1]))
        elif not chains or start >= chains[-1][1]:
            chains.append((start, end))
    numbered = [chain for chain in chains if _ADDRESS.search(heard.text, *chain)]
    start, end = (numbered or chains or [(0, 0)])[0]
    return heard.said[start:end].strip() or None


def people(heard: Heard) -> int | None:
    """How many people are spoken of."""
    text = heard.text
    if found := _PEOPLE.search(text):
        count = number(found["n"])
    elif found := _PAIR.search(text):
        count = number(found["n"] or found["m"])
    elif found := _ENGLISH_PEOPLE.search(text):
        count = _ENGLISH_NUMBERS.get(found[1]) or int(found[1])
    else:
        return None
    return count if 0 < count <= MOST_PEOPLE else None


def number(written: str) -> int:
    """三 is 3, 十二 is 12, 两百零五 is 205."""
    if written.isdecimal():
        return int(written)
    total, digit = 0, 0
    for c in written:
        if c in "十百":
            total += (digit or 1) * (10 if c == "十" else 100)
            digit = 0
        else:
            digit = _DIGITS[c]
    return total + digit
