"""A warning is written in private, let out by a second person, and reaches every group below its grid."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.channels import Never, Unreachable
from domain.people import Role
from domain.quiet import QuietHours
from tests.town import Town

BELOW_G3 = {"三网格群", "十三队群", "十四队群"}
WORDS = "水库 18 点泄洪，低洼处马上上楼"
ALERT = f"预警 橙 三网格 {WORDS}"


def having(town: Town, words: str) -> set[str]:
    """The chats with a message that says this now."""
    return {chat for chat, said in town.channel.chats.items() if any(words in m.text for m in said)}


def groups_having(town: Town, words: str) -> set[str]:
    return {chat for chat in having(town, words) if chat.endswith("群")}


async def submitted(town: Town, words: str = ALERT, who: str = "王主任", place: str = "三网格") -> None:
    await town.says(who, words)
    await town.presses(who, "提交")
    await town.says(who, place)


async def sent(town: Town, words: str = ALERT) -> None:
    await submitted(town, words)
    await town.presses("陈书记", "通过")


async def test_an_orange_alert_from_the_first_word_to_every_group_below(township: Town) -> None:
    town = township
    await town.says("王主任", ALERT)
    draft = town.hears(
        "王主任", "【橙色预警】三网格 · 第 1 号 · 草稿", WORDS, "发到 3 个群，名册里还没有那里的住户", "不要回执"
    )
    assert [b.label for b in draft.buttons] == ["提交", "改内容", "改地方", "到期时间", "回执", "改颜色", "不发了"]
    await town.presses("王主任", "提交")
    town.hears("王主任", "第 1 号要发到哪里")
    await town.says("王主任", "三网格")
    town.hears("王主任", "等第二个人通过，过了 12:10 作废")
    town.hears("王主任", "已经请 陈书记 通过，10 分钟 内有效")
    asked = town.hears("陈书记", "等第二个人通过", "王主任 写的", WORDS)
    assert [b.label for b in asked.buttons] == ["通过", "驳回", "退回修改"]
    town.silent()
    await town.presses("陈书记", "通过")
    for group in BELOW_G3:
        town.hears(group, "【橙色预警】三网格", WORDS, "有效到 7-26 12:00", "王主任 发布，第 1 号")
    town.hears("王主任", "已发出", "陈书记 通过")
    town.hears("陈书记", "已发出", "陈书记 通过")
    town.silent()
    assert groups_having(town, WORDS) == BELOW_G3


async def test_what_is_missing_is_asked_one_thing_at_a_time(township: Town) -> None:
    town = township
    await town.says("王主任", "预警")
    assert [b.label for b in town.hears("王主任", "什么颜色").buttons] == ["蓝色", "黄色", "橙色", "红色"]
    await town.presses("王主任", "黄色")
    assert [b.label for b in town.hears("王主任", "发到哪里").buttons] == ["三网格"]
    await town.says("王主任", "十三队、十四队")
    town.hears("王主任", "写什么")
    await town.says("王主任", "今晚有大雨，关好门窗")
    town.hears("王主任", "【黄色预警】十三队、十四队", "今晚有大雨", "发到 2 个群")
    await town.presses("王主任", "到期时间")
    town.hears("王主任", "到什么时候为止")
    await town.says("王主任", "今晚 8:00")
    town.hears("王主任", "有效到 20:00")
    town.hears("王主任", "改好了")
    await town.presses("王主任", "回执")
    town.hears("王主任", "要大家回")
    await town.presses("王主任", "每户要")
    town.hears("王主任", "每户回执", "看到请点“收到”")
    town.hears("王主任", "改好了")
    town.silent()
    # Yellow and within one village: its author alone, once the place is typed.
    await town.presses("王主任", "提交")
    town.hush()
    await town.says("王主任", "十三队 十四队")
    heard = town.hears("十三队群", "【黄色预警】十三队、十四队", "有效到 20:00", "看到请点“收到”")
    assert [b.data for b in heard.buttons] == ["got:1"]
    assert groups_having(town, "今晚有大雨") == {"十三队群", "十四队群"}


async def test_a_place_typed_wrongly_sends_nothing(township: Town) -> None:
    town = township
    await submitted(town, place="四网格")
    town.hears("王主任", "打的和草稿里的地方不一样")
    assert groups_having(town, WORDS) == set()
    await town.says("王主任", "三网格")
    town.hears("王主任", "等第二个人通过")


@pytest.mark.parametrize(
    ("colour", "place", "alone"),
    [("蓝", "三网格", True), ("黄", "三网格", True), ("橙", "十三队", False), ("红", "十三队", False)],
)
async def test_which_colours_need_a_second_person(township: Town, colour: str, place: str, alone: bool) -> None:
    town = township
    await submitted(town, f"预警 {colour} {place} {WORDS}", place=place)
    assert bool(groups_having(town, WORDS)) is alone


async def test_two_villages_need_a_second_person_whatever_the_colour(township: Town) -> None:
    town = township
    await town.person("镇长", (Role.OFFICER, "T"))
    await town.person("副镇长", (Role.OFFICER, "T"))
    await submitted(town, f"预警 蓝 侯官村、关东村 {WORDS}", "镇长", "侯官村、关东村")
    assert groups_having(town, WORDS) == set()
    await town.presses("副镇长", "通过")
    assert len(groups_having(town, WORDS)) == 7
    await submitted(town, "通知 荆溪镇 明天停电", "镇长", "荆溪镇")
    assert groups_having(town, "明天停电") == set()


async def test_the_author_never_approves_and_nobody_without_authority_does(township: Town) -> None:
    town = township
    await submitted(town)
    assert "由别人通过" in await town.presses_data("王主任", "alert_approve:1")
    for who in ("张队长", "小林", "李阿姨", "关东队长"):
        assert "不归您管" in await town.presses_data(who, "alert_approve:1")
    assert "私聊" in await town.presses_data("陈书记", "alert_approve:1", chat="村委群")
    await town.presses_data(None, "alert_approve:1", chat="村委群")  # type: ignore[arg-type]
    assert groups_having(town, WORDS) == set()


async def test_an_account_demoted_since_approves_nothing(township: Town) -> None:
    town = township
    await submitted(town)
    async with town.store.transaction():
        await town.store.db.run("DELETE FROM appointments WHERE grid = 'V'")
    assert "不归您管" in await town.presses("陈书记", "通过")
    assert groups_having(town, WORDS) == set()


async def test_what_an_author_wrote_who_was_demoted_since_lapses(township: Town) -> None:
    town = township
    await submitted(town)
    async with town.store.transaction():
        await town.store.db.run("DELETE FROM appointments WHERE grid = 'G3'")
    await town.presses("陈书记", "通过")
    town.hears("陈书记", "已作废", "已经不管那一片了")
    assert groups_having(town, WORDS) == set()


async def test_ten_minutes_and_it_lapses(township: Town) -> None:
    town = township
    await submitted(town)
    await town.later(minutes=9)
    town.hush()
    town.clock.pass_time(timedelta(minutes=1))
    assert "已经作废" in await town.presses_data("陈书记", "alert_approve:1")
    await town.tick()
    assert groups_having(town, WORDS) == set()
    town.hears("王主任", "第 1 号 · 已作废")
    town.hears("王主任", "10 分钟没人通过", "没有发出")
    town.hears("陈书记", "已作废")
    assert not town.buttons("陈书记")
    assert "不在等人通过" in await town.presses_data("陈书记", "alert_approve:1")


@pytest.mark.parametrize("error", [Unreachable("blocked"), Never("400")])
async def test_its_author_hears_that_nobody_may_know_that_it_waits(township: Town, error: Exception) -> None:
    town = township
    town.channel.errors["陈书记"] = [error]
    await submitted(town)
    town.hears("王主任", "第 1 号等人通过，可是没能送到“陈书记”", "打电话")
    # Where it does not wait any more, nobody needs to call.
    await town.says("陈书记", "帮助")
    await town.presses_data("陈书记", "alert_approve:1")
    town.hush()
    town.channel.errors["王主任"] = [Never("400")]
    await town.presses_data("陈书记", "alert_cancel:1")
    assert not any("等人通过" in message.text and not message.heard for message in town.channel.chats["王主任"])


async def test_rejected_with_a_reason(township: Town) -> None:
    town = township
    await submitted(town)
    await town.presses("陈书记", "驳回")
    town.hears("陈书记", "为什么驳回")
    await town.says("陈书记", "？？")
    town.hears("陈书记", "请写一句原因")
    await town.says("陈书记", "水库说不放水了")
    town.hears("王主任", "陈书记 驳回了第 1 号：水库说不放水了")
    assert "不在等人通过" in await town.presses_data("陈书记", "alert_approve:1")
    assert groups_having(town, WORDS) == set()


async def test_returned_changed_and_submitted_again(township: Town) -> None:
    town = township
    await submitted(town)
    await town.presses("陈书记", "退回修改")
    await town.says("陈书记", "写上哪个水库")
    town.hears("王主任", "陈书记 请您改一改第 1 号：写上哪个水库")
    await town.presses("王主任", "改内容")
    await town.says("王主任", "桥头水库 18 点泄洪")
    await town.presses("王主任", "提交")
    await town.says("王主任", "三网格")
    await town.presses("陈书记", "通过")
    assert groups_having(town, "桥头水库 18 点泄洪") == BELOW_G3


async def test_two_approve_at_once_and_it_is_sent_once(township: Town) -> None:
    town = township
    await town.person("镇长", (Role.OFFICER, "T"))
    await submitted(town)
    async with town.at_once():
        await town.presses("陈书记", "通过")
        await town.presses("镇长", "通过")
    for group in BELOW_G3:
        assert sum(WORDS in m.text for m in town.channel.chats[group]) == 1


async def test_an_officer_alone_saves_life_in_a_small_area_and_the_level_above_hears(township: Town) -> None:
    town = township
    await town.person("镇长", (Role.OFFICER, "T"))
    await submitted(town, f"预警 红 十三队 {WORDS}", "陈书记", "十三队")
    town.hush()
    await town.presses("陈书记", "救命急用，我先发")
    town.hears("陈书记", "为什么等不及")
    await town.says("陈书记", "坝已经在漏，打不通电话")
    town.hears("镇长", "陈书记 没等第二个人通过", "坝已经在漏", "请马上核实")
    assert "撤销" in town.buttons("镇长")
    assert groups_having(town, WORDS) == {"十三队群"}
    town.hears("陈书记", "⚠ 没有第二个人通过", "坝已经在漏")


async def test_a_leader_or_a_large_area_never_goes_alone(township: Town) -> None:
    town = township
    await submitted(town)
    assert "不能一个人发" in await town.presses("王主任", "救命急用，我先发")
    town.settings = replace(town.settings, alone_groups=2)
    town.restart()
    await submitted(town, ALERT, "陈书记")
    assert "不能一个人发" in await town.presses("陈书记", "救命急用，我先发")
    assert groups_having(town, WORDS) == set()


async def test_nobody_else_can_let_it_out(empty_town: Town) -> None:
    town = empty_town
    await town.grid("S", "一队", "小队", group="一队群")
    await town.person("张队长", (Role.LEADER, "S"))
    await submitted(town, f"预警 红 一队 {WORDS}", "张队长", "一队")
    town.hears("张队长", "没有第二个人能通过")
    assert groups_having(town, WORDS) == set()


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ("预警 紫 三队 下雨", "没看懂颜色和地方"),
        ("预警 橙 四网格 下雨", "不归您管"),
        ("通知 侯官村 下雨", "不归您管"),
        ("预警 橙 三网格 " + "水" * 5000, "太长了（5000 字），最多 1000 字"),
        ("预警 橙 三网格 这是测试演练", "不要写“演练”"),
        ("预警 橙 三网格 {地点} 18 点泄洪", "还有空没填：{地点}"),
        ("预警 橙 三网格 ____ 18 点泄洪", "还有空没填"),
        ("通知 三网格 【演练】开会", "演练专用"),
        ("预警 橙 三网格 ！！！", "请写一句话"),
        ("演练 橙 三网格 注意，这不是演练", "演练里不能说"),
    ],
)
async def test_bad_input_is_refused_with_what_to_do(township: Town, said: str, refused: str) -> None:
    town = township
    await town.says("王主任", said)
    town.hears("王主任", refused)
    town.silent()


async def test_a_grid_without_groups(township: Town) -> None:
    town = township
    await town.grid("S15", "十五队", "小队", "G3")
    await town.says("王主任", f"预警 橙 十五队 {WORDS}")
    town.hears("王主任", "那里还没有群")
    await town.says("王主任", ALERT)
    town.hears("王主任", "1 个小队没有群，请另外通知：十五队")


@pytest.mark.parametrize(
    ("until", "refused"),
    [
        ("11:00", "已经过去了"),
        ("2020年1月1日 9:00", "已经过去了"),
        ("40 天", "太远了"),
        ("下周", "没看懂时间"),
        ("2月30日 9:00", "没看懂时间"),
        ("7月27日 9:00 到 7月26日 9:00", "要在开始时间之后"),
    ],
)
async def test_a_time_that_cannot_be(township: Town, until: str, refused: str) -> None:
    town = township
    await town.says("王主任", ALERT)
    await town.presses("王主任", "到期时间")
    await town.says("王主任", until)
    town.hears("王主任", refused)


async def test_an_expiry_that_passed_while_it_waited_sends_nothing(township: Town) -> None:
    town = township
    await town.says("王主任", ALERT)
    await town.presses("王主任", "到期时间")
    await town.says("王主任", "5 分钟")
    await town.presses("王主任", "提交")
    await town.says("王主任", "三网格")
    town.clock.pass_time(timedelta(minutes=6))
    assert "已经过去了" in await town.presses("陈书记", "通过")
    assert groups_having(town, WORDS) == set()


async def test_residents_and_deputies_write_none_and_groups_talk_as_ever(township: Town) -> None:
    town = township
    for who in ("李阿姨", "小林"):
        await town.says(who, ALERT)
        town.hears(who, "要由队长、网格长或干部来发")
    await town.says("王主任", "通知：明天停水，请储水", chat="三网格群")
    await town.says("王主任", "预警：台风要来了", chat="三网格群")
    await town.says("李阿姨", ALERT, chat="十三队群")
    town.silent()
    await town.says("王主任", ALERT, chat="三网格群")
    town.hears("三网格群", "请私下对我发同样的话")
    town.silent()


async def test_a_level_and_a_tag_name_many_grids(township: Town) -> None:
    town = township
    await town.says("陈书记", "标签 十三队 低洼")
    town.hears("陈书记", "十三队", "低洼")
    await submitted(town, f"预警 黄 低洼 {WORDS}", "陈书记", "十三队")
    assert groups_having(town, WORDS) == {"十三队群"}
    await submitted(town, "通知 小队 明天收水费", "陈书记", "十三队、十四队")
    assert groups_having(town, "明天收水费") == {"十三队群", "十四队群"}
    await submitted(town, "通知 三网格、十三队 开会", "陈书记", "三网格")
    assert groups_having(town, "开会") == BELOW_G3


async def test_the_last_copy_is_foretold_at_the_pace_of_the_service(township: Town) -> None:
    town = township
    town.settings = replace(town.settings, per_second={"town": 0.5})
    town.restart()
    await town.says("王主任", ALERT)
    town.hears("王主任", "最后一个群大约 6 秒 后收到")


async def test_a_draft_survives_a_restart_and_nobody_else_changes_it(township: Town) -> None:
    town = township
    await town.says("王主任", "预警 橙")
    town.restart()
    await town.says("王主任", "三网格")
    await town.says("王主任", WORDS)
    town.hears("王主任", "草稿", WORDS)
    assert "由 王主任 来改" in await town.presses_data("陈书记", "alert_submit:1")
    await town.presses("王主任", "不发了")
    assert "不在修改中" in await town.presses_data("王主任", "alert_submit:1")


async def test_in_the_night_a_grave_alert_is_heard_and_a_notice_waits(township: Town) -> None:
    town = township
    town.settings = replace(town.settings, quiet=QuietHours())
    town.restart()
    await town.later(hours=11)
    await sent(town)
    assert groups_having(town, WORDS) == BELOW_G3
    await submitted(town, "通知 三网格 明天收水费")
    assert groups_having(town, "明天收水费") == set()
    await town.later(hours=8)
    assert groups_having(town, "明天收水费") == BELOW_G3


async def test_what_waited_for_the_morning_is_read_whole_and_can_be_called_back(township: Town) -> None:
    town = township
    town.settings = replace(town.settings, quiet=QuietHours(), drill_grids=frozenset({"G3"}))
    town.restart()
    await town.later(hours=11)
    await town.says("王主任", "演练 橙 三网格 请到小学集合")
    await town.presses("王主任", "到期时间")
    await town.says("王主任", "12 小时")
    await town.presses("王主任", "提交")
    await town.says("王主任", "三网格")
    await town.presses("陈书记", "通过")
    await submitted(town, "通知 三网格 明天收水费")
    assert groups_having(town, "小学集合") == groups_having(town, "收水费") == set()
    await town.later(hours=8)
    for group in BELOW_G3:
        drill = town.hears(group, "小学集合")
        assert drill.text.startswith("【演练】")
        assert drill.text.endswith("【演练】")
        assert town.hears(group, "明天收水费").text.startswith("【通知】")
    await town.presses("王主任", "撤销")
    assert groups_having(town, "【撤销】") == BELOW_G3
