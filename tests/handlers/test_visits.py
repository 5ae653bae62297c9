"""Visits: understood, moved, reminded of, noted, and how long a case waits for them."""

import re

import pytest

from tests.handlers.quarrel import bring_in, later, the_groups_know_nothing
from tests.town import Town


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("约 1 随便", "没看懂时间"),
        ("约 1 昨天9点", "已经过了"),
        ("约 1 今天9:00", "已经过了"),
        ("约 1 2027年1月1日 9:00", "最远约到 60 天"),
        ("约 99 明天9点", "没有 99 这个编号"),
        ("约", "没有"),
    ],
)
async def test_a_time_that_is_none_is_asked_again(quarrel: Town, words: str, answer: str) -> None:
    await quarrel.says("张队长", words)
    quarrel.hears("张队长", answer)


async def test_a_visit_is_moved_and_nobody_is_reminded_of_the_old_time(quarrel: Town) -> None:
    town = quarrel
    await bring_in(town)
    await town.presses("张队长", "约时间")
    await town.says("张队长", "后天")
    town.hears("张队长", "没看懂时间")
    await town.says("张队长", "明天下午3点 村委会")
    town.hears("赵大山", "#1 约好了：7-26 15:00 村委会")
    town.hears("张队长", "下次见面：7-26 15:00 村委会")
    await town.says("张队长", "约 1 后天下午3点")
    town.hears("赵大山", "#1 约好了：7-27 15:00 村委会")
    town.hush()
    town.restart()
    await later(town, hours=29)
    town.silent()
    await later(town, hours=1)
    town.hears("赵大山", "#1 提醒：7-27 15:00 村委会 见面调解")


async def test_a_mediator_who_notes_nothing_is_asked_three_times_and_no_more(quarrel: Town) -> None:
    town = quarrel
    await town.says("张队长", "约 1 今天下午3点 村委会")
    town.hears("李阿姨", "#1 约好了：15:00 村委会")
    town.hush()
    await later(town, hours=1)
    town.hears("李阿姨", "#1 提醒")
    await later(town, days=6)
    async with town.store.transaction():
        visit = await town.store.mediations.visit(1)
    assert visit
    assert (visit.asked, visit.due_at) == (3, None)


async def test_a_planned_visit_holds_the_promise_of_the_case_for_a_month_at_most(quarrel: Town) -> None:
    town = quarrel
    await bring_in(town)
    await later(town, days=5)
    await town.says("张队长", "约 1 8月10日上午9点 村委会")
    town.hush()
    await later(town, days=9)
    assert not [m for m in town.channel.chats["王主任"] if not m.heard]
    await town.says("张队长", "约 1 9月10日上午9点 村委会")
    await later(town, days=20)
    stub = town.hears("王主任", "#1 纠纷", "张队长 已接单但超时未办结")
    assert not re.search("宅基地|赵大山|李阿姨", stub.text)
    the_groups_know_nothing(town)
