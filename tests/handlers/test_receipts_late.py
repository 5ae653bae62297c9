"""Who has not confirmed hears again in the group, then the leader hears in private, then the grid above by name."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.people import Role
from domain.quiet import QuietHours
from domain.receipts import CHANGES_EVERY, Chasing
from tests.handlers.asked import ALERT, WORDS, asking, live_behind, seconds
from tests.town import Town


async def test_the_group_then_the_leader_then_the_grid_above(asked: Town) -> None:
    town = asked
    await town.person("赵队长", (Role.LEADER, "S14"))
    await town.presses("李阿姨", "收到", chat="十三队群")
    await town.later(minutes=14)
    town.hush()
    await town.later(minutes=1)
    reminded = town.hears("十四队群", "橙色预警（第 1 号）", WORDS, "十四队还没有人回“收到”")
    assert [b.data for b in reminded.buttons] == ["got:1"]
    town.silent()
    await town.later(minutes=15)
    town.hears("赵队长", "橙色预警（第 1 号）", "十四队还没回", "再点“收到”")
    town.silent()
    await town.later(minutes=15)
    town.hears("王主任", "橙色预警（第 1 号）催过了还没回的：十四队（赵队长）。请打电话或上门看一看。")
    town.silent()
    # Nobody is told more often.
    await town.later(hours=1)
    town.silent()
    await town.presses("赵队长", "收到")
    await seconds(town, 1)
    town.hears("三网格群", "三网格 2/2 队，都回了")


async def test_where_there_is_no_leader_the_grid_above_hears_at_once(township: Town) -> None:
    town = township
    await asking(town, f"预警 红 十四队 {WORDS}", place="十四队")
    await town.later(minutes=29)
    town.hush()
    await town.later(minutes=1)
    town.hears("王主任", "催过了还没回的：十四队（没有队长）")


async def test_an_answer_to_the_reminder_is_a_receipt(asked: Town) -> None:
    town = asked
    await asking(town, "通知 三网格 明天收水费")
    await town.later(minutes=15)
    reminder = town.hears("十四队群", "十四队还没有人回“收到”")
    await town.says("赵叔", "收到", chat="十四队群", reply_to=reminder.id)
    await seconds(town, 5)
    town.hears("十四队群", WORDS, "已收到：赵叔")


async def test_when_all_have_confirmed_nobody_is_reminded(asked: Town) -> None:
    town = asked
    await town.presses("李阿姨", "收到", chat="十三队群")
    await town.presses("赵叔", "收到", chat="十四队群")
    await town.later(minutes=2)
    town.hush()
    await town.later(hours=2)
    town.silent()


@pytest.mark.parametrize("end", ["撤销", "解除"])
async def test_after_the_end_nobody_is_reminded(asked: Town, end: str) -> None:
    town = asked
    await town.later(minutes=16)
    await town.presses("王主任", end)
    await town.later(minutes=1)
    town.hush()
    await town.later(hours=2)
    town.silent()
    # Where it was reminded of, the end is told as wherever it was told.
    assert any(end in m.text for m in town.channel.chats["十四队群"])


async def test_time_ends_it_with_the_last_count(asked: Town) -> None:
    town = asked
    await town.presses("李阿姨", "收到", chat="十三队群")
    await town.later(hours=24)
    await seconds(town, 6)
    town.hears("三网格群", "橙色预警（第 1 号）已到期，最后的回执\n三网格 1/2 队，未回：十四队")


async def test_a_mild_one_leaves_the_night_alone_and_a_grave_one_does_not(township: Town) -> None:
    town = township
    town.settings = replace(town.settings, quiet=QuietHours(), chasing=Chasing(other=timedelta(minutes=45)))
    town.restart()
    await town.later(hours=9, minutes=30)
    await asking(town, f"预警 黄 十三队 {WORDS}", place="十三队")
    await asking(town, f"预警 红 十四队 {WORDS}", place="十四队")
    await town.later(minutes=2)
    town.hush()
    await town.later(minutes=58)
    town.hears("十四队群", "十四队还没有人回“收到”")
    town.hears("王主任", "十四队（没有队长）")
    town.hears("十四队群", "仍然有效")
    town.silent_in("十三队群", "张队长")
    await town.later(hours=8)
    town.hears("十三队群", "十三队还没有人回“收到”")


async def test_a_squad_that_was_not_reached_is_shown_as_such(township: Town) -> None:
    town = township
    town.channel.closed.add("十四队群")
    await asking(town)
    await town.later(minutes=1)
    town.hears("三网格群", "三网格 0/2 队，未回：十三队\n没送到：十四队")
    await town.later(minutes=44)
    town.hears("王主任", "十三队（张队长、小林）、十四队（没有队长，没送到）")
    assert not town.channel.chats["十四队群"]


async def test_by_household_the_leader_gets_the_list_and_the_group_no_door(doors: Town) -> None:
    town = doors
    await town.presses("李阿姨", "收到", chat="十三队群")
    await town.later(hours=1)
    assert "号" not in town.hears("十三队群", "还有 2 户没回“收到”").text.replace("第 1 号", "")
    await town.later(hours=1)
    for who in ("张队长", "小林"):
        town.hears(who, "十三队还没回")
        town.hears(who, "十三队 已收到 1/3 户")
    await town.presses("张队长", "3号 代收")
    await town.later(hours=1)
    town.hears("王主任", "催过了还没回的：十三队 2/3（张队长、小林）")


async def test_each_level_sees_the_sums_of_those_below_it(township: Town) -> None:
    town = township
    await town.grid("S15", "十五队", "小队", "G4", group="十五队群")
    await town.person("镇长", (Role.OFFICER, "T"))
    await town.says("镇长", f"预警 橙 荆溪镇 {WORDS}")
    await town.presses("镇长", "回执")
    await town.presses("镇长", "每队要")
    await town.presses("镇长", "提交")
    await town.person("副镇长", (Role.OFFICER, "T"))
    await town.says("镇长", "荆溪镇")
    await town.presses_data("副镇长", "alert_approve:1")
    await town.presses("李阿姨", "收到", chat="十三队群")
    await town.presses("关东队长", "收到", chat="关东一队群")
    await seconds(town, 1)
    town.hears("三网格群", "三网格 1/2 队，未回：十四队")
    for reader in ("村委群", "陈书记"):
        town.hears(reader, "侯官村 1/3 队，未回：三网格 1/2、四网格 0/1")
    town.hears("关东群", "关东村 1/1 队，都回了")
    for reader in ("镇群", "镇长", "副镇长"):
        town.hears(reader, "荆溪镇 2/4 队，未回：侯官村 1/3")


async def test_a_single_squad_is_seen_by_the_grid_above_and_by_nobody_further(township: Town) -> None:
    town = township
    await asking(town, f"预警 黄 十三队 {WORDS}", place="十三队")
    await town.later(minutes=1)
    town.hears("三网格群", "三网格 0/1 队，未回：十三队")
    town.hears("王主任", "三网格 0/1 队")
    town.silent()


async def test_three_hundred_squads_confirm_in_thirty_seconds(empty_town: Town) -> None:
    """Each card above changes every few seconds and no oftener, and ends with the right sum."""
    town = empty_town
    await town.grid("V", "侯官村", "村", group="村委群")
    await town.person("陈书记", (Role.OFFICER, "V"))
    await town.person("李书记", (Role.OFFICER, "V"))
    for n in range(20):
        await town.grid(f"G{n}", f"{n}网格", "网格", "V", group=f"{n}网格群")
    async with town.store.transaction():
        rows = [(f"S{n}", f"{n}队", "小队", f"G{n % 20}") for n in range(300)]
        await town.store.db.run_many("INSERT INTO grids (code, name, level, parent) VALUES (?, ?, ?, ?)", rows)
        chats = [("town", f"{n}队群", "group", f"{n}队群", f"S{n}") for n in range(300)]
        await town.store.db.run_many(
            "INSERT INTO chats (channel, chat, kind, title, grid) VALUES (?, ?, ?, ?, ?)", chats
        )
    await town.says("陈书记", f"预警 红 侯官村 {WORDS}")
    for press in ("回执", "每队要", "提交"):
        await town.presses("陈书记", press)
    await town.says("陈书记", "侯官村")
    await town.presses("李书记", "通过")
    for second in range(30):
        async with town.at_once():
            for n in range(second * 10, second * 10 + 10):
                await town.says(f"{n}队的人", "收到", chat=f"{n}队群")
        await seconds(town, 1)
    await seconds(town, 6)
    most = timedelta(seconds=36) / CHANGES_EVERY + 1
    for chat in ("村委群", "陈书记", *(f"{n}网格群" for n in range(20))):
        (card,) = [m for m in town.channel.chats[chat] if "回执\n" in m.text]
        assert card.text.endswith("，都回了")
        assert len(card.history) <= most, chat
    assert "300/300" in next(m.text for m in town.channel.chats["村委群"] if "回执\n" in m.text)
    assert all("已收到：" in town.channel.chats[f"{n}队群"][0].text for n in range(300))


async def test_a_tree_that_changes_meanwhile_does_not_change_the_count(asked: Town) -> None:
    town = asked
    async with town.store.transaction():
        await town.store.grids.move("S13", "G4")
    await town.presses("李阿姨", "收到", chat="十三队群")
    await seconds(town, 1)
    town.hears("三网格群", "三网格 1/2 队，未回：十四队")


async def test_whoever_is_registered_afterwards_keeps_their_receipt(asked: Town) -> None:
    town = asked
    await live_behind(town, "李阿姨", "1号", "S13")
    await town.presses("过路人", "收到", chat="十四队群")
    async with town.store.transaction():
        met = await town.store.db.one("SELECT id FROM people WHERE name = '过路人'")
        registered = await town.store.people.add("钱婶")
        assert met
        await town.store.people.merge(met["id"], registered)
        row = await town.store.db.one("SELECT person FROM receipts WHERE grid = 'S14'")
    assert row
    assert row["person"] == registered


async def test_a_restart_forgets_nothing(township: Town) -> None:
    town = township
    await asking(town, ALERT)
    await town.presses("李阿姨", "收到", chat="十三队群")
    town.restart()
    await town.later(minutes=15)
    town.hears("三网格群", "三网格 1/2 队，未回：十四队")
    town.hears("十四队群", "十四队还没有人回“收到”")
