"""Two thousand updates wait, the bot is killed at half of them, and started again."""

import signal
import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path

from bench import Figure
from bench.service import LIMIT_SECONDS, Service, echo_bot, gridbot, service, stop, village

UPDATES = 2_000
QUIET_SECONDS = 2.0
TEXTS = [f"上报 {n} 号楼地下车库进水了" for n in range(UPDATES)]


def _kill_at_half(telegram: Service, start: object) -> object:
    bot = start()  # type: ignore[operator]
    telegram.until("confirmed", UPDATES // 2)
    stop(bot, signal.SIGKILL)
    return start()  # type: ignore[operator]


def _echo() -> int:
    """How many were never answered."""
    with service() as telegram:
        telegram.says(TEXTS)
        bot = _kill_at_half(telegram, lambda: echo_bot(telegram.base_url))
        before = -1
        while (sent := telegram.counts()["sent"]) != before:
            before = sent
            time.sleep(QUIET_SECONDS)
        stop(bot)  # type: ignore[arg-type]
        answered = {text.partition(" ")[2] for text in telegram.counts()["texts"]}
    return UPDATES - len(answered)


def _gridbot() -> tuple[int, int]:
    """How many made no case, and how many made two."""
    with tempfile.TemporaryDirectory() as directory, service() as telegram:
        config, path = village(Path(directory), telegram.base_url)
        telegram.says(TEXTS)
        bot = _kill_at_half(telegram, lambda: gridbot(config))
        ends = time.monotonic() + LIMIT_SECONDS
        while _one(path, "SELECT count(*) FROM inbox WHERE state = 'done'") < UPDATES:
            assert time.monotonic() < ends
            time.sleep(0.2)
        stop(bot)  # type: ignore[arg-type]
        cases = _one(path, "SELECT count(*) FROM cases WHERE gathered = 0")
        told = _one(path, "SELECT count(DISTINCT text) FROM cases")
    return UPDATES - told, cases - told


def _one(path: Path, sql: str) -> int:
    with closing(sqlite3.connect(path)) as db:
        return int(db.execute(sql).fetchone()[0])


def run() -> list[Figure]:
    lost, twice = _gridbot()
    return [
        (f"{UPDATES:,} updates, kill -9 at half: lost", str(lost), "0"),
        (f"{UPDATES:,} updates, kill -9 at half: handled twice", str(twice), "0"),
        ("the echo bot: lost", str(_echo()), "(baseline)"),
    ]
