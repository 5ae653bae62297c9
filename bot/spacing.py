"""Cards on a service where a card cannot change in place: a count that goes on growing is said now and then only."""

from datetime import timedelta

from storage.sending import Delivery, Queued

MOST_REMEMBERED = 10_000
"""Cards and when they were last said: more than a village says in a few minutes. The oldest are forgotten."""

Card = tuple[str, str]
"""A chat, and the card's name."""


class Spacing:
    """Keeps what passes until its card has been left alone for long enough. In memory only: after a restart a version
    may come early, and none is lost. Times are the pump's seconds."""

    def __init__(self, every: timedelta | None) -> None:
        self._every = every.total_seconds() if every else 0.0
        self._said: dict[Card, float] = {}
        self._kept: dict[Card, tuple[float, Queued]] = {}

    def keeps(self, queued: Queued, now: float) -> bool:
        """Whether it waits here. A newer version of it takes its place and its time."""
        card = (queued.chat.chat, queued.card or "")
        self._kept.pop(card, None)
        until = self._said.get(card, now - self._every) + self._every
        if not queued.passing or until <= now:
            return False
        self._kept[card] = until, queued
        return True

    def said(self, delivery: Delivery, now: float) -> None:
        """It arrived, as a message of its own."""
        if self._every and (named := getattr(delivery.out, "card", None)):
            card = (delivery.out.to.chat, named)
            self._said.pop(card, None)
            self._said[card] = now
            if len(self._said) > MOST_REMEMBERED:
                del self._said[next(iter(self._said))]

    def over(self, now: float) -> list[Queued]:
        """Those that waited long enough."""
        over = [card for card, (until, _queued) in self._kept.items() if until <= now]
        return [self._kept.pop(card)[1] for card in over]

    def next_at(self) -> float | None:
        return min((until for until, _queued in self._kept.values()), default=None)
