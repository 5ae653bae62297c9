"""A disk that is full, read-only, failing, locked or broken; two bots on one file. What is said stays where it was."""

import os
import random
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from domain.chat import Promise
from tests.bot.telegram.test_village import GROUP
from tests.faults.house import House
from tests.faults.promises import copies, groups, to_all
from tests.standin.telegram import Telegram

REPORTS = 20
CHATS = groups(20)
DISK = "size=8m"


async def survives(house: House, hurt: Callable[[], object], heal: Callable[[], object]) -> None:
    """It is hurt while people report; they and those who are to be told lose nothing by it."""
    house.start()
    await house.until(lambda: house.telegram.calls["getUpdates"])
    hurt()
    asked = house.telegram.calls["getUpdates"]
    for n in range(REPORTS):
        house.telegram.says(GROUP, 1000 + n, f"上报 {n} 号楼的路灯坏了")
    await house.until(lambda: house.telegram.calls["getUpdates"] > asked)
    assert house.telegram.confirmed == 0, "what is not on the disk stays with the service"
    assert house.alive
    heal()
    await house.heard(REPORTS)
    await house.promise(*to_all(CHATS, Promise.LIFE))
    # The answers to the reports wait behind it, one a second.
    await house.until(lambda: len(copies(house.telegram)) == len(CHATS))
    assert house.count("SELECT count(*) FROM cases WHERE gathered = 0") == REPORTS
    assert {chat: len(heard) for chat, heard in copies(house.telegram).items()} == dict.fromkeys(CHATS, 1)
    assert house.rows("PRAGMA integrity_check") == [("ok",)]
    assert await house.stopped() == 0


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small one of its own, the log on it too."""
    path = tmp_path / "disk"
    path.mkdir()
    if os.geteuid() or subprocess.run(["mount", "-t", "tmpfs", "-o", DISK, "gridbot", path], check=False).returncode:
        pytest.skip("only root may mount a small disk, where mounting is allowed at all")
    yield path
    subprocess.run(["umount", "-l", path], check=True)


@pytest.fixture
async def small_house(disk: Path, telegram: Telegram) -> Iterator[House]:  # type: ignore[misc]
    house = House(disk, telegram)
    await house.build()
    yield house
    house.end()


async def test_a_full_disk(small_house: House, disk: Path) -> None:
    ballast = disk / "ballast"

    def fill() -> None:
        with ballast.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 512)
            except OSError:
                return

    await survives(small_house, fill, ballast.unlink)


async def test_a_file_that_may_not_grow(house: House) -> None:
    """As by a quota; the log may not grow either."""
    await survives(house, lambda: house.limit_files(1), lambda: house.limit_files(-1))


@pytest.mark.parametrize(("calls", "error"), [("fsync,fdatasync", "EIO"), ("pwrite64", "EROFS")])
async def test_a_disk_that_fails_or_turns_read_only(house: House, calls: str, error: str) -> None:
    if not shutil.which("strace"):
        pytest.skip("strace is not there: nothing else makes a disk fail")
    tracers: list[subprocess.Popen[bytes]] = []

    def fail() -> None:
        what = ["-e", f"trace={calls}", "-e", f"inject={calls}:error={error}"]
        tracer = subprocess.Popen(
            ["strace", "-f", "-o", "/dev/null", *what, "-p", str(house.pid)], stderr=subprocess.PIPE
        )
        tracers.append(tracer)
        assert tracer.stderr
        if b"attached" not in tracer.stderr.readline():
            pytest.skip("strace may not look into another process here")

    def heal() -> None:
        tracers[0].terminate()
        tracers[0].communicate()

    await survives(house, fail, heal)


async def test_a_file_that_another_program_holds(house: House) -> None:
    other = sqlite3.connect(house.path, isolation_level=None)
    await survives(house, lambda: other.execute("BEGIN IMMEDIATE"), other.close)


async def test_a_broken_page_loses_nothing_that_was_said_since(house: House, tmp_path: Path) -> None:
    """The file is beyond help and says so; the service keeps what people say until the last good copy is back."""
    house.run("PRAGMA wal_checkpoint(TRUNCATE)")
    good = house.path.read_bytes()
    (page,) = house.rows("SELECT rootpage FROM sqlite_master WHERE name = 'inbox'")[0]
    (size,) = house.rows("PRAGMA page_size")[0]
    house.path.write_bytes(good[: (page - 1) * size] + b"\xff" * size + good[page * size :])
    house.telegram.says(GROUP, 1000, "上报 路灯坏了")
    house.start()
    await house.until(lambda: "SQLITE_CORRUPT" in house.log or not house.alive)
    assert house.telegram.confirmed == 0
    house.end()
    for name in ("village.db-wal", "village.db-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    house.path.write_bytes(good)
    house.start()
    await house.heard(1)
    assert house.rows("SELECT text FROM cases") == [("路灯坏了",)]


async def test_two_bots_on_one_file_are_one_too_many(house: House, dice: random.Random) -> None:
    await house.promise(*to_all(CHATS, Promise.LIFE))
    house.start()
    await house.until(lambda: len(house.telegram.sent) >= dice.randint(1, len(CHATS)))
    house.start()
    assert await house.dead() == 1
    assert "另一个机器人正在用数据库" in house.log
    await house.delivered()
    assert {chat: len(heard) for chat, heard in copies(house.telegram).items()} == dict.fromkeys(CHATS, 1)
