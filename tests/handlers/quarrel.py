"""The quarrel that tests of mediation begin with, and what no group may ever hear of it."""

from datetime import timedelta

from domain.people import Role
from tests.town import Town

GROUPS = ("十三队群", "十四队群", "三网格群", "村委群")
ALL_A_GROUP_HEARS = {
    "收到了，会有人私下找您。这类事不在群里说。",
    "这件事不在群里说，请私下对我发同样的话。",
    "有的事不在群里说，请私下对我发：查询",
    "请私下对我说。这个码作废了，请向给您的人再要一个。",
}


def the_groups_know_nothing(town: Town) -> None:
    """Every word that the bot ever said in a group, changed cards too, is one of the few that may be said there."""
    for group in GROUPS:
        said = {text for m in town.channel.chats[group] for text in (m.text, *m.history)}
        assert said <= ALL_A_GROUP_HEARS, said - ALL_A_GROUP_HEARS


def never_heard(town: Town, chat: str, *words: str) -> None:
    said = "\n".join(text for m in town.channel.chats[chat] for text in (m.text, *m.history))
    assert not [word for word in words if word in said], said


async def reported(town: Town) -> Town:
    """李阿姨 reports it, 张队长 takes it; 赵大山 lives in the same squad and group."""
    await town.person("赵大山", (Role.RESIDENT, "S13"))
    await town.says("李阿姨", "上报 隔壁砌墙占了我家宅基地", chat="十三队群")
    await town.presses("张队长", "接单")
    town.hush()
    return town


async def later(town: Town, **length: float) -> None:
    """In half hours: nothing here hangs on the minute, and a month has 43,200 of them."""
    for _half_hour in range(int(timedelta(**length) / timedelta(minutes=30))):
        town.clock.pass_time(timedelta(minutes=30))
        await town.tick()


async def bring_in(town: Town) -> None:
    """赵大山 is asked as a neighbour, and comes."""
    await town.presses("张队长", "请另一方")
    await town.says("张队长", "赵大山 13800000000")
    await town.presses("张队长", "是十三队的赵大山，直接请")
    await town.presses("赵大山", "参加")
    town.hush()


async def propose(town: Town, text: str = "围墙退回一尺，八月十五以前完工") -> None:
    await town.presses("张队长", "写协议")
    await town.says("张队长", text)


async def agree(town: Town) -> None:
    await propose(town)
    await town.presses("李阿姨", "同意")
    await town.presses("赵大山", "同意")
    town.hush()
