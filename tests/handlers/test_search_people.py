"""Who goes to look and where, and what somebody saw."""

from tests.handlers.test_search import confirmed, lost
from tests.town import CHANNEL, Town

LATER_PHOTO = [(CHANNEL, "photo-of-a-boy")]


async def test_two_are_not_sent_to_one_place(township: Town) -> None:
    town = township
    await confirmed(town)
    await town.presses("赵叔", "我去找", chat="十四队群")
    assert [b.label for b in town.hears("十四队群", "赵叔，谢谢您", "哪里找").buttons] == ["十三队", "十四队"]
    await town.presses("赵叔", "十四队", chat="十四队群")
    town.hears("十四队群", "赵叔 去 十四队 找 #1")
    town.hears("十三队群", "在找 1 人：赵叔（十四队）")
    town.hush()
    await town.presses("陈依姆", "我去找", chat="十四队群")
    assert [b.label for b in town.hears("十四队群", "陈依姆，谢谢您").buttons] == ["十三队"]
    await town.says("陈依姆", "十四队附近", chat="十四队群")
    offered = town.hears("十四队群", "赵叔 已经去 十四队 了。陈依姆，请换一个地方")
    assert [b.label for b in offered.buttons] == ["十三队"]
    assert "刚有人去了" in await town.presses_data("陈依姆", "look_at:1:S14", "十四队群")
    await town.says("陈依姆", "河边", chat="十四队群")
    town.hears("十四队群", "陈依姆 去 河边 找 #1")
    town.hears("十三队群", "在找 2 人：赵叔（十四队）、陈依姆（河边）")


async def test_who_goes_elsewhere_leaves_the_place_to_others(township: Town) -> None:
    town = township
    await confirmed(town)
    for place in ("河边", "村口"):
        await town.presses("赵叔", "我去找", chat="十四队群")
        await town.says("赵叔", place, chat="十四队群")
    await town.presses("陈依姆", "我去找", chat="十四队群")
    await town.says("陈依姆", "河边", chat="十四队群")
    town.hears("十四队群", "陈依姆 去 河边 找 #1")
    town.hears("十三队群", "在找 2 人")


async def test_where_he_was_last_seen_is_offered_first(township: Town) -> None:
    town = township
    await lost(town)
    await town.says("李阿姨", "王小明", chat="十三队群")
    await town.presses("李阿姨", "没有照片", chat="十三队群")
    await town.says("李阿姨", "小学门口", chat="十三队群")
    await town.presses("小林", "我去找", chat="十三队群")
    assert town.buttons("十三队群")[0] == "小学门口"
    await town.presses("小林", "小学门口", chat="十三队群")
    town.hears("十三队群", "小林 去 小学门口 找 #1")


async def looking(town: Town) -> None:
    """赵叔 hears in his squad's group only; 关东队长 in private; both look, the farther one set out first."""
    await confirmed(town)
    await town.later(minutes=41)
    await town.presses("关东队长", "我去找", chat="关东一队群")
    await town.says("关东队长", "公路", chat="关东一队群")
    await town.presses("赵叔", "我去找", chat="十四队群")
    await town.says("赵叔", "河边", chat="十四队群")
    town.hush()


async def test_what_somebody_saw_goes_to_all_who_need_it_the_outermost_ring_last(township: Town) -> None:
    town = township
    await looking(town)
    sent = len(town.channel.order)
    await town.says("司机", "看到了 小明在加油站，往东走", chat="镇群", attachments=LATER_PHOTO)
    told = [chat for chat, text in town.channel.order[sent:] if "【线索】" in text]
    assert told == ["十三队群", "小林", "张队长", "王主任", "陈书记", "十四队群", "关东队长"]
    clue = town.hears("十四队群", "【线索】#1 12:41：TA在加油站，往东走")
    assert clue.attachment
    assert "司机" not in clue.text
    town.hears("张队长", "【线索】#1", "司机 说的")
    town.hears("镇群", "#1 记下了")
    town.silent_in("三网格群", "村委群", "关东群", "镇群")


async def test_once_somebody_has_the_case_only_they_and_the_reporter_decide(township: Town) -> None:
    town = township
    await looking(town)
    await town.presses("王主任", "接单")
    sent = len(town.channel.order)
    await town.says("司机", "看到了 在加油站", chat="镇群")
    told = [chat for chat, text in town.channel.order[sent:] if "【线索】" in text]
    assert told == ["十三队群", "王主任", "十四队群", "关东队长"]


async def test_an_answer_to_the_notice_is_a_sighting_with_its_place(township: Town) -> None:
    town = township
    await confirmed(town)
    notice = next(m for m in town.channel.chats["三网格群"] if "【寻人】" in m.text)
    await town.says("路人", "刚才在桥上", chat="三网格群", reply_to=notice.id, location=(26.0745, 119.2965))
    assert town.hears("张队长", "【线索】#1", "刚才在桥上").location
    town.hush()
    await town.says("路人", "今天天气真好", chat="三网格群")
    town.silent()


async def test_the_button_asks_where(township: Town) -> None:
    town = township
    await confirmed(town)
    await town.presses("路人", "看到了", chat="三网格群")
    town.hears("三网格群", "路人，#1 是在哪里、什么时候看到的")
    await town.says("路人", "", chat="三网格群", attachments=LATER_PHOTO)
    assert town.hears("张队长", "【线索】#1", "见照片或位置").attachment
    town.hears("三网格群", "#1 记下了")


async def test_somebody_who_looks_tells_it_in_private(township: Town) -> None:
    town = township
    await looking(town)
    await town.says("关东队长", "看到了 在公路边的亭子里")
    town.hears("张队长", "【线索】#1", "亭子里")
    town.hears("十四队群", "【线索】#1", "亭子里")
    town.hears("关东队长", "#1 记下了")


async def test_seen_is_small_talk_where_nobody_is_looked_for(township: Town) -> None:
    town = township
    for words in ("看到了，谢谢", "看到了", "找到了，在桌上", "看到了 12 个人"):
        await town.says("赵叔", words, chat="十四队群")
    town.silent()
    await confirmed(town)
    await town.says("赵叔", "看到了", chat="十四队群")
    town.silent()
    await town.says("赵叔", "看到了 三楼着火了，火很大", chat="关东群")
    town.hears("关东群", "消防燃气")


async def test_with_two_searches_the_number_says_which(township: Town) -> None:
    town = township
    await confirmed(town)
    await town.says("赵叔", "走失 奶奶 80岁", chat="十四队群")
    await town.presses("王主任", "确认寻人")
    town.hush()
    await town.says("路人", "看到了 在桥上", chat="三网格群")
    town.hears("三网格群", "正在找的有 #2、#1，请写上编号，例如：看到了 2 在村口")
    await town.says("路人", "找到了", chat="三网格群")
    town.hears("三网格群", "请写上编号，例如：找到了 2")
    await town.says("路人", "看到了 1 在桥上", chat="三网格群")
    town.hears("张队长", "【线索】#1", "：在桥上")


async def test_nobody_outside_can_tell_or_learn_anything_of_a_search_by_its_number(township: Town) -> None:
    town = township
    await lost(town)
    town.hush()
    for data in ("look:1", "saw:1", "found:1", "look_at:1:S13"):
        assert await town.presses_data("关东队长", data, "关东群")
    await town.says("关东队长", "看到了 1 在桥上")
    town.hears("关东队长", "没有 #1 这个编号")
    town.silent()


async def test_an_anonymous_sighting_counts(township: Town) -> None:
    town = township
    await confirmed(town)
    await town.says(None, "看到了 在桥上", chat="三网格群")
    town.hears("张队长", "【线索】#1", "有人 说的")
