"""What the bot says on the web chat: one card a room whatever a crash left in doubt, and other channels' pictures."""

from collections.abc import AsyncIterator
from io import BytesIO

import pytest
from PIL import Image

from bot.channels import CardGone, Fetch, Never, TooLarge
from bot.channels.darkroom import Darkroom
from bot.channels.web.hub import TOO_SLOW, Page
from bot.channels.web.limits import FRAMES_WAITING
from bot.channels.web.media import Shelf
from bot.channels.web.rooms import sender
from bot.channels.web.talk import Talk
from bot.clock import SystemClock
from domain.chat import Attachment, Button, ChatId, Location, Medium, Send, Withdraw
from storage.store import Store
from storage.webchat import Message
from storage.webmedia import Kept
from tests.bot.web.conftest import settle
from tests.fresh import new_store

ROOM = ChatId("web", "grid-S13")
CARD = Send(ROOM, "#1 水浸", ((Button("接单", "acknowledge:1"),),), card="case:1")


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    store = await new_store()
    await settle(store)
    yield store
    await store.close()


def talk(store: Store, fetch: Fetch | None = None) -> Talk:
    return Talk(store, SystemClock(), Shelf(store, SystemClock(), fetch))


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


async def test_a_card_that_takes_the_place_of_another_changes_its_message(store: Store) -> None:
    placed = await talk(store).deliver(CARD, None)
    whole = Send(ROOM, "#4 水浸 3 户上报", card="case:4")
    assert await talk(store).deliver(whole, placed) == placed
    # Under its new name too a crash may have left it in doubt.
    assert await talk(store).deliver(whole, None) == placed
    assert [message.text for message in await heard(store)] == ["#4 水浸 3 户上报"]


async def test_a_card_that_is_gone_is_said_to_be_gone(store: Store) -> None:
    with pytest.raises(CardGone):
        await talk(store).deliver(CARD, "77")


async def test_an_edit_changes_no_message_of_a_person(store: Store) -> None:
    async with store.transaction():
        said = await store.webchat.say(Message(ROOM.chat, SystemClock().now(), "我的话", account="li", author="李阿姨"))
    with pytest.raises(CardGone):
        await talk(store).deliver(CARD, str(said.id))
    assert (await heard(store))[0].text == "我的话"


def drawn(kind: str, size: tuple[int, int] = (30, 20)) -> bytes:
    out = BytesIO()
    Image.new("RGBA" if kind == "PNG" else "RGB", size, "blue").save(out, kind)
    return out.getvalue()


async def kept(store: Store, message: Message) -> Kept:
    assert message.attachment
    async with store.transaction():
        found = await store.webchat.media.get(message.attachment.file_id)
    assert found
    return found


async def test_another_channels_picture_is_brought_once_and_made_anew(store: Store) -> None:
    asked = []

    async def fetch(photo: Attachment) -> bytes:
        asked.append(photo)
        return drawn("PNG", (2000, 1000))

    chat = talk(store, fetch)
    for _room in range(3):
        await chat.deliver(Send(ROOM, "#1", attachment=Attachment("telegram", "AgAD")), None)
    messages = await heard(store)
    assert asked == [Attachment("telegram", "AgAD")]
    assert len({message.attachment for message in messages}) == 1
    with Image.open(BytesIO((await kept(store, messages[0])).data)) as image:
        assert (image.format, image.size) == ("JPEG", (1600, 800))


BROUGHT = [
    (Medium.VOICE, b"OggS\x00", Medium.VOICE, "audio/ogg"),
    (Medium.VIDEO, b"\x00\x00\x00\x18ftypisom", Medium.VIDEO, "video/mp4"),
    (Medium.VOICE, b"#!AMR\n", Medium.FILE, "audio/amr"),
    (Medium.FILE, b"%PDF-1.7", Medium.FILE, "application/pdf"),
]


@pytest.mark.parametrize(("medium", "data", "shown_as", "kind"), BROUGHT)
async def test_another_channels_voice_video_or_file_is_brought(
    store: Store, medium: Medium, data: bytes, shown_as: Medium, kind: str
) -> None:
    async def fetch(_attachment: Attachment) -> bytes:
        return data

    await talk(store, fetch).deliver(Send(ROOM, "#1", attachment=Attachment("telegram", "x", medium, 7)), None)
    (message,) = await heard(store)
    assert message.attachment
    assert (message.attachment.medium, message.attachment.seconds) == (shown_as, 7)
    found = await kept(store, message)
    assert (found.type, found.data) == (kind, data)


async def gone(_attachment: Attachment) -> bytes:
    raise Never("gone")


async def too_large(_attachment: Attachment) -> bytes:
    raise TooLarge("40 MB")


async def nonsense(_attachment: Attachment) -> bytes:
    return b"<html>"


MISSING: list[tuple[Fetch | None, Attachment, str]] = [
    (gone, Attachment("telegram", "x"), "有一张照片看不到了，请向上报人要。"),
    (None, Attachment("telegram", "x"), "有一张照片看不到了，请向上报人要。"),
    (gone, Attachment("web", "x"), "有一张照片看不到了，请向上报人要。"),
    (too_large, Attachment("telegram", "x", Medium.VOICE, 3600), "有一段语音太大了，请向上报人要。"),
    (nonsense, Attachment("telegram", "x", Medium.VIDEO), "有一段视频打不开，请向上报人要。"),
    (nonsense, Attachment("telegram", "x", Medium.FILE), "有一个文件打不开，请向上报人要。"),
]


@pytest.mark.parametrize(("fetch", "attachment", "sentence"), MISSING)
async def test_what_cannot_be_had_is_said_in_words(
    store: Store, fetch: Fetch | None, attachment: Attachment, sentence: str
) -> None:
    await talk(store, fetch).deliver(Send(ROOM, "#1", attachment=attachment), None)
    assert [(m.text, m.attachment) for m in await heard(store)] == [(f"#1\n{sentence}", None)]


async def test_a_card_with_a_picture_and_a_place_changes_and_is_taken_down_to_the_last_byte(store: Store) -> None:
    async def fetch(_attachment: Attachment) -> bytes:
        return drawn("JPEG")

    chat, photo = talk(store, fetch), Attachment("telegram", "AgAD")
    card = Send(ROOM, "#1 寻人", card="search:1", attachment=photo, location=Location(26.05, 119.2))
    number = await chat.deliver(card, None)
    await chat.deliver(Send(ROOM, "#1 有人看到", card="search:1", location=Location(26.06, 119.2)), number)
    (message,) = await heard(store)
    assert (message.text, message.location) == ("#1 有人看到", Location(26.06, 119.2))
    assert message.attachment
    await chat.deliver(Withdraw(ROOM, "search:1"), number)
    (emptied,) = await heard(store)
    assert (emptied.text, emptied.attachment, emptied.location) == ("（已撤下）", None, None)
    async with store.transaction():
        assert await store.webchat.media.get(message.attachment.file_id) is None


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
    with Image.open(BytesIO(await Darkroom().develop(drawn(kind)))) as image:
        assert (image.format, image.size) == ("JPEG", (30, 20))
