"""值班: whoever is on duty hears first, the others if nobody comes, and everybody can ask who it is."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from domain.duty import Turns
from domain.people import Role
from storage.duty import AT_ONCE
from tests.handlers.on_duty import dismiss, rota, squad_of_three, until
from tests.town import Town

REPORT = "上报 楼道灯坏了"
"""A routine thing: an hour to take it, so the others hear after half an hour."""

FLOOD = "上报 东门地下车库进水了"
"""Fifteen minutes, so the others hear after seven and a half."""


@pytest.fixture
async def squad(town: Town) -> Town:
    return await squad_of_three(town)


# -- who hears first -------------------------------------------------------------------------------------------------


async def test_whoever_is_on_duty_hears_first_and_the_others_when_nobody_comes(squad: Town) -> None:
    await rota(squad)
    await squad.says("李阿姨", REPORT, chat="十三队群")
    squad.hears("十三队群", "#1", "等 十三队")
    squad.hears("小陈", "#1")
    squad.silent()
    await squad.later(minutes=29)
    squad.silent()
    await squad.later(minutes=1)
    squad.hears("小郑", "#1")
    squad.hears("张队长", "#1")
    squad.hears("小陈", "#1 还没有人接单，现在也叫了其他人")
    squad.silent_in("小陈", "小郑", "张队长")
    await squad.later(minutes=30)
    squad.hears("三网格群", "#1")


async def test_once_somebody_took_it_nobody_else_is_called(squad: Town) -> None:
    await rota(squad)
    await squad.says("李阿姨", REPORT, chat="十三队群")
    await squad.presses("小陈", "接单")
    squad.hush()
    await squad.later(minutes=59)
    squad.silent()


async def test_where_a_life_is_at_stake_everybody_hears_at_once(squad: Town) -> None:
    await rota(squad)
    await squad.says("李阿姨", "上报 三号楼着火了", chat="十三队群")
    for chat in ("十三队群", "张队长", "小陈", "小郑"):
        squad.hears(chat, "#1 消防燃气")


async def test_where_somebody_is_in_danger_nobody_waits_for_another(squad: Town) -> None:
    await rota(squad)
    await squad.says("李阿姨", "上报 地下车库进水了，有人被困", chat="十三队群")
    for chat in ("十三队群", "张队长", "小陈", "小郑"):
        squad.hears(chat, "#1 水浸")


async def test_the_card_says_who_is_asked_first(squad: Town) -> None:
    await rota(squad)
    await squad.says("李阿姨", REPORT, chat="十三队群")
    squad.hears("十三队群", "等 十三队（小陈）接单")


async def test_a_grid_without_a_rota_hears_as_ever(squad: Town) -> None:
    await squad.says("李阿姨", REPORT, chat="十三队群")
    for chat in ("十三队群", "张队长", "小陈", "小郑"):
        squad.hears(chat, "#1")
    await squad.says("李阿姨", "值班", chat="十三队群")
    squad.hears("十三队群", "十三队 值班", "没有排班，有事找 张队长")
    squad.silent()


async def test_nobody_on_duty_and_the_leader_hears_and_without_a_leader_the_grid_above(squad: Town) -> None:
    await rota(squad, "值班 7月26日 小陈")
    await squad.says("李阿姨", REPORT, chat="十三队群")
    squad.hears("十三队群", "#1")
    squad.hears("张队长", "#1")
    squad.silent()
    await dismiss(squad, "张队长")
    await squad.says("李阿姨", "上报 井盖不见了", chat="十三队群")
    squad.hears("十三队群", "#2")
    squad.hears("王主任", "#2")
    squad.silent()
    await squad.later(minutes=30)
    squad.hears("小陈", "#2")
    squad.hears("小郑", "#2")


async def test_whoever_left_is_not_called_though_the_rota_names_them(squad: Town) -> None:
    await rota(squad)
    await dismiss(squad, "小陈")
    await squad.says("李阿姨", REPORT, chat="十三队群")
    squad.hears("十三队群", "#1")
    squad.hears("张队长", "#1")
    squad.silent()
    await squad.says("张队长", "值班")
    squad.hears("张队长", "现在没有人值班，有事先找 张队长", "7月25日 周六 没有人值班（小陈 收不到私信，或不在这里了）")


async def test_the_quarrel_of_whoever_is_on_duty_goes_to_the_others(squad: Town) -> None:
    await rota(squad)
    await squad.says("小陈", "上报 隔壁占我家宅基地，吵起来了")
    squad.hears("小陈", "#1 纠纷")
    squad.hears("张队长", "#1 纠纷")
    squad.hears("小郑", "#1 纠纷")
    squad.silent()


async def test_cases_go_round_where_the_grid_wants_it(squad: Town) -> None:
    await rota(squad, "值班 轮流 小陈 小郑")
    for n, (things, who) in enumerate((("楼道灯坏了", "小陈"), ("水管漏了", "小郑"), ("门锁坏了", "小陈")), 1):
        await squad.says("李阿姨", f"上报 {things}", chat="十三队群")
        squad.hears("十三队群", f"#{n}")
        squad.hears(who, f"#{n}")
        squad.silent()
    await squad.says("李阿姨", "值班", chat="十三队群")
    squad.hears("十三队群", "轮流接单：小陈、小郑。下一件先叫 小郑")


# -- who does not answer ---------------------------------------------------------------------------------------------


async def test_whoever_is_silent_twice_is_left_in_peace_until_the_change_and_told(squad: Town) -> None:
    await rota(squad)
    await until(squad, "2026-07-25 23:00")
    await squad.says("李阿姨", FLOOD, chat="十三队群")
    await squad.later(minutes=8)
    await squad.presses("张队长", "接单")
    squad.hush()
    await squad.says("李阿姨", "上报 一号楼楼道也进水了，快来人", chat="十三队群")
    squad.hears("小陈", "#2")
    await squad.later(minutes=8)
    squad.hears("小陈", "叫了您 2 次没有回应，到 7-26 08:00 先不叫您了")
    squad.hears("张队长", "十三队 现在没有人值班，到 7-26 08:00 先由您顶着", "还没办完的 2 件")
    squad.hush()
    await squad.says("李阿姨", "上报 四号楼门厅又进水了", chat="十三队群")
    squad.hears("张队长", "#3")
    assert not [m for m in squad.channel.chats["小陈"] if m.text.startswith(("#3", "#4"))], "nor of all three as one"
    squad.hush()
    await until(squad, "2026-07-26 08:00")
    squad.hears("小郑", "十三队 现在由您值班，到 7-27 08:00")
    await until(squad, "2026-07-27 08:00")
    squad.hears("小陈", "十三队 现在由您值班")


async def test_a_leader_who_stands_in_and_is_silent_can_say_that_they_are_back(squad: Town) -> None:
    await rota(squad, "值班 8月1日 小陈")
    for n in range(2):
        await squad.says("李阿姨", f"求助 {n} 号楼王依姆要人陪去医院", chat="十三队群")
        await squad.later(minutes=8)
    squad.hears("张队长", "先不叫您了")
    squad.hears("王主任", "十三队 现在没有人值班")
    await squad.says("张队长", "请假 取消")
    squad.hears("张队长", "照常叫您")
    squad.hears("张队长", "十三队 现在没有人值班，到 7-26 08:00 先由您顶着")


# -- the change ------------------------------------------------------------------------------------------------------


async def test_at_the_change_the_next_one_sees_what_is_open(squad: Town) -> None:
    await rota(squad)
    await squad.says("李阿姨", REPORT, chat="十三队群")
    await squad.presses("小陈", "接单")
    squad.hush()
    await until(squad, "2026-07-26 07:59")
    squad.silent_in("小陈", "小郑")
    await until(squad, "2026-07-26 08:00")
    told = squad.hears("小郑", "十三队 现在由您值班，到 7-27 08:00", "还没办完的 1 件", "#1 报修 楼道灯坏了")
    assert told.buttons == (), "somebody has it already"
    squad.hears("小陈", "十三队 的班由 小郑 接上了，辛苦了")
    await squad.tick()
    squad.silent_in("小陈", "小郑")


async def test_weeks_change_on_monday_and_a_bot_that_was_away_says_it_once(squad: Town) -> None:
    await squad.says("张队长", "值班 每周 小陈 小郑")
    squad.hears("张队长", "每周换一个人", "现在：小陈（到 7-27 08:00）", "7月27日到8月2日 小郑")
    squad.hears("小陈", "您排进了 十三队 的值班表")
    squad.hears("小陈", "现在由您值班", "没有没办完的事")
    squad.hears("小郑", "您排进了 十三队 的值班表")
    squad.silent()
    await until(squad, "2026-07-29 12:00")
    squad.hears("小郑", "现在由您值班，到 8-3 08:00")
    squad.hears("小陈", "由 小郑 接上了")
    await squad.tick()
    squad.silent()


# -- who may set it, and what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("值班 每周", "请写上名字"),
        ("值班 每周 小陈 老外", "老外 不是 十三队 的队长、副手或干部", ),
        ("值班 7月26日 小陈 小郑", "请在日期后面写一个人的名字"),
        ("值班 2026年7月1日 小陈", "已经过去了"),
        ("值班 7月26日到7月20日 小陈", "从哪天到哪天没看懂"),
        ("值班 2月30日 小陈", "没有 2 月 30 日这一天"),
        ("值班 节假日 小陈", "请先排平时的班"),
        ("值班 取消", "这里没有值班表"),
        ("值班 九十队", "没有叫 九十队 的网格"),
        ("值班 十三队 随便排", "没看懂怎么排"),
    ],
)  # fmt: skip
async def test_what_cannot_be_is_refused_in_words(squad: Town, words: str, told: str) -> None:
    await squad.says("张队长", words)
    squad.hears("张队长", told)
    squad.silent()


async def test_a_day_can_be_asked_for(squad: Town) -> None:
    await rota(squad)
    await squad.says("李阿姨", "谁值班 明天")
    squad.hears("李阿姨", "十三队 值班\n7月26日 周日 小郑")
    await squad.says("李阿姨", "值班 十三队 7月30日到31日")
    squad.hears("李阿姨", "7月30日 周四 小郑\n7月31日 周五 小陈")
    await squad.says("李阿姨", "值班 三网格 明天")
    squad.hears("李阿姨", "没有排班")


async def test_what_climbed_over_its_responder_is_for_whoever_is_on_duty_above(squad: Town) -> None:
    await squad.person("副网格长", (Role.DEPUTY, "G3"))
    await squad.says("王主任", "值班 每天 副网格长")
    await squad.says("李阿姨", FLOOD, chat="十三队群")
    await squad.presses("小陈", "接单")
    await squad.later(hours=24)
    squad.hush()
    await squad.later(minutes=15)
    squad.hears("副网格长", "#1", "超时未办结")
    squad.silent_in("王主任")
    await squad.later(minutes=8)
    squad.hears("王主任", "#1", "超时未办结")


async def test_a_second_rota_takes_the_place_of_the_first(squad: Town) -> None:
    await rota(squad)
    await squad.says("王主任", "值班 十三队 每周 小郑 小陈")
    squad.hears("王主任", "原来的值班表换掉了", "现在：小郑")
    squad.hears("小郑", "现在由您值班")
    squad.hears("小陈", "由 小郑 接上了")
    await squad.says("张队长", "值班 取消")
    squad.hears("张队长", "值班表取消了")
    squad.hears("小陈", "值班表取消了")
    squad.hears("小郑", "值班表取消了")
    await squad.says("李阿姨", REPORT, chat="十三队群")
    for chat in ("张队长", "小陈", "小郑"):
        squad.hears(chat, "#1")


async def test_only_a_leader_says_whose_turn_it_is_and_a_group_may_talk_of_duty(squad: Town) -> None:
    await squad.says("小陈", "值班 每天 小陈 小郑")
    squad.hears("小陈", "要由管这一片的队长、网格长或干部来做")
    await squad.says("李阿姨", "值班 的师傅在吗", chat="十三队群")
    squad.silent()
    await squad.says("李阿姨", "值班 三网格", chat="十三队群")
    squad.hears("十三队群", "三网格 值班", "没有排班，有事找 王主任")
    await squad.says("陌生人", "/duty")
    squad.hears("陌生人", "请在后面写上网格的名称或编号")


async def test_the_rota_of_a_closed_grid_is_over(squad: Town) -> None:
    await rota(squad)
    await squad.says("王主任", "撤网格 S13")
    squad.hush()
    await until(squad, "2026-07-26 08:00")
    squad.silent_in("小陈", "小郑")
    await squad.says("王主任", "值班 S13 每天 小陈")
    squad.hears("王主任", "没有叫 S13 的网格")


async def test_holidays_have_turns_of_their_own(squad: Town) -> None:
    await until(squad, "2026-09-30 12:00")
    await rota(squad, "值班 每天 小陈")
    await squad.says("张队长", "值班 节假日 小郑")
    squad.hears("张队长", "国家放假的日子", "10月1日 周四 小郑", "国家节假日另排：小郑")
    squad.hush()
    await until(squad, "2026-10-01 08:00")
    squad.hears("小郑", "现在由您值班")
    await until(squad, "2026-10-08 08:00")
    squad.hears("小陈", "现在由您值班")


async def test_an_imported_rota_begins_when_the_bot_looks(squad: Town) -> None:
    async with squad.store.transaction():
        staff = {who.name: who.id for who in await squad.store.duty.staff("S13")}
        number = await squad.store.duty.begin("S13", Turns.WEEK, [staff["小陈"], staff["小郑"]], None)
        await squad.store.duty.next_change(number, AT_ONCE)
    await squad.tick()
    squad.hears("小陈", "十三队 现在由您值班，到 7-27 08:00")
    squad.silent()
    await until(squad, "2026-07-27 08:00")
    squad.hears("小郑", "现在由您值班")


async def test_where_no_grid_has_a_rota_a_report_asks_nothing_of_them(squad: Town) -> None:
    asked: list[str] = []
    await squad.store.db._connection.set_trace_callback(asked.append)
    await squad.says("李阿姨", REPORT, chat="十三队群")
    await squad.store.db._connection.set_trace_callback(None)
    assert asked
    own = ("FROM rotas", "rota_members", "duty_days", "pages", "swaps")
    assert not [sql for sql in asked if any(table in sql for table in own)]


async def test_the_night_of_a_change_in_the_clock_is_one_turn(empty_town: Town) -> None:
    """In Berlin the night to 25 October 2026 has an hour more; nobody is told twice."""
    town = Town(empty_town.store, replace(empty_town.settings, timezone=ZoneInfo("Europe/Berlin"), quiet=None))
    await town.grid("S", "一队", "小队", group="一队群")
    await town.person("张队长", (Role.LEADER, "S"))
    await town.person("小陈", (Role.DEPUTY, "S"))
    town.clock.pass_time(datetime(2026, 10, 24, 12, tzinfo=UTC) - town.clock.now())
    await town.says("张队长", "值班 每天 张队长 小陈")
    town.hush()
    await town.later(hours=18, minutes=59)
    town.silent()
    await town.later(hours=2)
    town.hears("小陈", "一队 现在由您值班，到 10-26 08:00")
    town.hears("张队长", "由 小陈 接上了")
    town.silent()
