"""The demo in a real browser: three phones on one table, and the typhoon story played on them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import FrameLocator, Page, expect

from bot import demo
from bot.clock import SystemClock
from bot.demo.player import Player
from bot.demo.story import STORY
from storage.store import Store
from tests.browser.conftest import DESK, PHONE, SMALL_PHONE, SPOKEN_SECONDS, Opens
from tests.browser.test_chat_page import drawn
from tests.fresh import new_file

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(180)]

expect.set_options(timeout=15_000)

READ_SECONDS = 0.2


@asynccontextmanager
async def village(path: Path, speed: float, read_seconds: float = READ_SECONDS) -> AsyncIterator[tuple[str, Player]]:
    """The demo as `gridbot demo` runs it, on a free port, with shorter pauses. Its address, and its player."""
    store, clock = await Store.open(new_file(path / "demo.db")), SystemClock(speed)
    settled = await demo.settle(store, demo.SEED, clock.now())
    app, channel, player = await demo.stage(store, clock, settled, 0, speed, read_seconds)
    running = asyncio.create_task(app.run())
    try:
        yield channel.url, player
    finally:
        await player.stop()
        # While nobody else is in the middle of a transaction.
        async with store.transaction():
            running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await store.close()


def phone(page: Page, name: str) -> FrameLocator:
    return page.frame_locator(f"iframe[title='{name}']")


@pytest.mark.parametrize("speed", [1, 300])
async def test_the_story_is_played_on_three_phones(tmp_path: Path, opens: Opens, speed: float) -> None:
    async with village(tmp_path, speed) as (url, player):
        page = await opens(url, DESK)
        await expect(page.locator(".phone")).to_have_count(3)
        for name in ("李阿姨", "张队长", "王主任"):
            await expect(phone(page, name).locator("#room-name")).to_be_visible()
        await page.get_by_role("button", name="播放台风故事").click()
        await expect(page.get_by_role("button", name="故事进行中…")).to_be_disabled()
        await expect(phone(page, "李阿姨").locator(".card .title", has_text="#1 水浸")).to_be_visible()
        end = phone(page, "李阿姨").locator(".card .now", has_text="张队长 已接单")
        await expect(end).to_be_visible(timeout=120_000)
        for name in ("李阿姨", "张队长", "王主任"):
            card = phone(page, name).locator(".card", has_text="#1 水浸")
            await expect(card.locator(".now")).to_have_text("结案。调来两台水泵，水已抽干，人都平安")
        climbed = "张队长 上报上级" if speed == 1 else "超时，上报到"
        await expect(phone(page, "王主任").locator(".card .log", has_text=climbed)).to_be_visible()
        await expect(page.get_by_role("button", name="播放台风故事")).to_be_enabled()
        assert len(player.captions) == len(STORY)
        await expect(page.locator("#caption")).to_contain_text("轮到您了")


async def test_a_visitor_who_joins_in_ends_the_story_in_words(tmp_path: Path, opens: Opens) -> None:
    # Slow enough that a visitor comes first, on a busy machine too.
    async with village(tmp_path, 60, read_seconds=1.5) as (url, player):
        page = await opens(url, DESK)
        await page.get_by_role("button", name="播放台风故事").click()
        await phone(page, "张队长").locator(".card").get_by_role("button", name="接单").click()
        await expect(page.locator("#caption")).to_contain_text("有人先动了手", timeout=60_000)
        assert not player.is_playing


async def test_a_phone_may_be_anybodys_and_there_may_be_more(tmp_path: Path, opens: Opens) -> None:
    async with village(tmp_path, 1) as (url, _player):
        page = await opens(url, DESK)
        await page.locator(".phone select").first.select_option(label="赵叔 · 四十六队居民，队长空缺")
        await expect(phone(page, "赵叔").locator("#room-name")).to_have_text("四十六队")
        await page.get_by_role("button", name="加一部手机").click()
        await expect(page.locator(".phone")).to_have_count(4)
        await page.get_by_role("button", name="收起这部手机").last.click()
        await expect(page.locator(".phone")).to_have_count(3)
        await page.reload()
        await expect(phone(page, "赵叔").locator("#room-name")).to_have_text("四十六队")
        assert await page.locator("#clock").inner_text()


async def test_a_visitor_may_speak_and_show_a_picture(tmp_path: Path, opens: Opens) -> None:
    async with village(tmp_path, 1) as (url, _player):
        page = await opens(url, DESK)
        li, zhang = phone(page, "李阿姨"), phone(page, "张队长")
        await expect(li.locator("#line-state")).to_have_text("群里的人都看得到")
        await li.get_by_role("button", name="点一下说话").click()
        await expect(li.locator("#recording")).to_be_visible()
        await asyncio.sleep(SPOKEN_SECONDS)
        await li.get_by_role("button", name="说完了，发送").click()
        await expect(zhang.get_by_label("李阿姨 的语音")).to_be_visible()
        await li.locator("#photo-file").set_input_files([drawn("teal")])
        await expect(zhang.get_by_role("img", name="李阿姨 发的照片")).to_be_visible()


async def test_on_the_smallest_phone_most_of_the_screen_is_the_villages(tmp_path: Path, opens: Opens) -> None:
    async with village(tmp_path, 1) as (url, _player):
        page = await opens(url, SMALL_PHONE)
        await page.get_by_role("button", name="播放台风故事").click()
        await expect(page.locator("#caption")).to_be_visible()
        await expect(phone(page, "李阿姨").locator("#place")).to_be_visible()
        height = "e => e.getBoundingClientRect().height"
        assert await page.locator(".screen").first.evaluate(height) > 0.6 * 568
        # The tools under the chat need one row.
        assert await phone(page, "李阿姨").locator(".quick").evaluate(height) < 70
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_on_a_phone_one_of_them_fills_the_screen(tmp_path: Path, opens: Opens) -> None:
    async with village(tmp_path, 1) as (url, _player):
        page = await opens(url, PHONE)
        await expect(phone(page, "李阿姨").locator("#room-name")).to_be_visible()
        widths = await page.locator(".phone").evaluate_all("all => all.map((e) => e.getBoundingClientRect().width)")
        assert min(widths) > 340
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
