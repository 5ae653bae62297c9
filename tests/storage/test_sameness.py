"""The look for reports of the same thing is one step into an index, however many cases there are."""

from datetime import UTC, datetime

from domain.case import open_case
from domain.chat import ChatId
from domain.kinds import Kinds
from tests.fresh import new_store

NOON = datetime(2026, 7, 25, 4, tzinfo=UTC)


async def test_those_near_are_found_by_an_index() -> None:
    store = await new_store()
    case = open_case(Kinds()["flood"], "S", "S", "水", None, ChatId("town", "群"), NOON, vicinity="V")
    asked: list[str] = []
    async with store.transaction():
        await store.db._connection.set_trace_callback(asked.append)
        await store.sameness.near(case, NOON)
        await store.db._connection.set_trace_callback(None)
        (look,) = asked
        plan = [row["detail"] for row in await store.db.all(f"EXPLAIN QUERY PLAN {look}")]
    await store.close()
    assert any("cases_alike (vicinity=? AND kind=? AND heard_at>?)" in step for step in plan), plan
    assert not any(step.startswith("SCAN") or "TEMP B-TREE" in step for step in plan), plan
