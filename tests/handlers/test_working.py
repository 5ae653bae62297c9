"""What those who answer for a case can do with it, and what they cannot."""

from datetime import timedelta

import pytest

from bot.channels import Doubt
from domain.people import Role
from tests.town import Town


async def flood(town: Town) -> None:
    await town.says("李阿姨", "上报 东门地下车库进水了", chat="十三队群")
    town.hush()


async def test_two_press_at_once_and_the_second_hears_who_has_it(town: Town) -> None:
    await flood(town)
    assert await town.presses("张队长", "接单", chat="十三队群") == ""
    town.hush()
    assert await town.presses_data("小林", "acknowledge:1", "十三队群") == "张队长 已接单"
    town.silent()


async def test_a_resident_cannot_take_a_case(town: Town) -> None:
    await flood(town)
    toast = await town.presses("李阿姨", "接单", chat="十三队群")
    assert "队长、网格长或干部" in toast
    assert await town.state(1) == "reported"
    town.silent()


@pytest.mark.parametrize("data", ["assign_to:1:{}", "let_in:{}", "acknowledge:{}", "rate:{}:satisfied", "resolve_now"])
async def test_a_forged_button_is_refused_and_breaks_nothing(town: Town, data: str) -> None:
    await flood(town)
    assert await town.presses_data("张队长", data.format("9" * 30), "十三队群")
    async with town.store.transaction():
        assert await town.store.inbox.aside() == 0
    town.silent()


async def test_authority_reaches_down_and_never_sideways(town: Town) -> None:
    await town.grid("G4", "四网格", "网格", "V")
    await town.person("外人", (Role.LEADER, "G4"))
    await flood(town)
    assert "管这一片" in await town.presses_data("外人", "acknowledge:1", "十三队群")
    assert await town.presses_data("陈书记", "acknowledge:1", "十三队群") == ""
    assert await town.state(1) == "acknowledged"


async def test_a_case_too_big_for_the_squad_goes_up_at_once(town: Town) -> None:
    await flood(town)
    await town.presses("张队长", "上报上级", chat="十三队群")
    town.hears("三网格群", "#1 水浸", "张队长 上报上级，交给 三网格")
    town.hears("王主任", "#1 水浸")
    town.hears("十三队群", "等 三网格")
    town.hears("十三队群", "#1 已上报到 三网格，请稍等")
    town.hears("张队长", "等 三网格")
    town.silent()


async def test_at_the_top_there_is_nobody_to_hand_it_to(town: Town) -> None:
    await flood(town)
    for _level in range(2):
        await town.presses_data("张队长", "escalate:1", "十三队群")
    town.hush()
    assert "上面没有能接的网格了" in await town.presses_data("张队长", "escalate:1", "十三队群")


async def test_a_leader_names_the_responder_by_a_tap(town: Town) -> None:
    await flood(town)
    await town.presses("王主任", "派单", chat="十三队群")
    town.hears("十三队群", "#1 派给谁")
    assert town.buttons("十三队群") == ["张队长", "小林", "王主任", "陈书记"]
    await town.presses("王主任", "张队长", chat="十三队群")
    town.hears("张队长", "张队长 已接单")
    town.hears("张队长", "王主任 把 #1 派给您了")
    town.hears("十三队群", "张队长 已接单")
    town.hears("十三队群", "#1 已派给 张队长 处理")
    town.hears("十三队群", "#1 已派给 张队长")
    town.silent()


async def test_a_leader_names_the_responder_in_words(town: Town) -> None:
    await flood(town)
    await town.says("王主任", "派单 #1 张队长")
    town.hears("王主任", "王主任 派单给 张队长")
    town.hush()
    await town.says("王主任", "派单 1 孙悟空")
    town.hears("王主任", "没有找到叫 孙悟空 的")
    await town.says("王主任", "派单 1")
    town.hears("王主任", "请写上派给谁")
    town.silent()


async def test_a_responder_from_elsewhere_can_do_the_work(town: Town) -> None:
    await town.person("水电工老何", (Role.DEPUTY, "S14"))
    await flood(town)
    assert "管这一片" in await town.presses_data("水电工老何", "acknowledge:1", "十三队群")
    await town.says("王主任", "派单 1 水电工老何")
    town.hears("水电工老何", "水电工老何 已接单")
    assert town.buttons("水电工老何") == ["办结", "派单", "上报上级", "更正"]
    town.hush()
    await town.says("水电工老何", "查询 1")
    town.hears("水电工老何", "王主任 派单给 水电工老何")
    await town.says("水电工老何", "办结 1 水泵修好了")
    assert await town.state(1) == "resolved"


async def test_what_is_not_solved_goes_back_one_level_up(town: Town) -> None:
    await flood(town)
    await town.presses("张队长", "接单", chat="十三队群")
    await town.says("张队长", "办结 1 已抽水", chat="十三队群")
    town.hush()
    assert "由上报人自己决定" in await town.presses("张队长", "满意", chat="十三队群")
    await town.presses("李阿姨", "未解决", chat="十三队群")
    town.hears("三网格群", "#1 水浸", "李阿姨 说没解决，退回重办，交给 三网格")
    town.hears("王主任", "#1")
    town.hears("十三队群", "等 三网格")
    town.hears("十三队群", "#1 已退回重办")
    town.hears("张队长", "等 三网格")
    town.silent()
    assert await town.state(1) == "reopened"


async def test_at_the_top_what_is_not_solved_is_heard_by_the_same_again(town: Town) -> None:
    await flood(town)
    for _level in range(2):
        await town.presses_data("陈书记", "escalate:1", "十三队群")
    await town.says("陈书记", "办结 1 已抽水")
    town.hush()
    await town.presses("李阿姨", "未解决", chat="十三队群")
    for chat in ("村委群", "陈书记"):
        town.hears(chat, "李阿姨 说没解决，退回重办")
        town.hears(chat, "#1 还没解决，退回重办，请接单")


async def test_silence_of_the_reporter_closes_the_case(town: Town) -> None:
    await flood(town)
    await town.presses("张队长", "接单", chat="十三队群")
    await town.presses("张队长", "办结", chat="十三队群")
    await town.presses("张队长", "不写，直接办结", chat="十三队群")
    town.hush()
    await town.later(days=3)
    town.hears("十三队群", "#1 没收到您的回话，先结案")
    town.hears("十三队群", "结案")
    town.hears("张队长", "结案")
    town.silent()


async def test_a_case_that_stands_still_is_reminded_once_and_then_climbs(town: Town) -> None:
    await flood(town)
    await town.presses("张队长", "接单", chat="十三队群")
    town.hush()
    await town.later(hours=24)
    town.hears("张队长", "张队长，#1 该办结了")
    town.hears("张队长", "超时，催办")
    town.hears("十三队群", "超时，催办")
    town.silent()
    await town.later(minutes=15)
    town.hears("三网格群", "张队长 已接单但超时未办结，三网格 可以接手")
    town.hears("十三队群", "#1 超时，已上报到 三网格")
    town.hush()
    assert await town.presses("王主任", "接单", chat="三网格群") == ""
    town.hears("三网格群", "王主任 已接单")


async def test_a_reporter_takes_a_report_back_with_a_reason(town: Town) -> None:
    await town.says("李阿姨", "上报 停水了")
    town.hush()
    assert "上报人自己" in await town.presses_data("张队长", "cancel:1")
    await town.presses("李阿姨", "撤销上报")
    town.hears("李阿姨", "为什么撤销 #1")
    await town.says("李阿姨", "水来了")
    town.hears("李阿姨", "撤销。水来了")
    town.hears("十三队群", "有人 撤销：水来了")
    town.hears("张队长", "撤销")
    town.silent()
    assert "不能再改" in await town.presses_data("张队长", "acknowledge:1")


async def test_a_responder_on_the_way_hears_that_it_was_taken_back(town: Town) -> None:
    await flood(town)
    await town.presses("张队长", "接单")
    town.hush()
    await town.says("李阿姨", "撤销 1 水退了", chat="十三队群")
    town.hears("张队长", "李阿姨 撤销：水退了")
    town.hears("张队长", "#1 撤销了，不用去了：水退了")
    town.hears("十三队群", "撤销。水退了")
    town.silent()


async def test_that_a_child_is_found_arrives_whatever_became_of_the_alert(town: Town) -> None:
    town.channel.errors["十三队群"] = [Doubt("reset"), Doubt("reset")]
    await town.says("李阿姨", "上报 孩子走失了")
    await town.later(minutes=1)
    town.channel.errors["十三队群"] = [Doubt("reset"), Doubt("reset"), Doubt("reset")]
    await town.says("李阿姨", "撤销 1 找到了")
    await town.later(minutes=10)
    town.hears("十三队群", "撤销。找到了")


async def test_the_same_flood_reported_twice_is_one_case(town: Town) -> None:
    await flood(town)
    await town.says("赵叔", "上报 车库全是水，淹了", chat="十三队群")
    town.hush()
    await town.says("张队长", "并案 2 1", chat="十三队群")
    town.hears("十三队群", "#2 和 #1 是同一件事")
    town.hears("十三队群", "张队长 并入 #1")
    town.hears("十三队群", "#1 水浸", "2 户上报")
    town.hears("张队长", "#1 水浸", "2 户上报")
    town.silent()
    await town.presses_data("张队长", "acknowledge:1", "十三队群")
    await town.says("张队长", "办结 1 抽干了", chat="十三队群")
    town.hears("十三队群", "#2 已随 #1 办结：抽干了")
    assert await town.presses_data("张队长", "acknowledge:2", "十三队群") == "#2 已并入 #1"


async def test_a_report_that_others_joined_is_not_taken_back(town: Town) -> None:
    await flood(town)
    await town.says("赵叔", "上报 车库全是水，淹了", chat="十三队群")
    await town.says("张队长", "并案 2 1", chat="十三队群")
    town.hush()
    assert "#2 报的是同一件事" in await town.presses_data("李阿姨", "cancel:1", "十三队群")
    await town.says("李阿姨", "撤销 1 我看错了", chat="十三队群")
    town.hears("十三队群", "#2 报的是同一件事，还要有人去看，#1 不能撤销")
    assert await town.state(1) == "reported"


async def test_all_who_reported_one_thing_hear_the_end(town: Town) -> None:
    for who, words in (("李阿姨", "3 号楼电梯坏了"), ("赵叔", "困在电梯门口"), ("吴奶奶", "楼上不去，按了没反应")):
        await town.says(who, f"上报 报修 {words}", chat="十三队群")
    await town.says("张队长", "并案 3 2", chat="十三队群")
    await town.says("张队长", "并案 2 1", chat="十三队群")
    town.hush()
    await town.says("张队长", "办结 1 抽干了", chat="十三队群")
    town.hears("十三队群", "#1 已办结：抽干了", "#2、#3 已随 #1 办结：抽干了", "李阿姨、赵叔、吴奶奶，您满意吗？")


async def test_where_a_case_stands(town: Town) -> None:
    await flood(town)
    await town.says("李阿姨", "查询 #1", chat="十三队群")
    town.hears("十三队群", "#1 水浸", "12:00 李阿姨 上报")
    await town.says("李阿姨", "查询")
    town.hears("李阿姨", "您上报的：", "#1 水浸")
    await town.says("张队长", "查询")
    town.hears("张队长", "等您这里处理的：", "#1 水浸")
    await town.says("过路人", "查询1")
    town.hears("过路人", "#1 不是这里的事")
    for unknown in ("99", "abc", "9" * 40):
        await town.says("李阿姨", f"查询 {unknown}")
        town.hears("李阿姨", "没有", "这个编号")
    town.silent()


async def test_help_says_what_can_be_said_here(town: Town) -> None:
    await town.says("李阿姨", "帮助")
    said = town.hears("李阿姨", "119", "上报", "查询", "加入")
    assert "派单" not in said.text
    await town.says("张队长", "/help@grid_bot")
    said = town.hears("张队长", "派单", "办结", "邀请", "怎么说，发：帮助")
    assert len(said.text.splitlines()) < 20, "a phone that is small"
    await town.says("张队长", "帮助 摸排")
    town.hears("张队长", "摸排 网格 内容 截止 时间 ——")
    await town.says("李阿姨", "帮助 派单")
    town.hears("李阿姨", "119", "值班 —— 现在谁值班")
    await town.says("李阿姨", "你好")
    town.hears("李阿姨", "有事请发：上报")
    town.silent()


async def test_a_missed_hour_is_made_up_in_order_and_gathered(town: Town) -> None:
    for n in range(5):
        await town.says("李阿姨", f"上报 {n + 1} 号楼电梯坏了", chat="十三队群")
    town.hush()
    town.clock.pass_time(timedelta(hours=1))
    await town.tick()
    gathered = town.hears("三网格群", "超时 5 件：")
    assert gathered.text.index("#1 ") < gathered.text.index("#5 ")
    assert town.buttons("三网格群") == [f"接单 #{n}" for n in range(1, 6)]
    town.hears("王主任", "超时 5 件：")
    town.hears("十三队群", "#1 超时，已上报到 三网格", "#5 超时")
    town.hush("十三队群", "张队长")
    town.silent()
    await town.presses("王主任", "接单 #3", chat="三网格群")
    town.hears("三网格群", "#3 报修", "王主任 已接单")


async def test_however_much_is_gathered_every_card_that_stands_tells_where_its_case_is(town: Town) -> None:
    for n in range(5):
        await town.says("李阿姨", f"上报 {n + 1} 号楼电梯坏了", chat="十三队群")
    town.hush()
    town.clock.pass_time(timedelta(hours=1))
    await town.tick()
    for n in range(5):
        for chat in ("十三队群", "张队长"):
            town.hears(chat, f"{n + 1} 号楼电梯坏了", "等 三网格（王主任）接单", "超时，上报到 三网格")
    town.hears("十三队群", "#1 超时，已上报到 三网格", "#5 超时")
    town.silent_in("十三队群", "张队长")


async def test_a_gathered_reminder_has_the_button_of_each_case(town: Town) -> None:
    for n in range(5):
        await town.says("李阿姨", f"上报 {n + 1} 号楼电梯坏了", chat="十三队群")
    for _level in range(2):
        town.clock.pass_time(timedelta(hours=1))
        await town.tick()
    town.hush()
    town.clock.pass_time(timedelta(hours=1))
    await town.tick()
    town.hears("陈书记", "超时 5 件：", "#1 还没有人接单", "#5 还没有人接单")
    assert town.buttons("陈书记") == [f"接单 #{n}" for n in range(1, 6)]


async def test_who_said_not_solved_is_asked_again_when_it_is_done_again(town: Town) -> None:
    await flood(town)
    await town.says("张队长", "办结 1 已抽水", chat="十三队群")
    for _time in range(2):
        await town.presses("李阿姨", "未解决", chat="十三队群")
        town.hush()
        await town.says("王主任", "办结 1 再抽了一遍", chat="三网格群")
        asked = town.hears("十三队群", "#1 已办结：再抽了一遍", "李阿姨，您满意吗？")
        assert town.channel.chats["十三队群"][-1] is asked, "a message of its own: an old one changes without a sound"
        assert "未解决" not in asked.text
        town.hears("十三队群", "等上报人回话：再抽了一遍")
    await town.presses("李阿姨", "满意", chat="十三队群")
    town.hears("十三队群", "#1 结案：满意。谢谢您告诉我们。")
    assert await town.state(1) == "closed"
    assert sum("已退回重办" in message.text for message in town.channel.chats["十三队群"]) == 2
