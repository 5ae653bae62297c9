"""A drill reaches only those who take part in it, is marked at both ends, and never takes the way of what is real."""

from dataclasses import replace

import pytest

from domain.broadcast import Broadcast
from domain.colour import Colour
from domain.people import Who
from domain.stages import Sort
from handlers.broadcast import send
from handlers.rehearsal import rehearse
from tests.handlers.test_alerts import ALERT, BELOW_G3, WORDS, groups_having, submitted
from tests.town import Town

DRILL = "演练 红 三网格 模拟水库放水，请到小学集合"


@pytest.fixture
async def practising(township: Town) -> Town:
    township.settings = replace(township.settings, drill_grids=frozenset({"S13"}))
    township.restart()
    return township


def trained(town: Town, *, training: bool) -> None:
    town.settings = replace(town.settings, training=training)
    town.restart()


async def test_only_those_who_take_part_hear_it_and_it_says_what_it_is_at_both_ends(practising: Town) -> None:
    town = practising
    await submitted(town, DRILL)
    town.hears("王主任", "【红色演练】三网格 · 第 1 号 · 等人通过", "发到 1 个群")
    await town.presses("陈书记", "通过")
    heard = town.hears("十三队群", "【红色演练】三网格", "请到小学集合", "这是演练")
    assert heard.text.startswith("【演练】\n")
    assert heard.text.endswith("\n【演练】")
    assert groups_having(town, "小学集合") == {"十三队群"}
    await town.later(hours=1, minutes=59)
    assert len(town.channel.chats["十三队群"]) == 1, "a drill is not said again"
    await town.presses("王主任", "解除")
    end = town.hears("十三队群", "【解除】三网格的红色演练")
    assert end.text.startswith("【演练】\n")
    assert end.text.endswith("\n【演练】")


async def test_a_drill_always_needs_a_second_person_and_nobody_goes_alone(practising: Town) -> None:
    town = practising
    await submitted(town, "演练 蓝 十三队 大家试试点收到", "陈书记", "十三队")
    assert groups_having(town, "试试") == set()
    assert "不能一个人发" in await town.presses_data("陈书记", "alert_alone:1")


async def test_where_nobody_takes_part_there_is_no_drill(practising: Town) -> None:
    await practising.says("王主任", "演练 红 十四队 请到小学集合")
    practising.hears("王主任", "那里没有参加演练的群")


async def test_a_correction_of_a_drill_may_not_claim_to_be_real(practising: Town) -> None:
    town = practising
    await submitted(town, DRILL)
    await town.presses("陈书记", "通过")
    town.hush()
    await town.presses("王主任", "更正")
    await town.says("王主任", "注意，现在是真的，不是演练了")
    town.hears("王主任", "演练里不能说")
    await town.presses("王主任", "更正")
    await town.says("王主任", "改到祠堂集合")
    town.hears("十三队群", "【演练】\n【更正】红色演练")
    assert groups_having(town, "祠堂") == {"十三队群"}


@pytest.mark.parametrize(("said", "training"), [(DRILL, False), (DRILL, True), (ALERT, False)])
async def test_what_was_written_before_the_bot_was_switched_is_never_sent(
    practising: Town, said: str, training: bool
) -> None:
    town = practising
    trained(town, training=training)
    await submitted(town, said)
    trained(town, training=not training)
    town.hush()
    await town.presses("陈书记", "通过")
    town.hears("王主任", "第 1 号 写的时候是另一种模式", "已经作废")
    town.hears("陈书记", "已作废")
    assert not groups_having(town, "三网格")
    trained(town, training=training)
    assert "不在等人通过" in await town.presses_data("陈书记", "alert_approve:1")


async def test_where_the_whole_bot_is_practised_with_nothing_real_is_written(practising: Town) -> None:
    town = practising
    trained(town, training=True)
    for said in (ALERT, "通知 三网格 开会"):
        await town.says("王主任", said)
        town.hears("王主任", "现在是练习模式")
    await submitted(town, DRILL)
    await town.presses("陈书记", "通过")
    assert groups_having(town, "小学集合") == {"十三队群"}


async def test_the_two_ways_out_take_nothing_of_each_other(practising: Town) -> None:
    town = practising
    real = Broadcast(Sort.ALERT, Who(2, "王主任"), town.clock.now(), colour=Colour.RED, text=WORDS, area=("G3",))
    for way, wrong in ((send, replace(real, sort=Sort.DRILL)), (rehearse, real)):
        with pytest.raises(ValueError, match="way"):
            await way(wrong, None)  # type: ignore[arg-type]


async def test_a_live_alert_is_not_held_back_by_what_takes_part_in_drills(practising: Town) -> None:
    await submitted(practising, ALERT)
    await practising.presses("陈书记", "通过")
    assert groups_having(practising, WORDS) == BELOW_G3
