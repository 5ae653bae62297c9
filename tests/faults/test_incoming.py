"""What comes in twice, in any order, in the same moment, or broken."""

import random
from datetime import timedelta

import pytest

from domain.people import Role
from storage.inbox import Arrival
from tests.town import CHANNEL, Town

REPORTS = 20


async def count(town: Town, sql: str) -> int:
    async with town.store.transaction():
        row = await town.store.db.one(sql)
    assert row
    return int(row[0])


async def test_replayed_and_reordered_updates_change_nothing(town: Town, dice: random.Random) -> None:
    async with town.at_once():
        for n in range(REPORTS):
            await town.says("李阿姨", f"上报 {n} 号楼的路灯坏了", chat="十三队群")
        assert town._at_once is not None
        came = list(town._at_once)
        town._at_once[:] = dice.sample([*came, *dice.choices(came, k=10)], len(came) + 10)
    assert await count(town, "SELECT count(*) FROM cases WHERE gathered = 0") == REPORTS
    town.hush()
    for _replay in range(3):
        dice.shuffle(came)
        await town.dispatcher.receive(came[: dice.randint(1, REPORTS)])
        await town.settle()
    town.restart()
    await town.dispatcher.receive(came)
    await town.settle()
    town.silent()
    assert await count(town, "SELECT count(*) FROM cases WHERE gathered = 0") == REPORTS


async def test_a_press_that_comes_before_its_report_is_answered_and_opens_nothing(town: Town) -> None:
    async with town.at_once():
        await town.presses_data("张队长", "acknowledge:1", "十三队群")
        await town.says("李阿姨", "上报 停电了", chat="十三队群")
    assert len(town.channel.toasts) == 1
    assert await town.state(1) == "reported"


async def test_two_press_in_the_same_moment_and_one_has_it(town: Town, dice: random.Random) -> None:
    await town.says("李阿姨", "上报 停电了", chat="十三队群")
    first, second = dice.sample(["张队长", "小林"], 2)
    async with town.at_once():
        for who in (first, second, first):
            await town.presses_data(who, "acknowledge:1", "十三队群")
    toasts = list(town.channel.toasts.values())
    assert toasts[0] == ""
    assert all(first in toast and "已接单" in toast for toast in toasts[1:])
    assert await count(town, "SELECT count(*) FROM case_log WHERE event = 'acknowledged'") == 1


@pytest.mark.parametrize("clock_first", [True, False])
async def test_taken_in_the_very_tick_of_its_deadline(town: Town, clock_first: bool) -> None:
    await town.says("李阿姨", "上报 东门地下车库进水了", chat="十三队群")
    town.clock.pass_time(timedelta(minutes=15))
    async with town.at_once():
        await town.presses_data("张队长", "acknowledge:1", "十三队群")
        if clock_first:
            assert await town.dispatcher.handle_due() == 1
    await town.tick()
    assert await town.state(1) == "acknowledged"
    assert await count(town, "SELECT count(*) FROM case_log WHERE event = 'climbed'") == int(clock_first)
    town.hush()
    await town.later(hours=2)
    town.silent()


POISON = {
    "no JSON": "{",
    "half an update": "{}",
    "an unknown kind": '{"kind": "Nonsense", "fields": {}}',
    "a wrong shape": '{"kind": "Said", "fields": []}',
}


@pytest.mark.parametrize("payload", POISON.values(), ids=POISON)
async def test_a_poisoned_update_is_set_aside_and_those_behind_it_go_on(town: Town, payload: str) -> None:
    async with town.at_once():
        await town.says("李阿姨", "上报 停电了", chat="十三队群")
        assert town._at_once is not None
        town._at_once.append(Arrival(CHANNEL, "poison", payload))
        await town.says("李阿姨", "上报 停水了", chat="十三队群")
    assert await count(town, "SELECT count(*) FROM cases WHERE gathered = 0") == 2
    assert await count(town, "SELECT attempts FROM inbox WHERE state = 'aside'") == 3
    assert await count(town, "SELECT count(*) FROM inbox WHERE state = 'waiting'") == 0


async def test_demoted_between_the_card_and_the_press(town: Town) -> None:
    await town.says("李阿姨", "上报 停电了", chat="十三队群")
    async with town.store.transaction():
        await town.store.db.run("DELETE FROM appointments WHERE role = ?", Role.LEADER.value)
    assert "队长" in await town.presses_data("张队长", "acknowledge:1", "十三队群")
    assert await town.state(1) == "reported"
