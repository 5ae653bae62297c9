"""A sweep beside the rest of the day: turns and leave, and what a digest says of it."""

from dataclasses import replace

from bot.config import modes
from tests.handlers.asked import live_behind
from tests.handlers.on_duty import rota, squad_of_three
from tests.handlers.swept import begun, doors_known
from tests.town import Town


async def test_where_the_leader_is_on_leave_whoever_is_on_duty_has_the_list(town: Town) -> None:
    await squad_of_three(town)
    await doors_known(town)
    await rota(town, "值班 每天 小陈 张队长 小郑")
    await town.says("张队长", "请假 7月25日")
    await town.says("王主任", "摸排 台风转移 截止 13:00")
    await town.presses("王主任", "开始")
    town.hush()
    await town.tick()
    town.hears("小陈", "问到 0/10 户", "▶ 7号")
    town.silent_in("张队长")
    town.silent_in("小郑")
    assert await town.presses("小陈", "安全") == "7号：安全"
    async with town.store.transaction():
        count = await town.store.sweep_counts.of(1, "S13")
    assert count
    assert (count.vacant, count.begun) == (False, 1)


async def test_where_all_of_a_squad_are_on_leave_the_grid_above_may_ask_for_it(town: Town) -> None:
    await doors_known(town)
    await rota(town, "值班 每天 张队长")
    await town.says("张队长", "请假 7月25日")
    await begun(town)
    await town.later(minutes=15)
    town.hears("王主任", "一片", "没有队长能收到清单：十三队、十四队")
    town.silent_in("张队长")


async def test_a_digest_says_where_a_sweep_stands_until_it_is_through(town: Town) -> None:
    await doors_known(town)
    await begun(town)
    await town.presses("张队长", "需帮助")
    await town.says("张队长", "晨报")
    assert "· 【台风转移摸排】第 1 号 十三队 问到 1/10 户，需帮助 1 户" in town.hears("张队长", "【晨报】").text
    await town.says("王主任", "晨报")
    assert "三网格 问到 1/12 户，需帮助 1 户 · 1 个小队没开始" in town.hears("王主任", "【晨报】").text
    await town.presses_data("王主任", "sweep_end:1:sure")
    await town.tick()
    town.hush()
    await town.says("王主任", "晨报")
    assert "摸排" not in town.hears("王主任", "【晨报】").text.replace("台风转移摸排）", "")


async def test_a_case_of_a_sweep_has_the_mode_s_time_and_goes_to_whoever_is_on_duty(town: Town) -> None:
    town.settings = replace(town.settings, modes=modes.load("zh"))
    town.restart()
    await squad_of_three(town)
    await doors_known(town)
    await rota(town)
    await town.says("王主任", "模式 防汛")
    await town.tick()
    await begun(town)
    await town.presses("张队长", "需帮助")
    town.hears("小陈", "#1", "12:10 前没人接")
    town.silent_in("小郑")


async def test_a_mode_begun_and_ended_leaves_a_sweep_as_it_was(town: Town) -> None:
    town.settings = replace(town.settings, modes=modes.load("zh"))
    town.restart()
    await doors_known(town)
    await begun(town)
    await town.says("王主任", "模式 防汛")
    town.hears("王主任", "从现在起是防汛模式")
    await town.tick()
    assert await town.presses("张队长", "安全") == "7号：安全"
    await town.says("王主任", "模式 日常")
    await town.tick()
    assert await town.presses("张队长", "安全") == "1号：安全"
    await town.later(minutes=1)
    town.hears("王主任", "问到 2/12 户")


async def test_a_nudge_goes_on_behind_what_a_household_said_of_itself(town: Town) -> None:
    await doors_known(town)
    await live_behind(town, "李阿姨", "7号", "S13")
    await begun(town)
    await town.says("李阿姨", "我家需帮助", chat="十三队群")
    await town.later(minutes=16)
    nudged = town.hears("张队长", "十三队还没有开始", "▶ 1号")
    assert "需帮助 1 户" in nudged.text
