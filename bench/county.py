"""A county is swept: what one of its bots adds to its slowest leader, and what an answer costs in a large sweep."""

import asyncio
import statistics
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from bench import Figure
from bot.dispatch import BATCH
from domain.chat import Answer, Outgoing
from domain.receipts import breath
from handlers.sweep_clock import AT_ONCE
from handlers.sweep_roll_up import COPIES
from storage.database import stamp
from storage.store import Store
from tests.simulation.county import DOORS, MAYOR, NEVER, ORDER, SETTINGS, build, leader, swept
from tests.town import FakeChannel, Town

SQUADS, BOTS = 35_000, 24
"""Of a county, and one bot a town: each has its own file and its own share of what Telegram allows."""

SMALL = 400
ANSWERS, ROUNDS = 600, 5
"""In each round."""

TOGETHER = 20
"""Answers that come in together, a second's worth of a town."""


def run() -> Iterator[Figure]:
    yield from _town(-(-SQUADS // BOTS))
    with tempfile.TemporaryDirectory() as directory:
        yield from asyncio.run(_flatness(Path(directory)))


def _town(squads: int) -> Iterator[Figure]:
    began = time.process_time()
    one = swept(squads)
    cost = time.process_time() - began
    last, turned = max(one.listed), sorted(one.turned)
    yield (f"{BOTS} bots, {squads:,} squads each: the last list after", f"{last:.1f} s", "< 60 s")
    yield ("from the last answer to the whole at the top", f"{one.counted:.1f} s", "< 60 s")
    yield ("both together", f"{last + one.counted:.1f} s", "< 60 s")
    yield ("all that the slowest leader waits for the bot, ten doors", f"{one.slowest:.1f} s", "< 60 s")
    middle, late = turned[len(turned) // 2], turned[len(turned) * 99 // 100]
    yield ("from a tap to the next door: the median, one in a hundred", f"{middle:.1f} s, {late:.1f} s", "-")
    yield ("messages in the fullest minute of any chat", str(one.a_minute), "<= 20")
    yield ("messages of the bot in its fullest second", str(one.a_second), "<= 30")
    what = (
        f"{one.answers:,} of {one.households:,} answered ({NEVER:.0%} of the leaders never), {one.messages:,} messages"
    )
    yield (what, f"{cost:.0f} s of processor time", "-")


# -- does an answer cost more in a large sweep ---------------------------------------------------------------------


class _Deaf(FakeChannel):
    """Delivered, and not kept: what is measured is the bot."""

    async def deliver(self, out: Outgoing, edits: str | None) -> str | None:
        return None if isinstance(out, Answer) else edits or "m1"


class _Sweep:
    """A town in a file, swept: every list is with its leader."""

    def __init__(self, town: Town, squads: int) -> None:
        self._town, self.squads = town, squads
        self._said = 0
        self.begin_seconds = self.page_seconds = 0.0

    async def begin(self) -> None:
        town = self._town
        await build(town, self.squads)
        await town.says(MAYOR, ORDER.replace("1小时", "30天"))
        began = time.process_time()
        await town.presses_data(MAYOR, "sweep_begin:1")
        self.begin_seconds = time.process_time() - began
        for _page in range(self.squads // AT_ONCE + 1):
            began = time.process_time()
            await self._town.dispatcher.handle_due()
            self.page_seconds = max(self.page_seconds, time.process_time() - began)
            town.clock.pass_time(timedelta(seconds=1))
        await self._goes_on_for_a_while()

    async def _goes_on_for_a_while(self) -> None:
        """All that was promised has arrived; each grid's card was shown, and may change again in its own time."""
        db, now = self._town.store.db, self._town.clock.now()
        async with self._town.store.transaction():
            await db.run("UPDATE cards SET message_id = 'm1'")
            await db.run("UPDATE outbox SET state = 'sent', settled_at = queued_at, body = '' WHERE state = 'queued'")
            shown = await db.all("SELECT id, alike FROM sweep_counts WHERE squads > asks")
            waits = [breath(COPIES * row["alike"]) * (n / len(shown)) for n, row in enumerate(shown)]
            free = [(stamp(now + wait), row["id"]) for wait, row in zip(waits, shown, strict=True)]
            await db.run_many("UPDATE sweep_counts SET free_at = ? WHERE id = ?", free)

    async def answers(self, count: int) -> None:
        """One by each leader, in squads that lie far apart, as fast as they are handled; and the cards that show it."""
        for _batch in range(count // TOGETHER):
            async with self._town.at_once():
                for _answer in range(TOGETHER):
                    squad = self._said * 7919 % self.squads
                    door = squad * DOORS + self._said // self.squads % DOORS + 1
                    await self._town.presses_data(leader(f"S{squad}"), f"sweep_tick:1:{door}:safe")
                    self._said += 1
            await self._second()

    async def close(self) -> None:
        await self._town.close()

    async def _second(self) -> None:
        self._town.clock.pass_time(timedelta(seconds=1))
        while await self._town.dispatcher.handle_due() == BATCH:
            pass
        await self._town.settle()


async def _opened(path: Path, squads: int) -> _Sweep:
    town = Town(await Store.open(path), SETTINGS)
    town.channel = _Deaf()
    town.restart()
    sweep = _Sweep(town, squads)
    await sweep.begin()
    return sweep


async def _flatness(directory: Path) -> list[Figure]:
    small, large = [await _opened(directory / f"{squads}.db", squads) for squads in (SMALL, SQUADS)]
    times = [(await _milliseconds(small), await _milliseconds(large)) for _round in range(ROUNDS)]
    cost = statistics.median(one for _base, one in times)
    ratio = statistics.median(one / base for base, one in times)
    low, high = await _kilobytes(small), await _kilobytes(large)
    for sweep in (small, large):
        await sweep.close()
    answer = f"an answer with {SQUADS:,} squads in one file against {SMALL} ({cost:.1f} ms)"
    memory = f"the most memory over {ANSWERS} answers, the same way ({high:.0f} kB)"
    return [
        (answer, f"{ratio:.2f} times", "< 1.5 times"),
        (memory, f"{high / low:.2f} times", "< 1.5 times"),
        (f"开始 of {SQUADS:,} squads", f"{large.begin_seconds:.1f} s of work", "-"),
        (f"each {AT_ONCE} of their lists, at the most", f"{large.page_seconds:.2f} s of work", "-"),
    ]


async def _milliseconds(sweep: _Sweep) -> float:
    """Of processor time, for one answer with all that follows from it."""
    began = time.process_time()
    await sweep.answers(ANSWERS)
    return (time.process_time() - began) / ANSWERS * 1000


async def _kilobytes(sweep: _Sweep) -> float:
    """What Python holds at its most, over what it held before."""
    tracemalloc.start()
    before, _peak = tracemalloc.get_traced_memory()
    await sweep.answers(ANSWERS)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return (peak - before) / 1000
