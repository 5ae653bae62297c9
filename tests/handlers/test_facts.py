"""What the bot understood stands on the card; what is missing is asked, what is wrong is put right by a tap."""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from domain.quiet import QuietHours
from tests.town import Town


async def test_what_is_missing_is_asked_one_thing_at_a_time_in_one_place(town: Town) -> None:
    await town.says("李阿姨", "地下车库进水了", chat="十三队群")
    asked = town.hears("十三队群", "#1 水到哪里了？")
    assert await town.state(1) == "reported"
    await town.presses("李阿姨", "水到膝盖", chat="十三队群")
    town.hears("十三队群", "#1 水浸", "水到膝盖")
    assert town.hears("十三队群", "#1 有人被困或受伤吗？").id == asked.id
    await town.presses("李阿姨", "不清楚", chat="十三队群")
    assert "谢谢，#1 都记下了" in asked.text or "在哪里" in asked.text


async def test_whoever_takes_it_does_not_wait_for_the_answers(town: Town) -> None:
    await town.says("李阿姨", "我家楼下进水了", chat="十三队群")
    await town.presses("张队长", "接单", chat="十三队群")
    await town.presses("李阿姨", "水到腰", chat="十三队群")
    town.hears("十三队群", "张队长 已接单", "水到腰")


async def test_a_neighbour_does_not_answer_for_the_reporter(town: Town) -> None:
    await town.says("李阿姨", "我家楼下进水了", chat="十三队群")
    assert "要由管这一片的" in await town.presses("赵叔", "水到腰", chat="十三队群")


async def test_where_is_asked_in_a_group_of_many_squads_and_answered_in_words(town: Town) -> None:
    await town.says("李阿姨", "上报 灯坏了", chat="村委群")
    town.hears("村委群", "#1 在哪里？")
    await town.says("李阿姨", "3 栋 2 单元门口", chat="村委群")
    town.hears("村委群", "#1 报修", "3 栋 2 单元门口")
    town.hears("村委群", "谢谢，#1 都记下了")


async def test_an_answer_given_twice_is_told_so(town: Town) -> None:
    await town.says("李阿姨", "我家楼下进水了", chat="十三队群")
    await town.presses_data("李阿姨", "know:1:0:knee", chat="十三队群")
    assert await town.presses_data("李阿姨", "know:1:0:waist", chat="十三队群") == "这个问题已经有人回答过了。"
    assert await town.presses_data("李阿姨", "know:1:1:maybe", chat="十三队群") == "这个按钮失效了。发“查询”看进展。"


async def test_a_wrong_kind_is_put_right_and_the_right_people_hear(town: Town) -> None:
    await town.says("李阿姨", "上报 东门有情况", chat="十三队群")
    town.hears("十三队群", "#1 其他")
    await town.presses("李阿姨", "更正", chat="十三队群")
    town.hears("十三队群", "#1 哪里不对？")
    await town.presses("李阿姨", "是消防燃气", chat="十三队群")
    town.hears("十三队群", "#1 消防燃气", "李阿姨 更正：消防燃气")
    town.hears("十三队群", "#1 改好了")
    async with town.store.transaction():
        case = await town.store.cases.get(1)
    assert case
    assert case.due_at
    assert (case.due_at - town.clock.now()).total_seconds() == 300


async def test_what_turns_out_to_be_a_quarrel_leaves_the_group(town: Town) -> None:
    await town.says("李阿姨", "上报 东门有情况", chat="十三队群")
    town.hush()
    await town.presses_data("李阿姨", "fix:1:kind:dispute", chat="十三队群")
    assert not [m for m in town.channel.chats["十三队群"] if "#1 其他" in m.text or "#1 纠纷" in m.text]
    town.hears("张队长", "#1 纠纷")


async def test_danger_makes_any_case_a_page(town: Town) -> None:
    await town.says("李阿姨", "上报 电梯坏了", chat="十三队群")
    await town.presses_data("张队长", "fix:1:danger:yes", chat="十三队群")
    town.hears("十三队群", "#1 报修", "有人有危险")
    async with town.store.transaction():
        row = await town.store.db.one("SELECT promise FROM outbox WHERE card = 'case:1' ORDER BY id DESC LIMIT 1")
    assert row
    assert row["promise"] == "A"


ALOUD = "#1 有人有危险，请马上看卡片"


def told_aloud(town: Town, chat: str) -> int:
    return sum(ALOUD in message.text for message in town.channel.chats[chat])


@pytest.mark.parametrize("how", ["answer", "addition", "correction", "edit"])
async def test_danger_that_becomes_known_late_is_told_aloud_once(town: Town, how: str) -> None:
    await town.says("李阿姨", "我家楼下进水了", chat="十三队群")
    report = f"u{town._updates - 1}"
    await town.presses("李阿姨", "水到膝盖", chat="十三队群")
    town.hush()
    match how:
        case "answer":
            await town.presses("李阿姨", "有", chat="十三队群")
        case "addition":
            await town.says("李阿姨", "有人被困在里面", chat="十三队群", reply_to=report)
        case "correction":
            await town.presses_data("张队长", "fix:1:danger:yes", "十三队群")
        case "edit":
            await town.happens("Edited", "十三队群", "李阿姨", message_id=report, text="我家楼下进水了，有人被困")
    for chat in ("十三队群", "张队长"):
        town.hears(chat, "#1 水浸", "有人有危险")
        town.hears(chat, ALOUD)
    await town.says("李阿姨", "有人被困，快来", chat="十三队群", reply_to=report)
    assert [told_aloud(town, chat) for chat in ("十三队群", "张队长", "王主任")] == [1, 1, 0]


async def test_whoever_has_it_in_hand_is_told_at_night_too(town: Town) -> None:
    town.settings = replace(town.settings, quiet=QuietHours(time(22), time(6)))
    town.restart()
    await town.says("李阿姨", "上报 电梯坏了", chat="十三队群")
    await town.presses("王主任", "接单", chat="十三队群")
    town.clock.pass_time(timedelta(hours=11))
    await town.presses_data("李阿姨", "fix:1:danger:yes", "十三队群")
    town.hears("王主任", "#1 报修", "有人有危险")
    assert told_aloud(town, "十三队群") == 1


async def test_danger_in_what_was_merged_is_told_to_those_who_work_on_the_whole(town: Town) -> None:
    await town.says("李阿姨", "上报 电梯坏了", chat="十三队群")
    await town.says("赵叔", "上报 东门路灯坏了", chat="十四队群")
    await town.says("王主任", "并案 2 1", chat="三网格群")
    town.hush()
    await town.presses_data("王主任", "fix:2:danger:yes", "三网格群")
    said = "#2 有人有危险，请马上看卡片"
    assert any(said in message.text for message in town.channel.chats["张队长"])


async def test_a_question_that_an_addition_answers_gives_way_to_the_next(town: Town) -> None:
    await town.says("李阿姨", "我家楼下进水了", chat="十三队群")
    report, asked = f"u{town._updates - 1}", town.hears("十三队群", "#1 水到哪里了？")
    await town.says("赵叔", "水到膝盖了", chat="十三队群", reply_to=report)
    assert town.hears("十三队群", "#1 有人被困或受伤吗？").id == asked.id
    await town.says("赵叔", "有人被困在里面", chat="十三队群", reply_to=report)
    assert "谢谢，#1 都记下了" in asked.text


async def test_a_question_that_was_not_answered_stays(town: Town) -> None:
    await town.says("李阿姨", "我家楼下进水了", chat="十三队群")
    report, asked = f"u{town._updates - 1}", town.hears("十三队群", "#1 水到哪里了？")
    await town.says("赵叔", "有人被困在里面", chat="十三队群", reply_to=report)
    assert asked.text == "#1 水到哪里了？"
    await town.presses("李阿姨", "水到腰", chat="十三队群")
    assert "谢谢，#1 都记下了" in asked.text


async def test_where_is_not_waited_for_once_somebody_said_it(town: Town) -> None:
    await town.says("李阿姨", "上报 灯坏了", chat="村委群")
    report, asked = f"u{town._updates - 1}", town.hears("村委群", "#1 在哪里？")
    await town.says("赵叔", "灯在3号楼2单元", chat="村委群", reply_to=report)
    assert "谢谢，#1 都记下了" in asked.text
    town.hush()
    await town.says("李阿姨", "今天天气不错", chat="村委群")
    town.silent()


async def test_where_is_asked_of_nobody_but_the_reporter(town: Town) -> None:
    await town.says("李阿姨", "我家楼下进水了", chat="村委群")
    report = f"u{town._updates - 1}"
    await town.presses("李阿姨", "水到膝盖", chat="村委群")
    town.hears("村委群", "#1 有人被困或受伤吗？")
    await town.says("赵叔", "有人被困在里面", chat="村委群", reply_to=report)
    assert not [m for m in town.channel.chats["村委群"] if "有人被困或受伤吗" in m.text or "在哪里" in m.text]
    town.hush()
    await town.says("赵叔", "今天天气不错", chat="村委群")
    town.silent()


async def test_another_kind_asks_its_own_questions(town: Town) -> None:
    await town.says("李阿姨", "我家楼下进水了", chat="十三队群")
    await town.presses("李阿姨", "水到膝盖", chat="十三队群")
    town.hears("十三队群", "#1 有人被困或受伤吗？")
    await town.presses_data("张队长", "fix:1:kind:fire_gas", "十三队群")
    asked = [m.text for m in town.channel.chats["十三队群"] if m.text.startswith("#1 ") and m.text.endswith("？")]
    assert len(asked) == 1


async def test_a_question_goes_when_the_case_is_over(town: Town) -> None:
    await town.says("李阿姨", "我家楼下进水了", chat="十三队群")
    town.hears("十三队群", "#1 水到哪里了？")
    await town.says("李阿姨", "撤销 1 是我看错了", chat="十三队群")
    assert not [m for m in town.channel.chats["十三队群"] if "水到哪里了" in m.text]
