"""The same on WeCom: a kill loses nothing that was stored, a cut line doubles at most what was in doubt."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.pump import WINDOW
from tests.faults.wecom import WeComHouse, cut_amid_an_alert, killed_at_half
from tests.standin.wecom import WeCom

GROUPS = 20


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[WeComHouse]:
    service = WeCom(enforce_limits=False)
    await service.start()
    house = WeComHouse(tmp_path, service)
    await house.settle(GROUPS)
    yield house
    house.end()
    await service.stop()
    assert (service.violations, service.guessed) == ([], 0)


async def test_a_kill_loses_nothing_that_was_stored(house: WeComHouse) -> None:
    assert await killed_at_half(house, 200, GROUPS) == (0, 0)


async def test_a_cut_line_doubles_at_most_what_was_in_doubt(house: WeComHouse) -> None:
    lost, twice, unmarked, doubts = await cut_amid_an_alert(house, GROUPS, 0.5)
    assert (lost, unmarked) == (0, 0)
    assert twice <= doubts <= WINDOW
