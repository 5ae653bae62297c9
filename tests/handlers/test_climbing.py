"""A report climbs until someone takes it, and its reporter hears the end."""

from datetime import timedelta

from tests.town import Town


async def test_a_case_climbs_until_someone_takes_it_and_its_reporter_hears_the_end(town: Town) -> None:
    await town.says("李阿姨", "上报 东门地下车库进水了", chat="十三队群")
    card = town.hears("十三队群", "#1 水浸", "东门地下车库进水了", "119", "张队长", "12:15 前没人接，就上报 三网格")
    assert card.reply_to
    town.hears("张队长", "#1 水浸", "一片 十三队")
    town.hears("十三队群", "#1 水到哪里了？")
    town.silent()

    await town.later(minutes=15)
    town.hears("三网格群", "#1 水浸", "超时，上报到 三网格")
    town.hears("王主任", "#1 水浸")
    town.hears("十三队群", "等 三网格（王主任）接单")
    town.hears("十三队群", "#1 超时，已上报到 三网格")
    town.hears("张队长", "等 三网格")
    town.silent()

    await town.presses("王主任", "接单", chat="三网格群")
    for chat in ("十三队群", "三网格群", "张队长", "王主任"):
        town.hears(chat, "王主任 已接单，7-26 12:15 前办结")
    town.hears("十三队群", "#1 王主任 已接单")
    town.silent()

    await town.later(hours=2)
    town.silent()

    await town.presses("王主任", "办结", chat="三网格群")
    town.hears("三网格群", "王主任，#1 是怎么处理好的？")
    await town.says("王主任", "水已抽干", chat="三网格群")
    for chat in ("十三队群", "三网格群", "张队长", "王主任"):
        town.hears(chat, "已办结，等上报人回话：水已抽干")
    town.hears("三网格群", "#1 已办结")
    town.hears("十三队群", "李阿姨，您满意吗？")
    town.silent()

    await town.presses("李阿姨", "满意", chat="十三队群")
    town.hears("十三队群", "#1 结案：满意")
    for chat in ("十三队群", "三网格群", "张队长", "王主任"):
        town.hears(chat, "结案")
    town.silent()
    assert await town.state(1) == "closed"


async def test_a_case_that_nobody_takes_for_months_is_spoken_of_every_day(town: Town) -> None:
    await town.says("李阿姨", "上报 停电了", chat="十三队群")
    for _level in range(2):
        await town.presses_data("张队长", "escalate:1", "十三队群")
    for _day in range(100):
        town.hush()
        town.clock.pass_time(timedelta(days=1))
        await town.tick()
        town.hears("陈书记", "#1 还没有人接单")
