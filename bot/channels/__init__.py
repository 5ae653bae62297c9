"""What a service must do for the bot: bring what people say, deliver what is said to them, and be honest about it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from domain.chat import Attachment, Incoming, Outgoing
from domain.pace import Pace
from storage.inbox import Arrival

Receive = Callable[[Sequence[Arrival]], Awaitable[None]]
"""Returns when the arrivals are on the disk; only then may the service be told that they came."""

Translate = Callable[[Any], Incoming | None]
"""From a service's payload to what came in; None for what does not concern the neighbourhood."""

Fetch = Callable[[Attachment], Awaitable[bytes]]
"""The bytes of a picture, a voice, a video or a file, from whichever channel keeps it; they tell what they are."""


@dataclass
class Health:
    """How a channel stands with its service: kept by the channel as it finds out, read by whoever watches the bot."""

    heard_at: datetime | None = None
    """When the service last answered, so that nothing said before is unheard."""
    trouble: str | None = None
    """Why the service does not talk to this bot; None where it does. No secrets, nobody's words."""


class Later(Exception):  # noqa: N818 -- an answer of the service, not a fault
    """Certainly not delivered; try again. `after` in seconds, None for a growing wait; `everyone` where the whole
    service is concerned and not this chat alone."""

    def __init__(self, why: str, after: float | None = None, everyone: bool = False) -> None:
        super().__init__(why)
        self.after = after
        self.everyone = everyone


class Never(Exception):  # noqa: N818
    """Certainly not delivered, and it never will be."""


class TooLarge(Never):
    """More than the service hands out or takes."""


class Unreachable(Never):
    """Nobody is there any more: the bot was put out, or blocked, or the chat is gone."""


class Unable(Never):
    """The service has no such thing, or does not let the bot do it here; the sentence says what is missing."""


class Retitled(Never):
    """The group bears another name than anybody here knew; it keeps it."""

    def __init__(self, title: str) -> None:
        super().__init__("named otherwise")
        self.title = title


class Doubt(Exception):  # noqa: N818
    """It may have been delivered and it may not."""


class Moved(Exception):  # noqa: N818
    """The chat has a new id; the message was not delivered."""

    def __init__(self, to: str) -> None:
        super().__init__(to)
        self.to = to


class CardGone(Exception):  # noqa: N818
    """The message to be changed is not there any more."""


class Channel(Protocol):
    name: str
    pace: Pace
    health: Health
    keeps: timedelta | None
    """How long the service keeps what people say while nobody listens; None where whoever speaks sees that it is not
    heard."""
    changes_every: timedelta | None
    """How often a card may be said anew that tells of a growing count; None where it changes in place."""

    def translate(self, payload: Any) -> Incoming | None: ...

    async def run(self, receive: Receive) -> None:
        """Bring what comes in, until cancelled."""

    async def deliver(self, out: Outgoing, edits: str | None) -> str | None:
        """Once. The id of the message it became, or one of the errors above. `edits` is the message to change."""

    async def fetch(self, file_id: str) -> bytes:
        """What this channel keeps, for a chat on another one; Never where it is gone, or too large to be had."""

    async def close(self) -> None: ...
