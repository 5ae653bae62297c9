"""A few of the weeks of `make bench ARGS=simulation`, on every change; and the same seed is the same week."""

import pytest

from tests.simulation.week import passed

SEEDS = range(2)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_week_keeps_every_promise(seed: int) -> None:
    week = passed(seed)
    assert week.events > 1000, "a week in which little happens proves little"
    assert not week.broken, f"again: python -m tests.simulation --seeds 1 --first {seed}"


def test_the_same_seed_is_the_same_week() -> None:
    first, again, other = (passed(seed, cases=5, alerts=2) for seed in (7, 7, 8))
    assert first == again
    assert first.trace != other.trace
