"""A room is called after its work while a mode holds: on open pages at once, and for whoever comes later."""

from tests.bot.web.conftest import House

SQUAD = "grid-S13"


async def test_rooms_are_renamed_where_people_look_at_them(house: House) -> None:
    async with house.phone("li") as li, house.phone("zhang") as zhang:
        before = (await li.gets("rooms"))["rooms"]
        await zhang.gets("rooms")
        await zhang.say(SQUAD, "模式 防汛")
        assert (await li.gets("named", room=SQUAD))["name"] == "十三队·防汛"
        await li.hears(SQUAD, "【防汛模式】", "张队长 发起")
        # What was said under the old name, or is said now, changes nothing of it.
        await li.gets("stored", id=await li.say(SQUAD, "上报 家里进水了"))
        await li.hears(SQUAD, "#1 水浸")
    async with house.phone("li") as li, house.phone("zhang") as zhang:
        assert [room["name"] for room in (await li.gets("rooms"))["rooms"]] == ["李阿姨", "十三队·防汛"]
        await zhang.say(SQUAD, "模式 日常")
        assert (await li.gets("named", room=SQUAD))["name"] == "十三队"
    async with house.phone("li") as li:
        assert (await li.gets("rooms"))["rooms"] == before
