"""Who comes in at once and who has to wait: a bucket for each person and each group, so that none drowns the rest."""

from dataclasses import dataclass

from domain.chat import ChatKind, Said
from domain.flood import Bucket, Limits, is_emergency
from domain.kinds import Kinds
from domain.language import _
from lexicon.recogniser import Recogniser

MOST_BUCKETS = 10_000
"""More than speak in a minute in any village; then those that are full again are forgotten."""

Key = tuple[ChatKind, str, str]


@dataclass(frozen=True)
class Slowed:
    """`seconds` to wait, and what is to be said about it: nothing to whoever knows already."""

    seconds: float
    told: str | None


class Gate:
    """The buckets are kept in memory: a restart forgets that somebody was talking too much, which harms nobody, and
    no message costs a write for it."""

    def __init__(self, limits: Limits | None, kinds: Kinds, recogniser: Recogniser) -> None:
        self._limits = limits
        self._kinds = kinds
        self._recogniser = recogniser
        self._buckets: dict[Key, Bucket] = {}
        self._before: dict[Key, Bucket] = {}

    def slows(self, said: Said, now: float) -> Slowed | None:
        """Whether this has to wait. What a person has to wait for does not count against their group."""
        slowed = None
        if self._limits and said.sender:
            slowed = self._take((ChatKind.PRIVATE, *said.sender.account), self._limits.per_person, said, now)
        if self._limits and said.chat_kind is ChatKind.GROUP:
            slowed = slowed or self._take((ChatKind.GROUP, *said.chat), self._limits.per_group, said, now)
        return slowed

    def keep(self, now: float) -> None:
        """What was let in is handled and committed."""
        self._before.clear()
        if len(self._buckets) > MOST_BUCKETS:
            self._buckets = {key: bucket for key, bucket in self._buckets.items() if bucket.paid_until > now}

    def undo(self) -> None:
        """The batch is undone, and comes again."""
        self._buckets |= self._before
        self._before.clear()

    def _take(self, key: Key, per_minute: int, said: Said, now: float) -> Slowed | None:
        before = self._buckets.get(key, Bucket())
        taken, wait = before.take(per_minute, now, said.album)
        if wait and is_emergency(said, self._recogniser.read_report(said.text), self._kinds):
            return None
        self._before.setdefault(key, before)
        self._buckets[key] = taken
        return Slowed(wait, None if before.knows(now) else _too_fast(key[0])) if wait else None


def _too_fast(who: ChatKind) -> str:
    if who is ChatKind.GROUP:
        return _("群里消息太多了，我都先记下，一会儿挨个处理。有急事照常说，或打 110、119、120。")
    return _("说得太快，我先都记下，一会儿挨个处理。有急事照常说，或打 110、119、120。")
