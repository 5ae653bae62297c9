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


class Press(NamedTuple):
    """Which card was pressed, and by whose account."""

    task: str
    account: str


class Moments:
    """In memory only: no restart is so quick that one of them were worth keeping."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._open: dict[str, _Moment] = {}
        self._presses: dict[str, Press] = {}

    def note(self, body: Json, req_id: str) -> None:
        if not req_id or not (name := _name(body)):
            return
        self._open[name] = _Moment(req_id, self._clock.monotonic() + OPEN_SECONDS)
        self._presses[str(body.get("msgid"))] = Press(name, str((body.get("from") or {}).get("userid", "")))
        for kept in (self._open, self._presses):
            if len(kept) > MOST_OPEN:
                del kept[next(iter(kept))]

    def press(self, message: str) -> Press | None:
        """What was pressed, by the id of the press."""
        return self._presses.get(message)

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
