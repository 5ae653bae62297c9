"""Beginnings of stories about duty: a squad of three, whose turns its leader set."""

from datetime import datetime
from zoneinfo import ZoneInfo

from domain.people import Role
from tests.town import Town


async def squad_of_three(town: Town) -> Town:
    """十三队 with a leader and two deputies, all of whom can be called. It is noon on Saturday, 25 July 2026."""
    await town.person("小陈", (Role.DEPUTY, "S13"))
    await town.person("小郑", (Role.DEPUTY, "S13"))
    return town


async def until(town: Town, when: str) -> None:
    """The clock shows this, and ticks: the bot was away in between."""
    then = datetime.fromisoformat(when).replace(tzinfo=ZoneInfo("Asia/Shanghai"))
    town.clock.pass_time(then - town.clock.now())
    await town.tick()


async def rota(town: Town, words: str = "值班 每天 小陈 小郑") -> None:
    """小陈 has Saturday, 小郑 Sunday, and so on."""
    await town.says("张队长", words)
    town.hush()


async def dismiss(town: Town, who: str) -> None:
    async with town.store.transaction():
        await town.store.db.run("DELETE FROM appointments WHERE person = (SELECT id FROM people WHERE name = ?)", who)
