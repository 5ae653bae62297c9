"""A small piece of the county of `make bench ARGS=county`: forty squads are swept at Telegram's pace."""

from tests.simulation.county import DOORS, NEVER, most_within, swept

SQUADS = 40


def test_a_sweep_keeps_its_leaders_waiting_for_seconds_only() -> None:
    one = swept(SQUADS)
    assert one.households == SQUADS * DOORS
    assert one.answers >= one.households * (1 - 2 * NEVER), "too few have answered to prove anything"
    assert len(one.turned) >= one.answers
    assert max(one.listed) < 5
    assert max(one.turned) < 5
    assert 0 < one.counted < 10
    assert one.slowest + one.counted < 20
    assert one.a_minute <= 20
    assert one.a_second <= 30


def test_the_fullest_stretch_begins_anywhere() -> None:
    assert most_within(1, [0.0, 0.9, 1.0, 1.8, 1.95, 5.0]) == 3
    assert most_within(1, []) == 0
