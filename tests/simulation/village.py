"""The simulated township: two villages, some of whose groups take part in drills."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from domain.chat import AccountId
from domain.flood import Limits
from domain.people import Role
from domain.quiet import QuietHours
from domain.settings import Settings
from tests.town import CHANNEL, Town

DRILL_GRID = "G4"

SETTINGS = Settings(
    timezone=ZoneInfo("Asia/Shanghai"),
    owners=frozenset({AccountId(CHANNEL, "管理员")}),
    quiet=QuietHours(),
    flood=Limits(),
    drill_grids=frozenset({DRILL_GRID}),
    verify_within=timedelta(days=1),
    alone_groups=3,
)

PRACTICE = replace(SETTINGS, training=True)

GRIDS = {
    "T": ("荆溪镇", "镇", None),
    "V": ("侯官村", "村", "T"),
    "V2": ("关东村", "村", "T"),
    "G3": ("三网格", "网格", "V"),
    "G4": ("四网格", "网格", "V"),
    "S31": ("一队", "小队", "G3"),
    "S32": ("二队", "小队", "G3"),
    "S41": ("三队", "小队", "G4"),
    "S51": ("四队", "小队", "V2"),
}
"""Code: name, level, parent. Each has a group."""

OFFICES = {
    "镇长": (Role.OFFICER, "T"),
    "副镇长": (Role.OFFICER, "T"),
    "陈书记": (Role.OFFICER, "V"),
    "关书记": (Role.OFFICER, "V2"),
    "王主任": (Role.LEADER, "G3"),
    "林主任": (Role.LEADER, "G4"),
    "张队长": (Role.LEADER, "S31"),
    "孙队长": (Role.DEPUTY, "S41"),
}

RESIDENTS = {"李阿姨": "S31", "赵叔": "S32", "吴婶": "S41", "王依姆": "S51", "陈依伯": "S31"}

OWNER = "管理员"


def group_of(grid: str) -> str:
    return f"{GRIDS[grid][0]}群"


def above(grid: str) -> list[str]:
    """The grid and all over it."""
    parent = GRIDS[grid][2]
    return [grid, *(above(parent) if parent else ())]


def groups_below(grid: str) -> set[str]:
    return {group_of(code) for code in GRIDS if grid in above(code)}


async def build(town: Town) -> None:
    for code, (name, level, parent) in GRIDS.items():
        await town.grid(code, name, level, parent, group=group_of(code))
    for name, office in OFFICES.items():
        await town.person(name, office)
    for name, grid in RESIDENTS.items():
        await town.person(name, (Role.RESIDENT, grid))
    await town.person(OWNER)
