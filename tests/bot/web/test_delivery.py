"""What the bot says on the web chat: one card a room whatever a crash left in doubt, and other channels' pictures."""

from collections.abc import AsyncIterator
from io import BytesIO

import pytest
from PIL import Image

from bot.channels import CardGone, Fetch, Never
from bot.channels.web.hub import TOO_SLOW, Page
from bot.channels.web.limits import FRAMES_WAITING
from bot.channels.web.photos import Darkroom
from bot.channels.web.rooms import sender
from bot.channels.web.talk import Talk
from bot.clock import SystemClock
from domain.chat import Attachment, Button, ChatId, Send
from storage.store import Store
from storage.webchat import Message
from tests.bot.web.conftest import settle

ROOM = ChatId("web", "grid-S13")
CARD = Send(ROOM, "#1 水浸", ((Button("接单", "acknowledge:1"),),), card="case:1")


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    store = await Store.open(":memory:")
    await settle(store)
    yield store
    await store.close()


def talk(store: Store, fetch: Fetch | None = None) -> Talk:
    return Talk(store, SystemClock(), Darkroom(), fetch)


async def heard(store: Store) -> list[Message]:
    async with store.transaction():
        return await store.webchat.history(ROOM.chat, 50)


async def test_a_card_delivered_before_a_crash_is_changed_and_not_placed_again(store: Store) -> None:
    placed = await talk(store).deliver(CARD, None)
    again = await talk(store).deliver(Send(ROOM, "#1 张队长 已接单", card="case:1"), None)
    assert placed == again
    (message,) = await heard(store)
    assert (message.text, message.buttons) == ("#1 张队长 已接单", ())
    assert message.edited_at


async def test_a_card_that_is_gone_is_said_to_be_gone(store: Store) -> None:
    with pytest.raises(CardGone):
        await talk(store).deliver(CARD, "77")


async def test_an_edit_changes_no_message_of_a_person(store: Store) -> None:
    async with store.transaction():
        said = await store.webchat.say(Message(ROOM.chat, SystemClock().now(), "我的话", account="li", author="李阿姨"))
    with pytest.raises(CardGone):
        await talk(store).deliver(CARD, str(said.id))
    assert (await heard(store))[0].text == "我的话"


async def test_another_channels_picture_is_brought_and_made_anew(store: Store) -> None:
    out = BytesIO()
    Image.new("RGBA", (2000, 1000), (0, 0, 255, 128)).save(out, "PNG")

    async def fetch(photo: Attachment) -> bytes:
        assert photo == Attachment("telegram", "AgAD")
        return out.getvalue()

    await talk(store, fetch).deliver(Send(ROOM, "#1", attachment=Attachment("telegram", "AgAD")), None)
    (message,) = await heard(store)
    async with store.transaction():
        jpeg = await store.webchat.photos.get(message.photo or "")
    with Image.open(BytesIO(jpeg or b"")) as image:
        assert (image.format, image.size) == ("JPEG", (1600, 800))


async def test_a_picture_that_is_gone_is_said_in_words(store: Store) -> None:
    async def fetch(photo: Attachment) -> bytes:
        raise Never("gone")

    for fetching, photo in (
        (fetch, Attachment("telegram", "x")),
        (None, Attachment("telegram", "x")),
        (fetch, Attachment("web", "x")),
    ):
        await talk(store, fetching).deliver(Send(ROOM, "#1", attachment=photo), None)
    assert [(m.text, m.photo) for m in await heard(store)] == [("#1\n照片看不到了", None)] * 3


async def test_a_page_that_does_not_read_is_dropped(store: Store) -> None:
    chat, page = talk(store), Page(sender("li", "李阿姨"))
    chat.hub.join(page)
    for _n in range(FRAMES_WAITING + 1):
        chat.hub.push(["li"], {"type": "toast"})
    assert page.dropped.result() == TOO_SLOW
    chat.hub.leave(page)
    assert chat.hub.pages("li") == []


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "MPO"])
async def test_whatever_a_phone_makes_becomes_a_jpeg(kind: str) -> None:
    out = BytesIO()
    Image.new("RGB", (30, 20), "red").save(out, kind)
    with Image.open(BytesIO(await Darkroom().develop(out.getvalue()))) as image:
        assert (image.format, image.size) == ("JPEG", (30, 20))
