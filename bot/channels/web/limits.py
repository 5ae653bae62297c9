"""How much one person, or one address, may ask of the web chat: enough for anybody in need, too little to flood it."""

from dataclasses import dataclass

from domain.language import _
from domain.refused import Refused

LONGEST_MESSAGE = 10_000
"""Characters, as of a report: nobody types more, and it is a page to read."""

LONGEST_NAME = 40
"""Characters of a name or a door at sign-in."""

FRAME_BYTES = 64 * 1024
"""One frame of a page: LONGEST_MESSAGE control characters, which JSON writes in six bytes each, still fit."""

FORM_BYTES = 4 * 1024
"""A sign-in form: two short fields."""

PHOTO_BYTES = 10 * 1024 * 1024
"""One picture: what a phone's camera makes, with room to spare; as much as a bot may send on (Bot API: sendPhoto)."""

FILE_BYTES = 20 * 1024 * 1024
"""A voice, a video or a file: what Telegram hands a bot, so that either channel can pass on what the other took
(Bot API: getFile). A minute and a half of video as phones send it, an hour of voice."""

LONGEST_RECORDING = 2 * 60 * 60
"""Seconds that a page may say a voice or a video lasts: longer ones do not fit into FILE_BYTES."""

ALBUM = 10
"""Pictures sent together (Bot API: sendMediaGroup)."""

UPLOADS_AT_ONCE = 4
"""Taken in at once, so that a hundred phones do not need a gigabyte."""

UPLOAD_SECONDS = 120.0
"""How long one upload may take: PHOTO_BYTES over a slow 3G line."""

PAGES_PER_ACCOUNT = 5
"""Open pages of one person: a phone, a desk, a few forgotten tabs. The oldest gives way."""

PAGES = 2_000
"""Open pages in all: half a village of 4,000 at once; each costs a socket and about 50 KB."""

FRAMES_WAITING = 300
"""Frames that wait for one slow page: the history of its rooms and some more. Then it is dropped and comes again."""

CONNECTIONS = 3_000
"""Sockets of any kind: all pages, and half as many requests beside them. Beyond that the answer is 503."""

SEND_SECONDS = 20.0
"""How long one frame may take to leave: a phone in a cellar has time, a dead one is found out."""

HELLO_SECONDS = 10.0
"""How long a page that says nothing is kept."""

MOST_REMEMBERED = 10_000
"""Buckets kept; beyond that the full ones, which say nothing, are forgotten."""


@dataclass(frozen=True)
class Rate:
    """`burst` at once, then `per_second` over time."""

    burst: float
    per_second: float


SPEAKING = Rate(burst=20, per_second=1)
"""Of one account: faster than anybody types or presses, slower than a script."""

UPLOADS = Rate(burst=2 * ALBUM, per_second=0.2)
"""Of one account: two albums at once, then one in five seconds; a picture costs the processor some 100 ms."""

BYTES_A_DAY = Rate(burst=200 * 1024 * 1024, per_second=200 * 1024 * 1024 / (24 * 60 * 60))
"""Of one account, in bytes: a bad day's pictures and ten videos. A village's disk is small, and a year is kept."""

SIGN_IN = Rate(burst=30, per_second=0.5)
"""Of one address. A whole village may share one behind its carrier's NAT, and thirty scan a poster at a meeting."""


class TooFast(Refused):
    """Not now; the page keeps the words and sends them again `after` seconds."""

    def __init__(self, after: float) -> None:
        super().__init__(_("太快了，请等一会儿。您的话还在，会自动再发。"))
        self.after = after


class Buckets:
    """A token bucket for each key. Times are seconds of a clock that never jumps."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._left: dict[str, tuple[float, float]] = {}

    def take(self, key: str, now: float, cost: float = 1) -> None:
        """That many tokens, or TooFast."""
        left = self._now_left(key, now)
        if left < cost:
            raise TooFast((cost - left) / self._rate.per_second)
        self._left[key] = (left - cost, now)
        if len(self._left) > MOST_REMEMBERED:
            self._left = {k: v for k, v in self._left.items() if self._now_left(k, now) < self._rate.burst}

    def _now_left(self, key: str, now: float) -> float:
        left, at = self._left.get(key, (self._rate.burst, now))
        return min(self._rate.burst, left + (now - at) * self._rate.per_second)
