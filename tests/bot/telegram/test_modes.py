"""A mode in a whole house on Telegram: names, menus and pins of many groups, within the bot's rights."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.app import App
from bot.clock import SystemClock
from bot.config import modes
from domain.chat import ChatId, ChatKind
from storage.store import Store
from tests.bot.telegram.conftest import channel_to
from tests.bot.telegram.test_village import LEADER, SETTINGS, until, village
from tests.standin.telegram import Telegram
from tests.town import recogniser_of

GROUPS = range(-1012, -1000)
LOCKED, THEIRS = -1003, -1004
FLOODED = replace(SETTINGS, modes=modes.load("zh"))


async def house(store: Store, telegram: Telegram) -> asyncio.Task[None]:
    app = App(store, FLOODED, SystemClock(), tick_seconds=0.05, recogniser=recogniser_of(FLOODED.kinds))
    app.add(channel_to(telegram.base_url))
    return asyncio.create_task(app.run())


async def ended(running: asyncio.Task[None]) -> None:
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = await village(tmp_path / "village.db")
    async with store.transaction():
        for group in GROUPS:
            await store.chats.meet(ChatId("telegram", str(group)), ChatKind.GROUP, f"群{group}")
            await store.chats.bind(ChatId("telegram", str(group)), "S13")
    yield store
    await store.close()


async def test_it_comes_and_goes_though_the_house_is_shut_in_the_middle(telegram: Telegram, store: Store) -> None:
    telegram.names_nothing.add(LOCKED)
    running = await house(store, telegram)
    telegram.says(LEADER, LEADER, "模式 防汛")
    await until(lambda: telegram.calls["setChatTitle"] >= 3)
    await ended(running)
    running = await house(store, telegram)
    renamed = {group: f"群{group}·防汛" for group in GROUPS if group != LOCKED}
    await until(lambda: telegram.titles == renamed and len(telegram.menus) == len(telegram.pinned) == len(GROUPS))
    await until(lambda: any(f"“群{LOCKED}”：机器人不是群管理员" in text for text in telegram.texts(LEADER)))

    telegram.renames(THEIRS, "突击队")
    telegram.says(LEADER, LEADER, "模式 日常")
    back = {group: f"群{group}" for group in GROUPS if group not in (LOCKED, THEIRS)} | {THEIRS: "突击队"}
    await until(lambda: telegram.titles == back and not telegram.menus and not telegram.pinned)
    await until(lambda: any("“突击队”：有人改过群名，没有动" in text for text in telegram.texts(LEADER)))
    await ended(running)
