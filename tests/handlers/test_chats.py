"""Chats that move, close or cannot be reached, and a tree that changes while its cases are open."""

import sys

import handlers
from bot.channels import Doubt, Later, Moved, Never
from domain.chat import Outgoing, Said
from domain.people import Role
from handlers.routing import Ctx, Routes, words
from tests.town import Town


async def test_a_fire_goes_on_to_the_next_who_can_be_reached(town: Town) -> None:
    town.channel.closed |= {"张队长", "王主任"}
    await town.says("李阿姨", "上报 三楼着火了", chat="十三队群")
    town.hears("陈书记", "#1 消防燃气", "三楼着火了")
    await town.presses("陈书记", "接单")
    assert await town.state(1) == "acknowledged"


async def test_where_the_next_above_is_the_silent_one_the_one_after_hears(town: Town) -> None:
    """The leader's page is lost, so it goes on to the officer; that is lost as well, and nobody is above but the
    owner."""
    for phone in ("张队长", "王主任", "陈书记"):
        town.channel.errors[phone] = [Never("400")] * 2
    await town.says("李阿姨", "上报 三楼着火了", chat="十三队群")
    town.hears("管理员", "#1 没能送到“陈书记”")
    town.hears("管理员", "#1 消防燃气")


async def test_where_no_phone_is_left_the_groups_hear_of_it(town: Town) -> None:
    for phone in ("张队长", "王主任", "陈书记", "管理员"):
        town.channel.errors[phone] = [Never("400")] * 2
    await town.says("李阿姨", "上报 三楼着火了", chat="十三队群")
    town.hears("村委群", "#1 没能送到“管理员”")


async def test_two_phones_in_doubt_do_not_call_each_other(town: Town) -> None:
    for phone in ("张队长", "王主任"):
        town.channel.errors[phone] = [Doubt("read timeout")] * 50
    await town.says("李阿姨", "上报 三楼着火了", chat="十三队群")
    await town.later(minutes=2)
    assert sum(len(errors) for errors in town.channel.errors.values()) > 80


async def test_nobody_reachable_is_a_fact_on_the_case_and_the_grid_above_is_told(town: Town) -> None:
    town.channel.closed.add("张队长")
    await town.says("李阿姨", "上报 停电了", chat="十三队群")
    town.hears("王主任", "#1 没能送到“张队长”")
    town.hush()
    await town.says("王主任", "查询 1")
    town.hears("王主任", "没能通知到：张队长")
    town.channel.closed.clear()
    await town.says("张队长", "查询")
    town.hears("张队长", "等您这里处理的")


async def test_somebody_who_cannot_be_reached_is_spoken_of_once(town: Town) -> None:
    town.channel.closed.add("李阿姨")
    await town.says("李阿姨", "上报 停电了")
    town.hears("王主任", "#1 没能送到“李阿姨”")
    town.hush()
    await town.presses("张队长", "接单", chat="十三队群")
    await town.says("张队长", "办结 1 修好了", chat="十三队群")
    assert not [m.text for m in town.channel.chats["王主任"] if not m.heard]
    town.channel.closed.clear()
    await town.says("李阿姨", "查询")
    await town.says("张队长", "查询 1")
    town.hears("张队长", "没能通知到：李阿姨")


async def test_a_squad_that_put_the_bot_out_of_its_group_is_skipped(town: Town) -> None:
    await town.grid("S15", "十五队", "小队", "A1", group="十五队群")
    await town.person("孙队长", (Role.LEADER, "S15"), private=False)
    await town.person("周奶奶", (Role.RESIDENT, "S15"))
    await town.happens("Removed", "十五队群", "孙队长")
    await town.says("周奶奶", "上报 停电了")
    town.hears("三网格群", "#1 报修")
    await town.happens("Arrived", "十五队群", "孙队长")
    await town.says("周奶奶", "上报 停水了")
    town.hears("十五队群", "#2 报修")


async def test_a_group_with_a_new_id_keeps_its_grid_and_its_cases(town: Town) -> None:
    await town.says("李阿姨", "上报 停电了", chat="十三队群")
    town.hush()
    await town.happens("Moved", "十三队群", to="十三队超级群")
    await town.presses("张队长", "接单")
    town.hears("十三队超级群", "张队长 已接单", "报修")
    assert town.hears("十三队超级群", "#1 张队长 已接单").reply_to is None, "its number means another message here"
    town.hush("张队长")
    town.silent()


async def test_a_group_that_moves_under_a_message_gets_it_in_its_new_place(town: Town) -> None:
    town.channel.errors["十三队群"] = [Moved("十三队超级群")]
    await town.says("李阿姨", "上报 停电了", chat="十三队群")
    assert town.hears("十三队超级群", "#1 报修").reply_to is None, "its number means another message here"
    assert not town.channel.chats["十三队群"]


async def test_what_waits_for_a_group_that_moves_answers_nothing_there(town: Town) -> None:
    town.channel.errors["十三队群"] = [Later("busy", 60.0)]
    await town.says("李阿姨", "上报 停电了", chat="十三队群")
    await town.happens("Moved", "十三队群", to="十三队超级群")
    await town.later(minutes=2)
    assert town.hears("十三队超级群", "#1 报修").reply_to is None


async def test_a_closed_squad_leaves_its_cases_to_the_parent(town: Town) -> None:
    await town.says("李阿姨", "上报 停电了", chat="十三队群")
    town.hush()
    await town.says("张队长", "撤网格 S13")
    town.hears("张队长", "要由管这一片的")
    await town.says("王主任", "撤网格 S13")
    town.hears("王主任", "十三队 已撤，1 件没办完的事交给 一片")
    town.hears("十三队群", "网格调整，转给 一片")
    town.hush()
    await town.later(hours=1)
    town.hears("三网格群", "#1 报修")


async def test_a_grid_moves_with_its_cases_and_never_below_itself(town: Town) -> None:
    await town.grid("G4", "四网格", "网格", "V")
    await town.says("陈书记", "移网格 S13 G4")
    town.hears("陈书记", "十三队 现在归 四网格")
    await town.says("陈书记", "移网格 G3 A1")
    town.hears("陈书记", "一片 在 三网格 下面，不能做它的上级")
    await town.says("王主任", "移网格 A1 G4")
    town.hears("王主任", "要由管这一片的")


async def test_a_case_that_had_climbed_follows_its_squad_to_the_new_parent(town: Town) -> None:
    await town.grid("G4", "四网格", "网格", "V", group="四网格群")
    await town.person("钱主任", (Role.LEADER, "G4"))
    await town.says("李阿姨", "上报 停电了", chat="十三队群")
    await town.says("赵叔", "上报 停水了", chat="十三队群")
    await town.presses_data("张队长", "escalate:1", "十三队群")
    town.hush()
    await town.says("陈书记", "移网格 A1 G4")
    town.hears("四网格群", "#1 报修", "等 四网格（钱主任）接单", "转给 四网格")
    town.hears("钱主任", "#1 报修")
    town.hears("十三队群", "#1 报修", "等 四网格")
    town.hears("陈书记", "一片 现在归 四网格")
    town.hush("三网格群", "王主任", "张队长")
    town.silent()
    assert await town.presses("钱主任", "接单") == ""


@words("坏掉", help="")
async def broken(_said: Said, _ctx: Ctx) -> list[Outgoing]:
    raise ZeroDivisionError


async def test_what_breaks_is_set_aside_and_the_rest_goes_on(town: Town) -> None:
    town.answers_to(Routes([*handlers.FEATURES, sys.modules[__name__]]))
    await town.says("李阿姨", "坏掉", chat="十三队群")
    said = town.hears("十三队群", "这句话我没处理好")
    assert "ZeroDivision" not in said.text
    await town.says("李阿姨", "上报 停电了", chat="十三队群")
    town.hears("十三队群", "#1 报修")
    async with town.store.transaction():
        assert await town.store.inbox.aside() == 1
