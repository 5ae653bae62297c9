"""What people report, well said or badly, and who hears of it."""

import pytest

from domain.people import Role
from tests.town import Town


async def test_a_report_in_private_goes_to_the_reporters_own_squad(town: Town) -> None:
    await town.says("李阿姨", "上报楼道灯坏了")
    town.hears("李阿姨", "#1 报修", "楼道灯坏了", "等 十三队（张队长、小林）接单；13:00 前没人接，就上报 三网格")
    assert town.buttons("李阿姨") == ["更正", "撤销上报"]
    town.hears("十三队群", "#1 报修")
    assert town.buttons("十三队群") == ["接单", "派单", "上报上级", "更正"]
    town.hears("张队长", "#1 报修")
    town.silent()


async def test_an_empty_report_is_asked_for_and_the_next_words_are_it(town: Town) -> None:
    await town.says("李阿姨", "上报", chat="十三队群")
    town.hears("十三队群", "请说哪里、出了什么事")
    await town.says("张队长", "大家吃了吗", chat="十三队群")
    town.silent()
    await town.says("李阿姨", "南门井盖没了", chat="十三队群")
    town.hears("十三队群", "#1 报修", "南门井盖没了")


@pytest.mark.parametrize("nothing", ["上报 🔥🔥🔥", "上报 \u202e\u200b", "上报 ，。", "/report", "上报   \n"])
async def test_a_report_without_words_is_asked_for(town: Town, nothing: str) -> None:
    await town.says("李阿姨", nothing, chat="十三队群")
    town.hears("十三队群", "请说哪里、出了什么事")
    town.silent()


async def test_markup_and_hidden_characters_are_shown_as_what_they_are(town: Town) -> None:
    await town.says("李阿姨", "上报 <b>停水</b>了 *真的* \u202eabc\u2066", chat="十三队群")
    card = town.hears("十三队群", "<b>停水</b>了 *真的* abc")
    assert "\u202e" not in card.text


async def test_ten_thousand_characters_are_kept_and_a_card_shows_their_beginning(town: Town) -> None:
    await town.says("李阿姨", "上报 漏水" + "很" * 10_000, chat="十三队群")
    card = town.hears("十三队群", "#1 报修")
    assert len(card.text) < 600
    async with town.store.transaction():
        case = await town.store.cases.get(1)
    assert case
    assert len(case.text) == 10_000


async def test_talk_among_neighbours_is_not_the_bots(town: Town) -> None:
    await town.says("李阿姨", "今天的菜真新鲜", chat="十三队群")
    town.silent()
    async with town.store.transaction():
        row = await town.store.db.one("SELECT payload, state FROM inbox")
    assert row
    assert (row["payload"], row["state"]) == ("", "done")


async def test_a_group_that_is_not_bound_says_what_to_do(town: Town) -> None:
    await town.says("李阿姨", "上报 着火了", chat="麻将群")
    town.hears("麻将群", "本群还没有绑定网格", "119")
    town.silent()


async def test_somebody_unknown_is_told_how_to_join(town: Town) -> None:
    await town.says("过路人", "上报 着火了")
    town.hears("过路人", "我还不知道您住哪个小队", "119")
    town.silent()


async def test_somebody_unknown_may_report_in_a_squads_group(town: Town) -> None:
    await town.says("过路人", "上报 路边电线断了", chat="十三队群")
    town.hears("十三队群", "#1", "过路人 上报")


async def test_an_anonymous_admin_may_report_and_has_no_authority(town: Town) -> None:
    await town.says(None, "上报 水管爆了漏水", chat="十三队群")
    town.hears("十三队群", "#1 报修", "有人 上报")
    town.hush()
    await town.says(None, "接单 1", chat="十三队群")
    town.hears("十三队群", "匿名身份")
    await town.says(None, "上报", chat="十三队群")
    town.hears("十三队群", "请在一句话里写清楚")
    town.silent()


async def test_a_quarrel_is_nobodys_business_in_the_group(town: Town) -> None:
    await town.says("李阿姨", "上报 隔壁为了宅基地和我吵架", chat="十三队群")
    said = town.hears("十三队群", "收到了，会有人私下找您")
    assert "#1" not in said.text
    town.hears("张队长", "#1 纠纷", "宅基地")
    town.hears("李阿姨", "#1 纠纷", "宅基地", "对方看不到")
    town.silent()
    await town.says("李阿姨", "查询 1", chat="十三队群")
    town.hears("十三队群", "这件事不在群里说")
    await town.presses("张队长", "接单")
    town.hears("张队长", "张队长 已接单")
    town.hears("李阿姨", "#1 纠纷", "张队长 已接单")
    town.hears("李阿姨", "#1 张队长 已接单")
    town.silent()


async def test_a_suggestion_pages_nobody(town: Town) -> None:
    await town.says("李阿姨", "上报 建议村口装个路灯", chat="十三队群")
    town.hears("十三队群", "#1 建议", "放进了 侯官村 的红色信箱，8月1日前答复")
    town.silent()


async def test_a_squad_without_anybody_is_skipped(town: Town) -> None:
    await town.says("赵叔", "上报 停电了", chat="十四队群")
    town.hears("十四队群", "等 三网格（王主任）接单")
    town.hears("三网格群", "#1 报修 · 一片 十四队")
    town.hears("王主任", "#1")
    town.silent()


async def test_where_nobody_answers_at_all_the_owner_is_told(empty_town: Town) -> None:
    town = empty_town
    await town.grid("V", "空村", "村")
    await town.grid("S", "空队", "小队", "V", group="空队群")
    await town.person("管理员")
    await town.says("李阿姨", "上报 停电了", chat="空队群")
    town.hears("空队群", "空队 还没有能接单的人，已告诉机器人管理员")
    town.hears("管理员", "#1 报修")
    town.silent()
    await town.later(hours=1)
    town.hears("管理员", "超时，催办")
    town.hears("空队群", "超时，催办")
    town.hears("管理员", "#1 还没有人接单")
    town.silent()


async def test_a_leader_who_never_wrote_to_the_bot_hears_in_the_group(town: Town) -> None:
    await town.grid("S15", "十五队", "小队", "A1", group="十五队群")
    await town.person("老吴", (Role.LEADER, "S15"), private=False)
    await town.says("赵叔", "上报 停电了", chat="十五队群")
    town.hears("十五队群", "等 十五队（老吴）接单")
    assert await town.presses("老吴", "接单", chat="十五队群") == ""
    town.hears("十五队群", "老吴 已接单")


async def test_a_refusal_takes_nothing_from_those_who_spoke_in_the_same_moment(town: Town) -> None:
    await town.says("李阿姨", "上报 停电了", chat="十三队群")
    town.hush()
    async with town.at_once():
        await town.says("赵叔", "上报 东门进水了", chat="十四队群")
        await town.presses("李阿姨", "接单", chat="十三队群")
        await town.says("吴奶奶", "上报 路灯坏了", chat="十四队群")
    town.hears("十四队群", "#2 水浸")
    town.hears("十四队群", "#3 报修")


async def test_nothing_of_a_quarrel_comes_into_a_group_by_any_way(town: Town) -> None:
    await town.says("李阿姨", "上报 隔壁为了宅基地和我吵架", chat="十三队群")
    town.hush()
    for words in ("接单 1", "派单 1 小林", "上报上级 1", "办结 1 说和了", "查询 1"):
        await town.says("张队长", words, chat="十三队群")
        town.hears("十三队群", "这件事不在群里说，请私下对我发同样的话")
    await town.says("李阿姨", "撤销 1 不吵了", chat="十三队群")
    town.hears("十三队群", "这件事不在群里说")
    for who in ("李阿姨", "张队长"):
        await town.says(who, "查询", chat="十三队群")
        town.hears("十三队群", "有的事不在群里说，请私下对我发：查询")
    await town.says("张队长", "派单 1 小林")
    town.hush()
    await town.later(days=8)
    assert not [m.text for m in town.channel.chats["十三队群"] if "宅基地" in m.text]


async def test_how_a_quarrel_ended_is_told_in_private(town: Town) -> None:
    await town.says("李阿姨", "上报 隔壁为了宅基地和我吵架", chat="十三队群")
    await town.says("张队长", "接单 1")
    town.hush()
    await town.says("张队长", "办结 1 各让一尺")
    town.hears("李阿姨", "#1 已办结：各让一尺", "李阿姨，您满意吗")
    town.hears("李阿姨", "#1 纠纷", "各让一尺")
    town.hears("张队长", "各让一尺")
    town.silent()
    await town.presses("李阿姨", "满意")
    town.hears("李阿姨", "#1 结案：满意")


async def test_a_reporter_without_a_private_chat_hears_of_a_quarrel_from_a_person(town: Town) -> None:
    await town.person("吴奶奶", (Role.RESIDENT, "S13"), private=False)
    await town.says("吴奶奶", "上报 隔壁为了宅基地和我吵架", chat="十三队群")
    town.hears("十三队群", "收到了，会有人私下找您")
    await town.says("张队长", "接单 1")
    town.hears("张队长", "一方：吴奶奶（收不到私信，请当面说）")
    await town.says("张队长", "办结 1 各让一尺")
    await town.later(days=3)
    town.hush("张队长")
    town.silent()
