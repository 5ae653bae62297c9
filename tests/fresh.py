"""A village's first day without its wait: the tables are built once for all tests, and each gets a copy."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

from storage.database import Connection, Database, Row, _prepare, migrations, statements
from storage.store import Store


@cache
def first_day() -> bytes:
    """What opening a new file makes of it; tests/storage holds the two against each other."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        for number, script in migrations():
            for statement in statements(script):
                db.execute(statement)
            db.execute(f"PRAGMA user_version = {number}")
        return db.serialize()


def new_file(path: Path) -> Path:
    """A file for the bot to open, as it left it on the first day."""
    path.write_bytes(first_day())
    return path


async def new_store() -> Store:
    """A village in memory. What needs a file (restarts, other processes, a full disk) opens a file."""
    connection = await OnTheSpot(_copied, iter_chunk_size=64)
    connection.row_factory = sqlite3.Row
    await _prepare(connection)
    return Store(Database(":memory:", connection))


def _copied() -> sqlite3.Connection:
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.deserialize(first_day())
    return db


class OnTheSpot(Connection):
    """Memory makes nobody wait, so no thread is asked: two changes of threads cost more than most statements."""

    def __await__(self) -> Any:
        return self._connect().__await__()

    async def _connect(self) -> "OnTheSpot":
        self._connection = self._connector()
        return self

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if not self._connection:
            raise ValueError("Connection closed")
        # Others get their turn here, as they do while a disk works: what may come between two statements does.
        await asyncio.sleep(0)
        return fn(*args, **kwargs)

    async def at_once(self, sql: str, parameters: Sequence[Any]) -> list[Row]:
        return list(await self.execute_fetchall(sql, parameters))

    async def many_at_once(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        await self.executemany(sql, rows)

    def stop(self) -> None:
        """There is no thread."""
