"""The look for reports of the same thing is one step into an index, however many cases there are."""

from datetime import UTC, datetime

from domain.case import open_case
from domain.chat import ChatId
from domain.gathering import Picture
from domain.kinds import Kinds
from tests.fresh import new_store
from tests.town import Town

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


async def test_households_are_counted_by_door_then_by_person_then_by_report(town: Town) -> None:
    """Also two of one door, one by whoever is forgotten, and one that followed another that follows."""
    for number, who in enumerate(("李阿姨", "赵叔", "赵叔", "钱婶"), start=1):
        await town.says(who, f"上报 {number} 号楼门口的路灯坏了", chat="十三队群")
    for parted, into in ((4, 3), (3, 2), (2, 1)):
        await town.says("张队长", f"并案 {parted} {into}", chat="十三队群")
    async with town.store.transaction():
        for person in await town.store.db.all("SELECT id FROM people WHERE name IN ('李阿姨', '钱婶')"):
            await town.store.people.settle(person["id"], "S13", "301")
        await town.store.db.run("UPDATE cases SET reporter = NULL WHERE id = 3")
        await town.store.db.run("UPDATE cases SET severity = 'knee', danger = 1 WHERE id IN (2, 4)")
        await town.store.db.run("UPDATE cases SET severity = 'waist' WHERE id = 1")
        seen = await town.store.sameness.seen(1)
    assert seen == Picture(reports=4, households=3, worst="waist", endangered=2)
