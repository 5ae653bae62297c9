"""The typhoon story, as data: a flood climbs the tree until it is taken, and its reporter hears the end."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.case import State
from domain.language import N_

RESIDENT, SQUAD_LEADER, GRID_LEADER = "李阿姨", "张队长", "王主任"


@dataclass(frozen=True)
class Tell:
    """Nothing but words to the visitor."""

    caption: str


@dataclass(frozen=True)
class Say:
    """Somebody says something in the room of their grid that is no case."""

    who: str
    text: str
    caption: str


@dataclass(frozen=True)
class Report:
    """Somebody reports in the room of their grid. The case this becomes is the one that the next steps are about."""

    who: str
    text: str
    caption: str


@dataclass(frozen=True)
class Climb:
    """Nobody takes it, until it reaches this person's grid: by time, or, where time runs too slowly, by asking."""

    who: str
    asks: str
    by_time: str
    by_asking: str


@dataclass(frozen=True)
class Press:
    """Somebody presses a button of this verb on the card of this name, and the case is then in this state."""

    who: str
    card: str
    verb: str
    caption: str
    then: State | None = None


@dataclass(frozen=True)
class Answer:
    """Somebody answers what the bot asked after a press."""

    who: str
    card: str
    text: str
    caption: str
    then: State


Step = Tell | Say | Report | Climb | Press | Answer

STORY: Sequence[Step] = (
    Tell(N_("台风来了，雨下了一夜。看三部手机：居民李阿姨、她那个小队的张队长、上面的网格长王主任。")),
    Say(
        GRID_LEADER,
        N_("模式 防汛"),
        N_("王主任在群里说“模式 防汛”：网格和下面每个群的名字一起变，多一张防汛卡片，水浸 5 分钟内要有人接。"),
    ),
    Report(
        RESIDENT,
        N_("东门地下车库进水了，水到膝盖，还在涨"),
        N_("李阿姨在小队群里照平常说了一句话，机器人听懂了，马上回一张卡片：先打什么电话，谁会来，几点以前。"),
    ),
    Tell(N_("张队长的手机上也有这张卡片。可他正在江边堵沙袋，顾不上看手机。")),
    Climb(
        GRID_LEADER,
        SQUAD_LEADER,
        N_("没有人接单。时间一到，事情自己往上走：先到片长，再到网格长，前面发生过什么都写在卡片上。"),
        N_("5 分钟没人接单就会自动上报。这里不等：张队长办不了，点“上报上级”，事情一级一级往上走。"),
    ),
    Press(
        GRID_LEADER,
        "case",
        "acknowledge",
        N_("王主任点“接单”。时钟停下，三部手机上的卡片一起变，李阿姨知道有人来了。"),
        State.ACKNOWLEDGED,
    ),
    Press(GRID_LEADER, "case", "resolve", N_("水抽干了，王主任点“办结”，机器人问他是怎么办的。")),
    Answer(
        GRID_LEADER,
        "outcome",
        N_("调来两台水泵，水已抽干，人都平安"),
        N_("王主任回了一句话，就写进了卡片。"),
        State.RESOLVED,
    ),
    Press(
        RESIDENT,
        "verify",
        "rate:{case}:satisfied",
        N_("办没办好，李阿姨说了算。她点“满意”，这件事才算完。"),
        State.CLOSED,
    ),
    Say(GRID_LEADER, N_("模式 日常"), N_("风雨过去了，王主任说“模式 日常”：群名、菜单、时限全部换回原样。")),
    Report(
        RESIDENT,
        N_("单元门口的路灯坏了，晚上看不清台阶"),
        N_("风雨过后，李阿姨又说了一件小事。"),
    ),
    Press(
        SQUAD_LEADER,
        "case",
        "acknowledge",
        N_("这回张队长一看到就接了：小事不出小队，上面的人没有被打扰。"),
        State.ACKNOWLEDGED,
    ),
    Tell(N_("轮到您了：在张队长的手机上点“办结”，或者用李阿姨的手机再报一件事。")),
)
