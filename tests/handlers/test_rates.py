"""三率: the numbers of a month as those who answer for a grid see them, in words and as a picture."""

from datetime import datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from bot.channels import Later, Never
from bot.channels.carrier import Carrier
from bot.serve import fetcher
from domain.chat import HOUSE, Attachment
from domain.people import Role
from tests.town import Message, Town


async def report(town: Town, who: str, words: str, chat: str) -> int:
    await town.says(who, f"上报 {words}", chat=chat)
    async with town.store.transaction():
        row = await town.store.db.one("SELECT max(id) AS id FROM cases")
    assert row
    return int(row["id"])


async def settled(town: Town, who: str, words: str, chat: str, rating: str = "satisfied") -> int:
    """Reported, taken at once, done, and answered by the one who reported it."""
    number = await report(town, who, words, chat)
    await town.presses_data("王主任", f"acknowledge:{number}", chat)
    await town.says("王主任", f"办结 {number} 修好了")
    await town.presses_data(who, f"rate:{number}:{rating}", chat)
    return number


async def asked(town: Town, who: str, words: str = "三率", chat: str | None = None) -> Message:
    town.hush()
    await town.says(who, words, chat=chat)
    said = town.hears(chat or who, "三率")
    town.silent()
    return said


def line(said: Message, name: str) -> str:
    return next(line for line in said.text.splitlines() if line.startswith(f"{name}："))


async def test_a_month_of_a_grid_in_numbers_and_as_a_picture(town: Town) -> None:
    for n in range(4):
        await settled(town, "李阿姨", f"{n} 号楼路灯坏了", "十三队群")
    await settled(town, "李阿姨", "停水了", "十三队群", "dissatisfied")
    late = await report(town, "赵叔", "电梯坏了", "十四队群")
    await town.later(hours=2)
    await town.presses_data("王主任", f"acknowledge:{late}", "十四队群")
    said = await asked(town, "王主任", "三率 一片")
    assert said.text.startswith("一片 三率 2026 年 7 月\n")
    assert line(said, "十三队") == "十三队：响应 5/5 100%，解决 5/5 100%，满意 4/5 80%"
    assert line(said, "十四队") == "十四队：响应 0/1，解决 0/0，满意 0/0"
    assert line(said, "合计") == "合计：响应 5/6 83%，解决 5/5 100%，满意 4/5 80%"
    assert said.attachment
    assert said.attachment.channel == HOUSE
    assert Image.open(BytesIO(await fetcher(town.store, {})(said.attachment))).format == "PNG"


async def test_many_grids_take_several_pictures_that_no_channel_makes_smaller(town: Town) -> None:
    for n in range(15, 28):
        await town.grid(f"S{n}", f"{n} 队", "小队", "A1")
    await report(town, "李阿姨", "停水了", "十三队群")
    town.hush()
    await town.says("王主任", "三率 一片")
    pages = [town.hears("王主任", "一片 三率") for _page in range(2)]
    town.silent()
    assert len([line for line in pages[0].text.splitlines() if "队：" in line]) == 15
    for page in pages:
        assert page.attachment
        shown = await Carrier(fetcher(town.store, {}), town.clock).bring(page.attachment, urgent=False)
        assert Image.open(BytesIO(shown.data)).width == 1080


async def test_without_a_name_it_is_the_speakers_own_highest_grid(town: Town) -> None:
    await report(town, "李阿姨", "停水了", "十三队群")
    await town.person("王主任", (Role.LEADER, "S14"))
    assert (await asked(town, "王主任")).text.startswith("三网格 三率")
    assert (await asked(town, "陈书记")).text.startswith("侯官村 三率")
    assert (await asked(town, "管理员")).text.startswith("侯官村 三率")
    squad = await asked(town, "张队长", chat="十三队群")
    assert squad.text.startswith("十三队 三率")
    assert "合计" not in squad.text
    assert line(squad, "十三队") == "十三队：响应 0/0，解决 0/0，满意 0/0"
    assert line(await asked(town, "陈书记", "三率 一片"), "十四队") == "十四队：没有上报"


@pytest.mark.parametrize(("who", "words"), [("李阿姨", "三率"), ("李阿姨", "三率 十三队"), ("过路人", "/rates S13")])
async def test_only_those_who_answer_for_a_grid_may_ask(town: Town, who: str, words: str) -> None:
    await report(town, "李阿姨", "停水了", "十三队群")
    town.hush()
    await town.says(who, words)
    said = town.hears(who, "管")
    assert not said.attachment
    assert "0/0" not in said.text
    await town.says("张队长", "三率 十四队")
    town.hears("张队长", "这一步要由管这一片的")
    town.silent()


async def test_a_month_is_named_in_words_or_numbers(town: Town) -> None:
    await report(town, "李阿姨", "停水了", "十三队群")
    zone = ZoneInfo("Asia/Shanghai")
    town.clock.moment = datetime(2026, 8, 1, 0, 0, tzinfo=zone)
    for words in ("三率 七月", "三率 一片 7月", "三率 上月 一片", "/rates 2026-07"):
        assert "2026 年 7 月" in (await asked(town, "王主任", words)).text
    for words, said in (
        ("三率", "2026 年 8 月 没有上报"),
        ("三率 2025-07", "2025 年 7 月 没有上报"),
        ("三率 2026-09", "2026 年 9 月还没到"),
        ("三率 火星", "没有叫 火星 的网格"),
    ):
        await town.says("王主任", words)
        assert not town.hears("王主任", said).attachment


async def test_midnight_is_the_villages_own(town: Town) -> None:
    town.clock.moment = datetime(2026, 7, 31, 23, 59, tzinfo=ZoneInfo("Asia/Shanghai"))
    await report(town, "李阿姨", "停水了", "十三队群")
    town.clock.pass_time(timedelta(minutes=2))
    await report(town, "李阿姨", "停电了", "十三队群")
    town.clock.pass_time(timedelta(hours=2))
    assert line(await asked(town, "张队长", "三率 七月"), "十三队").startswith("十三队：响应 0/1")
    assert line(await asked(town, "张队长", "三率 八月"), "十三队").startswith("十三队：响应 0/1")


async def test_what_was_taken_back_does_not_count(town: Town) -> None:
    await report(town, "李阿姨", "停水了", "十三队群")
    await town.says("李阿姨", "撤销 1 水来了")
    town.hush()
    await town.says("张队长", "三率")
    town.hears("张队长", "十三队 2026 年 7 月 没有上报")


async def test_a_report_that_joined_another_goes_its_way_and_counts_where_it_was_made(town: Town) -> None:
    first = await report(town, "李阿姨", "停水了", "十三队群")
    await town.presses_data("王主任", f"acknowledge:{first}", "十三队群")
    await town.later(hours=2)
    second = await report(town, "赵叔", "没水了", "十四队群")
    await town.says("王主任", f"并案 {second} {first}")
    await town.says("王主任", f"办结 {first} 修好了")
    await town.presses_data("李阿姨", f"rate:{first}:satisfied", "十三队群")
    said = await asked(town, "王主任")
    assert line(said, "一片") == "一片：响应 2/2，解决 1/1，满意 1/1"


async def test_the_workers_word_is_not_the_residents(town: Town) -> None:
    for n in range(3):
        await report(town, "李阿姨", f"{n} 号楼停水了", "十三队群")
        await town.says("张队长", f"办结 {n + 1} 修好了")
    await town.later(days=4)
    assert await town.state(1) == "closed"
    assert line(await asked(town, "张队长"), "十三队") == "十三队：响应 3/3 100%，解决 0/0，满意 0/0"


async def test_what_is_still_open_after_all_its_time_is_not_solved(town: Town) -> None:
    for n in range(3):
        await report(town, "李阿姨", f"{n} 号楼停水了", "十三队群")
    town.clock.pass_time(timedelta(hours=26))
    assert line(await asked(town, "张队长"), "十三队") == "十三队：响应 0/3 0%，解决 0/3 0%，满意 0/0"


async def test_a_quarrel_is_counted_and_nothing_names_it(town: Town) -> None:
    await report(town, "李阿姨", "邻居和我为了宅基地吵起来了", "十三队群")
    town.clock.pass_time(timedelta(hours=30))
    said = await asked(town, "张队长", chat="十三队群")
    assert line(said, "十三队").startswith("十三队：响应 0/1")
    assert not [word for word in ("纠纷", "宅基地", "李阿姨", "#1") if word in said.text]


async def test_what_was_reported_in_the_grid_itself_has_a_row_of_its_own(town: Town) -> None:
    await report(town, "赵叔", "停水了", "三网格群")
    await report(town, "李阿姨", "停水了", "十三队群")
    town.clock.pass_time(timedelta(hours=2))
    said = await asked(town, "王主任")
    assert line(said, "一片").startswith("一片：响应 0/1")
    assert line(said, "三网格 直属").startswith("三网格 直属：响应 0/1")
    assert line(said, "合计").startswith("合计：响应 0/2")


async def test_the_picture_is_kept_until_it_is_delivered_and_a_month_longer(town: Town) -> None:
    await report(town, "李阿姨", "停水了", "十三队群")
    town.hush()
    town.channel.errors["张队长"] = [Later("no service", after=60)]
    await town.says("张队长", "三率")
    town.silent()
    town.restart()
    await town.later(minutes=2)
    kept = town.hears("张队长", "十三队 三率").attachment
    assert kept
    fetch = fetcher(town.store, {})
    assert await fetch(kept)
    async with town.store.transaction():
        await town.store.files.forget(town.clock.now() - timedelta(days=30))
    assert await fetch(kept)
    async with town.store.transaction():
        await town.store.files.forget(town.clock.now() + timedelta(seconds=1))
    for gone in (kept, Attachment("nowhere", "p1")):
        with pytest.raises(Never):
            await fetch(gone)
