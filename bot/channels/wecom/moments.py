"""The five seconds in which WeCom lets a pressed card be changed, and whoever comes in be greeted."""

from typing import NamedTuple

from bot.channels.wecom.frames import Json, event_of
from bot.channels.wecom.translate import ENTERED
from bot.clock import Clock

OPEN_SECONDS = 4.5
"""After the event (WeCom: 5 s); the rest is for the way."""

MOST_OPEN = 1_000
"""More than a village presses in five seconds. Then the oldest are let go, and their answer is a new message."""


class _Moment(NamedTuple):
    req_id: str
    until: float


class Moments:
    """In memory only: no restart is so quick that one of them were worth keeping."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._open: dict[str, _Moment] = {}

    def note(self, body: Json, req_id: str) -> None:
        if not req_id or not (name := _name(body)):
            return
        self._open[name] = _Moment(req_id, self._clock.monotonic() + OPEN_SECONDS)
        if len(self._open) > MOST_OPEN:
            del self._open[next(iter(self._open))]

    def take(self, name: str) -> str | None:
        """What the answer has to be sent under; None where it is too late. It is good for one answer."""
        moment = self._open.pop(name, None)
        return moment.req_id if moment and self._clock.monotonic() < moment.until else None


def _name(body: Json) -> str:
    """A card by its task, a greeting by its message."""
    if event_of(body) == "enter_chat":
        return f"{ENTERED}{body.get('msgid')}"
    press = body["event"].get("template_card_event") if event_of(body) == "template_card_event" else None
    return str(press.get("task_id") or "") if isinstance(press, dict) else ""
