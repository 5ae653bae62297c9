"""What people say and press in the rooms, and what the bot answers there: on the disk first, then on every screen."""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.channels import CardGone, Later, Receive, Unable
from bot.channels.carrier import Missing
from bot.channels.web import frames, views
from bot.channels.web.hub import Hub, Page
from bot.channels.web.limits import LONGEST_MESSAGE
from bot.channels.web.media import Shelf
from bot.channels.web.rooms import WEB, Room, Rooms, owner_of, private_room
from bot.clock import Clock
from domain.chat import (
    Answer,
    Attachment,
    Entitle,
    Incoming,
    Knocked,
    Location,
    Menu,
    Outgoing,
    Pressed,
    Promise,
    Said,
    Send,
    Sender,
    Withdraw,
)
from domain.language import _
from domain.refused import Refused
from storage.database import is_out_of_order
from storage.inbox import Arrival
from storage.store import Store
from storage.webchat import Message

HISTORY = 50
"""Messages of a room that a page gets when it opens, and at each look further back: some screens full."""

MISSED = 200
"""Changes of a room that are told one by one to a page that was away; beyond that it gets the room anew."""

OVERLAP = 20
"""Two messages may be pushed in another order than they were written; the last few are told again."""


class Talk:
    def __init__(self, store: Store, clock: Clock, shelf: Shelf) -> None:
        self.hub = Hub()
        self.rooms = Rooms(store)
        self.receive: Receive = _nobody_listens
        self._store = store
        self._clock = clock
        self._shelf = shelf

    # -- people ------------------------------------------------------------------

    async def say(self, who: Sender, said: frames.Say) -> Message:
        """Words, a picture, a voice, a place. Sent again with the same id, they are not stored twice."""
        place = Location(said.location.latitude, said.location.longitude) if said.location else None
        if len(said.text) > LONGEST_MESSAGE:
            raise Refused(_("太长了，最多 {n} 个字。请分几次发。").format(n=LONGEST_MESSAGE))
        if not said.text.strip() and not said.attachment and not place:
            raise Refused(_("还没有写字。"))
        async with self._store.transaction():
            room = await self.rooms.enter(who, said.room)
            attachment = await self._handed_in(who, said.attachment) if said.attachment else None
            message = await self._store.webchat.say(
                Message(
                    room.id,
                    self._clock.now(),
                    said.text,
                    account=who.account.account,
                    author=who.name,
                    client=said.id,
                    attachment=attachment,
                    location=place,
                    reply_to=await self._answered(room, said.reply_to),
                )
            )
            members = await self.rooms.members(message.chat)
        await self._arrive(who, said.id, _said(room.incoming(who, str(message.id)), message, said.album))
        self.hub.push(members, views.talk(message.chat, [message]))
        return message

    async def _handed_in(self, who: Sender, name: str) -> Attachment:
        attachment = await self._store.webchat.media.of(who.account.account, name)
        if attachment is None:
            raise Refused(_("找不到您要发的东西，请再选一次。"))
        return attachment

    async def _answered(self, room: Room, number: int | None) -> int | None:
        """What was never said here is not answered; the words stand by themselves then."""
        return number if number and await self._store.webchat.message(room.id, number) else None

    async def press(self, who: Sender, pressed: frames.Press) -> None:
        """Only a button that stands there: on this message, in this room, for somebody who may be in it."""
        update_id = _update_id(who, pressed.id)
        async with self._store.transaction():
            room = await self.rooms.enter(who, pressed.room)
            if await self._store.webchat.arrived(update_id):
                return
            message = await self._store.webchat.message(room.id, pressed.message)
            if message is None or not message.has_button(pressed.data):
                raise Refused(_("这个按钮失效了。发“查询”看进展。"))
        action, *args = pressed.data.split(":")
        base = vars(room.incoming(who, str(pressed.message)))
        await self._arrive(who, pressed.id, Pressed(**base, action=action, args=tuple(args), press=update_id))

    async def knock(self, who: Sender, knock_id: str, poster: str, door: str) -> None:
        base = vars(private_room(who).incoming(who, None))
        await self._arrive(who, knock_id, Knocked(**base, poster=poster, door=door))

    async def _arrive(self, who: Sender, frame_id: str, incoming: Said | Pressed | Knocked) -> None:
        await self.receive([Arrival(WEB, _update_id(who, frame_id), frames.payload(incoming))])

    # -- pages -------------------------------------------------------------------

    async def welcome(self, page: Page, since: int) -> None:
        """The rooms, and what was said there since the page last looked."""
        async with self._store.transaction():
            seen = await self.rooms.open(page.who)
            # A page that has seen more than there is talked to a file that a backup has replaced since.
            since = since if since <= await self._store.webchat.revision() else 0
            talks = [await self._since(room.id, since) for room in seen]
        page.rooms = tuple(room.id for room in seen)
        for frame in [views.rooms(page.who, seen), *talks]:
            page.push(frame)

    async def earlier(self, page: Page, asked: frames.Earlier) -> None:
        async with self._store.transaction():
            room = await self.rooms.enter(page.who, asked.room)
            said = await self._store.webchat.history(room.id, HISTORY, asked.before)
        page.push(views.talk(room.id, said, earlier=len(said) == HISTORY))

    async def _since(self, room: str, since: int) -> dict[str, object]:
        if since:
            changed = await self._store.webchat.changes(room, since - OVERLAP, MISSED)
            if len(changed) < MISSED:
                return views.talk(room, changed)
        said = await self._store.webchat.history(room, HISTORY)
        return views.talk(room, said, reset=True, earlier=len(said) == HISTORY)

    async def _look_again(self, account: str) -> None:
        """After the bot spoke to somebody in private: they may have been let in somewhere."""
        for page in self.hub.pages(account):
            async with self._store.transaction():
                seen = await self.rooms.open(page.who)
                new = [await self._since(room.id, 0) for room in seen if room.id not in page.rooms]
            if page.rooms != (rooms := tuple(room.id for room in seen)):
                page.rooms = rooms
                for frame in [views.rooms(page.who, seen), *new]:
                    page.push(frame)

    # -- the bot -----------------------------------------------------------------

    async def deliver(self, out: Outgoing, edits: str | None) -> str | None:
        try:
            if isinstance(out, Answer):
                account, _colon, press = out.press.rpartition(":")
                self.hub.push([account], views.toast(press, out.text))
                return None
            if isinstance(out, Withdraw):
                await self._take_down(out, edits or "")
                return None
            if isinstance(out, Menu):
                raise Unable("no menu of commands")
            if isinstance(out, Entitle):
                await self._name(out)
                return None
            return str(await self._place(out, edits))
        except sqlite3.Error as error:
            if is_out_of_order(error):
                # Nothing was committed, so nobody saw it.
                raise Later(str(error)) from error
            raise

    async def _take_down(self, out: Withdraw, number: str) -> None:
        """The message is emptied and what it showed is erased: a page that was away learns it like any other change.
        Of a picture a word stays; a question that nobody need answer any more leaves nothing, and no page shows it."""
        async with self._store.transaction():
            standing = await self._store.webchat.message(out.to.chat, int(number))
            gone = _("（已撤下）") if standing and (standing.attachment or standing.location) else ""
            message = await self._store.webchat.empty(out.to.chat, int(number), gone, self._clock.now())
            members = await self.rooms.members(out.to.chat)
        if message is None:
            raise CardGone(number)
        self.hub.push(members, views.talk(out.to.chat, [message]))

    async def _name(self, out: Entitle) -> None:
        """Whoever opens the room later reads its name from the store, where it stands since it was promised."""
        async with self._store.transaction():
            members = await self.rooms.members(out.to.chat)
        self.hub.push(members, views.named(out.to.chat, out.title))

    async def _place(self, out: Send, edits: str | None) -> int:
        out = await self._with_its_attachment(out)
        async with self._store.transaction():
            message = await self._stand(out, edits)
            members = await self.rooms.members(out.to.chat)
        self.hub.push(members, views.talk(out.to.chat, [message]))
        if owner := owner_of(out.to.chat):
            await self._look_again(owner)
        return message.id

    async def _with_its_attachment(self, out: Send) -> Send:
        """What goes with it is kept here; where that cannot be had, the words say so."""
        if out.attachment is None:
            return out
        try:
            urgent = out.promise is Promise.LIFE
            return replace(out, attachment=await self._shelf.place(out.attachment, urgent=urgent))
        except Missing as missing:
            return replace(out, attachment=None, text=f"{out.text}\n{missing.sentence}".strip())

    async def _stand(self, out: Send, edits: str | None) -> Message:
        """The message changed in place, or a new one. A card stands in a room once, whatever a crash left in doubt."""
        number = int(edits) if edits else None
        if number is None and out.card:
            number = await self._store.webchat.standing(out.to.chat, out.card)
        now = self._clock.now()
        message = _message(out, number or 0, now)
        if number is None:
            return await self._store.webchat.say(message)
        changed = await self._store.webchat.change(message, now)
        if changed is None:
            raise CardGone(str(number))
        return changed


def _said(came: Incoming, message: Message, album: str | None) -> Said:
    """What waits in the inbox of a message as it was stored."""
    return Said(
        **vars(came),
        text=message.text,
        attachments=(message.attachment,) if message.attachment else (),
        location=message.location,
        reply_to=str(message.reply_to) if message.reply_to else None,
        album=album,
    )


def _message(out: Send, number: int, now: datetime) -> Message:
    return Message(
        out.to.chat,
        now,
        out.text,
        card=out.card,
        buttons=out.buttons,
        attachment=out.attachment,
        location=out.location,
        reply_to=int(out.reply_to) if out.reply_to and out.reply_to.isdecimal() else None,
        asks=out.asks,
        id=number,
    )


def _update_id(who: Sender, frame_id: str) -> str:
    return f"{who.account.account}:{frame_id}"


async def _nobody_listens(_arrivals: Sequence[Arrival]) -> None:
    """Before the channel runs nothing can be taken in; the page keeps it."""
    raise Later(_("正在启动，请等一会儿再试。"))
