"""演练: a rehearsal is marked as one from its first character to its last, and never says that it is none."""

import re
import unicodedata

from domain.text import clean

MARK = "【演练】"
"""At both ends of whatever a drill says, in every language: old people know the sign."""

_NOTHING_BUT_WORDS = re.compile(r"[\W_]+")
_REHEARSAL = (
    "(?:演练|演習|演习|演練|练习|練習|排练|彩排|训练|訓練|测试|測試|试验|试驗|模拟|模擬|"
    "drill|exercise|rehearsal|test|training|simulation)"
)
_DENIES = re.compile(
    rf"(?:不是|并非|绝非|非|不属于|不算|别当|勿当|不要当|没有|不再是|取代|代替|结束了?不是|not|isnt|no|never)"
    rf"(?:在|成|作|做|是|一次|一场|普通|什么|任何|a|an|just|only|the){{0,3}}{_REHEARSAL}"
    rf"|{_REHEARSAL}(?:已经?)?(?:变成|转为|成了|改为)(?:真|实)"
)
_CLAIMS = re.compile(
    "(?<!认)真(?:的|实)?(?:预警|警报|灾|险|情况|事|来了|发生|的|实)|实战|这是真|当真|玩真|不是假|并非虚构|假不了"
    "|(?:real|actual|genuine|live)(?:alert|warning|event|emergency|thing|danger|disaster)|(?:is|for)real|nojoke"
)
_REHEARSED = re.compile("演练|演習|演习|演練|彩排|drill|rehearsal|exercise")


def marked(text: str) -> str:
    return f"{MARK}\n{text}\n{MARK}"


def claims_to_be_real(text: str) -> bool:
    """Whether somebody could read it as saying that this is no drill. It refuses too much rather than too little:
    whoever rehearses can say it otherwise."""
    plain = _plain(text)
    return bool(_DENIES.search(plain) or _CLAIMS.search(plain))


def claims_to_be_drill(text: str) -> bool:
    """Whether a real warning could be taken for a rehearsal."""
    return bool(_REHEARSED.search(_plain(text)))


def says_its_mark(text: str) -> bool:
    """Whether it wears the mark that only a drill may wear."""
    return any(mark in text for mark in (MARK, "[演练]", "［演练］", "〔演练〕", "（演练）", "(演练)"))


def _plain(text: str) -> str:
    """Without what could stand between two characters and hide a word."""
    return _NOTHING_BUT_WORDS.sub("", unicodedata.normalize("NFKC", clean(text)).casefold())
