"""Who is missing: what is known of them, what to ask next, and the little of it that everybody is told."""

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any

from domain.chat import Attachment, Location
from domain.language import N_, _
from domain.names import family_name, named_in, without_numbers, written_names
from domain.text import clean, has_words, one_line

OF_AGE = 18
"""Years. Nobody younger is named but by the family (未成年人保护法, art. 2)."""

LONGEST_FACT = 60
"""Characters of an answer that a notice shows: it is one line on a small screen."""


class Fact(StrEnum):
    """What is asked, in this order: what helps to recognise somebody first."""

    WHO = "who"
    AGE = "age"
    CLOTHES = "clothes"
    PHOTO = "photo"
    WHERE = "where"
    WHEN = "when"
    CONTACT = "contact"
    POLICE = "police"


QUESTIONS = {
    Fact.WHO: (N_("走失的是谁？请写姓名，或点一个。小孩对外只说姓。"), N_("小孩"), N_("老人"), N_("大人")),
    Fact.AGE: (
        N_("多大年纪？"),
        N_("6 岁以下"), N_("7 到 12 岁"), N_("13 到 17 岁"), N_("18 到 59 岁"), N_("60 岁以上"),
    ),
    Fact.CLOTHES: (N_("穿什么衣服？请写颜色和样子。"), N_("红衣服"), N_("蓝衣服"), N_("白衣服"), N_("黑衣服")),
    Fact.PHOTO: (N_("请发一张照片，最好是今天的样子。"), N_("没有照片")),
    Fact.WHERE: (N_("最后在哪里看到的？请写地点，或发位置。"), N_("在家附近")),
    Fact.WHEN: (N_("最后什么时候看到的？"), N_("刚才"), N_("半小时前"), N_("一小时前"), N_("更早")),
    Fact.CONTACT: (N_("找到了打哪个电话？电话只给处置的人看。"), N_("就在这里找我")),
    Fact.POLICE: (N_("打过 110 了吗？没打请现在就打。"), N_("已经报警"), N_("马上去打")),
}  # fmt: skip
"""The question, and what can be answered by a tap; 不清楚 always can."""

AGO = {"刚才": timedelta(0), "刚刚": timedelta(0), "半小时前": timedelta(minutes=30), "一小时前": timedelta(hours=1)}
"""Words that are only true when they are said: a notice is read an hour later."""

_CHILD = re.compile(
    "孩|娃|宝宝|儿子|女儿|孙子|孙女|外孙|男童|女童|学生|妹妹|弟弟|child|kid|boy|girl|son|daughter", re.IGNORECASE
)
_GROWN = re.compile(
    "老人|大人|爷爷|奶奶|外公|外婆|阿公|阿嬷|大爷|大妈|老伴|老头|老太|爸|妈|父亲|母亲|爱人|老公|老婆|丈夫|妻子|"
    "adult|elder|old (?:man|woman|lady|person)|grand(?:pa|ma|father|mother)",
    re.IGNORECASE,
)
_AGE = re.compile(r"(\d{1,3}|[一二两三四五六七八九十]{1,3})\s*(?:多|来|几)?\s*(?:个月|周?岁|years)")
_CLOTHES = re.compile(
    r"[穿戴](?:着|了)?([^，。,；;！!\s]{2,20})"
    r"|([大深浅]?[红橙黄绿蓝紫粉黑白灰棕花格]色?的?[^\W\d]{0,3}?(?:衣服?|衫|袄|外套|裤子?|裙子?|鞋子?|帽子?))"
    r"|\bwearing (?:an? )?([^,.;!]{3,30})"
    r"|\b((?:red|blue|white|black|gr[ea]y|green|yellow|pink|brown) (?:jacket|coat|shirt|dress|sweater|trousers|hat))\b",
    re.IGNORECASE,
)
_SEEN = re.compile(rf"({'|'.join(AGO)})(?!.{{0,2}}(?:发现|知道|想起))")
_POLICED = re.compile(r"报警了|报了警|已经?报警|打[了过]\s*110|110\s*打[了过]")
_DIGITS = {digit: n for n, digit in enumerate("一二三四五六七八九", 1)} | {"两": 2}


@dataclass(frozen=True)
class Missing:
    """None: not asked yet. Empty: asked, and not known. `hint` is the word of the report that says child or grown,
    `named` the name that stands in it."""

    who: str | None = None
    age: str | None = None
    clothes: str | None = None
    where: str | None = None
    when: str | None = None
    contact: str | None = None
    police: str | None = None
    photo: Attachment | None = None
    location: Location | None = None
    hint: str = ""
    named: str = ""
    unpictured: bool = False

    def knows(self, fact: Fact) -> bool:
        """Whether there is nothing more to ask about it."""
        if fact is Fact.PHOTO:
            return self.photo is not None or self.unpictured
        return getattr(self, fact.value) is not None or (fact is Fact.WHERE and self.location is not None)

    @property
    def next_question(self) -> Fact | None:
        return next((fact for fact in Fact if not self.knows(fact)), None)

    def answer(self, fact: Fact, words: str) -> "Missing":
        """`words` are empty where it is not known."""
        if fact is Fact.PHOTO:
            return replace(self, unpictured=True)
        said = clean(words).replace("\n", " ")[:LONGEST_FACT]
        answer: dict[str, Any] = {fact.value: said if has_words(said) else ""}
        if fact is Fact.WHO and self.age is None and (age := _AGE.search(said)):
            answer["age"] = age[0]
        return replace(self, **answer)

    @property
    def grown(self) -> bool:
        """Certainly of age. Who is not is treated as a child: a name once posted cannot be taken back."""
        years = years_in(self.age or "")
        if years is not None:
            return years >= OF_AGE
        words = f"{self.who or ''} {self.hint}"
        return bool(_GROWN.search(words)) and not _CHILD.search(words)

    @property
    def child(self) -> bool:
        """Known to be one, by age or by a word."""
        years = years_in(self.age or "")
        return years < OF_AGE if years is not None else bool(_CHILD.search(f"{self.who or ''} {self.hint}"))


def read(text: str) -> Missing:
    """What the first words already say, so that it is not asked."""
    age, clothes = _AGE.search(text), ["".join(found) for found in _CLOTHES.findall(text)]
    hint, seen = _CHILD.search(text) or _GROWN.search(text), _SEEN.search(text)
    return Missing(
        age=age[0] if age else None,
        clothes="、".join(clothes)[:LONGEST_FACT] if clothes else None,
        when=seen[0] if seen else None,
        police=_("已经报警") if _POLICED.search(text) else None,
        hint=hint[0] if hint else "",
        named=named_in(text),
    )


def ago(words: str) -> timedelta | None:
    """How long before they are said these words mean; None where they name a time themselves."""
    return next((length for said, length in AGO.items() if words in (said, _(said))), None)


def years_in(age: str) -> int | None:
    """The lowest age that the words allow; None where they name none."""
    if found := re.search(r"\d{1,3}", age):
        years = int(found[0])
    elif found := re.search(r"[一二两三四五六七八九十]{1,3}", age):
        tens, ten, ones = found[0].rpartition("十")
        years = (_DIGITS.get(tens, 1) * 10 if ten else 0) + _DIGITS.get(ones[:1], 0)
    else:
        return None
    return 0 if "月" in age else years


def told(missing: Missing) -> str:
    """What everybody may read, in one line: how to recognise them, and where they were last seen."""
    looks = [_public_who(missing), _bare(missing, missing.age), _bare(missing, missing.clothes)]
    seen = [_bare(missing, missing.where), _bare(missing, missing.when)]
    line = _("，").join(part for part in looks if part)
    if any(seen):
        line += _("。最后见：{seen}").format(seen=_("，").join(part for part in seen if part))
    return line


def _public_who(missing: Missing) -> str:
    if missing.grown:
        return one_line(without_numbers(missing.who or missing.named or missing.hint), LONGEST_FACT) or _("一位大人")
    family = family_name(missing.who or "") or family_name(missing.named)
    if missing.child:
        return _("{family}姓孩子").format(family=family) if family else _("一个孩子")
    return _("姓{family}的人").format(family=family) if family else _("一个人")


def _bare(missing: Missing, words: str | None) -> str:
    return without_names(missing, words or "")


def without_names(missing: Missing, words: str) -> str:
    """The words as everybody may read them: no number to call, and no name of a child that somebody wrote."""
    line = one_line(without_numbers(words))
    if missing.grown:
        return line
    for name in (*written_names(missing.who or ""), *written_names(missing.named)):
        line = line.replace(name, _("TA"))
    return line
