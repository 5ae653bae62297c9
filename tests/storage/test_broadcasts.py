"""The table itself refuses what the rules refuse: whatever the code does, nobody lets out what they wrote."""

import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from domain.broadcast import Broadcast
from domain.chat import AccountId
from domain.colour import Colour
from domain.people import Who
from domain.stages import Deed, Sort
from storage.store import Store

NOON = datetime(2026, 7, 25, 12, 0, tzinfo=UTC)


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    store = await Store.open(":memory:")
    async with store.transaction():
        for name in ("王主任", "陈书记", "registered"):
            await store.people.meet(AccountId("town", name), name)
        await store.db.run("INSERT INTO grids (code, name, level) VALUES ('G', '三网格', '网格')")
        alert = Broadcast(Sort.ALERT, Who(1, "王主任"), NOON, colour=Colour.RED, text="泄洪", area=("G",))
        await store.broadcasts.add(alert)
    yield store
    await store.close()


async def change(store: Store, **columns: Any) -> None:
    async with store.transaction():
        names = ", ".join(f"{name} = ?" for name in columns)
        await store.db.run(f"UPDATE broadcasts SET {names} WHERE id = 1", *columns.values())  # noqa: S608 -- columns


@pytest.mark.parametrize(
    "columns",
    [
        {"approver": 1},
        {"sent_at": "now"},
        {"sent_at": "now", "colour": "orange"},
        {"sent_at": "now", "colour": None},
        {"sent_at": "now", "sort": "drill", "approver": None},
        {"stage": "live"},
        {"colour": "purple"},
        {"receipts": "everybody"},
    ],
)
async def test_what_the_table_refuses(store: Store, columns: dict[str, Any]) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        await change(store, **columns)


@pytest.mark.parametrize(
    "columns",
    [
        {"sent_at": "now", "approver": 2},
        {"sent_at": "now", "bypass": "坝在漏"},
        {"sent_at": "now", "colour": "yellow"},
        {"sent_at": "now", "sort": "notice", "colour": None},
    ],
)
async def test_what_the_table_lets_out(store: Store, columns: dict[str, Any]) -> None:
    await change(store, **columns)


async def test_the_log_is_never_changed(store: Store) -> None:
    for statement in ("UPDATE broadcast_log SET words = ''", "DELETE FROM broadcast_log"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            async with store.transaction():
                await store.db.run(statement)
    async with store.transaction():
        (line,) = await store.broadcasts.log(1)
    assert (line.deed, line.by) == (Deed.WRITTEN, Who(1, "王主任"))


async def test_an_author_who_turns_out_to_be_the_approver_stays_somebody_else(store: Store) -> None:
    await change(store, approver=2)
    async with store.transaction():
        await store.people.merge(1, 3)
        await store.people.merge(2, 3)
        broadcast = await store.broadcasts.get(1)
    assert broadcast
    assert broadcast.approver
    assert (broadcast.author.id, broadcast.approver.id) == (3, 2)
