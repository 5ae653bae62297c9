"""A town of four levels, as the village has them, with a few people in it."""

from collections.abc import AsyncIterator
from zoneinfo import ZoneInfo

import hypothesis
import pytest

from bot.config import surveys, templates
from domain.chat import AccountId
from domain.people import Role
from domain.settings import Settings
from tests.fresh import new_store
from tests.town import CHANNEL, Town

# A machine with much to do says nothing of our code by being slow; the suite's own time limit ends what hangs.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")

SETTINGS = Settings(
    timezone=ZoneInfo("Asia/Shanghai"),
    owners=frozenset({AccountId(CHANNEL, "管理员")}),
    templates=templates.load("zh"),
    surveys=surveys.load("zh"),
)


@pytest.fixture
async def empty_town() -> AsyncIterator[Town]:
    town = Town(await new_store(), SETTINGS)
    yield town
    await town.close()


@pytest.fixture
async def town(empty_town: Town) -> Town:
    town = empty_town
    await town.grid("V", "侯官村", "村", group="村委群")
    await town.grid("G3", "三网格", "网格", "V", group="三网格群")
    await town.grid("A1", "一片", "片", "G3")
    await town.grid("S13", "十三队", "小队", "A1", group="十三队群")
    await town.grid("S14", "十四队", "小队", "A1", group="十四队群")
    await town.person("陈书记", (Role.OFFICER, "V"))
    await town.person("王主任", (Role.LEADER, "G3"))
    await town.person("张队长", (Role.LEADER, "S13"))
    await town.person("小林", (Role.DEPUTY, "S13"), private=False)
    await town.person("李阿姨", (Role.RESIDENT, "S13"))
    await town.person("管理员")
    return town
