"""The clock with many promises running: what a look costs where nothing is due, and a thousand due at once."""

import asyncio
import statistics
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from bench import Figure
from domain.settings import Settings
from storage.database import stamp
from storage.store import Store
from tests.town import CHANNEL, NOON, Town

OPEN = 100_000
DUE = 1_000
LOOKS = 200


async def _measure(path: Path) -> list[Figure]:
    town = Town(await Store.open(path), Settings())
    for code, parent in (("V", None), ("G", "V"), ("S", "G")):
        await town.grid(code, code, code, parent, group=f"{code}群")
    await town.person("王主任")
    async with town.store.transaction():
        await town.store.db.run("INSERT INTO appointments (person, grid, role) VALUES (1, 'G', 'leader')")
        await _open_cases(town.store)
    looks = []
    for _look in range(LOOKS):
        started = time.perf_counter()
        assert await town.dispatcher.handle_due() == 0
        looks.append((time.perf_counter() - started) * 1000)
    town.clock.pass_time(timedelta(hours=1))
    started = time.perf_counter()
    handled, latest = 0, 0.0
    while n := await town.dispatcher.handle_due():
        handled += n
        latest = time.perf_counter() - started
    await town.close()
    assert handled == DUE, handled
    return [
        (f"a look with {OPEN:,} running and none due, median", f"{statistics.median(looks):.2f} ms", "< 5 ms"),
        (f"{DUE:,} due at once: the last is handled after", f"{latest:.2f} s", "< 10 s"),
    ]


async def _open_cases(store: Store) -> None:
    later, soon = stamp(NOON + timedelta(days=2)), stamp(NOON + timedelta(minutes=30))
    await store.db.run_many(
        """INSERT INTO cases (kind, state, origin, grid, text, reported_channel, reported_chat, reported_at, due_at)
           VALUES ('flood', 'reported', 'S', 'S', '水', ?, ?, ?, ?)""",
        [(CHANNEL, f"chat{n % 100}", stamp(NOON), soon if n < DUE else later) for n in range(OPEN + DUE)],
    )


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory() as directory:
        return asyncio.run(_measure(Path(directory) / "bench.db"))
