"""Where the bot may not be, a squad's leader passes on by hand what is told to everybody, and it is counted and chased
like any receipt."""

from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.channels import Unreachable
from domain.people import Role
from domain.quiet import QuietHours
from tests.handlers.asked import ALERT, WORDS, asking, live_behind, seconds
from tests.town import Town


@pytest.fixture
async def outside(township: Town) -> Town:
    """The residents of 十五队 are on a group that no bot may join; 孙队长 leads it, 小周 is the deputy."""
    town = township
    await town.grid("S15", "十五队", "小队", "G3")
    await town.person("孙队长", (Role.LEADER, "S15"))
    await town.person("小周", (Role.DEPUTY, "S15"))
    await town.says("孙队长", "外部群 十五队")
    town.hears("孙队长", "十五队 的居民在我进不去的群里", "再点“已转发”")
    return town


async def test_the_leader_gets_the_words_alone_and_says_by_one_tap_that_it_is_done(outside: Town) -> None:
    town = outside
    await asking(town)
    words, asked = town.channel.chats["孙队长"][-2:]
    assert words.text == f"【橙色预警】三网格\n{WORDS}\n有效到 {7}-{26} 12:00\n王主任 发布，第 1 号"
    assert not words.buttons
    assert asked.text == "请把上面这条转发到十五队居民的群，再点“已转发”。"
    assert [(b.label, b.data) for b in asked.buttons] == [("已转发", "passed:1:S15")]
    assert not town.channel.chats["小周"]
    assert await town.presses("孙队长", "已转发") == "记下了，谢谢您。"
    town.hears("孙队长", "橙色预警（第 1 号）已经转发到十五队的群，谢谢您。")
    await seconds(town, 1)
    town.hears("三网格群", "三网格 1/3 队，未回：十三队 十四队")
    town.hush("王主任")
    assert await town.presses_data("孙队长", "passed:1:S15") == "记下了，谢谢您。"
    await seconds(town, 10)
    town.silent()
    await town.presses("王主任", "送达情况")
    town.hears("王主任", "送到 3 个群，存疑 0，没送到 0，已转发 1/1 队，已收到 1/3")


async def test_to_have_read_it_is_not_to_have_passed_it_on(outside: Town) -> None:
    town = outside
    await asking(town)
    await town.says("孙队长", "收到")
    town.hears("孙队长", "要等队长转发到居民的群、点了“已转发”，才算回执")
    await town.later(minutes=2)
    town.hears("三网格群", "三网格 0/3 队，未回：十三队 十四队 十五队")


async def test_the_preview_says_who_passes_it_on_and_where_nobody_can(outside: Town) -> None:
    town = outside
    await town.grid("S16", "十六队", "小队", "G3")
    await town.grid("S17", "十七队", "小队", "G3")
    await town.says("王主任", "外部群 十六队")
    town.hush()
    await town.says("王主任", ALERT)
    preview = town.hears("王主任", "发到 3 个群", "1 个小队由队长转发到居民的群。").text
    assert "1 个小队没有人能转发，请另外通知：十六队" in preview
    assert "1 个小队没有群，请另外通知：十七队" in preview


async def test_an_area_that_is_reached_by_hand_alone_can_be_told(outside: Town) -> None:
    await asking(outside, f"预警 黄 十五队 {WORDS}", place="十五队")
    assert [m.text.split("\n")[0] for m in outside.channel.chats["孙队长"][-2:]] == [
        "【黄色预警】十五队", "请把上面这条转发到十五队居民的群，再点“已转发”。",
    ]  # fmt: skip
    await outside.says("孙队长", "外部群 十五队 取消")
    outside.hears("孙队长", "不用再转发")
    await outside.says("王主任", "通知 十五队 停水")
    outside.hears("王主任", "那里还没有群")


async def test_whoever_has_not_passed_it_on_is_reminded_then_named_above(outside: Town) -> None:
    town = outside
    await asking(town)
    await town.later(minutes=15)
    reminded = town.hears("孙队长", "橙色预警（第 1 号）", WORDS, "十五队还没有转发")
    assert [b.data for b in reminded.buttons] == ["passed:1:S15"]
    await town.later(minutes=15)
    town.hears("孙队长", "十五队还没有转发")
    await town.later(minutes=15)
    town.hears("王主任", "催过了还没回的", "十五队（孙队长、小周）")
    await town.presses("孙队长", "已转发")
    await seconds(town, 6)
    town.hears("三网格群", "三网格 1/3 队")


async def test_who_passed_it_on_is_left_alone(outside: Town) -> None:
    await asking(outside)
    await outside.presses("孙队长", "已转发")
    outside.hush()
    await outside.later(hours=1)
    outside.silent_in("孙队长")


async def test_the_deputy_is_asked_where_no_leader_can_be(outside: Town) -> None:
    town = outside
    town.channel.errors["孙队长"] = [Unreachable("blocked")]
    await asking(town)
    assert not [m for m in town.channel.chats["孙队长"][1:] if WORDS in m.text]
    assert any("没能送到“孙队长”" in m.text for m in town.channel.chats["小周"])
    await town.later(minutes=15)
    town.hears("小周", "十五队还没有转发")
    await town.presses("小周", "已转发")
    await asking(town, "通知 十五队 明天停水", place="十五队")
    assert any("明天停水" in m.text for m in town.channel.chats["小周"])


async def test_nobody_else_says_that_it_is_done(outside: Town) -> None:
    await asking(outside)
    for who in ("张队长", "李阿姨", "关东队长", "过路人"):
        assert "管这一片" in await outside.presses_data(who, "passed:1:S15")
    for data in ("passed:1:S13", "passed:1", "passed:9:S15", "passed", "passed_too:1:99", "passed_too"):
        assert "失效" in await outside.presses_data("孙队长", data)


async def test_whoever_leads_two_such_squads_gets_the_words_once(outside: Town) -> None:
    town = outside
    await town.grid("S16", "十六队", "小队", "G3")
    async with town.store.transaction():
        (row,) = await town.store.db.all("SELECT id FROM people WHERE name = '孙队长'")
        await town.store.people.appoint(row["id"], Role.LEADER, "S16")
    await town.says("孙队长", "外部群 十六队")
    await asking(town)
    assert len([m for m in town.channel.chats["孙队长"] if WORDS in m.text]) == 1
    assert town.buttons("孙队长") == ["十五队 已转发", "十六队 已转发"]
    await town.presses("孙队长", "十六队 已转发")
    town.hears("孙队长", "请把上面这条转发到十五队居民的群")
    await town.presses("孙队长", "已转发")
    town.hears("孙队长", "已经转发到十五队、十六队的群")
    await seconds(town, 6)
    town.hears("三网格群", "三网格 2/4 队")


# -- it is put right, or over ----------------------------------------------------------------------------------------


async def test_a_correction_is_passed_on_too(outside: Town) -> None:
    town = outside
    await asking(town)
    await town.presses("孙队长", "已转发")
    town.hush()
    await town.presses("王主任", "更正")
    await town.says("王主任", "改为 20 点泄洪")
    words = town.hears("孙队长", "【更正】橙色预警（第 1 号）以这条为准：\n改为 20 点泄洪")
    assert not words.buttons
    town.hears("孙队长", "您转发过第 1 号的话，请把上面这条也转发到十五队居民的群")
    town.hears("孙队长", "【橙色预警】三网格\n改为 20 点泄洪")
    town.silent_in("孙队长")
    await town.presses("孙队长", "已转发")
    town.hears("孙队长", "转发好了，谢谢您。")
    town.silent_in("孙队长")
    assert "失效" in await town.presses_data("孙队长", "passed_too:1:25120000")


async def test_who_has_not_passed_it_on_passes_on_what_is_right(outside: Town) -> None:
    town = outside
    await asking(town)
    await town.presses("王主任", "更正")
    await town.says("王主任", "改为 20 点泄洪")
    town.hush()
    await town.presses_data("孙队长", "passed:1:S15")
    town.hears("孙队长", "已经转发到十五队的群")
    await seconds(town, 6)
    town.hears("三网格群", "三网格 1/3 队")


async def test_of_several_corrections_the_last_is_passed_on(outside: Town) -> None:
    town = outside
    await asking(town)
    for words in ("改为 20 点泄洪", "改为 21 点泄洪", "改为 22 点泄洪"):
        town.clock.pass_time(timedelta(minutes=2))
        await town.presses("王主任", "更正")
        await town.says("王主任", words)
        if "21" in words:
            await town.presses("孙队长", "已转发")
    asks = [m.text for m in town.channel.chats["孙队长"] if "转发" in m.text][-3:]
    assert [text[:5] for text in asks] == ["后面有新的", "转发好了，", "您转发过第"]


@pytest.mark.parametrize(("end", "how"), [("撤销", "已撤销"), ("解除", "已解除")])
async def test_the_end_is_passed_on_and_what_was_not_passed_on_is_not_any_more(
    outside: Town, end: str, how: str
) -> None:
    town = outside
    await asking(town)
    await town.presses("王主任", end)
    said = [m.text for m in town.channel.chats["孙队长"] if not m.heard]
    words, ask, end_words, end_ask = said
    assert words.startswith(f"【{end}】")
    assert ask == f"橙色预警（第 1 号）{how}，没转发的不用再转发。"
    assert end_words.startswith(f"【{end}】")
    assert end_ask == "您转发过第 1 号的话，请把上面这条也转发到十五队居民的群，让大家都知道，再点“已转发”。"
    town.hush()
    assert f"{how}，不用再转发了" in await town.presses_data("孙队长", "passed:1:S15")
    await town.presses("孙队长", "已转发")
    town.hears("孙队长", "转发好了")
    await town.later(hours=2)
    town.silent_in("孙队长")


async def test_time_asks_nobody_to_pass_on_that_it_is_over(outside: Town) -> None:
    await asking(outside)
    await outside.later(hours=25)
    outside.hears("孙队长", "橙色预警（第 1 号）已到期，没转发的不用再转发。")
    assert not [m for m in outside.channel.chats["孙队长"] if "也转发到" in m.text]


async def test_a_notice_of_the_night_is_ready_in_the_morning_in_one_piece(outside: Town) -> None:
    town = outside
    town.settings = type(town.settings)(quiet=QuietHours(time(22), time(6)), timezone=ZoneInfo("Asia/Shanghai"))
    town.restart()
    await town.later(hours=11)
    await asking(town, "通知 三网格 明天 9 点停水", receipts="每队要")
    assert not [m for m in town.channel.chats["孙队长"] if "停水" in m.text]
    await town.later(hours=8)
    words, ask = (m.text for m in town.channel.chats["孙队长"][1:3])
    assert words == "【通知】三网格\n明天 9 点停水\n王主任 发布，第 1 号"
    assert ask.startswith("请把上面这条转发到十五队居民的群")


async def test_a_drill_leaves_the_bots_hands_for_no_group(outside: Town) -> None:
    town = outside
    town.settings = type(town.settings)(drill_grids=frozenset({"G3"}))
    town.restart()
    await asking(town, "演练 橙 三网格 假设水库泄洪，请上楼")
    assert not [m for m in town.channel.chats["孙队长"] if "演练" in m.text]


async def test_by_household_the_leader_gets_the_list_of_doors(outside: Town) -> None:
    town = outside
    await live_behind(town, "孙队长", "1号", "S15")
    async with town.store.transaction():
        await town.store.db.run("INSERT INTO households (grid, door) VALUES ('S15', '2号')")
    await asking(town, f"预警 黄 十五队 {WORDS}", "每户要", "十五队")
    await town.presses("孙队长", "已转发")
    town.hears("孙队长", "十五队 已收到 1/2 户")
    assert "2号 代收" in town.buttons("孙队长")


# -- who says so -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "words", "heard"),
    [
        ("李阿姨", "外部群 十五队", "要由管这一片的"),
        ("张队长", "外部群 十五队 取消", "要由管这一片的"),
        ("王主任", "外部群 三网格", "三网格 下面还有小队，请写小队"),
        ("王主任", "外部群", "请在后面写上网格的编号或名称"),
        ("王主任", "外部群 月亮队", "没有叫 月亮队 的网格"),
    ],
)
async def test_whose_word_it_is_not(outside: Town, who: str, words: str, heard: str) -> None:
    await outside.says(who, words)
    outside.hears(who, heard)
