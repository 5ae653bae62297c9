"""A group's own robot says what is told to everybody, keeps to its pace and its sizes, and never tells its address."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.channels import Doubt, Later, Never, Unreachable
from bot.channels.robot import MARKDOWN_BYTES, SAID, TEXT_BYTES, RobotChannel, messages
from bot.logs import configure, hide
from bot.serve import dismiss_robots
from domain.chat import Answer, ChatId, Promise, Send, Withdraw
from domain.people import Role
from tests.fresh import new_store
from tests.handlers.asked import asking, seconds
from tests.handlers.conftest import build
from tests.standin.robot import Robots, running
from tests.town import Town

KEY = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
GROUP = ChatId("robot", "S15")
RED = "预警 红 三网格 水库 18 点泄洪，低洼处马上上楼"


@pytest.fixture
async def robots() -> AsyncIterator[Robots]:
    async with running(KEY) as service:
        yield service


@pytest.fixture
async def channel(robots: Robots) -> AsyncIterator[RobotChannel]:
    store = await new_store()
    channel = RobotChannel(store, {"S15": robots.url(KEY)})
    yield channel
    await channel.close()
    await store.close()


def told(text: str, promise: Promise = Promise.CORRECTION, **more: object) -> Send:
    return Send(GROUP, text, promise=promise, card="alert:1", **more)  # type: ignore[arg-type]


# -- what is said ----------------------------------------------------------------------------------------------------


async def test_it_says_what_is_told_to_everybody_and_nothing_else(channel: RobotChannel, robots: Robots) -> None:
    assert await channel.deliver(told("【黄色预警】三网格\n上楼"), None) == SAID
    assert await channel.deliver(told("改了"), SAID) == SAID, "what was said cannot be changed"
    for promise in (Promise.REPLY, Promise.DIGEST):
        assert await channel.deliver(told("还没有人回", promise), None) is None
    assert await channel.deliver(Answer(GROUP, "p1", "好"), None) is None
    with pytest.raises(Never):
        await channel.deliver(Withdraw(GROUP, "alert:1"), SAID)
    assert robots.heard[KEY] == ["**【黄色预警】三网格**\n上楼"]


async def test_nobody_but_the_bot_calls_everybody(channel: RobotChannel, robots: Robots) -> None:
    await channel.deliver(told("通知\n<@all> 快看 [链接](http://x)\n# 大字 **粗**"), None)
    (said,) = robots.heard[KEY]
    assert said == "**通知**\n＜@all＞ 快看 ［链接］(http://x)\n＃ 大字 ＊＊粗＊＊"
    assert robots.rings[KEY] == 0
    await channel.deliver(told("【红色预警】马上上楼", Promise.LIFE, everyone=True), None)
    assert robots.rings[KEY] == 1


@pytest.mark.parametrize(("everyone", "limit"), [(False, MARKDOWN_BYTES), (True, TEXT_BYTES)])
@pytest.mark.parametrize("text", ["水" * 5_000, "😀" * 3_000, "水\n" * 3_000, "a" * 4_096])
async def test_a_long_text_comes_whole_in_parts_that_the_service_takes(
    channel: RobotChannel, robots: Robots, text: str, everyone: bool, limit: int
) -> None:
    await channel.deliver(told(text, Promise.LIFE, everyone=everyone), None)
    assert all(len(part.encode()) <= limit for part in robots.heard[KEY])
    said = "".join(robots.heard[KEY]).replace("*", "")
    assert said.replace("\n", "") == text.replace("\n", "")
    assert robots.rings[KEY] == everyone
    assert not robots.refused


def test_only_the_first_part_calls_everybody() -> None:
    parts = messages(told("水" * 2_000, Promise.LIFE, everyone=True))
    assert ["mentioned_list" in part["text"] for part in parts] == [True, False, False]


# -- what the service answers ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "error", "said"),
    [("busy", Later, 0), ("gateway", Doubt, 0), ("nonsense", Doubt, 0), ("lost", Doubt, 1)],
)
async def test_what_surely_was_not_said_is_told_from_what_may_have_been(
    channel: RobotChannel, robots: Robots, fault: str, error: type[Exception], said: int
) -> None:
    robots.faults.append(fault)
    with pytest.raises(error) as raised:
        await channel.deliver(told("上楼"), None)
    assert KEY not in str(raised.value)
    assert len(robots.heard[KEY]) == said
    if isinstance(raised.value, Later):
        assert raised.value.after == 60
        assert not raised.value.everyone, "the other robots may speak"


async def test_a_part_that_follows_and_is_not_taken_leaves_a_doubt(channel: RobotChannel, robots: Robots) -> None:
    robots.faults.extend(["", "busy"])
    with pytest.raises(Doubt, match="a part of it was said: errcode 45009"):
        await channel.deliver(told("水" * 2_000), None)


async def test_a_robot_that_was_taken_away_is_nobody_to_talk_to(channel: RobotChannel, robots: Robots) -> None:
    robots.keys.clear()
    with pytest.raises(Unreachable, match="errcode 93000"):
        await channel.deliver(told("上楼"), None)
    with pytest.raises(Unreachable, match="no robot in the config"):
        await channel.deliver(Send(ChatId("robot", "S99"), "上楼", promise=Promise.LIFE), None)


async def test_a_service_that_is_not_there_is_tried_again() -> None:
    store = await new_store()
    channel = RobotChannel(store, {"S15": f"http://127.0.0.1:1/send?key={KEY}"})
    with pytest.raises(Later) as raised:
        await channel.deliver(told("上楼"), None)
    assert KEY not in str(raised.value)
    await channel.close()
    await store.close()


# -- in the village --------------------------------------------------------------------------------------------------


@pytest.fixture
async def village(empty_town: Town, robots: Robots) -> AsyncIterator[Town]:
    """十五队 has no group but one with a robot."""
    town = await build(empty_town)
    robots.now = town.clock.monotonic
    await town.grid("S15", "十五队", "小队", "G3")
    await town.person("孙队长", (Role.LEADER, "S15"))
    channel = RobotChannel(town.store, {"S15": robots.url(KEY), "NONE": robots.url(KEY)})
    await channel.settle()
    town.opens(channel)
    yield town
    await channel.close()


async def test_a_squad_with_a_robot_hears_the_warning_and_its_end(village: Town, robots: Robots) -> None:
    await asking(village, RED)
    (said,) = robots.heard[KEY]
    assert said.startswith("【红色预警】三网格\n")
    assert "收到" not in said, "nobody can answer there"
    assert robots.rings[KEY] == 1
    await village.presses("王主任", "更正")
    await village.says("王主任", "改为 20 点泄洪")
    await village.later(hours=1)
    await village.presses("王主任", "解除")
    amended, again, end = robots.heard[KEY][1:]
    assert "【更正】" in amended
    assert "（仍然有效）" in again
    assert "收到" not in again
    assert "【解除】" in end
    assert robots.rings[KEY] == 1
    await seconds(village, 120)
    assert len(robots.heard[KEY]) == 4


async def test_a_notice_is_said_once_and_its_leader_answers_for_the_squad(village: Town, robots: Robots) -> None:
    await asking(village, "通知 三网格 明天 9 点停水")
    assert robots.heard[KEY] == ["**【通知】三网格**\n明天 9 点停水\n王主任 发布，第 1 号"]
    await village.later(hours=2)
    village.hears("孙队长", "十五队还没回")
    await village.presses("孙队长", "收到")
    await seconds(village, 6)
    village.hears("三网格群", "三网格 1/3 队")
    assert len(robots.heard[KEY]) == 1


async def test_it_hears_of_no_case_no_search_and_no_drill(village: Town, robots: Robots) -> None:
    await village.person("周奶奶", (Role.RESIDENT, "S15"))
    await village.says("周奶奶", "上报 三楼着火了")
    village.hears("孙队长", "#1 消防燃气")
    await village.says("李阿姨", "走失 孩子 6 岁 红衣服", chat="十三队群")
    village.settings = type(village.settings)(drill_grids=frozenset({"G3"}))
    village.restart()
    await asking(village, "演练 橙 三网格 假设水库泄洪，请上楼")
    await village.later(hours=1)
    assert not robots.heard[KEY]


async def test_it_never_speaks_faster_than_it_may(village: Town, robots: Robots) -> None:
    for n in range(30):
        await village.says("王主任", f"通知 十五队 第 {n} 件事")
        await village.presses("王主任", "提交")
        await village.says("王主任", "十五队")
    await village.later(minutes=5)
    assert len(robots.heard[KEY]) == 30
    assert not robots.refused


async def test_a_robot_that_was_taken_away_is_told_of_and_asked_again_after_a_restart(
    village: Town, robots: Robots
) -> None:
    robots.keys.clear()
    await asking(village, "预警 黄 十五队 水库泄洪", place="十五队")
    async with village.store.transaction():
        chat = await village.store.chats.get(GROUP)
    assert chat
    assert (chat.title, chat.unreachable) == ("十五队的群机器人", "errcode 93000")
    await RobotChannel(village.store, {"S15": robots.url(KEY)}).settle()
    async with village.store.transaction():
        chat = await village.store.chats.get(GROUP)
        groups = [one.chat.chat for one in await village.store.areas.groups(["G3"])]
    assert chat
    assert chat.unreachable is None
    assert groups == ["S15", "三网格群", "十三队群", "十四队群"]


async def test_a_robot_that_is_no_more_in_the_config_is_no_grids(village: Town) -> None:
    await dismiss_robots(village.store)
    async with village.store.transaction():
        assert "S15" not in [one.chat.chat for one in await village.store.areas.groups(["G3"])]


async def test_its_address_is_in_no_log_and_in_no_row(
    village: Town, robots: Robots, capsys: pytest.CaptureFixture[str]
) -> None:
    configure()
    hide(KEY)
    robots.faults.extend(["gateway", "lost", "busy"])
    await asking(village, RED)
    village.clock.pass_time(timedelta(minutes=2))
    await village.settle()
    robots.keys.clear()
    await asking(village, RED)
    out = capsys.readouterr()
    assert KEY not in out.out + out.err
    async with village.store.transaction():
        rows = await village.store.db.all(
            "SELECT reason, body FROM outbox UNION ALL SELECT channel, payload FROM inbox"
        )
    assert not [row for row in rows if KEY in f"{row[0]}{row[1]}"]
