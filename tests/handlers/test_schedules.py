"""A notice is set once and comes by itself: at its time, not twice, not for somebody who has nothing to say there."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.people import Role
from domain.quiet import QuietHours
from tests.town import Town

WORDS = "各家关好门窗"
DAILY = f"定时 每天 18:00 侯官村 {WORDS}"
"""It is noon on Saturday, 25 July 2026, when a story begins."""


async def until(town: Town, when: str) -> None:
    """The clock shows this, and ticks: the bot was away in between."""
    then = datetime.fromisoformat(when).replace(tzinfo=ZoneInfo("Asia/Shanghai"))
    town.clock.pass_time(then - town.clock.now())
    await town.tick()


async def is_set(town: Town, words: str = DAILY, who: str = "陈书记") -> None:
    await town.says(who, words)
    await town.presses(who, "定下")
    town.hush()


async def dismiss(town: Town, who: str) -> None:
    async with town.store.transaction():
        await town.store.db.run("DELETE FROM appointments WHERE person = (SELECT id FROM people WHERE name = ?)", who)


async def due(town: Town) -> list[str | None]:
    async with town.store.transaction():
        return [row["due_at"] for row in await town.store.db.all("SELECT due_at FROM schedules ORDER BY id")]


# -- it is set, and it comes -----------------------------------------------------------------------------------------


async def test_a_notice_is_set_with_a_look_at_its_next_times_and_comes(town: Town) -> None:
    await town.says("陈书记", DAILY)
    draft = town.hears(
        "陈书记", "1 号定时 · 草稿", "每天 18:00 → 侯官村", WORDS,
        "接下来：7月25日 周六 18:00、7月26日 周日 18:00、7月27日 周一 18:00", "晚 1 小时以内还补发", "陈书记 定的",
    )  # fmt: skip
    assert [b.label for b in draft.buttons] == [
        "定下", "改时间", "改地方", "改内容", "到期日", "补发时限", "回执", "取消",
    ]  # fmt: skip
    await until(town, "2026-07-25 18:00")
    town.silent()
    await town.presses("陈书记", "定下")
    card = town.hears("陈书记", "1 号定时 · 定好了", "接下来：7月26日 周日 18:00")
    assert [b.label for b in card.buttons] == ["暂停", "跳过一次", "到期日", "补发时限", "取消"]

    await until(town, "2026-07-26 17:59")
    town.silent()
    await until(town, "2026-07-26 18:00")
    for group in ("村委群", "三网格群", "十三队群", "十四队群"):
        town.hears(group, "【通知】侯官村", WORDS, "陈书记 发布")
    sent = town.hears("陈书记", "【通知】侯官村", "已发出")
    assert "撤销" in [b.label for b in sent.buttons], "a mistake that comes every day is taken back by one press too"
    town.hears("陈书记", "1 号定时", "接下来：7月27日 周一 18:00")
    town.silent()
    await town.tick()
    town.silent()
    await until(town, "2026-07-27 18:00")
    town.hears("十三队群", WORDS)


async def test_what_is_missing_is_asked_one_thing_at_a_time(town: Town) -> None:
    await town.says("王主任", "/schedule")
    town.hears("王主任", "什么时候发")
    await town.says("王主任", "每秒")
    town.hears("王主任", "至少隔 10 分钟")
    await town.says("王主任", "工作日 7:30")
    town.hears("王主任", "发到哪里")
    await town.says("王主任", "侯官村")
    town.hears("王主任", "那里不归您管")
    await town.says("王主任", "三网格")
    town.hears("王主任", "写什么")
    await town.says("王主任", WORDS)
    town.hears("王主任", "工作日 07:30 → 三网格", "7月27日 周一 07:30", "按国家放假安排", "先按周一到周五")


async def test_a_draft_is_changed_before_it_is_set(town: Town) -> None:
    await town.says("陈书记", DAILY)
    await town.presses("陈书记", "改时间")
    await town.says("陈书记", "每月31日 9:00")
    town.hears("陈书记", "每月31日 09:00 → 侯官村", "7月31日 周五 09:00、8月31日", "没有 31 日的月份不发")
    await town.presses("陈书记", "改地方")
    await town.says("陈书记", "三网格")
    await town.presses("陈书记", "改内容")
    await town.says("陈书记", "交卫生费")
    await town.presses("陈书记", "补发时限")
    await town.says("陈书记", "2小时")
    await town.presses("陈书记", "回执")
    await town.presses("陈书记", "每队要")
    town.hears("陈书记", "每月31日 09:00 → 三网格", "交卫生费", "每队回执，晚 2 小时以内还补发")


async def test_a_draft_that_is_not_set_is_dropped_after_a_day(town: Town) -> None:
    await town.says("陈书记", DAILY)
    await until(town, "2026-07-26 12:00")
    town.hears("陈书记", "1 号定时 · 已经结束")
    assert town.buttons("陈书记") == []
    await until(town, "2026-07-26 18:00")
    assert await due(town) == [None]


async def test_once_is_once(town: Town) -> None:
    await is_set(town, f"定时 7月26日 9:00 侯官村 {WORDS}")
    await until(town, "2026-07-26 09:00")
    town.hears("十三队群", WORDS)
    town.hears("陈书记", "1 号定时 · 已经结束")
    town.hush()
    await until(town, "2026-07-27 09:00")
    town.silent()


async def test_a_night_s_notice_says_that_it_waits(town: Town) -> None:
    town.settings = replace(town.settings, quiet=QuietHours())
    town.restart()
    await town.says("陈书记", f"定时 每天 5:00 侯官村 {WORDS}")
    town.hears("陈书记", "安静时段，会等到 7月26日 周日 06:00 才响")


# -- people change it ------------------------------------------------------------------------------------------------


async def test_one_time_is_skipped_and_not_two(town: Town) -> None:
    await is_set(town)
    skip = next(b.data for m in town.channel.chats["陈书记"] for b in m.buttons if b.label == "跳过一次")
    await town.presses("陈书记", "跳过一次")
    town.hears("陈书记", "接下来：7月26日 周日 18:00")
    assert "已经跳过" in await town.presses_data("陈书记", skip)
    await until(town, "2026-07-25 18:00")
    town.silent()
    await until(town, "2026-07-26 18:00")
    town.hears("十三队群", WORDS)


async def test_it_pauses_and_goes_on(town: Town) -> None:
    await is_set(town)
    await town.presses("陈书记", "暂停")
    town.hears("陈书记", "1 号定时 · 暂停")
    await until(town, "2026-07-27 12:00")
    town.silent()
    await town.presses("陈书记", "继续")
    town.hears("陈书记", "1 号定时 · 定好了", "接下来：7月27日 周一 18:00")
    await until(town, "2026-07-27 18:00")
    town.hears("十三队群", WORDS)


async def test_what_was_skipped_stays_skipped_after_a_pause(town: Town) -> None:
    await is_set(town)
    for label in ("跳过一次", "暂停", "继续"):
        await town.presses("陈书记", label)
    town.hears("陈书记", "接下来：7月26日 周日 18:00")


async def test_it_ends_on_its_last_day(town: Town) -> None:
    await is_set(town)
    await town.presses("陈书记", "到期日")
    await town.says("陈书记", "2026-07-24")
    town.hears("陈书记", "已经过去了")
    await town.says("陈书记", "7月26日")
    town.hears("陈书记", "发到 7月26日 为止", "接下来：7月25日 周六 18:00、7月26日 周日 18:00\n")
    town.hush()
    await until(town, "2026-07-25 18:00")
    town.hears("十三队群", WORDS)
    await until(town, "2026-07-26 18:00")
    town.hears("十三队群", WORDS)
    town.hears("陈书记", "1 号定时 · 已经结束")
    town.hush()
    await until(town, "2026-07-27 18:00")
    town.silent()


async def test_it_is_cancelled_and_cannot_be_cancelled_twice(town: Town) -> None:
    await is_set(town)
    await town.presses("陈书记", "取消")
    town.hears("陈书记", "1 号定时 · 已经结束")
    assert "已经结束" in await town.presses_data("陈书记", "schedule_drop:1")
    await until(town, "2026-07-25 18:00")
    town.silent()


async def test_the_list_shows_what_goes_to_where_one_has_authority(town: Town) -> None:
    await is_set(town)
    await is_set(town, f"定时 每周一 8:00 三网格 {WORDS}", "王主任")
    await town.says("王主任", "定时 列表")
    mine = town.hears("王主任", "2 号定时 每周一 08:00 三网格（下次 7月27日 周一 08:00）")
    assert "1 号定时" not in mine.text
    await town.says("陈书记", "定时 列表")
    town.hears("陈书记", "2 号定时 每周一 08:00 三网格", "1 号定时 每天 18:00 侯官村（下次 7月25日 周六 18:00）")
    await town.presses("陈书记", "2 号定时")
    town.hears("陈书记", "2 号定时 · 定好了", "王主任 定的")
    await town.presses("陈书记", "暂停")
    town.hears("王主任", "2 号定时 · 暂停")


# -- the bot was away ------------------------------------------------------------------------------------------------


async def test_what_is_late_but_in_time_is_sent(town: Town) -> None:
    await is_set(town)
    await until(town, "2026-07-25 19:00")
    town.hears("十三队群", WORDS)
    town.hush()
    await until(town, "2026-07-26 18:00")
    town.hears("十三队群", WORDS)


async def test_what_is_too_late_is_not_sent_and_its_author_hears_why(town: Town) -> None:
    await is_set(town)
    await until(town, "2026-07-25 19:01")
    town.hears(
        "陈书记", "1 号定时错过了：7月25日 周六 18:00 那时机器人停着，过了 1 小时，没有补发", f"通知 侯官村 {WORDS}"
    )
    town.hears("陈书记", "接下来：7月26日 周日 18:00")
    town.silent()


async def test_of_many_that_were_missed_the_last_is_sent_where_it_is_in_time(town: Town) -> None:
    await is_set(town)
    await until(town, "2026-07-28 18:30")
    town.hears("陈书记", "错过了：7月25日 周六 18:00")
    town.hears("十三队群", WORDS)
    town.hears("陈书记", "已发出")
    town.hears("陈书记", "接下来：7月29日 周三 18:00")
    town.silent_in("十三队群", "陈书记")


async def test_a_longer_grace_is_kept(town: Town) -> None:
    await is_set(town)
    await town.presses("陈书记", "补发时限")
    await town.says("陈书记", "3小时")
    await until(town, "2026-07-25 21:00")
    town.hears("十三队群", WORDS)


# -- who may ---------------------------------------------------------------------------------------------------------


async def test_who_lost_authority_sends_nothing_and_the_level_above_hears_of_it(town: Town) -> None:
    await is_set(town, f"定时 每天 18:00 三网格 {WORDS}", "王主任")
    await dismiss(town, "王主任")
    await until(town, "2026-07-25 18:00")
    town.hears("陈书记", "1 号定时没有发：王主任 定的，但 王主任 已经不管三网格了")
    town.hears("陈书记", "1 号定时 · 暂停")
    town.hears("王主任", "1 号定时 · 暂停")
    town.silent()
    assert "不归您管" in await town.presses_data("王主任", "schedule_resume:1")
    await town.presses("陈书记", "继续")
    town.hears("陈书记", "1 号定时 · 定好了", "陈书记 定的")
    await until(town, "2026-07-26 18:00")
    town.hears("十三队群", WORDS, "陈书记 发布")


@pytest.mark.parametrize("who", ["李阿姨", "小林"])
async def test_neither_a_resident_nor_a_deputy_sets_one(town: Town, who: str) -> None:
    await town.says(who, DAILY)
    town.hears(who, "要由队长、网格长或干部来发")


async def test_a_draft_is_its_author_s(town: Town) -> None:
    await town.says("王主任", f"定时 每天 18:00 三网格 {WORDS}")
    assert "由 王主任 来改" in await town.presses_data("陈书记", "schedule_set:1")
    assert "失效" in await town.presses_data("陈书记", "schedule_set:7")
    await dismiss(town, "王主任")
    assert "不归您管" in await town.presses_data("王主任", "schedule_set:1")


async def test_a_group_is_no_place_for_it_and_talk_is_talk(town: Town) -> None:
    await town.says("陈书记", DAILY, chat="村委群")
    town.hears("村委群", "请私下对我发同样的话")
    await town.says("李阿姨", "定时 多少来着", chat="村委群")
    await town.says("李阿姨", DAILY, chat="村委群")
    town.silent()
    await is_set(town)
    assert "私下" in await town.presses_data("陈书记", "schedule_pause:1", chat="村委群")


async def test_what_reaches_several_villages_is_not_set(township: Town) -> None:
    await township.person("镇长", (Role.OFFICER, "T"))
    await township.says("镇长", f"定时 每天 18:00 荆溪镇 {WORDS}")
    township.hears("镇长", "每次都要第二个人通过，不能定时")


async def test_where_nobody_can_be_reached_it_is_not_set(town: Town) -> None:
    await town.grid("S15", "十五队", "小队", "A1")
    await town.says("陈书记", f"定时 每天 18:00 十五队 {WORDS}")
    town.hears("陈书记", "还没有群")


async def test_where_the_groups_went_away_its_author_hears_that_it_was_not_sent(town: Town) -> None:
    await is_set(town, f"定时 每天 18:00 十三队 {WORDS}")
    async with town.store.transaction():
        await town.store.db.run("UPDATE chats SET grid = NULL WHERE grid = 'S13'")
    await until(town, "2026-07-25 18:00")
    town.hears("陈书记", "1 号定时到时间了，但没有发出：那里还没有群")
    town.hears("陈书记", "接下来：7月26日")
    town.silent()


async def test_in_practice_nothing_is_set_and_nothing_goes_out(town: Town) -> None:
    await is_set(town)
    town.settings = replace(town.settings, training=True)
    town.restart()
    await until(town, "2026-07-25 18:00")
    town.hears("陈书记", "没有发出：现在是练习模式")
    await town.says("陈书记", DAILY)
    town.hears("陈书记", "现在是练习模式")


async def test_a_restart_loses_no_schedule_and_doubles_none(town: Town) -> None:
    await is_set(town)
    town.restart()
    await until(town, "2026-07-25 18:00")
    town.restart()
    await town.tick()
    assert sum(WORDS in m.text for m in town.channel.chats["十三队群"]) == 1


async def test_two_late_ones_within_the_grace_are_one(town: Town) -> None:
    await is_set(town, f"定时 0,20,40 * * * * 侯官村 {WORDS}")
    town.clock.pass_time(timedelta(minutes=50))
    await town.tick()
    assert sum(WORDS in m.text for m in town.channel.chats["十三队群"]) == 1
    assert not any("错过了" in m.text for m in town.channel.chats["陈书记"])
