"""A thousand weeks of trouble, each from its seed: in how many of them a promise was broken. It takes half an hour."""

from bench import Figure
from tests.simulation.__main__ import weeks

SEEDS = 1_000


def run() -> list[Figure]:
    broken = sum(bool(week.broken) for week in weeks(0, SEEDS))
    return [(f"{SEEDS:,} weeks of 100 cases and 10 warnings in which a promise was broken", str(broken), "0")]
