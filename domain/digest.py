"""晨报, 晚报: what whoever leads should know before the day's work and after it; said once, and only where there is
something to say."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import NamedTuple

from domain.daily import next_at
from domain.kinds import Kinds
from domain.language import N_, _
from domain.people import LEADING, PersonId, Role

GRACE = timedelta(hours=2)
"""How late one may begin: what was to be read before work is not worth reading at noon."""

NUMBERS = 8
"""Numbers of cases in one line, as many as a small screen holds."""

_TICK = timedelta(microseconds=1)


class Digest(StrEnum):
    MORNING = "morning"
    EVENING = "evening"

    @property
    def spoken(self) -> str:
        return _(_SPOKEN[self])

    @property
    def readers(self) -> frozenset[Role]:
        return LEADING if self is Digest.MORNING else frozenset({Role.OFFICER})


_SPOKEN = {Digest.MORNING: N_("晨报"), Digest.EVENING: N_("晚报")}
_TO_DECLINE = {Digest.MORNING: N_("不想每天收，发：晨报 关"), Digest.EVENING: N_("不想每天收，发：晚报 关")}


@dataclass(frozen=True)
class Hours:
    """When each is said; None where this village does without."""

    morning: time | None = time(7, 30)
    evening: time | None = time(18)

    def of(self, digest: Digest) -> time | None:
        return self.morning if digest is Digest.MORNING else self.evening

    def next(self, digest: Digest, now: datetime, zone: tzinfo) -> datetime | None:
        hour = self.of(digest)
        return next_at(now, (hour,), zone) if hour else None


@dataclass(frozen=True)
class Round:
    """One digest on its way: `slot` is the time that is being said, `after` the last person who has it."""

    id: int
    digest: Digest
    slot: datetime
    after: PersonId

    def is_meant(self, hours: Hours, now: datetime, zone: tzinfo) -> bool:
        """Whether the config still says this hour, and it is not too late for it."""
        return now - self.slot <= GRACE and hours.next(self.digest, self.slot - _TICK, zone) == self.slot


class Told(NamedTuple):
    """A report as a digest counts it: `late` where a promise lapsed, `settled` where it is put right."""

    case: int
    kind: str
    reported_at: datetime
    waiting: bool
    settled: bool
    late: bool


def began(digest: Digest, hours: Hours, slot: datetime, zone: tzinfo) -> datetime:
    """Since when it tells: the morning of what came after work, the evening of the day."""
    local = slot.astimezone(zone)
    other = hours.evening if digest is Digest.MORNING else hours.morning
    if other is None:
        return slot - timedelta(days=1)
    since = datetime.combine(local.date(), other, zone)
    return since if since < local else since - timedelta(days=1)


def new_line(digest: Digest, told: Iterable[Told], kinds: Kinds) -> list[str]:
    """夜里新上报 5 件：水浸 3、报修 2；3 件已办结, and which nobody has taken."""
    found = list(told)
    if not found:
        return []
    counted = Counter(kinds[one.kind].name for one in found).most_common()
    of_kinds = "、".join(f"{name} {n}" for name, n in counted)
    said = _("夜里新上报 {n} 件：{kinds}") if digest is Digest.MORNING else _("今天新上报 {n} 件：{kinds}")
    parts = [said.format(n=len(found), kinds=of_kinds)]
    if settled := sum(one.settled for one in found):
        parts.append(_("已办结 {n} 件").format(n=settled))
    if waiting := [one.case for one in found if one.waiting]:
        parts.append(_("还没人接 {numbers}").format(numbers=_numbers(waiting)))
    return [_("；").join(parts)]


def late_line(told: Iterable[Told]) -> list[str]:
    late = [one.case for one in told if one.late]
    return [_("超时还没办好 {n} 件：{numbers}").format(n=len(late), numbers=_numbers(late))] if late else []


def digest_text(digest: Digest, lines: Sequence[str]) -> str:
    """Empty where there is nothing to say."""
    if not lines:
        return ""
    return "\n".join([f"【{digest.spoken}】", *(f"· {line}" for line in lines), _(_TO_DECLINE[digest])])


def _numbers(cases: Sequence[int]) -> str:
    shown = "、".join(f"#{number}" for number in cases[:NUMBERS])
    return shown if len(cases) <= NUMBERS else _("{numbers} 等").format(numbers=shown)
