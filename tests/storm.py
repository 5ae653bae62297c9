"""A village under water: a hundred squads, five households each, and all of them report within one minute."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.people import Role
from storage.store import Store
from tests.conftest import SETTINGS
from tests.town import Town

GRIDS, SQUADS, HOUSEHOLDS = 10, 10, 5
"""Grids in the village, squads in a grid, households in a squad that report."""

REPORTS = GRIDS * SQUADS * HOUSEHOLDS
UPPER = ["村委群", *(f"{g}网格群" for g in range(GRIDS))]
WORDS = ("家里进水了", "楼下全是积水", "地下车库淹了", "门口的水倒灌进来了", "一楼进水，快到膝盖了", "巷子里涨水了")


@dataclass(frozen=True)
class Reported:
    who: str
    chat: str | None
    """None where they wrote to the bot alone."""

    @property
    def hears_in(self) -> str:
        return self.chat or self.who


async def village(store: Store) -> Town:
    town = Town(store, SETTINGS)
    await town.grid("V", "侯官村", "村", group="村委群")
    await town.person("陈书记", (Role.OFFICER, "V"))
    for g in range(GRIDS):
        await town.grid(f"G{g}", f"{g}网格", "网格", "V", group=f"{g}网格群")
        await town.person(f"{g}网格长", (Role.LEADER, f"G{g}"))
        for s in range(SQUADS):
            squad = f"{g}{s}"
            await town.grid(f"S{squad}", f"{squad}队", "小队", f"G{g}", group=f"{squad}队群")
            await town.person(f"{squad}队长", (Role.LEADER, f"S{squad}"))
            for n in range(HOUSEHOLDS):
                await town.person(f"{squad}队{n}户", (Role.RESIDENT, f"S{squad}"), private=False)
    return town


async def storm(town: Town, seed: int) -> tuple[list[Reported], dict[str, list[datetime]]]:
    """Everybody reports, one in five in private; and when the upper groups heard a new message."""
    dice = random.Random(seed)
    homes = [(f"{g}{s}", n) for g in range(GRIDS) for s in range(SQUADS) for n in range(HOUSEHOLDS)]
    dice.shuffle(homes)
    reported = [Reported(f"{squad}队{n}户", f"{squad}队群" if dice.random() < 0.8 else None) for squad, n in homes]
    heard: dict[str, list[datetime]] = {group: [] for group in UPPER}
    for report in reported:
        await town.says(report.who, f"上报 {dice.choice(WORDS)}", chat=report.chat)
        note(town, heard)
        town.clock.pass_time(timedelta(minutes=1) / REPORTS)
        await town.tick()
        note(town, heard)
    return reported, heard


def note(town: Town, heard: dict[str, list[datetime]]) -> None:
    """A message that is new in an upper group came just now."""
    for group, times in heard.items():
        times += [town.clock.now()] * (len(town.channel.chats[group]) - len(times))
