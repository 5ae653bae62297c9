"""What was sent is corrected, called back, cleared, said again and over; and it is seen whom it reached."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.channels import Doubt, Later, Never
from domain.people import Role
from domain.quiet import QuietHours
from tests.handlers.test_alerts import BELOW_G3, WORDS, groups_having, sent, submitted
from tests.town import CHANNEL, Town


@pytest.fixture
async def alerted(township: Town) -> Town:
    """An orange alert stands in three groups."""
    await sent(township)
    township.hush()
    return township


async def test_one_press_of_one_person_calls_it_back(alerted: Town) -> None:
    town = alerted
    await town.presses("王主任", "撤销")
    for group in BELOW_G3:
        card, word = (town.hears(group, "【撤销】三网格的橙色预警（第 1 号）作废，是发错了") for _n in range(2))
        assert card.history[0].startswith("【橙色预警】")
        assert not card.buttons
        assert not word.history
    assert groups_having(town, WORDS) == set()
    town.hears("王主任", "已撤销")
    town.hears("陈书记", "已撤销")
    town.silent()
    assert "已经结束了（已撤销）" in await town.presses_data("王主任", "alert_cancel:1")
    assert "已经结束了" in await town.presses_data("陈书记", "alert_clear:1")
    await town.later(hours=25)
    town.silent()


async def test_the_correction_goes_before_the_cards_change(alerted: Town) -> None:
    town = alerted
    start = len(town.channel.order)
    await town.presses("陈书记", "解除")
    assert {chat for chat, text in town.channel.order[start:] if text.startswith("【解除】")} == BELOW_G3
    assert groups_having(town, WORDS) == BELOW_G3, "what it said can still be read under its end"


@pytest.mark.parametrize("who", ["李阿姨", "小林", "张队长", "关东队长"])
async def test_nobody_without_authority_over_all_of_it_takes_it_back(alerted: Town, who: str) -> None:
    for verb in ("alert_cancel", "alert_clear", "alert_amend"):
        assert "不归您管" in await alerted.presses_data(who, f"{verb}:1")
    assert groups_having(alerted, "【撤销】") == set()


async def test_a_correction_is_one_press_and_the_right_words(alerted: Town) -> None:
    town = alerted
    await town.presses("陈书记", "更正")
    town.hears("陈书记", "第 1 号改成什么")
    await town.says("陈书记", "改为 20 点泄洪")
    for group in BELOW_G3:
        town.hears(group, "【更正】橙色预警（第 1 号）以这条为准：\n改为 20 点泄洪")
        town.hears(group, "【橙色预警】三网格", "改为 20 点泄洪")
    assert groups_having(town, WORDS) == set()
    await town.presses("王主任", "撤销")
    assert groups_having(town, "【撤销】") == BELOW_G3


async def test_words_that_may_not_be_said_correct_nothing(alerted: Town) -> None:
    await alerted.presses("陈书记", "更正")
    alerted.hush()
    await alerted.says("陈书记", "刚才是演练")
    alerted.hears("陈书记", "不要写“演练”")
    alerted.silent()


async def test_exactly_those_hear_of_the_end_who_got_it_or_may_have(township: Town) -> None:
    """One group could not be reached yet, of one nobody knows: the first hears nothing, the second the correction."""
    town = township
    town.channel.errors["十三队群"] = [Later("busy", 600.0)]
    town.channel.errors["十四队群"] = [Doubt("lost"), Doubt("lost")]
    await sent(town)
    town.clock.pass_time(timedelta(minutes=1))
    await town.settle()
    assert groups_having(town, WORDS) == {"三网格群"}
    town.hush()
    await town.presses("王主任", "撤销")
    town.hears("三网格群", "【撤销】")
    town.hears("十四队群", "【撤销】")
    await town.later(hours=1)
    assert not town.channel.chats["十三队群"]
    assert not any(m.text.startswith("【橙色预警】") for m in town.channel.chats["十四队群"])


async def test_a_group_that_was_not_told_yet_gets_the_corrected_words_first(township: Town) -> None:
    town = township
    town.channel.errors["十三队群"] = [Later("busy", 600.0)]
    await sent(town)
    await town.presses("陈书记", "更正")
    await town.says("陈书记", "改为 20 点泄洪")
    await town.later(minutes=15)
    heard = [m.text for m in town.channel.chats["十三队群"]]
    assert len(heard) == 1
    assert heard[0].startswith("【橙色预警】")
    assert "改为 20 点泄洪" in heard[0]


async def test_time_ends_it_and_says_so(alerted: Town) -> None:
    town = alerted
    await town.later(hours=23, minutes=59)
    town.hush()
    await town.later(minutes=1)
    for group in BELOW_G3:
        card, word = (town.hears(group, "【到期】三网格的橙色预警（第 1 号）到期了") for _n in range(2))
        assert WORDS in card.text
        assert WORDS not in word.text
    town.hears("王主任", "已到期")
    town.hears("陈书记", "已到期")
    town.silent()


async def test_a_grave_alert_is_said_again_while_it_is_in_force(township: Town) -> None:
    town = township
    await sent(town, f"预警 红 三网格 {WORDS}")
    town.hush()
    await town.later(hours=1)
    for group in BELOW_G3:
        town.hears(group, "（仍然有效）【红色预警】", WORDS)
    town.silent()
    await town.presses("王主任", "解除")
    town.hush()
    await town.later(hours=3)
    town.silent()


async def test_nothing_is_said_again_while_the_whole_bot_is_practised_with(township: Town) -> None:
    town = township
    await sent(town, f"预警 红 三网格 {WORDS}")
    town.settings = replace(town.settings, training=True)
    town.restart()
    town.hush()
    await town.later(hours=2)
    town.silent()
    await town.presses("王主任", "撤销")
    assert groups_having(town, "【撤销】") == BELOW_G3


async def test_a_repetition_that_waits_is_called_back_too(township: Town) -> None:
    town = township
    await sent(town, f"预警 红 三网格 {WORDS}")
    town.channel.errors["十三队群"] = [Later("busy", 1200.0)]
    await town.later(hours=1)
    await town.presses("王主任", "撤销")
    await town.later(hours=1)
    texts = [m.text for m in town.channel.chats["十三队群"]]
    assert not any("仍然有效" in text for text in texts)
    assert any(text.startswith("【撤销】") for text in texts)


async def two_until_eleven(town: Town) -> None:
    """Two yellow warnings for one squad, which end when people sleep."""
    town.settings = replace(town.settings, quiet=QuietHours())
    town.restart()
    for text in ("刮风", "下雨"):
        await town.says("王主任", f"预警 黄 十三队 {text}")
        await town.presses("王主任", "到期时间")
        await town.says("王主任", "今晚 11:00")
        await town.presses("王主任", "提交")
        await town.says("王主任", "十三队")


async def test_the_end_of_a_yellow_one_wakes_nobody_and_its_recall_does(township: Town) -> None:
    town = township
    await two_until_eleven(town)
    await town.later(hours=10, minutes=30)
    await town.presses_data("王主任", "alert_cancel:2")
    assert groups_having(town, "【撤销】十三队的黄色预警（第 2 号）") == {"十三队群"}
    town.hush()
    await town.later(hours=2)
    # The card changes where it stands, without a sound; the word comes in the morning.
    town.hears("十三队群", "【到期】", "刮风")
    town.silent_in("十三队群")
    await town.later(hours=6)
    town.hears("十三队群", "【到期】十三队的黄色预警（第 1 号）")


async def test_each_end_of_the_night_is_said_by_itself_in_the_morning(township: Town) -> None:
    """Between other lines, the end of a drill could be taken for that of a real warning."""
    town = township
    await two_until_eleven(town)
    await town.later(hours=12)
    town.hush()
    await town.later(hours=6)
    for number in (1, 2):
        end = town.hears("十三队群", f"【到期】十三队的黄色预警（第 {number} 号）")
        assert end.text.startswith("【到期】"), end.text


async def test_a_notice_ends_without_a_word(township: Town) -> None:
    town = township
    await submitted(town, "通知 三网格 明天停水")
    assert "解除" not in town.buttons("王主任")
    town.hush()
    await town.later(days=7)
    for group in BELOW_G3:
        town.hears(group, "【到期】三网格的通知（第 1 号）", "明天停水")
        assert len(town.channel.chats[group]) == 1
    town.hears("王主任", "已到期")
    town.silent()


async def test_a_group_that_is_not_reached_is_told_to_somebody_there_and_stands_in_the_history(township: Town) -> None:
    town = township
    town.channel.closed.add("十三队群")
    town.channel.errors["十四队群"] = [Never("chat is frozen")]
    town.channel.errors["三网格群"] = [Doubt("lost"), Doubt("lost")]
    await sent(town)
    town.clock.pass_time(timedelta(minutes=1))
    await town.settle()
    town.hears("张队长", "橙色预警（第 1 号）没能送到“十三队群”", WORDS)
    town.hears("王主任", "没能送到“十四队群”")
    town.hears("王主任", "没能送到“三网格群”")
    await town.presses("王主任", "送达情况")
    town.hears(
        "王主任",
        "送到 0 个群，存疑 1，没送到 2",
        "“十三队群”（十三队）：没送到",
        "“十四队群”（十四队）：没送到，chat is frozen",
        "“三网格群”（三网格）：不知道送到没有",
        "王主任 提交",
        "陈书记 通过",
    )
    await town.says("陈书记", "预警 列表")
    town.hears("陈书记", "第 1 号 橙色预警 三网格", "已发出", "王主任 写", "陈书记 通过", "存疑 1，没送到 2")


async def test_the_list_is_for_those_who_answer_for_a_part_of_it(alerted: Town) -> None:
    town = alerted
    await town.person("镇长", (Role.OFFICER, "T"))
    await town.says("镇长", "预警 列表")
    town.hears("镇长", "第 1 号 橙色预警 三网格", "送到 3 个群，存疑 0，没送到 0")
    await town.presses("镇长", "第 1 号")
    town.hears("镇长", "已发出", WORDS)
    assert "撤销" in town.buttons("镇长")
    await town.says("关东队长", "预警 列表")
    town.hears("关东队长", "还没有发过")
    assert "私下看" in await town.presses_data("关东队长", "alert_history:1")
    assert "私下看" in await town.presses_data("陈书记", "alert_history:1", chat="村委群")
    await town.says("王主任", "预警 列表", chat="三网格群")
    town.hears("三网格群", "请私下对我说")


async def test_a_group_that_moves_hears_the_end_under_its_new_name(alerted: Town) -> None:
    town = alerted
    await town.happens("Moved", "十三队群", to="十三队新群")
    await town.presses("王主任", "撤销")
    town.hears("十三队新群", "【撤销】")


async def test_what_a_newer_one_replaces_says_so_where_it_stands(alerted: Town) -> None:
    town = alerted
    await town.says("王主任", "预警 橙 十三队 改为 20 点泄洪")
    async with town.store.transaction():
        await town.store.db.run("UPDATE broadcasts SET revises = 1 WHERE id = 2")
    await town.presses("王主任", "提交")
    await town.says("王主任", "十三队")
    await town.presses("陈书记", "通过")
    for group in BELOW_G3:
        town.hears(group, "【更新】三网格的橙色预警（第 1 号）由新的代替")
    town.hears("十三队群", "【橙色预警】十三队", "改为 20 点泄洪")
    assert "已经结束了" in await town.presses_data("王主任", "alert_cancel:1")


async def test_where_the_recall_cannot_be_said_somebody_there_is_asked_to(alerted: Town) -> None:
    town = alerted
    town.channel.closed.add("十三队群")
    await town.presses("王主任", "撤销")
    told = town.hears("张队长", "橙色预警（第 1 号）已撤销，没能告诉“十三队群”")
    assert WORDS not in told.text


async def test_where_the_recall_is_refused_somebody_there_is_asked_to(alerted: Town) -> None:
    town = alerted
    town.channel.errors["十三队群"] = [Never("400")]
    await town.presses("王主任", "撤销")
    town.hears("张队长", "橙色预警（第 1 号）已撤销，没能告诉“十三队群”")


async def test_a_correction_that_still_waits_gives_way_to_the_recall(alerted: Town) -> None:
    town = alerted
    town.channel.errors["十三队群"] = [Later("busy", 600.0)]
    await town.presses("陈书记", "更正")
    await town.says("陈书记", "改为 20 点泄洪")
    await town.presses("陈书记", "撤销")
    await town.later(minutes=15)
    texts = [m.text for m in town.channel.chats["十三队群"]]
    assert not any("20 点" in text for text in texts)
    assert sum(text.startswith("【撤销】") for text in texts) == 2, "in the card's place, and said"


@pytest.mark.parametrize("press", ["解除", "更正"])
async def test_where_a_card_cannot_change_in_place_its_end_is_said_once(alerted: Town, press: str) -> None:
    town = alerted
    town.store.outbox.said_anew.add(CHANNEL)
    await town.presses("陈书记", press)
    if press == "更正":
        await town.says("陈书记", "改为 20 点泄洪")
    for group in BELOW_G3:
        town.hears(group, f"【{press}】")
        town.silent_in(group)
