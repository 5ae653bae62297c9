"""Somebody on two channels is one person, once it is confirmed; they hear once, where they spoke last."""

import re

import pytest

from bot.channels import Doubt
from domain.digest import Digest
from domain.people import Role
from tests.handlers.swept import begun, doors_known
from tests.town import Town, account_of, place_of

PHONE = "13800000001"


@pytest.fixture
async def two(town: Town) -> Town:
    """张队长 is registered with a phone number, and has just come to the second channel."""
    town.opens_second()
    async with town.store.transaction():
        await town.store.db.run("UPDATE people SET phone = ? WHERE name = '张队长'", PHONE)
    return town


async def person_of(town: Town, name: str) -> int:
    async with town.store.transaction():
        person = await town.store.people.by_account(account_of(name))
    assert person
    return person.id


async def joined(town: Town) -> None:
    await town.says("张队长²", f"绑定手机 {PHONE}")
    await town.presses("张队长", "是我")
    await town.later(minutes=1)
    town.hush()


async def test_a_phone_number_and_one_tap_make_one_person(two: Town) -> None:
    await two.says("张队长²", "绑定手机 +86 138-0000-0001")
    two.hears("张队长²", "请在您原来的账号里点“是我”")
    asked = two.hears("张队长", "有人用新账号“张队长”说就是您本人")
    assert PHONE not in asked.text + "".join(button.data for button in asked.buttons)
    two.silent()
    await two.presses("张队长", "是我")
    two.hears("张队长", "确认了")
    two.hears("张队长²", "张队长，认出您了")
    two.silent()
    assert await person_of(two, "张队长²") == await person_of(two, "张队长")
    assert "已经有人回答过了" in await two.presses_data("张队长", "other_person:1")


async def test_a_number_alone_proves_nothing(two: Town) -> None:
    await two.says("骗子²", f"绑定手机 {PHONE}")
    two.hush("骗子²")
    for who in ("骗子²", "李阿姨", "小林", "王主任"):
        assert "本人" in await two.presses_data(who, "same_person:1")
    await two.presses("张队长", "不是我")
    two.hears("张队长", "不是同一个人")
    two.silent()
    assert await person_of(two, "骗子²") != await person_of(two, "张队长")


async def test_nobody_learns_from_the_answer_whether_a_number_is_known(two: Town) -> None:
    await two.says("骗子²", "绑定手机 13900000000")
    unknown = two.hears("骗子²", "登记过这个号码的")
    await two.says("骗子²", f"绑定手机 {PHONE}")
    known = two.hears("骗子²", "登记过这个号码的")
    assert known.text == unknown.text
    for _n in range(2):
        await two.says("骗子²", f"绑定手机 {PHONE}")
    two.hush()
    for number in (PHONE, "13900000000"):
        await two.says("骗子²", f"绑定手机 {number}")
        two.hears("骗子²", "今天问过几次了")
    two.silent()


@pytest.mark.parametrize(
    ("words", "chat", "heard"),
    [
        ("绑定手机", None, "请在后面写上您登记过的手机号"),
        ("绑定手机 110", None, "请在后面写上您登记过的手机号"),
        (f"绑定手机 {PHONE}", "十三队群", "手机号不要在群里发"),
        ("另一个账号", "十三队群", "不能在群里给"),
    ],
)
async def test_what_is_no_number_or_was_said_aloud(two: Town, words: str, chat: str | None, heard: str) -> None:
    await two.says("李阿姨", words, chat=chat)
    two.hears(chat or "李阿姨", heard)
    two.silent()


async def test_whoever_has_no_account_yet_is_vouched_for_by_their_leader(two: Town) -> None:
    async with two.store.transaction():
        person = await two.store.people.add("老周", phone="13700000000")
        await two.store.people.appoint(person, Role.RESIDENT, "S13")
    await two.says("微信名²", "绑定手机 13700000000")
    two.hush("微信名²")
    two.hears("张队长", "“微信名”说就是 老周")
    two.silent()
    assert "本人" in await two.presses_data("微信名²", "same_person:1")
    await two.presses("张队长", "是本人")
    two.hears("微信名²", "老周，认出您了")
    assert await person_of(two, "微信名²") == person


async def test_who_could_not_give_a_place_cannot_vouch_for_it(two: Town) -> None:
    async with two.store.transaction():
        person = await two.store.people.add("林主任", phone="13700000000")
        await two.store.people.appoint(person, Role.OFFICER, "V")
        await two.store.people.appoint(person, Role.RESIDENT, "S13")
    await two.says("微信名²", "绑定手机 13700000000")
    two.hears("陈书记", "说就是 林主任")
    two.hush("微信名²")
    two.silent()
    assert "本人" in await two.presses_data("张队长", "same_person:1")
    await two.presses("陈书记", "是本人")
    two.hears("微信名²", "林主任，认出您了")


async def test_nobody_comes_to_an_office_by_being_taken_for_another(two: Town) -> None:
    await two.person("钱主任²", (Role.OFFICER, "V"))
    await two.says("钱主任²", f"绑定手机 {PHONE}")
    assert "另有职务" in await two.presses("张队长", "是我")
    await two.says("张队长", "邀请 干部 三网格")
    two.hears("张队长", "要由管这一片的")


async def test_an_old_question_and_one_of_somebody_who_changed_are_dead(two: Town) -> None:
    await two.says("张队长²", f"绑定手机 {PHONE}")
    await two.says("张队长²", f"绑定手机 {PHONE}")
    await two.presses_data("张队长", "same_person:1")
    assert "失效" in await two.presses_data("张队长", "same_person:2")
    await two.says("骗子²", f"绑定手机 {PHONE}")
    await two.later(hours=24)
    assert "失效" in await two.presses_data("张队长²", "same_person:3")
    assert "失效" in await two.presses_data("张队长", "same_person:99")
    assert "失效" in await two.presses_data("张队长", "same_person")


async def code_of(town: Town, who: str) -> str:
    await town.says(who, "另一个账号")
    found = re.search(r"加入 (\w+)", town.hears(who, "10 分钟").text)
    assert found
    return found[1]


async def test_a_code_from_the_one_account_lets_in_the_other(two: Town) -> None:
    code = await code_of(two, "张队长")
    await two.says("张队长", f"加入 {code}")
    two.hears("张队长", "要在您的另一个账号里发")
    await two.says("老张²", f"加入 {code}")
    two.hears("老张²", "张队长，认出您了")
    two.hears("张队长", "不是您本人加的，请马上")
    two.silent()
    assert await person_of(two, "老张²") == await person_of(two, "张队长")
    await two.says("骗子²", f"加入 {code}")
    two.hears("骗子²", "用过了")


async def test_such_a_code_is_soon_worth_nothing(two: Town) -> None:
    code = await code_of(two, "张队长")
    await two.later(minutes=10)
    await two.says("老张²", f"加入 {code}")
    two.hears("老张²", "过期了")
    await two.says("过路人", "另一个账号")
    two.hears("过路人", "我还不知道您是哪个小队的")


async def test_an_invitation_asks_whoever_holds_that_place_under_that_name(two: Town) -> None:
    await two.says("王主任", "邀请 队长 十三队")
    found = re.search(r"加入 (\w+)", two.hears("王主任", "加入").text)
    assert found
    await two.says("张队长²", f"加入 {found[1]}")
    two.hears("张队长²", "您现在是十三队的网格长/队长")
    two.hears("张队长", "有人用新账号“张队长”说就是您本人")
    await two.presses("张队长", "是我")
    assert await person_of(two, "张队长²") == await person_of(two, "张队长")


async def test_what_was_done_from_the_new_account_stays_theirs(two: Town) -> None:
    await two.says("张队长²", "上报 停电了", chat="十三队群")
    await joined(two)
    await two.says("张队长", "查询")
    two.hears("张队长", "#1")


async def test_the_door_they_said_from_the_new_account_is_theirs(two: Town) -> None:
    async with two.store.transaction():
        new = await two.store.people.meet(account_of("张队长²"), "张队长")
        await two.store.people.settle(new.id, "S13", "3号")
    await joined(two)
    async with two.store.transaction():
        (row,) = await two.store.db.all(
            """SELECT door FROM people JOIN households ON households.id = people.household
               JOIN accounts ON accounts.person = people.id WHERE account = '张队长'"""
        )
    assert row["door"] == "3号"


# -- they hear once ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("spoke", "other"), [("张队长²", "张队长"), ("张队长", "张队长²")])
async def test_they_hear_once_where_they_spoke_last(two: Town, spoke: str, other: str) -> None:
    await joined(two)
    await two.says(other, "帮助")
    await two.later(minutes=1)
    await two.says(spoke, "帮助")
    two.hush()
    await two.says("李阿姨", "纠纷：隔壁占了我家宅基地")
    two.hears(spoke, "纠纷")
    two.silent_in(other)


async def test_to_speak_in_a_group_is_to_use_an_account_too(two: Town) -> None:
    await joined(two)
    await two.group("十三队群²", "S13")
    await two.says("张队长", "查询", chat="十三队群")
    two.hush()
    await two.says("李阿姨", "纠纷：隔壁占了我家宅基地")
    two.hears("张队长", "纠纷")
    two.silent_in("张队长²")


async def test_a_digest_is_read_once_too(two: Town) -> None:
    await joined(two)
    await two.says("张队长", "查询")
    async with two.store.transaction():
        readers = await two.store.digests.page(Digest.MORNING, [Role.LEADER], 0, 10)
    (reader,) = (one for one in readers if one.grids == ("S13",))
    assert reader.chats == (place_of("张队长"), place_of("张队长²"))


async def test_the_list_of_doors_comes_where_they_spoke_last_and_hears_them_on_both(two: Town) -> None:
    await doors_known(two)
    await joined(two)
    await two.says("张队长²", "帮助")
    await begun(two)
    listed = {chat for chat, said in two.channel.chats.items() if any("▶ 7号" in m.text for m in said)}
    assert listed == {"张队长²"}
    await two.says("张队长", "1号 安全")
    two.hears("张队长", "记下了：1号 安全")
    two.hears("张队长²", "问到 1/10 户")


async def test_whoever_is_asked_every_day_is_asked_where_they_spoke_last(two: Town) -> None:
    await two.person("张奶奶", (Role.RESIDENT, "S13"))
    await joined(two)
    await two.says("张奶奶", "另一个账号")
    code = re.search(r"加入 (\S+)", two.channel.chats["张奶奶"][-1].text)
    assert code
    await two.says("张奶奶²", f"加入 {code[1]}")
    await two.later(minutes=1)
    await two.says("张奶奶²", "帮助")
    await two.says("张队长²", "平安 张奶奶 8:00")
    two.hush()
    await two.later(hours=20)
    two.hears("张奶奶²", "您今天好吗？")
    two.silent_in("张奶奶")
    await two.says("张奶奶", "好")
    await two.later(hours=2)
    two.silent_in("张队长", "张队长²")


async def test_somebody_with_one_account_costs_no_statement_more(town: Town) -> None:
    async with town.store.transaction():
        assert not await town.store.db.all("SELECT 1 FROM accounts WHERE used_at IS NOT NULL")
    await town.says("李阿姨", "上报 停电了", chat="十三队群")
    async with town.store.transaction():
        assert not await town.store.db.all("SELECT 1 FROM accounts WHERE used_at IS NOT NULL")


async def test_what_may_cost_a_life_goes_to_the_other_account_when_the_first_is_closed(two: Town) -> None:
    await joined(two)
    two.channel.closed.add("张队长²")
    await two.says("李阿姨", "上报 三楼着火了", chat="十三队群")
    two.hears("张队长", "#1 消防燃气", "三楼着火了")
    assert not [m for m in two.channel.chats["王主任"] if "没能送到" in m.text]


async def test_and_when_nobody_knows_whether_it_arrived(two: Town) -> None:
    await joined(two)
    two.channel.errors["张队长²"] = [Doubt("lost"), Doubt("lost")]
    await two.says("李阿姨", "上报 三楼着火了", chat="十三队群")
    await two.later(minutes=1)
    two.hears("张队长", "#1 消防燃气", "三楼着火了")


async def test_two_accounts_that_are_both_dead_do_not_call_each_other(two: Town) -> None:
    await joined(two)
    for account in ("张队长", "张队长²"):
        two.channel.errors[account] = [Doubt("lost")] * 50
    await two.says("李阿姨", "上报 三楼着火了", chat="十三队群")
    await two.later(minutes=2)
    two.hears("王主任", "#1 没能送到")
    assert sum(len(errors) for errors in two.channel.errors.values()) > 90


async def test_what_is_routine_waits_for_them_where_they_are(two: Town) -> None:
    await joined(two)
    two.channel.closed.add("张队长²")
    await two.says("李阿姨", "纠纷：隔壁占了我家宅基地")
    two.silent_in("张队长")
