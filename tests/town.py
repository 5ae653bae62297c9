"""The little town that tests talk to: the real dispatcher, pump, storage and handlers, and a time of its own."""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from typing import Any

import handlers
from bot.channels import CardGone, Channel, Health, Receive, Retitled, Unable, Unreachable
from bot.dispatch import Dispatcher
from bot.pump import Pump
from domain.chat import (
    AccountId,
    Answer,
    Arrived,
    Attachment,
    Button,
    ChatId,
    ChatKind,
    Command,
    Edited,
    Entitle,
    Incoming,
    Knocked,
    Location,
    Menu,
    Moved,
    Outgoing,
    Pressed,
    Removed,
    Renamed,
    Said,
    Send,
    Sender,
    Withdraw,
)
from domain.kinds import DEFAULTS, Kind, Kinds
from domain.pace import Pace
from domain.people import Role
from domain.settings import Settings
from handlers.routing import Routes
from lexicon.recogniser import Recogniser
from storage.attachments import from_list
from storage.database import moment
from storage.deadlines import TIMED
from storage.inbox import Arrival
from storage.store import Store

CHANNEL = "town"
SECOND = "other"
"""Another service that some people use too; the names of their accounts and groups on it end in `ON_SECOND`."""

ON_SECOND = "²"

STEPS = 600
"""As many looks at the clock as a long wait takes: ten hours pass minute by minute."""

SOONEST = "SELECT min(due_at) AS at FROM (" + " UNION ALL ".join(
    f"SELECT min(due_at) AS due_at FROM {table} WHERE due_at IS NOT NULL" for table in (*TIMED.values(), "inbox")
) + ") AS soonest"  # fmt: skip
"""When the next deadline of any kind is."""

NOON = datetime(2026, 7, 25, 4, 0, tzinfo=UTC)
"""Noon in Fuzhou, on the day typhoon Gaemi's rain came, two years later."""


@dataclass
class Clock:
    moment: datetime = NOON
    seconds: float = 0.0

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.seconds

    def pass_time(self, length: timedelta) -> None:
        self.moment += length
        self.seconds += length.total_seconds()


@dataclass
class Message:
    id: str
    text: str
    buttons: tuple[Button, ...] = ()
    attachment: Attachment | None = None
    location: Location | None = None
    reply_to: str | None = None
    heard: bool = False
    history: list[str] = field(default_factory=list)


class FakeChannel:
    """A service whose chats are lists; `errors` are raised at the next deliveries to a chat."""

    pace = Pace()
    keeps: timedelta | None = timedelta(hours=24)
    changes_every: timedelta | None = None

    def __init__(self, name: str = CHANNEL) -> None:
        self.name = name
        self.health = Health()
        self.chats: defaultdict[str, list[Message]] = defaultdict(list)
        self.toasts: dict[str, str] = {}
        self.errors: defaultdict[str, list[Exception]] = defaultdict(list)
        self.closed: set[str] = set()
        self.titles: dict[str, str] = {}
        """Groups that are called otherwise than the tests call them."""
        self.names_nothing: set[str] = set()
        """Groups whose name the bot may not change."""
        self.menus: dict[str, tuple[Command, ...]] = {}
        self.pinned: defaultdict[str, list[str]] = defaultdict(list)
        self.order: list[tuple[str, str]] = []
        """Every message as it was said, over all chats."""
        self._ids = count(1)

    def beside(self, name: str) -> "FakeChannel":
        """Another service whose chats the test sees in the same place."""
        other = copy(self)
        other.name = name
        return other

    def translate(self, payload: Any) -> Incoming | None:
        return payload if isinstance(payload, Incoming) else _incoming(payload)

    async def run(self, receive: Receive) -> None:
        raise NotImplementedError

    async def fetch(self, file_id: str) -> bytes:
        return file_id.encode()

    async def close(self) -> None:
        return None

    async def deliver(self, out: Outgoing, edits: str | None) -> str | None:
        if self.errors[out.to.chat]:
            raise self.errors[out.to.chat].pop(0)
        if out.to.chat in self.closed:
            raise Unreachable("blocked")
        if isinstance(out, Answer):
            self.toasts[out.press] = out.text
            return None
        if isinstance(out, Withdraw):
            return self._delete(out, edits)
        if isinstance(out, Menu):
            self.menus[out.to.chat] = out.commands
            return None
        if isinstance(out, Entitle):
            return self._entitle(out)
        return self._edit(out, edits) if edits else self._post(out)

    def _entitle(self, out: Entitle) -> str:
        before = self.titles.get(out.to.chat, out.to.chat)
        if out.to.chat in self.names_nothing:
            raise Unable("机器人不能改群名")
        if before not in (*out.over, out.title):
            raise Retitled(before)
        self.titles[out.to.chat] = out.title
        return before

    def _delete(self, out: Withdraw, message: str | None) -> None:
        kept = [m for m in self.chats[out.to.chat] if m.id != message]
        if len(kept) == len(self.chats[out.to.chat]):
            raise CardGone(str(message))
        self.chats[out.to.chat] = kept

    def _post(self, out: Send) -> str:
        buttons = tuple(button for row in out.buttons for button in row)
        message = Message(f"m{next(self._ids)}", out.text, buttons, out.attachment, out.location, out.reply_to)
        self.chats[out.to.chat].append(message)
        self.order.append((out.to.chat, out.text))
        if out.pin:
            self.pinned[out.to.chat].append(message.id)
        return message.id

    def _edit(self, out: Send, edits: str) -> str:
        message = next((m for m in self.chats[out.to.chat] if m.id == edits), None)
        if message is None:
            raise CardGone(edits)
        if message.text != out.text:
            message.history.append(message.text)
            message.heard = False
        message.text = out.text
        message.buttons = tuple(button for row in out.buttons for button in row)
        if out.unpin:
            self.pinned[out.to.chat].remove(message.id)
        return message.id


def _incoming(payload: dict[str, Any]) -> Incoming:
    """Tests' own payloads: the fields of the dataclass, by its name."""
    kinds = {cls.__name__: cls for cls in (Said, Edited, Pressed, Knocked, Arrived, Removed, Renamed, Moved)}
    fields = dict(payload["fields"])
    fields["chat"] = ChatId(*fields["chat"])
    fields["chat_kind"] = ChatKind(fields["chat_kind"])
    if fields["sender"]:
        account, name = fields["sender"]
        fields["sender"] = Sender(AccountId(*account), name)
    if "attachments" in fields:
        fields["attachments"] = tuple(from_list(kept) for kept in fields["attachments"])
    if fields.get("location"):
        fields["location"] = Location(*fields["location"])
    if "args" in fields:
        fields["args"] = tuple(fields["args"])
    return kinds[payload["kind"]](**fields)


def place_of(name: str) -> ChatId:
    """The chat of this name; a private one is named by whom it is with."""
    return ChatId(SECOND if name.endswith(ON_SECOND) else CHANNEL, name)


def account_of(name: str) -> AccountId:
    return AccountId(*place_of(name))


def recogniser_of(kinds: Kinds) -> Recogniser:
    """Hundreds of towns read with the same eyes: the lexicon is built once for all whose kinds have the same words."""
    return _recogniser_of(tuple(replace(DEFAULTS[0], kind=k.kind, words=k.words, urgency=k.urgency) for k in kinds))


@cache
def _recogniser_of(kinds: tuple[Kind, ...]) -> Recogniser:
    return Recogniser(Kinds(kinds))


routes_of = cache(Routes)
"""And answer to the same."""


class Town:
    """People by name, chats by title. Private chats are named by the person they are with, and 张队长² is 张队长 on the
    second channel."""

    def __init__(self, store: Store, settings: Settings, clock: Clock | None = None) -> None:
        self.store = store
        self.clock = clock or Clock()
        self.channel = FakeChannel()
        self.settings = settings
        self._others: list[Channel] = []
        self.answers_to(routes_of(handlers.FEATURES))
        self._updates = 0
        self._last: Arrival | None = None
        self._at_once: list[Arrival] | None = None

    def answers_to(self, routes: Routes) -> None:
        """The features of this town; all there are, unless a test brings one of its own."""
        understood = {CHANNEL: self.channel.translate}
        recogniser = recogniser_of(self.settings.kinds)
        self.dispatcher = Dispatcher(self.store, self.settings, self.clock, routes, recogniser, understood)
        self.pump = Pump(self.channel, self.store, self.clock, self.dispatcher.heard)
        self.pumps = [self.pump]
        for channel in self._others:
            self._let_in(channel)

    def opens(self, channel: Channel) -> None:
        """One more service than the one that most tests do with."""
        self._others.append(channel)
        self._let_in(channel)

    def _let_in(self, channel: Channel) -> None:
        self.dispatcher.understand(channel.name, channel.translate)
        self.pumps.append(Pump(channel, self.store, self.clock, self.dispatcher.heard))

    def opens_second(self) -> None:
        self.opens(self.channel.beside(SECOND))

    # -- the town is built -------------------------------------------------

    async def grid(self, code: str, name: str, level: str, parent: str | None = None, group: str = "") -> None:
        async with self.store.transaction():
            await self.store.db.run(
                "INSERT INTO grids (code, name, level, parent) VALUES (?, ?, ?, ?)", code, name, level, parent
            )
            if group:
                chat = ChatId(CHANNEL, group)
                await self.store.chats.meet(chat, ChatKind.GROUP, group)
                await self.store.chats.bind(chat, code)

    async def person(self, name: str, *roles: tuple[Role, str], private: bool = True) -> None:
        async with self.store.transaction():
            person = await self.store.people.meet(account_of(name), name)
            for role, grid in roles:
                await self.store.people.appoint(person.id, role, grid)
            if private:
                await self.store.chats.meet(place_of(name), ChatKind.PRIVATE, name)
                await self.store.people.open_private_chat(account_of(name), name)

    async def group(self, title: str, grid: str) -> None:
        """One more group of a grid."""
        async with self.store.transaction():
            await self.store.chats.meet(place_of(title), ChatKind.GROUP, title)
            await self.store.chats.bind(place_of(title), grid)

    # -- people do something -----------------------------------------------

    async def says(self, who: str | None, text: str, chat: str | None = None, **more: Any) -> None:
        """In a chat, or in private where none is named; `who` None is an anonymous admin."""
        self._updates += 1
        await self._comes("Said", who, chat, message_id=f"u{self._updates}", text=text, **more)

    async def presses(self, who: str, label: str, chat: str | None = None) -> str:
        """The newest button with this label in the chat; what the presser's phone then shows."""
        place = chat or who
        message, button = next(
            (message, button)
            for message in reversed(self.channel.chats[place])
            for button in message.buttons
            if button.label == label
        )
        return await self.presses_data(who, button.data, chat, message.id)

    async def presses_data(self, who: str, data: str, chat: str | None = None, message_id: str = "old") -> str:
        verb, *args = data.split(":")
        press = f"p{self._updates}"
        await self._comes("Pressed", who, chat, message_id=message_id, action=verb, args=args, press=press)
        return self.channel.toasts.get(press, "")

    async def happens(self, kind: str, chat: str, who: str | None = None, **more: Any) -> None:
        await self._comes(kind, who, chat, **{"message_id": None, **more})

    async def _comes(self, kind: str, who: str | None, chat: str | None, **more: Any) -> None:
        self._updates += 1
        fields = {
            "chat": place_of(chat or who or ""),
            "chat_kind": "group" if chat else "private",
            "chat_title": self.channel.titles.get(chat, chat) if chat else who,
            "sender": (account_of(who), who.removesuffix(ON_SECOND)) if who else None,
            **more,
        }
        payload = json.dumps({"kind": kind, "fields": fields}, ensure_ascii=False)
        self._last = Arrival(place_of(chat or who or "").channel, str(self._updates), payload)
        if self._at_once is None:
            await self.repeats()
        else:
            self._at_once.append(self._last)

    @asynccontextmanager
    async def at_once(self) -> AsyncIterator[None]:
        """What people do in here comes in together, and is handled as one batch."""
        self._at_once = []
        yield
        arrivals, self._at_once = self._at_once, None
        await self.dispatcher.receive(arrivals)
        await self.settle()

    async def repeats(self) -> None:
        """The service brings the last update, for the first time or once more."""
        if self._last:
            await self.dispatcher.receive([self._last])
        await self.settle()

    def restart(self) -> None:
        """What was in memory is gone; what is in the store is not."""
        self.answers_to(routes_of(handlers.FEATURES))

    # -- time passes ---------------------------------------------------------

    async def later(self, **length: float) -> None:
        """Minute by minute, as the clock would tick; over days in larger steps, for what takes days is not so exact."""
        left = timedelta(**length)
        minute = max(timedelta(minutes=1), left / STEPS)
        soonest = await self._soonest()
        while left > timedelta(0):
            step = min(left, minute)
            self.clock.pass_time(step)
            left -= step
            # A tick at which nothing is due changes nothing, and nights are long.
            if self.clock.now() >= soonest or not left:
                await self.tick()
                soonest = await self._soonest()

    async def _soonest(self) -> datetime:
        """When there is something to do next: by the clock of the house, or by that of a pump."""
        async with self.store.transaction():
            (row,) = await self.store.db.all(SOONEST)
        waits = [at for pump in self.pumps if (at := pump._lanes.next_at()) is not None]
        times = [self.clock.now() + timedelta(seconds=at - self.clock.monotonic()) for at in waits]
        return min([*times, *([moment(row["at"])] if row["at"] else [])], default=datetime.max.replace(tzinfo=UTC))

    async def tick(self) -> None:
        while await self.dispatcher.handle_due():
            pass
        await self.settle()

    async def settle(self) -> None:
        """Handle what waits and deliver what was promised, until nothing is left to do."""
        busy = True
        while busy:
            while await self.dispatcher.handle_waiting():
                pass
            self.dispatcher.heard.clear()
            busy = False
            for pump in self.pumps:
                busy = await pump.step() or busy
                await pump.landed()
            busy = busy or self.dispatcher.heard.is_set()

    # -- what is heard -------------------------------------------------------

    def hears(self, chat: str, *parts: str) -> Message:
        """The chat got a message, or a change of one, that holds all these parts and was not asked for before."""
        for message in self.channel.chats[chat]:
            if not message.heard and all(part in message.text for part in parts):
                message.heard = True
                return message
        heard = "\n---\n".join(f"{'  ' if m.heard else '* '}{m.text}" for m in self.channel.chats[chat])
        raise AssertionError(f"{chat} did not hear {parts}; it has:\n{heard}")

    def hush(self, *chats: str) -> None:
        """What these chats heard so far is of no interest to the story."""
        for chat in chats or self.channel.chats:
            for message in self.channel.chats[chat]:
                message.heard = True

    def silent(self) -> None:
        """Nobody heard anything that was not expected."""
        extra = [(chat, m.text) for chat, messages in self.channel.chats.items() for m in messages if not m.heard]
        assert not extra, f"not expected: {extra}"

    def silent_in(self, *chats: str) -> None:
        """The same of these chats."""
        extra = [(chat, m.text) for chat in chats for m in self.channel.chats[chat] if not m.heard]
        assert not extra, f"not expected: {extra}"

    def buttons(self, chat: str) -> list[str]:
        """The labels under the newest message that has any."""
        shown = [m for m in self.channel.chats[chat] if m.buttons]
        return [button.label for button in shown[-1].buttons] if shown else []

    async def state(self, number: int) -> str:
        async with self.store.transaction():
            case = await self.store.cases.get(number)
        assert case
        return case.state.value

    async def close(self) -> None:
        await self.store.close()
        await asyncio.sleep(0)
