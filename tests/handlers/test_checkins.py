"""平安: who lives alone is asked once a day, and where nothing is heard somebody goes; no group hears of it."""

from dataclasses import replace

import pytest

from domain.people import Role
from domain.quiet import QuietHours
from tests.handlers.asked import seconds
from tests.town import Town

NUMBER = "13800000000"


@pytest.fixture
async def alone(town: Town) -> Town:
    """张奶奶 has a phone of her own; her son is known by his number; it is 7 o'clock the next morning."""
    await town.person("张奶奶", (Role.RESIDENT, "S13"))
    await town.person("李明")
    async with town.store.transaction():
        await town.store.db.run("UPDATE people SET phone = ? WHERE name = '李明'", NUMBER)
        await town.store.db.run("UPDATE people SET phone = '13900000000' WHERE name = '张奶奶'")
    await town.says("张队长", f"平安 张奶奶 8:00 家人 李明 {NUMBER}")
    town.hears("张队长", "定好了：张奶奶 每天 08:00 报平安，会问本人的手机。", f"家人：李明 {NUMBER}")
    town.hears("张奶奶", "张队长 请我每天 08:00 问您好不好。不想要请发：每天平安 停")
    town.hears("李明", "把您写成张奶奶的家人")
    town.silent()
    await town.later(hours=19)
    town.silent()
    return town


async def test_one_tap_a_day_and_nobody_else_hears_of_it(alone: Town) -> None:
    town = alone
    await town.later(hours=1)
    town.hears("张奶奶", "张奶奶，您今天好吗？好的话请点“我很好”，或者随便回我一句话。")
    assert town.buttons("张奶奶") == ["我很好"]
    town.silent()
    assert await town.presses("张奶奶", "我很好") == "知道您好，谢谢您！"
    town.hears("张奶奶", "收到，知道您好。明天 08:00 再问您。")
    await town.later(hours=20)
    town.silent()
    await town.later(hours=5)
    town.hears("张奶奶", "您今天好吗？")
    town.hears("张奶奶", "还没收到您的消息")
    assert len([m for m in town.channel.chats["张奶奶"] if "您今天好吗" in m.text]) == 1


@pytest.mark.parametrize(("chat", "words"), [(None, "好"), ("十三队群", "今天天气不错"), (None, "语音")])
async def test_any_words_of_theirs_are_a_sign_of_life(alone: Town, chat: str | None, words: str) -> None:
    town = alone
    await town.later(hours=1, minutes=20)
    town.hush()
    await town.says("张奶奶", words, chat=chat)
    town.hears("张奶奶", "收到，知道您好。")
    town.hush()
    await town.later(hours=3)
    town.silent()


async def test_where_nothing_is_heard_leader_deputy_and_family_go_and_then_those_above(alone: Town) -> None:
    town = alone
    await town.person("小林", (Role.DEPUTY, "S13"))
    await town.later(hours=2)
    town.hush("张奶奶")
    for who in ("张队长", "小林"):
        told = town.hears(who, "❗ 张奶奶（十三队）今天 08:00 该报平安，到现在没有消息。", "本人电话：13900000000")
        assert f"家人：李明 {NUMBER}" in told.text
    assert "家人" not in town.hears("李明", "❗ 张奶奶（十三队）").text
    town.silent()
    await town.later(minutes=15)
    town.hears("王主任", "❗ 张奶奶（十三队）", f"家人：李明 {NUMBER}")
    town.silent()
    await town.later(minutes=15)
    town.hears("陈书记", "❗ 张奶奶（十三队）")
    town.silent()
    await town.later(minutes=15)
    town.hears("陈书记", "张奶奶还没有消息，也没有人回话。请马上派人去看。")
    town.silent()
    await town.presses("小林", "人没事")
    for who in ("张队长", "李明", "王主任", "陈书记"):
        town.hears(who, "✓ 张奶奶 好着，小林 09:45 看过了。")
        town.hears(who, "✓ 张奶奶 好着，小林 09:45 看过了。")
    town.hears("小林", "✓ 张奶奶 好着")
    town.hears("张奶奶", "收到，知道您好。")
    town.silent()
    await town.later(hours=12)
    town.silent()


async def test_whoever_goes_has_time_and_says_what_they_found(alone: Town) -> None:
    town = alone
    await town.later(hours=2)
    town.hush()
    await town.presses("张队长", "我去看")
    town.hears("张队长", "张队长 去看了，09:30 前没有回话就再往上报。")
    town.hears("李明", "张队长 去看了")
    town.hears("张队长", "谢谢您！见到人了请点“人没事”")
    assert await town.presses("李明", "我去看") == "张队长 已经去看了。"
    await town.later(minutes=29)
    town.silent()
    await town.later(minutes=1)
    town.hears("王主任", "❗ 张奶奶（十三队）")
    await town.presses("李明", "人没事")
    town.hears("王主任", "✓ 张奶奶 好着，李明 09:30 看过了。")
    assert await town.presses_data("张队长", "knocked:1", None) == "今天已经有消息了，谢谢您。"


async def test_who_has_no_phone_is_knocked_at(town: Town) -> None:
    await town.says("张队长", "平安 王依姆 早上8点")
    town.hears("张队长", "定好了：王依姆 每天 08:00 报平安，没有手机，会请队长去敲门。", "还没写家人")
    await town.later(hours=20)
    town.hears("张队长", "请去敲门看看王依姆今天好不好（08:00）。看到人了，请点“已敲门”。")
    town.silent()
    await town.later(minutes=30)
    await town.presses("张队长", "已敲门")
    town.hears("张队长", "✓ 王依姆 好着，张队长 08:30 看过了。")
    await town.later(hours=10)
    town.silent()


async def test_by_oneself_and_the_leader_hears_of_it(town: Town) -> None:
    await town.says("李阿姨", "每天平安")
    town.hears("李阿姨", "每天几点问您好不好？")
    assert town.buttons("李阿姨") == ["07:00", "08:00", "09:00", "18:00"]
    await town.presses("李阿姨", "09:00")
    town.hears("李阿姨", "定好了：李阿姨 每天 09:00 报平安，会问本人的手机。")
    town.hears("张队长", "李阿姨 每天 09:00 报平安。哪天没有消息，我会请您去看看。")
    await town.says("李阿姨", "每天平安 18点")
    town.hears("李阿姨", "定好了：李阿姨 每天 18:00")
    await town.says("张队长", "平安")
    town.hears("张队长", "李阿姨 18:00：下次 18:00")
    await town.later(hours=6)
    town.hears("李阿姨", "您今天好吗")
    await town.says("张队长", "平安")
    town.hears("张队长", "李阿姨 18:00：问了，还在等")
    await town.says("李阿姨", "平安")
    town.hears("李阿姨", "收到，知道您好。")
    town.hears("李阿姨", "李阿姨 18:00：今天报过平安了")
    await town.says("李阿姨", "每天平安 停")
    town.hears("李阿姨", "李阿姨 不再每天报平安了。")
    await town.later(days=3)
    town.silent_in("李阿姨")


async def test_in_hospital_it_rests_and_goes_on_by_itself(alone: Town) -> None:
    town = alone
    await town.says("张队长", "平安 暂停 张奶奶 到 8月3日")
    town.hears("张队长", "张奶奶 暂停报平安，到 8月3日 08:00 自己接着问。")
    await town.says("张队长", "平安")
    town.hears("张队长", "张奶奶 08:00：暂停，8-3 08:00 接着问")
    await town.later(days=7, hours=20)
    town.silent()
    await town.later(hours=6)
    town.hears("张奶奶", "您今天好吗")


async def test_taken_to_hospital_while_everybody_looks(alone: Town) -> None:
    town = alone
    await town.later(hours=2)
    town.hush()
    await town.says("张队长", "平安 暂停 张奶奶 到 8月3日")
    town.hears("李明", "✓ 张奶奶 好着，张队长 09:00 看过了。")
    town.hears("张队长", "暂停报平安，到 8月3日")
    town.hush()
    await town.later(hours=5)
    town.silent()


async def test_it_can_be_taken_up_again_before(alone: Town) -> None:
    town = alone
    await town.says("张队长", "平安 暂停 张奶奶 到 8月3日")
    await town.says("张队长", "平安 恢复 张奶奶")
    town.hears("张队长", "张奶奶 接着报平安，下次 08:00。")
    await town.says("张队长", "平安 恢复 张奶奶")
    town.hears("张队长", "张奶奶没有暂停，每天 08:00 照常。")


async def test_nobody_is_asked_at_night_even_where_the_bot_slept(alone: Town) -> None:
    town = alone
    town.settings = replace(town.settings, quiet=QuietHours())
    town.restart()
    await seconds(town, 16 * 3600)
    town.silent()
    await town.later(hours=7, minutes=1)
    town.hears("张奶奶", "您今天好吗")
    town.silent()


async def test_a_repeated_press_and_an_old_button_do_no_harm(alone: Town) -> None:
    town = alone
    await town.later(hours=1)
    await town.presses("张奶奶", "我很好")
    await town.repeats()
    assert await town.presses_data("张奶奶", "fine:1", None) == "今天已经有消息了，谢谢您。"
    assert await town.presses_data("李明", "fine:1", None) == "这是问张奶奶的，要本人来点。"
    assert await town.presses_data("赵叔", "knocked:1", None) == "这一步要由管这一片的队长、网格长或干部来做"
    assert await town.presses_data("张队长", "knocked:99", None) == "这个按钮失效了。发“平安”看现在的。"


@pytest.mark.parametrize(
    ("who", "words", "answer"),
    [
        ("李阿姨", "平安 张奶奶 8:00", "给别人定要由队长、副手或干部来"),
        ("路人", "每天平安 8:00", "我还不知道您住哪个小队"),
        ("张队长", "平安 张奶奶", "每天几点问？"),
        ("张队长", "平安 张奶奶 25:00", "每天几点问？"),
        ("王主任", "平安 没见过 8:00", "没见过 住哪个小队？"),
        ("王主任", "平安 十四队 没见过 8:00", "定好了：没见过"),
        ("张队长", "平安 十四队 没见过 8:00", "这一步要由管这一片的队长"),
        ("张队长", "平安 张奶奶 8:00 家人 陌生人", "请写上陌生人的电话"),
        ("张队长", "平安 暂停 张奶奶", "暂停到哪天？"),
        ("张队长", "平安 暂停 张奶奶 到 7月20日", "暂停报平安，到 7月20日"),
        ("张队长", "平安 暂停 张奶奶 到 今天", "这一天已经到了"),
        ("张队长", "平安 停 没有这人", "没有给 没有这人 定每天报平安"),
        ("张队长", f"平安 {'长' * 21} 8:00", "名字太长了"),
        ("张队长", "/checkin Mary Li 8:00", "定好了：Mary Li 每天 08:00"),
        ("王主任", "/checkin S13 Li 8:00", "定好了：Li 每天 08:00"),
        ("陈书记", "平安 李阿姨 8:00", "定好了：李阿姨"),
    ],
)
async def test_what_cannot_be_is_refused_with_what_to_write(alone: Town, who: str, words: str, answer: str) -> None:
    await alone.says(who, words)
    alone.hears(who, answer)


async def test_two_of_one_name_are_told_apart_by_their_squad(town: Town) -> None:
    await town.person("张奶奶", (Role.RESIDENT, "S13"))
    async with town.store.transaction():
        other = await town.store.people.add("张奶奶")
        await town.store.people.appoint(other, Role.RESIDENT, "S14")
    await town.says("王主任", "平安 张奶奶 8:00")
    town.hears("王主任", "叫 张奶奶 的不止一位。请写上小队")
    await town.says("王主任", "平安 十四队 张奶奶 8:00")
    town.hears("王主任", "没有手机，会请队长去敲门")


async def test_not_by_night(alone: Town) -> None:
    alone.settings = replace(alone.settings, quiet=QuietHours())
    alone.restart()
    await alone.says("张队长", "平安 张奶奶 23:00")
    alone.hears("张队长", "夜里不打扰人")


async def test_nothing_is_said_in_a_group(town: Town) -> None:
    await town.says("张队长", "平安 王依姆 8:00", chat="十三队群")
    town.hears("十三队群", "谁一个人住，不在群里说。")
    await town.says("李阿姨", "平安 就好", chat="十三队群")
    await town.says("张队长", "平安 大家放心", chat="十三队群")
    town.silent()


async def test_who_joins_later_under_the_name_of_the_register_is_asked_themselves(town: Town) -> None:
    """What hung on the one who was met goes over to the one of the register."""
    await town.person("张奶奶", (Role.RESIDENT, "S13"))
    await town.says("张队长", "平安 张奶奶 8:00")
    async with town.store.transaction():
        registered = await town.store.people.add("张奶奶")
        checkin = await town.store.checkins.get(1)
        assert checkin
        assert checkin.person
        await town.store.people.merge(checkin.person, registered)
        moved = await town.store.checkins.of(registered)
    assert moved
    await town.later(hours=20)
    town.hears("张奶奶", "您今天好吗")


async def test_every_step_is_written_down(alone: Town) -> None:
    await alone.later(hours=2)
    await alone.says("张奶奶", "我在")
    async with alone.store.transaction():
        rows = await alone.store.db.all("SELECT event FROM checkin_log ORDER BY id")
    assert [row["event"] for row in rows] == ["set", "asked", "missed", "well"]


async def test_an_alarm_that_nobody_gets_goes_on_at_once(town: Town) -> None:
    await town.says("张队长", "平安 王依姆 8:00")
    await town.later(hours=20)
    town.hush()
    town.channel.closed = {"张队长"}
    await town.later(hours=1)
    town.hears("王主任", "❗ 王依姆（十三队）今天 08:00 该报平安")
    town.silent()
