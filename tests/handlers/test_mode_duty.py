"""值班 防汛: while a work mode is on, those of its own list have the turns, and afterwards the usual ones again."""

from dataclasses import replace

import pytest

from bot.config import modes
from domain.mode import Modes
from tests.handlers.on_duty import rota, squad_of_three, until
from tests.town import Town

REPORT = "上报 楼道灯坏了"


@pytest.fixture
async def squad(town: Town) -> Town:
    """小陈 has every day, and 小郑 those of a flood."""
    town.settings = replace(town.settings, modes=modes.load("zh"))
    town.restart()
    await squad_of_three(town)
    await rota(town, "值班 每天 小陈")
    await rota(town, "值班 防汛 小郑")
    return town


async def test_a_list_for_a_mode_changes_nothing_until_it_is_on(squad: Town) -> None:
    await squad.says("张队长", "值班 防汛 小郑 张队长")
    squad.hears("张队长", "排好了：防汛模式的时候，每天换一个人。", "现在：小陈", "防汛模式另排：小郑、张队长")
    await squad.says("李阿姨", REPORT, chat="十三队群")
    squad.hears("十三队群", "等 十三队（小陈）接单")
    squad.hears("小陈", "#1")
    squad.silent()


async def test_while_the_mode_is_on_its_own_list_hears_first(squad: Town) -> None:
    await squad.says("陈书记", "模式 防汛")
    squad.hush()
    await squad.tick()
    squad.hears("小郑", "十三队 现在由您值班，到 7-26 08:00")
    squad.hears("小陈", "十三队 的班由 小郑 接上了，辛苦了！")
    squad.silent()
    await squad.says("李阿姨", "值班", chat="十三队群")
    squad.hears("十三队群", "现在：小郑")
    await squad.says("李阿姨", REPORT, chat="十三队群")
    squad.hears("十三队群", "等 十三队（小郑）接单")
    squad.hears("小郑", "#1")
    squad.silent()


async def test_when_the_mode_is_over_the_usual_turns_hold_again(squad: Town) -> None:
    await squad.says("陈书记", "模式 防汛")
    await squad.tick()
    await until(squad, "2026-07-27 12:00")
    squad.hush()
    await squad.says("陈书记", "模式 日常")
    squad.hush()
    await squad.tick()
    squad.hears("小陈", "十三队 现在由您值班，到 7-28 08:00")
    squad.hears("小郑", "十三队 的班由 小陈 接上了，辛苦了！")
    await squad.says("李阿姨", REPORT, chat="十三队群")
    squad.hears("十三队群", "#1")
    squad.hears("小陈", "#1")
    squad.silent()


async def test_where_cases_go_round_whoever_had_the_mode_hears_that_it_is_over(squad: Town) -> None:
    await rota(squad, "值班 轮流 小陈 张队长")
    await squad.says("陈书记", "模式 防汛")
    await squad.tick()
    squad.hush()
    await squad.says("陈书记", "模式 日常")
    squad.hush()
    await squad.tick()
    squad.hears("小郑", "十三队 的班交出去了，辛苦了！")
    squad.silent()
    for number, who in enumerate(("小陈", "张队长", "小陈"), 1):
        await squad.says("李阿姨", f"上报 {number}号楼的灯坏了", chat="十三队群")
        squad.hears(who, f"#{number}")
        squad.silent_in("小郑")


async def test_another_mode_and_a_grid_without_such_a_list_keep_the_usual_turns(squad: Town) -> None:
    await squad.says("陈书记", "模式 消防")
    squad.hush()
    await squad.tick()
    squad.silent()
    await squad.says("李阿姨", "值班", chat="十三队群")
    squad.hears("十三队群", "现在：小陈")


async def test_the_nearest_mode_says_whose_turn_it_is(squad: Town) -> None:
    await squad.says("张队长", "模式 消防", chat="十三队群")
    await squad.says("陈书记", "模式 防汛")
    squad.hush()
    await squad.tick()
    squad.silent()
    await squad.says("张队长", "模式 日常", chat="十三队群")
    squad.hush()
    await squad.tick()
    squad.hears("小郑", "十三队 现在由您值班")


async def test_leave_is_a_gap_of_the_mode_and_its_own_turns_can_be_given_away(squad: Town) -> None:
    await squad.says("陈书记", "模式 防汛")
    await squad.tick()
    squad.hush()
    await squad.says("小郑", "请假 7月26日")
    squad.hears("张队长", "十三队 7月26日 周日 没有人值班（小郑 请假）")
    squad.hush()
    await squad.says("小郑", "换班")
    assert "7月25日 周六" in [button.label for button in squad.hears("小郑", "哪一班").buttons]
    await squad.says("小陈", "换班")
    squad.hears("小陈", "您后面没有班")


async def test_a_turn_of_the_mode_goes_to_whoever_says_yes(squad: Town) -> None:
    await squad.says("陈书记", "模式 防汛")
    await squad.tick()
    await squad.says("小郑", "换班 7月26日 小陈")
    await squad.presses("小陈", "同意")
    squad.hears("小郑", "换好了：7月26日 周日 由 小陈 值")
    squad.hush()
    await until(squad, "2026-07-26 08:00")
    squad.hears("小陈", "现在由您值班")
    await until(squad, "2026-07-27 08:00")
    squad.hears("小郑", "现在由您值班")


async def test_a_grid_that_moves_to_where_the_mode_is_on_goes_over_to_its_list(squad: Town) -> None:
    await squad.grid("G4", "四网格", "网格", "V")
    await squad.says("陈书记", "模式 四网格 防汛")
    await squad.tick()
    squad.hush()
    await squad.says("陈书记", "移网格 S13 G4")
    squad.hush()
    await squad.tick()
    squad.hears("小郑", "十三队 现在由您值班")


async def test_a_list_that_is_set_while_the_mode_is_on_holds_at_once(squad: Town) -> None:
    await squad.says("陈书记", "模式 消防")
    await squad.tick()
    squad.hush()
    await squad.says("张队长", "值班 消防 小郑")
    squad.hears("张队长", "现在：小郑")
    squad.hears("小郑", "现在由您值班")
    squad.hush()
    await squad.says("张队长", "/duty fire off")
    squad.hears("张队长", "消防模式不另排了", "现在：小陈", "防汛模式另排：小郑")
    squad.hears("小陈", "现在由您值班")


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("值班 防汛", "请写上名字，按轮到的先后，例如：值班 防汛 张三 李四"),
        ("值班 防汛 李阿姨", "李阿姨 不是 十三队 的队长、副手或干部，排不进去"),
        ("值班 双抢 小陈", "没有叫 双抢 的网格"),
    ],
)
async def test_an_order_that_cannot_be_carried_out_says_how(squad: Town, said: str, answer: str) -> None:
    await squad.says("张队长", said)
    squad.hears("张队长", answer)


async def test_a_mode_has_a_list_only_beside_the_usual_one(squad: Town) -> None:
    await rota(squad, "值班 取消")
    await squad.says("张队长", "值班 防汛 小郑")
    squad.hears("张队长", "请先排平时的班")


async def test_a_mode_that_left_the_config_has_no_turns(squad: Town) -> None:
    await squad.says("陈书记", "模式 防汛")
    await squad.tick()
    squad.hush()
    squad.settings = replace(squad.settings, modes=Modes())
    squad.restart()
    await squad.says("李阿姨", "值班", chat="十三队群")
    assert "另排" not in squad.hears("十三队群", "现在：小陈").text
