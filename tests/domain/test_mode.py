"""What a mode changes, and what becomes of a group's name while it holds and afterwards."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.kinds import Kinds, Sameness
from domain.mode import Change, Mode, Modes, Naming, Timers, by_hand, found_otherwise, renamed
from domain.people import Who
from domain.quiet import Night, QuietHours
from domain.refused import Refused

FLOOD = Mode("flood", "防汛", "{title}·防汛", alerts=("台风", "typhoon"))
FIRE = Mode("fire", "消防", "【消防】{title}")
PLAIN = Mode("plain", "巡查")
NOW = datetime(2026, 7, 25, 4, tzinfo=UTC)
BOSS, OTHER = Who(1, "陈书记"), Who(2, "王主任")

AT_WORK = Naming("A", ("A·防汛",))
BACK = Naming("A", ("A·防汛", "A"), put_back=True)
THEIRS = Naming("A", ("A·防汛",), put_back=True, why=by_hand())


@pytest.mark.parametrize(
    ("before", "stands", "mode", "after", "name"),
    [
        pytest.param(None, "A", FLOOD, AT_WORK, "A·防汛", id="begins"),
        pytest.param(AT_WORK, "A·防汛", None, BACK, "A", id="ends"),
        pytest.param(AT_WORK, "A", None, BACK, "A", id="ends before its name was seen"),
        pytest.param(AT_WORK, "B", None, THEIRS, None, id="somebody changed it"),
        pytest.param(AT_WORK, "A·防汛", FIRE, Naming("A", ("A·防汛", "【消防】A")), "【消防】A", id="other work"),
        pytest.param(AT_WORK, "B", FIRE, replace(AT_WORK, why=by_hand()), None, id="other work, changed by hand"),
        pytest.param(AT_WORK, "A  ·防汛", None, THEIRS, None, id="a blank within is a change"),
        pytest.param(AT_WORK, "A·防汛 ", None, BACK, "A", id="a blank that nobody sees is none"),
        pytest.param(BACK, "A", FIRE, Naming("A", ("A·防汛", "A", "【消防】A")), "【消防】A", id="again"),
        pytest.param(BACK, "C", FIRE, Naming("C", ("【消防】C",)), "【消防】C", id="again under its new name"),
        pytest.param(BACK, "A·防汛", FLOOD, Naming("A", ("A", "A·防汛")), "A·防汛", id="again before it was back"),
        pytest.param(THEIRS, "B", FLOOD, Naming("B", ("B·防汛",)), "B·防汛", id="theirs is its own name now"),
        pytest.param(THEIRS, "A", FLOOD, AT_WORK, "A·防汛", id="they called it as before themselves"),
        pytest.param(None, "A", PLAIN, Naming("A"), None, id="a mode without a name"),
        pytest.param(Naming("A"), "A", None, Naming("A", put_back=True), None, id="which ends"),
        pytest.param(AT_WORK, "A·防汛", PLAIN, Naming("A", ("A·防汛", "A")), "A", id="from a name to none"),
    ],
)
def test_a_name_comes_and_goes(
    before: Naming | None, stands: str, mode: Mode | None, after: Naming, name: str | None
) -> None:
    assert renamed(before, stands, mode) == (after, name)


@pytest.mark.parametrize("title", ["长" * 129, "长" * 255])
def test_what_could_not_be_given_back_is_not_changed(title: str) -> None:
    naming, name = renamed(None, title, FLOOD)
    assert name is None
    assert naming.given == ()
    assert "换不回来" in naming.why
    assert renamed(naming, title, None)[1] is None


@pytest.mark.parametrize("length", [1, 124, 125, 126, 128])
def test_a_name_has_room(length: int) -> None:
    name = FLOOD.named("长" * length)
    assert name is not None
    assert len(name) <= 128
    assert name.endswith("·防汛")
    assert ("…" in name) is (length > 125)


def test_the_service_knows_better() -> None:
    assert found_otherwise(AT_WORK, "B", FLOOD) == (Naming("B", ("B·防汛",)), "B·防汛")
    assert found_otherwise(BACK, "B", None) == (replace(BACK, why=by_hand()), None)
    twice = Naming("A", ("A·防汛", "【消防】A"))
    assert found_otherwise(twice, "B", FIRE) == (replace(twice, why=by_hand()), None)


def test_a_kind_as_the_mode_wants_it() -> None:
    kind = replace(Kinds()["repair"], night=Night(QuietHours(), UTC))
    minutes = timedelta(minutes=5)
    mode = Mode("x", "x", kinds={"repair": Timers(acknowledge=minutes)}, gathers=("repair",), quiet=False)
    assert mode.changed(kind) == replace(kind, acknowledge=minutes, same=Sameness.AREA, night=None)
    assert Mode("y", "y").changed(kind) == kind


@pytest.mark.parametrize(
    ("word", "name"), [("防汛", "flood"), ("防汛模式", "flood"), ("FLOOD", "flood"), ("消防", "fire"), ("防", None)]
)
def test_how_people_call_it(word: str, name: str | None) -> None:
    mode = Modes([FLOOD, FIRE]).called(word)
    assert (mode.name if mode else None) == name


def test_what_proposes_it() -> None:
    modes = Modes([FIRE, FLOOD])
    assert modes.proposed_by("Typhoon Gaemi tonight") == modes.proposed_by("台风格美今晚到") == FLOOD
    assert modes.proposed_by("明天停电") is None


def test_whoever_changes_what_was_just_changed_is_told() -> None:
    change = Change("V", "flood", NOW, BOSS)
    assert change.unknown_to(OTHER, NOW + timedelta(seconds=119))
    assert not change.unknown_to(OTHER, NOW + timedelta(minutes=2))
    assert not change.unknown_to(BOSS, NOW)
    over = change.end(OTHER, NOW)
    assert not over.unknown_to(BOSS, NOW)
    with pytest.raises(Refused, match="王主任"):
        over.end(BOSS, NOW)
