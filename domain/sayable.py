"""What may be said to a whole village: finished, ahead in time, and never to be taken for its opposite."""

import re
from datetime import datetime, timedelta

from domain.drill import claims_to_be_drill, claims_to_be_real, says_its_mark
from domain.language import _
from domain.refused import Refused
from domain.stages import Sort
from domain.text import clean, has_words

LONGEST_TEXT = 1_000
"""Characters: more nobody reads on a small screen, and with its title it stays one message on every service."""

LONGEST_LIFE = timedelta(days=30)
"""What is in force for longer is no warning any more but a rule."""

_BLANK = re.compile(r"\{[^{}\n]{0,40}\}|_{2,}|＿+|〔[^〕\n]{0,40}〕")
"""What a template leaves to be filled in."""


def checked_text(sort: Sort, text: str) -> str:
    """The words, made safe; refused where they could do harm or are not finished."""
    text = clean(text)
    if not has_words(text):
        raise Refused(_("请写一句话：出了什么事，要大家做什么。"))
    if len(text) > LONGEST_TEXT:
        raise Refused(_("太长了（{n} 字），最多 {most} 字。请写短些，老人在小屏幕上也要看得完。").format(
            n=len(text), most=LONGEST_TEXT))  # fmt: skip
    if found := _BLANK.search(text):
        raise Refused(_("还有空没填：{blank}。请填好再提交。").format(blank=found[0]))
    if sort is Sort.DRILL and claims_to_be_real(text):
        raise Refused(_("演练里不能说“不是演练”“真的”这类话，怕大家当真。请换个说法。"))
    if sort is Sort.ALERT and claims_to_be_drill(text):
        raise Refused(_("真的预警里不要写“演练”“测试”，怕大家不当真。要练习请发：演练 颜色 地方 内容"))
    if sort is Sort.NOTICE and says_its_mark(text):
        raise Refused(_("“【演练】”是演练专用的标记，通知里请换个写法。"))
    return text


def must_be_possible(sort: Sort, training: bool) -> None:
    """Where the whole bot is practised with, nothing real leaves it."""
    if training and sort is not Sort.DRILL:
        raise Refused(_("现在是练习模式，真的预警和通知发不出去。要练习请发：演练 颜色 地方 内容"))


def must_be_ahead(onset: datetime | None, expires: datetime | None, now: datetime) -> None:
    """What is over already warns nobody."""
    if expires is None:
        return
    if expires <= now:
        raise Refused(_("到期时间已经过去了，请写一个以后的时间。"))
    if onset and expires <= onset:
        raise Refused(_("到期时间要在开始时间之后，请重新写。"))
    if expires > max(now, onset or now) + LONGEST_LIFE:
        raise Refused(_("到期时间太远了，最多 {n} 天。").format(n=LONGEST_LIFE.days))
