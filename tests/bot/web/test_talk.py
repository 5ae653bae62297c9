"""A report on the web chat, from the first word to the last button, over real sockets."""

from datetime import UTC, datetime

from domain.chat import ChatId
from storage.webchat import Message
from tests.bot.web.conftest import House, Phone

SQUAD, GRID = "grid-S13", "grid-G3"


async def test_a_report_is_stored_answered_and_seen_by_the_neighbours(house: House) -> None:
    async with house.phone("li") as li, house.phone("zhang") as zhang:
        rooms = await li.gets("rooms")
        assert [room["id"] for room in rooms["rooms"]] == ["me-li", SQUAD]
        sent = await li.say(SQUAD, "上报 东门地下车库进水了")
        await li.gets("stored", id=sent)
        assert (await zhang.hears(SQUAD, "东门地下车库进水了"))["author"] == "李阿姨"
        card = await zhang.hears(SQUAD, "#1 水浸")
        pressed = await zhang.press(card, SQUAD, "acknowledge")
        await zhang.gets("stored", id=pressed)
        await zhang.gets("toast", id=pressed)
        changed = await li.hears(SQUAD, "张队长 已接单")
        assert changed["id"] == card["id"]
        assert changed["edited"]


async def test_what_the_bot_asks_is_answered_by_the_next_words(house: House) -> None:
    async with house.phone("li") as li, house.phone("zhang") as zhang:
        await li.say(SQUAD, "上报 路灯坏了")
        await zhang.press(await zhang.hears(SQUAD, "#1 报修"), SQUAD, "acknowledge")
        await zhang.press(await zhang.hears(SQUAD, "张队长 已接单，"), SQUAD, "resolve")
        assert (await zhang.hears(SQUAD, "怎么处理好的"))["asks"]
        await zhang.say(SQUAD, "换了灯泡")
        asked = await li.hears(SQUAD, "李阿姨，您满意吗")
        await li.press(asked, SQUAD, "rate:1:satisfied")
        await zhang.hears(SQUAD, "#1 报修", "李阿姨 回访：满意")


async def test_a_leader_enters_the_room_above_and_it_becomes_that_grids_group(house: House) -> None:
    async with house.phone("zhang") as zhang:
        rooms = await zhang.gets("rooms")
        assert [(room["id"], room["kind"]) for room in rooms["rooms"]] == [
            ("me-zhang", "private"),
            (SQUAD, "group"),
            (GRID, "group"),
        ]
    async with house.store.transaction():
        assert await house.store.chats.of_grid("G3") == [ChatId("web", GRID)]


async def test_a_page_gets_the_last_of_the_talk_and_the_rest_when_it_asks(house: House) -> None:
    async with house.store.transaction():
        for number in range(120):
            now = datetime.now(UTC)
            await house.store.webchat.say(Message(SQUAD, now, f"第 {number} 句", account="zhang", author="张队长"))
    async with house.phone("li") as li:
        talk = await li.gets("messages", room=SQUAD)
        assert talk["reset"]
        assert talk["earlier"]
        assert [m["text"] for m in talk["messages"]] == [f"第 {n} 句" for n in range(70, 120)]
        await li.send(type="earlier", room=SQUAD, before=talk["messages"][0]["id"], id=None)
        before = await li.gets("messages", room=SQUAD)
        assert [m["text"] for m in before["messages"]] == [f"第 {n} 句" for n in range(20, 70)]


async def test_a_page_that_was_away_hears_what_changed(house: House) -> None:
    async with house.store.transaction():
        for number in range(60):
            now = datetime.now(UTC)
            await house.store.webchat.say(Message(SQUAD, now, f"第 {number} 句", account="zhang", author="张队长"))
    async with house.phone("li") as li:
        newest = max(m["revision"] for m in (await li.gets("messages", room=SQUAD))["messages"])
    async with house.phone("zhang") as zhang:
        await zhang.gets("stored", id=await zhang.say(SQUAD, "你们都在吗"))
    async with house.phone("li", since=newest) as li:
        talk = await li.gets("messages", room=SQUAD)
        assert "reset" not in talk
        assert talk["messages"][-1]["text"] == "你们都在吗"
        assert len(talk["messages"]) < 30


async def test_words_sent_again_after_a_restart_are_neither_stored_nor_handled_again(house: House) -> None:
    words = {"room": SQUAD, "text": "上报 家里进水了", "id": "the-same-words"}
    async with house.phone("li") as li:
        await li.say(**words)
        await li.gets("stored", id="the-same-words")
        await li.hears(SQUAD, "#1 水浸")
    await house.restart()
    async with house.phone("li") as li:
        await li.say(**words)
        await li.gets("stored", id="the-same-words")
        await li.say(SQUAD, "查询")
        await li.hears(SQUAD, "您上报的", "#1 水浸")
    async with house.store.transaction():
        said = await house.store.webchat.history(SQUAD, 50)
        assert len([m for m in said if m.client == "the-same-words"]) == 1
        assert await house.store.cases.get(2) is None


async def test_a_press_sent_again_is_taken_though_its_button_is_gone(house: House) -> None:
    async with house.phone("li") as li, house.phone("zhang") as zhang:
        await li.say(SQUAD, "上报 家里进水了")
        card = await zhang.hears(SQUAD, "#1 水浸")
        await zhang.press(card, SQUAD, "acknowledge", id="the-same-press")
        await zhang.gets("stored", id="the-same-press")
        await zhang.hears(SQUAD, "张队长 已接单，")
        await zhang.press(card, SQUAD, "acknowledge", id="the-same-press")
        await zhang.gets("stored", id="the-same-press")


async def test_a_refused_press_is_told_to_whoever_pressed_and_to_nobody_else(house: House) -> None:
    async with house.phone("li") as li, house.phone("zhang") as zhang:
        await li.say(SQUAD, "上报 家里进水了")
        pressed = await li.press(await li.hears(SQUAD, "#1 水浸"), SQUAD, "acknowledge")
        assert "队长" in (await li.gets("toast", id=pressed))["text"]
        await zhang.hears(SQUAD, "#1 水浸")
        assert not [frame for frame in zhang.frames if frame["type"] == "toast"]


async def test_a_place_is_part_of_the_report(house: House) -> None:
    async with house.phone("li") as li:
        await li.say(SQUAD, "上报 井盖没了", location={"latitude": 26.05, "longitude": 119.2})
        assert (await li.hears(SQUAD, "井盖没了"))["location"] == [26.05, 119.2]
        await li.hears(SQUAD, "#1 报修", "位置 26.05000, 119.20000")


async def test_whoever_is_let_in_finds_the_room_at_once(house: House) -> None:
    async with house.store.transaction():
        await house.store.enrolment.hang_poster("S13", "POSTER")
    assert (await house.asks("GET", "/api/posters/POSTER")).said == {"squad": "十三队"}
    form = {"poster": "POSTER", "name": "林大爷", "door": "江滨里12号"}
    joined = await house.asks("POST", "/api/join", json=form)
    assert joined.status == 201
    async with house.phone("zhang") as zhang, house.line(house.url) as line:
        lin = Phone(line)
        await lin.greet(joined.said["token"])
        private = f"me-{joined.said['account']}"
        assert [room["id"] for room in (await lin.gets("rooms"))["rooms"]] == [private]
        await lin.hears(private, "请稍等")
        knock = await zhang.hears("me-zhang", "林大爷（江滨里12号）想加入 十三队")
        await zhang.press(knock, "me-zhang", "let_in")
        assert [room["id"] for room in (await lin.gets("rooms"))["rooms"]] == [private, SQUAD]
        await lin.say(SQUAD, "大家好")
        await zhang.hears(SQUAD, "大家好")


async def test_a_page_that_saw_a_newer_file_gets_the_talk_anew(house: House) -> None:
    async with house.phone("li") as li:
        await li.gets("stored", id=await li.say(SQUAD, "大家好"))
    async with house.phone("li", since=1_000_000) as li:
        talk = await li.gets("messages", room=SQUAD)
        assert talk["reset"]
        assert [m["text"] for m in talk["messages"]] == ["大家好"]
