"""The page of the web chat in a real browser: on a phone, on a desk, by hand and by keyboard."""

import json
import re
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image
from playwright.async_api import FilePayload, Locator, Page, expect

from bot.clock import SystemClock
from domain.people import Role
from tests.bot.web.conftest import House
from tests.browser.conftest import DESK, PHONE, SMALL_PHONE, Opens, as_

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(120)]

expect.set_options(timeout=15_000)


async def says(page: Page, text: str) -> None:
    await expect(page.locator("#room-name")).not_to_be_empty()
    await page.get_by_label("写在这里").fill(text)
    await page.get_by_role("button", name="发送").click()


def message(page: Page, text: str) -> Locator:
    return page.locator(".message", has_text=text)


def room(page: Page, name: str) -> Locator:
    return page.locator("#room-list button", has=page.locator(".name", has_text=re.compile(f"^{name}$")))


async def enters(page: Page, name: str) -> None:
    """By the drawer of a phone."""
    await page.get_by_role("button", name="我的群").click()
    await room(page, name).click()
    await expect(page.locator("#room-name")).to_have_text(name)


async def overflow(page: Page) -> int:
    """Pixels by which something sticks out to the right."""
    found: int = await page.evaluate(
        """() => Math.max(...[...document.querySelectorAll('body, #talk, #scroll, .bubble, .press, .composer, .bar')]
             .filter((element) => element.offsetParent)
             .map((element) => Math.round(element.getBoundingClientRect().right - innerWidth)), 0)"""
    )
    return found


async def test_from_the_poster_to_the_answer(house: House, opens: Opens) -> None:
    lin = await opens(f"{house.url}/join/POSTER")
    zhang = await opens(as_(house, "zhang", "me-zhang"))
    await expect(lin.get_by_role("heading", name="加入 十三队")).to_be_visible()
    await lin.get_by_role("button", name="请队长让我进来").click()
    await expect(lin.get_by_role("alert")).to_have_text("请写上门牌。")
    await lin.get_by_label("您的姓名").fill("林大爷")
    await lin.get_by_label("您家门牌").fill("江滨里12号")
    await lin.get_by_role("button", name="请队长让我进来").click()
    await expect(message(lin, "请稍等")).to_be_visible()
    await zhang.get_by_role("button", name="认识，请进", exact=True).click()
    await expect(message(zhang, "林大爷（江滨里12号）已加入")).to_be_visible()
    # The room is there at once; its name stands in the drawer.
    await enters(lin, "十三队")
    await lin.get_by_role("button", name="上报", exact=True).click()
    await lin.keyboard.type("东门地下车库进水了")
    await lin.get_by_role("button", name="发送").click()
    await expect(lin.locator(".card .title", has_text="#1 水浸")).to_be_visible()
    await expect(lin.locator(".message.mine", has_text="东门地下车库进水了").locator(".state")).to_have_text(
        re.compile(r"\d\d:\d\d")
    )
    assert await lin.locator(".card a[href='tel:119']").count() == 1

    await enters(zhang, "十三队")
    card = zhang.locator(".card", has_text="#1 水浸")
    before = await card.get_attribute("id")
    await card.get_by_role("button", name="接单").click()
    for page in (zhang, lin):
        changed = page.locator(".card", has_text="张队长 已接单")
        await expect(changed).to_have_attribute("id", str(before))
        await expect(changed.get_by_role("button", name="办结")).to_be_visible()
    await expect(lin.locator("#heard")).to_contain_text("#1 水浸")
    # Signed in for good: the page opened anew needs no poster.
    await lin.goto(house.url)
    await expect(lin.locator(".card", has_text="张队长 已接单")).to_be_visible()


async def test_an_invitation_is_asked_for_and_a_wrong_one_explained(house: House, opens: Opens) -> None:
    async with house.store.transaction():
        until = SystemClock().now() + timedelta(days=1)
        await house.store.enrolment.invite("GOODCODE23", Role.LEADER, "S14", until)
    page = await opens(house.url)
    await page.get_by_label("邀请码").fill("WRONG")
    await page.get_by_label("您的姓名").fill("周队长")
    await page.get_by_role("button", name="进来").click()
    await expect(page.get_by_role("alert")).to_contain_text("这个邀请码不对")
    await page.get_by_label("邀请码").fill("goodcode23")
    await page.get_by_role("button", name="进来").click()
    await enters(page, "我和机器人")
    await expect(message(page, "您现在是十四队的网格长/队长")).to_be_visible()


async def test_words_said_while_the_bot_was_away_arrive_once_when_it_is_back(house: House, opens: Opens) -> None:
    li = await opens(as_(house, "li"))
    await expect(li.locator("#line-state")).to_have_text("群里的人都看得到")
    await house.stop()
    await expect(li.locator("#line-state")).to_contain_text("没连上")
    await says(li, "上报 家里进水了")
    waiting = li.locator(".message.unsent", has_text="家里进水了")
    await expect(waiting).to_contain_text("还没发出去")
    kept = await li.evaluate("JSON.parse(localStorage.getItem('gridbot.unsent.li')).length")
    assert kept == 1
    await house.start()
    await expect(li.locator(".card .title", has_text="#1 水浸")).to_be_visible()
    await expect(li.locator(".message.unsent")).to_have_count(0)
    await expect(li.locator(".message.mine", has_text="家里进水了")).to_have_count(1)
    assert await li.evaluate("JSON.parse(localStorage.getItem('gridbot.unsent.li')).length") == 0
    async with house.store.transaction():
        assert await house.store.cases.get(2) is None


async def test_what_a_closed_page_did_not_send_is_sent_by_the_next(house: House, opens: Opens) -> None:
    li = await opens(as_(house, "li"))
    await expect(li.locator("#line-state")).to_have_text("群里的人都看得到")
    await house.stop()
    await expect(li.locator("#line-state")).to_contain_text("没连上")
    await says(li, "上报 家里进水了")
    await li.close()
    await house.start()
    again = await li.context.new_page()
    await again.goto(as_(house, "li"))
    await expect(again.locator(".card .title", has_text="#1 水浸")).to_be_visible()


async def test_a_refusal_is_said_to_whoever_pressed(house: House, opens: Opens) -> None:
    li = await opens(as_(house, "li"))
    await says(li, "上报 家里进水了")
    await li.get_by_role("button", name="接单").click()
    await expect(li.locator("#toasts")).to_contain_text("队长、网格长或干部")
    await expect(li.get_by_role("button", name="接单")).not_to_have_attribute("aria-busy", "true")


async def test_a_lost_person_waits_to_be_confirmed_before_anything_else(house: House, opens: Opens) -> None:
    zhang, li = await opens(as_(house, "zhang")), await opens(as_(house, "li"))
    await says(li, "走失 孩子 6 岁 红衣服")
    card = zhang.locator(".card", has_text="#1 走失 · ")
    await expect(card.locator(".press.main")).to_have_text("确认寻人")
    await card.get_by_role("button", name="确认寻人").click()
    await expect(card.locator(".press.main")).to_have_text("接单")


@pytest.mark.parametrize("device", [SMALL_PHONE, PHONE], ids=["320", "390"])
async def test_three_buttons_beside_each_other_break_no_word(
    house: House, opens: Opens, device: dict[str, object]
) -> None:
    zhang = await opens(as_(house, "zhang"), device)
    await says(zhang, "上报 家里进水了")
    await zhang.get_by_role("button", name="接单").click()
    await expect(zhang.get_by_role("button", name="办结")).to_be_visible()
    shortest = await zhang.get_by_role("button", name="派单").bounding_box()
    longest = await zhang.get_by_role("button", name="上报上级").bounding_box()
    assert shortest
    assert longest
    assert longest["height"] == shortest["height"]


async def test_what_people_write_is_text_and_never_markup(house: House, opens: Opens) -> None:
    zhang, li = await opens(as_(house, "zhang")), await opens(as_(house, "li"))
    evil = "上报 <img src=x onerror=alert(1)> <b>**进水**</b> [点](javascript:alert(1))"
    await says(li, evil)
    await expect(zhang.locator(".card .said")).to_contain_text("<img src=x onerror=alert(1)>")
    assert await zhang.locator(".bubble img[src='x'], .bubble b, .bubble a[href^='javascript']").count() == 0


@pytest.mark.parametrize("device", [SMALL_PHONE, PHONE, DESK], ids=["320", "390", "desk"])
async def test_nothing_sticks_out_at_any_width_or_size(house: House, opens: Opens, device: dict[str, object]) -> None:
    li = await opens(as_(house, "li"), device)
    await says(li, "上报 进水了 " + "长" * 200 + " https://example.com/" + "x" * 200)
    await expect(li.locator(".card .title", has_text="#1 水浸")).to_be_visible()
    for _step in range(8):
        assert await overflow(li) <= 0
        assert await li.evaluate("document.documentElement.scrollWidth <= innerWidth")
        if await li.locator("#larger").is_disabled():
            break
        await li.locator("#larger").click()
    assert await li.evaluate("parseFloat(getComputedStyle(document.querySelector('.said')).fontSize)") >= 40


async def test_letters_are_large_and_the_wish_is_kept(house: House, opens: Opens) -> None:
    li = await opens(as_(house, "li"))
    await expect(li.locator("#line-state")).to_have_text("群里的人都看得到")
    size = "parseFloat(getComputedStyle(document.getElementById('words')).fontSize)"
    first = await li.evaluate(size)
    assert first >= 18
    await li.locator("#larger").click()
    larger = await li.evaluate(size)
    assert larger > first
    await li.reload()
    await expect(li.locator("#line-state")).to_have_text("群里的人都看得到")
    assert await li.evaluate(size) == larger


async def test_everything_can_be_done_by_keyboard(house: House, opens: Opens) -> None:
    zhang = await opens(as_(house, "zhang"), DESK)
    await expect(zhang.locator("#line-state")).to_have_text("群里的人都看得到")
    await zhang.keyboard.press("Tab")
    await expect(zhang.get_by_text("跳到输入框")).to_be_focused()
    await zhang.keyboard.press("Enter")
    await expect(zhang.get_by_label("写在这里")).to_be_focused()
    await zhang.keyboard.type("上报 家里进水了")
    await zhang.keyboard.press("Enter")
    await expect(zhang.locator(".card .title", has_text="#1 水浸")).to_be_visible()
    for _step in range(20):
        await zhang.keyboard.press("Shift+Tab")
        if await zhang.evaluate("document.activeElement.dataset.data") == "acknowledge:1":
            break
    outline = await zhang.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert outline == "3px"
    await zhang.keyboard.press("Enter")
    await expect(zhang.locator(".card .now", has_text="张队长 已接单")).to_be_visible()
    # The button is gone; whoever goes on by keyboard is still at its card.
    assert await zhang.evaluate("Boolean(document.activeElement.closest('.card'))")
    await room(zhang, "三网格").focus()
    await zhang.keyboard.press("Enter")
    await expect(zhang.locator("#room-name")).to_have_text("三网格")


async def test_a_screen_reader_finds_names_for_all_it_can_reach(house: House, opens: Opens) -> None:
    li = await opens(as_(house, "li"))
    await says(li, "上报 家里进水了")
    await expect(li.locator(".card .title", has_text="#1 水浸")).to_be_visible()
    nameless = await li.evaluate(
        """() => [...document.querySelectorAll('button, input, textarea, nav, [role=log], dialog button')]
             .filter((e) => e.type !== 'file' && e.checkVisibility())
             .filter((e) => !(e.getAttribute('aria-label') || e.labels?.length || e.textContent.trim()
                              || e.getAttribute('role') === 'log'))
             .map((e) => e.outerHTML)"""
    )
    assert nameless == []
    assert await li.evaluate("document.documentElement.lang") == "zh-CN"


async def test_what_is_unread_is_counted_until_it_is_seen(house: House, opens: Opens) -> None:
    zhang, li = await opens(as_(house, "zhang", "me-zhang")), await opens(as_(house, "li"))
    await says(li, "上报 家里进水了")
    await expect(li.locator(".card .title", has_text="#1 水浸")).to_be_visible()
    await expect(zhang.locator("#unread-all")).to_have_text("3")
    await expect(zhang).to_have_title("(3) 网格聊天")
    await enters(zhang, "十三队")
    await expect(zhang.locator("#unread-all")).to_be_hidden()


def drawn(color: str, size: tuple[int, int] = (300, 200)) -> FilePayload:
    out = BytesIO()
    Image.new("RGB", size, color).save(out, "PNG")
    return {"name": "a.png", "mimeType": "image/png", "buffer": out.getvalue()}


async def test_a_photo_and_a_place_go_with_the_words(house: House, opens: Opens) -> None:
    place = {"latitude": 26.05, "longitude": 119.2}
    li = await opens(as_(house, "li"), permissions=["geolocation"], geolocation=place)
    zhang = await opens(as_(house, "zhang"))
    await li.get_by_label("写在这里").fill("上报 家里进水了")
    await li.locator("#photo-file").set_input_files([drawn("teal")])
    shown = zhang.get_by_role("img", name="李阿姨 发的照片").first
    await expect(shown).to_be_visible()
    await expect(shown).to_have_js_property("naturalWidth", 300)
    await expect(zhang.locator(".card", has_text="照片 1 张")).to_be_visible()
    await li.get_by_role("button", name="位置").click()
    await expect(zhang.locator("a[href='geo:26.05,119.2']")).to_be_visible()
    await li.locator("#photo-file").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": b"no picture"})
    await expect(li.locator("#composer-note")).to_have_text("这不是照片，或者文件坏了。请换一张再发。")


async def test_the_page_is_legible_in_the_dark(house: House, opens: Opens) -> None:
    li = await opens(as_(house, "li"), color_scheme="dark")
    await says(li, "上报 家里进水了")
    await expect(li.locator(".card .title", has_text="#1 水浸")).to_be_visible()
    for theme in ("dark", "light"):
        await li.emulate_media(color_scheme=theme)
        poor = json.loads(await li.evaluate(CONTRAST))
        assert poor == []


CONTRAST = """() => {
  const luminance = ([r, g, b]) => [r, g, b].map((c) => c / 255)
    .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, n) => sum + c * [0.2126, 0.7152, 0.0722][n], 0);
  const rgb = (color) => color.match(/[\\d.]+/g).map(Number);
  const ground = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const color = rgb(getComputedStyle(e).backgroundColor);
      if (color.length < 4 || color[3] > 0.5) return color;
    }
    return [255, 255, 255];
  };
  const poor = [];
  for (const selector of ['.title', '.first', '.said', '.now', '.log div', '.press', '.press.main', '.by', '#words',
                          '#report', '#send', '#room-name', '#line-state', '.mine .words', '.mine .state', '.day']) {
    const element = document.querySelector(selector);
    if (!element) { poor.push(selector + ' is missing'); continue; }
    const [a, b] = [luminance(rgb(getComputedStyle(element).color)), luminance(ground(element))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) poor.push(`${selector} ${ratio.toFixed(2)}`);
  }
  return JSON.stringify(poor);
}"""
