"""A quarrel over the border of two house plots: visits, an agreement, and what comes after it."""

import re

from tests.handlers.quarrel import agree, bring_in, later, never_heard, propose, the_groups_know_nothing
from tests.town import Town


async def test_a_border_quarrel_takes_three_visits_and_ends_in_an_agreement(quarrel: Town) -> None:
    town = quarrel
    await town.presses("张队长", "请另一方")
    town.hears("张队长", "另一方是谁？")
    await town.says("张队长", "赵大山 13800000000")
    town.hears("张队长", "另一方：赵大山，记下了", "参加调解 ")
    await town.presses("张队长", "是十三队的赵大山，直接请")
    invited = town.hears("赵大山", "张队长 想请您参加一次调解（#1）")
    assert "李阿姨" not in invited.text
    await town.presses("赵大山", "参加")
    town.hears("赵大山", "您参加了 #1 的调解，由 张队长 主持")
    town.hears("张队长", "#1 另一方来了：赵大山")
    town.hush()

    for day in (26, 27, 28):
        await town.says("张队长", "约 1 明天下午3点 村委会")
        for who in ("李阿姨", "赵大山"):
            town.hears(who, f"#1 约好了：7-{day} 15:00 村委会")
        town.hush()
        await later(town, hours=6)
        for who in ("李阿姨", "赵大山", "张队长"):
            town.hears(who, f"#1 提醒：7-{day} 15:00 村委会 见面调解")
        town.silent()
        await later(town, hours=24)
        town.hears("张队长", "#1 15:00 的见面怎么样？")
        await town.presses("张队长", "记结果")
        await town.says("张队长", f"{day}号：都让了一点")
        town.hears("张队长", "这次的结果记下了")
        town.hush()
        town.clock.moment = town.clock.moment.replace(hour=4)
    never_heard(town, "李阿姨", "都让了一点", "赵大山")
    never_heard(town, "赵大山", "都让了一点", "李阿姨", "占了我家")

    await propose(town)
    for who in ("李阿姨", "赵大山"):
        town.hears(who, "#1 调解协议（第 1 版）", "围墙退回一尺")
    await town.presses("李阿姨", "同意")
    town.hears("张队长", "李阿姨 同意了协议")
    await town.presses("赵大山", "不同意，要改")
    await town.says("赵大山", "八月完不成，要九月")
    town.hears("张队长", "#1 赵大山 不同意协议：八月完不成，要九月")
    never_heard(town, "李阿姨", "八月完不成")

    await propose(town, "围墙退回一尺，九月十五以前完工")
    town.hears("李阿姨", "第 2 版", "九月十五")
    assert "看最新的那一份" in await town.presses_data("李阿姨", "agree:1:1")
    await town.presses("赵大山", "同意")
    await town.presses("李阿姨", "同意")
    for who in ("李阿姨", "赵大山"):
        town.hears(who, "协议从现在起有效", "九月十五", "司法确认")
    town.hears("李阿姨", "#1 已办结：双方达成协议", "您满意吗")
    assert await town.state(1) == "resolved"
    await town.presses("李阿姨", "满意")
    town.hush()
    await later(town, days=20)
    for who in ("李阿姨", "赵大山"):
        town.hears(who, "想让法院确认协议的", "双方一起去申请")
    town.silent()
    the_groups_know_nothing(town)


async def test_a_broken_agreement_goes_one_level_up_with_its_history(quarrel: Town) -> None:
    town = quarrel
    await bring_in(town)
    await agree(town)
    await later(town, days=40)
    town.hush()
    assert await town.state(1) == "closed"
    await town.says("赵大山", "调解 1")
    await town.presses("赵大山", "没有履行")
    await town.says("赵大山", "说好给我的两千块没给")
    for who in ("李阿姨", "赵大山"):
        town.hears(who, "#1 协议没有履行，交给上一级再调解")
    never_heard(town, "李阿姨", "两千块", "赵大山")
    card = town.hears("王主任", "#1 纠纷", "占了我家宅基地", "协议没有履行，交给 三网格")
    assert "两千块" not in card.text
    assert await town.state(1) == "reopened"
    town.hush()
    await town.presses("王主任", "接单")
    town.hears("王主任", "协议第 1 版，没有履行", "围墙退回一尺")
    await town.says("王主任", "调解 1")
    town.hears("王主任", "张队长 写了协议：围墙退回一尺", "赵大山 说协议没有履行")
    await town.presses("王主任", "写协议")
    await town.says("王主任", "围墙退回一尺，两千块月底前付清")
    town.hears("李阿姨", "第 2 版", "两千块月底前付清")
    the_groups_know_nothing(town)


async def test_after_a_broken_agreement_nobody_is_asked_to_confirm_it_or_called_to_the_old_meeting(
    quarrel: Town,
) -> None:
    town = quarrel
    await bring_in(town)
    await town.says("张队长", "约 1 后天下午3点 村委会")
    await agree(town)
    await town.presses_data("赵大山", "broken:1")
    await town.says("赵大山", "说好给我的两千块没给")
    await town.says("赵大山", "调解 1")
    card = town.channel.chats["赵大山"][-1].text
    assert "协议（没有履行）" in card
    assert "下次见面" not in card
    town.hush()
    await later(town, hours=40)
    assert not [m for m in town.channel.chats["赵大山"] if "提醒" in m.text]


async def test_the_mediators_card_says_what_comes_next(quarrel: Town) -> None:
    town = quarrel
    await town.says("张队长", "调解 1")
    town.hears("张队长", "#1 纠纷", "下一步：点“请另一方”")
    await bring_in(town)
    await town.says("张队长", "调解 1")
    assert "下一步：点“约时间”" in town.channel.chats["张队长"][-1].text
    await town.says("张队长", "约 1 后天下午3点 村委会")
    town.hears("张队长", "下次见面", "下一步：谈好了，点“写协议”")
    await propose(town)
    town.hears("张队长", "下一步：等双方同意")
    await agree(town)
    assert not [m for m in town.channel.chats["张队长"] if "已办结" in m.text and "下一步" in m.text]


async def test_only_whoever_took_it_settles_a_quarrel(quarrel: Town) -> None:
    """The earlier mediator's old buttons, and a leader's word from beside."""
    town = quarrel
    await bring_in(town)
    await town.says("小林", "办结 1 劝过了")
    town.hears("小林", "由接单的人来办结", "请先点“接单”")
    await agree(town)
    await town.presses_data("赵大山", "broken:1")
    await town.says("赵大山", "说好给我的两千块没给")
    assert "请先点“接单”" in await town.presses_data("张队长", "resolve:1")
    assert await town.state(1) == "reopened"


async def test_an_agreement_that_is_not_in_force_cannot_be_broken(quarrel: Town) -> None:
    town = quarrel
    await bring_in(town)
    assert "还没有生效的协议" in await town.presses_data("李阿姨", "broken:1")
    assert "当事人和调解人" in await town.presses_data("王主任", "broken:1")


async def test_somebody_without_an_account_is_told_and_agrees_face_to_face(quarrel: Town) -> None:
    town = quarrel
    await town.presses("张队长", "请另一方")
    await town.says("张队长", "钱老伯 13900000000")
    town.hears("张队长", "另一方：钱老伯 13900000000（没有账号，请当面说）")
    town.hush()
    await town.says("张队长", "约 1 后天上午九点 钱老伯家")
    town.hears("张队长", "约好了", "钱老伯 13900000000 收不到我的消息，请您打电话或上门告诉")
    await propose(town)
    await town.presses("李阿姨", "同意")
    assert "还不知道" not in await town.presses("张队长", "钱老伯 当面同意了")
    town.hears("张队长", "双方都同意了，协议生效")
    assert await town.state(1) == "resolved"
    async with town.store.transaction():
        log = await town.store.cases.log(1)
    assert [entry.words for entry in log if entry.event == "agreed"] == ["", "（钱老伯 当面同意）"]


async def test_a_yes_is_everybodys_own(quarrel: Town) -> None:
    town = quarrel
    await bring_in(town)
    await propose(town)
    assert "给当事人的" in await town.presses_data("王主任", "agree:1:1")
    assert "给当事人的" in await town.presses_data("张队长", "agree:1:1")
    assert "要由本人自己点" in await town.presses_data("张队长", "agree_for:1:1:other")
    assert "由调解的人来做" in await town.presses_data("李阿姨", "agree_for:1:1:other")
    assert "失效" in await town.presses_data("张队长", "agree_for:1:1:both")
    await town.presses("赵大山", "同意")
    assert "已经同意过了" in await town.presses_data("赵大山", "agree:1:1")
    assert await town.state(1) == "acknowledged"
    assert "不在群里说" in await town.presses_data("李阿姨", "agree:1:1", chat="十三队群")


async def test_a_new_mediator_takes_over_and_the_old_one_sees_no_more(quarrel: Town) -> None:
    town = quarrel
    await bring_in(town)
    await town.presses("张队长", "记一笔")
    await town.says("张队长", "墙是去年砌的")
    town.hears("张队长", "张队长 记：墙是去年砌的")
    await town.says("陈书记", "派单 1 王主任")
    town.hears("王主任", "墙是去年砌的", "另一方：赵大山")
    stub = next(m for m in town.channel.chats["张队长"] if m.text.startswith("#1 纠纷") and "王主任 已接单" in m.text)
    assert not re.search("宅基地|赵大山|李阿姨|去年", stub.text)
    for words in ("调解 1", "查询 1", "查询"):
        town.hush()
        await town.says("张队长", words)
        said = [m.text for m in town.channel.chats["张队长"] if not m.heard]
        assert not re.search("宅基地|赵大山|李阿姨|去年", "".join(said)), said
    assert "由调解的人来做" in await town.presses_data("张队长", "note:1")
    the_groups_know_nothing(town)


async def test_somebody_is_asked_to_mediate_too(quarrel: Town) -> None:
    town = quarrel
    await bring_in(town)
    await town.presses("张队长", "加调解人")
    assert "赵大山" not in town.buttons("张队长")
    await town.presses("张队长", "王主任")
    town.hears("王主任", "张队长 请您一起调解 #1")
    town.hears("王主任", "#1 纠纷", "宅基地", "一起调解：王主任")
    assert "已经在调解了" in await town.presses_data("张队长", "helper_is:1:2")
    await town.says("王主任", "约 1 明天下午3点 村委会")
    town.hears("张队长", "约好了")


async def test_where_it_fails_both_are_told_their_other_ways(quarrel: Town) -> None:
    town = quarrel
    await bring_in(town)
    await town.says("张队长", "约 1 明天下午3点 村委会")
    await town.presses("张队长", "调解不成")
    town.hush()
    await town.says("张队长", "李家一步不让")
    for who in ("李阿姨", "赵大山"):
        town.hears(who, "#1 调解不成，不影响您的权利", "12348")
        never_heard(town, who, "一步不让")
    assert await town.state(1) == "closed"
    town.hush()
    await later(town, days=2)
    town.silent()
    the_groups_know_nothing(town)


async def test_nothing_is_lost_when_the_bot_stops_in_between(quarrel: Town) -> None:
    town = quarrel
    await bring_in(town)
    await town.presses("张队长", "写协议")
    town.restart()
    await town.says("张队长", "各让一尺")
    town.restart()
    await town.presses("李阿姨", "同意")
    town.restart()
    await town.presses("赵大山", "同意")
    assert await town.state(1) == "resolved"


async def test_an_agreement_late_in_the_evening_is_read_whole_and_at_once(quarrel: Town) -> None:
    town = quarrel
    await bring_in(town)
    await later(town, hours=10.5)
    long = "围墙退回一尺，" * 40
    await propose(town, long)
    for who in ("李阿姨", "赵大山"):
        town.hears(who, "调解协议（第 1 版）", long)
        await town.presses(who, "同意")
    assert await town.state(1) == "resolved"
