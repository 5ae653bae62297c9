"""Voices, pictures, files and answers in a real browser: sent from one phone, heard and seen on another."""

import asyncio
import re

import pytest
from playwright.async_api import Page, expect

from bot.channels.carrier import Brought
from bot.channels.formats import Format
from bot.channels.telegram.ogg import as_ogg
from domain.chat import Button, ChatId, Medium, Send, Withdraw
from tests.bot.web.conftest import House
from tests.browser.conftest import DESK, SMALL_PHONE, SPOKEN_SECONDS, Opens, as_
from tests.browser.test_chat_page import drawn, message, overflow, says

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(120)]

HEARD = """async (player) => {
  player.muted = true;
  await player.play();
  await new Promise((done) => (player.ontimeupdate = () => player.currentTime > 0.2 && done()));
  return player.currentTime;
}"""

DECODED = """async (bytes) => {
  const sound = await new OfflineAudioContext(1, 48000, 48000).decodeAudioData(new Uint8Array(bytes).buffer);
  return [sound.duration, Math.max(...sound.getChannelData(0).map(Math.abs))];
}"""


async def ready(page: Page) -> None:
    await expect(page.locator("#line-state")).to_have_text("群里的人都看得到")


async def speaks(page: Page) -> None:
    await page.get_by_role("button", name="点一下说话").click()
    await expect(page.get_by_text("正在录音").first).to_be_visible()
    await asyncio.sleep(SPOKEN_SECONDS)


async def test_a_voice_is_spoken_on_one_phone_and_heard_on_another(house: House, opens: Opens) -> None:
    li, zhang = await opens(as_(house, "li"), SMALL_PHONE), await opens(as_(house, "zhang"))
    await ready(li)
    await speaks(li)
    await expect(li.locator("#voice-time")).to_have_text(re.compile(r"0:0\d / 2:00"))
    assert await overflow(li) <= 0
    await li.get_by_role("button", name="说完了，发送").click()
    player = zhang.get_by_label(re.compile(r"李阿姨 的语音 0:0\d"))
    await expect(player).to_be_visible()
    assert await player.evaluate(HEARD) > 0.2
    for _step in range(8):
        assert await overflow(li) <= 0
        if await li.locator("#larger").is_disabled():
            break
        await li.locator("#larger").click()
    await expect(li.get_by_label("写在这里")).to_be_visible()
    async with house.store.transaction():
        (said,) = await house.store.webchat.history("grid-S13", 5)
        assert said.attachment
        kept = await house.store.webchat.media.get(said.attachment.file_id)
    assert kept
    assert (said.attachment.medium, kept.type) == (Medium.VOICE, "audio/webm")
    assert said.attachment.seconds >= 1
    # On Telegram it goes on in another wrapping, and is the same sound.
    rewrapped = as_ogg(Brought(Medium.VOICE, Format("audio/webm", "webm"), kept.data))
    assert rewrapped.format == Format("audio/ogg", "ogg")
    (length, loudest), (again, same) = [
        await zhang.evaluate(DECODED, list(data)) for data in (kept.data, rewrapped.data)
    ]
    assert again == pytest.approx(length, abs=0.1)
    assert same == pytest.approx(loudest, abs=0.01)
    assert again > 1


async def test_holding_the_button_sends_when_it_is_let_go(house: House, opens: Opens) -> None:
    li = await opens(as_(house, "li"), DESK)
    await ready(li)
    await li.get_by_role("button", name="点一下说话").hover()
    await li.mouse.down()
    await expect(li.get_by_text("正在录音").first).to_be_visible()
    await asyncio.sleep(SPOKEN_SECONDS)
    await li.mouse.up()
    await expect(li.locator(".message.mine audio")).to_have_count(1)
    await expect(li.locator("#recording")).to_be_hidden()


async def test_a_voice_by_keyboard_and_one_that_is_not_wanted(house: House, opens: Opens) -> None:
    li = await opens(as_(house, "li"), DESK)
    await ready(li)
    await li.locator("#voice").focus()
    await li.keyboard.press("Enter")
    await expect(li.locator("#voice")).to_have_attribute("aria-pressed", "true")
    await expect(li.locator("#heard")).to_have_text("正在录音")
    await li.keyboard.press("Escape")
    await expect(li.locator("#voice")).to_have_attribute("aria-pressed", "false")
    await li.keyboard.press("Space")
    await expect(li.locator("#voice")).to_have_attribute("aria-pressed", "true")
    await asyncio.sleep(SPOKEN_SECONDS)
    await li.keyboard.press("Space")
    await expect(li.locator(".message.mine audio")).to_have_count(1)


async def test_pictures_chosen_together_are_one_album(house: House, opens: Opens) -> None:
    li, zhang = await opens(as_(house, "li")), await opens(as_(house, "zhang"))
    await ready(li)
    await li.get_by_label("写在这里").fill("今天的花真好看")
    await li.locator("#photo-file").set_input_files([drawn("teal"), drawn("navy"), drawn("gray", (4000, 3000))])
    await expect(zhang.get_by_role("img", name="李阿姨 发的照片")).to_have_count(3)
    await expect(message(zhang, "今天的花真好看")).to_have_count(1)
    await expect(zhang.locator(".picture img").last).to_have_js_property("naturalWidth", 1600)
    await li.locator("#photo-file").set_input_files([drawn("teal")] * 11)
    await expect(li.locator("#composer-note")).to_have_text("一次最多 10 个，请分几次发。")


async def test_a_message_is_answered_by_a_tap(house: House, opens: Opens) -> None:
    li, zhang = await opens(as_(house, "li")), await opens(as_(house, "zhang"), SMALL_PHONE)
    await says(li, "上报 东门进水了")
    card = zhang.locator(".card", has_text="#1 水浸")
    await card.locator(".title").click()
    await card.get_by_role("button", name="回复").click()
    await expect(zhang.locator("#reply-text")).to_contain_text("#1 水浸")
    assert await overflow(zhang) <= 0
    await zhang.keyboard.type("水泵在路上")
    await zhang.get_by_role("button", name="发送").click()
    await expect(zhang.locator("#reply-bar")).to_be_hidden()
    quoting = li.locator(".quote", has_text="#1 水浸")
    answer = message(li, "水泵在路上").filter(has=quoting).first
    await expect(answer).to_be_visible()
    async with house.store.transaction():
        talk = await house.store.webchat.history("grid-S13", 9)
    (said,) = (message for message in talk if message.text == "水泵在路上")
    assert f"m-{said.reply_to}" == await card.get_attribute("id")
    # By keyboard the button is found as well, and the answer can be taken back.
    await answer.get_by_role("button", name="回复").focus()
    await li.keyboard.press("Enter")
    await li.get_by_role("button", name="不回复这一条了").click()
    await expect(li.locator("#reply-bar")).to_be_hidden()


async def test_a_file_is_saved_and_what_is_none_is_refused(house: House, opens: Opens) -> None:
    li, zhang = await opens(as_(house, "li")), await opens(as_(house, "zhang"))
    await ready(li)
    await li.locator("#photo-file").set_input_files(
        {"name": "报告.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 report"}
    )
    async with zhang.expect_download() as coming:
        await zhang.get_by_role("button", name="李阿姨 发的文件").click()
    saved = await coming.value
    assert saved.suggested_filename == "gridbot.pdf"
    await li.locator("#photo-file").set_input_files(
        {"name": "a.html", "mimeType": "text/html", "buffer": b"<script>alert(1)</script>"}
    )
    await expect(li.locator("#composer-note")).to_contain_text("这种文件这里发不了")


async def test_what_is_taken_down_is_gone_from_every_page(house: House, opens: Opens) -> None:
    li, zhang = await opens(as_(house, "li")), await opens(as_(house, "zhang"))
    await ready(li)
    await li.locator("#photo-file").set_input_files([drawn("teal")])
    await expect(zhang.get_by_role("img", name="李阿姨 发的照片")).to_be_visible()
    room = ChatId("web", "grid-S13")
    async with house.store.transaction():
        (said,) = await house.store.webchat.history(room.chat, 5)
    number = await house.channel.deliver(Send(room, "#1 寻人", card="search:1", attachment=said.attachment), None)
    await expect(zhang.get_by_role("img", name="网格机器人 发的照片")).to_be_visible()
    await house.channel.deliver(Withdraw(room, "search:1"), number)
    await expect(message(zhang, "（已撤下）")).to_be_visible()
    await expect(zhang.get_by_role("img", name="网格机器人 发的照片")).to_have_count(0)


async def test_a_question_nobody_need_answer_any_more_leaves_nothing_behind(house: House, opens: Opens) -> None:
    li = await opens(as_(house, "li"))
    await ready(li)
    room = ChatId("web", "grid-S13")
    question = Send(room, "#1 水到哪里了？", ((Button("不清楚", "know:1:0:unknown"),),), card="know:1")
    number = await house.channel.deliver(question, None)
    await expect(message(li, "水到哪里了")).to_be_visible()
    await house.channel.deliver(Withdraw(room, "know:1"), number)
    await expect(li.locator(f"#m-{number}")).to_be_hidden()
