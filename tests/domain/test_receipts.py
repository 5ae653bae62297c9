"""Who owes word that they read a broadcast, what counts as such word, and when who is late hears of it again."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.broadcast import Broadcast
from domain.colour import Colour
from domain.people import Appointment, Person, Role, Who
from domain.receipts import (
    CHANGES_A_SECOND,
    CHANGES_EVERY,
    Chasing,
    Receipt,
    Step,
    breath,
    given,
    is_receipt,
    owed,
    squads_of,
)
from domain.stages import Receipts, Sort

NOW = datetime(2026, 7, 25, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "收到", "收到。", "收到！！", "收到了", "已收到", "1", "１", "1️⃣", "①", "+1", "好的收到", "好的，收到",
        "好滴收到", "嗯嗯收到",
        "收到谢谢", "收到，谢谢书记", "谢谢，收到", "收到收到", "收到 🙏", "👌收到", "OK收到", "我收到了",
        "我们都收到了",
        "十三队收到", "三队收到，谢谢领导", "201收到", "3栋201收到", "我家收到", "一组已收到", "知道了",
        "知道了，谢谢", "明白",
        "明白收到", "看到了", "收悉", "已知悉", "通知收到", "预警已收到", "大家辛苦了，收到", "got it",
        "Got it, thanks!",
        "Received", "roger", "收到\u200b", " 收到 \n",
    ],
)  # fmt: skip
def test_words_that_are_a_receipt(text: str) -> None:
    assert is_receipt(text), text


@pytest.mark.parametrize(
    "text",
    [
        "", "。", "👍", "好的", "ok", "谢谢", "收", "11", "2", "2011", "201", "1楼", "1号楼进水了", "收到没有",
        "收到吗", "收到了吗？", "收到？",
        "没收到", "还没收到", "谁收到了", "大家收到了没", "未收到", "收不到", "看不到", "不知道", "不明白",
        "别说收到", "快递收到了",
        "收到快递", "三队的水果收到", "收到，但是我家进水了", "收到 水到膝盖了", "我家进水了", "收到的请点一下",
        "收到通知的人呢", "我看到水漫上来了",
        "请大家收到请回复", "收到" * 13, "got it wrong", "not received", "received water damage",
    ],
)  # fmt: skip
def test_words_that_are_none(text: str) -> None:
    assert not is_receipt(text), text


@pytest.mark.parametrize(
    ("asked", "owing"),
    [
        (Receipts.NONE, []),
        (Receipts.SQUAD, [("S1", None), ("S2", None)]),
        # A squad whose doors nobody registered answers as one.
        (Receipts.HOUSEHOLD, [("S1", 11), ("S1", 12), ("S2", None)]),
    ],
)
def test_who_owes_one(asked: Receipts, owing: list[tuple[str, int | None]]) -> None:
    assert [(one.grid, one.household) for one in owed(asked, {"S1": [11, 12], "S2": []})] == owing


def person(*roles: tuple[Role, str], owner: bool = False) -> Person:
    return Person(1, "某人", tuple(Appointment(role, grid) for role, grid in roles), owner)


RESIDENT, LEADER, OFFICER = Role.RESIDENT, Role.LEADER, Role.OFFICER


@pytest.mark.parametrize(
    ("who", "here", "squads"),
    [
        (person((RESIDENT, "S1")), "S1", {"S1"}),
        (person((LEADER, "S1")), "S1", {"S1"}),
        # In the group above, in private, in a neighbour's group: for their own squad.
        (person((LEADER, "S1")), "G", {"S1"}),
        (person((RESIDENT, "S1")), None, {"S1"}),
        (person((RESIDENT, "S1")), "S2", {"S1"}),
        # Of two squads: the one they speak in, else both.
        (person((LEADER, "S1"), (RESIDENT, "S2")), "S2", {"S2"}),
        (person((LEADER, "S1"), (RESIDENT, "S2")), "G", {"S1", "S2"}),
        # Whoever leads above answers for no squad, wherever they press.
        (person((LEADER, "G")), "G", set()),
        (person((LEADER, "G")), "S1", set()),
        (person((OFFICER, "V")), "S1", set()),
        (person(owner=True), "S1", set()),
        # A neighbour whom nobody registered belongs where they speak; elsewhere, nowhere.
        (person(), "S1", {"S1"}),
        (person(), "G", set()),
        (person(), None, set()),
        # Of a squad that owes nothing.
        (person((RESIDENT, "S9")), "S1", set()),
    ],
)
def test_for_which_squads_somebodys_word_counts(who: Person, here: str | None, squads: set[str]) -> None:
    assert squads_of(who, here, {"S1", "S2"}) == squads


def test_a_word_settles_the_receipt_of_the_squad_or_of_the_own_door() -> None:
    squad, door, home = Receipt("S1", None, 1), Receipt("S1", 11, 2), Receipt("S1", 12, 3, home=True)
    assert given([squad, door], {"S1"}) == [squad]
    assert given([door, home], {"S1"}) == [home]
    assert given([door], {"S1"}) == []
    assert given([squad], set()) == []


def test_to_have_read_what_is_to_be_passed_on_settles_the_own_door_at_most() -> None:
    squad, home = Receipt("S1", None, 1, by_hand=True), Receipt("S1", 12, 3, home=True, by_hand=True)
    assert given([squad, home], {"S1"}) == [home]


def broadcast(sort: Sort, colour: Colour | None, valid: timedelta | None) -> Broadcast:
    return Broadcast(sort, Who(1, "王主任"), NOW, colour=colour, sent_at=NOW, expires_at=NOW + valid if valid else None)


@pytest.mark.parametrize(
    ("sort", "colour", "valid", "wait"),
    [
        (Sort.ALERT, Colour.RED, timedelta(hours=24), 15),
        (Sort.ALERT, Colour.ORANGE, timedelta(hours=24), 15),
        (Sort.ALERT, Colour.YELLOW, timedelta(hours=24), 60),
        (Sort.ALERT, Colour.BLUE, timedelta(hours=1), 20),
        (Sort.ALERT, Colour.RED, timedelta(minutes=30), 10),
        (Sort.DRILL, Colour.RED, timedelta(hours=2), 15),
        (Sort.NOTICE, None, timedelta(days=7), 60),
        (Sort.NOTICE, None, None, 60),
    ],
)
def test_how_long_the_late_are_left_alone(
    sort: Sort, colour: Colour | None, valid: timedelta | None, wait: int
) -> None:
    assert Chasing().wait(broadcast(sort, colour, valid)) == timedelta(minutes=wait)


def test_who_hears_after_whom() -> None:
    assert [Step.GROUP.next, Step.LEADERS.next, Step.ABOVE.next] == [Step.LEADERS, Step.ABOVE, None]


@pytest.mark.parametrize(("alike", "seconds"), [(1, 5), (50, 5), (51, 5.1), (300, 30), (3000, 300)])
def test_many_cards_change_more_seldom(alike: int, seconds: float) -> None:
    assert breath(alike) == timedelta(seconds=seconds)
    assert breath(alike) >= CHANGES_EVERY
    assert alike / breath(alike).total_seconds() <= CHANGES_A_SECOND
