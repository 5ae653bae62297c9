"""Beginnings of stories: a quarrel in a squad, and two villages of one township."""

import pytest

from domain.people import Role
from tests.handlers import asked as telling
from tests.handlers import quarrel as story
from tests.town import Town

RINGS = {
    "十三队群": 0, "三网格群": 1, "十四队群": 1, "村委群": 2, "四网格群": 2, "关东群": 3, "关东一队群": 3, "镇群": 4,
}  # fmt: skip
"""Which ring of a search each group is in, seen from 十三队."""


@pytest.fixture
async def quarrel(town: Town) -> Town:
    return await story.reported(town)


@pytest.fixture
async def township(empty_town: Town) -> Town:
    return await build(empty_town)


@pytest.fixture
async def asked(township: Town) -> Town:
    """An orange alert in three groups, of which two squads owe a receipt."""
    await telling.asking(township)
    return township


@pytest.fixture
async def doors(township: Town) -> Town:
    """A yellow one in 十三队, where each of three doors is asked."""
    await telling.three_doors(township)
    await telling.asking(township, f"预警 黄 十三队 {telling.WORDS}", "每户要", "十三队")
    return township


async def build(town: Town) -> Town:
    await town.grid("T", "荆溪镇", "镇", group="镇群")
    await town.grid("V", "侯官村", "村", "T", group="村委群")
    await town.grid("V2", "关东村", "村", "T", group="关东群")
    await town.grid("G3", "三网格", "网格", "V", group="三网格群")
    await town.grid("G4", "四网格", "网格", "V", group="四网格群")
    await town.grid("S13", "十三队", "小队", "G3", group="十三队群")
    await town.grid("S14", "十四队", "小队", "G3", group="十四队群")
    await town.grid("S21", "关东一队", "小队", "V2", group="关东一队群")
    await town.person("陈书记", (Role.OFFICER, "V"))
    await town.person("王主任", (Role.LEADER, "G3"))
    await town.person("张队长", (Role.LEADER, "S13"))
    await town.person("小林", (Role.DEPUTY, "S13"))
    await town.person("李阿姨", (Role.RESIDENT, "S13"))
    await town.person("赵叔", (Role.RESIDENT, "S14"), private=False)
    await town.person("关东队长", (Role.LEADER, "S21"))
    await town.person("管理员")
    return town
