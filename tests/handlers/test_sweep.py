"""A sweep from the first word to its report: each squad leader ticks off the doors, and the count climbs."""

import pytest

from domain.people import Role
from tests.handlers.swept import begun, doors_known
from tests.town import Town


async def test_each_door_takes_one_tap_and_the_count_climbs(town: Town) -> None:
    await doors_known(town)
    await town.says("王主任", "摸排 台风转移 截止 13:00")
    town.hears("王主任", "【台风转移摸排】第 1 号 三网格", "2 个小队，12 户", "其中 1 户要照顾", "13:00 截止（1 小时）")
    await town.presses("王主任", "开始")
    await town.tick()
    town.hears("张队长", "十三队", "问到 0/10 户", "还没问：⚠7号、1号、2号", "▶ 7号（⚠独居老人）")
    town.hears("十三队群", "请各家点一下，或回一句“我家安全”")
    town.hears("十四队群", "台风转移摸排")
    town.hears("王主任", "三网格", "问到 0/12 户", "2 个小队没开始", "一片 0/12 没开始")
    town.hears("王主任", "一片", "没有队长能收到清单：十四队")
    town.hears("三网格群", "问到 0/12 户")
    town.silent()
    assert await town.presses("张队长", "安全") == "7号：安全"
    for _n in range(9):
        await town.presses("张队长", "安全")
    town.hears("张队长", "问到 10/10 户", "每户都问好了")
    await town.later(minutes=1)
    town.hears("王主任", "三网格", "问到 10/12 户", "1 个小队没开始")


async def test_help_opens_a_case_at_once_and_a_later_answer_stands(town: Town) -> None:
    await doors_known(town)
    await begun(town)
    await town.presses("张队长", "需帮助")
    town.hears("张队长", "#1", "7号 需帮助（台风转移摸排）")
    town.hears("十三队群", "#1", "7号 需帮助")
    assert await town.state(1) == "reported"
    await town.presses("张队长", "需帮助")
    assert await town.state(2) == "reported", "two doors are two errands"
    await town.presses("张队长", "上一户")
    await town.presses("张队长", "上一户")
    town.hears("张队长", "▶ 7号", "现在记的：需帮助")
    await town.presses("张队长", "安全")
    async with town.store.transaction():
        given = await town.store.db.all("SELECT what FROM sweep_log WHERE sweep = 1 AND household = 7 ORDER BY id")
        assert [row["what"] for row in given] == ["help", "safe"]
        top = await town.store.sweep_counts.top(1)
    assert top
    assert (top.done, top.help) == (2, 1)
    assert await town.state(1) == "reported"


async def test_words_do_as_well_as_taps(town: Town) -> None:
    await doors_known(town)
    await begun(town)
    await town.says("张队长", "3号 已转移 2人 去了姐姐家\n5号 联系不上\n99号 安全")
    heard = town.hears("张队长", "记下了：3号 已转移 2人 去了姐姐家", "记下了：5号 联系不上", "清单上没有“99号”")
    assert heard.text.count("\n") == 2
    town.hears("张队长", "问到 1/10 户", "联系不上 1 户")


async def test_a_number_is_asked_where_it_belongs(town: Town) -> None:
    await doors_known(town)
    await begun(town)
    await town.presses("张队长", "已转移")
    town.hears("张队长", "7号：已转移。几人？")
    await town.presses("张队长", "3")
    town.hears("张队长", "▶ 1号")
    async with town.store.transaction():
        entry = await town.store.sweep_doors.get(1, 7)
    assert entry
    assert (entry.answer, entry.number) == ("moved", 3)


async def test_a_household_answers_for_itself(town: Town) -> None:
    await doors_known(town)
    await begun(town)
    await town.says("李阿姨", "我家安全", chat="十三队群")
    town.hears("十三队群", "记下了：1号 安全。谢谢您。")
    assert await town.presses("赵叔", "我家安全", chat="十四队群") == "记下了：后山2号 安全。谢谢您。"
    await town.later(minutes=1)
    town.hears("张队长", "问到 1/10 户", "还没问：⚠7号、2号")
    await town.says("新来的", "我家安全", chat="十三队群")
    town.hears("十三队群", "还不知道您是哪一户")
    async with town.store.transaction():
        entry = await town.store.sweep_doors.get(1, 1)
        count = await town.store.sweep_counts.of(1, "S13")
    assert entry
    assert entry.self_reported
    assert count
    assert count.began_at is None, "its leader has not begun"


async def test_a_household_that_needs_help_says_what(town: Town) -> None:
    await doors_known(town)
    await begun(town)
    await town.says("李阿姨", "我家需帮助 水进屋了，老人走不动", chat="十三队群")
    town.hears("十三队群", "记下了：1号 需帮助 水进屋了，老人走不动")
    assert await town.state(1) == "reported"


async def test_without_a_sweep_the_same_words_are_a_report_or_talk(town: Town) -> None:
    await doors_known(town)
    await town.says("李阿姨", "我家安全", chat="十三队群")
    await town.says("张队长", "3号 安全", chat="十三队群")
    town.silent()


async def test_who_has_not_begun_is_nudged_and_then_named_above(town: Town) -> None:
    await doors_known(town)
    await town.person("小林", (Role.DEPUTY, "S13"))
    async with town.store.transaction():
        await town.store.db.run("UPDATE people SET phone = '13900000001' WHERE name = '张队长'")
    await begun(town)
    await town.later(minutes=15)
    town.hears("张队长", "十三队还没有开始", "▶ 7号")
    assert len([m for m in town.channel.chats["张队长"] if "▶" in m.text]) == 1, "the old list is gone"
    town.silent_in("小林")
    await town.later(minutes=15)
    town.hears("小林", "十三队还没有开始", "▶ 7号")
    town.silent_in("陈书记")
    await town.later(minutes=15)
    town.hears("王主任", "这些小队还没有开始", "十三队 0/10 户：张队长 13900000001", "十四队 0/2 户：没有队长")
    await town.later(minutes=15)
    town.hears("王主任", "结束了", "问到 0/12 户", "没问完：十三队 0/10、十四队 0/2")
    assert "已经结束" in await town.presses_data("张队长", "sweep_tick:1:7:safe")


async def test_whoever_leads_above_asks_the_doors_of_a_squad_without_a_leader(town: Town) -> None:
    await doors_known(town)
    await begun(town)
    await town.presses("王主任", "十四队 代问")
    town.hears("王主任", "十四队", "▶ 后山1号")
    await town.presses("王主任", "无人")
    await town.presses("王主任", "安全")
    town.hears("王主任", "十四队", "每户都问好了")


async def test_a_leader_who_comes_in_the_middle_gets_the_list(town: Town) -> None:
    await doors_known(town)
    await begun(town)
    assert any("没有队长能收到清单：十四队" in m.text for m in town.channel.chats["王主任"])
    await town.person("周队长", (Role.LEADER, "S14"))
    await town.later(minutes=16)
    town.hears("周队长", "十四队还没有开始", "▶ 后山1号")
    assert not any("没有队长能收到清单：十四队" in m.text for m in town.channel.chats["王主任"])


async def test_it_is_paused_extended_handed_over_and_ended(town: Town) -> None:
    await doors_known(town)
    await begun(town)
    await town.presses("王主任", "暂停")
    await town.later(minutes=30)
    town.hears("张队长", "暂停了，先不用问")
    await town.presses("王主任", "继续")
    await town.tick()
    town.hears("王主任", "13:30 截止，还有 1 小时")
    await town.presses("王主任", "延长")
    await town.presses("王主任", "再给 30 分钟")
    town.hears("王主任", "延长了：14:00 截止")
    await town.presses("王主任", "交给别人")
    await town.presses("王主任", "陈书记")
    town.hears("陈书记", "王主任把【台风转移摸排】第 1 号交给您了")
    await town.later(minutes=1)
    town.hears("陈书记", "三网格", "现在由 陈书记 管")
    await town.presses("陈书记", "结束")
    town.hears("陈书记", "还有 12 户没问到，现在就结束吗？")
    await town.presses("陈书记", "现在结束")
    town.hears("陈书记", "结束了")
    await town.later(minutes=1)
    town.hears("张队长", "已经结束")


async def test_once_more_asks_only_what_was_not_settled(town: Town) -> None:
    await doors_known(town)
    await begun(town)
    for _n in range(8):
        await town.presses("张队长", "安全")
    await town.presses("张队长", "联系不上")
    await town.presses("王主任", "结束")
    await town.presses("王主任", "现在结束")
    await town.later(minutes=1)
    town.hush()
    await town.presses("王主任", "再摸一遍")
    town.hears("王主任", "第 2 号", "上次（第 1 号）问好的不再问")
    await town.presses("王主任", "开始")
    await town.tick()
    town.hears("张队长", "第 2 号", "问到 8/10 户", "还没问：9号、10号")


async def test_a_drill_says_so_and_calls_nobody(town: Town) -> None:
    await doors_known(town)
    town.settings = type(town.settings)(
        drill_grids=frozenset({"G3"}), surveys=town.settings.surveys, timezone=town.settings.timezone
    )
    town.restart()
    await begun(town, "摸排 演练 台风转移 截止 13:00")
    await town.presses("张队长", "需帮助")
    await town.later(minutes=1)
    for messages in town.channel.chats.values():
        for message in messages:
            assert message.text.startswith("【演练】")
            assert message.text.endswith("【演练】")
    async with town.store.transaction():
        assert await town.store.cases.get(1) is None


async def test_two_at_once_do_not_mix(town: Town) -> None:
    await doors_known(town)
    await begun(town)
    await begun(town, "摸排 高温 截止 14:00")
    await town.says("张队长", "3号 安全")
    town.hears("张队长", "在几个摸排里：第 2 号高温摸排、第 1 号台风转移摸排，没有记")
    await town.says("张队长", "第 1 号 3号 安全")
    town.hears("张队长", "记下了：3号 安全")
    await town.says("李阿姨", "我家安全", chat="十三队群")
    town.hears("十三队群", "您回的是哪一个？")
    await town.presses("李阿姨", "高温摸排（第 2 号）", chat="十三队群")
    async with town.store.transaction():
        first, second = await town.store.sweep_counts.top(1), await town.store.sweep_counts.top(2)
    assert first
    assert second
    assert (first.done, second.done) == (1, 1)


async def test_whoever_calls_for_help_is_not_asked_which_sweep_first(town: Town) -> None:
    await doors_known(town)
    await begun(town)
    await begun(town, "摸排 高温 截止 14:00")
    await town.says("李阿姨", "我家需帮助 水进屋了", chat="十三队群")
    town.hears("十三队群", "记下了：1号 需帮助 水进屋了")
    town.hears("十三队群", "#1", "1号 需帮助：水进屋了（高温摸排）")
    assert await town.state(1) == "reported"


async def test_which_sweep_is_asked_keeps_how_many_they_are(town: Town) -> None:
    await doors_known(town)
    await begun(town)
    await begun(town, "摸排 台风转移 截止 14:00")
    await town.says("李阿姨", "我家已转移 3人", chat="十三队群")
    assert town.buttons("十三队群")[-2:] == ["台风转移摸排（第 2 号）", "台风转移摸排（第 1 号）"]
    told = await town.presses("李阿姨", "台风转移摸排（第 1 号）", chat="十三队群")
    assert told == "记下了：1号 已转移 3人。谢谢您。"


async def test_a_household_that_moves_is_asked_by_its_new_leader_and_counted_once(town: Town) -> None:
    await doors_known(town)
    await town.person("周队长", (Role.LEADER, "S14"))
    await begun(town)
    await town.says("王主任", "移户 十三队 3号 十四队")
    town.hears("王主任", "“3号”现在归十四队")
    town.hears("周队长", "还没问：3号、后山1号、后山2号")
    await town.says("周队长", "3号 安全")
    town.hears("周队长", "记下了：3号 安全")
    await town.later(minutes=1)
    town.hears("王主任", "问到 1/12 户")
    async with town.store.transaction():
        count = await town.store.sweep_counts.of(1, "S13")
    assert count
    assert (count.done, count.total) == (1, 10)


@pytest.mark.parametrize(
    ("who", "words", "answer"),
    [
        ("王主任", "摸排 台风转移 截止 11:00", "截止时间已经过了"),
        ("王主任", "摸排 台风转移 截止 晚饭", "没看懂截止时间"),
        ("王主任", "摸排 九网格 台风转移", "没有叫 九网格 的网格"),
        ("王主任", "摸排 三网格", "请写摸排什么：台风转移、高温"),
        ("李阿姨", "摸排 台风转移", "这要由队长、网格长或干部来发"),
        ("张队长", "摸排 三网格 台风转移", "这一步要由管这一片的队长"),
        ("王主任", "摸排 演练 台风转移", "没有参加演练"),
    ],
)
async def test_what_cannot_be_is_refused_with_what_to_do(town: Town, who: str, words: str, answer: str) -> None:
    await doors_known(town)
    await town.says(who, words)
    town.hears(who, answer)
    town.silent()


async def test_an_empty_grid_has_nobody_to_ask(town: Town) -> None:
    await town.says("王主任", "摸排 台风转移")
    town.hears("王主任", "名册上还没有住户")
    async with town.store.transaction():
        assert await town.store.sweeps.get(1) is None
