"""A real Chromium, and the bot it talks to; without a browser the tests say so aloud, or fail where CI promised one."""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright

from storage.store import Store
from tests.bot.web.conftest import House, settle
from tests.fresh import new_file

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A microphone that beeps, and is allowed.
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
)

PHONE = {"viewport": {"width": 390, "height": 780}, "has_touch": True, "is_mobile": True}
SMALL_PHONE = {"viewport": {"width": 320, "height": 568}, "has_touch": True, "is_mobile": True}
DESK = {"viewport": {"width": 1440, "height": 900}}

SPOKEN_SECONDS = 1.3
"""Long enough to be no slip of the finger; a recorder has no clock that a test could move."""

Opens = Callable[..., Awaitable[Page]]


def chromium() -> str:
    found = next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), ""
    )
    if not found and os.environ.get("CI") == "true":
        pytest.fail("CI promises a Chromium and there is none: apt-get install chromium")
    if not found:
        pytest.skip("no Chromium on this machine: the page of the web chat is not tried (apt-get install chromium)")
    return found


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Started once: what must not be shared between phones is in each page's own context."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def opens(browser: Browser) -> AsyncIterator[Opens]:
    """Opens a page as if on a phone of its own; an error on any page fails the test."""
    errors: list[str] = []

    async def open_page(url: str, device: dict[str, Any] = PHONE, **more: Any) -> Page:
        context = await browser.new_context(locale="zh-CN", **device, **more)
        page = await context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if "Content Security" in said.text else None)
        page.set_default_timeout(15_000)
        await page.goto(url)
        return page

    yield open_page
    for context in browser.contexts:
        await context.close()
    assert not errors


@pytest_asyncio.fixture(loop_scope="session")
async def house(tmp_path: Path) -> AsyncIterator[House]:
    store = await Store.open(new_file(tmp_path / "village.db"))
    await settle(store)
    async with store.transaction():
        await store.enrolment.hang_poster("S13", "POSTER")
    await store.close()
    house = House(tmp_path / "village.db")
    await house.start()
    yield house
    await house.stop()


def as_(house: House, account: str, room: str = "grid-S13") -> str:
    return f"{house.url}/chat#token={account}-token&room={room}"
