"""People say what is wrong in their own words; the bot hears it, and leaves other talk alone."""

import pytest

from domain.people import Role
from tests.town import CHANNEL, Town

PHOTO = [(CHANNEL, "p1")]
VOICE = [(CHANNEL, "v1", "voice", 12)]


async def test_plain_words_in_the_group_become_a_case_without_any_command(town: Town) -> None:
    await town.says("李阿姨", "我家楼下全是水,都到膝盖了", chat="十三队群")
    card = town.hears("十三队群", "#1 水浸", "我家楼下全是水", "水到膝盖", "先打 119")
    assert card.reply_to == "u1"
    town.hears("张队长", "#1 水浸")
    town.hears("十三队群", "#1 有人被困或受伤吗？")
    town.silent()


@pytest.mark.parametrize("talk", ["水费在哪里交", "昨天的水退了,谢谢大家", "孩子会走路了", "明天电梯检修", "哈哈😄"])
async def test_talk_that_reports_nothing_is_left_alone(town: Town, talk: str) -> None:
    await town.says("李阿姨", talk, chat="十三队群")
    town.silent()
    async with town.store.transaction():
        assert await town.store.db.all("SELECT * FROM loose") == []


async def test_in_private_the_group_is_not_told_who(town: Town) -> None:
    await town.says("李阿姨", "三号楼电梯又坏了")
    town.hears("李阿姨", "#1 报修", "李阿姨 上报")
    town.hears("张队长", "#1 报修", "李阿姨 上报")
    card = town.hears("十三队群", "#1 报修", "有人 上报")
    assert "李阿姨" not in card.text


async def test_an_unknown_group_hears_nothing_though_somebody_cries_fire(town: Town) -> None:
    await town.says("李阿姨", "着火了着火了！！", chat="麻将群")
    town.silent()


async def test_what_is_not_sure_is_asked_once_and_yes_makes_it_a_case(town: Town) -> None:
    await town.says("李阿姨", "着火了快来人啊", chat="十三队群", forwarded=True)
    town.hears("十三队群", "这是要上报的事吗（消防燃气）？")
    town.silent()
    assert (
        await town.presses("张队长", "是，上报", chat="十三队群")
        == "这是问刚才说话的人的。要上报请发：上报 哪里、出了什么事"
    )
    await town.presses("李阿姨", "是，上报", chat="十三队群")
    card = town.hears("十三队群", "#1 消防燃气", "着火了快来人啊")
    assert card.reply_to == "u1"
    assert not [m for m in town.channel.chats["十三队群"] if "要上报的事吗" in m.text]


@pytest.mark.parametrize("answer", ["不是", "没有。"])
async def test_no_is_the_end_of_it(town: Town, answer: str) -> None:
    await town.says("李阿姨", "着火了快来人啊", chat="十三队群", forwarded=True)
    town.hush()
    await town.says("李阿姨", answer, chat="十三队群")
    assert town.channel.chats["十三队群"] == []
    await town.says("李阿姨", answer, chat="十三队群")
    town.silent()


async def test_the_question_survives_a_restart_and_an_answer_in_words(town: Town) -> None:
    await town.says("李阿姨", "着火了快来人啊", chat="十三队群", forwarded=True)
    town.restart()
    await town.says("李阿姨", "是的", chat="十三队群")
    town.hears("十三队群", "#1 消防燃气")


async def test_more_of_the_same_from_the_same_person_is_no_second_case(town: Town) -> None:
    await town.says("李阿姨", "我家楼下进水了", chat="十三队群")
    await town.says("李阿姨", "水到腰了，快来人", chat="十三队群")
    town.hears("十三队群", "#1 水浸", "水到腰", "李阿姨 补充：水到腰了，快来人")
    async with town.store.transaction():
        assert await town.store.cases.get(2) is None


async def test_a_picture_sent_before_the_words_belongs_to_them(town: Town) -> None:
    await town.says("李阿姨", "", chat="十三队群", attachments=PHOTO)
    town.silent()
    await town.later(minutes=2)
    await town.says("李阿姨", "地下车库全是水", chat="十三队群")
    town.hears("十三队群", "#1 水浸", "照片 1 张")
    photo = next(m for m in town.channel.chats["张队长"] if m.attachment)
    assert photo.attachment
    assert photo.attachment.file_id == "p1"


async def test_a_picture_of_an_hour_ago_does_not(town: Town) -> None:
    await town.says("李阿姨", "", chat="十三队群", attachments=PHOTO)
    await town.later(hours=1)
    await town.says("李阿姨", "地下车库全是水", chat="十三队群")
    assert "照片" not in town.hears("十三队群", "#1 水浸").text


async def test_an_album_whose_parts_come_out_of_order_is_one_report(town: Town) -> None:
    await town.says("李阿姨", "", chat="十三队群", attachments=[(CHANNEL, "p2")], album="A")
    await town.says("李阿姨", "地下车库全是水", chat="十三队群", attachments=[(CHANNEL, "p1")], album="A")
    await town.says("李阿姨", "", chat="十三队群", attachments=[(CHANNEL, "p3")], album="A")
    town.hears("十三队群", "#1 水浸", "照片 3 张")
    async with town.store.transaction():
        assert await town.store.cases.get(2) is None
    assert len([m for m in town.channel.chats["十三队群"] if "已补充到" in m.text]) == 1
    town.hears("十三队群", "已补充到 #1：照片 3 张")


async def test_whoever_sends_more_reads_at_once_that_it_is_there(town: Town) -> None:
    await town.says("李阿姨", "三号楼电梯坏了", chat="十三队群")
    await town.says("李阿姨", "", chat="十三队群", attachments=PHOTO)
    town.hears("十三队群", "已补充到 #1：照片 1 张")
    await town.says("李阿姨", "", chat="十三队群", attachments=VOICE)
    town.hears("十三队群", "已补充到 #1：照片 1 张 · 语音 1 段")


async def test_an_answer_to_the_card_belongs_to_its_case_whoever_gives_it(town: Town) -> None:
    await town.says("李阿姨", "三号楼电梯坏了", chat="十三队群")
    card = next(m for m in town.channel.chats["十三队群"] if "#1" in m.text)
    town.hush()
    await town.says("赵叔", "里面有人在喊", chat="十三队群", reply_to=card.id, attachments=VOICE)
    town.hears("十三队群", "#1 报修", "语音 1 段", "赵叔 补充：里面有人在喊")
    voice = next(m for m in town.channel.chats["张队长"] if m.attachment)
    assert voice.attachment
    assert voice.attachment.seconds == 12


async def test_thanks_under_a_closed_case_open_nothing_and_are_no_fault(town: Town) -> None:
    await town.says("李阿姨", "三号楼电梯坏了", chat="十三队群")
    card = next(m for m in town.channel.chats["十三队群"] if "#1" in m.text)
    await town.says("李阿姨", "撤销 1 好了", chat="十三队群")
    town.hush()
    await town.says("赵叔", "谢谢", chat="十三队群", reply_to=card.id)
    town.silent()


async def test_a_voice_in_private_goes_to_a_person_at_once(town: Town) -> None:
    await town.says("李阿姨", "", attachments=VOICE)
    town.hears("李阿姨", "#1 求助", "语音 1 段")
    town.hears("张队长", "#1 求助", "语音 1 段")
    assert next(m for m in town.channel.chats["张队长"] if m.attachment)


async def test_a_voice_in_private_is_not_played_to_the_neighbours_but_to_whoever_comes(town: Town) -> None:
    """Everybody knows everybody's voice."""
    await town.person("陈叔", (Role.RESIDENT, "S13"))
    await town.says("李阿姨", "", attachments=VOICE)
    town.hears("十三队群", "#1 求助", "来帮忙的人听得到", "谁能帮忙？")
    assert not [m for m in town.channel.chats["十三队群"] if m.attachment]
    await town.presses("陈叔", "我来帮忙", chat="十三队群")
    assert next(m for m in town.channel.chats["陈叔"] if m.attachment)


async def test_a_picture_alone_in_private_asks_for_words(town: Town) -> None:
    await town.says("李阿姨", "", attachments=PHOTO)
    town.hears("李阿姨", "收到照片。哪里、出了什么事？")
    await town.says("李阿姨", "南门井盖没了")
    town.hears("李阿姨", "#1 报修", "照片 1 张")


async def test_a_place_alone_is_asked_about(town: Town) -> None:
    await town.says("李阿姨", "地下车库全是水", chat="十三队群")
    town.hush()
    await town.says("李阿姨", "", chat="十三队群", location=(26.05, 119.15))
    town.hears("十三队群", "#1 的事就在这个位置吗？")
    await town.presses("李阿姨", "是，就在那里", chat="十三队群")
    town.hears("十三队群", "#1 水浸", "位置 26.05000, 119.15000")
    town.hears("十三队群", "#1 的位置记下了")
    pin = next(m for m in town.channel.chats["张队长"] if m.location)
    assert pin.location
    assert pin.location.latitude == 26.05


@pytest.mark.parametrize("place", [(0, 0), (25.5, 124.0), (48.8, 2.3)])
async def test_a_place_in_the_sea_or_abroad_is_asked_for_again(town: Town, place: tuple[float, float]) -> None:
    await town.says("李阿姨", "地下车库全是水", chat="十三队群")
    town.hush()
    await town.says("李阿姨", "", chat="十三队群", location=place)
    town.hears("十三队群", "这个位置好像不对")
    town.silent()


async def test_a_message_changed_afterwards_opens_no_second_case(town: Town) -> None:
    await town.says("李阿姨", "地下车库全是水", chat="十三队群")
    town.hush()
    await town.happens("Edited", "十三队群", "李阿姨", message_id="u1", text="地下车库全是水，到腰了")
    town.hears("十三队群", "#1 水浸", "水到腰", "李阿姨 补充：改成了：地下车库全是水，到腰了")
    town.hush()
    await town.happens("Edited", "十三队群", "李阿姨", message_id="u99", text="着火了")
    town.silent()


async def test_a_leader_reports_for_a_neighbour_and_hears_back(town: Town) -> None:
    await town.says("张队长", "代报 王依姆 摔倒了起不来", chat="十三队群")
    town.hears("十三队群", "#1 求助", "替 王依姆 报")
    await town.says("张队长", "代报 王依姆", chat="十三队群")
    town.hears("十三队群", "请写替谁、什么事")


async def test_an_old_person_of_no_known_squad_is_told_what_to_do(town: Town) -> None:
    await town.says("过路人", "着火了快来人啊")
    town.hears("过路人", "我还不知道您住哪个小队", "119")


async def test_which_words_decided_can_be_asked(town: Town) -> None:
    await town.says("李阿姨", "煤气味很大", chat="十三队群")
    town.hush()
    await town.says("张队长", "查询 1")
    town.hears("张队长", "听到的词：", "煤气")
    await town.person("外人", (Role.RESIDENT, "S14"))


async def test_one_thing_after_the_other_is_a_case_each(town: Town) -> None:
    for said in ("楼道灯坏了", "垃圾没人收", "下水道堵了"):
        await town.says("李阿姨", said, chat="十三队群")
    assert [await town.state(number) for number in (1, 2, 3)] == ["reported"] * 3


async def test_more_of_the_same_is_no_second_case(town: Town) -> None:
    await town.says("李阿姨", "三号楼电梯坏了", chat="十三队群")
    await town.says("李阿姨", "三号楼电梯坏了，按了没反应", chat="十三队群")
    await town.says("李阿姨", "厨房煤气味很大", chat="十四队群")
    await town.says("李阿姨", "灶台着火了", chat="十四队群")
    async with town.store.transaction():
        assert await town.store.cases.get(3) is None
