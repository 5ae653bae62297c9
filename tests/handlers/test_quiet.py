"""At night the bot lets people sleep, but for what cannot wait; in the morning they hear the rest at once."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.channels import Later
from domain.kinds import DEFAULTS, Kinds
from domain.quiet import QuietHours
from tests.conftest import SETTINGS
from tests.conftest import town as by_day
from tests.fresh import new_store
from tests.town import Town

CALM = ("十三队群", "张队长", "三网格群", "王主任", "村委群", "陈书记")
KINDS = Kinds(replace(k, acknowledge=timedelta(hours=12)) if k.kind == "repair" else k for k in DEFAULTS)


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    """The same town, which goes to sleep at ten and has half a day for repairs; it is eleven at night."""
    town = Town(await new_store(), replace(SETTINGS, kinds=KINDS, quiet=QuietHours()))
    await by_day.__wrapped__(town)  # type: ignore[attr-defined]
    town.clock.moment = datetime(2026, 7, 25, 23, tzinfo=ZoneInfo("Asia/Shanghai"))
    yield town
    await town.close()


async def morning(town: Town) -> None:
    """Six o'clock, without the minutes before it."""
    town.clock.moment = datetime(2026, 7, 26, 6, tzinfo=ZoneInfo("Asia/Shanghai"))
    await town.tick()


async def test_whoever_speaks_is_answered_and_the_others_hear_in_the_morning(town: Town) -> None:
    await town.says("李阿姨", "上报 楼道路灯坏了")
    town.hears("李阿姨", "#1 报修", "楼道路灯坏了")
    town.silent()
    await morning(town)
    card = town.hears("张队长", "#1 报修", "楼道路灯坏了")
    assert [button.label for button in card.buttons] == ["接单", "派单", "上报上级", "更正"]
    town.hears("十三队群", "#1 报修")
    town.silent()


@pytest.mark.parametrize(
    "words", ["上报 东门地下车库进水了", "煤气味很大，头晕", "孩子找不到了，穿红衣服", "上报 老人摔倒了起不来"]
)
async def test_what_is_urgent_wakes_whoever_must_come(town: Town, words: str) -> None:
    await town.says("李阿姨", words, chat="十三队群")
    town.hears("张队长", "#1")
    await town.presses_data("张队长", "acknowledge:1")
    town.hears("十三队群", "#1 张队长 已接单")


async def test_a_voice_that_nobody_has_heard_wakes(town: Town) -> None:
    await town.says("李阿姨", "上报", attachments=[("town", "v1", "voice", 9)])
    town.hears("张队长", "#1")


async def test_several_cards_come_as_one_message_with_a_button_each(town: Town) -> None:
    for what in ("路灯坏了", "下水道堵了", "电梯坏了"):
        await town.says("李阿姨", f"上报 {what}")
    town.hush()
    await morning(town)
    gathered = town.hears("张队长", "夜里有 3 条消息：", "#1 报修 路灯坏了", "#2 报修 下水道堵了", "#3 报修 电梯坏了")
    assert [button.label for button in gathered.buttons] == ["接单 #1", "接单 #2", "接单 #3"]
    assert len(town.channel.chats["张队长"]) == 1
    await town.presses("张队长", "接单 #2")
    town.hears("张队长", "#2 报修", "张队长 已接单")


async def test_a_held_card_is_told_as_it_is_in_the_morning(town: Town) -> None:
    await town.says("李阿姨", "上报 路灯坏了")
    await town.says("李阿姨", "上报 停水了")
    await town.says("李阿姨", "撤销 1 自己亮了")
    town.hush()
    await morning(town)
    gathered = town.hears("张队长", "夜里有 2 条消息：", "#1 报修", "#2 报修 停水了")
    assert [button.label for button in gathered.buttons] == ["接单 #2"]


async def test_a_card_that_stands_already_changes_without_a_sound(town: Town) -> None:
    await town.says("李阿姨", "上报 路灯坏了", chat="十三队群")
    town.hears("十三队群", "#1 报修")
    await town.says("李阿姨", "撤销 1 自己亮了")
    town.hears("十三队群", "李阿姨 撤销：自己亮了")


async def test_a_notice_that_was_overtaken_in_the_night_is_not_told(town: Town) -> None:
    """It is handed from the squad to the grid and to the village while all sleep; the squad hears where it is now."""
    await town.says("李阿姨", "上报 树上有只猫", chat="十三队群")
    await town.presses_data("张队长", "escalate:1", "张队长")
    await town.presses_data("王主任", "escalate:1", "王主任")
    town.hush("十三队群")
    town.hush("张队长")
    town.hush("王主任")
    town.silent()
    await morning(town)
    said = [message.text for message in town.channel.chats["十三队群"] if "已上报到" in message.text]
    assert [("三网格" in text, "侯官村" in text) for text in said if "请稍等" in text] == [(False, True)]
    for chat in ("村委群", "陈书记"):
        town.hears(chat, "#1 其他")


async def test_what_is_routine_does_not_climb_while_people_sleep(town: Town) -> None:
    """An hour by night is an hour from six o'clock."""
    await town.says("李阿姨", "上报 树上有只猫", chat="十三队群")
    town.hears("十三队群", "#1 其他", "7-26 07:00 前没人接，就上报 三网格")
    await town.later(hours=6, minutes=59)
    town.silent()
    await town.later(minutes=2)
    town.hears("张队长", "#1 其他", "07:00 前没人接")
    town.hush()
    await town.later(minutes=58)
    town.silent()
    await town.later(minutes=2)
    town.hears("王主任", "#1 其他")


async def test_an_hour_that_ends_by_night_ends_in_the_morning(town: Town) -> None:
    town.clock.moment -= timedelta(hours=1, minutes=30)
    await town.says("李阿姨", "上报 树上有只猫", chat="十三队群")
    town.hears("十三队群", "#1 其他", "7-26 06:00 前没人接，就上报 三网格")
    town.hush()
    await town.later(hours=8, minutes=29)
    town.silent()
    await town.later(minutes=2)
    town.hears("王主任", "#1 其他")


@pytest.mark.parametrize(
    ("words", "sent"),
    [("补充 1 有人被困在树上", None), ("补充 1", [("town", "v1", "voice", 9)])],
    ids=["danger", "voice"],
)
async def test_what_turns_out_to_be_pressing_does_not_wait_for_the_morning(
    town: Town, words: str, sent: list[tuple[str, ...]] | None
) -> None:
    await town.says("李阿姨", "上报 树上有只猫", chat="十三队群")
    card = town.channel.chats["十三队群"][0].id
    await town.says("李阿姨", words, chat="十三队群", reply_to=card, attachments=sent or [])
    town.hush()
    await town.later(hours=1, minutes=1)
    town.hears("王主任", "#1 其他")


async def test_one_message_holds_questions_and_notices_too(town: Town) -> None:
    town.clock.moment = datetime(2026, 7, 25, 21, tzinfo=ZoneInfo("Asia/Shanghai"))
    for what in ("路灯坏了", "停水了"):
        await town.says("李阿姨", f"上报 {what}", chat="十三队群")
        town.clock.moment = datetime(2026, 7, 25, 21, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    await town.presses_data("张队长", "acknowledge:1")
    await town.presses_data("张队长", "acknowledge:2")
    town.clock.moment = datetime(2026, 7, 25, 23, tzinfo=ZoneInfo("Asia/Shanghai"))
    await town.says("张队长", "办结 1 换了灯泡")
    await town.says("张队长", "办结 2 水来了")
    town.hush()
    await morning(town)
    asked = town.hears("十三队群", "夜里有 2 条消息：", "#1 已办结：换了灯泡", "#2 已办结：水来了")
    assert [b.label for b in asked.buttons] == [
        "满意 #1",
        "不满意 #1",
        "未解决 #1",
        "满意 #2",
        "不满意 #2",
        "未解决 #2",
    ]
    await town.presses("李阿姨", "满意 #2", chat="十三队群")
    town.hears("十三队群", "#2 结案：满意")


async def test_pictures_follow_the_one_message(town: Town) -> None:
    await town.says("李阿姨", "上报 路灯坏了", attachments=[("town", "p1")])
    await town.says("李阿姨", "上报 停水了")
    town.hush()
    await morning(town)
    words, picture = town.channel.chats["张队长"]
    assert "夜里有 2 条消息" in words.text
    assert picture.attachment
    assert picture.text == "#1"


async def test_a_restart_in_the_night_keeps_what_waits(town: Town) -> None:
    await town.says("李阿姨", "上报 路灯坏了")
    town.hush()
    town.restart()
    await town.settle()
    town.silent()
    await morning(town)
    town.hears("张队长", "#1 报修")
    town.hears("十三队群", "#1 报修")
    await town.later(minutes=1)
    town.silent()


async def test_an_all_clear_takes_back_what_was_held(town: Town) -> None:
    await town.says("李阿姨", "上报 路灯坏了")
    town.hush()
    async with town.store.transaction():
        assert [chat.chat for chat in await town.store.outbox.recall("case:1")] == ["李阿姨"]
    await morning(town)
    town.silent()


async def test_what_was_on_its_way_before_the_night_is_not_kept_back_by_a_change(town: Town) -> None:
    town.clock.moment -= timedelta(hours=1, minutes=1)
    town.channel.errors["张队长"] = [Later("no service", after=300)]
    await town.says("李阿姨", "上报 路灯坏了")
    await town.later(minutes=2)
    await town.says("李阿姨", "撤销 1 自己亮了")
    await town.later(minutes=5)
    town.hears("张队长", "李阿姨 撤销：自己亮了")


async def test_an_alert_that_was_held_back_by_nothing_wakes_the_held_card_too(town: Town) -> None:
    """What seemed to be routine turns out to be dangerous: the card that waited is said now."""
    await town.says("李阿姨", "上报 路灯坏了", chat="十三队群")
    town.hush()
    assert not town.channel.chats["张队长"]
    await town.says("李阿姨", "补充 1 漏电了，有人触电", chat="十三队群", reply_to="m1")
    town.hears("张队长", "#1 报修")


async def test_by_day_nothing_is_held(town: Town) -> None:
    await morning(town)
    await town.says("李阿姨", "上报 路灯坏了")
    town.hears("李阿姨", "#1")
    town.hears("张队长", "#1")
