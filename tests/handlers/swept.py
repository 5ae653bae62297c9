"""A village whose doors are known: ten in 十三队, of whom one needs care, two in 十四队, which nobody leads."""

from domain.people import Role
from tests.handlers.asked import live_behind
from tests.town import Town

DOORS = 10


async def doors_known(town: Town) -> None:
    async with town.store.transaction():
        for n in range(1, DOORS + 1):
            care = "独居老人" if n == 7 else ""
            await town.store.db.run("INSERT INTO households (grid, door, care) VALUES ('S13', ?, ?)", f"{n}号", care)
        for n in (1, 2):
            await town.store.db.run("INSERT INTO households (grid, door) VALUES ('S14', ?)", f"后山{n}号")
    await live_behind(town, "李阿姨", "1号", "S13")
    await town.person("赵叔", (Role.RESIDENT, "S14"))
    await live_behind(town, "赵叔", "后山2号", "S14")


async def begun(town: Town, words: str = "摸排 台风转移 截止 13:00", who: str = "王主任") -> None:
    await town.says(who, words)
    await town.presses(who, "开始")
    await town.tick()
    town.hush()
