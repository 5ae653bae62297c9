"""The village's one file: opened safely, brought up to date, written by one transaction at a time."""

import asyncio
import os
import re
import sqlite3
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import aiosqlite

from domain.language import _
from storage.failpoints import Point, reached

BUSY_TIMEOUT_MS = 5_000
"""How long a write waits for another process (an import, an invitation) before it gives up."""

STATEMENTS = 1_000
"""More than there are in this package, those with a list of parameters in several lengths."""

_WRITES = re.compile(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM) (\w+)")

_OUT_OF_ORDER = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_NOTADB,
}

Row = sqlite3.Row


class StorageTrouble(Exception):  # noqa: N818 -- said to the operator in these words
    """The file cannot be used; the sentence says what is wrong and what to do."""


def stamp(moment: datetime) -> str:
    """A time as it is stored: UTC, one fixed width, so that text order is time order."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def moment(stored: str) -> datetime:
    return datetime.fromisoformat(stored)


def maybe_moment(stored: str | None) -> datetime | None:
    return moment(stored) if stored else None


def maybe_stamp(at: datetime | None) -> str | None:
    return stamp(at) if at else None


def marks(values: Sequence[object]) -> str:
    """`?,?,?` for an IN list; the values themselves always go in as parameters."""
    return ",".join("?" * len(values))


def wanted(columns: str, values: Sequence[Sequence[object]]) -> str:
    """`WITH wanted (channel, chat) AS (VALUES (?,?), (?,?))`, to be cross-joined with a table: each is looked up by its
    index then. For `(channel, chat) IN` a list of several, SQLite would go through the whole table."""
    return f"WITH wanted ({columns}) AS (VALUES {', '.join(f'({marks(value)})' for value in values)})"


def is_out_of_order(error: sqlite3.Error) -> bool:
    """Whether the disk or the file failed (try again later), and not the statement (never will work)."""
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in _OUT_OF_ORDER


class Connection(aiosqlite.Connection):
    """What waits for the disk or for other programs (BEGIN, COMMIT) does so in the connection's own thread. Between the
    two a statement works in memory nearly always, and two changes of threads would cost more than most of them do."""

    async def at_once(self, sql: str, parameters: Sequence[Any]) -> list[Row]:
        return self._conn.execute(sql, parameters).fetchall()

    async def many_at_once(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        self._conn.executemany(sql, rows)


class Database:
    """One connection. Every read and write happens inside `transaction()`, which lets one task in at a time."""

    def __init__(self, path: str, connection: Connection) -> None:
        self.path = path
        self._connection = connection
        self._turn = asyncio.Lock()
        self._inside = False
        self._bytes_left = False
        self._known: list[tuple[frozenset[str], dict[Any, Any]]] = []
        self._late: dict[str, list[Sequence[Any]]] = {}

    @classmethod
    async def open(cls, path: str | Path) -> "Database":
        """Open or create the file and bring its tables up to date; StorageTrouble where that cannot be done."""
        name = str(path)
        if name != ":memory:":
            _make_private(Path(name))
        try:
            connection = await _connected(name)
        except sqlite3.Error as error:
            raise trouble(error, name) from error
        try:
            connection.row_factory = sqlite3.Row
            await _prepare(connection)
            await _migrate(connection, name)
        except sqlite3.Error as error:
            await connection.close()
            raise trouble(error, name) from error
        except BaseException:
            await connection.close()
            raise
        return cls(name, connection)

    async def close(self) -> None:
        async with self._turn:
            await self._connection.close()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        """All of it or none of it, on the disk when this returns."""
        async with self._turn:
            try:
                await self._surely("BEGIN IMMEDIATE")
                self._inside = True
                yield
                await self._write_late()
                await self._surely("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    await self._surely("ROLLBACK")
                raise
            finally:
                self._inside = False
                self._late.clear()
                self._forget()
            if self._bytes_left:
                await self._empty_the_log()

    def leave_no_bytes(self) -> None:
        """What this transaction erases must not stay in the write-ahead log either. (`secure_delete` sees to the
        file itself.)"""
        self._bytes_left = True

    async def _empty_the_log(self) -> None:
        """Where another process reads at this moment, after the next transaction."""
        (row,) = await self._connection.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")
        self._bytes_left = bool(row[0])

    async def _surely(self, sql: str) -> None:
        """A task that is cancelled still waits for the end of this: half a COMMIT would block all that come after."""
        work = asyncio.ensure_future(self._connection.execute(sql))
        try:
            await asyncio.shield(work)
        except asyncio.CancelledError:
            await asyncio.wait([work])
            raise

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """A part of the transaction that can fail alone."""
        await self._write_late()
        await self.run("SAVEPOINT part")
        try:
            yield
        except BaseException:
            self._late.clear()
            self._forget()
            # A full disk may have rolled back everything, the savepoint with it.
            if self._connection.in_transaction:
                await self.run("ROLLBACK TO part")
                await self.run("RELEASE part")
            raise
        await self.run("RELEASE part")

    def known(self, *tables: str) -> dict[Any, Any]:
        """Where a repository keeps what it read from these tables; emptied when one of them is written to, and at the
        end of each transaction, after which other programs may write to them."""
        known: dict[Any, Any] = {}
        self._known.append((frozenset(tables), known))
        return known

    async def all(self, sql: str, *parameters: object) -> list[Row]:
        assert self._inside, "storage is used inside a transaction only"  # noqa: S101
        if self._late and not _words(sql).isdisjoint(map(written, self._late)):
            await self._write_late()
        if table := written(sql):
            self._forget(table)
        return await self._connection.at_once(sql, parameters)

    async def one(self, sql: str, *parameters: object) -> Row | None:
        rows = await self.all(sql, *parameters)
        return rows[0] if rows else None

    async def run(self, sql: str, *parameters: object) -> None:
        await self.all(sql, *parameters)

    async def run_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        assert self._inside, "storage is used inside a transaction only"  # noqa: S101
        if table := written(sql):
            self._forget(table)
        await self._connection.many_at_once(sql, rows)

    def run_late(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Written with those of the whole batch, before anybody reads that table and before the transaction ends."""
        self._late.setdefault(sql, []).extend(rows)

    async def _write_late(self) -> None:
        late, self._late = self._late, {}
        for sql, rows in late.items():
            await self.run_many(sql, rows)

    def _forget(self, table: str | None = None) -> None:
        for tables, known in self._known:
            if table is None or table in tables:
                known.clear()


@lru_cache(maxsize=STATEMENTS)
def written(sql: str) -> str | None:
    """The table that a statement writes to."""
    found = _WRITES.match(sql)
    return found[1] if found else None


@lru_cache(maxsize=STATEMENTS)
def _words(sql: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", sql))


def _make_private(path: Path) -> None:
    """Only the bot's own account may read the register; the umask cannot be relied on for that."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDONLY, 0o600))
    except OSError as error:
        raise StorageTrouble(
            _("打不开数据库 {path}：{why}。请检查目录是否存在、磁盘是否已满、是否有写权限。").format(
                path=path, why=error.strerror
            )
        ) from error


async def _connected(path: str) -> Connection:
    def connect() -> sqlite3.Connection:
        # Two threads, one at a time: a transaction is one task's, and it waits for the other thread.
        return sqlite3.connect(path, isolation_level=None, check_same_thread=False)

    connection = Connection(connect, iter_chunk_size=64)
    await connection
    return connection


async def _prepare(connection: aiosqlite.Connection) -> None:
    await connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    await connection.execute("PRAGMA journal_mode = WAL")
    await connection.execute("PRAGMA synchronous = FULL")
    await connection.execute("PRAGMA foreign_keys = ON")
    await connection.execute("PRAGMA secure_delete = ON")


def migrations() -> list[tuple[int, str]]:
    """Number and SQL of every schema file, in order."""
    found = (f for f in files("storage").joinpath("schema").iterdir() if f.name.endswith(".sql"))
    return sorted((int(f.name[:4]), f.read_text("utf-8")) for f in found)


async def _migrate(connection: aiosqlite.Connection, path: str) -> None:
    """Run what this file has not seen, each schema file in one transaction with its number."""
    known = migrations()
    (version,) = next(iter(await connection.execute_fetchall("PRAGMA user_version")))
    if version > known[-1][0]:
        raise StorageTrouble(
            _(
                "数据库 {path} 是更新版本的 Gridbot 写的（{theirs}，本程序只认到 {ours}）。请升级程序，不要改动文件。"
            ).format(path=path, theirs=version, ours=known[-1][0])
        )
    for number, script in known:
        if number > version:
            await connection.execute("BEGIN IMMEDIATE")
            for statement in statements(script):
                await connection.execute(statement)
            reached(Point.MIGRATING)
            await connection.execute(f"PRAGMA user_version = {number}")
            await connection.execute("COMMIT")
    # SQLite opens a file that it may only read without a word, and says so at the first write.
    await connection.execute(f"PRAGMA user_version = {known[-1][0]}")


def statements(script: str) -> Iterable[str]:
    """The script's statements one by one: `executescript` would commit in the middle."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def trouble(error: sqlite3.Error, path: str) -> StorageTrouble:
    """What is wrong with the file and what to do, in plain words."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    sentences = {
        sqlite3.SQLITE_BUSY: _("数据库 {path} 被别的程序占用。请关掉正在用它的程序再试。"),
        sqlite3.SQLITE_LOCKED: _("数据库 {path} 被别的程序占用。请关掉正在用它的程序再试。"),
        sqlite3.SQLITE_READONLY: _("数据库 {path} 只读。请给运行机器人的账号写权限。"),
        sqlite3.SQLITE_FULL: _("磁盘满了，数据库 {path} 写不进去。请腾出空间。"),
        sqlite3.SQLITE_CORRUPT: _("数据库 {path} 已损坏。请停机，用最近的备份替换它。"),
        sqlite3.SQLITE_NOTADB: _("{path} 不是 Gridbot 的数据库。请检查配置里的 [storage] path。"),
        sqlite3.SQLITE_CANTOPEN: _("打不开数据库 {path}。请检查目录是否存在、是否有写权限。"),
    }
    sentence = sentences.get(code, _("数据库 {path} 出错，请检查磁盘。"))
    return StorageTrouble(f"{sentence.format(path=path)} ({error})")
