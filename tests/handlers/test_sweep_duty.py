"""A sweep where people take turns: whoever is on leave keeps no squad waiting."""

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
