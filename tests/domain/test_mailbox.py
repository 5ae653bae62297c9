"""What in the red mailbox is late, and what its readers are told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.case import Case, State, open_case
from domain.chat import Attachment, ChatId, Location, Medium
from domain.escalation import first_to_answer, mailbox_readers
from domain.grid import Grid
from domain.kinds import HearsFirst, Kind, Kinds
from domain.mailbox import Urge, digest, published, sorted_letters, urge_of
from domain.people import AccountId, Answerer, Role, Rung, Who

FUZHOU = ZoneInfo("Asia/Shanghai")
SUGGESTION = Kinds()["suggestion"]
WEEK = timedelta(days=7)
NOW = datetime(2026, 7, 25, 4, 0, tzinfo=UTC)
PRIVATE = ChatId("town", "李阿姨")


def letter(days_ago: float = 0, number: int = 1, **more: object) -> Case:
    at = NOW - timedelta(days=days_ago)
    case = open_case(SUGGESTION, "V", "V", f"第 {number} 件", Who(1, "李阿姨"), PRIVATE, at)
    return replace(case, id=number, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("days_ago", "state", "emptied_days_ago", "urge"),
    [
        (0.1, State.REPORTED, None, Urge.NEW),
        (0.1, State.REPORTED, 0.5, Urge.NEW),
        (1, State.REPORTED, 0.5, Urge.WAITING),
        (6.9, State.REPORTED, 0.5, Urge.WAITING),
        (7, State.REPORTED, 0.5, Urge.LATE),
        (30, State.REPORTED, None, Urge.LATE),
        (1, State.REOPENED, 0.5, Urge.LATE),
    ],
)
def test_what_is_late(days_ago: float, state: State, emptied_days_ago: float | None, urge: Urge) -> None:
    emptied = None if emptied_days_ago is None else NOW - timedelta(days=emptied_days_ago)
    assert urge_of(letter(days_ago, state=state), emptied, WEEK, NOW) is urge


def test_what_a_list_says() -> None:
    letters = [letter(0.1, 4), letter(2, 3), letter(9, 2), letter(8, 1, state=State.REOPENED)]
    items = sorted_letters(letters, NOW - timedelta(days=1), {"suggestion": WEEK}, NOW)
    assert digest("侯官村", items, FUZHOU).splitlines() == [
        "【红色信箱】侯官村：4 封等答复（到期没答复 2，新来 1）",
        "❗#2 到期没答复：“第 2 件”",
        "❗#1 写信人说没解决：“第 1 件”",
        "新 #4“第 4 件”，8月1日前答复",
        "#3“第 3 件”，7月30日前答复",
    ]


def test_what_is_published_names_nobody() -> None:
    told = published(letter(text="李阿姨请问路灯呢", outcome="李阿姨，下周装", responder=Who(2, "陈书记")))
    assert told == "【红色信箱】有居民建议：\n“某某请问路灯呢”\n陈书记 答复：\n“某某，下周装”"


def test_nothing_but_the_way_back_goes_into_an_anonymous_letter() -> None:
    kept = (Attachment("town", "lamp"), Attachment("town", "voice", Medium.VOICE, 7))
    case = open_case(
        SUGGESTION, "V", "V", "路灯坏了", Who(1, "李阿姨"), PRIVATE, NOW,
        attachments=kept, location=Location(26.0, 119.0), anonymous=True,
    )  # fmt: skip
    assert (case.reporter, case.location, case.attachments) == (None, None, kept[:1])
    assert case.news[0].by is None
    assert case.is_reporters(Who(9, "谁"), PRIVATE)
    assert not case.is_reporters(Who(1, "李阿姨"), ChatId("town", "十三队群"))
    assert not case.is_reporters(Who(1, "李阿姨"), None)


def rung(code: str, *roles: tuple[Role, str | None], group: str = "") -> Rung:
    people = tuple(
        Answerer(n, f"{role}{n}", role, AccountId("town", str(n)), ChatId("town", chat) if chat else None)
        for n, (role, chat) in enumerate(roles)
    )
    return Rung(Grid(code, code, "级", None), people, (ChatId("town", group),) if group else ())


@pytest.mark.parametrize("hears_first", [HearsFirst.OFFICERS, HearsFirst.MAILBOX])
def test_a_letter_goes_to_the_nearest_officer(hears_first: HearsFirst) -> None:
    kind = Kind("wish", "心愿", hears_first=hears_first)
    squad, village = rung("S", (Role.LEADER, "队长")), rung("V", (Role.OFFICER, "书记"))
    assert first_to_answer([squad, village], kind) == village
    assert first_to_answer([squad], kind) == squad


@pytest.mark.parametrize(
    ("of", "chats"),
    [
        (rung("V", (Role.LEADER, "组长"), (Role.OFFICER, "书记"), group="群"), ["书记"]),
        (rung("V", (Role.LEADER, "组长"), (Role.OFFICER, None), group="群"), ["组长"]),
        (rung("V", (Role.OFFICER, None), group="群"), ["群"]),
        (rung("V"), []),
    ],
)
def test_who_reads_the_mailbox(of: Rung, chats: list[str]) -> None:
    assert [chat.chat for chat in mailbox_readers(of)] == chats
