"""The demo's village has a sweep on its hands at once, the same for every start."""

from bot.config import surveys
from bot.demo.underway import begin_sweep
from bot.demo.village import settle
from tests.fresh import new_store
from tests.town import NOON


async def test_a_visitor_finds_a_sweep_and_a_second_start_begins_no_other() -> None:
    store = await new_store()
    village = await settle(store, 1, NOON)
    for _start in range(2):
        await begin_sweep(store, surveys.load("zh"), village, NOON)
    async with store.transaction():
        first, second = await store.sweeps.get(1), await store.sweeps.get(2)
        top = await store.sweep_counts.top(1)
    await store.close()
    assert first
    assert first.running
    assert second is None
    assert top
    assert top.squads == 5
