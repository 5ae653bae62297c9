"""The village's file: what survives, what is refused, and in which words."""

import asyncio
import os
import sqlite3
import stat
import subprocess
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.chat import Attachment, Medium
from storage.database import Database, StorageTrouble, migrations, moment, stamp, statements
from storage.store import Store
from storage.webmedia import Kept
from tests.fresh import new_store

KEPT_TO = ("user_version", "foreign_keys", "secure_delete", "synchronous", "busy_timeout")


async def test_the_first_day_that_tests_copy_is_the_one_the_bot_makes(tmp_path: Path) -> None:
    opened = await Database.open(tmp_path / "village.db")
    copied = (await new_store()).db
    for sql in ("SELECT type, name, sql FROM sqlite_master ORDER BY name", *map("PRAGMA {}".format, KEPT_TO)):
        answers = []
        for db in (opened, copied):
            async with db.transaction():
                answers.append([tuple(row) for row in await db.all(sql)])
        assert answers[0] == answers[1], sql
    await opened.close()
    await copied.close()


async def test_a_new_file_is_private_and_opens_again(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "village.db"
    store = await Store.open(path)
    async with store.transaction():
        await store.people.add("李阿姨")
    await store.close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    store = await Store.open(path)
    async with store.transaction():
        person = await store.people.get(1)
    await store.close()
    assert person
    assert person.name == "李阿姨"


async def test_a_transaction_is_all_or_nothing_and_a_part_can_fail_alone(tmp_path: Path) -> None:
    store = await Store.open(tmp_path / "village.db")
    with pytest.raises(ZeroDivisionError):
        await _break_in(store.transaction(), store)
    async with store.transaction():
        await store.people.add("李阿姨")
        with pytest.raises(ZeroDivisionError):
            await _break_in(store.savepoint(), store)
    async with store.transaction():
        rows = await store.db.all("SELECT name FROM people")
    await store.close()
    assert [row["name"] for row in rows] == ["李阿姨"]


async def test_a_task_cancelled_at_any_moment_leaves_the_file_free(tmp_path: Path) -> None:
    store = await Store.open(tmp_path / "village.db")

    async def write() -> None:
        async with store.transaction():
            await store.people.add("李阿姨")

    for moments in range(40):
        task = asyncio.create_task(write())
        for _moment in range(moments):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        async with store.transaction():
            await store.people.add("王主任")
    await store.close()


async def _break_in(part: AbstractAsyncContextManager[None], store: Store) -> None:
    async with part:
        await store.people.add("没有这个人")
        raise ZeroDivisionError


async def test_the_pictures_of_an_older_file_are_still_shown(tmp_path: Path) -> None:
    path = tmp_path / "village.db"
    old = sqlite3.connect(path)
    for number, script in migrations():
        if number < 9:
            for statement in statements(script):
                old.execute(statement)
            old.execute(f"PRAGMA user_version = {number}")
    old.execute("INSERT INTO web_photos (id, account, jpeg, kept_at) VALUES ('p', 'li', x'ffd8', '')")
    old.execute(
        """INSERT INTO web_messages (revision, chat, account, photo, said_at)
           VALUES (1, 'grid-S', 'li', 'p', '2026-07-25T00:00:00.000000Z')"""
    )
    old.commit()
    old.close()
    store = await Store.open(path)
    async with store.transaction():
        (message,) = await store.webchat.history("grid-S", 5)
        kept = await store.webchat.media.get("p")
    await store.close()
    assert message.attachment == Attachment("web", "p", Medium.PHOTO)
    assert kept == Kept(Medium.PHOTO, "image/jpeg", b"\xff\xd8")


async def test_an_older_file_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "village.db"
    old = sqlite3.connect(path)
    first = migrations()[0]
    for statement in statements(first[1]):
        old.execute(statement)
    old.execute("PRAGMA user_version = 1")
    old.execute("INSERT INTO people (name) VALUES ('李阿姨')")
    old.commit()
    old.close()
    db = await Database.open(path)
    async with db.transaction():
        (version,) = (await db.all("PRAGMA user_version"))[0]
        people = await db.all("SELECT name FROM people")
    await db.close()
    assert version == migrations()[-1][0]
    assert people[0]["name"] == "李阿姨"


async def test_a_file_of_a_newer_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "village.db"
    newer = sqlite3.connect(path)
    newer.execute("PRAGMA user_version = 999")
    newer.close()
    with pytest.raises(StorageTrouble, match="请升级程序"):
        await Database.open(path)


async def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "village.db"
    path.write_bytes(b"this is a letter, not a database, and it is long enough to be read as one" * 20)
    with pytest.raises(StorageTrouble, match="不是 Gridbot 的数据库"):
        await Database.open(path)


async def test_a_corrupt_file(tmp_path: Path) -> None:
    path = tmp_path / "village.db"
    db = await Database.open(path)
    await db.close()
    whole = path.read_bytes()
    path.write_bytes(whole[:100] + b"\xff" * 4000 + whole[4100:])
    with pytest.raises(StorageTrouble, match=r"已损坏|不是 Gridbot"):
        await Database.open(path)


async def test_a_file_that_may_only_be_read(tmp_path: Path) -> None:
    path = tmp_path / "village.db"
    await (await Database.open(path)).close()
    with _only_read(path), pytest.raises(StorageTrouble, match=r"只读|写权限"):
        await Database.open(path)


@contextmanager
def _only_read(path: Path) -> Iterator[None]:
    """By its mode, or, for root, whom no mode stops, by its attribute where the file system has any."""
    if os.geteuid():
        path.chmod(0o400)
        yield
        path.chmod(0o600)
        return
    if subprocess.run(["chattr", "+i", str(path)], capture_output=True, check=False).returncode:
        pytest.skip("nothing is read-only to root on this file system")
    yield
    subprocess.run(["chattr", "-i", str(path)], check=True)


async def test_a_directory_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a directory")
    with pytest.raises(StorageTrouble, match="请检查目录"):
        await Database.open(tmp_path / "file" / "village.db")


async def test_a_locked_file_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.database.BUSY_TIMEOUT_MS", 10)
    path = tmp_path / "village.db"
    await (await Database.open(path)).close()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA user_version = 0")
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StorageTrouble, match="被别的程序占用"):
        await Database.open(path)
    other.close()


async def test_the_log_of_a_case_is_append_only(tmp_path: Path) -> None:
    store = await Store.open(tmp_path / "village.db")
    async with store.transaction():
        await store.db.run("INSERT INTO grids (code, name, level) VALUES ('V', '村', '村')")
        await store.db.run(
            """INSERT INTO cases (kind, state, origin, grid, text, reported_channel, reported_chat, reported_at)
               VALUES ('flood', 'reported', 'V', 'V', '', 'web', 'x', '')"""
        )
        await store.db.run("INSERT INTO case_log (case_id, at, event, grid) VALUES (1, '', 'reported', 'V')")
    for sql in ("UPDATE case_log SET event = 'closed'", "DELETE FROM case_log"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            async with store.transaction():
                await store.db.run(sql)
    await store.close()


async def test_only_people_s_own_words_can_be_taken_out_of_the_log(tmp_path: Path) -> None:
    store = await Store.open(tmp_path / "village.db")
    async with store.transaction():
        await store.db.run("INSERT INTO grids (code, name, level) VALUES ('V', '村', '村')")
        await store.db.run(
            """INSERT INTO cases (kind, state, origin, grid, text, reported_channel, reported_chat, reported_at)
               VALUES ('flood', 'reported', 'V', 'V', '', 'web', 'x', '')"""
        )
        await store.db.run(
            "INSERT INTO case_log (case_id, at, event, grid, words) VALUES (1, '', 'added', 'V', '红衣服')"
        )
        await store.db.run("UPDATE case_log SET words = ''")
    for change in ("words = '蓝衣服'", "words = '', detail = 'x'", "words = '', person = NULL, at = '1'"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            async with store.transaction():
                await store.db.run(f"UPDATE case_log SET {change}")  # noqa: S608 -- ours
    await store.close()


def test_text_order_of_stored_times_is_time_order() -> None:
    early, late = datetime(2026, 1, 2, 3, 4, 5, 6, UTC), datetime(2026, 1, 2, 3, 4, 5, 60, UTC)
    assert stamp(early) < stamp(late)
    assert len(stamp(early)) == len(stamp(late))
    assert moment(stamp(early)) == early
