"""换班, 请假: a turn changes hands when both want it, and whoever cannot come is not called."""

import pytest

from tests.handlers.on_duty import dismiss, rota, squad_of_three, until
from tests.town import Town


@pytest.fixture
async def squad(town: Town) -> Town:
    town = await squad_of_three(town)
    await rota(town)
    return town


# -- 换班 ------------------------------------------------------------------------------------------------------------


async def test_a_turn_is_swapped_by_three_taps_and_a_yes(squad: Town) -> None:
    await squad.says("小郑", "值班")
    assert [b.label for b in squad.hears("小郑", "7月26日 周日 小郑").buttons] == ["换班", "请假"]
    await squad.presses("小郑", "换班")
    squad.hears("小郑", "哪一班要换")
    await squad.presses("小郑", "7月26日 周日")
    squad.hears("小郑", "7月26日 周日 请谁来值")
    await squad.presses("小郑", "小陈，您值 7月27日 周一")
    squad.hears("小郑", "已经问 小陈")
    asked = squad.hears("小陈", "小郑 想请您换班：7月26日 周日 由 小陈 值，7月27日 周一 由 小郑 值")
    assert [b.label for b in asked.buttons] == ["同意", "不行"]
    await squad.says("李阿姨", "值班", chat="十三队群")
    squad.hears("十三队群", "7月26日 周日 小郑", "7月27日 周一 小陈")

    await squad.presses("小陈", "同意")
    assert squad.hears("小陈", "换好了").buttons == ()
    squad.hears("小郑", "换好了：7月26日 周日 由 小陈 值")
    squad.hears("张队长", "换好了")
    squad.silent()
    await squad.says("李阿姨", "值班", chat="十三队群")
    squad.hears("十三队群", "7月26日 周日 小陈", "7月27日 周一 小郑")
    await until(squad, "2026-07-26 08:00")
    squad.silent()
    await until(squad, "2026-07-27 08:00")
    squad.hears("小郑", "现在由您值班")


async def test_in_words_and_the_other_says_no_or_nothing(squad: Town) -> None:
    await squad.says("小郑", "换班 7月26日 小陈")
    await squad.presses("小陈", "不行")
    squad.hears("小郑", "小陈 那天不行，7月26日 周日 还是您值")
    squad.hush()
    await squad.says("小郑", "/swap 7月28日 小陈")
    squad.hears("小陈", "小郑 想请您换班")
    squad.hush()
    await until(squad, "2026-07-28 08:00")
    squad.hears("小郑", "小陈 没有回答，7月28日 周二 还是您值")
    assert squad.hears("小陈", "时间过了，没有换").buttons == ()


async def test_a_swap_is_accepted_once_and_by_the_one_who_was_asked(squad: Town) -> None:
    await squad.says("小郑", "换班 7月26日 小陈")
    yes = next(b.data for m in squad.channel.chats["小陈"] for b in m.buttons if b.label == "同意")
    assert "要由本人来答" in await squad.presses_data("张队长", yes)
    await squad.presses_data("小陈", yes)
    squad.hush()
    assert "已经有结果了" in await squad.presses_data("小陈", yes)
    squad.silent()


async def test_the_other_is_asked_once_for_a_turn(squad: Town) -> None:
    await squad.says("小郑", "换班 7月26日 小陈")
    squad.hush()
    await squad.says("小郑", "换班 7月26日 小陈")
    squad.hears("小郑", "已经问过 小陈 了")
    squad.silent()
    await squad.presses("小陈", "不行")
    squad.hush()
    await squad.says("小郑", "换班 7月26日 小陈")
    squad.hears("小陈", "小郑 想请您换班")


async def test_what_changed_since_it_was_asked_is_not_swapped(squad: Town) -> None:
    await squad.says("小郑", "换班 7月26日 小陈")
    yes = next(b.data for m in squad.channel.chats["小陈"] for b in m.buttons if b.label == "同意")
    await squad.says("张队长", "值班 7月26日 张队长")
    assert "值班表已经变了" in await squad.presses_data("小陈", yes)
    await squad.says("张队长", "值班 7月26日 小郑")
    await dismiss(squad, "小陈")
    assert "不再管这一片了" in await squad.presses_data("小陈", yes)
    await squad.says("张队长", "值班 取消")
    assert "这个按钮失效了" in await squad.presses_data("小陈", yes)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("换班 7月26日 小郑", "不能和自己换班"),
        ("换班 2026年7月1日 小陈", "已经过去了"),
        ("换班 7月27日 小陈", "不是您的班"),
        ("换班 7月26日", "请写哪天和谁换"),
        ("换班 7月26日 老外", "没认出 老外 是谁"),
        ("换班 7月26日 小林", "小林 收不到私信"),
        ("请假 2026年7月1日", "已经过去了"),
        ("请假 7月20日", "只能请 60 天以内的假"),
        ("请假 下辈子", "没看懂哪天"),
    ],
)
async def test_what_cannot_be_is_refused_in_words(squad: Town, words: str, told: str) -> None:
    await squad.says("小郑", words)
    squad.hears("小郑", told)
    squad.silent()


async def test_whoever_has_no_turn_has_none_to_give(squad: Town) -> None:
    await squad.says("李阿姨", "换班")
    squad.hears("李阿姨", "您不在哪张值班表里")
    await squad.says("李阿姨", "请假 明天要带孙子", chat="十三队群")
    squad.silent()
    await rota(squad, "值班 轮流 小陈 小郑")
    await squad.says("小陈", "换班")
    squad.hears("小陈", "轮流接单不用换班")


async def test_the_turn_that_runs_can_be_given_away_and_is_handed_over_at_once(squad: Town) -> None:
    await squad.says("小陈", "换班 今天 小郑")
    await squad.presses("小郑", "同意")
    squad.hears("小郑", "十三队 现在由您值班")
    squad.hears("小陈", "由 小郑 接上了")
    squad.hush()
    await squad.says("李阿姨", "上报 楼道灯坏了", chat="十三队群")
    squad.hears("小郑", "#1")
    squad.silent_in("小陈")


async def test_a_week_is_swapped_whole(squad: Town) -> None:
    await rota(squad, "值班 每周 小陈 小郑")
    await squad.says("小郑", "换班 7月30日 小陈")
    squad.hears("小陈", "7月27日到8月2日 由 小陈 值，8月3日到8月9日 由 小郑 值")


# -- 请假 ------------------------------------------------------------------------------------------------------------


async def test_whoever_is_on_leave_is_not_called_and_the_leader_sees_the_gap(squad: Town) -> None:
    await squad.says("小郑", "请假 7月26日到28日")
    squad.hears("小郑", "7月26日到7月28日 不叫您值班")
    squad.hears("张队长", "小郑 7月26日到7月28日 请假", "十三队 7月26日 周日 没有人值班（小郑 请假）", "要排人请发")
    await until(squad, "2026-07-26 08:00")
    squad.hears("张队长", "十三队 现在没有人值班，到 7-27 08:00 先由您顶着")
    squad.hears("小陈", "由 张队长 接上了")
    await squad.says("张队长", "值班 今天 小陈")
    squad.hears("小陈", "现在由您值班")
    squad.hush()
    await squad.says("小郑", "请假 取消")
    squad.hears("小郑", "照常叫您")
    squad.hears("张队长", "小郑 不请假了")
    await squad.says("张队长", "值班")
    assert "没有人值班" not in squad.hears("张队长", "现在：小陈").text


async def test_leave_is_taken_by_a_tap_and_the_leaders_own_is_told_to_the_grid_above(squad: Town) -> None:
    await squad.says("小陈", "值班")
    await squad.presses("小陈", "请假")
    await squad.presses("小陈", "7月27日 周一")
    squad.hears("小陈", "记下了：7月27日 周一")
    squad.hears("张队长", "小陈 7月27日 周一 请假")
    await rota(squad, "值班 每天 张队长")
    await squad.says("张队长", "请假 明天")
    squad.hears("王主任", "张队长 7月26日 周日 请假", "十三队 7月26日 周日 没有人值班（张队长 请假）")
    await until(squad, "2026-07-26 08:00")
    squad.hears("王主任", "十三队 现在没有人值班")


async def test_where_cases_go_round_whoever_is_away_is_passed_over(squad: Town) -> None:
    await rota(squad, "值班 轮流 小陈 小郑")
    await squad.says("小陈", "请假 今天")
    squad.hush()
    for text in ("楼道灯坏了", "水管漏了"):
        await squad.says("李阿姨", f"上报 {text}", chat="十三队群")
        squad.hears("小郑", text)
    squad.silent_in("小陈")
