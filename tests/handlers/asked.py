"""A warning that asks for receipts, told in 三网格; and a squad whose doors are known."""

from datetime import timedelta

from domain.chat import AccountId
from tests.town import CHANNEL, Town

WORDS = "水库 18 点泄洪，低洼处马上上楼"
ALERT = f"预警 橙 三网格 {WORDS}"


async def asking(town: Town, words: str = ALERT, receipts: str = "每队要", place: str = "三网格") -> None:
    """王主任 sends it and asks for receipts, 陈书记 lets it out."""
    await town.says("王主任", words)
    await town.presses("王主任", "回执")
    await town.presses("王主任", receipts)
    await town.presses("王主任", "提交")
    await town.says("王主任", place)
    if any(colour in words for colour in "橙红") or words.startswith("演练"):
        await town.presses("陈书记", "通过")
    town.hush()


async def seconds(town: Town, n: float) -> None:
    town.clock.pass_time(timedelta(seconds=n))
    await town.tick()


async def live_behind(town: Town, who: str, door: str, grid: str) -> None:
    async with town.store.transaction():
        person = await town.store.people.by_account(AccountId(CHANNEL, who))
        assert person
        await town.store.people.settle(person.id, grid, door)


async def three_doors(town: Town) -> None:
    """In 十三队: 李阿姨 lives behind the first, 小林 behind the second, nobody with a phone behind the third."""
    await live_behind(town, "李阿姨", "1号", "S13")
    await live_behind(town, "小林", "2号", "S13")
    async with town.store.transaction():
        await town.store.db.run("INSERT INTO households (grid, door) VALUES ('S13', '3号')")
