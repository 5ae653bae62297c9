"""A squad with a group on each of two services is one squad: its cards, its receipts and its count are one."""

import pytest

from bot.channels import Unreachable
from tests.handlers.asked import WORDS, asking, seconds
from tests.handlers.swept import begun, doors_known
from tests.town import Town


@pytest.fixture
async def both(township: Town) -> Town:
    township.opens_second()
    await township.group("十三队群²", "S13")
    return township


async def test_a_case_stands_in_both_groups_and_changes_in_both(both: Town) -> None:
    await both.says("李阿姨", "上报 停电了", chat="十三队群")
    for group in ("十三队群", "十三队群²"):
        both.hears(group, "#1 报修", "停电了")
    await both.presses("张队长", "接单", chat="十三队群²")
    for group in ("十三队群", "十三队群²"):
        both.hears(group, "#1 报修", "张队长 已接单")
        assert len([m for m in both.channel.chats[group] if m.text.startswith("#1 报修")]) == 1


async def test_a_receipt_from_either_group_counts_once_and_both_show_it(both: Town) -> None:
    await asking(both)
    await both.presses("李阿姨", "收到", chat="十三队群²")
    await both.says("张队长", "收到", chat="十三队群")
    await seconds(both, 6)
    for group in ("十三队群", "十三队群²"):
        both.hears(group, WORDS, "已收到：李阿姨、张队长")
    both.hears("三网格群", "三网格 1/2 队，未回：十四队")


async def test_the_squad_is_counted_once_before_and_after(both: Town) -> None:
    await both.says("王主任", f"预警 黄 十三队 {WORDS}")
    both.hears("王主任", "发到 1 个群")
    await both.presses("王主任", "提交")
    await both.says("王主任", "十三队")
    both.hush()
    await both.presses("王主任", "送达情况")
    both.hears("王主任", "送到 1 个群，存疑 0，没送到 0")


async def test_a_squad_that_got_it_in_one_group_was_reached(both: Town) -> None:
    both.channel.errors["十三队群²"] = [Unreachable("kicked")]
    await asking(both)
    await both.presses("王主任", "送达情况")
    both.hears("王主任", "送到 3 个群，存疑 0，没送到 0", "“十三队群²”（十三队）：没送到")
    await both.later(minutes=15)
    both.hears("十三队群", "还没有人回“收到”")


async def test_both_groups_hear_the_end(both: Town) -> None:
    await asking(both)
    await both.presses("王主任", "解除")
    for group in ("十三队群", "十三队群²"):
        both.hears(group, "【解除】")


async def test_a_sweep_asks_in_both_groups_and_counts_a_door_once(both: Town) -> None:
    await doors_known(both)
    await begun(both)
    for group in ("十三队群", "十三队群²"):
        assert "请各家点一下" in both.channel.chats[group][-1].text
    await both.presses("李阿姨", "我家安全", chat="十三队群²")
    await both.says("李阿姨", "我家安全", chat="十三队群")
    await seconds(both, 6)
    both.hears("王主任", "问到 1/12 户")
    await both.presses("王主任", "结束")
    await both.presses("王主任", "现在结束")
    await seconds(both, 6)
    for group in ("十三队群", "十三队群²"):
        both.hears(group, "台风转移摸排", "已经结束")
