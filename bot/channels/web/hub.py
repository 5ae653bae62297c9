"""Who has the chat open now, and how a message reaches all of them while it is fresh."""

import asyncio
import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from bot.channels.web.limits import FRAMES_WAITING, PAGES, PAGES_PER_ACCOUNT
from domain.chat import Sender

TOO_SLOW = 4008
TOO_MANY = 4009
"""Why a page was dropped, as its socket is told: private codes of RFC 6455, section 7.4.2."""

Frame = dict[str, Any]


class Page:
    """One open page of somebody. What it is sent waits in a queue with an end."""

    def __init__(self, who: Sender) -> None:
        self.who = who
        self.rooms: tuple[str, ...] = ()
        self.answering = asyncio.Lock()
        self.dropped: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()
        self._frames: asyncio.Queue[str] = asyncio.Queue(FRAMES_WAITING)

    @property
    def account(self) -> str:
        return self.who.account.account

    def push(self, frame: Frame) -> None:
        self.push_text(_written(frame))

    def push_text(self, frame: str) -> None:
        """Never waits: a page that does not read is dropped, and asks for what it missed when it is back."""
        try:
            self._frames.put_nowait(frame)
        except asyncio.QueueFull:
            self.drop(TOO_SLOW)

    def drop(self, code: int) -> None:
        if not self.dropped.done():
            self.dropped.set_result(code)

    async def next_frame(self) -> str:
        return await self._frames.get()


class Hub:
    def __init__(self) -> None:
        self._pages: defaultdict[str, list[Page]] = defaultdict(list)
        self._count = 0

    @property
    def full(self) -> bool:
        return self._count >= PAGES

    def join(self, page: Page) -> None:
        """The newest page of an account has its place; the oldest may be the one that a tunnel swallowed."""
        pages = self._pages[page.account]
        pages.append(page)
        self._count += 1
        for old in pages[:-PAGES_PER_ACCOUNT]:
            old.drop(TOO_MANY)

    def leave(self, page: Page) -> None:
        pages = self._pages.get(page.account, [])
        if page in pages:
            pages.remove(page)
            self._count -= 1
        if not pages:
            self._pages.pop(page.account, None)

    def pages(self, account: str) -> list[Page]:
        return list(self._pages.get(account, ()))

    def push(self, accounts: Iterable[str], frame: Frame) -> None:
        """To all open pages of these people; written once, however many they are."""
        pages = [page for account in accounts for page in self._pages.get(account, ())]
        if pages:
            text = _written(frame)
            for page in pages:
                page.push_text(text)


def _written(frame: Frame) -> str:
    return json.dumps(frame, ensure_ascii=False)
