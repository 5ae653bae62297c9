"""The service of the simulated town: slow, sometimes refusing, sometimes silent about what it did; it notes it all."""

import asyncio
import hashlib
import random
from collections import Counter, defaultdict
from dataclasses import dataclass

from bot.channels import Doubt, Later, Never
from domain.chat import Answer, Outgoing, Withdraw
from domain.pace import Pace, Window
from tests.town import FakeChannel

TELEGRAM = Pace(30, 1.0, (Window(20),), lambda chat: chat.endswith("群"))


ROUGH = 8
"""How many times as slow a bad line is, and as often it fails: nearly half of all calls do."""


@dataclass(frozen=True)
class Shown:
    """What a chat saw at a moment of the loop's time: a new message, or an old one that changed."""

    at: float
    text: str
    card: str | None


class Line(FakeChannel):
    pace = TELEGRAM
    there, back = (0.02, 0.4), (0.02, 0.2)
    """Seconds to the service, and from there, at least and at most."""

    def __init__(self, luck: random.Random) -> None:
        super().__init__()
        self.luck = luck
        self.faulty = True
        self.dead_until = 0.0
        """The whole service refuses until then."""
        self.rough_until = 0.0
        """Until then it is far slower than it is, and fails far oftener."""
        self.shown: defaultdict[str, list[Shown]] = defaultdict(list)
        self.card_of: dict[str, str | None] = {}
        """Message and card: what it shows now."""
        self._trace = hashlib.sha256()
        self.events = 0

    @property
    def trace(self) -> str:
        """The same for two weeks in which the same was said in the same moments."""
        return self._trace.hexdigest()[:16]

    async def deliver(self, out: Outgoing, edits: str | None) -> str | None:
        await asyncio.sleep(self.luck.uniform(*self.there) * (ROUGH if self._is_rough() else 1))
        self._refuse(out)
        message = await super().deliver(out, edits)
        self._remember(out, edits, message)
        await asyncio.sleep(self.luck.uniform(*self.back))
        if self._happens(0.015):
            raise Doubt("the answer was lost")
        return message

    def _refuse(self, out: Outgoing) -> None:
        if asyncio.get_running_loop().time() < self.dead_until:
            raise Later("refused")
        if self._happens(0.02):
            raise Later("429", after=self.luck.choice((1.0, 3.0, 40.0)), everyone=self._happens(0.1))
        if self._happens(0.01):
            raise Doubt("reset before it arrived")
        if self._happens(0.002) and not isinstance(out, Withdraw):
            raise Never("400")

    def _happens(self, chance: float) -> bool:
        return self.faulty and self.luck.random() < (ROUGH * chance if self._is_rough() else chance)

    def _is_rough(self) -> bool:
        return asyncio.get_running_loop().time() < self.rough_until

    def _remember(self, out: Outgoing, edits: str | None, message: str | None) -> None:
        now = asyncio.get_running_loop().time()
        self.note(f"{now:.3f} {out.to.chat} {type(out).__name__} {edits} {getattr(out, 'text', '')}")
        if isinstance(out, Answer | Withdraw):
            return
        self.shown[out.to.chat].append(Shown(now, out.text, out.card))
        if message:
            self.card_of[message] = out.card

    def note(self, what: str) -> None:
        self.events += 1
        self._trace.update(what.encode())

    def cards(self) -> Counter[tuple[str, str]]:
        """Chat and card, and in how many messages it stands there."""
        standing = ((chat, self.card_of[message.id]) for chat, said in self.chats.items() for message in said)
        return Counter((chat, card) for chat, card in standing if card)
