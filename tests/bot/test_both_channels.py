"""One squad on Telegram and on the web chat: what is shown on either is seen and heard on both."""

import asyncio
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from pydantic import SecretStr

from bot.app import App
from bot.channels.web import WebChannel
from bot.clock import SystemClock
from bot.config import Config, QuietSection, TelegramSection, WebSection
from bot.serve import channels
from domain.chat import ChatId, ChatKind
from storage.store import Store
from tests.bot.telegram.conftest import jpeg
from tests.bot.telegram.test_village import until
from tests.bot.web.conftest import SETTINGS, House, settle
from tests.fresh import new_file
from tests.standin.telegram import TOKEN, Telegram
from tests.town import recogniser_of

GROUP, AUNT, ROOM = -1013, 11, "grid-S13"
RECORDED = (Path(__file__).parents[1] / "channels" / "web" / "voice.webm").read_bytes()


@pytest.fixture
async def telegram() -> AsyncIterator[Telegram]:
    service = Telegram()
    await service.start()
    yield service
    await service.stop()
    assert service.violations == []


@pytest.fixture
async def house(telegram: Telegram, tmp_path: Path) -> AsyncIterator[House]:
    """The channels as the config names them, each asking the other for what it keeps."""
    store = await Store.open(new_file(tmp_path / "village.db"))
    await settle(store)
    async with store.transaction():
        for chat in (ChatId("telegram", str(GROUP)), ChatId("web", ROOM)):
            await store.chats.meet(chat, ChatKind.GROUP, "十三队")
            await store.chats.bind(chat, "S13")
    config = Config(
        telegram=TelegramSection(token=SecretStr(TOKEN), base_url=telegram.base_url),
        web=WebSection(port=0),
        # The clock is the machine's, and the test is run by night too.
        quiet=QuietSection(enabled=False),
    )
    app = App(store, config.settings(), SystemClock(), tick_seconds=0.1, recogniser=recogniser_of(SETTINGS.kinds))
    house = House(tmp_path / "village.db")
    for channel in channels(config, app):
        app.add(channel)
        if isinstance(channel, WebChannel):
            house.channel, house.port = channel, channel.port
    running = asyncio.create_task(app.run())
    yield house
    async with store.transaction():
        running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await store.close()


async def test_a_voice_spoken_in_a_browser_is_heard_on_telegram(house: House, telegram: Telegram) -> None:
    handed_in = await house.asks("POST", "/api/media?medium=voice&seconds=2", token="li-token", data=RECORDED)
    async with house.phone("li") as li:
        await li.say(ROOM, "上报 东门进水了", attachment=handed_in.said["attachment"])
        await until(lambda: telegram.calls["sendVoice"])
    voice = next(sent for sent in telegram.sent if "voice" in sent)
    assert (voice["chat_id"], voice["duration"]) == (GROUP, 2)
    assert list(telegram.files.values())[-1].startswith(b"OggS")


async def test_a_picture_shown_on_telegram_is_seen_in_a_browser(house: House, telegram: Telegram) -> None:
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (26.0, 5.0, 0.0)}
    async with house.phone("zhang") as zhang:
        telegram.shows(GROUP, AUNT, jpeg(exif=exif), caption="上报 东门进水了")
        shown = await zhang.hears_of(ROOM, lambda message: bool(message["attachment"]))
    seen = await house.asks("GET", f"/api/media/{shown['attachment']['id']}", token="zhang-token")
    with Image.open(BytesIO(seen.body)) as image:
        assert image.size == (40, 30)
        assert not image.getexif()


async def test_what_is_too_large_for_the_way_is_said_and_the_report_stands(house: House, telegram: Telegram) -> None:
    async with house.phone("zhang") as zhang:
        telegram.gives(
            GROUP, AUNT, "video", b"\x00\x00\x00\x18ftypisom" + bytes(21 * 1024 * 1024), caption="上报 东门进水了"
        )
        await zhang.hears(ROOM, "#1 水浸")
        await zhang.hears(ROOM, "有一段视频太大了，请向上报人要。")
