"""A report on the web chat, from the first word to the last button, over real sockets."""

from tests.bot.web.conftest import House

SQUAD = "grid-S13"


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
