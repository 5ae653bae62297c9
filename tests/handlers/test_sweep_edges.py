"""A sweep where things are not as they should be: too late, too many, in the wrong place, at night, after a crash."""

import sqlite3
from dataclasses import replace
from datetime import time, timedelta

import pytest

from domain.people import Role
from domain.quiet import QuietHours
from tests.handlers.asked import seconds
from tests.handlers.swept import begun, doors_known
from tests.town import Town


async def test_in_the_squads_group_the_list_says_nothing_of_care(town: Town) -> None:
    await doors_known(town)
    town.settings = replace(town.settings, checklists_in_groups=True)
    town.restart()
    await begun(town)
    card = next(m for m in town.channel.chats["十三队群"] if "▶ 7号" in m.text)
    assert "独居" not in card.text
    assert "⚠" not in card.text
    assert not [m for m in town.channel.chats["张队长"] if "▶" in m.text]
    refused = await town.presses_data("李阿姨", "sweep_tick:1:7:safe", chat="十三队群")
    assert "这一户由队长来问" in refused
    assert await town.presses_data("李阿姨", "sweep_tick:1:1:safe", chat="十三队群") == "1号：安全"
    async with town.store.transaction():
        entry = await town.store.sweep_doors.get(1, 1)
    assert entry
    assert entry.self_reported
    await town.says("张队长", "2号 安全", chat="十三队群")
    town.hears("十三队群", "记下了：2号 安全")


async def test_nobody_else_taps_for_a_door(town: Town) -> None:
    await doors_known(town)
    await begun(town)
    for who, data in (("赵叔", "sweep_tick:1:7:safe"), ("李阿姨", "sweep_see:1:next"), ("张队长", "sweep_end:1")):
        answer = await town.presses_data(who, data)
        assert "队长" in answer
    for data in ("sweep_tick:9:7:safe", "sweep_tick:1:7:gone", "sweep_tick:1::", "sweep_see::", "sweep_own:1:away"):
        assert await town.presses_data("张队长", data) == "这个按钮失效了。"
    async with town.store.transaction():
        top = await town.store.sweep_counts.top(1)
    assert top
    assert top.done == 0


async def test_a_preview_that_nobody_begins_is_dropped(town: Town) -> None:
    await doors_known(town)
    await town.says("王主任", "摸排 高温")
    town.hush()
    await town.later(minutes=31)
    town.hears("王主任", "第 1 号摸排没有人点“开始”")
    assert "已经开始或者不做了" in await town.presses_data("王主任", "sweep_begin:1")
    town.silent()


async def test_the_list_can_be_called_back(town: Town) -> None:
    await doors_known(town)
    await begun(town)
    await town.says("张队长", "摸排 列表")
    town.hears("张队长", "正在进行的摸排：\n【台风转移摸排】第 1 号 三网格")
    await town.presses("张队长", "第 1 号 打开")
    town.hears("张队长", "十三队", "▶ 7号")
    assert len([m for m in town.channel.chats["张队长"] if "▶" in m.text]) == 1
    await town.says("陈书记", "摸排")
    town.hears("陈书记", "正在进行的摸排")


async def test_a_neighbour_who_asks_for_sweeps_is_told_how_to_answer(town: Town) -> None:
    await doors_known(town)
    await begun(town)
    await town.says("李阿姨", "摸排 列表")
    town.hears("李阿姨", "您家怎么样，请发：我家安全")


async def test_who_calls_for_help_is_heard_though_nobody_knows_the_door(town: Town) -> None:
    await doors_known(town)
    await begun(town)
    await town.says("路人", "我家需帮助 水进来了", chat="十三队群")
    town.hears("十三队群", "#1 报上去了，正在叫人。请再说一句您在哪一户")
    town.hears("张队长", "#1", "需帮助：水进来了（台风转移摸排）")
    assert "#2 报上去了" in await town.presses("路人", "我家需帮助", chat="十三队群")
    await town.says("路人", "我家安全", chat="十三队群")
    town.hears("十三队群", "还不知道您是哪一户")


async def test_without_one_a_leader_may_pick_what_to_ask(town: Town) -> None:
    await doors_known(town)
    await town.says("王主任", "摸排")
    town.hears("王主任", "现在没有摸排")
    await town.presses("王主任", "消防")
    town.hears("王主任", "【消防摸排】第 1 号 三网格")


async def test_a_name_of_ones_own_will_do(town: Town) -> None:
    await doors_known(town)
    await town.says("陈书记", "摸排 十三队 电动车入户 截止 2小时")
    town.hears(
        "陈书记", "【电动车入户摸排】第 1 号 十三队", "14:00 截止（2 小时）", "回答：问过了、需帮助、无人、联系不上"
    )


async def test_in_a_group_talk_of_a_sweep_is_talk(town: Town) -> None:
    await doors_known(town)
    await town.says("李阿姨", "摸排 台风转移", chat="十三队群")
    await town.says("王主任", "摸排 的事大家辛苦了", chat="三网格群")
    town.silent()
    await town.says("王主任", "摸排 台风转移", chat="三网格群")
    town.hears("三网格群", "【台风转移摸排】第 1 号 三网格")


async def test_a_squad_leader_may_ask_the_own_squad_and_hears_the_count(town: Town) -> None:
    await doors_known(town)
    await begun(town, "摸排 高温", who="张队长")
    await town.presses("张队长", "安全")
    await town.later(minutes=1)
    town.hears("张队长", "【高温摸排】第 1 号 一片", "问到 1/10 户", "十三队 1/10")


async def test_what_must_be_over_before_the_morning_wakes_and_a_census_does_not(town: Town) -> None:
    await doors_known(town)
    town.settings = replace(town.settings, quiet=QuietHours(time(22), time(6)))
    town.restart()
    town.clock.pass_time(timedelta(hours=11))
    await begun(town, "摸排 台风转移 截止 1小时")
    assert [m for m in town.channel.chats["张队长"] if "▶" in m.text]
    await begun(town, "摸排 人口 截止 48小时")
    assert not [m for m in town.channel.chats["张队长"] if "人口摸排" in m.text]
    await town.later(hours=8)
    town.hears("张队长", "人口摸排")


async def test_many_squads_are_opened_page_by_page_and_a_crash_loses_none(town: Town) -> None:
    async with town.store.transaction():
        for n in range(230):
            code = f"T{n:03}"
            await town.store.db.run(
                "INSERT INTO grids (code, name, level, parent) VALUES (?, ?, '小队', 'G3')", code, code
            )
            await town.store.db.run("INSERT INTO households (grid, door) VALUES (?, '1号')", code)
    await town.says("王主任", "摸排 台风转移")
    await town.presses("王主任", "开始")
    await town.dispatcher.handle_due()
    async with town.store.transaction():
        row = await town.store.db.one("SELECT count(*) AS n FROM sweep_households")
        sweep = await town.store.sweeps.get(1)
    assert row
    assert row["n"] == 100
    assert sweep
    assert sweep.done_to == "T099"
    town.restart()
    await town.tick()
    async with town.store.transaction():
        row = await town.store.db.one("SELECT count(*) AS n FROM sweep_households")
        top = await town.store.sweep_counts.top(1)
    assert row
    assert row["n"] == 230
    assert top
    assert (top.total, top.squads) == (230, 230)
    assert "清单还在发" not in town.channel.chats["王主任"][-1].text


async def test_a_door_that_came_in_after_the_preview_is_asked_too(town: Town) -> None:
    await doors_known(town)
    await town.says("王主任", "摸排 台风转移")
    async with town.at_once():
        await town.presses("王主任", "开始")
    async with town.store.transaction():
        await town.store.db.run("INSERT INTO households (grid, door) VALUES ('S13', '11号')")
    await town.tick()
    town.hears("张队长", "问到 0/11 户")
    async with town.store.transaction():
        top = await town.store.sweep_counts.top(1)
    assert top
    assert top.total == 13


async def test_a_whole_squad_that_answered_by_itself_needs_no_nudge(town: Town) -> None:
    await doors_known(town)
    await town.person("周队长", (Role.LEADER, "S14"))
    await begun(town, "摸排 十四队 台风转移 截止 13:00")
    await town.presses("赵叔", "我家安全", chat="十四队群")
    await town.presses_data("周队长", "sweep_tick:1:11:away")
    await town.later(minutes=1)
    town.hears("王主任", "问到 2/2 户", "每户都问到了")
    town.hush()
    await town.later(minutes=50)
    assert not [m for m in town.channel.chats["周队长"] if not m.heard and "没有开始" in m.text]


async def test_asked_to_wait_answers_still_count(town: Town) -> None:
    await doors_known(town)
    await begun(town)
    await town.presses("王主任", "暂停")
    assert await town.presses("张队长", "安全") == "7号：安全"
    await town.later(hours=3)
    town.hears("王主任", "问到 1/12 户，暂停了")


async def test_a_squad_that_is_closed_meanwhile_is_still_asked(town: Town) -> None:
    await doors_known(town)
    await begun(town)
    await town.says("陈书记", "撤网格 S13")
    assert await town.presses("张队长", "安全") == "7号：安全"


async def test_the_group_is_told_when_it_is_over_and_words_are_talk_again(town: Town) -> None:
    await doors_known(town)
    await begun(town)
    await town.later(hours=1, minutes=2)
    town.hears("十三队群", "已经结束")
    assert "已经结束" in await town.presses_data("李阿姨", "sweep_own:1:safe", chat="十三队群")
    town.hush()
    await town.says("李阿姨", "我家安全", chat="十三队群")
    await town.says("张队长", "3号 安全", chat="十三队群")
    town.silent()


async def test_what_was_answered_is_never_rewritten(town: Town) -> None:
    await doors_known(town)
    await begun(town)
    await town.presses("张队长", "安全")
    for statement in ("UPDATE sweep_log SET what = 'help'", "DELETE FROM sweep_log"):
        with pytest.raises(sqlite3.IntegrityError):
            async with town.store.transaction():
                await town.store.db.run(statement)


async def test_where_a_card_cannot_change_its_count_is_said_now_and_then_and_at_the_end(town: Town) -> None:
    town.channel.changes_every = timedelta(minutes=3)
    town.restart()
    await doors_known(town)
    await begun(town)
    for _n in range(9):
        await town.presses("张队长", "安全")
        await seconds(town, 15)
    town.silent_in("三网格群", "十三队群", "十四队群")
    await town.later(minutes=1)
    town.hears("三网格群", "问到 9/12 户")
    await town.says("赵叔", "我家安全", chat="十四队群")
    await town.presses("王主任", "暂停")
    await seconds(town, 15)
    town.hears("三网格群", "暂停了")
    await town.presses("王主任", "结束")
    await town.presses("王主任", "现在结束")
    await seconds(town, 15)
    town.hears("三网格群", "已经结束")
    town.hears("十三队群", "已经结束")
    assert "没有队长能收到清单" not in town.hears("王主任", "号 一片", "已经结束").text, (
        "nobody can be sent there any more"
    )
