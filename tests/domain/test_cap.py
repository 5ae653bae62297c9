"""What a warning of another service means here."""

import pytest

from domain.cap import COLOURS, SEVERITIES, CapAlert, Info, colour_of, prefix_of
from domain.colour import Colour
from domain.refused import Refused
from domain.stages import Sort

INFO = Info("en-US", ("Met",), "Typhoon", "Immediate", "Extreme", "Likely", description="Wind", instruction="Stay in")


def alert(status: str = "Actual", message: str = "Alert", scope: str = "Public", *infos: Info) -> CapAlert:
    return CapAlert("1", "cma", "2026-07-25T10:00:00+08:00", status, message, scope, (), infos)


def test_severity_and_colour_are_one_to_one_and_back() -> None:
    assert {COLOURS[SEVERITIES[colour]] for colour in Colour} == set(Colour)
    assert [colour_of(severity).name for severity in ("Minor", "Moderate", "Severe", "Extreme")] == [
        "BLUE", "YELLOW", "ORANGE", "RED",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("geocode", "prefix"),
    [
        ("350121000000", "350121"),
        ("350000000000", "35"),
        ("350121107000", "350121107"),
        ("350121107201", "350121107201"),
        ("350121", "350121"),
        (" 350121107 ", "350121107"),
        ("350100000000", "3501"),
        ("S13", "S13"),
    ],
)
def test_a_division_is_the_beginning_of_its_grids_codes(geocode: str, prefix: str) -> None:
    assert prefix_of(geocode) == prefix


@pytest.mark.parametrize(
    ("cap", "why"),
    [
        (alert("Test"), "状态是 Test"),
        (alert("Draft"), "状态是 Draft"),
        (alert(scope="Restricted"), "范围是 Restricted"),
        (alert(message="Ack"), "类型是 Ack"),
    ],
)
def test_what_is_not_for_people_is_refused(cap: CapAlert, why: str) -> None:
    with pytest.raises(Refused, match=why):
        _ = cap.sort


def test_an_exercise_is_a_drill() -> None:
    assert (alert().sort, alert("Exercise").sort) == (Sort.ALERT, Sort.DRILL)


def test_what_people_read_is_in_their_language_where_there_is_any() -> None:
    chinese = Info("zh-CN", ("Met",), "台风", "Immediate", "Extreme", "Likely", headline="台风红色预警")
    assert alert("Actual", "Alert", "Public", INFO, chinese).info("zh").text == "台风红色预警"
    assert alert("Actual", "Alert", "Public", INFO).info("zh").text == "Wind\nStay in"
    with pytest.raises(Refused, match="没有内容"):
        alert().info("zh")


def test_nobody_guesses_how_grave_it_is() -> None:
    with pytest.raises(Refused, match="严重程度 Unknown"):
        colour_of("Unknown")
