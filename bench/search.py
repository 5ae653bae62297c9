"""The notice of a lost person to 200 groups at Telegram's pace, and the all-clear: when the last of them has it."""

import asyncio
import contextlib
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench import Figure
from bot.config import TelegramSection
from bot.pump import Pump
from domain.chat import Outgoing, Send
from domain.people import Role
from domain.settings import Settings
from storage.store import Store
from tests.handlers.test_search_any_order import BLOCKS, SEARCHES, searches_on_a_bad_line
from tests.town import CHANNEL, Clock, FakeChannel, Town

GROUPS = 200
LIMIT_SECONDS = 60.0
NOTICE, ALL_CLEAR = "【寻人】", "已找到，不用再找了"


@dataclass
class RunningClock(Clock):
    """The pace is kept in real seconds."""

    def monotonic(self) -> float:
        return time.monotonic()


class Paced(FakeChannel):
    """As fast as Telegram lets a bot speak, and it notes when a group was told what for the first time."""

    pace = TelegramSection().pace

    def __init__(self) -> None:
        super().__init__()
        self.told: dict[str, dict[str, float]] = {NOTICE: {}, ALL_CLEAR: {}}

    async def deliver(self, out: Outgoing, edits: str | None) -> str | None:
        message = await super().deliver(out, edits)
        if isinstance(out, Send) and out.to.chat.startswith("-"):
            for words, told in self.told.items():
                if words in out.text:
                    told.setdefault(out.to.chat, time.monotonic())
        return message


class PacedTown(Town):
    """The pump runs by itself, as it does in the house."""

    async def settle(self) -> None:
        while await self.dispatcher.handle_waiting():
            pass
        self.pump.wake()


async def _town(path: Path) -> PacedTown:
    """A grid of two hundred squads, each with its group: the first ring reaches them all at once."""
    town = PacedTown(await Store.open(path), Settings(), RunningClock())
    town.channel = Paced()
    town.pump = Pump(town.channel, town.store, town.clock, town.dispatcher.heard)
    await town.grid("V", "V", "村")
    for n in range(GROUPS + 1):
        await town.grid(f"S{n}", f"S{n}", "小队", "V", group=f"-{n}")
    await town.person("陈书记", (Role.OFFICER, "V"))
    await town.person("李阿姨", (Role.RESIDENT, "S0"))
    return town


async def _until_told(town: PacedTown, words: str, since: float) -> float:
    assert isinstance(town.channel, Paced)
    told = town.channel.told[words]
    while len([chat for chat in told if chat != "-0"]) < GROUPS:
        if time.monotonic() > since + LIMIT_SECONDS:
            raise TimeoutError(f"{words}: {len(told)} of {GROUPS}")
        await asyncio.sleep(0.01)
    return max(told.values()) - since


async def _measure(path: Path) -> list[Figure]:
    town = await _town(path)
    pump = asyncio.create_task(town.pump.run())
    try:
        await town.says("李阿姨", "走失 孩子 6 岁 红衣服", chat="-0", attachments=[(CHANNEL, "photo")])
        pressed = time.monotonic()
        await town.presses_data("陈书记", "search_confirm:1", None)
        notice = await _until_told(town, NOTICE, pressed)
        pressed = time.monotonic()
        await town.presses_data("李阿姨", "found:1", "-0")
        all_clear = await _until_told(town, ALL_CLEAR, pressed)
    finally:
        pump.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await pump
        await town.close()
    return [
        (f"a lost person's notice to {GROUPS} groups: the last has it after", f"{notice:.1f} s", "< 10 s"),
        ("the all-clear to the same: the last has it after", f"{all_clear:.1f} s", "< 10 s"),
    ]


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory() as directory:
        figures = asyncio.run(_measure(Path(directory) / "bench.db"))
    for block in range(BLOCKS):
        asyncio.run(searches_on_a_bad_line(block))
    ended = f"{BLOCKS * SEARCHES:,} searches ended at a random moment on a bad line: alerts after the all-clear"
    return [*figures, (ended, "0", "0")]
