"""求助: when help is wanted, what the call for it says in a group, and whom it is carried to next."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, timedelta

from domain.case import WAITING, Case, State, state_name
from domain.chat import Button, ChatId, Medium, Rows
from domain.facts import DAYS, spoken
from domain.language import _
from domain.people import Rung
from domain.text import one_line

WIDEN = timedelta(minutes=10)
"""How long the neighbours of one group are called before those of the next one above are called too."""

_DAY = r"现在|马上|立刻|今天|今日|今晚|明天|明晚|明早|大?后天|\d{1,2}月\d{1,2}[日号]"
_DAY += r"|(?:下?周|下?星期|下?礼拜)[一二三四五六日天]"
_PART = r"凌晨|一早|早上|上午|中午|下午|傍晚|晚上|夜里"
_HOUR = r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3})点(?:半|一刻|三刻|\d{1,2}分?)?|\d{1,2}[:：]\d{2}"
_WHEN = re.compile(
    rf"(?<!昨天)(?<!前天)(?:(?:{_DAY})\s?(?:{_PART})?\s?(?:{_HOUR})?|(?:{_PART})\s?(?:{_HOUR})?|(?:{_HOUR}))"
    r"|\bday after tomorrow\b"
    r"|\b(?:now|today|tonight|tomorrow)\b(?: morning| afternoon| evening)?(?: at \d{1,2}(?::\d{2})?(?: ?[ap]m)?)?",
    re.IGNORECASE,
)
_DAYS_AHEAD = {"今": 0, "明": 1, "后": 2, "大": 3, "today": 0, "tonight": 0, "tomorrow": 1}


def when_said(text: str, today: date) -> str:
    """When the help is wanted, in the words of whoever asked; empty where they did not say. A day that is named by
    its distance gets its date: the card is read tomorrow too."""
    found = _WHEN.search(text)
    return dated(found[0].strip(), today) if found else ""


def dated(words: str, today: date) -> str:
    first = words.lower().split()[0]
    ahead = _DAYS_AHEAD.get(first, _DAYS_AHEAD.get(words[0]))
    if ahead is None:
        return words
    day = today + timedelta(days=ahead)
    return _("{words}（{month}月{day}日）").format(words=words, month=day.month, day=day.day)


def chosen(choice: str, today: date) -> str:
    """What a tap on one of the days means; ValueError for what is none of them."""
    said = {value: label for label, value in DAYS}
    if choice not in said:
        raise ValueError(choice)
    return dated(_(said[choice]), today)


def next_ring(rungs: Sequence[Rung], called: Collection[ChatId]) -> Rung | None:
    """The lowest grid with a group that has not been called yet; None where all have."""
    return next((rung for rung in rungs if set(rung.groups) - set(called)), None)


def call_text(case: Case, title: str, first_line: str) -> str:
    """What a group reads: what is wanted, when, for whom, and who goes. Of a discreet case, not for whom."""
    facts = replace(case.facts, served="") if case.discreet else case.facts
    said = f"“{one_line(case.text)}”" if case.text else _wordless(case)
    lines = [title, first_line if case.state in WAITING else "", said, spoken(facts)]
    return "\n".join([*(line for line in lines if line), _stands(case)])


def _wordless(case: Case) -> str:
    """What stands where nothing was written. A voice that was sent in private, only those who come may hear."""
    voiced = case.discreet and any(kept.medium is Medium.VOICE for kept in case.attachments)
    return _("（没写字，是一段语音，来帮忙的人听得到）") if voiced else _("（没有文字）")


def _stands(case: Case) -> str:
    if case.state in WAITING:
        return _("谁能帮忙？能去的请点“我来帮忙”。")
    if case.state is State.ACKNOWLEDGED and case.responder:
        return _("{who} 去帮忙，谢谢！").format(who=case.responder.name)
    return state_name(case.state)


def call_buttons(case: Case) -> Rows:
    if case.state in WAITING or case.stalled:
        return ((Button(_("我来帮忙"), f"lend_hand:{case.id}"),),)
    if case.state is State.ACKNOWLEDGED:
        return ((Button(_("帮好了"), f"resolve:{case.id}"), give_back_button(case)),)
    return ()


def give_back_button(case: Case) -> Button:
    return Button(_("我去不了了"), f"give_back:{case.id}")
