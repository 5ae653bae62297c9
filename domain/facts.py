"""What the words of a report say of it, and what help that sets out would still like to know."""

import re
from dataclasses import dataclass, replace

from domain.language import N_, _
from domain.reading import Reading, Severity
from domain.refused import Refused


@dataclass(frozen=True)
class Facts:
    """What the words of a report say of it, as far as they do. `severity` is a `Severity` by its code word,
    `people` how many are concerned, `served` the one on whose behalf somebody else reports, `when` the time for which
    help is wanted, in words."""

    severity: str = ""
    place: str = ""
    people: int | None = None
    danger: bool = False
    served: str = ""
    when: str = ""


NOTHING_SAID = Facts()

SEVERITIES = {
    Severity.ANKLE: N_("水到脚踝"),
    Severity.KNEE: N_("水到膝盖"),
    Severity.WAIST: N_("水到腰"),
    Severity.ABOVE: N_("水过腰"),
    Severity.SMELL: N_("有气味"),
    Severity.SMOKE: N_("冒烟"),
    Severity.FLAME: N_("有明火"),
}
"""From the lesser to the greater, water first, then fire and gas."""

LONGEST_PLACE = 60
"""Characters: a place, not a story."""


@dataclass(frozen=True)
class Question:
    """`answers` are what the buttons say and stand for; a question without any is answered in words."""

    field: str
    text: str
    answers: tuple[tuple[str, str], ...] = ()


def _severity(*levels: Severity) -> tuple[tuple[str, str], ...]:
    return tuple((SEVERITIES[level], level.value) for level in levels)


_WATER = _severity(Severity.ANKLE, Severity.KNEE, Severity.WAIST, Severity.ABOVE)
_FIRE = _severity(Severity.SMELL, Severity.SMOKE, Severity.FLAME)
_ANOTHER_DAY = re.compile(r"[明后]天|明[早晚]|周[一二三四五六日天]|星期|礼拜|\btomorrow\b", re.IGNORECASE)
DAYS = ((N_("现在"), "now"), (N_("今天"), "today"), (N_("明天"), "tomorrow"))
WHERE = Question("place", N_("在哪里？几栋几单元，或旁边有什么，请回一句话。"))
_WHEN = Question("when", N_("什么时候要人帮忙？已经在找人了，不选也行。"), DAYS)
_IN_DANGER = Question("danger", N_("有人被困或受伤吗？"), ((N_("有"), "yes"), (N_("没有"), "no")))

QUESTIONS = {
    "flood": (Question("severity", N_("水到哪里了？"), _WATER), _IN_DANGER, WHERE),
    "fire_gas": (Question("severity", N_("看到什么、闻到什么？"), _FIRE), _IN_DANGER, WHERE),
    "help": (_IN_DANGER, _WHEN, WHERE),
    "repair": (WHERE,),
}
"""By kind, the most pressing first. Other kinds have forms of their own, or need nothing more."""


def next_question(kind: str, facts: Facts, after: int = -1) -> tuple[int, Question] | None:
    """The first thing that is still not known, of those not asked yet; its number says how far one has come.
    Whoever is in danger needs help now, and is not asked when; whoever wants it on another day is in none."""
    asked = list(enumerate(QUESTIONS.get(kind, ())))[after + 1 :]
    idle = _WHEN if facts.danger else _IN_DANGER if _ANOTHER_DAY.search(facts.when) else None
    return next(((n, q) for n, q in asked if q is not idle and not getattr(facts, q.field)), None)


def answered(facts: Facts, field: str, value: str) -> Facts:
    """With this answer in it; a forged button that names what is no answer is refused."""
    match field:
        case "severity" if value in [severity.value for severity in Severity]:
            return replace(facts, severity=value)
        case "danger" if value in ("yes", "no"):
            return replace(facts, danger=value == "yes")
        case "place":
            return replace(facts, place=value[:LONGEST_PLACE])
        case "when":
            return replace(facts, when=value)
    raise Refused(_("这个按钮失效了。发“查询”看进展。"))


def said_in(reading: Reading, served: str = "") -> Facts:
    severity = reading.severity.value if reading.severity else ""
    return Facts(severity, (reading.place or "")[:LONGEST_PLACE], reading.people, reading.danger, served)


def joined(known: Facts, later: Facts) -> Facts:
    """What is said later adds to what is known: the worse severity and the danger stand, gaps are filled."""
    order = [severity.value for severity in SEVERITIES]
    worse = max(known.severity, later.severity, key=lambda s: order.index(s) if s in order else -1)
    return Facts(
        worse,
        known.place or later.place,
        later.people if later.people is not None else known.people,
        known.danger or later.danger,
        known.served or later.served,
        known.when or later.when,
    )


def spoken(facts: Facts) -> str:
    """One line for a card; empty where nothing is known."""
    parts = [
        _("有人有危险") if facts.danger else "",
        _(SEVERITIES[Severity(facts.severity)]) if facts.severity else "",
        facts.place,
        _("{n} 人").format(n=facts.people) if facts.people else "",
        _("替 {who} 报").format(who=facts.served) if facts.served else "",
        _("什么时候：{when}").format(when=facts.when) if facts.when else "",
    ]
    return " · ".join(part for part in parts if part)
