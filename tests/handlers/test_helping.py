"""A neighbour goes: called in the group, taken by one, carried further where nobody comes, given back, thanked."""

import pytest

from domain.chat import Promise
from domain.people import Role
from tests.town import Town


@pytest.fixture
async def neighbours(town: Town) -> Town:
    await town.person("小吴", (Role.RESIDENT, "S13"))
    await town.person("老周", (Role.RESIDENT, "S13"), private=False)
    await town.person("外队的人", (Role.RESIDENT, "S14"))
    return town


async def call(town: Town, text: str = "今天下午帮我妈取药", chat: str | None = "十三队群") -> None:
    await town.says("李阿姨", f"求助 {text}", chat=chat)
    town.hush()


async def test_an_old_persons_medicine_the_same_afternoon(neighbours: Town) -> None:
    town = neighbours
    await town.says("李阿姨", "求助 我妈腿脚不便，今天下午要人去卫生站取药")
    town.hears("李阿姨", "#1 求助", "什么时候：今天下午（7月25日）", "等 十三队")
    called = town.hears("十三队群", "#1 求助 · 一片 十三队", "今天下午要人去卫生站取药", "谁能帮忙？")
    assert [button.label for button in called.buttons] == ["我来帮忙"]
    town.hears("张队长", "#1 求助", "什么时候：今天下午（7月25日）")
    assert town.buttons("张队长") == ["接单", "派单", "上报上级", "更正"]
    town.hears("李阿姨", "#1 有人被困或受伤吗？")
    await town.presses("李阿姨", "没有")
    town.hears("李阿姨", "谢谢，#1 都记下了")
    town.silent()

    await town.presses("小吴", "我来帮忙", chat="十三队群")
    town.hears("李阿姨", "#1 小吴 来帮忙，请等一等")
    town.hears("李阿姨", "小吴 已接单")
    town.hears("张队长", "小吴 已接单")
    assert [b.label for b in town.hears("十三队群", "小吴 去帮忙，谢谢！").buttons] == ["帮好了", "我去不了了"]
    town.hears("小吴", "我妈腿脚不便", "李阿姨 上报")
    assert town.buttons("小吴") == ["办结", "派单", "上报上级", "更正", "我去不了了"]
    await town.later(hours=2)
    town.silent()

    await town.presses("小吴", "帮好了", chat="十三队群")
    town.hears("十三队群", "小吴，#1 是怎么处理好的？")
    await town.says("小吴", "药送到了", chat="十三队群")
    town.hears("李阿姨", "#1 已办结：药送到了", "李阿姨，您满意吗？")
    await town.presses("李阿姨", "满意")
    assert await town.state(1) == "closed"
    assert town.hears("十三队群", "#1 求助", "结案").buttons == ()


async def test_who_wants_company_tomorrow_is_not_asked_whether_somebody_is_trapped(neighbours: Town) -> None:
    town = neighbours
    await town.says("李阿姨", "求助 明天要去医院复查，没人陪", chat="十三队群")
    town.hears("十三队群", "#1 求助", "什么时候：明天（7月26日）")
    town.hears("张队长", "#1 求助")
    town.silent()


async def test_two_press_at_the_same_moment_and_one_goes(neighbours: Town) -> None:
    town = neighbours
    await call(town)
    assert await town.presses("小吴", "我来帮忙", chat="十三队群") == ""
    assert await town.presses_data("老周", "lend_hand:1", "十三队群") == "小吴 已经去了，谢谢您！"
    assert await town.presses_data("张队长", "acknowledge:1") == "小吴 已接单"
    town.hears("十三队群", "小吴 去帮忙")
    town.hears("十三队群", "#1 小吴 来帮忙")


async def test_nobody_comes_and_the_call_is_carried_further(neighbours: Town) -> None:
    town = neighbours
    await call(town)
    await town.later(minutes=9)
    town.silent()
    await town.later(minutes=1)
    called = town.hears("三网格群", "#1 求助 · 一片 十三队", "谁能帮忙？")
    assert [button.label for button in called.buttons] == ["我来帮忙"]
    town.silent()
    await town.later(minutes=5)
    town.hears("十三队群", "#1 超时，已上报到 三网格")
    town.hears("王主任", "#1 求助", "超时，上报到 三网格")
    town.hears("张队长", "超时，上报到 三网格")
    town.hears("三网格群", "#1 超时，已上报到 三网格")
    town.silent()
    await town.later(minutes=5)
    town.hears("村委群", "谁能帮忙？")
    town.silent()
    await town.presses("外队的人", "我来帮忙", chat="三网格群")
    town.hears("村委群", "外队的人 去帮忙")
    town.hears("十三队群", "#1 外队的人 来帮忙，请等一等")
    town.hush()
    await town.later(hours=3)
    town.silent()


async def test_nobody_comes_at_all_and_the_leaders_are_reminded(neighbours: Town) -> None:
    town = neighbours
    await call(town)
    await town.later(hours=1)
    town.hears("陈书记", "#1 求助", "上报到 侯官村")
    town.hears("陈书记", "#1 还没有人接单，请尽快")


async def test_who_cannot_go_after_all_gives_it_back(neighbours: Town) -> None:
    town = neighbours
    await call(town, chat=None)
    await town.presses("小吴", "我来帮忙", chat="十三队群")
    town.hush()
    assert "不在您手上" in await town.presses_data("老周", "give_back:1", "十三队群")
    await town.presses("小吴", "我去不了了", chat="十三队群")
    town.hears("李阿姨", "#1 小吴 去不了了，正在另找人")
    town.hears("十三队群", "#1 小吴 去不了了，还有谁能帮忙？")
    assert [b.label for b in town.hears("十三队群", "谁能帮忙？能去的").buttons] == ["我来帮忙"]
    town.hears("张队长", "#1 小吴 去不了了，还有谁能帮忙？")
    town.hush("李阿姨", "张队长", "小吴")
    town.silent()
    await town.later(minutes=10)
    town.hears("三网格群", "谁能帮忙？")
    await town.presses("老周", "我来帮忙", chat="十三队群")
    town.hears("李阿姨", "#1 老周 来帮忙")


async def test_who_may_press(neighbours: Town) -> None:
    town = neighbours
    await call(town)
    assert "您自己的求助" in await town.presses("李阿姨", "我来帮忙", chat="十三队群")
    assert "还不知道您住在这里" in await town.presses("外队的人", "我来帮忙", chat="十三队群")
    assert "还不知道您住在这里" in await town.presses("过路人", "我来帮忙", chat="十三队群")
    assert "还不知道您住在这里" in await town.presses_data("外队的人", "lend_hand:1", chat="麻将群")
    assert await town.state(1) == "reported"
    assert await town.presses("张队长", "我来帮忙", chat="十三队群") == ""
    await town.says("张队长", "办结 1 送到了", chat="十三队群")
    assert "已经办好了" in await town.presses_data("老周", "lend_hand:1", chat="十三队群")
    assert "没有 99" in await town.presses_data("老周", "lend_hand:99", chat="十三队群")


async def test_when_is_asked_once_and_never_holds_up(neighbours: Town) -> None:
    town = neighbours
    await town.says("李阿姨", "求助 帮我换个灯泡", chat="十三队群")
    town.hears("十三队群", "谁能帮忙？")
    await town.presses("李阿姨", "没有", chat="十三队群")
    town.hears("十三队群", "#1 什么时候要人帮忙？")
    assert town.buttons("十三队群") == ["现在", "今天", "明天", "不清楚"]
    town.hears("张队长", "#1")
    assert "管这一片" in await town.presses("小吴", "明天", chat="十三队群")
    await town.presses("李阿姨", "明天", chat="十三队群")
    town.hears("十三队群", "谢谢，#1 都记下了")
    town.hears("十三队群", "什么时候：明天（7月26日）")
    town.hears("张队长", "什么时候：明天（7月26日）")
    town.silent()


async def test_not_knowing_when_is_an_answer(neighbours: Town) -> None:
    town = neighbours
    await call(town, "帮我换个灯泡")
    for _question in ("有人被困或受伤吗", "什么时候"):
        await town.presses("李阿姨", "不清楚", chat="十三队群")
    town.hears("十三队群", "谢谢，#1 都记下了")
    town.silent()


async def test_a_life_at_risk_is_asked_nothing_and_reaches_the_leaders_first(neighbours: Town) -> None:
    town = neighbours
    await town.says("李阿姨", "求助 我爸摔倒了起不来", chat="十三队群")
    town.hears("十三队群", "先打 120", "谁能帮忙？")
    town.hears("张队长", "先打 120")
    town.silent()
    assert await _promises(town) == {("十三队群", Promise.LIFE.value), ("张队长", Promise.LIFE.value)}


async def test_a_fire_is_a_fire_whatever_it_is_called(neighbours: Town) -> None:
    await neighbours.says("李阿姨", "求助 厨房着火了", chat="十三队群")
    neighbours.hears("十三队群", "#1 消防燃气", "119")


async def test_an_empty_call_is_asked_for(neighbours: Town) -> None:
    town = neighbours
    await town.says("李阿姨", "求助", chat="十三队群")
    town.hears("十三队群", "请说：帮谁、什么事、什么时候")
    await town.says("李阿姨", "明天陪我爸看病", chat="十三队群")
    town.hears("十三队群", "#1 求助", "什么时候：明天（7月26日）")


async def test_on_behalf_of_somebody_and_discreetly(neighbours: Town) -> None:
    """The squad leader asks for a neighbour of 85, and hears back; asked in private, the group is told neither who
    asks nor for whom. Whoever goes is told."""
    town = neighbours
    await town.says("张队长", "代报 王奶奶 今天下午帮忙去取药", chat="十三队群")
    town.hears("十三队群", "#1 求助", "替 王奶奶 报 · 什么时候：今天下午（7月25日）", "谁能帮忙？")
    town.hush()
    await town.says("张队长", "代报 王奶奶 明天帮忙去取药")
    called = town.hears("十三队群", "#2 求助", "什么时候：明天（7月26日）", "谁能帮忙？")
    assert "王奶奶" not in called.text
    assert "张队长" not in called.text
    await town.presses("小吴", "我来帮忙", chat="十三队群")
    town.hears("张队长", "#2 小吴 来帮忙")
    town.hears("小吴", "#2 求助", "替 王奶奶 报", "张队长 上报")


async def test_a_neighbour_who_is_called_away_takes_it_back_from_the_chain_too(neighbours: Town) -> None:
    """The chain's clock runs again: it climbs as if nobody had gone."""
    town = neighbours
    await call(town)
    await town.presses("小吴", "我来帮忙", chat="十三队群")
    await town.presses("小吴", "我去不了了", chat="十三队群")
    town.hush()
    await town.later(minutes=15)
    town.hears("王主任", "#1 求助", "小吴 去不了了", "超时，上报到 三网格")


async def _promises(town: Town) -> set[tuple[str, str]]:
    async with town.store.transaction():
        rows = await town.store.db.all("SELECT chat, promise FROM outbox WHERE card = 'case:1'")
    return {(row["chat"], row["promise"]) for row in rows}
