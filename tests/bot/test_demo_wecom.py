"""The demo with half of its village on WeCom: the same case on both, by the same handlers."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot import demo
from bot.clock import SystemClock
from bot.demo.wecom import WeComHalf
from storage.store import Store
from tests.bot.telegram.test_village import until
from tests.fresh import new_file

GRANDMA, LEADER = "demo-9", "demo-8"


class Phones:
    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session, self._url = session, url

    async def does(self, what: str, account: str, **more: str) -> int:
        asked = {"account": account, "room": "group", **more}
        async with self._session.post(f"{self._url}/demo/wecom/{what}", json=asked) as answer:
            return answer.status

    async def shows(self, account: str, *parts: str, room: str = "group") -> dict[str, Any]:
        """The newest message on this phone that holds all of it."""
        async with asyncio.timeout(20):
            while True:
                query = {"account": account, "room": room}
                async with self._session.get(f"{self._url}/demo/wecom/talk.json", params=query) as answer:
                    lines = (await answer.json())["lines"]
                for line in reversed(lines):
                    if all(part in line["text"] for part in parts) and not line["who"]:
                        return dict(line)
                await asyncio.sleep(0.05)


@pytest.fixture
async def phones(tmp_path: Path) -> AsyncIterator[Phones]:
    store, clock = await Store.open(new_file(tmp_path / "demo.db")), SystemClock()
    village = await demo.settle(store, demo.SEED, clock.now())
    half = WeComHalf(village.cast)
    app, channel, _player = await demo.stage(store, clock, village, 0, 1, half=half)
    running = asyncio.create_task(app.run())
    await until(lambda: half.service.live)
    async with aiohttp.ClientSession() as session:
        yield Phones(session, channel.url)
    async with store.transaction():
        running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await half.service.stop()
    await store.close()
    assert (half.service.violations, half.service.guessed) == ([], 0)


async def test_a_report_on_wecom_is_taken_on_wecom(phones: Phones) -> None:
    assert await phones.does("say", GRANDMA, text="上报 楼道的灯坏了，看不见台阶") == 202
    card = await phones.shows(LEADER, "#1 报修", room="private")
    assert "吴奶奶" in card["text"], "whoever she is on the web chat, she is here"
    card = await phones.shows(GRANDMA, "#1 报修")
    take = next(button for button in card["buttons"] if button["label"] == "接单")
    assert await phones.does("press", LEADER, task=card["task"], key=take["key"]) == 202
    await phones.shows(GRANDMA, "#1 报修", "周队长 已接单")


async def test_nobody_speaks_who_is_not_there(phones: Phones) -> None:
    assert await phones.does("say", "demo-1", text="上报 进水了") == 400
    assert await phones.does("say", GRANDMA, text=" ") == 400
    assert await phones.does("press", "nobody", task="gb-1", key="acknowledge:1") == 400
