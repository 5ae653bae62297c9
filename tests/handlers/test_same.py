"""Ten neighbours, one flood: asked about on the reporter's own card, gathered, told of as one, taken apart again."""

from domain.log import Event
from domain.people import Role
from tests.town import Town


async def two_reports(town: Town) -> None:
    await town.says("李阿姨", "上报 东门地下车库进水了", chat="十三队群")
    town.hush()
    await town.says("赵叔", "上报 楼下全是水，淹了", chat="十三队群")


async def flood_of_three(town: Town) -> None:
    """#1 and #2 in squad 13, #3 in squad 14: #4 is made of them and belongs to their parent."""
    await two_reports(town)
    await town.says("钱婶", "上报 一楼进水了", chat="十四队群")


async def events(town: Town, number: int) -> list[Event]:
    async with town.store.transaction():
        return [entry.event for entry in await town.store.cases.log(number)]


def card(town: Town, chat: str, number: int) -> str:
    return next(m.text for m in town.channel.chats[chat] if m.text.startswith(f"#{number} 水浸"))


async def test_a_reporter_is_asked_on_their_own_card_and_says_yes(town: Town) -> None:
    await two_reports(town)
    asked = town.hears("十三队群", "#2 水浸", "和 #1“东门地下车库进水了” 是同一件事吗？")
    assert [button.label for button in asked.buttons][:2] == ["是同一件事", "不是"]
    town.hears("张队长", "#1 水浸", "可能是同一件事，等上报人确认：#2")
    town.hush()
    assert "这一步" in await town.presses("路人", "是同一件事", chat="十三队群")
    await town.presses("赵叔", "是同一件事", chat="十三队群")
    town.hears("十三队群", "#2 水浸", "和 #1 是同一件事，已有 2 户上报")
    town.hears("十三队群", "#1 水浸", "2 户上报")
    town.hears("张队长", "#1 水浸", "2 户上报")
    town.hears("十三队群", "#2 和 #1 是同一件事，一起处理，办好了告诉您。")
    town.silent()
    assert await town.state(2) == "merged"
    assert Event.HEARD in await events(town, 1)
    assert Event.MERGED in await events(town, 2)


async def test_a_reporter_says_no_and_is_never_asked_again(town: Town) -> None:
    await two_reports(town)
    await town.presses("赵叔", "不是", chat="十三队群")
    town.hears("张队长", "#2 水浸", "赵叔 说和 #1 不是同一件事")
    assert "是同一件事吗" not in card(town, "十三队群", 2)
    assert "可能是同一件事" not in card(town, "张队长", 1)
    await town.says("钱婶", "上报 一楼进水了", chat="十四队群")
    await town.says("吴奶奶", "上报 水进屋了", chat="十四队群")
    assert await town.state(2) == "reported", "what its reporter calls another thing is gathered with nothing"
    assert await town.state(1) == "merged"


async def test_unanswered_for_ten_minutes_it_stands_alone(town: Town) -> None:
    await two_reports(town)
    town.hush()
    await town.later(minutes=9)
    town.silent()
    await town.later(minutes=1)
    town.hears("张队长", "#2 水浸")
    assert "是同一件事吗" not in card(town, "十三队群", 2)
    assert "过时" in await town.presses_data("赵叔", "same:2", "十三队群")
    assert await town.state(2) == "reported"


async def test_three_make_a_case_of_the_grid_they_share(town: Town) -> None:
    await flood_of_three(town)
    town.hears(
        "三网格群", "#4 水浸 · 三网格 一片", "3 户上报", "十三队 2 · 十四队 1", "还没有人接单：3 条", "等 三网格"
    )
    assert town.buttons("三网格群") == ["接单", "派单", "上报上级", "更正"]
    town.hears("王主任", "#4 水浸", "3 户上报")
    town.hears("张队长", "#4 水浸", "3 户上报")
    town.hears("十四队群", "#3 水浸", "和 #4 是同一件事，已有 3 户上报")
    assert "并入 #4" in card(town, "十三队群", 1)
    assert "并入 #4" in card(town, "十三队群", 2)
    for number in (1, 2, 3):
        assert await town.state(number) == "merged"
        assert Event.FOLLOWED in await events(town, number)
    assert (await events(town, 4)).count(Event.HEARD) == 3


async def test_one_more_is_answered_at_once_and_posts_nothing_above(town: Town) -> None:
    await flood_of_three(town)
    town.hush()
    await town.says("吴奶奶", "上报 家里进水了", chat="十四队群")
    town.hears("十四队群", "#5 水浸", "和 #4 是同一件事，已有 4 户上报")
    town.silent()
    await town.later(minutes=5)
    town.hears("三网格群", "#4 水浸", "4 户上报")
    town.hears("王主任", "4 户上报")
    town.hears("张队长", "4 户上报")
    town.silent()
    assert len(town.channel.chats["三网格群"]) == 1


async def test_what_worsens_is_shown_within_a_minute_and_danger_is_said_aloud(town: Town) -> None:
    await flood_of_three(town)
    town.hush()
    await town.says("吴奶奶", "上报 水到腰了，老人被困在一楼", chat="十四队群")
    town.hears("十四队群", "#5 水浸", "有人有危险")
    await town.later(minutes=1)
    town.hears("三网格群", "#4 水浸", "最重：水到腰", "有人遇险 1 处", "#5 “水到腰了，老人被困在一楼”")
    town.hears("三网格群", "#4 有人遇险 1 处，请看卡片。")
    town.hears("王主任", "#4 有人遇险 1 处")


async def test_the_same_household_counts_once(town: Town) -> None:
    await flood_of_three(town)
    async with town.store.transaction():
        for name in ("李阿姨", "赵叔"):
            (person,) = await town.store.db.all("SELECT id FROM people WHERE name = ?", name)
            await town.store.people.settle(person["id"], "S13", "301")
    await town.says("钱婶", "上报 楼道也进水了", chat="十三队群")
    assert "已有 2 户上报" in card(town, "十三队群", 5)
    await town.later(minutes=5)
    assert "2 户上报（4 条）" in card(town, "三网格群", 4)


async def test_all_are_asked_at_the_end_and_each_answers_for_themselves(town: Town) -> None:
    await flood_of_three(town)
    await town.presses("王主任", "接单", chat="三网格群")
    town.hears("十四队群", "#3 和 #4 是同一件事。#4 王主任 已接单")
    await town.says("王主任", "办结 4 水已抽干", chat="三网格群")
    town.hush("三网格群", "王主任", "张队长")
    town.hears("十三队群", "#1、#2 已随 #4 办结：水已抽干", "李阿姨、赵叔，您满意吗？")
    town.hears("十四队群", "#3 已随 #4 办结：水已抽干", "钱婶，您满意吗？")
    assert "上报人自己" in await town.presses("路人", "满意", chat="十三队群")
    await town.presses("李阿姨", "满意", chat="十三队群")
    town.hears("十三队群", "李阿姨：满意", "赵叔，您满意吗？")
    over = next(m for m in town.channel.chats["十三队群"] if m.text.startswith("#1 水浸"))
    assert "和 #4 是同一件事：办结待回访" in over.text
    assert "一起处理" not in over.text
    assert not over.buttons, "what has its answer is no other thing any more"
    await town.presses("赵叔", "未解决", chat="十三队群")
    town.hears("三网格群", "#2 水浸", "赵叔 说没解决，退回重办")
    town.hears("十三队群", "#2 已退回重办")
    assert await town.state(2) == "reopened"
    assert await town.state(4) == "resolved"
    await town.presses("钱婶", "不满意", chat="十四队群")
    town.hears("十四队群", "#3 结案：不满意")
    assert await town.state(4) == "closed", "all have answered"
    assert "上报人都回话了，结案" in card(town, "三网格群", 4)


async def test_who_reported_a_part_of_it_finds_it_among_their_own(town: Town) -> None:
    await flood_of_three(town)
    town.hush()
    await town.says("李阿姨", "查询")
    town.hears("李阿姨", "#1 水浸 东门地下车库进水了 · 等人接单")
    await town.presses("王主任", "接单", chat="三网格群")
    await town.says("李阿姨", "查询")
    town.hears("李阿姨", "#1 水浸 东门地下车库进水了 · 王主任")
    await town.says("王主任", "办结 4 水已抽干", chat="三网格群")
    await town.says("李阿姨", "查询")
    town.hears("李阿姨", "您这里没有没办完的事")


async def test_silence_closes_it_for_those_who_were_asked_in_vain(town: Town) -> None:
    await flood_of_three(town)
    await town.says("王主任", "办结 4 水已抽干", chat="三网格群")
    await town.presses("钱婶", "满意", chat="十四队群")
    town.hush()
    await town.later(days=3)
    town.hears("十三队群", "#4 没收到您的回话，先结案")
    assert not [m.text for m in town.channel.chats["十四队群"] if "没收到" in m.text]
    assert await town.state(4) == "closed"


async def test_a_leader_takes_one_out_again_and_its_clock_starts(town: Town) -> None:
    await flood_of_three(town)
    town.hush()
    await town.later(minutes=5)
    assert "这一步" in await town.presses_data("路人", "split:1", "十三队群")
    await town.presses_data("张队长", "split:1", "十三队群")
    town.hears("十三队群", "#1 水浸", "12:20 前没人接", "张队长 说不是同一件事，从 #4 拆出")
    town.hears("三网格群", "#4 水浸", "2 户上报", "#1 拆出去了")
    assert await town.state(1) == "reported"
    await town.says("钱婶", "拆案 3", chat="十四队群")
    assert await town.state(3) == "reported"
    await town.says("张队长", "拆案 2", chat="十三队群")
    assert await town.state(4) == "cancelled", "nobody reports it any more"
    town.hears("三网格群", "没有人再报这件事，撤销")


async def test_a_reporter_takes_back_their_part_and_the_rest_goes_on(town: Town) -> None:
    await flood_of_three(town)
    await town.says("钱婶", "撤销 3 水退了", chat="十四队群")
    assert await town.state(3) == "cancelled"
    assert await town.state(4) == "reported"
    assert "2 户上报" in card(town, "三网格群", 4)
    assert "不能撤销" not in card(town, "十四队群", 3)


async def test_it_climbs_as_one(town: Town) -> None:
    await flood_of_three(town)
    town.hush()
    await town.later(minutes=15)
    town.hears("村委群", "#4 水浸", "3 户上报", "超时，上报到 侯官村")
    town.hears("十四队群", "#3 和 #4 是同一件事。#4 超时，已上报到 侯官村。")
    assert len(town.channel.chats["村委群"]) == 1


async def test_whoever_has_it_in_hand_has_what_their_neighbours_report_too(town: Town) -> None:
    await town.says("李阿姨", "上报 东门地下车库进水了", chat="十三队群")
    await town.presses("张队长", "接单", chat="十三队群")
    await town.says("赵叔", "上报 楼下全是水", chat="十三队群")
    await town.says("吴奶奶", "上报 一楼进水了", chat="十三队群")
    assert await town.state(4) == "acknowledged"
    assert "张队长 已接单" in card(town, "十三队群", 4)


async def test_what_somebody_below_has_in_hand_is_not_made_the_whole(town: Town) -> None:
    await town.person("周队长", (Role.LEADER, "S14"))
    await town.says("李阿姨", "上报 东门地下车库进水了", chat="十三队群")
    await town.presses("张队长", "接单", chat="十三队群")
    for who in ("钱婶", "吴奶奶", "郑伯"):
        await town.says(who, "上报 家里进水了", chat="十四队群")
    assert await town.state(1) == "acknowledged"
    assert "3 户上报" in card(town, "十四队群", 5)
    assert "等 十四队（周队长）接单" in card(town, "十四队群", 5)


async def test_what_has_been_taken_below_does_not_grow_over_the_head_of_who_has_it(town: Town) -> None:
    await town.grid("A2", "二片", "片", "G3")
    await town.grid("S21", "二十一队", "小队", "A2", group="二十一队群")
    await flood_of_three(town)
    await town.says("王主任", "派单 4 张队长")
    for who in ("郑伯", "冯姨", "何叔"):
        await town.says(who, "上报 家里进水了", chat="二十一队群")
    assert "3 户上报" in card(town, "三网格群", 8), "those further off are a flood of their own"
    assert "等 三网格（王主任）接单" in card(town, "三网格群", 8)
    assert await town.state(4) == "acknowledged"


async def test_a_flood_that_spreads_is_a_matter_of_the_wider_grid(town: Town) -> None:
    await town.person("周队长", (Role.LEADER, "S14"))
    for who in ("钱婶", "吴奶奶", "郑伯"):
        await town.says(who, "上报 家里进水了", chat="十四队群")
    town.hears("周队长", "#4 水浸 · 一片 十四队", "3 户上报")
    await town.says("李阿姨", "上报 楼下全是水", chat="十三队群")
    town.hears("三网格群", "#4 水浸 · 三网格 一片", "4 户上报", "十四队 3 · 十三队 1", "范围扩大，交给 三网格")
    town.hears("张队长", "#4 水浸", "4 户上报")


async def test_what_is_added_to_a_part_counts_for_the_whole(town: Town) -> None:
    await flood_of_three(town)
    await town.says("钱婶", "水到腰了，快淹了", chat="十四队群")
    town.hush()
    await town.later(minutes=1)
    town.hears("三网格群", "#4 水浸", "3 户上报", "最重：水到腰")


async def test_quarrels_and_lost_children_are_never_one_by_themselves(town: Town) -> None:
    for _again in range(3):
        await town.says("李阿姨", "上报 孩子走失了，穿红衣服", chat="十三队群")
        await town.says("李阿姨", "上报 邻居为宅基地吵起来了")
    for number in range(1, 7):
        assert await town.state(number) == "reported"


async def test_two_of_one_squad_above_hear_of_one_message(town: Town) -> None:
    """Squad 14 has no leader: its reports go to the grid at once, and there too one flood is one message."""
    for who in ("钱婶", "吴奶奶", "郑伯"):
        await town.says(who, "上报 家里进水了", chat="十四队群")
    (heard,) = town.channel.chats["三网格群"]
    assert heard.text.startswith("#4 水浸")
    assert "3 户上报" in heard.text
    town.restart()
    await town.says("孙叔", "上报 水进来了", chat="十四队群")
    await town.later(minutes=5)
    (heard,) = town.channel.chats["三网格群"]
    assert "4 户上报" in heard.text
