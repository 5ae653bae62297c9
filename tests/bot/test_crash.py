"""The bot is killed in the middle, and started again: nothing is lost, nothing is handled twice."""

import asyncio
import os
import signal
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from tests.bot.telegram.test_village import GROUP, OWNER, until, village
from tests.standin.telegram import TOKEN, Telegram

ROOT = Path(__file__).parents[2]
REPORTS = 300


async def start(config: Path) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", "--config", str(config),
        env={**os.environ, "PYTHONPATH": str(ROOT), "GRIDBOT_TELEGRAM_TOKEN": TOKEN},
        cwd=config.parent,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as db:
        return db.execute(sql).fetchall()


async def written(tmp_path: Path, telegram: Telegram) -> tuple[Path, Path]:
    path = tmp_path / "village.db"
    await (await village(path)).close()
    config = tmp_path / "config.toml"
    config.write_text(
        f"""
        owners = ["telegram:{OWNER}"]
        [storage]
        path = "{path}"
        [telegram]
        base_url = "{telegram.base_url}"
        per_second = 1000
        per_chat = "1s"
        per_group_minute = 100000
        [web]
        enabled = false
        """,
        "utf-8",
    )
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE chats SET grid = 'S13'")
        db.executemany(
            "INSERT INTO chats (channel, chat, kind, title, grid) VALUES ('telegram', ?, 'group', '', 'S13')",
            [(str(GROUP - n - 1),) for n in range(5)],
        )
    return config, path


async def test_killed_in_the_middle_of_a_storm(tmp_path: Path) -> None:
    telegram = Telegram()
    await telegram.start()
    config, path = await written(tmp_path, telegram)
    for n in range(REPORTS):
        telegram.says(GROUP - n % 5, 1000 + n, f"上报 {n} 号楼进水了")
    first = await start(config)
    await until(lambda: telegram.confirmed >= REPORTS // 3)
    first.send_signal(signal.SIGKILL)
    await first.wait()
    second = await start(config)
    await until_all_handled(path)
    second.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(second.wait(), 20) == 0
    await telegram.stop()
    told = rows(path, "SELECT text, count(*) FROM cases WHERE gathered = 0 GROUP BY text")
    assert len(told) == REPORTS, "lost"
    assert {count for _text, count in told} == {1}, "handled twice"
    assert rows(path, "SELECT DISTINCT state FROM inbox") == [("done",)]
    assert telegram.violations == []


async def until_all_handled(path: Path) -> None:
    async with asyncio.timeout(30):
        # Another process does the work; its file is all there is to look at.
        while rows(path, "SELECT count(*) FROM inbox WHERE state = 'done'")[0][0] != REPORTS:  # noqa: ASYNC110
            await asyncio.sleep(0.1)


async def test_two_bots_on_one_file_are_one_too_many(tmp_path: Path) -> None:
    telegram = Telegram()
    await telegram.start()
    config, _path = await written(tmp_path, telegram)
    first = await start(config)
    await until(lambda: telegram.calls["getUpdates"])
    second = await start(config)
    assert await asyncio.wait_for(second.wait(), 20) == 1
    first.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(first.wait(), 20) == 0
    await telegram.stop()
