"""The red mailbox: letters wait for the set times, are answered by a date, and keep their writers' secret."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from domain.chat import AccountId, Attachment, Location
from domain.people import Role
from tests.town import CHANNEL, Town


async def until(town: Town, hour: int, minute: int = 0) -> None:
    """To this time of day, half hour by half hour: nothing here is owed to the minute."""
    local = town.clock.now().astimezone(town.settings.timezone)
    then = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
    await pass_time(town, timedelta(seconds=(then - local).total_seconds() % 86400 or 86400))


async def pass_time(town: Town, length: timedelta) -> None:
    while length > timedelta(0):
        step = min(length, timedelta(minutes=30))
        town.clock.pass_time(step)
        length -= step
        await town.tick()


async def write(town: Town, text: str = "村口装个路灯", chat: str = "十三队群") -> None:
    await town.says("李阿姨", f"建议 {text}", chat=chat)
    town.hush()


async def write_anonymously(town: Town, text: str = "食堂的菜太咸了") -> None:
    await town.says("李阿姨", f"匿名建议 {text}")
    town.hush()


# -- the letter and its answer ----------------------------------------------------------------


async def test_a_letter_waits_for_the_set_time_and_is_answered(town: Town) -> None:
    await town.says("李阿姨", "建议 村口装个路灯", chat="十三队群")
    receipt = town.hears("十三队群", "#1 建议 · 侯官村", "村口装个路灯", "8月1日前答复")
    assert [button.label for button in receipt.buttons] == ["更正", "撤销上报"]
    await until(town, 16, 59)
    town.silent()
    await town.later(minutes=1)
    town.hears("陈书记", "【红色信箱】侯官村：1 封等答复（新来 1）", "新 #1“村口装个路灯”，8月1日前答复")
    town.silent()

    await town.presses("陈书记", "回复 #1")
    town.hears("陈书记", "#1 李阿姨", "村口装个路灯", "请回一句话")
    await town.says("陈书记", "下周三装，太阳能的")
    town.hears("陈书记", "#1 已答复：“下周三装，太阳能的”")
    town.hears("十三队群", "#1 陈书记 答复：“下周三装，太阳能的”", "李阿姨，您满意吗？")
    town.hears("十三队群", "已答复：“下周三装，太阳能的”", "李阿姨 上报")
    town.silent()

    await town.presses("李阿姨", "满意", chat="十三队群")
    town.hears("十三队群", "#1 结案：满意")
    town.hears("十三队群", "李阿姨 回访：满意")
    await pass_time(town, timedelta(days=2))
    town.silent()
    assert await town.state(1) == "closed"


async def test_an_old_list_says_what_was_answered(town: Town) -> None:
    await write(town)
    await town.says("陈书记", "信箱")
    await town.presses("陈书记", "回复 #1")
    await town.says("陈书记", "下周装")
    assert await town.presses_data("陈书记", "answer:1") == "#1 已经答复过了：“下周装”"


async def test_a_letter_in_private_is_named_or_not(town: Town) -> None:
    await town.says("李阿姨", "上报 建议食堂少放盐")
    town.hears("李阿姨", "要写上您的名字吗")
    assert town.buttons("李阿姨") == ["署名", "匿名"]
    await town.presses("李阿姨", "署名")
    town.hears("李阿姨", "已写上您的名字")
    town.hears("李阿姨", "#1 建议", "李阿姨 上报", "8月1日前答复")
    town.silent()
    assert "已经送进信箱" in await town.presses_data("李阿姨", "name:1:named")
    await until(town, 17)
    told = town.hears("陈书记", "新 #1")
    assert "李阿姨" not in told.text, "a list may be read over a shoulder"
    await town.presses("陈书记", "回复 #1")
    town.hears("陈书记", "#1 李阿姨")


async def test_a_letter_nobody_signs_goes_in_without_the_name(town: Town) -> None:
    await town.says("李阿姨", "意见 棋牌室太吵")
    town.hush()
    await town.later(minutes=10)
    town.hears("李阿姨", "没有写您的名字")
    card = town.hears("李阿姨", "#1 建议", "有人 上报")
    assert "李阿姨" not in card.text
    town.silent()


async def test_an_empty_suggestion_is_asked_for(town: Town) -> None:
    await town.says("李阿姨", "建议", chat="十三队群")
    town.hears("十三队群", "您有什么建议")
    await town.says("李阿姨", "垃圾桶多放两个", chat="十三队群")
    town.hears("十三队群", "#1 建议", "垃圾桶多放两个")
    await town.says("李阿姨", "匿名建议")
    town.hears("李阿姨", "您想匿名提什么建议")
    await town.says("李阿姨", "队长别老骂人")
    town.hears("李阿姨", "#2 建议", "有人 上报")
    town.silent()


async def test_a_danger_to_life_waits_in_no_mailbox(town: Town) -> None:
    await town.says("李阿姨", "建议 大家快跑，着火了", chat="十三队群")
    town.hears("十三队群", "#1 消防燃气")
    town.hears("张队长", "#1 消防燃气")
    town.hush()
    await town.says("李阿姨", "匿名建议 去看看五号楼，煤气漏气")
    town.hears("李阿姨", "#2 消防燃气")
    town.hears("十三队群", "#2 消防燃气", "有人 上报")
    card = town.hears("张队长", "#2 消防燃气")
    assert "李阿姨" not in card.text
    town.hears("李阿姨", "#2 看到什么、闻到什么？")
    await town.presses("李阿姨", "有气味")
    town.hears("张队长", "有气味", "有人 更正")
    town.hush("李阿姨", "十三队群")
    town.silent()


async def test_pictures_come_with_the_question_for_the_answer(town: Town) -> None:
    await town.says("李阿姨", "建议 路灯坏成这样", chat="十三队群", attachments=[(CHANNEL, "lamp")])
    await until(town, 17)
    town.hush()
    await town.presses("陈书记", "回复 #1")
    town.hears("陈书记", "请回一句话")
    assert town.hears("陈书记", "#1").attachment == Attachment(CHANNEL, "lamp")


async def test_what_is_no_answer_goes_into_the_mailbox_above(town: Town) -> None:
    await town.grid("T", "上街镇", "镇")
    async with town.store.transaction():
        await town.store.grids.move("V", "T")
    await town.person("镇长", (Role.OFFICER, "T"))
    await write(town)
    await until(town, 17)
    await town.presses("陈书记", "回复 #1")
    await town.says("陈书记", "知道了")
    await town.presses("李阿姨", "未解决", chat="十三队群")
    town.hush()
    await until(town, 8, 30)
    town.hears("镇长", "【红色信箱】上街镇", "❗#1 写信人说没解决：“村口装个路灯”")
    town.silent()


# -- the times --------------------------------------------------------------------------------


async def test_what_was_missed_while_the_bot_was_down_is_made_up_once(town: Town) -> None:
    await until(town, 18)
    await write(town, "村口装个路灯")
    await write(town, "食堂少放盐")
    town.clock.pass_time(timedelta(hours=15, minutes=10))
    town.restart()
    await town.tick()
    town.hears("陈书记", "2 封等答复（新来 2）", "#1", "#2")
    town.silent()
    await until(town, 16, 59)
    town.silent()
    await town.later(minutes=1)
    again = town.hears("陈书记", "2 封等答复", "#1“村口装个路灯”")
    assert "新" not in again.text
    town.silent()


async def test_down_over_the_morning_until_the_evening_there_is_one_list(town: Town) -> None:
    await until(town, 18)
    await write(town)
    town.clock.pass_time(timedelta(hours=23))
    town.restart()
    await town.tick()
    town.hears("陈书记", "1 封等答复（新来 1）")
    await until(town, 8, 29)
    town.silent()


async def test_an_empty_mailbox_says_nothing(town: Town) -> None:
    await write(town)
    await town.presses("李阿姨", "撤销上报", chat="十三队群")
    await town.says("李阿姨", "已经装了", chat="十三队群")
    town.hush()
    await pass_time(town, timedelta(days=2))
    town.silent()
    await town.says("陈书记", "信箱")
    town.hears("陈书记", "信箱是空的")


async def test_an_overdue_answer_climbs_and_comes_first(town: Town) -> None:
    await town.grid("T", "上街镇", "镇")
    async with town.store.transaction():
        await town.store.grids.move("V", "T")
    await town.person("镇长", (Role.OFFICER, "T"))
    await write(town, "村口装个路灯")
    await pass_time(town, timedelta(days=7))
    town.hears("十三队群", "#1 到期还没有答复，已转到 上街镇 的红色信箱，排在最前面")
    town.hears("十三队群", "放进了 上街镇 的红色信箱", "超时，上报到 上街镇")
    town.hush("陈书记")
    town.silent()
    await town.says("镇长", "建议 镇上办个灯会", chat="村委群")
    await town.says("镇长", "上报上级 2", chat="村委群")
    town.hush()
    await until(town, 17)
    told = town.hears("镇长", "【红色信箱】上街镇：2 封等答复（到期没答复 1，新来 1）", "❗#1 到期没答复")
    assert told.text.index("#1") < told.text.index("#2")
    assert [button.label for button in told.buttons] == ["回复 #1", "回复 #2"]
    town.silent()


async def test_overdue_with_nobody_above_stays_first_in_the_same_mailbox(town: Town) -> None:
    await write(town, "村口装个路灯")
    await pass_time(town, timedelta(days=7))
    await write(town, "食堂少放盐")
    await until(town, 17)
    told = town.hears("陈书记", "2 封等答复（到期没答复 1，新来 1）")
    assert told.text.index("❗#1") < told.text.index("#2")


async def test_more_than_a_screen_holds_is_counted(town: Town) -> None:
    for n in range(10):
        await write(town, f"第 {n} 件")
    await town.says("陈书记", "信箱")
    told = town.hears("陈书记", "10 封等答复", "还有 2 封")
    assert len(told.buttons) == 8


async def test_a_grid_that_is_closed_leaves_its_letters_to_the_one_above(town: Town) -> None:
    await town.grid("T", "上街镇", "镇")
    async with town.store.transaction():
        await town.store.grids.move("V", "T")
    await town.person("镇长", (Role.OFFICER, "T"))
    await write(town)
    await town.says("镇长", "撤网格 V")
    town.hush()
    await until(town, 17)
    town.hears("镇长", "【红色信箱】上街镇", "#1")
    town.silent()


# -- who may ----------------------------------------------------------------------------------


async def test_a_letter_is_not_for_the_squads_leader(town: Town) -> None:
    await town.says("李阿姨", "建议 换个队长")
    await town.presses("李阿姨", "署名")
    town.hush()
    for words in ("查询 1", "接单 1", "办结 1 不换", "派单 1 张队长", "上报上级 1", "撤销 1 不用了"):
        await town.says("张队长", words)
    for data in ("answer:1", "publish:1", "publish_now:1", "acknowledge:1", "resolve_now:1", "assign:1"):
        await town.presses_data("张队长", data)
    said = "".join(message.text for message in town.channel.chats["张队长"])
    assert "换个队长" not in said
    assert await town.state(1) == "reported"
    await town.says("陈书记", "查询 1", chat="十三队群")
    town.hears("十三队群", "这件事不在群里说")


async def test_a_letter_is_answered_in_words_and_never_taken(town: Town) -> None:
    await write(town)
    await town.says("陈书记", "接单 1")
    town.hears("陈书记", "建议不用接单")
    assert "请用文字答复" in await town.presses_data("陈书记", "resolve_now:1")
    await town.presses_data("陈书记", "answer:1")
    town.hush()
    await town.says("陈书记", "👍")
    town.hears("陈书记", "请用文字答复 #1")
    await town.says("陈书记", "办结 1 下周装")
    town.hears("陈书记", "#1 已答复：“下周装”")
    town.hears("十三队群", "#1 陈书记 答复：“下周装”")


async def test_the_second_officer_who_answers_hears_that_it_is_answered(town: Town) -> None:
    await town.person("林主任", (Role.OFFICER, "V"))
    await write(town)
    await until(town, 17)
    town.hears("林主任", "新 #1")
    await town.presses("陈书记", "回复 #1")
    await town.presses("林主任", "回复 #1")
    await town.says("陈书记", "下周装")
    town.hears("林主任", "#1 已答复：“下周装”")
    town.hush()
    await town.says("林主任", "明天装")
    town.hears("林主任", "不能再改")
    town.silent()


async def test_published_without_the_name(town: Town) -> None:
    await town.says("李阿姨", "建议 我是李阿姨，村口太黑")
    await town.presses("李阿姨", "署名")
    await until(town, 17)
    await town.presses("陈书记", "回复 #1")
    town.hush()
    assert "还没有答复" in await town.presses_data("陈书记", "publish:1")
    await town.says("陈书记", "谢谢李阿姨，下周装灯")
    await town.presses("陈书记", "公开")
    town.hears("陈书记", "请看看话里有没有提到", "我是某某，村口太黑")
    assert "村口太黑" not in "".join(m.text for m in town.channel.chats["村委群"]), "read first, then shown"
    await town.presses("陈书记", "就这样公开")
    shown = town.hears("村委群", "【红色信箱】有居民建议", "我是某某，村口太黑", "陈书记 答复", "谢谢某某，下周装灯")
    assert "李阿姨" not in shown.text
    town.hears("陈书记", "#1 已在 侯官村 的群里公开")
    await town.presses_data("陈书记", "publish_now:1")
    assert len(town.channel.chats["村委群"]) == 1


async def test_where_no_officer_can_be_reached_in_private_the_group_hears_no_names(empty_town: Town) -> None:
    town = empty_town
    await town.grid("V", "侯官村", "村", group="村委群")
    await town.person("陈书记", (Role.OFFICER, "V"), private=False)
    await town.person("李阿姨", (Role.RESIDENT, "V"))
    await town.says("李阿姨", "建议 村口装个路灯")
    await town.presses("李阿姨", "署名")
    town.hush()
    await until(town, 17)
    town.hears("村委群", "新 #1")
    await town.presses("陈书记", "回复 #1", chat="村委群")
    asked = town.hears("村委群", "请回一句话")
    assert "李阿姨" not in asked.text


# -- without the name -------------------------------------------------------------------------


async def test_the_anonymous_writer_hears_and_rates_and_nobody_learns_who(town: Town) -> None:
    await town.says("李阿姨", "匿名建议 食堂的菜太咸了")
    town.hears("李阿姨", "#1 建议", "食堂的菜太咸了", "8月1日前答复")
    await until(town, 17)
    town.hears("陈书记", "新 #1“食堂的菜太咸了”")
    await town.presses("陈书记", "回复 #1")
    await town.says("陈书记", "已和厨师说了")
    town.hears("李阿姨", "#1 陈书记 答复：“已和厨师说了”", "您满意吗？")
    town.hears("李阿姨", "已答复：“已和厨师说了”")
    assert "由上报人自己决定" in await town.presses_data("陈书记", "rate:1:satisfied")
    assert "这件事不在群里说" in await town.presses_data("李阿姨", "rate:1:satisfied", chat="十三队群")
    await town.presses("李阿姨", "不满意")
    town.hears("李阿姨", "#1 结案：不满意")
    await _nobody_knows(town, "李阿姨")


async def test_the_anonymous_writer_takes_it_back(town: Town) -> None:
    await write_anonymously(town)
    await town.says("王主任", "撤销 1 不用了")
    town.hears("王主任", "由上报人自己决定")
    await town.presses("李阿姨", "撤销上报")
    await town.says("李阿姨", "不咸了")
    town.hears("李阿姨", "撤销。不咸了")
    assert await town.state(1) == "cancelled"
    await _nobody_knows(town, "李阿姨")


@pytest.mark.parametrize("who", ["陈书记", "张队长", "管理员", "过路人"])
async def test_every_command_is_tried_and_tells_nobody_who_wrote(town: Town, who: str) -> None:
    await write_anonymously(town)
    await until(town, 17)
    for chat in (None, "十三队群", "村委群"):
        for words in (
            "查询 1", "查询", "信箱", "接单 1", "派单 1 张队长", "上报上级 1", "并案 1 1", "撤销 1 试试", "帮助",
            "办结 1 知道了", "查询 1",
        ):  # fmt: skip
            await town.says(who, words, chat=chat)
        for data in ("answer:1", "publish:1", "publish_now:1", "rate:1:unsolved", "cancel:1", "assign:1", "escalate:1",
                     "name:1:named", "when:1:now", "lend_hand:1", "give_back:1"):  # fmt: skip
            await town.presses_data(who, data, chat)
    await pass_time(town, timedelta(days=8))
    await _nobody_knows(town, "李阿姨")


async def test_two_who_wished_the_same_read_one_answer(town: Town) -> None:
    await write(town)
    await town.says("赵叔", "建议 村口太黑，装个灯", chat="三网格群")
    await write_anonymously(town, "村口要灯")
    await town.says("陈书记", "并案 2 1")
    await town.says("陈书记", "并案 3 1")
    town.hush()
    await town.says("陈书记", "办结 1 下周装")
    town.hears("十三队群", "#1 陈书记 答复：“下周装”", "李阿姨，您满意吗？")
    town.hears("三网格群", "#2 陈书记 答复：“下周装”")
    town.hears("李阿姨", "#3 陈书记 答复：“下周装”")


async def test_an_anonymous_danger_stands_alone_and_its_reporter_hears_the_end(town: Town) -> None:
    for who in ("赵叔", "钱婶"):
        await town.says(who, "上报 五号楼煤气漏气", chat="十三队群")
    await town.says("李阿姨", "匿名建议 五号楼煤气漏气")
    town.hush()
    await town.says("张队长", "办结 3 阀门关了")
    town.hears("李阿姨", "#3 已办结：阀门关了")
    await town.says("张队长", "并案 2 1")
    await _nobody_knows(town, "李阿姨")


async def test_an_anonymous_danger_that_is_merged_leads_its_reporter_to_the_end_too(town: Town) -> None:
    await town.says("赵叔", "上报 五号楼煤气漏气", chat="十三队群")
    await town.says("李阿姨", "匿名建议 五号楼煤气漏气")
    await town.says("张队长", "并案 2 1")
    town.hush()
    await town.says("张队长", "办结 1 阀门关了")
    town.hears("李阿姨", "#2 已随 #1 办结：阀门关了")
    await _nobody_knows(town, "李阿姨")


async def test_in_a_group_it_says_that_it_cannot_keep_the_secret(town: Town) -> None:
    await town.says("李阿姨", "匿名建议 食堂的菜太咸了", chat="十三队群")
    said = town.hears("十三队群", "群里大家看得见是谁写的，匿名做不到", "私下")
    assert "咸" not in said.text
    town.hears("李阿姨", "您想匿名提什么建议")
    await town.says("李阿姨", "食堂的菜太咸了")
    town.hears("李阿姨", "#1 建议", "有人 上报")
    town.silent()


async def test_a_writer_who_cannot_be_reached_is_not_named(town: Town) -> None:
    await write_anonymously(town)
    await until(town, 17)
    town.hush()
    town.channel.closed.add("李阿姨")
    await town.says("陈书记", "办结 1 少放盐")
    town.hears("陈书记", "#1 已答复")
    town.silent()
    await town.says("陈书记", "查询 1")
    town.hears("陈书记", "没能通知到：写信的人")
    await _nobody_knows(town, "李阿姨")


async def test_what_the_writer_adds_bears_no_name_either(town: Town) -> None:
    await write_anonymously(town)
    async with town.store.transaction():
        case = await town.store.cases.get(1)
        person = await town.store.people.by_account(AccountId(CHANNEL, "李阿姨"))
        assert case
        assert person
        case = case.add(person.who, "汤也咸", (), Location(26.0, 119.0), town.clock.now())
        await town.store.cases.save(case)
    await _nobody_knows(town, "李阿姨")


async def _nobody_knows(town: Town, writer: str) -> None:
    """Neither what anybody was shown, nor any row of the cases and their log, leads to the writer."""
    for chat, messages in town.channel.chats.items():
        if chat != writer:
            seen = [text for m in messages for text in (m.text, *m.history)]
            assert not [text for text in seen if writer in text], chat
    assert not [toast for toast in town.channel.toasts.values() if writer in toast]
    async with town.store.transaction():
        person = await town.store.people.by_account(AccountId(CHANNEL, writer))
        assert person
        cases = await town.store.db.all("SELECT * FROM cases")
        log = await town.store.db.all("SELECT * FROM case_log")
        messages = await town.store.db.all("SELECT * FROM case_messages")
    assert not [row["reporter"] for row in cases if row["reporter"] == person.id]
    assert not [row["event"] for row in log if row["person"] == person.id]
    assert writer not in _cells([*cases, *log, *messages])


def _cells(rows: Sequence) -> list[object]:  # type: ignore[type-arg]
    return [cell for row in rows for cell in tuple(row)]
