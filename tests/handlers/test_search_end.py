"""The child is found: everybody who was told hears it, nobody else does, and the photo is gone from every chat."""

from pathlib import Path

import pytest

from bot.channels import Doubt, Later, Never
from domain.people import Role
from storage.store import Store
from tests.conftest import SETTINGS
from tests.handlers.conftest import RINGS, build
from tests.handlers.test_search import NOTICE, PHOTO, confirmed, lost
from tests.town import CHANNEL, Town

ALL_CLEAR = "#1 已找到，不用再找了，谢谢大家！"


def told_it_is_over(town: Town) -> set[str]:
    return {chat for chat, said in town.channel.chats.items() if any(m.text == ALL_CLEAR for m in said)}


def photos(town: Town) -> list[str]:
    return [chat for chat, said in town.channel.chats.items() for m in said if m.attachment]


async def test_the_all_clear_reaches_exactly_those_who_were_told_and_the_photo_goes(township: Town) -> None:
    town = township
    await confirmed(town, attachments=PHOTO)
    await town.later(minutes=12)
    sent = len(town.channel.order)
    await town.says("李阿姨", "找到了", chat="十三队群")
    answering = {"张队长", "小林", "王主任", "陈书记"}
    told = {chat for chat, ring in RINGS.items() if ring <= 2} | answering
    assert told_it_is_over(town) == told
    assert photos(town) == []
    assert [text for _chat, text in town.channel.order[sent:]][: len(told)] == [ALL_CLEAR] * len(told)
    town.hears("十三队群", "您满意吗")
    assert await town.state(1) == "resolved"
    town.hush()
    await town.later(minutes=60)
    town.silent()


async def test_a_notice_without_a_photo_changes_in_place(township: Town) -> None:
    town = township
    await confirmed(town)
    await town.presses("张队长", "找到了")
    assert [m.text for m in town.channel.chats["三网格群"]] == [ALL_CLEAR, ALL_CLEAR]
    assert town.channel.chats["三网格群"][0].history[0].startswith(NOTICE)
    assert town.buttons("三网格群") == []


@pytest.mark.parametrize("who", ["李阿姨", "小林", "张队长", "王主任", "陈书记"])
async def test_who_may_end_it(township: Town, who: str) -> None:
    town = township
    await confirmed(town)
    await town.presses_data(who, "found:1", "十三队群")
    assert await town.state(1) == "resolved"


async def test_found_by_a_stranger_is_checked_first(township: Town) -> None:
    town = township
    await confirmed(town)
    await town.presses("赵叔", "找到了", chat="十四队群")
    town.hears("十四队群", "#1 记下了", "已经请家里人和队长核实", "请先陪着，别走开")
    town.hears("十三队群", "【线索】#1", "赵叔 说的", "请核实")
    town.hears("张队长", "请核实")
    assert told_it_is_over(town) == set()
    assert await town.state(1) == "reported"
    await town.presses("李阿姨", "找到了", chat="十三队群")
    assert "十四队群" in told_it_is_over(town)


@pytest.mark.parametrize(
    ("who", "words"),
    [("张队长", "办结 1 在外婆家找到的"), ("李阿姨", "撤销 1 自己回来了")],
)
async def test_however_its_case_ends_nobody_goes_on_looking(township: Town, who: str, words: str) -> None:
    town = township
    await confirmed(town, attachments=PHOTO)
    await town.says(who, words, chat="十三队群")
    for chat in ("三网格群", "十四队群"):
        town.hears(chat, "#1 不用找了，谢谢大家。")
    assert photos(town) == []
    town.hush()
    await town.later(minutes=45)
    town.silent_in(*(chat for chat in RINGS if chat != "十三队群"))


async def test_what_is_no_lost_person_after_all_is_looked_for_no_more(township: Town) -> None:
    town = township
    await confirmed(town)
    await town.presses_data("张队长", "fix:1:kind:help", "十三队群")
    town.hears("三网格群", "#1 不用找了")


async def test_what_is_seen_after_the_end_is_answered_with_when_it_ended(township: Town) -> None:
    town = township
    await confirmed(town)
    await town.says("李阿姨", "找到了", chat="十三队群")
    town.hush()
    await town.later(minutes=5)
    await town.says("路人", "看到了 在桥上", chat="三网格群")
    town.hears("三网格群", "12:00 已经结束", "已找到")
    town.hush()
    assert "12:00 已经结束" in await town.presses_data("路人", "look:1", "三网格群")
    town.silent()
    await town.later(hours=24)
    town.hush()
    await town.says("路人", "看到了，谢谢", chat="三网格群")
    town.silent()


async def test_a_chat_that_was_not_reached_yet_hears_nothing_at_all(township: Town) -> None:
    town = township
    town.channel.errors["十四队群"] = [Later("429", after=600.0)]
    await confirmed(town)
    await town.says("李阿姨", "找到了", chat="十三队群")
    town.clock.seconds += 700
    await town.settle()
    assert town.channel.chats["十四队群"] == []
    assert "三网格群" in told_it_is_over(town)


async def test_a_chat_in_doubt_hears_it_and_its_leader_looks_for_the_photo(township: Town) -> None:
    """The line broke twice: nobody knows whether the photo stands there, so somebody has to look."""
    town = township
    await town.person("十四队长", (Role.LEADER, "S14"))
    town.channel.errors["十四队群"] = [Doubt("reset"), Doubt("reset")]
    await lost(town, attachments=PHOTO)
    await town.presses("张队长", "确认寻人")
    town.clock.seconds += 60
    await town.settle()
    town.hears("十四队长", "#1 没能送到“十四队群”，请用别的办法通知")
    town.clock.seconds += 60
    await town.says("李阿姨", "找到了", chat="十三队群")
    assert "十四队群" in told_it_is_over(town)
    town.hears("十四队长", "“十四队群”里可能还有照片", "长按照片删除")


async def test_a_photo_that_cannot_be_deleted_any_more_is_deleted_by_hand(township: Town) -> None:
    town = township
    await confirmed(town, attachments=PHOTO)
    town.hush()

    async def refuses(out, edits):  # type: ignore[no-untyped-def]
        if type(out).__name__ == "Withdraw" and out.to.chat == "三网格群":
            raise Never("message can't be deleted for everyone")
        return await deliver(out, edits)

    deliver = town.channel.deliver
    town.channel.deliver = refuses  # type: ignore[method-assign]
    await town.says("李阿姨", "找到了", chat="十三队群")
    town.hears("王主任", "“三网格群”里可能还有照片")
    assert photos(town) == ["三网格群"]


async def test_a_group_that_put_the_bot_out_is_told_by_somebody_else(township: Town) -> None:
    town = township
    town.channel.closed = {"十四队群"}
    await lost(town)
    await town.presses("张队长", "确认寻人")
    town.hears("王主任", "没能送到“十四队群”")
    town.hears("十三队群", "没能通知到：十四队群")


async def test_a_photo_that_is_gone_does_not_keep_the_words_back(township: Town) -> None:
    town = township
    town.channel.errors["十四队群"] = [Never("wrong file identifier")]
    await confirmed(town, attachments=PHOTO)
    assert [(m.text[:4], m.attachment) for m in town.channel.chats["十四队群"]] == [("【寻人】", None)]


async def test_a_group_that_gets_a_new_id_hears_the_end_there(township: Town) -> None:
    town = township
    await confirmed(town)
    await town.happens("Moved", "十四队群", to="十四队超级群")
    await town.says("李阿姨", "找到了", chat="十三队群")
    assert "十四队超级群" in told_it_is_over(town)
    assert "十四队群" not in told_it_is_over(town)


SECRETS = ("王小明", "小明", "13800138000", "加油站", "红衣服", "photo-of-him", "photo-of-a-boy", "河边", "26.0745")


async def test_a_week_after_the_end_not_a_byte_is_left(tmp_path: Path) -> None:
    """The file and its log are searched for every word that was personal; that it was done stays in the case's log."""
    path = tmp_path / "village.db"
    town = await build(Town(await Store.open(path), SETTINGS))
    await confirmed(town, attachments=PHOTO, location=(26.0745, 119.2965))
    await town.says("李阿姨", "王小明", chat="十三队群")
    await town.says("李阿姨", "外婆家", chat="十三队群")
    await town.says("李阿姨", "早上", chat="十三队群")
    await town.says("李阿姨", "13800138000", chat="十三队群")
    town.channel.errors["三网格群"] = [Doubt("reset"), Doubt("reset")]
    await town.presses("赵叔", "我去找", chat="十四队群")
    await town.says("赵叔", "河边", chat="十四队群")
    await town.says("司机", "看到了 小明在加油站", chat="十四队群", attachments=[(CHANNEL, "photo-of-a-boy")])
    await town.says("张队长", "接单 1", chat="十三队群")
    await town.says("李阿姨", "找到了 小明自己回来了", chat="十三队群")
    assert _found(path, SECRETS) == set(SECRETS), "they were there"
    await town.later(days=7)
    assert _found(path, SECRETS) == set()
    town.hush()
    await town.says("张队长", "查询 1")
    town.hears("张队长", "#1 走失", "个人信息已删除")
    await town.close()


async def test_while_nobody_is_found_what_helps_to_find_them_is_kept(township: Town) -> None:
    town = township
    await confirmed(town)
    await town.presses("张队长", "接单")
    await town.later(days=9)
    town.hush()
    await town.says("张队长", "查询 1")
    town.hears("张队长", "我儿子王小明")


def _found(path: Path, words: tuple[str, ...]) -> set[str]:
    """Those of these words whose bytes stand in the file or in its write-ahead log, written plainly or as JSON does."""
    stored = b"".join(p.read_bytes() for p in path.parent.glob(f"{path.name}*"))
    return {word for word in words if word.encode() in stored or word.encode("unicode_escape") in stored}


async def test_where_a_card_cannot_change_in_place_the_all_clear_is_said_once(township: Town) -> None:
    town = township
    town.store.outbox.said_anew.add(CHANNEL)
    await confirmed(town)
    town.hush()
    await town.presses("张队长", "找到了")
    assert [m.text for m in town.channel.chats["三网格群"] if not m.heard] == [ALL_CLEAR]
