"""What people say to the bot and what it says back, in the neighbourhood's words and no service's."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, NamedTuple

LONGEST_NUMBER = 18
"""Digits of an id: as many as a 64-bit integer holds for certain."""

LONGEST_WRITTEN = 11
"""Digits of an id that people name: a village never has so many of anything."""


def as_number(written: str, most: int = LONGEST_WRITTEN) -> int:
    """The id that is written here; -1 where it is none, or has more than `most` digits."""
    return int(written) if written.isdecimal() and len(written) <= most else -1


class ChatId(NamedTuple):
    """A group or a private conversation: the channel that carries it and the service's own id."""

    channel: str
    chat: str


class AccountId(NamedTuple):
    """Somebody's account on a channel. What a person may do hangs on this id and on nothing else."""

    channel: str
    account: str

    def __str__(self) -> str:
        return f"{self.channel}:{self.account}"


class ChatKind(StrEnum):
    GROUP = "group"
    PRIVATE = "private"


@dataclass(frozen=True)
class Sender:
    account: AccountId
    name: str


@dataclass(frozen=True)
class Location:
    latitude: float
    longitude: float


HOUSE = "house"
"""The channel of what the bot made itself: its files are kept by the village's own store."""


NOT_SPOKEN = "nobody there has spoken to the bot yet"
"""Why a chat cannot be reached where a service lets a bot answer and not begin: one word from there is enough."""


class Medium(StrEnum):
    PHOTO = "photo"
    VOICE = "voice"
    VIDEO = "video"
    FILE = "file"


@dataclass(frozen=True)
class Attachment:
    """A picture, a voice, a video or a file as its channel keeps it. The file id is worth something to that channel
    only. `seconds` is how long a voice or a video lasts."""

    channel: str
    file_id: str
    medium: Medium = Medium.PHOTO
    seconds: int = 0


@dataclass(frozen=True)
class Incoming:
    """Something that came in. A sender of None is an anonymous admin or a linked channel: it has no authority."""

    chat: ChatId
    chat_kind: ChatKind
    chat_title: str
    sender: Sender | None
    message_id: str | None


@dataclass(frozen=True)
class Said(Incoming):
    """Words, pictures, a voice or a place. With a voice, `text` is what the service made of it, if it does.

    `album` names the pictures that were sent together: each comes as a message of its own, in any order."""

    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    location: Location | None = None
    reply_to: str | None = None
    album: str | None = None
    forwarded: bool = False
    quoted: str = ""
    """The words of a message that it quotes, where the service does not say which one that is."""


@dataclass(frozen=True)
class Edited(Incoming):
    """Somebody changed their message afterwards; `text` is what it says now."""

    text: str = ""


@dataclass(frozen=True)
class Pressed(Incoming):
    """A button: `action` is its verb, `args` what stood behind it; `press` is the service's id for the answer."""

    action: str = ""
    args: tuple[str, ...] = ()
    press: str = ""

    def arg(self, n: int) -> str:
        """What stood behind the verb; a forged button may lack it, and names nothing then."""
        return self.args[n] if n < len(self.args) else ""

    def number(self, n: int) -> int:
        """The id behind the verb; -1 where it is none, or longer than any that was ever given."""
        return as_number(self.arg(n), LONGEST_NUMBER)


@dataclass(frozen=True)
class Knocked(Incoming):
    """Somebody scanned a squad's QR code and says who they are and which door is theirs."""

    poster: str = ""
    door: str = ""


@dataclass(frozen=True)
class Arrived(Incoming):
    """The bot was let into this chat."""


@dataclass(frozen=True)
class Entered(Incoming):
    """Somebody opened their private conversation with the bot, and has not said anything."""


@dataclass(frozen=True)
class Removed(Incoming):
    """The bot was put out of this chat, or a person blocked it."""


@dataclass(frozen=True)
class Moved(Incoming):
    """The service gave this chat a new id."""

    to: str = ""


@dataclass(frozen=True)
class Renamed(Incoming):
    """People gave this group another name: `chat_title`."""


@dataclass(frozen=True)
class Undelivered(Incoming):
    """A message did not reach this chat, or nobody knows whether it did. `card` names the card it was, `row` where it
    stands in the outbox; `chat_title` is what the group is called, where that is why it did not get another name."""

    card: str | None = None
    why: str = ""
    unreachable: bool = False
    row: int = 0


@dataclass(frozen=True)
class Due:
    """A deadline passed. It comes in like anything else; the row it came from is its own durable record."""

    subject: str
    id: int
    at: datetime


class Promise(StrEnum):
    """What is promised of a message when a crash or a lost answer leaves its delivery in doubt."""

    LIFE = "A"
    """Sent once more under the same number, marked as a repeat; then a person is told."""
    CORRECTION = "B"
    """Sent until the service confirms it."""
    CARD = "C"
    """Not repeated; the next change of the card places it anew."""
    REPLY = "D"
    """At most once."""
    DIGEST = "E"
    """Dropped; the next one says it all again."""


@dataclass(frozen=True)
class Button:
    """`data` is what comes back: a verb and its arguments joined by colons, ASCII, at most 64 bytes
    (Telegram's limit on callback_data, the tightest of the channels). Never personal data."""

    label: str
    data: str


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True)
class Send:
    """Say something in a chat. With a `card` name it stands there once and changes in place ever after."""

    to: ChatId
    text: str
    buttons: Rows = ()
    promise: Promise = Promise.REPLY
    card: str | None = None
    reply_to: str | None = None
    attachment: Attachment | None = None
    location: Location | None = None
    asks: bool = False
    """The next words of this person are the answer; a channel may open the keyboard for them."""
    brief: str | None = None
    """One line that can stand for the message when many come at once."""
    brief_button: Button | None = field(default=None)
    wakes: bool = False
    """Said at night too, and all that is said with it."""
    true_while: str | None = None
    """The standing of a case (`Case.standing`) that it tells of; what had to wait is not said once that changed."""
    pin: bool = False
    """It stays at the top of the chat, where the service can do that."""
    unpin: bool = False
    """It stays there no longer."""
    everyone: bool = False
    """Every phone of the chat rings for it, where the service can do that."""
    passing: bool = False
    """A card's count that goes on growing: where a change is a message more for everybody, only some are said."""
    in_place: bool = False
    """A card put right beside a message that says so aloud: where it cannot change in place, it is not said again."""


@dataclass(frozen=True)
class Answer:
    """The short answer to a press, shown to the one who pressed and to nobody else."""

    to: ChatId
    press: str
    text: str = ""


@dataclass(frozen=True)
class Withdraw:
    """Take down the message in which this card stands, as a photo once its child is found. Nothing is left of it
    where the service can delete; where it cannot any more, people are told."""

    to: ChatId
    card: str
    promise: Promise = Promise.CORRECTION


@dataclass(frozen=True)
class Entitle:
    """Give a group this name, where it still bears one of `over`: what people called it since is theirs."""

    to: ChatId
    title: str
    over: tuple[str, ...]
    card: ClassVar[str] = "title"
    promise: ClassVar[Promise] = Promise.DIGEST


class Command(NamedTuple):
    """What a chat's menu offers: the word behind the slash, and what it is for."""

    word: str
    about: str


@dataclass(frozen=True)
class Menu:
    """Offer these commands in this chat and no others; without any, those of every chat."""

    to: ChatId
    commands: tuple[Command, ...] = ()
    card: ClassVar[str] = "menu"
    promise: ClassVar[Promise] = Promise.DIGEST


Outgoing = Send | Answer | Withdraw | Entitle | Menu

Setting = Entitle | Menu
"""How a chat is to be, and no message in it: done twice nobody sees it, and the last one holds."""
