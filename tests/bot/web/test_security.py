"""What a stranger, a curious neighbour and a broken program may not do to the web chat."""

import asyncio
from io import BytesIO

import pytest
from PIL import Image
from websockets.exceptions import InvalidStatus

from bot.channels.web import WebChannel
from bot.channels.web.limits import FRAME_BYTES, LONGEST_MESSAGE, PAGES_PER_ACCOUNT, PHOTO_BYTES, SPEAKING
from bot.clock import SystemClock
from bot.config import ConfigError
from tests.bot.web.conftest import SETTINGS, House

SQUAD, OTHER_SQUAD = "grid-S13", "grid-S14"


def picture(size: tuple[int, int] = (40, 30), kind: str = "JPEG", mode: str = "RGB", **more: object) -> bytes:
    out = BytesIO()
    Image.new(mode, size).save(out, kind, **more)
    return out.getvalue()


# -- rooms and buttons -----------------------------------------------------------


@pytest.mark.parametrize("room", [OTHER_SQUAD, "me-zhang", "grid-G3", "grid-", "me-", "nowhere"])
async def test_nobody_speaks_or_reads_in_a_room_that_is_not_theirs(house: House, room: str) -> None:
    async with house.phone("li") as li:
        refused = await li.gets("refused", id=await li.say(room, "上报 家里进水了"))
        assert "不是您的" in refused["text"]
        asked = await li.send(type="earlier", room=room, before=10, id=None)
        assert asked
        await li.gets("refused")
    async with house.store.transaction():
        assert await house.store.webchat.history(room, 10) == []


async def test_what_is_said_in_a_room_reaches_its_members_only(house: House) -> None:
    async with house.phone("li") as li, house.phone("zhao") as zhao:
        await li.gets("stored", id=await li.say(SQUAD, "上报 家里进水了"))
        await li.hears(SQUAD, "#1 水浸")
        await zhao.quiet(SQUAD, "")


async def test_only_a_button_that_stands_there_can_be_pressed(house: House) -> None:
    async with house.phone("li") as li, house.phone("zhao") as zhao, house.phone("zhang") as zhang:
        await li.say(SQUAD, "上报 家里进水了")
        card = await zhang.hears(SQUAD, "#1 水浸")
        await zhao.say(OTHER_SQUAD, "上报 路灯坏了")
        other = await zhao.hears(OTHER_SQUAD, "#2 报修")
        forged = [
            (zhang, SQUAD, card["id"], "resolve_now:1"),
            (zhang, SQUAD, card["id"], "acknowledge:2"),
            (zhang, SQUAD, other["id"], "acknowledge:2"),
            (zhang, "me-zhang", card["id"], "acknowledge:1"),
            (zhang, SQUAD, 999, "acknowledge:1"),
            (zhao, SQUAD, card["id"], "acknowledge:1"),
        ]
        for who, room, message, data in forged:
            pressed = await who.send(type="press", room=room, message=message, data=data)
            await who.gets("refused", id=pressed)
    async with house.store.transaction():
        case = await house.store.cases.get(1)
    assert case
    assert case.state.value == "reported"


async def test_a_message_id_of_somebody_else_does_not_change_their_words(house: House) -> None:
    async with house.phone("li") as li, house.phone("zhang") as zhang:
        await li.gets("stored", id=await li.say(SQUAD, "我的话", id="same-id-for-both"))
        await zhang.gets("stored", id=await zhang.say(SQUAD, "他的话", id="same-id-for-both"))
        await li.hears(SQUAD, "他的话")
    async with house.store.transaction():
        assert [m.text for m in await house.store.webchat.history(SQUAD, 10)] == ["我的话", "他的话"]


# -- the line --------------------------------------------------------------------


@pytest.mark.parametrize("origin", ["https://evil.example", "null", None])
async def test_another_sites_page_gets_no_line(house: House, origin: str | None) -> None:
    with pytest.raises(InvalidStatus, match="403"):
        await house.line(origin)


async def test_a_wrong_token_is_sent_away(house: House) -> None:
    async with house.phone("nobody") as phone:
        assert await phone.closed() == 4001


@pytest.mark.parametrize("greeting", ["", "{}", "[]", '{"type":"say"}', '{"type":"hello","token":5}'])
async def test_whoever_does_not_greet_is_sent_away(house: House, greeting: str) -> None:
    async with house.line(house.url) as line:
        await line.send(greeting)
        await line.wait_closed()
        assert line.close_code == 4001


async def test_a_frame_too_large_ends_the_line_and_nothing_else(house: House) -> None:
    async with house.phone("li") as li, house.phone("zhang") as zhang:
        await li.say(SQUAD, "x" * (FRAME_BYTES + 1))
        assert await li.closed() == 1009
        await zhang.gets("stored", id=await zhang.say(SQUAD, "还在"))


async def test_words_too_long_are_refused_in_words(house: House) -> None:
    async with house.phone("li") as li:
        await li.gets("stored", id=await li.say(SQUAD, "水" * LONGEST_MESSAGE))
        refused = await li.gets("refused", id=await li.say(SQUAD, "水" * (LONGEST_MESSAGE + 1)))
        assert "10000" in refused["text"]


@pytest.mark.parametrize(
    "frame",
    [
        {"type": "nonsense"},
        {"type": "say", "room": SQUAD},
        {"type": "say", "room": SQUAD, "text": " \n "},
        {"type": "say", "room": SQUAD, "text": 5},
        {"type": "say", "room": SQUAD, "text": "a", "account": "zhang"},
        {"type": "say", "room": SQUAD, "text": "a", "location": {"latitude": 1000, "longitude": 0}},
        {"type": "say", "room": SQUAD, "text": "a", "attachment": "no-such-photo"},
        {"type": "say", "room": SQUAD, "text": "a", "id": "short"},
        {"type": "press", "room": SQUAD, "message": "1", "data": "x" * 65},
    ],
)
async def test_a_frame_without_sense_is_refused_and_the_line_stays(house: House, frame: dict[str, object]) -> None:
    async with house.phone("li") as li:
        await li.gets("refused", id=await li.send(**frame))
        await li.gets("stored", id=await li.say(SQUAD, "还在"))


async def test_a_flood_is_told_to_wait_and_the_neighbours_are_not(house: House) -> None:
    async with house.phone("li") as li, house.phone("zhang") as zhang:
        for number in range(int(SPEAKING.burst) + 1):
            await li.say(SQUAD, f"第 {number} 句")
        told = await li.gets("later")
        assert told["after"] > 0
        assert told["text"]
        await zhang.gets("stored", id=await zhang.say(SQUAD, "这里有人要帮忙"))


async def test_the_newest_pages_of_an_account_stay(house: House) -> None:
    async with house.phone("li") as first:
        await first.gets("rooms")
        phones = [house.phone("li") for _n in range(PAGES_PER_ACCOUNT)]
        pages = [await phone.__aenter__() for phone in phones]
        assert await first.closed() == 4009
        await pages[-1].gets("stored", id=await pages[-1].say(SQUAD, "还在"))
        for phone in phones:
            await phone.__aexit__(None, None, None)


# -- pictures --------------------------------------------------------------------


async def test_a_picture_loses_what_nobody_should_know_of_it(house: House) -> None:
    exif = Image.Exif()
    exif[0x010F] = "camera of li"
    exif[0x8825] = {1: "N", 2: (26.0, 5.0, 0.0)}
    uploaded = await house.asks(
        "POST", "/api/media?medium=photo", token="li-token", data=picture(exif=exif, comment=b"secret")
    )
    assert uploaded.status == 201
    name = uploaded.said["attachment"]
    async with house.phone("li") as li, house.phone("zhang") as zhang:
        await li.say(SQUAD, "上报 家里进水了", attachment=name)
        assert (await zhang.hears(SQUAD, "家里进水了"))["attachment"]["id"] == name
        await zhang.hears(SQUAD, "#1 水浸", "照片 1 张")
    seen = await house.asks("GET", f"/api/media/{name}", token="zhang-token")
    assert (seen.status, seen.headers["Content-Type"]) == (200, "image/jpeg")
    with Image.open(BytesIO(seen.body)) as image:
        assert image.size == (40, 30)
        assert not image.getexif()
    assert b"camera of li" not in seen.body
    assert b"secret" not in seen.body


async def test_a_picture_is_shown_to_the_room_and_to_nobody_else(house: House) -> None:
    name = (await house.asks("POST", "/api/media?medium=photo", token="li-token", data=picture())).said["attachment"]
    assert (await house.asks("GET", f"/api/media/{name}", token="li-token")).status == 200
    for token, status in (("", 401), ("nobody-token", 401), ("zhang-token", 404), ("zhao-token", 404)):
        assert (await house.asks("GET", f"/api/media/{name}", token=token)).status == status
    async with house.phone("zhang") as zhang:
        await zhang.gets("refused", id=await zhang.say(SQUAD, "看", attachment=name))
    async with house.phone("li") as li:
        await li.gets("stored", id=await li.say(SQUAD, "看", attachment=name))
    assert (await house.asks("GET", f"/api/media/{name}", token="zhang-token")).status == 200
    assert (await house.asks("GET", f"/api/media/{name}", token="zhao-token")).status == 404


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a picture",
        b"\xff\xd8\xff\xe0broken",
        picture()[:300],
        picture(kind="TIFF"),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    ],
)
async def test_what_is_no_picture_is_refused_in_words(house: House, data: bytes) -> None:
    answer = await house.asks("POST", "/api/media?medium=photo", token="li-token", data=data)
    assert (answer.status, answer.said["text"]) == (422, "这不是照片，或者文件坏了。请换一张再发。")


async def test_a_picture_that_unpacks_to_a_gigabyte_is_not_unpacked(house: House) -> None:
    bomb = picture((12_000, 12_000), "PNG", mode="1")
    assert len(bomb) < PHOTO_BYTES
    answer = await house.asks("POST", "/api/media?medium=photo", token="li-token", data=bomb)
    assert (answer.status, answer.said["text"]) == (422, "照片太大了，请拍小一点再发。")


async def test_an_upload_too_large_is_not_read_to_its_end(house: House) -> None:
    answer = await house.asks(
        "POST", "/api/media?medium=photo", token="li-token", data=BytesIO(b"x" * (PHOTO_BYTES + 1))
    )
    assert answer.status == 413
    assert "10 MB" in answer.said["text"]


async def test_a_picture_from_another_sites_page_is_not_taken(house: House) -> None:
    headers = {"Origin": "https://evil.example"}
    assert (
        await house.asks("POST", "/api/media?medium=photo", token="li-token", data=picture(), headers=headers)
    ).status == 403
    assert (await house.asks("POST", "/api/enter", json={}, headers=headers)).status == 403


# -- the site --------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/chat", "/join/POSTER", "/static/chat.js", "/texts.json", "/api/posters/x"])
async def test_every_answer_keeps_other_sites_out(house: House, path: str) -> None:
    answer = await house.asks("GET", path)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in answer.headers


async def test_a_name_made_to_point_here_is_not_ours(house: House) -> None:
    headers = {"Host": "evil.example", "Origin": "http://evil.example"}
    answer = await house.asks("GET", "/", headers=headers)
    assert answer.status == 400
    assert "public_url" in answer.body.decode()
    assert (await house.asks("GET", "/healthz", headers=headers)).said == {"ok": True}


@pytest.mark.parametrize("path", ["/static/../channel.py", "/static/%2e%2e/channel.py", "/static/..%2fchannel.py"])
async def test_nothing_but_the_page_is_served(house: House, path: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    assert b" 404 " in answer.splitlines()[0]


async def test_a_port_in_use_is_said_with_what_to_do(house: House) -> None:
    with pytest.raises(ConfigError, match=f"端口 {house.port} 已经被别的程序占用"):
        WebChannel(house.store, SystemClock(), SETTINGS, "127.0.0.1", house.port)


async def test_a_public_address_behind_a_proxy_is_ours(house: House) -> None:
    channel = WebChannel(house.store, SystemClock(), SETTINGS, "127.0.0.1", 0, public_url="https://village.example/")
    assert channel.url == "https://village.example"
    await channel.close()
