"""Five hundred reports of one flood in a minute from a hundred squads: how long it takes, who hears how much."""

import asyncio
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from bench import Figure
from storage.store import Store
from tests.storm import REPORTS, UPPER, note, storm, village


async def _measure(path: Path) -> list[Figure]:
    town = await village(await Store.open(path))
    started = time.perf_counter()
    reported, heard = await storm(town, seed=1)
    seconds = time.perf_counter() - started
    for _minute in range(10):
        await town.later(minutes=1)
        note(town, heard)
    most = max(_in_one_minute(times) for times in heard.values())
    changes = max(len(message.history) for group in UPPER for message in town.channel.chats[group])
    answered = sum(
        any(m.reply_to and "水浸 · " in m.text for m in town.channel.chats[report.hears_in]) for report in reported
    )
    await town.presses("陈书记", "接单", chat="村委群")
    started = time.perf_counter()
    await town.says("陈书记", "办结 4 水抽干了", chat="村委群")
    end = time.perf_counter() - started
    told = sum(
        any("办结：水抽干了" in m.text and report.who in m.text for m in town.channel.chats[report.hears_in])
        for report in reported
    )
    await town.close()
    return [
        (f"{REPORTS} reports of one flood, the last is answered after", f"{seconds:.1f} s", "< 60 s"),
        ("new messages in an upper group, at most in a minute", f"{most}", "<= 1"),
        ("changes of its card in ten minutes, at most", f"{changes}", "-"),
        ("reporters answered; told the end", f"{answered}; {told} after {end:.2f} s", f"{REPORTS}; {REPORTS}"),
    ]


def _in_one_minute(times: list) -> int:  # type: ignore[type-arg]
    return max((sum(at <= t < at + timedelta(minutes=1) for t in times) for at in times), default=0)


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory() as directory:
        return asyncio.run(_measure(Path(directory) / "bench.db"))
