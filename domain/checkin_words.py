"""平安 张奶奶 8:00 家人 李明 13800000000: how people say whom to ask every day, when, and whom to tell."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time

from domain.checkin import NOBODY, Contact
from domain.language import _
from domain.recurrence_words import leading_date
from domain.refused import Refused
from domain.when import leading_hour

LONGEST_NAME = 20
"""Characters of a name."""

_VERBS = {
    **dict.fromkeys(("暂停", "pause"), "pause"),
    **dict.fromkeys(("恢复", "继续", "resume"), "resume"),
    **dict.fromkeys(("停", "停止", "取消", "不用", "stop"), "end"),
    **dict.fromkeys(("列表", "list"), "list"),
}
_UNTIL = re.compile(r"\s*(?:到|至|until\b)\s*")
_FAMILY = re.compile(r"^(?:家人|家属|联系人|family\b)[:,，\s]*", re.IGNORECASE)
_PHONE = re.compile(r"\+?\d[\d -]{5,18}\d")


@dataclass(frozen=True)
class Wish:
    """`verb` is set, pause, resume, end or list. `place` is the squad where one is named, `until` the day on which it
    goes on."""

    verb: str
    name: str = ""
    place: str = ""
    hour: time | None = None
    until: date | None = None
    contact: Contact = NOBODY


def read(text: str, now: datetime) -> Wish:
    """`now` is in the village's own time. Refused where it makes no sense."""
    said = " ".join(unicodedata.normalize("NFKC", text).split())
    first, _space, rest = said.partition(" ")
    verb = _VERBS.get(first.lower())
    if not said or verb == "list":
        return Wish("list")
    if verb == "pause":
        return _pause(rest, now)
    if verb:
        place, name = _named(rest)
        return Wish(verb, name, place)
    return _set(said)


def _pause(rest: str, now: datetime) -> Wish:
    found = _UNTIL.search(rest)
    until = leading_date(rest[found.end() :], now) if found else None
    if found is None or until is None:
        raise Refused(_("暂停到哪天？请写：平安 暂停 张奶奶 到 8月3日"))
    if until[0] <= now.date():
        raise Refused(_("这一天已经到了，请写以后的日期。"))
    place, name = _named(rest[: found.start()])
    return Wish("pause", name, place, until=until[0])


def _set(said: str) -> Wish:
    """The first words that are an hour divide who it is from whom to tell."""
    words = said.split(" ")
    for n in range(len(words)):
        rest = " ".join(words[n:])
        hour = leading_hour(rest)
        if hour and " " in f" {rest} "[hour[1] : hour[1] + 2]:
            place, name = _named(" ".join(words[:n]))
            return Wish("set", name, place, hour[0], contact=_contact(rest[hour[1] :].strip()))
    raise Refused(_("每天几点问？请写：平安 张奶奶 8:00 家人 姓名 电话"))


def _named(words: str) -> tuple[str, str]:
    """The squad, where there is one before the name, and the name."""
    place, _space, name = words.strip().rpartition(" ")
    if len(name) > LONGEST_NAME:
        raise Refused(_("名字太长了，最多 {n} 个字。").format(n=LONGEST_NAME))
    return place, name


def _contact(words: str) -> Contact:
    words = _FAMILY.sub("", words)
    phone = _PHONE.search(words)
    name = " ".join((words[: phone.start()] + words[phone.end() :] if phone else words).split())
    return Contact(name[:LONGEST_NAME], re.sub(r"[ -]", "", phone[0]) if phone else "")
