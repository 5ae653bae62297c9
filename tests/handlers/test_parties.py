"""The two sides of a quarrel: how the other comes in, how each is heard alone, and who is none."""

import re

from tests.handlers.quarrel import bring_in, later, never_heard, propose, the_groups_know_nothing
from tests.town import Town


async def test_each_side_is_heard_alone(quarrel: Town) -> None:
    town = quarrel
    await bring_in(town)
    await town.says("赵大山", "那块地是我爷爷留下的，有地契", attachments=[("town", "photo1")])
    town.hears("赵大山", "这是要告诉调解人的吗？对方看不到。")
    town.silent()
    await town.says("赵大山", "村里老人都知道")
    await town.presses("赵大山", "补充到 #1")
    town.hears("赵大山", "已补充到 #1，对方看不到")
    told = town.hears("张队长", "#1 赵大山 补充：", "地契", "老人都知道")
    assert told
    sent = [m for m in town.channel.chats["张队长"] if m.attachment]
    assert len(sent) == 1
    assert "已经补充过" in await town.presses("赵大山", "补充到 #1")
    await town.says("李阿姨", "他爷爷那时候还没有这堵墙")
    await town.presses("李阿姨", "补充到 #1")
    for person, others in (("李阿姨", ("地契", "赵大山")), ("赵大山", ("他爷爷那时候", "李阿姨", "占了我家"))):
        await town.says(person, "调解 1")
        town.hears(person, "#1 纠纷", "您说的话，对方看不到", "补充：")
        never_heard(town, person, *others)
        assert not [m for m in town.channel.chats[person] if m.attachment]
    await town.says("张队长", "调解 1")
    town.hears("张队长", "一方：李阿姨", "另一方：赵大山 13800000000", "赵大山 补充：", "李阿姨 补充：")
    the_groups_know_nothing(town)


async def test_what_a_party_says_of_something_else_is_a_report(quarrel: Town) -> None:
    town = quarrel
    await town.says("李阿姨", "东门地下车库全是水，淹到膝盖了")
    town.hears("李阿姨", "#2 水浸")
    town.hush()
    await town.says("李阿姨", "楼上那家又来了")
    await town.presses("李阿姨", "是别的事，要上报")
    assert town.hears("李阿姨", "#3")


async def test_a_reply_with_a_picture_goes_to_the_mediator_and_never_across(quarrel: Town) -> None:
    town = quarrel
    await bring_in(town)
    card = next(m for m in town.channel.chats["赵大山"] if "#1 纠纷" in m.text)
    await town.says("赵大山", "这是地契", reply_to=card.id, attachments=[("town", "deed")])
    town.hears("赵大山", "已补充到 #1，对方看不到")
    assert [m for m in town.channel.chats["张队长"] if m.attachment]
    assert not [m for m in town.channel.chats["李阿姨"] if m.attachment]
    never_heard(town, "李阿姨", "地契", "照片")
    await town.says("路人", "他家年年占地", chat="十三队群", reply_to="u1")
    the_groups_know_nothing(town)


async def test_an_invitation_is_for_one_person_and_may_be_declined(quarrel: Town) -> None:
    town = quarrel
    await town.presses("张队长", "请另一方")
    await town.says("张队长", "赵大山")
    await town.presses("张队长", "是十三队的赵大山，直接请")
    assert "失效" in await town.presses_data("王主任", "join:1")
    assert "失效" in await town.presses_data("李阿姨", "decline:1")
    town.hush()
    await town.presses("赵大山", "不参加")
    town.hears("张队长", "赵大山 现在不愿意参加")
    town.hears("赵大山", "您没有参加")
    assert "失效" in await town.presses_data("赵大山", "join:1")
    await town.says("赵大山", "调解 1")
    town.hears("赵大山", "#1 不是这里的事")


async def code(town: Town, name: str = "老邱") -> str:
    await town.presses("张队长", "请另一方")
    await town.says("张队长", name)
    found = re.search(r"参加调解 (\w+)", town.hears("张队长", "参加调解 ").text)
    assert found
    return found[1]


async def test_a_code_lets_one_person_in_and_is_worth_nothing_in_a_group(quarrel: Town) -> None:
    town = quarrel
    given = await code(town)
    await town.says("李阿姨", f"参加调解 {given}")
    town.hears("李阿姨", "李阿姨 已经是这件事的一方")
    await town.says("老邱", f"参加调解 {given}", chat="麻将群")
    town.hears("麻将群", "这个码作废了")
    await town.says("老邱", f"参加调解 {given}")
    town.hears("老邱", "参加码不对、用过了或者过期了")
    given = await code(town)
    await town.says("老邱", f"参加调解 {given.lower()}")
    town.hears("老邱", "您参加了 #1 的调解")
    town.hears("老邱", "#1 纠纷")
    never_heard(town, "老邱", "宅基地", "李阿姨")
    late = await code(town, "别人")
    town.hears("老邱", "这件事不用您参加了")
    await later(town, days=7)
    await town.says("别人", f"参加调解 {late}")
    town.hears("别人", "过期了")
    await town.says("老邱", "调解 1")
    town.hears("老邱", "#1 不是这里的事")


async def test_nobody_mediates_their_own_quarrel(town: Town) -> None:
    await town.says("张队长", "上报 隔壁和我为宅基地吵起来了")
    town.hears("王主任", "#1 纠纷")
    town.hears("张队长", "#1 纠纷", "等 三网格")
    assert "要由别人来处理" in await town.presses_data("张队长", "acknowledge:1")
    assert "要由别人来处理" in await town.presses_data("张队长", "resolve:1")
    await town.presses("王主任", "接单")
    town.hush()
    await town.says("王主任", "派单 1 张队长")
    town.hears("王主任", "张队长 是当事人，不能调解自己的事")
    await town.presses("王主任", "请另一方")
    await town.says("王主任", "王主任")
    await town.presses("王主任", "是三网格的王主任，直接请")
    assert "在调解这件事" in town.channel.toasts[max(town.channel.toasts, key=lambda press: int(press[1:]))]


async def test_a_squad_leader_who_reports_for_somebody_else_may_mediate(town: Town) -> None:
    await town.says("张队长", "代报 王依姆 隔壁占了她家宅基地，吵起来了")
    await town.presses("张队长", "接单")
    town.hears("张队长", "一方：王依姆（没有账号，请当面说）")


async def test_a_party_who_cannot_be_reached_is_the_mediators_to_find(quarrel: Town) -> None:
    town = quarrel
    await bring_in(town)
    await town.happens("Removed", "赵大山", "赵大山")
    town.hears("张队长", "#1 赵大山 13800000000 收不到我的消息了", "打电话或上门")
    town.hears("张队长", "另一方：赵大山 13800000000（收不到私信，请当面说）")
    town.silent()
    await propose(town)
    await town.presses("张队长", "赵大山 当面同意了")
    town.channel.closed.add("李阿姨")
    await town.says("张队长", "约 1 明天下午3点 村委会")
    town.hears("张队长", "#1 李阿姨 收不到我的消息了")
    never_heard(town, "王主任", "李阿姨", "赵大山", "#1")
    the_groups_know_nothing(town)


async def test_one_person_met_twice_stays_one_party(quarrel: Town) -> None:
    town = quarrel
    given = await code(town)
    await town.says("微信名", f"参加调解 {given}")
    async with town.store.transaction():
        registered = await town.store.people.add("邱国强")
        met = await town.store.db.one("SELECT person FROM accounts WHERE account = '微信名'")
        assert met
        await town.store.people.merge(met["person"], registered)
    await propose(town)
    town.hears("微信名", "调解协议")
    await town.presses("微信名", "同意")
    await town.presses("李阿姨", "同意")
    assert await town.state(1) == "resolved"


async def test_both_accounts_of_one_person_are_not_two_sides(quarrel: Town) -> None:
    town = quarrel
    given = await code(town)
    await town.says("小号", f"参加调解 {given}")
    async with town.store.transaction():
        rows = await town.store.db.all("SELECT account, person FROM accounts WHERE account IN ('小号', '李阿姨')")
        person = {row["account"]: row["person"] for row in rows}
        await town.store.people.merge(person["小号"], person["李阿姨"])
    await town.says("李阿姨", "查询")
    await propose(town)
    await town.presses("李阿姨", "同意")
    assert await town.state(1) == "acknowledged"
