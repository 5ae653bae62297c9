"""A Telegram on loopback in a process of its own, and the two bots that are compared on it."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from tests.standin.telegram import TOKEN

ROOT = Path(__file__).parent.parent
GROUPS = 2_000
"""A report from each: so many squads, and no chat hears two in a second."""
LIMIT_SECONDS = 120.0


class Service:
    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self._control = base_url.removesuffix("bot") + "control"

    def says(self, texts: list[str]) -> None:
        """One resident after the other, in one group after the other."""
        said = [[-1000 - n % GROUPS, 5000 + n % 400, text] for n, text in enumerate(texts)]
        request = urllib.request.Request(f"{self._control}/says", json.dumps(said).encode())  # noqa: S310
        urllib.request.urlopen(request).close()  # noqa: S310 -- our own, on loopback

    def counts(self) -> dict[str, Any]:
        with urllib.request.urlopen(f"{self._control}/counts") as answer:  # noqa: S310
            counts: dict[str, Any] = json.load(answer)
        return counts

    def until(self, what: str, count: int) -> dict[str, Any]:
        ends = time.monotonic() + LIMIT_SECONDS
        while (counts := self.counts())[what] < count:
            if time.monotonic() > ends:
                raise TimeoutError(f"{what}: {counts[what]} of {count}")
            time.sleep(0.02)
        return counts


@contextmanager
def service() -> Iterator[Service]:
    process = _python("-m", "tests.standin.telegram", "--no-check", stdout=subprocess.PIPE)
    assert process.stdout
    try:
        yield Service(process.stdout.readline().decode().strip())
    finally:
        stop(process)


def echo_bot(base_url: str) -> subprocess.Popen[bytes]:
    """python-telegram-bot as its documentation shows it: answers every message, stores nothing."""
    return _python("-m", "bench.echo", base_url)


def gridbot(config: Path) -> subprocess.Popen[bytes]:
    return _python("-m", "bot", "run", "--config", str(config))


def village(directory: Path, base_url: str) -> tuple[Path, Path]:
    """A config and a file: a village, a squad for each group, its leader in the group."""
    path, config = directory / "village.db", directory / "config.toml"
    config.write_text(
        f'[storage]\npath = "{path}"\n[telegram]\nbase_url = "{base_url}"\n'
        'per_second = 0\nper_chat = "1s"\nper_group_minute = 100000\n[web]\nenabled = false\n'
        # What is measured is the machine; day and night, and whoever says a thousand things, are as one to it.
        "[quiet]\nenabled = false\n[flood]\nper_person = 1000000\nper_group = 1000000\n",
        "utf-8",
    )
    subprocess.run([sys.executable, "-m", "bot", "check", "--config", str(config)], cwd=ROOT, capture_output=True)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("INSERT INTO grids (code, name, level) VALUES ('V', '村', '村')")
        for n in range(GROUPS):
            squad, chat = f"S{n}", str(-1000 - n)
            db.execute("INSERT INTO grids (code, name, level, parent) VALUES (?, ?, '小队', 'V')", (squad, squad))
            db.execute(
                "INSERT INTO chats (channel, chat, kind, title, grid) VALUES ('telegram', ?, 'group', ?, ?)",
                (chat, f"群{chat}", squad),
            )
            db.execute("INSERT INTO people (id, name) VALUES (?, ?)", (n + 1, f"队长{n}"))
            db.execute("INSERT INTO appointments VALUES (?, ?, 'leader')", (n + 1, squad))
            db.execute("INSERT INTO accounts (channel, account, person) VALUES ('telegram', ?, ?)", (str(n + 1), n + 1))
    return config, path


def stop(process: subprocess.Popen[bytes], how: int = signal.SIGTERM) -> None:
    process.send_signal(how)
    process.wait(20)
    if process.stdout:
        process.stdout.close()


def _python(*words: str, stdout: int | None = None) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "GRIDBOT_TELEGRAM_TOKEN": TOKEN, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, *words], cwd=ROOT, env=environment, stdout=stdout, stderr=subprocess.DEVNULL
    )
