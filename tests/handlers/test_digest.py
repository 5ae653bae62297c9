"""晨报, 晚报: one message to each who leads, nothing that they know already, and nothing where there is nothing."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.digest import Hours
from domain.people import Role
from domain.quiet import QuietHours
from handlers.digest import PAGE, set_hours
from tests.town import Town


async def opened(town: Town, hours: Hours | None = None) -> Town:
    """As the bot does at its start."""
    town.settings = replace(town.settings, digests=hours or town.settings.digests)
    town.restart()
    async with town.store.transaction():
        await set_hours(town.store, town.settings, town.clock.now())
    return town


@pytest.fixture
async def night(town: Town) -> Town:
    """Nine in the evening; what can wait is held till six."""
    town.settings = replace(town.settings, quiet=QuietHours())
    town.clock.pass_time(timedelta(hours=9))
    return await opened(town)


async def test_the_morning_tells_of_the_night_what_its_reader_has_not_seen(night: Town) -> None:
    town = night
    await town.later(hours=3)
    await town.says("李阿姨", "上报 车库进水了", chat="十三队群")
    await town.presses("张队长", "接单", chat="十三队群")
    await town.says("李阿姨", "上报 楼道灯坏了", chat="十三队群")
    await town.later(hours=6)
    town.hush()
    await town.later(hours=1, minutes=29)
    town.hush()
    await town.later(minutes=1)
    late, off = "· 超时还没办好 1 件：#2", "不想每天收，发：晨报 关"
    told = town.hears("陈书记", "【晨报】").text.splitlines()
    assert told == ["【晨报】", "· 夜里新上报 2 件：水浸 1、报修 1；还没人接 #2", late, off]
    # The lamp climbed to him at seven, and its card stands in his chat.
    assert town.hears("王主任", "【晨报】").text.splitlines() == ["【晨报】", "· 夜里新上报 1 件：水浸 1", late, off]
    assert town.hears("张队长", "【晨报】").text.splitlines() == ["【晨报】", late, off]
    town.silent()


async def test_nothing_to_say_and_nothing_is_said(night: Town) -> None:
    await night.later(hours=30)
    night.silent()


async def test_what_is_late_is_told_until_it_is_put_right(night: Town) -> None:
    town = night
    await town.says("李阿姨", "上报 车库进水了", chat="十三队群")
    await town.later(hours=10, minutes=30)
    assert "· 超时还没办好 1 件：#1" in town.hears("张队长", "【晨报】").text
    await town.says("张队长", "接单 1")
    await town.says("张队长", "办结 1 抽干了")
    town.hush()
    await town.later(hours=24)
    assert not [m for m in town.channel.chats["张队长"] if "【晨报】" in m.text and not m.heard]


async def test_the_evening_is_for_officers(town: Town) -> None:
    await opened(town)
    await town.says("李阿姨", "上报 楼道灯坏了", chat="十三队群")
    await town.presses("张队长", "接单", chat="十三队群")
    await town.says("张队长", "办结 1 修好了", chat="十三队群")
    town.hush()
    await town.later(hours=6)
    said = town.hears("陈书记", "【晚报】")
    assert said.text.splitlines()[1] == "· 今天新上报 1 件：报修 1；已办结 1 件"
    town.silent()


async def test_what_will_be_sent_by_itself_today(night: Town) -> None:
    town = night
    await town.says("王主任", "定时 每天 18:00 三网格 关好门窗")
    await town.presses("王主任", "定下")
    town.hush()
    await town.later(hours=10, minutes=30)
    for who in ("王主任", "陈书记", "张队长"):
        assert "· 18:00 自动发通知：“关好门窗”" in town.hears(who, "【晨报】").text
    town.silent()


async def test_a_day_without_anybody_on_duty(night: Town) -> None:
    town = night
    await town.says("张队长", "值班 每天 张队长")
    await town.says("张队长", "请假 明天")
    town.hush()
    await town.later(hours=10, minutes=30)
    assert "· 十三队 7月26日 周日 没有人值班（张队长 请假）" in town.hears("张队长", "【晨报】").text
    assert not [m for m in town.channel.chats["王主任"] if "【晨报】" in m.text]


async def test_each_decides_for_themselves(night: Town) -> None:
    town = night
    await town.says("王主任", "晨报 关")
    town.hears("王主任", "好，晨报不发了。要再收，把“关”换成“开”再发一次。")
    await town.says("李阿姨", "上报 车库进水了", chat="十三队群")
    town.hush()
    await town.later(hours=10, minutes=30)
    town.hears("陈书记", "【晨报】")
    assert not [m for m in town.channel.chats["王主任"] if "【晨报】" in m.text]
    await town.says("王主任", "晨报 开")
    town.hears("王主任", "好，每天给您发晨报。")
    await town.says("王主任", "晨报")
    town.hears("王主任", "【晨报】", "超时还没办好 1 件")


@pytest.mark.parametrize(
    ("who", "words", "chat", "answer"),
    [
        ("李阿姨", "晨报", None, "晨报是给管网格的人看的。"),
        ("张队长", "晚报", None, "晚报给干部看。您管的网格怎么样，请发：晨报"),
        ("张队长", "晨报", None, "没有要说的"),
        ("张队长", "/morning", "十三队群", "这个在群里不看"),
    ],
)
async def test_who_may_ask_for_it(town: Town, who: str, words: str, chat: str | None, answer: str) -> None:
    await town.says(who, words, chat=chat)
    town.hears(chat or who, answer)


async def test_what_is_private_is_in_none(night: Town) -> None:
    await night.says("李阿姨", "上报 楼上邻居和我吵架，要打人")
    await night.says("李阿姨", "建议 门口装个长椅", chat="十三队群")
    night.hush()
    await night.later(hours=11)
    night.hush("村委群")
    assert not [m for chat in night.channel.chats.values() for m in chat if "【晨报】" in m.text]


async def test_a_county_is_told_in_pages_each_once(night: Town) -> None:
    town = night
    for n in range(PAGE + 5):
        await town.person(f"干部{n}", (Role.OFFICER, "V"))
    await town.says("李阿姨", "上报 车库进水了", chat="十三队群")
    await town.later(hours=10, minutes=30)
    for n in range(PAGE + 5):
        assert len([m for m in town.channel.chats[f"干部{n}"] if "【晨报】" in m.text]) == 1


@pytest.mark.parametrize(
    ("before", "hours", "slept", "told"),
    [
        (Hours(time(7, 30)), Hours(time(7, 30)), timedelta(hours=1), True),
        (Hours(time(7, 30)), Hours(time(7, 30)), timedelta(hours=3), False),
        (Hours(time(7, 30)), Hours(time(7, 45)), timedelta(minutes=10), False),
        (Hours(time(7, 30)), Hours(None), timedelta(minutes=10), False),
        (Hours(None), Hours(time(7, 30)), timedelta(0), False),
    ],
)
async def test_a_bot_that_slept_or_was_told_another_hour(
    night: Town, before: Hours, hours: Hours, slept: timedelta, told: bool
) -> None:
    town = await opened(night, before)
    await town.says("李阿姨", "上报 车库进水了", chat="十三队群")
    town.clock.pass_time(timedelta(hours=10, minutes=30) + slept)
    await opened(town, hours)
    await town.tick()
    assert bool([m for m in town.channel.chats["陈书记"] if "【晨报】" in m.text]) is told


@pytest.mark.parametrize("midnight", [datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2027, 3, 27, 23, tzinfo=UTC)])
async def test_an_hour_that_comes_twice_or_never_is_said_once(town: Town, midnight: datetime) -> None:
    """Half past two in Berlin, where the clock is put back, and where it is put on."""
    town.clock.moment = midnight
    town.settings = replace(town.settings, timezone=ZoneInfo("Europe/Berlin"))
    await opened(town, Hours(time(2, 30)))
    await town.says("李阿姨", "上报 车库进水了", chat="十三队群")
    await town.later(hours=8)
    assert len([m for m in town.channel.chats["陈书记"] if "【晨报】" in m.text]) == 1
