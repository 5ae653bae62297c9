"""Searches on a bad line, with crashes, each ended at another moment: nobody is sent out after the
all-clear, and it reaches exactly those who were told or may have been."""

import random
import re
from collections import defaultdict
from datetime import timedelta
from typing import Any

import pytest

from bot.channels import Doubt, Later
from domain.chat import Outgoing, Send
from storage.store import Store
from tests.conftest import SETTINGS
from tests.fresh import new_store
from tests.handlers.conftest import build
from tests.town import CHANNEL, FakeChannel, Town

BLOCKS, SEARCHES = 20, 50
"""A thousand in all: `make bench ARGS=search` tries every block, the suite a few of them."""

TRIED = 4
LONGEST = timedelta(minutes=45)

ALERT = re.compile(r"(?:【重发】)?【寻人】#(\d+) ")
ALL_CLEAR = re.compile(r"(?:【重发】)?#(\d+) 已找到，")
TELLING = re.compile(r"(?:case|search|photo|sighting|look):(\d+)")


class BadLine(FakeChannel):
    """Some messages are put off, some answers are lost, before the message arrived or after."""

    def __init__(self, luck: random.Random) -> None:
        super().__init__()
        self.luck = luck
        self.bad = True
        self.heard: defaultdict[str, list[str]] = defaultdict(list)
        """What each chat was shown, in order: new messages and changes."""
        self.told: defaultdict[int, set[str]] = defaultdict(set)
        """Who has, or may have, a message that tells of a search."""
        self.put_off: defaultdict[int, set[str]] = defaultdict(set)
        """Where the service said “later” of one; under way when the search ended, it may have been there."""

    async def deliver(self, out: Outgoing, edits: str | None) -> str | None:
        luck = self.luck.random() if self.bad else 1.0
        if luck < 0.1:
            self.note(self.put_off, out)
            raise Later("429", after=self.luck.choice((1.0, 30.0, 300.0)))
        if luck < 0.2:
            self.note(self.told, out)
            raise Doubt("reset before it arrived")
        message = await super().deliver(out, edits)
        self.note(self.told, out)
        if isinstance(out, Send):
            self.heard[out.to.chat].append(out.text)
        if luck < 0.3:
            raise Doubt("reset after it arrived")
        return message

    def note(self, chats: defaultdict[int, set[str]], out: Outgoing) -> None:
        about = TELLING.match(out.card or "") if isinstance(out, Send) else None
        if about and isinstance(out, Send) and "已找到" not in out.text:
            chats[int(about[1])].add(out.to.chat)


class HastyTown(Town):
    """The pump does a little at a time, so that anything may happen while messages wait or are under way."""

    def __init__(self, store: Store, line: BadLine) -> None:
        super().__init__(store, SETTINGS)
        self.channel = line
        self.restart()

    async def settle(self) -> None:
        while await self.dispatcher.handle_waiting():
            pass
        for _step in range(self.line.luck.randrange(3) if self.line.bad else 0):
            await self.pump.step()
            await self.pump.landed()
        if not self.line.bad:
            await super().settle()

    @property
    def line(self) -> BadLine:
        assert isinstance(self.channel, BadLine)
        return self.channel

    async def crash(self) -> None:
        """In the middle of sending: some of it has left, some has not, and nobody wrote down which."""
        await self.pump.step()
        dying = list(self.pump._under_way)
        if self.line.luck.random() < 0.5:
            await self.pump.landed()
        for task in dying:
            task.cancel()
        async with self.store.transaction():
            for delivery in await self.store.sending.interrupted(CHANNEL):
                self.line.note(self.line.told, delivery.out)
        self.restart()

    async def wait(self, minutes: float) -> None:
        self.clock.pass_time(timedelta(minutes=minutes))
        await self.tick()


async def one_search(town: HastyTown, number: int) -> None:
    """From the report to long after the end, in whatever order it happens."""
    luck = town.line.luck
    picture: dict[str, Any] = {"attachments": [(CHANNEL, f"photo-{number}")]} if luck.random() < 0.5 else {}
    await town.says("李阿姨", "走失 孩子 6岁 红衣服", chat="十三队群", **picture)
    happenings = [
        lambda: town.presses_data("张队长", f"search_confirm:{number}", None),
        lambda: town.says("李阿姨", "小学门口", chat="十三队群"),
        lambda: town.says("李阿姨", "", chat="十三队群", attachments=[(CHANNEL, f"late-{number}")]),
        lambda: town.presses_data("赵叔", f"look:{number}", "十四队群"),
        lambda: town.says("赵叔", f"河边{number}", chat="十四队群"),
        lambda: town.says("路人", f"看到了 {number} 在桥上", chat="三网格群"),
        lambda: town.crash(),
        lambda: town.crash(),
        *(lambda m=m: town.wait(m) for m in (0.2, 1, 10, 11, 20)),
    ]
    if luck.random() < 0.8:
        await happenings.pop(0)()
    luck.shuffle(happenings)
    for happens in happenings[: luck.randrange(len(happenings) + 1)]:
        await happens()
    await town.presses_data(luck.choice(("李阿姨", "张队长", "陈书记")), f"found:{number}", "十三队群")
    for happens in happenings[luck.randrange(len(happenings)) :]:
        await happens()


async def comes_to_rest(town: HastyTown) -> None:
    town.line.bad = False
    for _quarter in range(4):
        await town.wait(LONGEST.total_seconds() / 60 / 4)
    town.line.bad = True


def check(town: HastyTown, number: int, failed: str) -> None:
    line, cleared = town.line, set()
    for chat, texts in line.heard.items():
        over = False
        for text in texts:
            over = over or _is(ALL_CLEAR, text, number)
            assert not (over and _is(ALERT, text, number)), f"{failed}: {chat} is sent out after the all-clear"
        if over:
            cleared.add(chat)
    told = line.told[number]
    assert told <= cleared <= told | line.put_off[number], f"{failed}: all-clear in {cleared}, told {told}"
    # A photo that still stands is one that nobody could know of: then somebody was asked to delete it by hand.
    standing = {c for c, said in line.chats.items() for m in said if _shows(m.attachment, number)}
    asked = {c for c in standing if any(f"“{c}”里可能还有照片" in t for texts in line.heard.values() for t in texts)}
    assert standing == asked, f"{failed}: photos are left in {standing - asked}"


def _is(kind: re.Pattern[str], text: str, number: int) -> bool:
    found = kind.match(text)
    return found is not None and int(found[1]) == number


def _shows(attachment: Any, number: int) -> bool:
    return attachment is not None and attachment.file_id.endswith(f"-{number}")


@pytest.mark.parametrize("block", range(TRIED))
async def test_searches_on_a_bad_line(block: int) -> None:
    await searches_on_a_bad_line(block)


async def searches_on_a_bad_line(block: int) -> None:
    """AssertionError with the number of the search that alerted somebody after its all-clear, or left one out."""
    town = HastyTown(await new_store(), BadLine(random.Random(block)))
    try:
        await build(town)
        for number in range(1, SEARCHES + 1):
            await one_search(town, number)
            await comes_to_rest(town)
            check(town, number, f"block {block}, search {number}")
    finally:
        await town.close()
