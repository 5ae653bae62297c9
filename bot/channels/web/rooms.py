"""The rooms of the web chat: a private one for each person and one for each grid, and who may enter which."""

from dataclasses import dataclass

from domain.chat import AccountId, ChatId, ChatKind, Incoming, Sender
from domain.language import _
from domain.refused import Refused
from storage.store import Store

WEB = "web"
"""The name of this channel."""

_PRIVATE, _GRID = "me-", "grid-"


@dataclass(frozen=True)
class Room:
    id: str
    name: str
    kind: ChatKind
    grid: str | None = None

    @property
    def chat(self) -> ChatId:
        return ChatId(WEB, self.id)

    def incoming(self, who: Sender, message_id: str | None) -> Incoming:
        """What every word and press in this room has in common."""
        return Incoming(self.chat, self.kind, self.name, who, message_id)


def private_room(who: Sender) -> Room:
    return Room(f"{_PRIVATE}{who.account.account}", who.name, ChatKind.PRIVATE)


def grid_room(code: str, name: str) -> Room:
    return Room(f"{_GRID}{code}", name, ChatKind.GROUP, code)


def sender(account: str, name: str) -> Sender:
    return Sender(AccountId(WEB, account), name)


def owner_of(room: str) -> str | None:
    """Whose private room this is; None for a grid's."""
    return room.removeprefix(_PRIVATE) if room.startswith(_PRIVATE) else None


class Rooms:
    """Used inside a transaction, like all of the store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def of(self, who: Sender) -> list[Room]:
        """The private one first. Asked anew at every frame: who is let in or leaves finds it so at once."""
        grids = await self._store.webchat.grid_rooms(who.account.account)
        return [private_room(who), *(grid_room(grid.grid, grid.name) for grid in grids)]

    async def open(self, who: Sender) -> list[Room]:
        """The same; a grid's room that nobody entered before is made, and is that grid's group from now on."""
        rooms = await self.of(who)
        for room in rooms:
            if room.grid and await self._store.chats.get(room.chat) is None:
                await self._store.chats.meet(room.chat, room.kind, room.name)
                await self._store.chats.bind(room.chat, room.grid)
        return rooms

    async def enter(self, who: Sender, room: str) -> Room:
        found = next((mine for mine in await self.of(who) if mine.id == room), None)
        if found is None:
            raise Refused(_("这个群不是您的，或者您已经不在里面了。"))
        return found

    async def members(self, room: str) -> set[str]:
        """The accounts that see what is said here."""
        owner = owner_of(room)
        return {owner} if owner else await self._store.webchat.members(room.removeprefix(_GRID))
