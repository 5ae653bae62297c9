"""A newer warning takes the place of an older one the moment it is let out, where whoever lets it out may end that."""

from dataclasses import replace

from domain.broadcast import Broadcast
from domain.chat import AccountId
from domain.colour import Colour
from domain.people import Role
from domain.stages import Sort, Stage
from tests.handlers.test_alerts import BELOW_G3, WORDS, groups_having, sent
from tests.town import CHANNEL, Town


async def drafted(town: Town, author: str, sort: Sort = Sort.ALERT, area: str = "S13") -> None:
    """A draft that revises the first broadcast, as one that came as a file."""
    async with town.store.transaction():
        person = await town.store.people.by_account(AccountId(CHANNEL, author))
        assert person
        draft = Broadcast(
            sort, person.who, town.clock.now(), colour=Colour.ORANGE, text="改为 20 点泄洪", area=(area,), revises=1
        )
        await town.store.broadcasts.add(draft)


async def let_out(town: Town, author: str, second: str, place: str = "十三队") -> None:
    await town.presses_data(author, "alert_submit:2")
    await town.says(author, place)
    town.hush()
    await town.presses_data(second, "alert_approve:2")


async def stage(town: Town, number: int) -> Stage:
    async with town.store.transaction():
        broadcast = await town.store.broadcasts.get(number)
    assert broadcast
    return broadcast.stage


async def test_who_is_not_reached_by_the_newer_one_hears_where_it_went(township: Town) -> None:
    town = township
    await sent(town)
    await drafted(town, "王主任")
    assert await stage(town, 1) is Stage.SENT, "a draft ends nothing"
    await let_out(town, "王主任", "陈书记")
    assert await stage(town, 1) is Stage.REVISED
    for group in BELOW_G3:
        town.hears(group, "【更新】三网格的橙色预警（第 1 号）由新的代替：第 2 号，发到十三队。")
    assert groups_having(town, "改为 20 点泄洪") == {"十三队群"}
    order = [text for chat, text in town.channel.order if chat == "十三队群"]
    assert order[0].startswith("【橙色预警】三网格")
    assert "改为 20 点泄洪" in order[1], "what is to be done now comes first"
    assert order[2].startswith("【更新】")


async def test_nobody_ends_so_what_they_may_not_end(township: Town) -> None:
    town = township
    await town.person("副队长", (Role.LEADER, "S13"))
    await sent(town)
    await drafted(town, "张队长")
    await let_out(town, "张队长", "副队长")
    assert await stage(town, 2) is Stage.SENT
    assert await stage(town, 1) is Stage.SENT
    town.hears("副队长", "第 1 号还有效：那里不全归您管")
    assert groups_having(town, WORDS) == BELOW_G3


async def test_a_drill_ends_nothing_real(township: Town) -> None:
    town = township
    town.settings = replace(town.settings, drill_grids=frozenset({"S13"}))
    town.restart()
    await sent(town)
    await drafted(town, "王主任", Sort.DRILL)
    await let_out(town, "王主任", "陈书记")
    assert (await stage(town, 1), await stage(town, 2)) == (Stage.SENT, Stage.SENT)
    assert groups_having(town, "【更新】") == set()
