"""How fast a service lets a bot speak, spread evenly from the first second on."""

from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

MINUTE = 60.0

RESERVED = 5
"""One place in so many of a chat's window is kept for alerts and their corrections: talk never makes them wait."""

CATCH_UP_SECONDS = 0.5
"""As much pace a busy machine that wakes the pump late may lose and make up for; no second gets fuller by it."""

HASTE = 0.7
"""Of the even distance: so close two messages follow each other while that is made up for."""

FIRST_WAIT_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 30.0
"""Between two tries while a service fails: it doubles from the one to the other."""


def _every_chat(_chat: str) -> bool:
    return True


class Window(NamedTuple):
    """At most so many messages in any stretch of so many seconds in one chat."""

    most: int
    seconds: float = MINUTE


@dataclass(frozen=True)
class Pace:
    """The limits of one bot on one service; None means that there is none.

    `per_second` messages over all chats, `per_chat` seconds between two in one chat; `windows`, the shortest first,
    hold in those chats for which `counted` is true: in a service's groups, or everywhere."""

    per_second: float | None = None
    per_chat: float | None = None
    windows: tuple[Window, ...] = ()
    counted: Callable[[str], bool] = _every_chat


class Pacer:
    """Keeps to a pace. Times are seconds of a clock that never jumps."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._due = float("-inf")
        self._interval = 1 / pace.per_second if pace.per_second else 0.0
        self._recent: deque[float] = deque(maxlen=max(1, int(pace.per_second or 0)))
        self._silent_until = float("-inf")
        self._chat_next: dict[str, float] = {}
        self._sent: defaultdict[str, deque[float]] = defaultdict(deque)

    def bot_ready_at(self) -> float:
        """When the next message may leave, to whatever chat."""
        if not self._recent:
            return self._due
        second = self._recent.maxlen * self._interval if len(self._recent) == self._recent.maxlen else 0.0
        return max(self._due, self._recent[-1] + HASTE * self._interval, self._recent[0] + second)

    def silent_until(self) -> float:
        """Until when the service wants to hear nothing at all, not even the answer to a press."""
        return self._silent_until

    def chat_ready_at(self, chat: str, *, pressing: bool = False) -> float:
        """When this chat may hear something again. What is pressing has the places that talk leaves free."""
        ready = self._chat_next.get(chat, float("-inf"))
        for window in self._windows(chat):
            sent, most = self._sent[chat], window.most
            if not pressing:
                most -= most // RESERVED
            if len(sent) >= most:
                ready = max(ready, sent[-most] + window.seconds)
        return ready

    def sent(self, chat: str, now: float) -> None:
        if self._interval:
            # From when it might have left, or a late wake-up would cost pace for ever. Silence saves up nothing.
            silent = not self._recent or now - self._recent[-1] > CATCH_UP_SECONDS
            self._due = max(self._due, now if silent else now - CATCH_UP_SECONDS) + self._interval
            self._recent.append(now)
        if self._pace.per_chat:
            self._chat_next[chat] = now + self._pace.per_chat
        if windows := self._windows(chat):
            sent = self._sent[chat]
            sent.append(now)
            while sent[0] <= now - windows[-1].seconds:
                sent.popleft()

    def unsaid(self, chat: str) -> None:
        """What was counted last did not leave after all, and costs nothing."""
        if self._recent:
            self._due -= self._interval
            self._recent.pop()
        self._chat_next.pop(chat, None)
        if self._windows(chat) and self._sent[chat]:
            self._sent[chat].pop()

    def pause(self, chat: str | None, until: float) -> None:
        """The service asked for silence: in this chat, or in all where `chat` is None."""
        if chat is None:
            self._due = max(self._due, until)
            self._silent_until = max(self._silent_until, until)
        else:
            self._chat_next[chat] = max(self._chat_next.get(chat, until), until)

    def _windows(self, chat: str) -> tuple[Window, ...]:
        return self._pace.windows if self._pace.windows and self._pace.counted(chat) else ()


class Backoff:
    """Ever longer waits while a service fails. What was under way together fails together, and that is one failure."""

    def __init__(self) -> None:
        self._wait = 0.0
        self._until = float("-inf")

    def until(self, now: float) -> float:
        """It failed once more: when to try again."""
        if now >= self._until:
            self._wait = min(LONGEST_WAIT_SECONDS, max(FIRST_WAIT_SECONDS, 2 * self._wait))
            self._until = now + self._wait
        return self._until

    def over(self) -> None:
        """It works again."""
        self._wait, self._until = 0.0, float("-inf")
