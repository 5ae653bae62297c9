"""The clock jumps, the machine sleeps, the bot is down for a day and more."""

import random
from datetime import timedelta

from domain.chat import Promise
from tests.faults.house import House
from tests.faults.promises import copies, groups, to_all
from tests.town import Town


async def logged(town: Town, event: str) -> int:
    async with town.store.transaction():
        row = await town.store.db.one("SELECT count(*) FROM case_log WHERE event = ?", event)
    assert row
    return int(row[0])


async def test_two_hours_back_a_promise_waits_and_is_kept_once(town: Town) -> None:
    await town.says("李阿姨", "上报 东门地下车库进水了", chat="十三队群")
    town.hush()
    town.clock.moment -= timedelta(hours=2)
    await town.later(hours=2, minutes=14)
    town.silent()
    await town.says("李阿姨", "上报 停电了", chat="十三队群")
    town.hears("十三队群", "#2 报修")
    await town.later(minutes=1)
    town.hears("三网格群", "#1 水浸", "超时，上报到 三网格")
    assert await logged(town, "climbed") == 1


async def test_a_day_on_and_back_nothing_is_said_twice(town: Town) -> None:
    await town.says("李阿姨", "上报 东门地下车库进水了", chat="十三队群")
    town.clock.moment += timedelta(days=1)
    await town.tick()
    assert await logged(town, "climbed") == 1, "one step, and time to take it, before the next"
    town.clock.moment -= timedelta(days=1)
    town.hush()
    await town.later(hours=1)
    town.silent()
    assert await town.presses("王主任", "接单", chat="三网格群") == ""
    assert await town.state(1) == "acknowledged"


async def test_what_was_said_goes_out_whatever_the_clock_on_the_wall_does(town: Town, dice: random.Random) -> None:
    for n in range(10):
        town.clock.moment += timedelta(hours=dice.uniform(-48, 24))
        await town.says("李阿姨", f"上报 {n} 号楼的路灯坏了", chat="十三队群")
        town.hears("十三队群", f"{n} 号楼")


async def test_a_machine_that_slept_for_three_hours_is_late_and_forgets_nothing(town: Town) -> None:
    await town.says("李阿姨", "上报 东门地下车库进水了", chat="十三队群")
    await town.says("李阿姨", "上报 三楼着火了", chat="十四队群")
    town.hush()
    town.clock.pass_time(timedelta(hours=3))
    await town.tick()
    town.hears("三网格群", "#1 水浸")
    town.hears("三网格群", "#2 消防燃气")
    assert await logged(town, "climbed") == 2
    await town.tick()
    assert await logged(town, "climbed") == 2, "the level above gets its own time"


async def test_down_for_thirty_hours_every_promise_is_kept_at_once_and_once(town: Town) -> None:
    await town.says("李阿姨", "上报 停电了", chat="十三队群")
    await town.says("张队长", "接单 1", chat="十三队群")
    await town.says("李阿姨", "上报 停水了", chat="十三队群")
    town.hush()
    town.clock.pass_time(timedelta(hours=30))
    town.restart()
    await town.tick()
    town.hears("三网格群", "#2 报修")
    assert await logged(town, "climbed") == 1
    assert await logged(town, "reminded") == 1, "the one that was taken and not put right"
    heard = {chat: len(messages) for chat, messages in town.channel.chats.items()}
    town.restart()
    await town.tick()
    assert {chat: len(messages) for chat, messages in town.channel.chats.items()} == heard


async def test_suspended_in_the_middle_of_a_broadcast(house: House, dice: random.Random) -> None:
    chats = groups(40)
    await house.build(per_second=60)
    await house.promise(*to_all(chats, Promise.LIFE))
    house.start()
    await house.until(lambda: len(house.telegram.sent) >= dice.randint(1, 30))
    house.suspend()
    heard = -1
    while heard < (heard := len(house.telegram.sent)):
        await house.rest()
    house.resume()
    await house.delivered()
    assert {chat: len(said) for chat, said in copies(house.telegram).items()} == dict.fromkeys(chats, 1)
    assert house.doubts() == dict.fromkeys(chats, 0)
