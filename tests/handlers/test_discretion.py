"""What is private stays so, whichever way it goes."""

from domain.people import Role
from handlers.discretion import for_all
from tests.handlers.quarrel import later, the_groups_know_nothing
from tests.town import Town


async def test_a_quarrel_that_climbs_by_time_says_nothing_on_its_way(town: Town) -> None:
    await town.says("李阿姨", "上报 隔壁砌墙占了我家宅基地", chat="十三队群")
    await later(town, days=3)
    town.hears("王主任", "#1 纠纷", "宅基地")
    town.hears("陈书记", "#1 纠纷")
    await town.says("李阿姨", "查询", chat="十三队群")
    town.hears("十三队群", "有的事不在群里说")
    await town.says("王主任", "撤网格 S13")
    the_groups_know_nothing(town)


async def test_a_private_case_is_not_made_public_once_people_have_talked(quarrel: Town) -> None:
    assert "不能改成公开的事" in await quarrel.presses_data("李阿姨", "fix:1:kind:repair")
    assert "不能改成公开的事" in await quarrel.presses_data("张队长", "fix:1:kind:repair")
    the_groups_know_nothing(quarrel)


async def test_a_quarrel_is_not_merged_with_what_everybody_sees(quarrel: Town) -> None:
    town = quarrel
    await town.says("李阿姨", "上报 路灯坏了")
    for words in ("并案 1 2", "并案 2 1"):
        await town.says("张队长", words)
        town.hears("张队长", "不能和公开的事并在一起")


async def test_a_list_for_others_has_no_word_and_no_name(quarrel: Town) -> None:
    town = quarrel
    await town.says("李阿姨", "上报 路灯坏了")
    async with town.store.transaction():
        cases = [case for number in (1, 2) if (case := await town.store.cases.get(number))]
    private, public = for_all(town.settings.kinds, cases)
    assert (private.text, private.reporter, private.responder, private.attachments) == ("", None, None, ())
    assert (private.number, private.kind, private.grid) == ("#1", "dispute", "S13")
    assert public == cases[1]


async def test_a_leader_who_can_only_be_told_in_the_group_is_passed_over(town: Town) -> None:
    await town.grid("S15", "十五队", "小队", "A1", group="十五队群")
    await town.person("老吴", (Role.LEADER, "S15"), private=False)
    await town.says("赵叔", "上报 隔壁砌墙占了我家宅基地", chat="十五队群")
    town.hears("王主任", "#1 纠纷", "宅基地", "等 三网格")
    town.hears("十五队群", "收到了，会有人私下找您")
    town.silent()


async def test_a_mediator_without_a_private_chat_is_not_reminded_in_the_group(quarrel: Town) -> None:
    town = quarrel
    await town.says("张队长", "派单 1 小林")
    await later(town, days=9)
    the_groups_know_nothing(town)


async def test_a_press_that_was_forged_in_a_group_says_nothing_there(quarrel: Town) -> None:
    town = quarrel
    verbs = (
        "acknowledge:1", "assign:1", "assign_to:1:3", "escalate:1", "resolve:1", "resolve_now:1", "correct:1",
        "rate:1:unsolved", "cancel:1", "note:1", "visit:1", "other:1", "helper:1", "join:1", "know:1:0:unknown",
    )  # fmt: skip
    for verb in verbs:
        await town.presses_data("张队长", verb, chat="十三队群")
        await town.presses_data("李阿姨", verb, chat="十三队群")
    await town.says("李阿姨", "", chat="十三队群", location=[26.06, 119.3])
    await town.says("赵大山", "他家才占地", chat="十三队群", reply_to="u1")
    the_groups_know_nothing(town)
