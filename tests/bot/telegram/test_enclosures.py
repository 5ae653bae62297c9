"""Pictures, voices, videos, files and places on Telegram: shown as what they are, or a sentence instead of silence."""

from io import BytesIO

import pytest
from PIL import Image

from bot.channels import CardGone, Later, Never, Unreachable
from bot.channels.telegram import TelegramChannel
from domain.chat import Attachment, Button, ChatId, Location, Medium, Send, Withdraw
from tests.bot.telegram.conftest import Shelf, jpeg
from tests.standin.telegram import DELETABLE_SECONDS, LARGEST_FILE, Telegram

GROUP = ChatId("telegram", "-7")
PLACE = Location(26.05, 119.2)
MP4, OGG, PDF = b"\x00\x00\x00\x18ftypisom", b"OggS\x00", b"%PDF-1.7"


def send(text: str = "#1", **more: object) -> Send:
    return Send(GROUP, text, **more)  # type: ignore[arg-type]


def gps() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F] = "camera of li"
    exif[0x8825] = {1: "N", 2: (26.0, 5.0, 0.0)}
    return exif


BY_NAME = [
    (Medium.PHOTO, "sendPhoto", "photo"),
    (Medium.VOICE, "sendVoice", "voice"),
    (Medium.VIDEO, "sendVideo", "video"),
    (Medium.FILE, "sendDocument", "document"),
]


@pytest.mark.parametrize(("medium", "method", "field"), BY_NAME, ids=[row[0].value for row in BY_NAME])
async def test_what_telegram_keeps_goes_by_its_name(
    channel: TelegramChannel, telegram: Telegram, medium: Medium, method: str, field: str
) -> None:
    await channel.deliver(send(attachment=Attachment("telegram", "FILE", medium, 7)), None)
    assert telegram.calls[method] == 1
    assert telegram.sent[0][field] == "FILE"
    assert telegram.texts(-7) == ["#1"]


FROM_ELSEWHERE = [
    (Medium.PHOTO, jpeg(), "sendPhoto", "photo"),
    (Medium.VOICE, OGG, "sendVoice", "voice"),
    (Medium.VOICE, MP4, "sendVoice", "voice"),
    (Medium.VOICE, b"RIFF\x00\x00\x00\x00WAVE", "sendDocument", "document"),
    (Medium.VOICE, b"#!AMR\n", "sendDocument", "document"),
    (Medium.VIDEO, MP4, "sendVideo", "video"),
    (Medium.VIDEO, b"\x1a\x45\xdf\xa3", "sendDocument", "document"),
    (Medium.FILE, PDF, "sendDocument", "document"),
]


@pytest.mark.parametrize(("medium", "data", "method", "field"), FROM_ELSEWHERE)
async def test_what_another_channel_keeps_is_brought_along_and_played_where_telegram_can(
    channel: TelegramChannel, telegram: Telegram, shelf: Shelf, medium: Medium, data: bytes, method: str, field: str
) -> None:
    shelf.kept["x"] = data
    await channel.deliver(send(attachment=Attachment("web", "x", medium, 7)), None)
    assert telegram.calls[method] == 1
    assert telegram.sent[0].get("duration") == (7 if field in ("voice", "video") else None)
    (uploaded,) = telegram.files.values()
    assert uploaded == data or medium is Medium.PHOTO


async def test_it_is_brought_once_for_all_the_chats(channel: TelegramChannel, telegram: Telegram, shelf: Shelf) -> None:
    for group in range(200):
        out = Send(ChatId("telegram", f"-{group + 1}"), "#1", attachment=Attachment("web", "x"))
        await channel.deliver(out, None)
    assert shelf.asked == 1
    assert [sent["photo"] for sent in telegram.sent] == ["<file>", *["photo-0"] * 199]


async def test_a_picture_from_elsewhere_leaves_its_place_and_camera_behind(
    channel: TelegramChannel, telegram: Telegram, shelf: Shelf
) -> None:
    shelf.kept["x"] = jpeg(exif=gps())
    await channel.deliver(send(attachment=Attachment("web", "x")), None)
    (uploaded,) = telegram.files.values()
    with Image.open(BytesIO(uploaded)) as image:
        assert not image.getexif()
    assert b"camera of li" not in uploaded


@pytest.mark.parametrize(
    ("kind", "named"),
    [
        ("JPEG", {"mime_type": "image/jpeg"}),
        ("HEIF", {"mime_type": "image/heic"}),
        ("HEIF", {"mime_type": "application/octet-stream", "file_name": "IMG_0001.HEIC"}),
    ],
)
async def test_a_picture_sent_as_a_file_becomes_a_picture_without_its_place(
    channel: TelegramChannel, telegram: Telegram, kind: str, named: dict[str, str]
) -> None:
    data = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(data, kind, exif=gps())
    came = telegram.gives(-7, 1, "document", data.getvalue(), file=named)
    said = channel.translate(came)
    await channel.deliver(send(attachment=said.attachments[0]), None)
    assert telegram.calls["sendPhoto"] == 1
    assert b"camera of li" not in list(telegram.files.values())[-1]


ANEW = [("audio", b"ID3", "sendVoice"), ("video_note", MP4, "sendVideo"), ("animation", MP4, "sendVideo")]


@pytest.mark.parametrize(("kind", "data", "method"), ANEW, ids=[row[0] for row in ANEW])
async def test_what_cannot_be_sent_on_by_its_name_is_sent_anew(
    channel: TelegramChannel, telegram: Telegram, kind: str, data: bytes, method: str
) -> None:
    said = channel.translate(telegram.gives(-7, 1, kind, data))
    await channel.deliver(send(attachment=said.attachments[0]), None)
    assert telegram.calls[method] == 1
    assert telegram.texts(-7) == ["#1"]


SENTENCES = [
    (Medium.PHOTO, None, "有一张照片看不到了，请向上报人要。"),
    (Medium.PHOTO, b"no picture", "有一张照片打不开，请向上报人要。"),
    (Medium.FILE, b"<script>", "有一个文件打不开，请向上报人要。"),
]


@pytest.mark.parametrize(("medium", "kept", "sentence"), SENTENCES)
async def test_what_cannot_be_had_is_said_in_words(
    channel: TelegramChannel, telegram: Telegram, shelf: Shelf, medium: Medium, kept: bytes | None, sentence: str
) -> None:
    shelf.kept = {"x": kept} if kept else {}
    await channel.deliver(send(attachment=Attachment("web", "x", medium)), None)
    assert telegram.texts(-7) == [f"#1\n{sentence}"]


async def test_more_than_telegram_hands_out_is_said_in_words(channel: TelegramChannel, telegram: Telegram) -> None:
    said = channel.translate(telegram.gives(-7, 1, "audio", bytes(LARGEST_FILE + 1)))
    await channel.deliver(send("", attachment=said.attachments[0]), None)
    assert telegram.texts(-7) == ["有一段语音太大了，请向上报人要。"]


async def test_who_forbids_voices_gets_a_file(channel: TelegramChannel, telegram: Telegram) -> None:
    telegram.fail("voiceless", method="sendVoice")
    said = channel.translate(telegram.gives(-7, 1, "voice", OGG))
    await channel.deliver(send(attachment=said.attachments[0]), None)
    assert telegram.sent[0]["document"] == "<file>"


async def test_a_group_that_takes_no_pictures_gets_words(channel: TelegramChannel, telegram: Telegram) -> None:
    for method in ("sendPhoto", "sendDocument"):
        telegram.fail("pictureless", method=method)
    await channel.deliver(send(attachment=Attachment("web", "x")), None)
    assert telegram.texts(-7) == ["#1\n有一张照片打不开，请向上报人要。"]


async def test_where_nobody_is_the_picture_is_not_blamed(channel: TelegramChannel, telegram: Telegram) -> None:
    telegram.fail("gone", method="sendPhoto")
    with pytest.raises(Unreachable):
        await channel.deliver(send(attachment=Attachment("web", "x")), None)


# -- places ----------------------------------------------------------------------


async def test_a_place_is_a_pin_under_its_words(channel: TelegramChannel, telegram: Telegram) -> None:
    number = await channel.deliver(send("#1 在这里", location=PLACE, card="case:1"), None)
    words, pin = telegram.messages.values()
    assert (words["text"], pin["location"]) == ("#1 在这里", {"latitude": 26.05, "longitude": 119.2})
    assert number == str(words["message_id"]), "the card is its words: they change, the pin stays"


async def test_a_pause_between_words_and_pin_says_neither_twice(channel: TelegramChannel, telegram: Telegram) -> None:
    telegram.fail("flood", method="sendLocation")
    out = send("#1 在这里", location=PLACE)
    with pytest.raises(Later):
        await channel.deliver(out, None)
    number = await channel.deliver(out, None)
    words, pin = telegram.messages.values()
    assert (words["text"], number) == ("#1 在这里", str(words["message_id"]))
    assert "location" in pin


async def test_a_refused_pin_does_not_unsay_the_words(channel: TelegramChannel, telegram: Telegram) -> None:
    telegram.fail("strange", method="sendLocation")
    assert await channel.deliver(send("#1 在这里", location=PLACE), None)
    assert telegram.texts(-7) == ["#1 在这里"]


async def test_a_pin_by_itself_is_put_anew_where_it_moves(channel: TelegramChannel, telegram: Telegram) -> None:
    number = await channel.deliver(send("", location=PLACE, card="place:1"), None)
    with pytest.raises(CardGone):
        await channel.deliver(send("", location=Location(26.1, 119.2), card="place:1"), number)
    assert not telegram.messages


# -- cards -----------------------------------------------------------------------


async def test_a_card_with_a_picture_is_placed_changed_and_taken_down(
    channel: TelegramChannel, telegram: Telegram
) -> None:
    photo, button = Attachment("web", "x"), ((Button("我去找", "join:1"),),)
    number = await channel.deliver(send("#1 寻人\n红衣服", buttons=button, card="search:1", attachment=photo), None)
    assert number
    for text in ("#1 寻人\n红衣服，在码头", "#1 寻人\n红衣服，在码头"):
        assert await channel.deliver(send(text, card="search:1", attachment=photo), number) == number
    (message,) = telegram.messages.values()
    assert (message["caption"], "photo" in message) == ("#1 寻人\n红衣服，在码头", True)
    # Words that come without the picture change what stands under it.
    assert await channel.deliver(send("#1 找到了", card="search:1"), number) == number
    assert telegram.texts(-7) == ["#1 找到了"]
    await channel.deliver(Withdraw(GROUP, "search:1"), number)
    assert telegram.deleted == [(-7, int(number))]
    with pytest.raises(CardGone):
        await channel.deliver(Withdraw(GROUP, "search:1"), number)


async def test_a_card_whose_picture_could_not_be_had_still_changes(
    channel: TelegramChannel, telegram: Telegram, shelf: Shelf
) -> None:
    shelf.kept.clear()
    photo = Attachment("web", "x")
    number = await channel.deliver(send("#1 寻人", card="search:1", attachment=photo), None)
    assert await channel.deliver(send("#1 找到了", card="search:1", attachment=photo), number) == number
    assert telegram.texts(-7) == ["#1 找到了"]


async def test_what_is_older_than_two_days_cannot_be_taken_down(channel: TelegramChannel, telegram: Telegram) -> None:
    number = await channel.deliver(send(card="search:1", attachment=Attachment("web", "x")), None)
    began = telegram.now()
    telegram.now = lambda: began + DELETABLE_SECONDS + 60
    with pytest.raises(Never) as raised:
        await channel.deliver(Withdraw(GROUP, "search:1"), number)
    assert not isinstance(raised.value, Unreachable)
