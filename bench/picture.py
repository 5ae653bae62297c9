"""一张图 of two hundred parts: how long from the question to the last picture, and how much of it is drawing."""

import asyncio
import statistics
import time
from dataclasses import replace
from zoneinfo import ZoneInfo

from bench import Figure
from domain.overview import Tile
from domain.people import Role
from domain.settings import Settings
from handlers.tiles import draw, pages
from tests.fresh import new_store
from tests.town import Town

PARTS, ROUNDS = 200, 9
TROUBLED = 40
"""Parts where something is reported that nobody has taken."""


def run() -> list[Figure]:
    tile = Tile("荆溪镇第一队", open=3, waiting=1, got=7, owed=8)
    tiles = [replace(tile, grave=n % 9 == 0, urgent=n % 3 == 0) for n in range(PARTS)]
    drawn = _median([_seconds_to_draw(tiles) for _round in range(ROUNDS)])
    asked = _median(asyncio.run(_asked()))
    return [
        (f"{PARTS} tiles drawn, {len(pages(tiles))} pictures", f"{drawn:.0f} ms", "< 300 ms"),
        (f"the same from the question on, with {TROUBLED} open reports", f"{asked:.0f} ms", "< 300 ms"),
    ]


def _seconds_to_draw(tiles: list[Tile]) -> float:
    began = time.perf_counter()
    for page in pages(tiles):
        draw("侯官村 一张图", "2026-07-25 12:00", page, len(tiles))
    return time.perf_counter() - began


async def _asked() -> list[float]:
    town = Town(await new_store(), Settings(timezone=ZoneInfo("Asia/Shanghai")))
    await town.grid("V", "侯官村", "村")
    await town.person("陈书记", (Role.OFFICER, "V"))
    await town.person("李阿姨")
    for n in range(PARTS):
        await town.grid(f"S{n}", f"{n} 队", "小队", "V", group=f"{n} 队群")
    for n in range(TROUBLED):
        await town.says("李阿姨", f"上报 {n} 号楼路灯坏了", chat=f"{n} 队群")
    times = []
    for _round in range(ROUNDS):
        began = time.perf_counter()
        await town.says("陈书记", "一张图")
        times.append(time.perf_counter() - began)
    await town.close()
    return times


def _median(seconds: list[float]) -> float:
    """Milliseconds."""
    return statistics.median(seconds) * 1000
