"""What is asked for a list of several is looked up by an index, each by itself, however large the village."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from domain.chat import AccountId, ChatId
from storage.cards import cards_at
from storage.store import Store
from tests.fresh import new_store

SEVERAL = [ChatId("town", f"{n}号群") for n in range(3)]
PEOPLE = [AccountId("town", f"住户{n}") for n in range(3)]

LOOKS: dict[str, Callable[[Store], Awaitable[object]]] = {
    "chats": lambda store: store.chats.look_up(SEVERAL),
    "accounts": lambda store: store.people.look_up(PEOPLE),
    "private chats": lambda store: store.people.heard_as(PEOPLE),
    "loose pictures": lambda store: store.threads.look_up(zip(SEVERAL, PEOPLE, strict=True)),
    "cards": lambda store: cards_at(store.db, [(*chat, "alert:1") for chat in SEVERAL]),
    "cards of a digest": lambda store: store.digests.shown(SEVERAL, [1, 2]),
}


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    store = await new_store()
    yield store
    await store.close()


@pytest.mark.parametrize("look", LOOKS)
async def test_no_table_is_gone_through(store: Store, look: str) -> None:
    asked: list[str] = []
    async with store.transaction():
        await store.db._connection.set_trace_callback(asked.append)
        await LOOKS[look](store)
        await store.db._connection.set_trace_callback(None)
        (sql,) = asked
        plan = [row["detail"] for row in await store.db.all(f"EXPLAIN QUERY PLAN {sql}")]
    scanned = [step for step in plan if step.startswith("SCAN") and "wanted" not in step and "CONSTANT" not in step]
    assert not scanned, plan


async def test_a_thousand_places_and_more_are_found(store: Store) -> None:
    places = [("town", f"{n}号群", "alert:1") for n in range(1_001)]
    async with store.transaction():
        await store.db.run_many("INSERT INTO cards (channel, chat, card) VALUES (?, ?, ?)", places)
        await store.db.run("UPDATE cards SET message_id = 'm7' WHERE chat = '7号群'")
        found = await cards_at(store.db, [*places, ("town", "别处", "alert:1")])
    assert found.keys() == set(places)
    assert [place[1] for place, message in found.items() if message] == ["7号群"]
