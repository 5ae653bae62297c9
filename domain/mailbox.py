"""The red mailbox (红色信箱): when it is emptied, which letters are late, and what its readers are told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from enum import IntEnum

from domain.case import Case, State
from domain.language import N_, _
from domain.text import one_line

COLLECT = (time(8, 30), time(17, 0))
"""The times of day at which the mailbox is emptied: before the day's work and after it."""

ANSWER_WITHIN = timedelta(days=7)
"""How soon a letter is owed an answer."""

SHOWN = 8
"""Letters that one digest shows with their buttons, as many as a small screen holds; the others are counted."""

LETTER_CHARS = 60
"""How much of a letter a digest shows; all of it stands above the question for the answer."""

SOMEBODY = N_("某某")
"""What stands for a name where an answer is published."""


class Urge(IntEnum):
    """Where a letter stands in a digest: what was promised and not kept comes first."""

    LATE = 0
    NEW = 1
    WAITING = 2


@dataclass(frozen=True)
class Item:
    letter: Case
    urge: Urge


def urge_of(letter: Case, emptied_at: datetime | None, within: timedelta, now: datetime) -> Urge:
    """Late is what was promised for a time that has passed, or what its writer sent back as no answer."""
    if letter.state is State.REOPENED or letter.reported_at + within <= now:
        return Urge.LATE
    return Urge.NEW if emptied_at is None or letter.reported_at > emptied_at else Urge.WAITING


def sorted_letters(
    letters: Sequence[Case], emptied_at: datetime | None, within: Mapping[str, timedelta], now: datetime
) -> list[Item]:
    """In the order in which they are to be answered: the late ones, the new ones, the others; each oldest first.
    `within` says how soon a letter of its kind is owed an answer."""
    items = [Item(letter, urge_of(letter, emptied_at, within[letter.kind], now)) for letter in letters]
    return sorted(items, key=lambda item: (item.urge, item.letter.reported_at, item.letter.id))


def digest(grid: str, items: Sequence[Item], zone: tzinfo) -> str:
    """What the readers are told, a line a letter. Whoever wrote them is not in it."""
    counts = [_("到期没答复 {n}").format(n=n) if (n := _count(items, Urge.LATE)) else ""]
    counts.append(_("新来 {n}").format(n=n) if (n := _count(items, Urge.NEW)) else "")
    said = "，".join(count for count in counts if count)
    first = _("【红色信箱】{grid}：{n} 封等答复").format(grid=grid, n=len(items)) + (f"（{said}）" if said else "")
    lines = [_line(item, zone) for item in items[:SHOWN]]
    if len(items) > SHOWN:
        lines.append(_("还有 {n} 封，先答复上面的，再发“信箱”看。").format(n=len(items) - SHOWN))
    return "\n".join([first, *lines])


def _count(items: Sequence[Item], urge: Urge) -> int:
    return sum(item.urge is urge for item in items)


def _line(item: Item, zone: tzinfo) -> str:
    letter, said = item.letter, one_line(item.letter.text, LETTER_CHARS)
    if letter.state is State.REOPENED:
        return _("❗{number} 写信人说没解决：“{said}”").format(number=letter.number, said=said)
    if item.urge is Urge.LATE:
        return _("❗{number} 到期没答复：“{said}”").format(number=letter.number, said=said)
    when = on_day(letter.due_at, zone) if letter.due_at else ""
    if item.urge is Urge.NEW:
        return _("新 {number}“{said}”，{when}前答复").format(number=letter.number, said=said, when=when)
    return _("{number}“{said}”，{when}前答复").format(number=letter.number, said=said, when=when)


def on_day(moment: datetime, zone: tzinfo) -> str:
    local = moment.astimezone(zone)
    return _("{month}月{day}日").format(month=local.month, day=local.day)


def published(letter: Case) -> str:
    """Question and answer as everybody may read them: without the name of whoever wrote."""

    def nameless(words: str) -> str:
        return words.replace(letter.reporter.name, _(SOMEBODY)) if letter.reporter else words

    return _("【红色信箱】有居民建议：\n“{question}”\n{who} 答复：\n“{answer}”").format(
        question=nameless(one_line(letter.text)),
        who=letter.responder.name if letter.responder else _("村里"),
        answer=nameless(letter.outcome),
    )
