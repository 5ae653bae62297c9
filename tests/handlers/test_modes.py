"""模式: one word turns a village to the work of the day, in every group below it, and one word puts everything back."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.channels import Doubt, Later
from bot.config import modes
from domain.chat import ChatId, ChatKind
from domain.mode import Modes
from domain.people import Role
from domain.quiet import QuietHours
from handlers.at_work import PAGE
from tests.conftest import SETTINGS
from tests.conftest import town as by_day
from tests.fresh import new_store
from tests.handlers.conftest import build
from tests.handlers.test_alerts_replaced import drafted, let_out
from tests.town import CHANNEL, Town

GROUPS = ("村委群", "三网格群", "十三队群", "十四队群")
BELOW_G3 = ("三网格群", "十三队群", "十四队群")
NO_RIGHT = "机器人不能改群名"


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    town = Town(await new_store(), replace(SETTINGS, modes=modes.load("zh"), quiet=QuietHours()))
    await by_day.__wrapped__(town)  # type: ignore[attr-defined]
    yield town
    await town.close()


def called(town: Town, *groups: str) -> list[str]:
    return [town.channel.titles.get(group, group) for group in groups]


async def crowd(town: Town) -> tuple[str, ...]:
    """More groups of 十四队 than are seen to at once."""
    groups = tuple(f"{n}号院群" for n in range(PAGE + 10))
    async with town.store.transaction():
        for group in groups:
            await town.store.chats.meet(ChatId(CHANNEL, group), ChatKind.GROUP, group)
            await town.store.chats.bind(ChatId(CHANNEL, group), "S14")
    return groups


async def flooded(town: Town) -> None:
    await town.says("陈书记", "模式 防汛")
    town.hush()


async def test_the_village_goes_over_and_comes_back_as_it_was(town: Town) -> None:
    await town.says("陈书记", "模式 防汛")
    answer = town.hears("陈书记", "侯官村 从现在起是防汛模式，下面 4 个群", "水浸 5 分钟内接单", "模式 日常")
    assert [button.label for button in answer.buttons] == ["恢复日常"]
    for group in GROUPS:
        card = town.hears(group, "【防汛模式】", "陈书记 发起", "不蹚水")
        assert town.channel.pinned[group] == [card.id]
    assert called(town, *GROUPS) == [f"{group}·防汛" for group in GROUPS]
    assert [one.word for one in town.channel.menus["十三队群"]] == ["report", "sos", "lost", "status", "help"]
    town.silent()

    await town.says("陈书记", "模式 日常")
    town.hears("陈书记", "侯官村 恢复日常，4 个群")
    town.hears("陈书记", "侯官村 恢复日常了。")
    assert town.channel.chats["陈书记"][-1].text == "侯官村 恢复日常了。", "below the words, where it is looked for"
    for group in GROUPS:
        over = town.hears(group, "【防汛模式】", "结束了，恢复日常")
        assert over.history, "the card that stood there says so, and no word more"
    assert called(town, *GROUPS) == list(GROUPS)
    assert not any(town.channel.pinned.values())
    assert not any(town.channel.menus.values())
    town.silent()


async def test_one_grid_alone(town: Town) -> None:
    await town.says("王主任", "模式 消防")
    assert called(town, *GROUPS) == ["村委群", *(f"{group}·消防" for group in BELOW_G3)]
    await town.later(minutes=3)
    await town.says("陈书记", "/mode 三网格 daily")
    assert called(town, *GROUPS) == list(GROUPS)


async def test_the_nearest_mode_holds(town: Town) -> None:
    """A squad may be at other work than its village, and goes on with it when the village begins and ends its own."""
    await town.says("张队长", "模式 消防", chat="十三队群")
    town.hush()
    await town.says("陈书记", "模式 防汛")
    town.hears("陈书记", "下面 3 个群跟着变", "自己有模式、不跟着变的：十三队（消防）")
    assert called(town, *GROUPS) == ["村委群·防汛", "三网格群·防汛", "十三队群·消防", "十四队群·防汛"]
    await town.says("张队长", "模式 日常", chat="十三队群")
    town.hears("十三队群", "十三队 的消防模式结束了，跟着上级是防汛模式")
    assert called(town, "十三队群") == ["十三队群·防汛"], "and not 十三队群·消防·防汛"
    await town.says("陈书记", "模式 日常")
    assert called(town, *GROUPS) == list(GROUPS)


async def test_what_follows_the_village_is_ended_by_the_village(town: Town) -> None:
    await flooded(town)
    await town.says("张队长", "模式 日常", chat="十三队群")
    town.hears("十三队群", "十三队 跟着 侯官村 是防汛模式，要由 陈书记 在那里恢复")
    town.silent()


async def test_one_mode_after_the_other_ends_with_the_first_name(town: Town) -> None:
    for name in ("防汛", "消防", "垃圾分类"):
        await town.says("陈书记", f"模式 {name}")
        assert called(town, "十三队群") == [f"十三队群·{name}"]
        assert len(town.channel.pinned["十三队群"]) == 1
    await town.says("陈书记", "模式 日常")
    assert called(town, *GROUPS) == list(GROUPS)


async def test_timers_are_shorter_while_it_holds(town: Town) -> None:
    await flooded(town)
    await town.says("李阿姨", "上报 东门地下车库进水了", chat="十三队群")
    town.hears("十三队群", "12:05 前没人接，就上报")
    await town.says("陈书记", "模式 日常")
    town.hush()
    await town.says("李阿姨", "上报 西门的地下室也进水了", chat="十四队群")
    town.hears("十四队群", "12:15 前没人接")


async def test_the_night_is_not_quiet_while_it_floods(town: Town) -> None:
    town.clock.moment = datetime(2026, 7, 25, 23, tzinfo=ZoneInfo("Asia/Shanghai"))
    await town.says("李阿姨", "上报 楼道路灯坏了")
    town.hears("李阿姨", "#1")
    town.silent()
    await flooded(town)
    await town.says("李阿姨", "上报 门口井盖松了")
    town.hears("张队长", "#2", "井盖", "00:00 前没人接")
    town.hears("十三队群", "#2")
    await town.says("陈书记", "模式 日常")
    town.hush()
    await town.says("李阿姨", "上报 信箱坏了")
    town.hears("李阿姨", "#3")
    town.silent_in("张队长", "十三队群")


async def test_what_is_on_and_what_there_is(town: Town) -> None:
    await town.says("李阿姨", "模式", chat="十三队群")
    town.hears("十三队群", "十三队 现在是日常", "防汛、沙滩管理、垃圾分类、消防、换届、日常")
    await flooded(town)
    await town.says("李阿姨", "模式", chat="十三队群")
    town.hears("十三队群", "十三队 现在是防汛模式，12:00 起，陈书记 发起。（跟着 侯官村）")
    await town.says("李阿姨", "模式")
    town.hears("李阿姨", "十三队 现在是防汛模式")
    await town.says("陈书记", "模式 三网格")
    town.hears("陈书记", "三网格 现在是防汛模式")
    town.silent()


@pytest.mark.parametrize(
    ("who", "words", "answer"),
    [
        ("李阿姨", "模式 防汛", "这一步要由管这一片的队长、网格长或干部来做"),
        ("小林", "模式 十三队 防汛", "这一步要由管这一片的队长、网格长或干部来做"),
        ("张队长", "模式 三网格 防汛", "这一步要由管这一片的队长、网格长或干部来做"),
        ("陈书记", "模式 防讯", "没有“防讯”这个模式。可以选：防汛"),
        ("陈书记", "模式 天上 防汛", "没有叫 天上 的网格"),
        ("陈书记", "模式 日常", "侯官村 已经是日常了"),
        ("管理员", "模式 日常", "侯官村 已经是日常了"),
    ],
)
async def test_what_is_refused(town: Town, who: str, words: str, answer: str) -> None:
    await town.says(who, words)
    town.hears(who, answer)
    town.silent()
    assert called(town, *GROUPS) == list(GROUPS)


async def test_whoever_leads_several_names_the_grid(town: Town) -> None:
    await town.person("周主任", (Role.LEADER, "S13"), (Role.LEADER, "S14"))
    await town.says("周主任", "模式 防汛")
    town.hears("周主任", "请写明是哪个网格")
    await town.says("周主任", "模式 十四队 防汛")
    assert called(town, "十三队群", "十四队群") == ["十三队群", "十四队群·防汛"]


async def test_neighbours_may_talk_of_modes(town: Town) -> None:
    await town.says("李阿姨", "模式 变了吗", chat="十三队群")
    town.silent()


# -- two at once ----------------------------------------------------------------------------------------------------


async def test_of_two_changes_at_once_the_second_is_told_and_decides(town: Town) -> None:
    async with town.at_once():
        await town.says("陈书记", "模式 防汛")
        await town.says("管理员", "模式 消防")
    town.hears("管理员", "陈书记 刚刚（12:00）把侯官村改成了防汛模式。还要改成消防吗？")
    assert called(town, "十三队群") == ["十三队群·防汛"]
    await town.presses("管理员", "改成消防")
    assert called(town, "十三队群") == ["十三队群·消防"]
    town.hush()
    assert "已经又变了" in await town.presses("陈书记", "恢复日常")
    assert called(town, "十三队群") == ["十三队群·消防"], "an old button ends nothing"


async def test_a_while_later_it_is_no_collision(town: Town) -> None:
    await flooded(town)
    await town.later(minutes=3)
    await town.says("管理员", "模式 日常")
    town.hears("管理员", "恢复日常")


async def test_one_press_puts_it_back(town: Town) -> None:
    await flooded(town)
    assert "这一步要由" in await town.presses_data("李阿姨", "mode_end:1")
    await town.presses("陈书记", "恢复日常")
    assert called(town, *GROUPS) == list(GROUPS)
    assert town.buttons("陈书记") == []
    for forged in ("mode_end:99", "mode_end:x", "mode_over:1:flood", "mode_over:1"):
        assert "已经又变了" in await town.presses_data("陈书记", forged)


# -- names ----------------------------------------------------------------------------------------------------------


async def test_a_name_that_somebody_gave_since_is_theirs(town: Town) -> None:
    await flooded(town)
    town.channel.titles["十四队群"] = "十四队抗洪突击队"
    await town.happens("Renamed", "十四队群")
    await town.says("陈书记", "模式 日常")
    town.hears("陈书记", "没改成名字的群", "“十四队抗洪突击队”：有人改过群名，没有动")
    assert called(town, *GROUPS) == [*GROUPS[:3], "十四队抗洪突击队"]
    await town.says("陈书记", "模式 消防")
    assert called(town, "十四队群") == ["十四队抗洪突击队·消防"], "it is this group's own name from now on"
    await town.says("陈书记", "模式 日常")
    assert called(town, "十四队群") == ["十四队抗洪突击队"]


async def test_a_name_that_changed_unheard_is_left_alone_too(town: Town) -> None:
    await flooded(town)
    town.channel.titles["十四队群"] = "十四队抗洪突击队"
    await town.says("陈书记", "模式 日常")
    await town.later(seconds=10)
    town.hears("陈书记", "侯官村 恢复日常", "“十四队抗洪突击队”：有人改过群名，没有动")
    assert called(town, *GROUPS) == [*GROUPS[:3], "十四队抗洪突击队"]


async def test_a_name_that_was_never_heard_of_is_the_groups_own(town: Town) -> None:
    town.channel.titles["十四队群"] = "十四队的家"
    await flooded(town)
    assert called(town, "十四队群") == ["十四队的家·防汛"]
    await town.says("陈书记", "模式 日常")
    assert called(town, "十四队群") == ["十四队的家"]


async def test_a_long_name_is_shortened_and_comes_back_whole(town: Town) -> None:
    long = "侯官村三网格" * 21
    town.channel.titles |= {"十三队群": long, "十四队群": "长" * 140}
    for group in ("十三队群", "十四队群"):
        await town.happens("Renamed", group)
    await town.says("陈书记", "模式 防汛")
    town.hears("陈书记", "群名太长，改了就换不回来")
    name = called(town, "十三队群")[0]
    assert len(name) == 128
    assert name.endswith("…·防汛")
    assert called(town, "十四队群") == ["长" * 140]
    await town.says("陈书记", "模式 日常")
    assert called(town, "十三队群", "十四队群") == [long, "长" * 140]


async def test_blanks_that_only_the_service_keeps_come_back_too(town: Town) -> None:
    town.channel.titles["十三队群"] = "十三队　家长\u200b群"
    await flooded(town)
    await town.says("陈书记", "模式 日常")
    assert called(town, "十三队群") == ["十三队　家长\u200b群"]


async def test_a_bot_that_was_demoted_does_without(town: Town) -> None:
    town.channel.names_nothing.add("十四队群")
    await town.says("陈书记", "模式 防汛")
    await town.later(seconds=10)
    town.hears("陈书记", "没改成名字的群，别的都照常", f"“十四队群”：{NO_RIGHT}", "再说一次“模式 防汛”就补上")
    assert called(town, *GROUPS) == ["村委群·防汛", "三网格群·防汛", "十三队群·防汛", "十四队群"]
    town.hush()
    town.channel.names_nothing.clear()
    await town.says("陈书记", "模式 防汛")
    town.hears("陈书记", "已经是防汛模式了", "再试一次")
    assert called(town, "十四队群") == ["十四队群·防汛"]
    answer = town.hears("陈书记", "从现在起是防汛模式")
    assert NO_RIGHT not in answer.text


async def test_of_two_groups_the_one_on_a_service_without_names_is_left_to_people(town: Town) -> None:
    town.opens_second()
    await town.group("十三队群²", "S13")
    town.channel.names_nothing.add("十三队群²")
    await town.says("陈书记", "模式 防汛")
    await town.later(seconds=10)
    town.hears("陈书记", "没改成名字的群", f"“十三队群²”：{NO_RIGHT}")
    assert called(town, "十三队群", "十三队群²") == ["十三队群·防汛", "十三队群²"]
    town.hush()
    await town.says("陈书记", "模式 日常")
    town.hears("陈书记", "侯官村 恢复日常")
    assert called(town, "十三队群", "十三队群²") == ["十三队群", "十三队群²"]


async def test_a_demotion_in_the_middle_stops_nobody_else(town: Town) -> None:
    await flooded(town)
    town.channel.names_nothing.add("十三队群")
    await town.says("陈书记", "模式 日常")
    await town.later(seconds=10)
    town.hears("陈书记", "侯官村 恢复日常", f"“十三队群·防汛”：{NO_RIGHT}")
    assert called(town, *GROUPS) == ["村委群", "三网格群", "十三队群·防汛", "十四队群"]


async def test_a_doubt_and_a_pause_are_tried_again(town: Town) -> None:
    town.channel.errors["十三队群"] = [Doubt("timeout"), Later("busy", 3.0), Doubt("timeout")]
    await town.says("陈书记", "模式 防汛")
    await town.later(minutes=2)
    assert called(town, *GROUPS) == [f"{group}·防汛" for group in GROUPS]
    assert [m.text for m in town.channel.chats["陈书记"] if "没改成" in m.text] == []


async def test_a_change_of_mind_overtakes_what_waits(town: Town) -> None:
    """The name of the first mode never shows where it had not left yet, and the last word holds."""
    town.channel.errors["十三队群"] = [Later("busy", 60.0)]
    await town.says("陈书记", "模式 防汛")
    await town.says("陈书记", "模式 消防")
    await town.later(minutes=2)
    assert called(town, "十三队群") == ["十三队群·消防"]
    await town.says("陈书记", "模式 日常")
    assert called(town, *GROUPS) == list(GROUPS)


async def test_it_goes_on_after_a_crash(town: Town) -> None:
    for group in GROUPS:
        town.channel.errors[group] = [Later("busy", 600.0)]
    await town.says("陈书记", "模式 防汛")
    assert called(town, *GROUPS) == list(GROUPS)
    town.channel.errors.clear()
    town.restart()
    await town.settle()
    assert called(town, *GROUPS) == [f"{group}·防汛" for group in GROUPS]


async def test_many_groups_are_seen_to_page_by_page(town: Town) -> None:
    groups = (*GROUPS, *await crowd(town))
    await town.says("陈书记", "模式 防汛")
    assert sum(name.endswith("·防汛") for name in called(town, *groups)) == PAGE
    town.restart()
    await town.tick()
    assert called(town, *groups) == [f"{group}·防汛" for group in groups]


# -- the tree changes -----------------------------------------------------------------------------------------------


async def test_a_group_that_comes_in_later_takes_part(town: Town) -> None:
    await flooded(town)
    await town.says("陈书记", "绑定 A1", chat="一片群")
    town.hears("一片群", "本群现在是")
    town.hears("一片群", "【防汛模式】")
    assert called(town, "一片群") == ["一片群·防汛"]


async def test_a_group_that_was_away_takes_part_when_it_is_back(town: Town) -> None:
    await town.happens("Removed", "十四队群", "张队长")
    await flooded(town)
    assert called(town, "十四队群") == ["十四队群"]
    await town.happens("Arrived", "十四队群", "张队长")
    assert called(town, "十四队群") == ["十四队群·防汛"]


async def test_a_grid_that_moves_works_with_its_new_parent(town: Town) -> None:
    await town.grid("G4", "四网格", "网格", "V", group="四网格群")
    await town.says("陈书记", "模式 四网格 防汛")
    await town.says("陈书记", "移网格 S14 G4")
    assert called(town, "十四队群") == ["十四队群·防汛"]
    await town.says("陈书记", "移网格 S14 A1")
    assert called(town, "十四队群") == ["十四队群"]


async def test_a_grid_that_is_closed_leaves_no_mode_behind(town: Town) -> None:
    groups = (*BELOW_G3, *await crowd(town))
    await town.says("王主任", "模式 防汛")
    await town.tick()
    assert called(town, *groups) == [f"{group}·防汛" for group in groups]
    await town.says("陈书记", "撤网格 G3")
    assert called(town, *groups) == list(groups)


async def test_a_group_that_gets_a_new_id_gets_its_name_back(town: Town) -> None:
    await flooded(town)
    await town.happens("Moved", "十四队群", to="新十四队群")
    town.channel.titles["新十四队群"] = "十四队群·防汛"
    await town.says("陈书记", "模式 日常")
    assert called(town, "新十四队群") == ["十四队群"]


async def test_a_mode_that_left_the_config_still_ends(town: Town) -> None:
    await flooded(town)
    town.settings = replace(town.settings, modes=Modes())
    town.restart()
    await town.says("李阿姨", "上报 东门地下车库进水了", chat="十三队群")
    town.hears("十三队群", "12:15 前没人接")
    await town.says("陈书记", "模式 日常")
    assert called(town, *GROUPS) == list(GROUPS)


async def test_a_village_has_a_mode_of_its_own(town: Town) -> None:
    own = modes.ModeSection(mode="rice", title="双抢", pattern="【双抢】{title}", gathers=("repair",))
    town.settings = replace(town.settings, modes=modes.load("zh", [own]))
    town.restart()
    await town.says("陈书记", "模式 双抢模式")
    assert called(town, "十三队群") == ["【双抢】十三队群"]
    town.hears("十三队群", "【双抢模式】")
    await town.says("李阿姨", "上报 东边水渠的闸门坏了", chat="十三队群")
    await town.says("赵叔", "上报 晒谷场的灯不亮了", chat="十三队群")
    town.hears("十三队群", "#2", "和 #1“东边水渠的闸门坏了” 是同一件事吗？")
    await town.says("陈书记", "模式 日常")
    await town.says("周叔", "上报 祠堂的窗户关不上", chat="十三队群")
    assert "是同一件事吗" not in town.hears("十三队群", "#3").text


# -- it comes with a warning ----------------------------------------------------------------------------------------


@pytest.fixture
async def township() -> AsyncIterator[Town]:
    town = await build(Town(await new_store(), replace(SETTINGS, modes=modes.load("zh"))))
    yield town
    await town.close()


async def warned(town: Town, words: str = "预警 橙 三网格 水库 18 点泄洪") -> None:
    await town.says("王主任", words)
    await town.presses("王主任", "提交")
    await town.says("王主任", words.split()[2])
    await town.presses("陈书记", "通过")


async def test_a_grave_warning_proposes_it_and_its_all_clear_ends_it(township: Town) -> None:
    town = township
    await warned(town)
    town.hears("陈书记", "橙色预警（第 1 号）发出了。要不要把三网格换成防汛模式？")
    await town.presses("陈书记", "开始防汛模式")
    town.hears("陈书记", "三网格 从现在起是防汛模式")
    town.hears("陈书记", "三网格 是防汛模式了，第 1 号解除时自动换回来")
    assert called(town, "村委群", *BELOW_G3) == ["村委群", *(f"{group}·防汛" for group in BELOW_G3)]
    town.hush()
    await town.presses("王主任", "解除")
    town.hears("陈书记", "第 1 号解除了，三网格的防汛模式跟着结束")
    assert called(town, *BELOW_G3) == list(BELOW_G3)


@pytest.mark.parametrize("words", ["预警 黄 三网格 水库 18 点泄洪", "预警 橙 三网格 明天停电一天"])
async def test_what_is_less_grave_or_of_something_else_proposes_nothing(township: Town, words: str) -> None:
    await township.says("王主任", words)
    await township.presses("王主任", "提交")
    await township.says("王主任", "三网格")
    if "橙" in words:
        await township.presses("陈书记", "通过")
    assert not any("换成防汛模式" in text for _chat, text in township.channel.order)


async def test_what_somebody_began_anew_is_only_proposed_to_end(township: Town) -> None:
    town = township
    await warned(town)
    await town.presses("陈书记", "开始防汛模式")
    await town.says("王主任", "模式 日常")
    await town.presses("王主任", "改成日常")
    await town.says("王主任", "模式 防汛")
    town.hush()
    await town.presses("王主任", "解除")
    town.hears("王主任", "第 1 号结束了，三网格还在防汛模式", "要恢复日常吗？")
    assert called(town, "十三队群") == ["十三队群·防汛"]
    await town.presses("王主任", "恢复日常")
    assert called(town, "十三队群") == ["十三队群"]


async def test_one_that_only_ran_out_asks_whoever_began_the_work(township: Town) -> None:
    town = township
    await warned(town)
    await town.presses("陈书记", "开始防汛模式")
    town.hush()
    await town.later(hours=25)
    town.hears("陈书记", "第 1 号结束了，三网格还在防汛模式")
    assert called(town, "十三队群") == ["十三队群·防汛"]


async def test_it_goes_on_under_a_newer_warning_of_the_same(township: Town) -> None:
    town = township
    await warned(town)
    await town.presses("陈书记", "开始防汛模式")
    await drafted(town, "王主任", area="G3")
    await let_out(town, "王主任", "陈书记", "三网格")
    assert called(town, "十三队群") == ["十三队群·防汛"]
    assert town.buttons("陈书记") != ["开始防汛模式"], "nobody is asked for what holds already"
    town.hush()
    await town.presses_data("王主任", "alert_clear:2")
    town.hears("陈书记", "第 2 号解除了，三网格的防汛模式跟着结束")
    assert called(town, *BELOW_G3) == list(BELOW_G3)


async def test_a_late_press_begins_nothing(township: Town) -> None:
    town = township
    await warned(town)
    await town.presses("王主任", "撤销")
    town.hears("陈书记", "第 1 号结束了")
    assert "已经结束了" in await town.presses_data("陈书记", "mode_alert:1:flood")
    assert "这一步要由" in await town.presses_data("李阿姨", "mode_alert:1:flood")
    assert called(town, "十三队群") == ["十三队群"]


async def test_long_after_it_is_still_known_what_was(town: Town) -> None:
    """A season is longer than the 48 hours in which a service lets a message be deleted."""
    await town.says("陈书记", "模式 沙滩管理")
    town.hush()
    town.clock.pass_time(timedelta(days=60))
    await town.says("陈书记", "模式 日常")
    town.hears("十三队群", "【沙滩管理模式】", "恢复日常")
    assert called(town, *GROUPS) == list(GROUPS)
