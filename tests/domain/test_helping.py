"""When help is wanted, who is in danger, whom a call is carried to next, and what it says."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from domain.case import Case, State, open_case
from domain.chat import ChatId
from domain.facts import Facts
from domain.grid import Grid
from domain.helping import call_buttons, call_text, chosen, next_ring, when_said
from domain.kinds import Kinds
from domain.people import Rung, Who

TODAY = date(2026, 7, 31)
HELP = Kinds()["help"]


@pytest.mark.parametrize(
    ("words", "when"),
    [
        ("今天下午帮我妈去医院取药", "今天下午（7月31日）"),
        ("明天上午9点陪爷爷看病", "明天上午9点（8月1日）"),
        ("明早八点半要人搬床", "明早八点半（8月1日）"),
        ("后天要人帮忙搬家", "后天（8月2日）"),
        ("大后天来得及", "大后天（8月3日）"),
        ("今晚停电，谁有手电", "今晚（7月31日）"),
        ("马上要人抬担架", "马上"),
        ("周六晚上帮忙看孩子", "周六晚上"),
        ("下星期一要去取快递", "下星期一"),
        ("8月3号搬家", "8月3号"),
        ("下午三点接孩子", "下午三点"),
        ("14:30 有人来装空调", "14:30"),
        ("Pick up medicine tomorrow at 9am", "tomorrow at 9am（8月1日）"),
        ("help me move now", "now"),
        ("帮我妈取药", ""),
        ("昨天下午摔了，今天要人陪", "今天（7月31日）"),
        ("昨天下午摔了", ""),
        ("3栋2单元的王奶奶要换灯泡", ""),
        ("the day after tomorrow", "day after tomorrow"),
        ("I know nobody here", ""),
        ("", ""),
    ],
)
def test_when_help_is_wanted(words: str, when: str) -> None:
    assert when_said(words, TODAY) == when


@pytest.mark.parametrize(
    ("choice", "when"),
    [("now", "现在"), ("today", "今天（7月31日）"), ("tomorrow", "明天（8月1日）")],
)
def test_what_a_tap_means(choice: str, when: str) -> None:
    assert chosen(choice, TODAY) == when


@pytest.mark.parametrize("forged", ["unknown", "x", ""])
def test_what_no_button_says(forged: str) -> None:
    with pytest.raises(ValueError, match=f"^{forged}$"):
        chosen(forged, TODAY)


def rung(code: str, *groups: str) -> Rung:
    return Rung(Grid(code, code, "级", None), (), tuple(ChatId("town", group) for group in groups))


@pytest.mark.parametrize(
    ("called", "then"),
    [
        ([], "S"),
        (["队群"], "V"),
        (["队群", "李阿姨"], "V"),
        (["李阿姨"], "S"),
        (["队群", "村群"], None),
    ],
)
def test_whom_a_call_is_carried_to_next(called: list[str], then: str | None) -> None:
    ring = next_ring([rung("S", "队群"), rung("A"), rung("V", "村群")], [ChatId("town", chat) for chat in called])
    assert (ring.grid.code if ring else None) == then


def case(**more: object) -> Case:
    opened = open_case(
        HELP, "S", "S", "给她取药", Who(1, "张队长"), ChatId("town", "队群"), datetime(2026, 7, 31, tzinfo=UTC)
    )
    return replace(opened, id=7, facts=Facts(served="王奶奶", when="今天下午"), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("more", "says", "labels"),
    [
        ({}, "谁能帮忙？能去的请点“我来帮忙”。", ["我来帮忙"]),
        ({"state": State.ACKNOWLEDGED, "responder": Who(2, "小吴")}, "小吴 去帮忙，谢谢！", ["帮好了", "我去不了了"]),
        ({"state": State.ACKNOWLEDGED, "responder": Who(2, "小吴"), "stalled": True}, "小吴 去帮忙", ["我来帮忙"]),
        ({"state": State.CANCELLED}, "撤销", []),
    ],
)
def test_what_a_call_says(more: dict[str, object], says: str, labels: list[str]) -> None:
    text = call_text(case(**more), "#7 求助", "先打 120。")
    assert "替 王奶奶 报 · 什么时候：今天下午" in text
    assert says in text.splitlines()[-1]
    assert [button.label for row in call_buttons(case(**more)) for button in row] == labels


def test_a_discreet_call_does_not_say_for_whom() -> None:
    assert "王奶奶" not in call_text(case(discreet=True), "#7 求助", "")
