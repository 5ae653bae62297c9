"""Whether a report costs more in a large tree than in a small one."""

import asyncio
import statistics
import tempfile
import time
from pathlib import Path

from bench import Figure
from domain.settings import Settings
from storage.store import Store
from tests.town import CHANNEL, Town

SMALL, LARGE = 1_000, 100_000
REPORTS = 300
ROUNDS = 3


async def _town(path: Path, grids: int) -> Town:
    """Four levels, ten children a grid below the villages; every squad with a leader and a group."""
    town = Town(await Store.open(path), Settings())
    rows: list[tuple[str, str, str, str | None]] = [("R", "R", "county", None)]
    for n in range(1, grids):
        parent = "R" if n <= 10 else f"g{(n - 1) // 10}"
        rows.append((f"g{n}", f"g{n}", "grid", parent))
    async with town.store.transaction():
        db = town.store.db
        await db.run_many("INSERT INTO grids (code, name, level, parent) VALUES (?, ?, ?, ?)", rows)
        codes = [row[0] for row in rows]
        await db.run_many("INSERT INTO people (id, name) VALUES (?, ?)", [(n, c) for n, c in enumerate(codes, 1)])
        await db.run_many(
            "INSERT INTO accounts (channel, account, person, private_chat) VALUES (?, ?, ?, ?)",
            [(CHANNEL, c, n, f"p{c}") for n, c in enumerate(codes, 1)],
        )
        await db.run_many(
            "INSERT INTO appointments (person, grid, role) VALUES (?, ?, 'leader')",
            [(n, c) for n, c in enumerate(codes, 1)],
        )
        await db.run_many(
            "INSERT INTO chats (channel, chat, kind, title, grid) VALUES (?, ?, 'group', ?, ?)",
            [(CHANNEL, f"c{c}", f"c{c}", c) for c in codes],
        )
    return town


async def _reports(town: Town, grids: int) -> float:
    """Seconds for one report, at the median."""
    times = []
    for n in range(REPORTS):
        squad = f"cg{grids - 1 - n % (grids // 2)}"
        started = time.perf_counter()
        await town.says("李阿姨", f"上报 {n} 号楼进水了", chat=squad)
        times.append(time.perf_counter() - started)
    return statistics.median(times)


async def _measure(directory: Path) -> list[Figure]:
    small = await _town(directory / "small.db", SMALL)
    large = await _town(directory / "large.db", LARGE)
    ratios, cost = [], 0.0
    for _round in range(ROUNDS):
        base = await _reports(small, SMALL)
        cost = await _reports(large, LARGE)
        ratios.append(cost / base)
    await small.close()
    await large.close()
    what = f"a report with {LARGE:,} grids against one with {SMALL:,} ({cost * 1000:.1f} ms)"
    return [(what, f"{statistics.median(ratios):.2f} times", "< 1.5 times")]


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory() as directory:
        return asyncio.run(_measure(Path(directory)))
