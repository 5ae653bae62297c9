"""Plays the typhoon story by the way that everybody's words and presses take: nothing in it is put on."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import NamedTuple, TypeVar

import structlog

from bot.channels.web import frames
from bot.channels.web.rooms import sender
from bot.channels.web.talk import Talk
from bot.clock import Clock
from bot.demo.story import STORY, Answer, Climb, Press, Report, Say, Step, Tell
from bot.demo.village import Character
from domain.case import WAITING, Case, State
from domain.language import N_, _
from domain.refused import Refused
from storage.store import Store
from storage.webchat import Message

READ_SECONDS = 3.5
"""Between two steps: time to read a caption and to find the phone that it speaks of."""

LOOK_SECONDS = 0.1
"""Between two looks at a card that somebody waits for."""

LIMIT_SECONDS = 20.0
"""How long a step waits for the card it needs: the bot answers in a moment, or a visitor did something else."""

LONGEST_SHOW = timedelta(seconds=40)
"""Whoever watches waits this long for a deadline to pass; where it takes longer, somebody asks the level above."""

T = TypeVar("T")

log = structlog.get_logger()


class Caption(NamedTuple):
    """What the visitor reads; `account` is whose phone it is about."""

    text: str
    account: str | None


class _OffScript(Exception):  # noqa: N818 -- a visitor joined in, which is what a demo is for
    """The card is not where the story needs it."""


class Player:
    """Plays the story once at a time. `read_seconds` is the pause after each caption."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        talk: Talk,
        cast: Sequence[Character],
        speed: float,
        read_seconds: float = READ_SECONDS,
    ) -> None:
        self.captions: list[Caption] = []
        self.playing: asyncio.Task[None] | None = None
        self._store = store
        self._clock = clock
        self._talk = talk
        self._cast = {person.name: person for person in cast}
        self._speed = speed
        self._read_seconds = read_seconds
        self._case = 0
        self._played = 0

    @property
    def is_playing(self) -> bool:
        return self.playing is not None and not self.playing.done()

    def start(self) -> bool:
        """Whether it begins; one that is under way is not begun again."""
        if self.is_playing:
            return False
        self.captions.clear()
        self._played += 1
        self.playing = asyncio.create_task(self._play(), name="typhoon story")
        return True

    async def stop(self) -> None:
        if self.playing:
            self.playing.cancel()
            await asyncio.gather(self.playing, return_exceptions=True)

    async def _play(self) -> None:
        try:
            for step in STORY:
                await self._do(step)
        except (_OffScript, Refused):
            self._tell(N_("有人先动了手，故事就停在这里。接下来由您来演。"))
        except Exception:
            log.exception("story_broke")
            self._tell(N_("故事出了岔子，停在这里。村子还在，您可以接着试。"))

    async def _do(self, step: Step) -> None:
        match step:
            case Tell(caption):
                self._tell(caption)
            case Say(who, text, caption):
                self._tell(caption, who)
                await self._say(who, _(text))
            case Report(who, text, caption):
                self._tell(caption, who)
                self._case = await self._report(who, _(text))
            case Climb():
                await self._climb(step)
            case Press(who, card, verb, caption):
                self._tell(caption, who)
                await self._press(who, card, verb)
                await self._until_state(step.then)
            case Answer(who, card, text, caption):
                self._tell(caption, who)
                await self._until(partial(self._asked, who, card))
                await self._say(who, _(text))
                await self._until_state(step.then)
        await asyncio.sleep(self._read_seconds)

    def _tell(self, caption: str, who: str | None = None) -> None:
        self.captions.append(Caption(_(caption), self._cast[who].account if who else None))

    # -- what the people do --------------------------------------------------------

    async def _report(self, who: str, text: str) -> int:
        """The number of the case that the bot made of it."""
        said = await self._say(who, text)

        async def number() -> int | None:
            async with self._store.transaction():
                heard = await self._store.webchat.history(said.chat, 20)
            cards = [m.card for m in heard if m.reply_to == said.id and m.card and m.card.startswith("case:")]
            return int(cards[0].removeprefix("case:")) if cards and cards[0] else None

        return await self._until(number)

    async def _say(self, who: str, text: str) -> Message:
        person = self._cast[who]
        frame = frames.Say(type="say", id=self._frame_id(), room=_room(person), text=text)
        return await self._talk.say(sender(person.account, person.name), frame)

    async def _press(self, who: str, card: str, verb: str) -> None:
        """On the card in the room of this person's grid, once it shows the button."""
        person, verb = self._cast[who], verb.format(case=self._case)

        async def button() -> tuple[int, str] | None:
            message = await self._standing(who, card)
            found = [b.data for row in message.buttons for b in row if b.data.startswith(verb)] if message else []
            return (message.id, found[0]) if message and found else None

        number, data = await self._until(button)
        frame = frames.Press(type="press", id=self._frame_id(), room=_room(person), message=number, data=data)
        await self._talk.press(sender(person.account, person.name), frame)

    async def _climb(self, step: Climb) -> None:
        case, goal = await self._now(), self._cast[step.who].grid
        wait = (case.due_at - case.reported_at if case.due_at else LONGEST_SHOW) / self._speed
        if wait <= LONGEST_SHOW:
            self._tell(step.by_time, step.who)
        else:
            self._tell(step.by_asking, step.asks)
        while case.grid != goal:
            before = case.grid
            if wait > LONGEST_SHOW:
                await self._press(step.asks, "case", "escalate")
            limit = LIMIT_SECONDS + min(wait, LONGEST_SHOW).total_seconds()
            case = await self._until(partial(self._left, before), limit)
            if case.state not in WAITING or case.grid == before:
                raise _OffScript

    # -- what they wait for ----------------------------------------------------------

    async def _now(self) -> Case:
        async with self._store.transaction():
            case = await self._store.cases.get(self._case)
        if case is None:
            raise _OffScript
        return case

    async def _left(self, grid: str) -> Case | None:
        case = await self._now()
        return case if case.grid != grid or case.state not in WAITING else None

    async def _until_state(self, state: State | None) -> None:
        async def reached() -> bool:
            return state is None or (await self._now()).state is state

        await self._until(reached)

    async def _asked(self, who: str, card: str) -> bool:
        message = await self._standing(who, card)
        return message is not None and message.asks

    async def _standing(self, who: str, card: str) -> Message | None:
        room = _room(self._cast[who])
        async with self._store.transaction():
            number = await self._store.webchat.standing(room, f"{card}:{self._case}")
            return await self._store.webchat.message(room, number) if number else None

    async def _until(self, look: Callable[[], Awaitable[T | None]], limit: float = LIMIT_SECONDS) -> T:
        """What `look` finds, once it finds something."""
        until = self._clock.monotonic() + limit
        while not (found := await look()):
            if self._clock.monotonic() > until:
                raise _OffScript
            await asyncio.sleep(LOOK_SECONDS)
        return found

    def _frame_id(self) -> str:
        self._played += 1
        return f"story-{self._clock.now():%Y%m%d%H%M%S%f}-{self._played}"


def _room(person: Character) -> str:
    return f"grid-{person.grid}"
