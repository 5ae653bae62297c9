"""The five seconds in which WeCom lets a pressed card be changed, and whoever comes in be greeted."""

from typing import Any, NamedTuple

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
    req_id: str


class Moments:
    """In memory only: no restart is so quick that one of them were worth keeping."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._open: dict[str, _Moment] = {}
        self._presses: dict[str, Press] = {}
        self._used: dict[str, None] = {}

    def note(self, body: Json, req_id: str) -> None:
        if not req_id or not (name := _name(body)):
            return
        self._open[name] = _Moment(req_id, self._clock.monotonic() + OPEN_SECONDS)
        self._presses[str(body.get("msgid"))] = Press(name, str((body.get("from") or {}).get("userid", "")), req_id)
        _forget_oldest(self._open)
        _forget_oldest(self._presses)

    def press(self, message: str) -> Press | None:
        """What was pressed, by the id of the press."""
        return self._presses.get(message)

    def take(self, name: str) -> str | None:
        """What the answer has to be sent under; None where it is too late. It is good for one answer."""
        moment = self._open.pop(name, None)
        if moment is None or self._clock.monotonic() >= moment.until:
            return None
        self._used[moment.req_id] = None
        _forget_oldest(self._used)
        return moment.req_id

    def used(self, press: Press) -> bool:
        """Whether the card changed under this very press."""
        return press.req_id in self._used


def _forget_oldest(kept: dict[str, Any]) -> None:
    if len(kept) > MOST_OPEN:
        del kept[next(iter(kept))]


def _name(body: Json) -> str:
    """A card by its task, a greeting by its message."""
    if event_of(body) == "enter_chat":
        return f"{ENTERED}{body.get('msgid')}"
    press = body["event"].get("template_card_event") if event_of(body) == "template_card_event" else None
    return str(press.get("task_id") or "") if isinstance(press, dict) else ""
