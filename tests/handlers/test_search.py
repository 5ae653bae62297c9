"""A child is lost: who is asked, who confirms, and how the notice widens by itself."""

from datetime import timedelta

from domain.people import Role
from tests.handlers.conftest import RINGS
from tests.town import CHANNEL, Town

PHOTO = [(CHANNEL, "photo-of-him")]
REPORT = "走失 我儿子王小明，6岁，穿红衣服"
NOTICE = "【寻人】#1 王姓孩子，6岁，红衣服"


def alerted(town: Town) -> set[str]:
    """The groups that have the notice."""
    return {chat for chat, said in town.channel.chats.items() if any("【寻人】" in m.text for m in said)}


async def lost(town: Town, **more: object) -> None:
    await town.says("李阿姨", REPORT, chat="十三队群", **more)


async def confirmed(town: Town, **more: object) -> None:
    await lost(town, **more)
    await town.presses("张队长", "确认寻人")
    town.hush()


async def test_the_case_is_open_from_the_first_word_and_one_thing_is_asked_at_a_time(township: Town) -> None:
    town = township
    await lost(town)
    town.hears("十三队群", "#1 走失", "110", "王姓孩子，6岁，红衣服", "还没有往外说")
    assert "确认寻人" in town.buttons("张队长")
    town.hears("张队长", "#1 走失", "我儿子王小明")
    town.hears("小林", "#1 走失")
    asked = town.hears("十三队群", "请先打 110 报警。\n#1 走失的是谁")
    assert [button.label for button in asked.buttons] == ["小孩", "老人", "大人", "不清楚"]
    town.silent()
    await town.says("李阿姨", "王小明", chat="十三队群")
    town.hears("十三队群", "走失的是谁", "记下了")
    town.hears("十三队群", "#1 请发一张照片")
    town.hush()
    await town.presses("李阿姨", "没有照片", chat="十三队群")
    town.hears("十三队群", "#1 最后在哪里看到的")
    await town.says("李阿姨", "村口", chat="十三队群")
    await town.presses("李阿姨", "半小时前", chat="十三队群")
    town.hush()
    await town.says("李阿姨", "13800138000", chat="十三队群")
    town.hears("张队长", "电话：13800138000", "最后见：村口，11:30 左右")
    assert not any("13800138000" in m.text for m in town.channel.chats["十三队群"])
    town.hears("十三队群", "打过 110 了吗")
    await town.presses("李阿姨", "不清楚", chat="十三队群")
    town.hush()
    await town.says("李阿姨", "谢谢大家", chat="十三队群")
    town.silent()
    assert await town.state(1) == "reported"


async def test_what_the_first_words_say_is_neither_asked_nor_said_twice(township: Town) -> None:
    """刚才 is read by others an hour later: it is told as the time that it was."""
    town = township
    await town.says("李阿姨", "我孙子不见了，6岁，穿红衣服，刚才在村口玩", chat="十三队群")
    card = town.hears("张队长", "一个孩子，6岁，红衣服。最后见：村口，12:00 左右").text.split("还没有往外说")
    assert "村口" not in card[1]
    assert "有危险" not in card[1]
    await town.says("李阿姨", "林小宝", chat="十三队群")
    town.hears("十三队群", "#1 走失的是谁？ 记下了。")
    await town.presses("李阿姨", "没有照片", chat="十三队群")
    town.hears("十三队群", "找到了打哪个电话")


async def test_words_that_come_instead_of_a_picture_are_kept(township: Town) -> None:
    town = township
    await lost(town)
    await town.presses("李阿姨", "小孩", chat="十三队群")
    town.hears("十三队群", "请发一张照片")
    await town.says("李阿姨", "他背着蓝书包", chat="十三队群")
    town.hears("张队长", "#1 走失", "李阿姨 补充：他背着蓝书包")
    town.hears("十三队群", "最后在哪里看到的")


async def test_a_leader_may_answer_and_a_neighbour_may_not(township: Town) -> None:
    town = township
    await lost(town)
    town.hush()
    assert "管这一片" in await town.presses("赵叔", "小孩", chat="十三队群")
    assert await town.presses("张队长", "小孩", chat="十三队群") == ""
    town.hears("十三队群", "走失的是谁", "小孩")


async def test_before_it_is_confirmed_nothing_leaves_the_squad(township: Town) -> None:
    """Unanswered it climbs to the village, and still nobody but those who answer for it hears."""
    town = township
    await lost(town, attachments=PHOTO)
    await town.later(hours=2)
    town.hears("陈书记", "#1 走失")
    groups = set(RINGS) - {"十三队群"}
    assert not any(town.channel.chats[group] for group in groups)
    await town.says("王主任", "查询 1", chat="三网格群")
    town.hears("三网格群", "不在群里说")
    await town.says("王主任", "接单 1", chat="三网格群")
    town.silent_in(*groups)


async def test_the_reporter_never_confirms_not_even_a_leader(township: Town) -> None:
    town = township
    await town.says("张队长", REPORT, chat="十三队群")
    town.hears("王主任", "#1 走失")
    assert "由别人确认" in await town.presses("张队长", "确认寻人", chat="十三队群")
    assert alerted(town) == set()
    assert await town.presses("王主任", "确认寻人") == ""
    assert alerted(town) == {"三网格群", "十四队群"}


async def test_neither_a_resident_nor_a_deputy_nor_a_stranger_confirms(township: Town) -> None:
    town = township
    await lost(town)
    for who, chat in (("李阿姨", "十三队群"), ("小林", None), ("关东队长", None), (None, "十三队群")):
        toast = await town.presses_data(who, "search_confirm:1", chat)  # type: ignore[arg-type]
        assert toast
    assert alerted(town) == set()


async def test_it_widens_by_itself_each_ring_once(township: Town) -> None:
    town = township
    await confirmed(town, attachments=PHOTO)
    told = {chat for chat, ring in RINGS.items() if ring == 1}
    assert alerted(town) == told
    for minutes, ring in ((10, 2), (10, 3), (20, 4)):
        await town.later(minutes=minutes - 1)
        assert alerted(town) == told
        await town.later(minutes=1)
        told |= {chat for chat, its in RINGS.items() if its == ring}
        assert alerted(town) == told
    assert told == set(RINGS) - {"十三队群"}
    for chat in told:
        notice, *more = (m for m in town.channel.chats[chat] if "寻人" in m.text)
        assert not more
        assert notice.attachment
        assert notice.text.startswith(NOTICE)
        assert "\n" not in notice.text
    town.hears("十三队群", "各圈都通知了")


async def test_a_village_alone_skips_what_it_has_not_and_says_so(town: Town) -> None:
    """No township, no neighbours: the rings are skipped, the next still comes at its time."""
    await lost(town)
    await town.presses("张队长", "确认寻人")
    town.hears("十三队群", "通知了上一级")
    await town.later(minutes=10)
    town.hears("村委群", NOTICE)
    town.hears("三网格群", NOTICE)
    await town.later(minutes=30)
    card = town.hears("十三队群", "#1 走失")
    assert "没有邻村的群可通知，跳过" in card.text
    assert "没有全乡镇的群可通知，跳过" in card.text


async def test_after_a_time_without_the_bot_the_rings_come_in_order(township: Town) -> None:
    town = township
    await confirmed(town)
    town.clock.pass_time(timedelta(hours=1))
    town.restart()
    await town.tick()
    assert alerted(town) == set(RINGS) - {"十三队群"}


async def test_what_becomes_known_later_reaches_those_who_were_told(township: Town) -> None:
    """The officer confirms at once; the photo and the place come while it is already out."""
    town = township
    await confirmed(town)
    await town.says("李阿姨", "", chat="十三队群", attachments=PHOTO)
    for chat in ("三网格群", "十四队群"):
        assert town.hears(chat, NOTICE).attachment
    town.hears("张队长", "#1")
    await town.presses("李阿姨", "小孩", chat="十三队群")
    town.hush()
    await town.says("李阿姨", "小学门口", chat="十三队群")
    town.hears("三网格群", NOTICE, "最后见：小学门口")
    town.hush()
    await town.presses("李阿姨", "刚才", chat="十三队群")
    await town.says("李阿姨", "13800138000", chat="十三队群")
    town.hears("三网格群", "最后见：小学门口，12:00 左右")
    town.hears("十四队群", "12:00 左右")
    town.silent_in("三网格群", "十四队群")


async def test_a_photo_in_answer_to_the_card_is_the_notices(township: Town) -> None:
    town = township
    await confirmed(town)
    card = next(m for m in town.channel.chats["十三队群"] if m.text.startswith("#1 走失"))
    await town.later(minutes=31)
    await town.says("李阿姨", "", chat="十三队群", attachments=PHOTO, reply_to=card.id)
    assert any(m.attachment for m in town.channel.chats["三网格群"])
    assert any(m.attachment for m in town.channel.chats["镇群"]) is False
    await town.later(minutes=10)
    assert town.hears("镇群", NOTICE).attachment


async def test_a_neighbours_photo_is_not_the_notices(township: Town) -> None:
    town = township
    await confirmed(town)
    card = next(m for m in town.channel.chats["十三队群"] if m.text.startswith("#1 走失"))
    await town.says("路人", "", chat="十三队群", attachments=[(CHANNEL, "a-stranger")], reply_to=card.id)
    town.hears("张队长", "【线索】#1")
    assert not any(m.attachment for m in town.channel.chats["三网格群"])


async def test_no_lost_person_says_a_leader_and_the_reporter_may_send_it_back(township: Town) -> None:
    town = township
    await lost(town)
    await town.presses("张队长", "不是走失")
    town.hears("张队长", "为什么不是走失")
    town.hush()
    await town.says("张队长", "孩子在外婆家")
    town.hears("十三队群", "#1 不用找了")
    town.hears("十三队群", "您满意吗", "孩子在外婆家")
    assert await town.state(1) == "resolved"
    await town.presses("李阿姨", "未解决", chat="十三队群")
    town.hush()
    assert "确认寻人" in town.buttons("王主任")
    assert await town.presses("王主任", "确认寻人") == ""
    assert alerted(town) == {"三网格群", "十四队群"}


async def test_where_nobody_confirms_the_level_above_is_asked(township: Town) -> None:
    town = township
    await lost(town)
    await town.presses("小林", "接单")
    town.hush()
    await town.later(minutes=5)
    town.hears("王主任", "#1 走失")
    town.hears("王主任", "还没有人确认")
    await town.later(minutes=10)
    town.hears("陈书记", "还没有人确认")
    town.silent_in("张队长", "三网格群", "村委群")


async def test_a_squad_without_a_leader_is_confirmed_from_above(township: Town) -> None:
    town = township
    await town.person("副队", (Role.DEPUTY, "S14"))
    await town.says("赵叔", "走失 老人 82 岁", chat="十四队群")
    town.hears("副队", "#1 走失")
    town.hears("王主任", "#1 走失")
    assert "确认寻人" in town.buttons("王主任")


async def test_it_expires_unless_somebody_goes_on(township: Town) -> None:
    town = township
    await confirmed(town, attachments=PHOTO)
    await town.presses("张队长", "接单")
    await town.later(hours=22, minutes=59)
    town.hush()
    await town.later(minutes=1)
    town.hears("张队长", "寻人", "到期")
    assert await town.presses("张队长", "继续找") == ""
    await town.later(hours=22, minutes=50)
    assert alerted(town) == set(RINGS) - {"十三队群"}
    town.hush()
    await town.later(hours=2)
    for chat in RINGS:
        town.hears(chat, "#1", "还没有消息，先停下")
        assert not any(m.attachment for m in town.channel.chats[chat])
    assert "已经结束" in await town.presses_data("张队长", "search_renew:1", None)
    assert await town.state(1) == "acknowledged"


async def test_two_reports_of_one_child_become_one_search(township: Town) -> None:
    town = township
    await lost(town)
    await town.says("赵叔", "走失 红衣服的小孩", chat="十四队群")
    await town.presses("张队长", "确认寻人")
    town.hush()
    await town.says("王主任", "并案 1 2")
    town.hears("王主任", "请先确认 #2")
    await town.presses("王主任", "确认寻人")
    await town.says("王主任", "并案 1 2")
    town.hears("三网格群", "#1 和 #2 找的是同一个人")
    assert await town.state(1) == "merged"
    await town.later(minutes=41)
    assert "镇群" in alerted(town)


async def test_whoever_sees_water_rise_while_a_question_waits_is_heard(town: Town) -> None:
    await town.says("李阿姨", "孩子找不到了", chat="十三队群")
    await town.says("李阿姨", "地下车库全是水，都到膝盖了", chat="十三队群")
    town.hears("十三队群", "#2 水浸", "地下车库全是水")
    await town.says("李阿姨", "红衣服蓝裤子", chat="十三队群")
    async with town.store.transaction():
        assert await town.store.cases.get(3) is None
