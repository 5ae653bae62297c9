"""Voices, videos, files, albums and answers on the web chat: what is taken, how it is served, and to whom."""

import json
from collections.abc import AsyncIterator, Sequence
from io import BytesIO
from urllib.parse import urlencode

import pytest
from PIL import Image

from bot.channels.formats import format_of
from bot.channels.web import frames
from bot.channels.web.limits import BYTES_A_DAY, FILE_BYTES, PHOTO_BYTES, UPLOADS, Buckets, TooFast
from bot.channels.web.media import Shelf
from bot.channels.web.rooms import sender
from bot.channels.web.talk import Talk
from bot.clock import SystemClock
from domain.chat import Attachment, Incoming, Medium, Said
from storage.inbox import Arrival
from storage.store import Store
from tests.bot.telegram.test_enclosures import gps
from tests.bot.web.conftest import House, Reply, settle
from tests.bot.web.test_security import picture
from tests.fresh import new_store

SQUAD = "grid-S13"
WEBM, MP4, OGG = b"\x1a\x45\xdf\xa3", b"\x00\x00\x00\x18ftypisom", b"OggS\x00"
WORD = b"PK\x03\x04" + b"word/document.xml"
AVIF = b"\x00\x00\x00\x18ftypavif"
OLD_EXCEL = b"\xd0\xcf\x11\xe0" + "Workbook".encode("utf-16-le")


async def hands_in(house: House, data: bytes, who: str = "li", **more: object) -> Reply:
    return await house.asks("POST", f"/api/media?{urlencode(more)}", token=f"{who}-token", data=BytesIO(data))


FORMATS = [
    (Medium.VOICE, WEBM, Medium.VOICE, "audio/webm"),
    (Medium.VOICE, MP4, Medium.VOICE, "audio/mp4"),
    (Medium.VOICE, OGG, Medium.VOICE, "audio/ogg"),
    (Medium.VOICE, b"ID3\x04", Medium.VOICE, "audio/mpeg"),
    (Medium.VOICE, b"\xff\xf1\x50", Medium.VOICE, "audio/aac"),
    (Medium.VOICE, b"RIFF\x00\x00\x00\x00WAVE", Medium.VOICE, "audio/wav"),
    (Medium.VOICE, b"#!AMR\n", Medium.FILE, "audio/amr"),
    (Medium.VIDEO, MP4, Medium.VIDEO, "video/mp4"),
    (Medium.VIDEO, WEBM, Medium.VIDEO, "video/webm"),
    (Medium.VIDEO, OGG, Medium.FILE, "audio/ogg"),
    (Medium.FILE, b"%PDF-1.7", Medium.FILE, "application/pdf"),
    (Medium.FILE, WORD, Medium.FILE, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (Medium.FILE, b"PK\x03\x04", Medium.FILE, "application/zip"),
    (Medium.FILE, OLD_EXCEL, Medium.FILE, "application/vnd.ms-excel"),
]


@pytest.mark.parametrize(("medium", "data", "shown_as", "kind"), FORMATS)
def test_what_it_is_is_seen_in_its_bytes(medium: Medium, data: bytes, shown_as: Medium, kind: str) -> None:
    found = format_of(medium, data)
    assert found
    assert (found[0], found[1].type) == (shown_as, kind)


@pytest.mark.parametrize(
    "data", [b"", b"<html><script>", b"<svg xmlns=", b"MZ\x90", b"\x7fELF", b"GIF89a", b"text", AVIF]
)
@pytest.mark.parametrize("medium", [Medium.VOICE, Medium.VIDEO, Medium.FILE])
async def test_what_is_not_listed_is_not_taken(medium: Medium, data: bytes) -> None:
    assert format_of(medium, data) is None


async def test_an_iphones_photo_handed_in_as_a_file_is_a_photo_without_its_place(house: House) -> None:
    data = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(data, "HEIF", exif=gps())
    assert b"camera of li" in data.getvalue()
    handed_in = await hands_in(house, data.getvalue(), medium="file")
    assert (handed_in.status, handed_in.said["medium"]) == (201, "photo")
    kept = await house.channel.fetch(handed_in.said["attachment"])
    with Image.open(BytesIO(kept), formats=("JPEG",)) as image:
        assert not image.getexif()
    assert b"camera of li" not in kept
    broken = await hands_in(house, data.getvalue()[:200], medium="file")
    assert (broken.status, broken.said["text"]) == (422, "这不是照片，或者文件坏了。请换一张再发。")


async def test_a_voice_is_heard_by_the_room_and_kept_for_other_channels(house: House) -> None:
    handed_in = await hands_in(house, OGG, medium="voice", seconds=12)
    assert (handed_in.status, handed_in.said["medium"]) == (201, "voice")
    name = handed_in.said["attachment"]
    async with house.phone("li") as li, house.phone("zhang") as zhang:
        await li.say(SQUAD, "上报 听听这声音", attachment=name)
        said = await zhang.hears(SQUAD, "听听这声音")
        assert said["attachment"] == {"id": name, "medium": "voice", "seconds": 12}
        await zhang.hears(SQUAD, "#1")
    served = await house.asks("GET", f"/api/media/{name}", token="zhang-token")
    assert (served.status, served.body, served.headers["Content-Type"]) == (200, OGG, "audio/ogg")
    assert served.headers["X-Content-Type-Options"] == "nosniff"
    assert "Content-Disposition" not in served.headers
    assert (await house.asks("GET", f"/api/media/{name}", token="zhao-token")).status == 404
    assert await house.channel.fetch(name) == OGG
    async with house.store.transaction():
        case = await house.store.cases.get(1)
    assert case
    assert case.attachments == (Attachment("web", name, Medium.VOICE, 12),)


async def test_a_file_is_saved_and_never_opened_in_the_page(house: House) -> None:
    name = (await hands_in(house, WORD, medium="file")).said["attachment"]
    served = await house.asks("GET", f"/api/media/{name}", token="li-token")
    assert served.headers["Content-Disposition"] == 'attachment; filename="gridbot.docx"'


@pytest.mark.parametrize(
    "asked", [{}, {"medium": "page"}, {"medium": "voice", "seconds": -1}, {"medium": "voice", "x": 1}]
)
async def test_a_page_that_does_not_say_what_it_hands_in_is_told_so(house: House, asked: dict[str, object]) -> None:
    assert (await hands_in(house, OGG, **asked)).status == 422


async def test_what_is_too_large_is_said_with_what_to_do(house: House) -> None:
    photo = await hands_in(house, b"\xff\xd8" + bytes(2 * PHOTO_BYTES), medium="photo")
    video = await hands_in(house, MP4 + bytes(FILE_BYTES), medium="video")
    assert (photo.status, photo.said["text"]) == (413, "照片太大了，最多 10 MB。")
    assert (video.status, video.said["text"]) == (413, "太大了，最多 20 MB。请拍短一点、录短一点再发。")
    hour = OGG + bytes(14_400_000)
    assert (await hands_in(house, hour, medium="voice", seconds=3600)).status == 201


def test_nobody_fills_the_villages_disk() -> None:
    much = Buckets(BYTES_A_DAY)
    for _video in range(10):
        much.take("li", 0, FILE_BYTES)
    with pytest.raises(TooFast):
        much.take("li", 0, 1_000_000)
    much.take("zhang", 0, FILE_BYTES)
    much.take("li", 24 * 60 * 60, FILE_BYTES)


async def test_one_account_hands_in_two_albums_at_once_and_no_more(house: House) -> None:
    for _picture in range(int(UPLOADS.burst)):
        assert (await hands_in(house, OGG, medium="voice")).status == 201
    assert (await hands_in(house, OGG, medium="voice")).status == 429
    assert (await hands_in(house, OGG, who="zhang", medium="voice")).status == 201


# -- what reaches the neighbourhood ----------------------------------------------


class Ear:
    """A talk whose words go no further: what came in, as the handlers would get it."""

    def __init__(self, store: Store) -> None:
        clock = SystemClock()
        self.talk = Talk(store, clock, Shelf(store, clock, None))
        self.talk.receive = self.hear
        self.heard: list[Incoming | None] = []

    async def hear(self, arrivals: Sequence[Arrival]) -> None:
        self.heard += [frames.translate(json.loads(arrival.payload)) for arrival in arrivals]

    async def says(self, **frame: object) -> Said:
        fields = {"type": "say", "id": f"frame-{len(self.heard):03}", "room": SQUAD} | frame
        await self.talk.say(sender("li", "李阿姨"), frames.Say.model_validate(fields))
        said = self.heard[-1]
        assert isinstance(said, Said)
        return said


@pytest.fixture
async def ear() -> AsyncIterator[Ear]:
    store = await new_store()
    await settle(store)
    yield Ear(store)
    await store.close()


async def test_pictures_chosen_together_say_which_album(ear: Ear) -> None:
    shelf = ear.talk._shelf
    photos = [await shelf.take("li", Medium.PHOTO, picture(), 0) for _n in range(2)]
    parts = [await ear.says(attachment=photo.file_id, album="album-of-two") for photo in photos]
    assert [(part.album, part.attachments) for part in parts] == [("album-of-two", (photo,)) for photo in photos]


async def test_an_answer_says_which_message_it_answers(ear: Ear) -> None:
    first = await ear.says(text="东门进水了")
    assert (first.reply_to, first.album) == (None, None)
    assert (await ear.says(text="到膝盖了", reply_to=int(first.message_id or 0))).reply_to == first.message_id


@pytest.mark.parametrize("number", [999, 0, -1, 2**62])
async def test_an_answer_to_what_was_never_said_stands_by_itself(ear: Ear, number: int) -> None:
    assert (await ear.says(text="到膝盖了", reply_to=number)).reply_to is None


async def test_a_number_that_no_database_can_hold_is_refused(house: House) -> None:
    async with house.phone("li") as li:
        await li.gets("refused", id=await li.say(SQUAD, "到膝盖了", reply_to=2**64))
        await li.gets("stored", id=await li.say(SQUAD, "还在"))
