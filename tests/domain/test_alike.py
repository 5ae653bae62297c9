"""Which two reports are one thing: a table that a village officer can read and object to."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.alike import Told, Verdict, common_grid, houses, judge, likely_same, metres_between, shared_grid, vicinity
from domain.chat import Location
from domain.gathering import Picture, next_showing
from domain.kinds import HearsFirst, Kinds

KINDS = Kinds()
NOON = datetime(2026, 7, 25, 4, tzinfo=UTC)
HOURS = timedelta(hours=1)
GATE, HUNDRED_STEPS, OTHER_END = Location(25.9, 119.2), Location(25.9005, 119.2), Location(25.93, 119.2)


def told(text: str, **more) -> Told:  # type: ignore[no-untyped-def]
    known = {"origin": "S13", "parent": "A1", "place": "", "location": None, "heard_at": NOON}
    return Told(**{"id": 1, "text": text, **known, **more})


@pytest.mark.parametrize(
    ("kind", "one", "other", "same"),
    [
        # Water spreads: near is the same, whatever the words.
        ("flood", "东门地下车库进水了", "我家里全淹了", True),
        ("flood", "3号楼进水", "5号楼进水", True),
        # What breaks is in one place: the words must say so.
        ("repair", "三号楼电梯坏了", "3 号楼的电梯又坏了", True),
        ("repair", "三号楼电梯坏了", "五号楼电梯坏了", False),
        ("repair", "电梯坏了", "路灯坏了", False),
        ("repair", "灯坏了", "门坏了", False),
        ("repair", "灯坏了", "灯坏了", True),
        ("repair", "村口路灯不亮", "村口的路灯不亮了", True),
        ("fire_gas", "煤气味很大", "楼道里煤气味很大", True),
        ("fire_gas", "厨房着火了", "煤气味很大", False),
        # Each of these is a thing of its own, however alike the words.
        ("dispute", "邻居为宅基地吵起来了", "邻居为宅基地吵起来了", False),
        ("lost_person", "孩子找不到了，穿红衣服", "孩子找不到了，穿红衣服", False),
        ("suggestion", "建议村口装路灯", "建议村口装路灯", False),
    ],
)
def test_two_sentences(kind: str, one: str, other: str, same: bool) -> None:
    assert likely_same(told(one), told(other), KINDS[kind], 2 * HOURS) is same


@pytest.mark.parametrize(
    ("kind", "one", "other", "same"),
    [
        ("repair", {"place": "东门水泵房"}, {"place": "东门 水泵房"}, True),
        ("repair", {"place": "东门"}, {"place": "西门"}, False),
        ("repair", {"location": GATE}, {"location": HUNDRED_STEPS}, True),
        ("repair", {"location": GATE}, {"location": OTHER_END}, False),
        ("flood", {"location": GATE}, {"location": OTHER_END}, False),
        ("flood", {"location": GATE}, {}, True),
        ("flood", {"heard_at": NOON + 3 * HOURS}, {}, False),
        ("flood", {"heard_at": NOON + 2 * HOURS}, {}, True),
    ],
)
def test_two_places_and_times(kind: str, one: dict, other: dict, same: bool) -> None:  # type: ignore[type-arg]
    assert likely_same(told("水泵响", **one), told("没声音了", **other), KINDS[kind], 2 * HOURS) is same


def test_what_a_village_makes_private_never_gathers() -> None:
    private = replace(KINDS["flood"], hears_first=HearsFirst.LEADERS)
    assert not likely_same(told("进水了"), told("进水了"), private, 2 * HOURS)


@pytest.mark.parametrize(
    ("near", "verdict", "first"),
    [
        ([], Verdict.ALONE, None),
        ([told("积水", id=1)], Verdict.ASK, 1),
        ([told("积水", id=1), told("淹了", id=2)], Verdict.GATHER, 2),
        ([told("积水", id=1, voices=2)], Verdict.GATHER, 1),
        ([told("积水", id=1, origin="S29", parent="A2"), told("淹了", id=2, voices=3, gathered=True)], Verdict.JOIN, 2),
        ([told("旧的", id=1, heard_at=NOON - 3 * HOURS)], Verdict.ALONE, None),
    ],
)
def test_what_becomes_of_a_new_report(near: list[Told], verdict: Verdict, first: int | None) -> None:
    found, same = judge(told("进水了", id=9), near, KINDS["flood"], 2 * HOURS)
    assert found is verdict
    assert (same[0].id if same else None) == first


def test_the_nearest_in_the_tree_is_asked_about_first() -> None:
    far = told("积水", id=1, origin="S29", parent="A2", taken_by=7)
    near = told("积水", id=2, origin="S14", taken_by=7)
    _verdict, same = judge(told("进水", id=9), [far, near], KINDS["flood"], 2 * HOURS)
    assert [old.id for old in same] == [2, 1]


def test_the_tree() -> None:
    assert vicinity(["S13", "A1", "G3", "V"]) == "G3"
    assert vicinity(["S13", "V"]) == "V"
    assert vicinity(["V"]) == "V"
    path = ["S13", "A1", "G3", "V"]
    assert shared_grid(path, [told("水")]) == "S13"
    assert shared_grid(path, [told("水"), told("水", origin="S14")]) == "A1"
    assert shared_grid(path, [told("水", origin="A1", parent="G3")]) == "A1"
    assert shared_grid(path, [told("水", origin="S29", parent="A2"), told("水", origin="S14")]) == "G3"
    assert common_grid([["S13", "A1", "V"], ["S14", "A1", "V"]]) == "A1"
    path = ["S13", "A1", "G3", "V"]
    assert shared_grid(path, [told("水")]) == "S13"
    assert shared_grid(path, [told("水"), told("水", origin="S14")]) == "A1"
    assert shared_grid(path, [told("水", origin="A1", parent="G3")]) == "A1"
    assert shared_grid(path, [told("水", origin="S29", parent="A2"), told("水", origin="S14")]) == "G3"
    assert common_grid([["S13", "A1", "V"], ["S13", "A1", "V"]]) == "S13"
    assert common_grid([["S13", "A1"], ["X"]]) is None


def test_numbers_of_houses_and_metres() -> None:
    assert houses("三号楼和 12 栋，二十一单元，水深30厘米") == {3, 12, 21}
    assert metres_between(GATE, HUNDRED_STEPS) == pytest.approx(55.6, abs=0.5)


@pytest.mark.parametrize(
    ("seen", "now_is", "minutes"),
    [
        (Picture(10, 10), Picture(11, 11), 5),
        (Picture(10, 10), Picture(20, 20), 1),
        (Picture(10, 10, "knee"), Picture(11, 11, "waist"), 1),
        (Picture(10, 10, "waist"), Picture(11, 11, "ankle"), 5),
        (Picture(10, 10, endangered=1), Picture(11, 11, endangered=2), 1),
    ],
)
def test_what_worsens_is_shown_sooner(seen: Picture, now_is: Picture, minutes: int) -> None:
    shown = next_showing(seen, now_is, NOON, timedelta(minutes=5), timedelta(minutes=1))
    assert shown == NOON + timedelta(minutes=minutes)
