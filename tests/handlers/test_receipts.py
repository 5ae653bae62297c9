"""Squads and doors confirm what they were told, by the button or in words; nobody else's word counts for them."""

from datetime import timedelta

import pytest

from bot.channels import Doubt
from domain.people import Role
from tests.handlers.asked import ALERT, WORDS, asking, seconds
from tests.town import Town


async def test_one_press_counts_for_the_squad_and_its_card_says_who(asked: Town) -> None:
    town = asked
    assert await town.presses("李阿姨", "收到", chat="十三队群") == "收到了，记下了，谢谢您。"
    town.silent()
    await seconds(town, 1)
    card = town.hears("十三队群", "【橙色预警】三网格", WORDS, "已收到：李阿姨")
    assert [b.data for b in card.buttons] == ["got:1"]
    for reader in ("三网格群", "王主任"):
        town.hears(reader, "橙色预警（第 1 号）回执\n三网格 1/2 队，未回：十四队")
    town.silent()
    assert await town.presses("李阿姨", "收到", chat="十三队群") == "您回过了，不用再回，谢谢您。"
    await town.presses("张队长", "收到", chat="十三队群")
    await seconds(town, 6)
    town.hears("十三队群", "已收到：李阿姨、张队长")
    town.silent()


async def test_where_a_card_cannot_change_a_growing_count_is_said_now_and_then_and_at_the_end(asked: Town) -> None:
    town = asked
    town.channel.changes_every = timedelta(minutes=3)
    town.restart()
    await town.presses("李阿姨", "收到", chat="十三队群")
    await seconds(town, 5)
    town.hears("十三队群", WORDS, "已收到：李阿姨")
    town.hears("三网格群", "三网格 1/2 队，未回：十四队")
    town.hush()
    for who in ("张队长", "小林"):
        await town.presses(who, "收到", chat="十三队群")
        await seconds(town, 20)
    town.silent()
    await town.presses("赵叔", "收到", chat="十四队群")
    await seconds(town, 5)
    town.hears("三网格群", "三网格 2/2 队，都回了")
    town.hears("王主任", "都回了")
    town.hears("十四队群", "已收到：赵叔")
    town.silent()
    await town.later(minutes=3)
    town.hears("十三队群", WORDS, "已收到：李阿姨、张队长、小林")
    town.silent()


@pytest.mark.parametrize("words", ["收到", "1", "好的收到", "收到谢谢", "十四队收到", "got it"])
async def test_typed_words_are_a_receipt_and_nothing_is_said(asked: Town, words: str) -> None:
    town = asked
    await town.says("赵叔", words, chat="十四队群")
    town.silent()
    await seconds(town, 1)
    town.hears("十四队群", WORDS, "已收到：赵叔")
    town.hears("三网格群", "三网格 1/2 队，未回：十三队")
    town.hears("王主任", "三网格 1/2 队")
    town.silent()


async def test_words_are_a_receipt_only_where_something_waits_for_one(township: Town) -> None:
    town = township
    await town.says("赵叔", "收到", chat="十四队群")
    await asking(town, f"预警 黄 十三队 {WORDS}", place="十三队")
    await town.says("赵叔", "收到", chat="十四队群")
    await town.says("李阿姨", "收到没有？", chat="十三队群")
    await town.says("李阿姨", "明天几点开会", chat="十三队群")
    await town.says(None, "收到", chat="十三队群")
    await seconds(town, 5)
    town.silent()
    await town.says("李阿姨", "收到，我家楼下全是水，都到膝盖了", chat="十三队群")
    town.hears("十三队群", "#1", "水")


async def test_of_several_the_newest_or_the_one_that_is_answered(asked: Town) -> None:
    town = asked
    await asking(town, "通知 三网格 明天收水费")
    first = next(m for m in town.channel.chats["十三队群"] if WORDS in m.text)
    await town.says("李阿姨", "收到", chat="十三队群")
    await seconds(town, 1)
    town.hears("十三队群", "明天收水费", "已收到：李阿姨")
    town.hush()
    await town.says("李阿姨", "收到", chat="十三队群", reply_to=first.id)
    await seconds(town, 5)
    town.hears("十三队群", WORDS, "已收到：李阿姨")
    town.hush()
    # An answer to a neighbour is talk.
    await town.says("张队长", "收到", chat="十三队群", reply_to="u1")
    await seconds(town, 5)
    town.silent()


async def test_a_squad_leader_confirms_in_the_group_above_or_in_private(asked: Town) -> None:
    town = asked
    await town.presses("张队长", "收到", chat="三网格群")
    await town.person("赵队长", (Role.LEADER, "S14"))
    await town.says("赵队长", "收到")
    town.hears("赵队长", "收到了，记下了")
    await seconds(town, 1)
    town.hears("三网格群", "三网格 2/2 队，都回了")


async def test_who_leads_above_or_belongs_nowhere_counts_for_no_squad(asked: Town) -> None:
    town = asked
    for who, chat in (("王主任", "三网格群"), ("王主任", "十三队群"), ("陈书记", "十四队群"), ("过路人", "三网格群")):
        assert "不算小队的回执" in await town.presses_data(who, "got:1", chat=chat)
    await town.says("陈书记", "收到", chat="十四队群")
    await seconds(town, 5)
    town.silent()
    assert "不算小队的回执" in await town.presses_data("关东队长", "got:1")
    await town.later(minutes=2)
    town.hears("三网格群", "三网格 0/2 队，未回：十三队 十四队")
    async with town.store.transaction():
        kept = await town.store.db.all("SELECT DISTINCT person FROM receipt_log WHERE grid IS NULL")
    assert len(kept) == 4


async def test_a_neighbour_whom_nobody_registered_counts_where_they_speak(asked: Town) -> None:
    await asked.presses("新来的", "收到", chat="十四队群")
    await seconds(asked, 1)
    asked.hears("十四队群", "已收到：新来的")


async def test_a_button_of_what_asks_for_none_or_was_never_sent_is_dead(township: Town) -> None:
    await township.says("王主任", ALERT)
    assert "失效" in await township.presses_data("李阿姨", "got:1", chat="十三队群")
    assert "失效" in await township.presses_data("李阿姨", "got:99", chat="十三队群")
    assert "失效" in await township.presses_data("李阿姨", "got", chat="十三队群")
    assert "失效" in await township.presses_data("张队长", "stand_in:1:5")


async def test_a_press_proves_that_a_doubtful_copy_arrived(township: Town) -> None:
    town = township
    town.channel.errors["十三队群"] = [Doubt("lost"), Doubt("lost")]
    await asking(town)
    town.clock.pass_time(timedelta(minutes=1))
    await town.settle()
    town.hush()
    await town.presses_data("赵叔", "got:1", chat="三网格群")
    await town.presses_data("张队长", "got:1", chat="三网格群")
    await seconds(town, 1)
    assert not town.channel.chats["十三队群"], "it is not placed once more for a count"
    await town.presses_data("李阿姨", "got:1", chat="十三队群", message_id="seen")
    async with town.store.transaction():
        row = await town.store.db.one("SELECT message_id FROM cards WHERE card = 'alert:1' AND chat = '十三队群'")
    assert row
    assert row["message_id"] == "seen"


async def test_after_its_end_it_is_said_once_and_kept_but_not_counted(asked: Town) -> None:
    town = asked
    await town.presses("李阿姨", "收到", chat="十三队群")
    await town.presses("王主任", "解除")
    town.hush()
    await seconds(town, 1)
    for reader in ("三网格群", "王主任"):
        town.hears(reader, "橙色预警（第 1 号）已解除，最后的回执\n三网格 1/2 队，未回：十四队")
    town.silent()
    assert await town.presses_data("赵叔", "got:1", chat="十四队群") == "第 1 号已解除，不用再回了，谢谢您。"
    assert await town.presses_data("赵叔", "got:1", chat="十四队群") == ""
    await town.says("赵叔", "收到", chat="十四队群")
    await town.later(hours=2)
    town.silent()
    async with town.store.transaction():
        assert await town.store.roll_ups.total(1) == (1, 2)


@pytest.mark.parametrize("end", ["撤销", "解除"])
async def test_the_end_stands_in_the_group_whatever_was_still_to_be_shown(asked: Town, end: str) -> None:
    await asked.presses("李阿姨", "收到", chat="十三队群")
    await asked.presses("王主任", end)
    await seconds(asked, 6)
    card = asked.channel.chats["十三队群"][0]
    assert card.text.startswith(f"【{end}】")
    assert not card.buttons


async def test_a_correction_keeps_the_receipts(asked: Town) -> None:
    town = asked
    await town.presses("李阿姨", "收到", chat="十三队群")
    await seconds(town, 1)
    await town.presses("王主任", "更正")
    await town.says("王主任", "改为 20 点泄洪")
    await seconds(town, 6)
    town.hears("十三队群", "【橙色预警】三网格", "改为 20 点泄洪", "已收到：李阿姨")


async def test_a_drill_counts_likewise_and_wears_its_mark(township: Town) -> None:
    town = township
    town.settings = type(town.settings)(drill_grids=frozenset({"G3"}))
    town.restart()
    await asking(town, "演练 橙 三网格 假设水库泄洪，请上楼")
    await town.says("李阿姨", "收到", chat="十三队群")
    await seconds(town, 1)
    for chat, words in (("十三队群", "已收到：李阿姨"), ("三网格群", "三网格 1/2 队，未回：十四队")):
        heard = town.hears(chat, words).text
        assert heard.startswith("【演练】")
        assert heard.endswith("【演练】")
    town.hush()
    await town.later(minutes=15)
    reminded = town.hears("十四队群", "还没有人回“收到”").text
    assert reminded.startswith("【演练】")
    assert reminded.endswith("【演练】")


async def test_by_household_each_door_counts_for_itself(doors: Town) -> None:
    town = doors
    await town.presses("李阿姨", "收到", chat="十三队群")
    await seconds(town, 1)
    town.hears("十三队群", WORDS, "已收到 1/3 户")
    town.hears("三网格群", "黄色预警（第 1 号）回执\n三网格 1/3 户，未回：十三队 1/3")
    town.hears("王主任", "三网格 1/3 户")
    town.silent()
    assert "还不知道您是哪一户" in await town.presses("新来的", "收到", chat="十三队群")
    await town.says("李阿姨", "收到", chat="十三队群")
    await seconds(town, 6)
    town.silent()


async def test_a_leader_answers_for_a_door_without_a_phone(doors: Town) -> None:
    town = doors
    await town.says("小林", "收到", chat="十三队群")
    listed = town.hears("小林", "十三队 已收到 1/3 户", "没有手机的，请您当面告诉他们")
    assert [(b.label, b.data.rpartition(":")[0]) for b in listed.buttons] == [
        ("1号 代收", "stand_in:1"), ("3号 代收", "stand_in:1"),
    ]  # fmt: skip
    assert await town.presses("小林", "3号 代收") == "记下了，谢谢您。"
    town.hears("小林", "已收到 2/3 户")
    assert town.buttons("小林") == ["1号 代收"]
    await seconds(town, 6)
    town.hears("十三队群", "已收到 2/3 户")
    assert "号" not in "".join(b.label + b.data for m in town.channel.chats["十三队群"] for b in m.buttons)
    await town.presses("李阿姨", "收到", chat="十三队群")
    await seconds(town, 6)
    town.hears("小林", "已收到 3/3 户", "每户都回了")
    town.hears("三网格群", "三网格 3/3 户，都回了")


async def test_a_leader_who_lives_elsewhere_gets_the_list(doors: Town) -> None:
    town = doors
    assert "哪些户还没回，私下发给您了" in await town.presses("张队长", "收到", chat="十三队群")
    town.hears("张队长", "十三队 已收到 0/3 户")
    assert town.buttons("张队长") == ["1号 代收", "2号 代收", "3号 代收"]


@pytest.mark.parametrize("who", ["李阿姨", "赵叔", "关东队长", "过路人"])
async def test_nobody_else_answers_for_a_door(doors: Town, who: str) -> None:
    assert "要由管这一片的" in await doors.presses_data(who, "stand_in:1:3")
    async with doors.store.transaction():
        assert await doors.store.roll_ups.total(1) == (0, 3)


async def test_the_list_of_doors_ends_with_the_alert(doors: Town) -> None:
    town = doors
    await town.says("小林", "收到", chat="十三队群")
    await town.presses("王主任", "撤销")
    await seconds(town, 1)
    assert not town.hears("小林", "已收到 1/3 户", "已撤销").buttons
    assert "不用再代收" in await town.presses_data("小林", "stand_in:1:3")


async def test_two_words_at_once_count_once(asked: Town) -> None:
    async with asked.at_once():
        await asked.says("李阿姨", "收到", chat="十三队群")
        await asked.says("张队长", "1", chat="十三队群")
        await asked.says("李阿姨", "收到", chat="十三队群")
    await asked.repeats()
    async with asked.store.transaction():
        assert await asked.store.roll_ups.total(1) == (1, 2)


async def test_the_list_and_the_history_say_how_many_confirmed(asked: Town) -> None:
    await asked.presses("李阿姨", "收到", chat="十三队群")
    await asked.says("王主任", "预警 列表")
    asked.hears("王主任", "第 1 号 橙色预警 三网格", "，已收到 1/2")
    await asked.presses("王主任", "送达情况")
    asked.hears("王主任", "送到 3 个群", "，已收到 1/2")
