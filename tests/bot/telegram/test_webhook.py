"""Telegram calls the bot: nobody else is believed, and what is said is on the disk before Telegram is told so."""

import asyncio
import json
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import aiohttp
import pytest
from pydantic import SecretStr

from bot.app import App
from bot.channels.telegram.webhook import SECRET_HEADER, UPDATE_BYTES
from bot.channels.web import WebChannel
from bot.clock import SystemClock
from bot.config import Config, ConfigError, TelegramSection, WebSection
from bot.serve import channels
from storage.store import Store
from tests.bot.telegram.test_village import AUNT, GROUP, OWNER, until, village
from tests.standin.telegram import TOKEN, Telegram
from tests.town import recogniser_of

SECRET = "only-telegram-knows"
SAID = {"update_id": 7}


class House:
    """A village whose Telegram calls it, on a port of its own."""

    def __init__(self, store: Store, url: str) -> None:
        self.store, self.url = store, url

    async def calls(self, body: bytes, secret: str | None = SECRET, host: str = "village.example") -> int:
        headers = {"Host": host} | ({} if secret is None else {SECRET_HEADER: secret})
        async with (
            aiohttp.ClientSession() as session,
            session.post(self.url, data=BytesIO(body), headers=headers) as answer,
        ):
            return answer.status

    async def kept(self) -> list[str]:
        async with self.store.transaction():
            rows = await self.store.db.all("SELECT update_id FROM inbox ORDER BY seq")
        return [row["update_id"] for row in rows]


def config(base_url: str, url: str, port: int = 0, *, web: bool = True) -> Config:
    return Config(
        owners=(f"telegram:{OWNER}",),
        telegram=TelegramSection(
            token=SecretStr(TOKEN), base_url=base_url, webhook_url=url, webhook_secret=SecretStr(SECRET)
        ),
        web=WebSection(enabled=web, port=port),
    )


def _app(store: Store, config: Config) -> App:
    settings = config.settings()
    return App(store, settings, SystemClock(), tick_seconds=0.05, recogniser=recogniser_of(settings.kinds))


@pytest.fixture
async def house(telegram: Telegram, tmp_path: Path, unused_tcp_port: int) -> AsyncIterator[House]:
    store = await village(tmp_path / "village.db")
    url = f"http://127.0.0.1:{unused_tcp_port}/telegram/called"
    settings = config(telegram.base_url, url, unused_tcp_port)
    app = _app(store, settings)
    for channel in channels(settings, app):
        app.add(channel)
    running = asyncio.create_task(app.run())
    await until(lambda: telegram.webhook)
    yield House(store, url)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await store.close()


async def test_what_is_said_comes_by_call_and_is_answered(telegram: Telegram, house: House) -> None:
    assert (telegram.webhook, telegram.webhook_secret) == (house.url, SECRET)
    telegram.says(GROUP, OWNER, "绑定 S13")
    telegram.says(GROUP, AUNT, "上报 东门地下车库进水了")
    await until(lambda: any("#1 水浸" in text for text in telegram.texts(GROUP)))
    assert (telegram.confirmed, telegram.calls["getUpdates"]) == (2, 0)


@pytest.mark.parametrize("secret", [None, "", "only-telegram-know", SECRET + "s", SECRET.upper(), "密"])
async def test_a_stranger_is_not_believed(house: House, secret: str | None) -> None:
    written = secret.encode().decode("latin-1") if secret else secret
    assert await house.calls(json.dumps(SAID).encode(), written) == 403
    assert await house.kept() == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"not JSON", 400),
        (b"[]", 400),
        (b'{"update_id": "x"}', 400),
        (b"{" + b" " * UPDATE_BYTES + b"}", 413),
        (b'{"update_id": 7}', 200),
    ],
)
async def test_what_is_no_update_is_not_kept(house: House, body: bytes, status: int) -> None:
    assert await house.calls(body) == status
    assert await house.kept() == (["7"] if status == 200 else [])


async def test_what_is_brought_twice_is_kept_once(house: House) -> None:
    assert [await house.calls(json.dumps(SAID).encode()) for _again in range(2)] == [200, 200]
    assert await house.kept() == ["7"]


async def test_while_the_disk_takes_nothing_telegram_keeps_it(telegram: Telegram, house: House) -> None:
    async with house.store.transaction():
        await house.store.db.run("PRAGMA query_only = ON")
    telegram.says(GROUP, OWNER, "绑定 S13")
    await until(lambda: telegram.webhook_error.endswith("503"))
    assert telegram.confirmed == 0
    # Nothing can be begun while it may not write, so the connection is asked directly.
    await house.store.db._connection.execute("PRAGMA query_only = OFF")
    await until(lambda: telegram.confirmed == 1)
    await until(lambda: any("十三队" in text for text in telegram.texts(GROUP)))


async def test_a_webhook_needs_the_port_that_it_is_called_at(telegram: Telegram) -> None:
    store = await Store.open(":memory:")
    settings = config(telegram.base_url, "https://village.example/telegram", web=False)
    with pytest.raises(ConfigError, match=r"\[web\] enabled"):
        channels(settings, _app(store, settings))
    await store.close()


async def test_a_call_that_fails_is_found_by_the_check(telegram: Telegram) -> None:
    store = await Store.open(":memory:")
    settings = config(telegram.base_url, "https://village.example/telegram")
    telegram.webhook, telegram.webhook_error = "https://village.example/telegram", "Connection refused"
    opened = channels(settings, _app(store, settings))
    (found,) = await opened[0].check()  # type: ignore[attr-defined]
    assert "Connection refused" in found.sentence
    assert found.wrong
    for channel in opened:
        await channel.close()
        assert isinstance(channel, WebChannel) or channel.health.heard_at is None
    await store.close()
