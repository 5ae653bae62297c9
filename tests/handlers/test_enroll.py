"""How people and groups come in: by invitation, by a squad's poster, and by nothing else."""

import re

from domain.people import Role
from tests.town import Town


async def invitation(town: Town, by: str, role: str, grid: str) -> str:
    await town.says(by, f"邀请 {role} {grid}")
    said = town.hears(by, "加入 ")
    found = re.search(r"加入 (\w+)", said.text)
    assert found
    return found[1]


async def test_an_invited_leader_answers_for_the_squad(town: Town) -> None:
    code = await invitation(town, "王主任", "队长", "十四队")
    await town.says("老周", f"/start {code.lower()}")
    town.hears("老周", "老周，您好！您现在是十四队的网格长/队长")
    town.silent()
    await town.says("赵叔", "上报 停电了", chat="十四队群")
    town.hears("老周", "#1 报修")
    town.hush()
    assert await town.presses("老周", "接单") == ""


async def test_an_invitation_is_used_once_and_lives_seven_days(town: Town) -> None:
    code = await invitation(town, "王主任", "副手", "S14")
    await town.says("老周", f"加入 {code}")
    await town.says("老郑", f"加入 {code}")
    town.hears("老郑", "用过了")
    late = await invitation(town, "王主任", "副手", "S14")
    await town.later(days=7)
    await town.says("老郑", f"加入 {late}")
    town.hears("老郑", "过期了")
    await town.says("老郑", "加入 ABCDEFGH")
    town.hears("老郑", "邀请码不对")


async def test_what_nobody_sees_in_a_copied_code_does_no_harm(town: Town) -> None:
    code = await invitation(town, "王主任", "队长", "S14")
    await town.says("老周", f"加入 \u200b{code}\u2069\n")
    town.hears("老周", "您现在是十四队的网格长/队长")
    await town.says("老周", "查询 \u202e21")
    town.hears("老周", "没有 21 这个编号")


async def test_nobody_comes_into_a_grid_that_is_closed(town: Town) -> None:
    code = await invitation(town, "王主任", "队长", "S14")
    async with town.store.transaction():
        await town.store.enrolment.hang_poster("S14", "POSTER")
    await town.says("王主任", "撤网格 S14")
    await town.says("老周", f"加入 {code}")
    town.hears("老周", "这个邀请码的网格已经撤了")
    await town.happens("Knocked", "老郑", who="老郑", poster="POSTER", door="江滨里1号")
    town.hears("老郑", "这个二维码失效了")


async def test_nobody_invites_beyond_their_own_grid(town: Town) -> None:
    await town.says("张队长", "邀请 队长 十四队")
    town.hears("张队长", "要由管这一片的")
    await town.says("王主任", "邀请 干部 三网格")
    town.hears("王主任", "要由管这一片的")
    await town.says("李阿姨", "邀请 居民 十三队")
    town.hears("李阿姨", "要由管这一片的")
    await town.says("王主任", "邀请 皇帝 三网格")
    town.hears("王主任", "角色有：干部、队长、副手、居民")
    await town.says("王主任", "邀请 队长")
    town.hears("王主任", "请在后面写上网格的编号或名称，例如：350121107201")
    await town.says("王主任", "邀请 队长 月亮")
    town.hears("王主任", "没有叫 月亮 的网格")
    await town.says("王主任", "邀请 队长 十四队", chat="三网格群")
    town.hears("三网格群", "邀请码不能在群里给")
    town.silent()


async def test_an_invitation_gives_no_place_that_its_giver_could_not_give(town: Town) -> None:
    async with town.store.transaction():
        person = await town.store.people.add("林主任")
        await town.store.people.appoint(person, Role.LEADER, "S14")
        await town.store.people.appoint(person, Role.OFFICER, "V")
    code = await invitation(town, "王主任", "队长", "S14")
    await town.says("老周", f"加入 {code}")
    town.hears("老周", "老周，您好！您现在是十四队的网格长/队长")
    await town.says("老周", "邀请 干部 三网格")
    town.hears("老周", "要由管这一片的")


async def test_an_invitation_finds_the_person_of_the_register(town: Town) -> None:
    async with town.store.transaction():
        person = await town.store.people.add("周建国")
        await town.store.people.appoint(person, Role.LEADER, "S14")
    code = await invitation(town, "王主任", "队长", "十四队")
    await town.says("微信名", f"加入 {code}")
    town.hears("微信名", "周建国，您好")


async def test_a_group_is_inert_until_somebody_with_authority_binds_it(town: Town) -> None:
    await town.happens("Arrived", "新群")
    town.hears("新群", "请网格长或干部在群里发：绑定")
    await town.says("李阿姨", "绑定 S14", chat="新群")
    town.hears("新群", "要由管这一片的")
    await town.says("王主任", "绑定 S14", chat="新群")
    town.hears("新群", "本群现在是 十四队 的群")
    await town.says("赵叔", "上报 停电了", chat="新群")
    town.hears("新群", "#1 报修 · 一片 十四队")


async def test_whoever_comes_to_answer_for_a_grid_sees_what_waits_there(town: Town) -> None:
    await town.says("李阿姨", "上报 停电了", chat="十三队群")
    await town.says("李阿姨", "上报 电梯坏了", chat="十三队群")
    await town.presses_data("张队长", "acknowledge:2", "十三队群")
    await town.says("李阿姨", "纠纷：隔壁占了我家宅基地", chat="十三队群")
    code = await invitation(town, "张队长", "副手", "十三队")
    town.hush()
    await town.says("老周", f"加入 {code}")
    town.hears("老周", "您现在是十三队的副手")
    town.hears("老周", "#1 报修", "停电了", "等 十三队")
    town.hears("老周", "#3 纠纷")
    town.silent()
    assert await town.presses_data("老周", "acknowledge:1") == ""


async def test_a_resident_who_joins_is_told_of_nobodys_cases(town: Town) -> None:
    await town.says("李阿姨", "上报 停电了", chat="十三队群")
    code = await invitation(town, "张队长", "居民", "十三队")
    town.hush()
    await town.says("老周", f"加入 {code}")
    town.hears("老周", "您现在是十三队的居民")
    town.silent()


async def test_a_group_that_is_bound_hears_in_one_message_what_waits(town: Town) -> None:
    for n in range(1, 5):
        await town.says("李阿姨", f"上报 {n} 号楼电梯坏了", chat="十三队群")
    await town.says("李阿姨", "纠纷：隔壁占了我家宅基地")
    town.hush()
    await town.says("张队长", "绑定 S13", chat="骨干群")
    town.hears("骨干群", "本群现在是 十三队 的群")
    waiting = town.hears("骨干群", "十三队 有 4 件事等人接单：", "#1 报修 1 号楼电梯坏了", "#4 报修")
    assert "纠纷" not in waiting.text
    town.silent()
    await town.presses("张队长", "接单 #2", chat="骨干群")
    town.hears("骨干群", "#2 报修", "张队长 已接单")
    town.hush()
    await town.says("张队长", "绑定 S13", chat="十三队群")
    town.hears("十三队群", "本群现在是 十三队 的群")
    town.silent()


async def test_a_bound_group_is_not_taken_over_by_another_grid(town: Town) -> None:
    await town.person("老周", (Role.LEADER, "S14"))
    await town.says("老周", "绑定 S14", chat="十三队群")
    town.hears("十三队群", "要由管这一片的")
    await town.says("老周", "绑定 S14")
    town.hears("老周", "要在群里发")


async def test_who_scans_the_poster_is_let_in_by_one_tap(town: Town) -> None:
    async with town.store.transaction():
        poster = await town.store.enrolment.hang_poster("S13", "POSTER")
    await town.happens("Knocked", "新邻居", who="新邻居", poster=poster, door="3号楼201")
    town.hears("新邻居", "十三队 的队长看到后会请您进来")
    town.hears("张队长", "新邻居（3号楼201）想加入 十三队")
    town.silent()
    assert "管这一片" in await town.presses_data("李阿姨", "let_in:1")
    await town.presses("张队长", "认识，请进")
    town.hears("新邻居", "张队长 请您进来了")
    town.hears("张队长", "已加入")
    assert "已经有人回答过了" in await town.presses_data("张队长", "turn_away:1")
    town.silent()


async def test_a_stranger_is_turned_away(town: Town) -> None:
    async with town.store.transaction():
        poster = await town.store.enrolment.hang_poster("S13", "POSTER")
    await town.happens("Knocked", "陌生人", who="陌生人", poster=poster, door="不知道")
    await town.presses("张队长", "不认识")
    town.hears("陌生人", "队长没有认出您")
    await town.happens("Knocked", "陌生人", who="陌生人", poster="OLD", door="1")
    town.hears("陌生人", "这个二维码失效了")
