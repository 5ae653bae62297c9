"""A broadcast at Telegram's pace: how long, how even, what a kill -9 costs; against python-telegram-bot in a loop."""

import asyncio
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import uvloop

from bench import Figure
from bench.throughput import throughput
from bot.clock import SystemClock
from domain.chat import ChatId, Promise, Send
from storage.store import Store
from tests.faults.house import House
from tests.faults.promises import REPEATED, TEXT, copies, groups, to_all
from tests.standin.telegram import Telegram

GROUPS = 3_000
PACE = 30
KILL_AFTER_SECONDS = 40.0
LIMIT_SECONDS = 300.0
ANSWER_SECONDS = 0.2
"""The way to Telegram and back."""
Measure = Callable[[], Awaitable[list[Figure]]]
ROUTINE, ROUTINE_GROUPS = 10_000, 1_000
SOME, FLOODED, FLOODED_SECONDS = 200, 10, 3
KILLS, KILLED_GROUPS = 60, 1_500


@asynccontextmanager
async def _telegram() -> AsyncIterator[Telegram]:
    telegram = Telegram(check=False, enforce_limits=True)
    await telegram.start()
    try:
        yield telegram
    finally:
        await telegram.stop()


@asynccontextmanager
async def _house() -> AsyncIterator[House]:
    """The bot runs, with Telegram's limits in its config and at the other end of the line."""
    with tempfile.TemporaryDirectory() as directory:
        async with _telegram() as telegram:
            house = House(Path(directory), telegram)
            await house.build(PACE, 20)
            house.start()
            await house.until(lambda: telegram.calls["getUpdates"])
            try:
                yield house
            finally:
                house.end()


async def _told(house: House, chats: int) -> None:
    sent = house.telegram.sent
    await house.until(lambda: len(sent) >= chats and len(copies(house.telegram)) == chats, LIMIT_SECONDS)


def _busiest(times: Sequence[float]) -> int:
    """Messages in the fullest second, wherever it begins."""
    first = most = 0
    for last, at in enumerate(times):
        while times[first] <= at - 1:
            first += 1
        most = max(most, last - first + 1)
    return most


async def _baseline(telegram: Telegram) -> asyncio.subprocess.Process:
    command = [sys.executable, "-m", "bench.loop", telegram.base_url, str(GROUPS)]
    return await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.DEVNULL)


# -- three thousand groups ---------------------------------------------------------------------


async def _whole() -> list[Figure]:
    async with _house() as house:
        pressed = time.monotonic()
        await house.promise(*to_all(groups(GROUPS), Promise.LIFE))
        await _told(house, GROUPS)
        telegram = house.telegram
        return [
            (f"{GROUPS:,} groups: the last has it after", f"{telegram.sent_at[-1] - pressed:.1f} s", "< 102 s"),
            ("messages in the fullest second", str(_busiest(telegram.sent_at)), "<= 31"),
            ("refused by Telegram's limit", str(telegram.over_limit), "0"),
        ]


async def _whole_baseline() -> list[Figure]:
    async with _telegram() as telegram:
        process = await _baseline(telegram)
        await process.wait()
        seconds = telegram.sent_at[-1] - telegram.sent_at[0]
        lost = GROUPS - len(copies(telegram))
        found = f"{seconds:.1f} s, {_busiest(telegram.sent_at)}, {telegram.over_limit} ({lost} groups never got it)"
        return [("the loop: seconds, fullest second, refused", found, "(baseline)")]


async def _killed() -> list[Figure]:
    async with _house() as house:
        _far_away(house.telegram)
        await house.promise(*to_all(groups(GROUPS), Promise.LIFE))
        await asyncio.sleep(KILL_AFTER_SECONDS)
        house.kill()
        doubtful = house.count("SELECT count(*) FROM outbox WHERE state = 'sending'")
        house.start()
        await _told(house, GROUPS)
        await house.delivered()
        return _after_kills("kill -9 at 40 s", house, GROUPS, doubtful, "<= 8")


def _far_away(telegram: Telegram) -> None:
    """Or hardly anything would be under way when the bot dies."""
    telegram.fail("slow", method="sendMessage", seconds=ANSWER_SECONDS, times=1_000_000)


def _after_kills(what: str, house: House, chats: int, doubtful: int, most: str) -> list[Figure]:
    found = copies(house.telegram)
    twice = [heard for heard in found.values() if len(heard) > 1]
    unmarked = sum(REPEATED not in copy for heard in twice for copy in heard[1:])
    return [
        (f"{what}: lost", str(chats - len(found)), "0"),
        ("in doubt", str(doubtful), most),
        ("told twice, and unmarked among these", f"{len(twice)}, {unmarked}", f"<= {doubtful}, 0"),
    ]


async def _killed_baseline() -> list[Figure]:
    async with _telegram() as telegram:
        process = await _baseline(telegram)
        await asyncio.sleep(KILL_AFTER_SECONDS)
        process.kill()
        await process.wait()
        process = await _baseline(telegram)
        await process.wait()
        twice = sum(len(heard) > 1 for heard in copies(telegram).values())
        return [("the loop, killed and run again: told twice", f"{twice:,}", "(baseline)")]


async def _killed_often() -> list[Figure]:
    dice, doubtful = random.Random(1), 0
    async with _house() as house:
        _far_away(house.telegram)
        await house.promise(*to_all(groups(KILLED_GROUPS), Promise.LIFE))
        began = time.monotonic()
        for n in range(KILLS):
            # Once a second, at a random moment of it.
            await asyncio.sleep(max(0.0, began + n + dice.random() - time.monotonic()))
            house.kill()
            doubtful += house.count("SELECT count(*) FROM outbox WHERE state = 'sending'")
            house.start()
        seconds, said = time.monotonic() - began, len(copies(house.telegram))
        await _told(house, KILLED_GROUPS)
        await house.delivered()
        what = f"{KILLS} kill -9 in {seconds:.0f} s while {said} groups are told"
        return _after_kills(what, house, KILLED_GROUPS, doubtful, "-")


# -- what hurries, and what is slow ------------------------------------------------------------


async def _red() -> list[Figure]:
    """Ten routine messages for each group are on their way when the alert comes."""
    chats = [ChatId("telegram", str(chat)) for chat in groups(ROUTINE_GROUPS)]
    async with _house() as house:
        await house.promise(*(Send(chat, "日常") for _n in range(ROUTINE // ROUTINE_GROUPS) for chat in chats))
        await house.until(lambda: len(house.telegram.sent) >= 100)
        pressed = time.monotonic()
        await house.promise(*to_all(groups(ROUTINE_GROUPS), Promise.LIFE))
        await _told(house, ROUTINE_GROUPS)
        telegram = house.telegram
        said = zip(telegram.sent, telegram.sent_at, strict=True)
        at = [when - pressed for message, when in said if message.get("text") == TEXT]
    pace = ROUTINE_GROUPS / PACE
    waiting = f"a red alert to {ROUTINE_GROUPS:,} groups while {ROUTINE:,} messages wait: the first after"
    return [(waiting, f"{min(at):.2f} s", "< 1 s"), ("the last after", f"{max(at):.1f} s", f"< {pace * 1.02:.1f} s")]


async def _flooded(flooded: Collection[int]) -> tuple[float, float]:
    """Seconds until the last of the others has it, and the last of all."""
    async with _house() as house:
        for chat in flooded:
            house.telegram.fail("flood", chat=chat, seconds=FLOODED_SECONDS)
        pressed = time.monotonic()
        await house.promise(*to_all(groups(SOME), Promise.LIFE))
        await _told(house, SOME)
        said = list(zip(house.telegram.sent, house.telegram.sent_at, strict=True))
    others = max(when for message, when in said if message["chat_id"] not in flooded)
    return others - pressed, max(when for _message, when in said) - pressed


async def _some_flooded() -> list[Figure]:
    calm, _all = await _flooded(())
    others, everybody = await _flooded(random.Random(1).sample(groups(SOME), FLOODED))
    what = f"{FLOODED} of {SOME} chats answer 429 for {FLOODED_SECONDS} s: the last of the others after"
    return [(what, f"{others:.1f} s", f"{calm:.1f} s without"), ("the last of all after", f"{everybody:.1f} s", "-")]


async def _correction() -> list[Figure]:
    """All have the alert; it is taken back by one press."""
    async with _house() as house:
        sends = [Send(ChatId("telegram", str(chat)), TEXT, promise=Promise.LIFE, card="red:1") for chat in groups(SOME)]
        await house.promise(*sends)
        await _told(house, SOME)
        pressed = time.monotonic()
        store = await Store.open(house.path)
        async with store.transaction():
            told = await store.outbox.recall("red:1")
            taken_back = [Send(chat, "更正：没有开闸", promise=Promise.CORRECTION) for chat in told]
            store.outbox.add(taken_back, SystemClock().now())
        await store.close()
        await house.until(lambda: len(house.telegram.sent) == 2 * SOME)
        return [
            (
                f"a correction to {SOME} groups: the last after",
                f"{house.telegram.sent_at[-1] - pressed:.1f} s",
                "< 10 s",
            )
        ]


def _beside(*measures: Measure) -> Measure:
    """They keep a pace and wait most of the time, so one and its baseline run beside each other."""

    async def both() -> list[Figure]:
        return [figure for figures in await asyncio.gather(*(one() for one in measures)) for figure in figures]

    return both


def run() -> Iterator[Figure]:
    told, killed = _beside(_whole, _whole_baseline), _beside(_killed, _killed_baseline)
    for measure in (told, killed, _red, _some_flooded, _correction, _killed_often):
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            yield from runner.run(measure())
    yield from throughput()
