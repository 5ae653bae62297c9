"""The real bot as a process of its own, on a real file, at a Telegram on loopback; and the ways to hurt it."""

import asyncio
import multiprocessing
import os
import signal
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from bot.clock import SystemClock
from domain.chat import Outgoing
from storage.failpoints import VARIABLE
from storage.store import Store
from tests.bot.telegram.test_village import OWNER, village
from tests.standin.telegram import TOKEN, Telegram

PATIENCE_SECONDS = 50.0
"""A crowded machine takes long to start a process; a bot that hangs is found out all the same."""

_processes = multiprocessing.get_context("forkserver")
# Each life begins in a process that has read the program already: what is tried is the bot, not the import of it.
_processes.set_forkserver_preload(["bot.cli", "bot.serve"])

CONFIG = """
owners = ["telegram:{owner}"]
[storage]
path = "{path}"
[telegram]
base_url = "{base_url}"
per_second = {per_second}
per_chat = "1s"
per_group_minute = {per_group_minute}
[web]
enabled = false
[quiet]
enabled = false
[flood]
per_person = 100000
per_group = 100000
"""


class House:
    """`lives` are the bot's runs, the last one the present; what the service heard is in `telegram`."""

    secrets: Mapping[str, str] = {"GRIDBOT_TELEGRAM_TOKEN": TOKEN}

    def __init__(self, directory: Path, telegram: Telegram) -> None:
        self.path, self.telegram = directory / "village.db", telegram
        self._config, self._log = directory / "config.toml", directory / "bot.log"
        self._lives: list[BaseProcess] = []

    async def build(self, per_second: int = 1000, per_group_minute: int = 100_000) -> None:
        await (await village(self.path)).close()
        self.run("UPDATE chats SET grid = 'S13'")
        pace = {"per_second": per_second, "per_group_minute": per_group_minute}
        text = CONFIG.format(owner=OWNER, path=self.path, base_url=self.telegram.base_url, **pace)
        self._config.write_text(text, "utf-8")

    # -- it lives and dies -----------------------------------------------------

    def start(self, die_at: str = "") -> None:
        environment = {**self.secrets, VARIABLE: die_at}
        life = _processes.Process(target=_live, args=(str(self._config), environment, str(self._log)))
        life.start()
        self._lives.append(life)

    @property
    def alive(self) -> bool:
        return self._lives[-1].is_alive()

    def kill(self) -> None:
        self._lives[-1].kill()
        self._lives[-1].join()

    async def dead(self) -> int | None:
        """How it ended: a signal below zero, or what it told the shell."""
        await self.until(lambda: not self.alive)
        return self._lives[-1].exitcode

    async def stopped(self) -> int | None:
        """As a service manager stops it."""
        self._lives[-1].terminate()
        return await self.dead()

    def suspend(self) -> None:
        os.kill(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    @property
    def pid(self) -> int:
        pid = self._lives[-1].pid
        assert pid
        return pid

    def limit_files(self, size: int) -> None:
        """No file of the bot's may grow beyond this many bytes; -1 lifts it."""
        import resource

        resource.prlimit(self.pid, resource.RLIMIT_FSIZE, (size, -1))

    def end(self) -> None:
        for life in self._lives:
            if life.is_alive():
                life.kill()
            life.join()

    # -- it is looked at from outside ------------------------------------------

    async def until(self, holds: Callable[[], object], seconds: float = PATIENCE_SECONDS) -> None:
        try:
            async with asyncio.timeout(seconds):
                while not holds():  # noqa: ASYNC110 -- another process does the work
                    await asyncio.sleep(0.01)
        except TimeoutError:
            raise AssertionError(f"it did not come to that; the bot's log ends:\n{self.log[-3000:]}") from None

    async def rest(self) -> None:
        """As long as a bot that lives would need to say something more."""
        await asyncio.sleep(0.2)

    @property
    def log(self) -> str:
        return self._log.read_text("utf-8", errors="replace") if self._log.exists() else ""

    def rows(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.path, timeout=30)) as db:
            return db.execute(sql, parameters).fetchall()

    def count(self, sql: str, *parameters: object) -> int:
        return int(self.rows(sql, *parameters)[0][0])

    def run(self, sql: str, rows: Sequence[Sequence[object]] = ((),)) -> None:
        with closing(sqlite3.connect(self.path, timeout=30)) as db, db:
            db.executemany(sql, rows)

    # -- what is said to many --------------------------------------------------

    def doubts(self) -> dict[int, int]:
        """How often it is on record, by chat, that nobody knows whether a message arrived."""
        return {int(chat): doubts for chat, doubts in self.rows("SELECT chat, sum(doubts) FROM outbox GROUP BY chat")}

    async def promise(self, *outs: Outgoing) -> None:
        """Into the outbox by another hand, as a command beside the running bot does."""
        store = await Store.open(self.path)
        async with store.transaction():
            store.outbox.add(outs, SystemClock().now())
        await store.close()

    async def delivered(self) -> None:
        """Nothing waits and nothing is under way."""
        await self.until(lambda: not self.count("SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending')"))

    async def heard(self, reports: int) -> None:
        await self.until(lambda: self.count("SELECT count(*) FROM inbox WHERE state = 'done'") == reports)


def _live(config: str, environment: dict[str, str], log: str) -> None:
    os.environ.update(environment)
    with Path(log).open("ab") as file:
        os.dup2(file.fileno(), 2)
    from bot.cli import main

    main(["run", "--config", config])
