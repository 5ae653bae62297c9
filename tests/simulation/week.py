"""A whole week from its seed: what broke in it, and its trace."""

import asyncio
import random
import sqlite3
from contextlib import closing
from dataclasses import dataclass

from structlog.testing import capture_logs

from tests.fresh import _copied
from tests.simulation import alert, case, trouble
from tests.simulation.hands import HOUR, Week
from tests.simulation.house import House
from tests.simulation.instant import run
from tests.simulation.line import Line
from tests.simulation.promises import broken
from tests.simulation.village import SETTINGS, build

CASES, ALERTS = 100, 10

REST = 26 * HOUR
"""After the last trouble: a night, and as long as a warning lives."""

BROKE = frozenset({"update_broke", "deadline_broke", "delivery_broke"})
"""What the house says in its log where a handler failed; no chance may bring that about."""


@dataclass(frozen=True)
class Passed:
    seed: int
    trace: str
    events: int
    broken: tuple[str, ...]


def passed(seed: int, cases: int = CASES, alerts: int = ALERTS) -> Passed:
    with capture_logs() as said, closing(_copied()) as file:
        week = run(_lived(seed, file, cases, alerts))
        faults = [*broken(week), *(str(line) for line in said if line["event"] in BROKE)]
        return Passed(seed, week.house.line.trace, week.house.line.events, tuple(faults))


async def _lived(seed: int, file: sqlite3.Connection, cases: int, alerts: int) -> Week:
    line = Line(random.Random(f"{seed} line"))
    house = House(file, SETTINGS, line)
    await house.start()
    await build(house)
    week = Week(house, seed)
    await asyncio.gather(
        *(case.case(week, n) for n in range(cases)),
        *(alert.alert(week, n) for n in range(alerts)),
        trouble.machine(week),
        trouble.line(week),
        trouble.people(week),
        trouble.practice(week),
    )
    line.faulty = False
    await asyncio.sleep(REST)
    await house.stop()
    return week
