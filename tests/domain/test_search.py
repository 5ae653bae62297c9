"""How far a search reaches and when, in trees of any depth; who may start it, and how it ends."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.chat import AccountId, ChatId
from domain.grid import Grid
from domain.missing import Missing
from domain.people import Answerer, Role, Rung
from domain.refused import Refused
from domain.rings import Ring, beside, tops
from domain.search import Plan, Search, Stage, Step, confirmers, open_search

NOON = datetime(2026, 7, 25, 4, 0, tzinfo=UTC)
PLAN = Plan()
REPORTER, LEADER = 1, 2


def path(*levels: str) -> list[Grid]:
    """From where it was reported up to the root, each grid named by its level."""
    parents = [*levels[1:], None]
    return [Grid(level, level, level, parent) for level, parent in zip(levels, parents, strict=True)]


@pytest.mark.parametrize(
    ("levels", "parent", "village", "township"),
    [
        (("小队", "网格", "村", "镇"), "网格", "村", "镇"),
        (("小队", "片", "网格", "村", "镇", "县"), "片", "村", "镇"),
        (("楼栋", "楼组", "网格", "社区", "街道"), "楼组", "社区", "街道"),
        (("小队", "村"), "村", "村", None),
        (("小队", "村", "镇", "县"), "村", "村", "镇"),
        # Levels with names of the village's own: the third from below is the village, the fourth the township.
        (("squad", "block", "quarter", "borough", "city"), "block", "quarter", "borough"),
        (("squad", "block"), "block", "block", None),
        (("squad",), None, "squad", None),
        # Only the township is named: the village is what stands below it.
        (("小组", "大组", "街道", "区"), "大组", "大组", "街道"),
        # Reported in the village's own group, or above: nothing goes further up at once, and nothing over the township.
        (("村", "镇", "县"), None, "村", "镇"),
        (("镇", "县"), None, "镇", None),
    ],
)
def test_what_a_ring_means_in_a_tree(
    levels: tuple[str, ...], parent: str | None, village: str, township: str | None
) -> None:
    up = path(*levels)
    assert tops(Ring.SQUAD, up, []) == (levels[0],)
    assert tops(Ring.PARENT, up, []) == ((parent,) if parent else ())
    assert tops(Ring.VILLAGE, up, []) == (village,)
    assert tops(Ring.TOWNSHIP, up, []) == ((township,) if township else ())


def test_neighbours_are_the_grids_beside_the_village() -> None:
    up = path("小队", "网格", "村", "镇")
    found = beside(up)
    assert found
    assert found.code == "村"
    near = [Grid("东村", "东村", "村", "镇"), Grid("西村", "西村", "村", "镇")]
    assert tops(Ring.NEIGHBOURS, up, near) == ("东村", "西村")
    assert tops(Ring.NEIGHBOURS, up, []) == ()
    assert beside(path("镇", "县")) is None


def search() -> Search:
    return open_search(12, REPORTER, Missing(), NOON, PLAN)


def confirmed() -> Search:
    return search().confirm(LEADER, NOON, PLAN)


def test_two_people_want_it_or_nothing_is_told() -> None:
    with pytest.raises(Refused, match="由别人确认"):
        search().confirm(REPORTER, NOON, PLAN)
    assert confirmed().stage is Stage.WIDENING
    with pytest.raises(Refused, match="正在找"):
        confirmed().confirm(LEADER, NOON, PLAN)
    with pytest.raises(Refused, match="已经结束"):
        confirmed().end(Stage.FOUND, NOON, PLAN).confirm(LEADER, NOON, PLAN)


def test_each_ring_comes_at_its_minute_and_once() -> None:
    """By the minutes after the confirmation, as a village officer would note them."""
    running, told = confirmed(), []
    while running.ring is not Ring.TOWNSHIP:
        assert running.due_at
        assert running.step(running.due_at, PLAN) is Step.WIDEN
        minutes = (running.due_at - NOON).total_seconds() / 60
        running = running.widen(PLAN)
        told.append((running.ring, minutes))
    assert told == [(Ring.PARENT, 0), (Ring.VILLAGE, 10), (Ring.NEIGHBOURS, 20), (Ring.TOWNSHIP, 40)]
    assert running.due_at == NOON + timedelta(hours=23)


def test_a_search_too_old_ends_and_widens_no_more() -> None:
    """The bot was away for thirty hours: the rings that came due meanwhile are not told."""
    assert confirmed().step(NOON + timedelta(hours=30), PLAN) is Step.EXPIRE


def test_it_is_renewed_for_as_long_again() -> None:
    warned = confirmed().widen(PLAN).widen(PLAN).widen(PLAN).widen(PLAN).warn(PLAN)
    assert warned.due_at == NOON + timedelta(hours=24)
    later = NOON + timedelta(hours=23, minutes=30)
    renewed = warned.renew(later, PLAN)
    assert renewed.expires_at == later + timedelta(hours=24)
    assert renewed.due_at == later + timedelta(hours=23)


def test_who_does_not_confirm_is_asked_ever_more_rarely() -> None:
    asked, minutes = search(), []
    for _time in range(4):
        assert asked.due_at
        assert asked.step(asked.due_at, PLAN) is Step.ASK_AGAIN
        minutes.append((asked.due_at - NOON).total_seconds() / 60)
        asked = asked.ask_again(PLAN)
    assert minutes == [5, 15, 35, 75]


def test_what_was_personal_is_erased_a_week_after_the_end() -> None:
    over = confirmed().end(Stage.FOUND, NOON + timedelta(hours=1), PLAN)
    assert over.step(NOON + timedelta(days=7), PLAN) is None
    assert over.step(NOON + timedelta(days=7, hours=1), PLAN) is Step.ERASE
    assert over.erase().due_at is None
    assert over.erase().missing == Missing()


def _answerer(person: int, role: Role, chat: str | None = None) -> Answerer:
    return Answerer(person, str(person), role, AccountId("c", str(person)), ChatId("c", chat) if chat else None)


def test_who_can_be_asked_to_confirm() -> None:
    """Not the reporter, no deputy, and nobody who cannot be reached; in the squad's own group everybody can."""
    squad, grid, village = path("小队", "网格", "村")
    group = (ChatId("c", "group"),)
    rungs = [
        Rung(squad, (_answerer(1, Role.LEADER, "p1"), _answerer(3, Role.DEPUTY, "p3")), group),
        Rung(grid, (_answerer(4, Role.LEADER),), group),
        Rung(village, (_answerer(5, Role.OFFICER, "p5"),)),
    ]
    assert [rung.grid.code for rung in confirmers(rungs, reporter=1)] == ["村"]
    assert [rung.grid.code for rung in confirmers(rungs, reporter=9)] == ["小队", "村"]
    assert confirmers([Rung(squad, (_answerer(2, Role.LEADER),), group)], reporter=9)[0].grid == squad
