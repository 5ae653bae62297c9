"""WeCom: how fast reports are handled and an alert leaves there, and what a kill and a cut line cost."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import uvloop

from bench import Figure
from bot.pump import WINDOW
from domain.chat import ChatId, Promise, Send
from tests.faults.promises import TEXT
from tests.faults.wecom import WeComHouse, cut_amid_an_alert, killed_at_half
from tests.standin.wecom import WeCom

REPORTS, GROUPS = 2_000, 1_000
TOLD = 3_000
ALERTED, CUT_SECONDS = 100, 60.0


@asynccontextmanager
async def _house(groups: int) -> AsyncIterator[WeComHouse]:
    with tempfile.TemporaryDirectory() as directory:
        service = WeCom(enforce_limits=False)
        await service.start()
        house = WeComHouse(Path(directory), service)
        await house.settle(groups)
        try:
            yield house
        finally:
            house.end()
            await service.stop()


async def _reports() -> Figure:
    async with _house(GROUPS) as house:
        house.start()
        await house.connected()
        began = time.monotonic()
        for n in range(REPORTS):
            house.wecom.says(f"u{n}", f"上报 {n} 号楼的路灯坏了", f"wr{n % GROUPS}")
        await house.until(lambda: len(house.wecom.sent) >= REPORTS, 120)
        return f"{REPORTS:,} durable reports, all answered", f"{REPORTS / (time.monotonic() - began):.0f}/s", "-"


async def _broadcast() -> list[Figure]:
    async with _house(TOLD) as house:
        house.start()
        await house.connected()
        began = time.monotonic()
        await house.promise(*(Send(ChatId("wecom", f"g:wr{n}"), TEXT, promise=Promise.LIFE) for n in range(TOLD)))
        await house.until(lambda: len(house.wecom.sent) >= TOLD, 120)
        seconds, twice = time.monotonic() - began, len(house.wecom.sent) - len({s.chat for s in house.wecom.sent})
        return [
            (f"an alert to {TOLD:,} groups: the last has it after", f"{seconds:.1f} s", "-"),
            ("twice", str(twice), "0"),
        ]


async def _killed() -> list[Figure]:
    async with _house(GROUPS) as house:
        lost, twice = await killed_at_half(house, REPORTS, GROUPS)
    what = f"{REPORTS:,} messages, kill -9 at half: stored and lost"
    return [(what, str(lost), "0"), ("handled twice", str(twice), "0")]


async def _cut() -> list[Figure]:
    async with _house(ALERTED) as house:
        lost, twice, unmarked, doubts = await cut_amid_an_alert(house, ALERTED, CUT_SECONDS)
    what = f"the line is cut for {CUT_SECONDS:.0f} s amid an alert to {ALERTED} groups: lost"
    return [
        (what, str(lost), "0"),
        ("in doubt", str(doubts), f"<= {WINDOW}"),
        ("told twice, and unmarked among these", f"{twice}, {unmarked}", f"<= {doubts}, 0"),
    ]


async def _all() -> list[Figure]:
    return [await _reports(), *await _broadcast(), *await _killed(), *await _cut()]


def run() -> list[Figure]:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_all())
