"""What goes wrong in the simulated week with the machine, the line and the people, and what is switched meanwhile."""

import asyncio
import random
from datetime import timedelta

from domain.chat import AccountId
from tests.simulation.hands import HOUR, MINUTE, WEEK, Week
from tests.simulation.village import GRIDS, OFFICES, PRACTICE, SETTINGS, group_of
from tests.town import CHANNEL


async def machine(week: Week) -> None:
    """Killed, stopped, down for hours, its clock set."""
    luck = week.luck("machine")
    moments = sorted(luck.uniform(HOUR, WEEK - HOUR) for _n in range(8))
    for at in moments:
        await asyncio.sleep(max(0.0, at - asyncio.get_running_loop().time()))
        async with week.machine:
            await _something_happens_to_it(week, luck)


async def _something_happens_to_it(week: Week, luck: random.Random) -> None:
    chance = luck.random()
    if chance < 0.6:
        await dies(week, luck)
    elif chance < 0.85:
        await week.house.stop()
        await asyncio.sleep(luck.choice((5.0, 20 * MINUTE, 20 * MINUTE, 30 * HOUR)))
        await week.house.start()
    else:
        week.house.wall_clock_is_set(luck.choice((timedelta(hours=-2), timedelta(hours=3), timedelta(days=1))))


async def dies(week: Week, luck: random.Random) -> None:
    await week.house.kill(after=luck.randrange(60))
    await asyncio.sleep(luck.choice((1.0, 30.0, HOUR)))
    await week.house.start()


async def line(week: Week) -> None:
    luck = week.luck("line")
    for _n in range(4):
        await asyncio.sleep(luck.uniform(HOUR, WEEK / 4 - HOUR))
        week.house.line.dead_until = asyncio.get_running_loop().time() + luck.choice((5.0, 10 * MINUTE))


async def people(week: Week) -> None:
    """Groups put the bot out and let it in again, people block it, offices change."""
    luck = week.luck("people")
    for _n in range(8):
        await asyncio.sleep(luck.uniform(HOUR, WEEK / 8 - 4 * HOUR))
        chance = luck.random()
        if chance < 0.7:
            await _is_closed(week, luck.choice([*map(group_of, GRIDS), *OFFICES]), luck.uniform(1, 3 * HOUR))
        else:
            await _loses_office(week, luck.choice(sorted(OFFICES)), luck.uniform(1, 3 * HOUR))


async def _is_closed(week: Week, chat: str, seconds: float) -> None:
    week.house.line.closed.add(chat)
    await asyncio.sleep(seconds)
    await _opens(week, chat)


async def _opens(week: Week, chat: str) -> None:
    week.house.line.closed.discard(chat)
    if chat in OFFICES:
        await week.house.says(chat, "帮助")
    else:
        await week.house.happens("Arrived", chat)


async def _loses_office(week: Week, who: str, seconds: float) -> None:
    await _appointed(week, who, False)
    await asyncio.sleep(seconds)
    await _appointed(week, who, True)


async def _appointed(week: Week, who: str, holds: bool) -> None:
    role, grid = OFFICES[who]
    async with week.machine, week.house.store.transaction():
        person = await week.house.store.people.by_account(AccountId(CHANNEL, who))
        assert person
        if holds:
            await week.house.store.people.appoint(person.id, role, grid)
        else:
            await week.house.store.db.run("DELETE FROM appointments WHERE person = ?", person.id)


async def practice(week: Week) -> None:
    """For some hours the whole bot is practised with, and then it is in earnest again."""
    luck = week.luck("practice")
    await asyncio.sleep(luck.uniform(HOUR, WEEK / 2))
    await _switched(week, True)
    before = _sent(week)
    await asyncio.sleep(luck.uniform(HOUR, 20 * HOUR))
    await _switched(week, False)
    week.practised = _sent(week) - before


async def _switched(week: Week, training: bool) -> None:
    async with week.machine:
        await week.house.stop()
        week.house.settings = PRACTICE if training else SETTINGS
        await week.house.start()


def _sent(week: Week) -> set[int]:
    return {row["id"] for row in week.house.read("SELECT id FROM broadcasts WHERE sent_at IS NOT NULL")}
