"""A warning of the simulated week: written, submitted, decided on, and corrected, taken back or left to time."""

import asyncio
import random

from domain.people import Role
from tests.simulation.hands import HOUR, MINUTE, WEEK, Week
from tests.simulation.trouble import dies
from tests.simulation.village import DRILL_GRID, GRIDS, OFFICES, above

ENDS = ("alert_cancel", "alert_clear")


async def alert(week: Week, number: int) -> None:
    luck = week.luck("alert", number)
    await asyncio.sleep(luck.uniform(0, WEEK - 8 * HOUR))
    author = luck.choice([name for name, (role, _grid) in OFFICES.items() if role is not Role.DEPUTY])
    own = OFFICES[author][1]
    grid = luck.choice([own, *(code for code in GRIDS if own in above(code))])
    sort = luck.choice(("预警",) * 6 + ("演练", "演练", "通知"))
    if sort == "演练":
        author, grid = luck.choice(("陈书记", "林主任")), luck.choice((DRILL_GRID, "S41"))
    colour = "" if sort == "通知" else luck.choice("蓝黄橙橙橙红红") + " "
    await week.house.says(author, f"{sort} {colour}{GRIDS[grid][0]} 水库放水，丙{number}丁")
    await week.again(luck)
    for _hour in range(40):
        # The bot may be down: people wait until it answers.
        if week.broadcast(number) or week.house.up:
            break
        await asyncio.sleep(HOUR)
    if broadcast := week.broadcast(number):
        while week.stage(broadcast) == "draft" and luck.random() < 0.9:
            await _is_submitted(week, broadcast, author, grid, luck)
        await _is_decided(week, broadcast, author, number, luck)
        await _goes_on(week, broadcast, author, number, luck)


async def _is_submitted(week: Week, broadcast: int, author: str, grid: str, luck: random.Random) -> None:
    if luck.random() < 0.1:
        await week.presses(author, f"alert_ask:{broadcast}:until", luck)
        await week.house.says(author, luck.choice(("30 分钟", "6 小时", "2 天")))
        await asyncio.sleep(luck.uniform(1, MINUTE))
    await week.presses(author, f"alert_submit:{broadcast}", luck)
    await asyncio.sleep(luck.uniform(5, MINUTE))
    if luck.random() < 0.1:
        await week.house.says(author, "别的地方")
        await asyncio.sleep(luck.uniform(5, MINUTE))
    await week.house.says(author, GRIDS[grid][0])
    await asyncio.sleep(luck.uniform(1, MINUTE))


async def _is_decided(week: Week, broadcast: int, author: str, number: int, luck: random.Random) -> None:
    """By the right person, the wrong one, two at once, in time and too late."""
    for _try in range(luck.choice((1, 1, 2, 3))):
        await asyncio.sleep(luck.choice((1.0, MINUTE, 4 * MINUTE, 12 * MINUTE)) * luck.uniform(0.2, 1.1))
        chance = luck.random()
        others = [name for name in OFFICES if name != author]
        if chance < 0.6:
            approve = (week.presses(who, f"alert_approve:{broadcast}", luck) for who in luck.sample(others, 4))
            await asyncio.gather(*approve, _is_regretted(week, broadcast, author, luck))
        elif chance < 0.7:
            await week.presses(author, f"alert_approve:{broadcast}", luck)
        elif chance < 0.85:
            await week.presses(author, f"alert_alone:{broadcast}", luck)
            await asyncio.sleep(5)
            await week.house.says(author, "坝在漏，等不及")
        elif chance < 0.93:
            await _is_given_back(week, broadcast, author, luck.choice(others), number, luck)
        else:
            await week.presses(author, f"alert_drop:{broadcast}", luck)


async def _is_regretted(week: Week, broadcast: int, author: str, luck: random.Random) -> None:
    """Taken back while the copies leave, on a line that is at its worst, by a machine that dies over it."""
    if luck.random() < 0.5:
        week.house.line.rough_until = asyncio.get_running_loop().time() + MINUTE
    await asyncio.sleep(luck.uniform(0.2, 1.5))
    if luck.random() < 0.4:
        await week.house.presses_data(author, f"{luck.choice(ENDS)}:{broadcast}")
    if luck.random() < 0.3:
        await asyncio.sleep(luck.uniform(0, 1))
        async with week.machine:
            await dies(week, luck)


async def _is_given_back(week: Week, broadcast: int, author: str, by: str, number: int, luck: random.Random) -> None:
    verb = luck.choice(("alert_return", "alert_reject"))
    await week.presses(by, f"{verb}:{broadcast}", luck)
    await asyncio.sleep(luck.uniform(2, MINUTE))
    await week.house.says(by, "写清楚些")
    await asyncio.sleep(luck.uniform(2, MINUTE))
    await week.presses(author, f"alert_ask:{broadcast}:text", luck)
    await asyncio.sleep(luck.uniform(2, MINUTE))
    await week.house.says(author, f"桥头水库放水，丙{number}丁")
    await week.presses(author, f"alert_submit:{broadcast}", luck)


async def _goes_on(week: Week, broadcast: int, author: str, number: int, luck: random.Random) -> None:
    """Corrected, taken back by one or by two, in the middle of the sending or much later, or left to time."""
    for _step in range(luck.randrange(4)):
        await asyncio.sleep(luck.choice((0.5, 3.0, MINUTE, HOUR, 5 * HOUR)) * luck.uniform(0.2, 1.5))
        who = luck.choice([author, author, *OFFICES])
        if luck.random() < 0.35:
            await week.presses(who, f"alert_amend:{broadcast}", luck)
            await asyncio.sleep(luck.uniform(2, MINUTE))
            await week.house.says(who, f"改为 20 点放水，丙{number}丁")
        else:
            both = luck.sample([author, *OFFICES], luck.choice((1, 2)))
            await asyncio.gather(*(week.presses(one, f"{luck.choice(ENDS)}:{broadcast}", luck) for one in both))
