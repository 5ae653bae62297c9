"""What the bot says on WeCom, and what the service's answers mean."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.channels import Later, Never, Unable, Unreachable
from bot.channels.wecom import WeComChannel, compose
from domain.chat import (
    NOT_SPOKEN,
    Answer,
    Attachment,
    Button,
    ChatId,
    Entitle,
    Location,
    Menu,
    Promise,
    Said,
    Send,
    Withdraw,
)
from storage.store import Store
from tests.bot.telegram.test_village import until
from tests.bot.wecom.conftest import GROUP, channel_to, connected
from tests.standin.wecom import WeCom
from tests.town import Clock

HERE, GROUP_CHAT = ChatId("wecom", f"g:{GROUP}"), (2, GROUP)
TAKE = ((Button("接单", "acknowledge:1"), Button("上报上级", "escalate:1")),)


@pytest.fixture
async def channel(wecom: WeCom, store: Store) -> AsyncIterator[WeComChannel]:
    channel = channel_to(wecom, store)
    async with connected(channel, wecom) as hearing:
        wecom.says("lisi", "在吗", GROUP)
        await until(lambda: hearing.arrivals and channel._client._line)
        yield channel


async def test_words_are_nobodys_markup(channel: WeComChannel, wecom: WeCom) -> None:
    await channel.deliver(Send(HERE, "# 标题\n**粗** <@all> [点我](http://x) `a_b`"), None)
    (text,) = wecom.texts(GROUP_CHAT)
    assert text == "＃ 标题\n＊＊粗＊＊ ＜@all＞ ［点我］(http://x) ｀a＿b｀"


async def test_a_card_with_buttons_is_one_message_where_it_has_room(channel: WeComChannel, wecom: WeCom) -> None:
    task = await channel.deliver(Send(HERE, "#1 水浸 · 十三队\n东门进水", TAKE, Promise.CARD, card="case:1"), None)
    (said,) = wecom.sent
    card = said.body["template_card"]
    assert (card["task_id"], card["main_title"]["title"], card["sub_title_text"]) == (
        task,
        "#1 水浸 · 十三队",
        "东门进水",
    )
    assert [(b["text"], b["key"]) for b in card["button_list"]] == [
        ("接单", "acknowledge:1"),
        ("上报上级", "escalate:1"),
    ]


async def test_what_a_card_has_no_room_for_is_said_before_it(channel: WeComChannel, wecom: WeCom) -> None:
    await channel.deliver(Send(HERE, "#1 水浸\n" + "水" * 300, TAKE, card="case:1"), None)
    assert [said.body["msgtype"] for said in wecom.sent] == ["markdown", "template_card"]
    assert wecom.sent[0].text == "**#1 水浸**\n" + "水" * 300
    assert wecom.sent[1].text == "#1 水浸", "nothing is read twice"


async def test_nobody_agrees_to_words_that_they_were_not_shown(channel: WeComChannel, wecom: WeCom) -> None:
    """A card that is changed shows all that is new, if it needs a message of its own for that, and nothing else."""
    draft = Send(HERE, "第 1 号\n" + "水" * 150 + "\n等人通过", TAKE, Promise.CARD, card="broadcast:1")
    task = await channel.deliver(draft, None)
    task = await channel.deliver(replace(draft, text=draft.text.replace("等人通过", "已退回")), task)
    assert [said.body["msgtype"] for said in wecom.sent] == ["markdown", "template_card", "template_card"]
    amended = replace(draft, text=draft.text.replace("水", "火"))
    await channel.deliver(amended, task)
    assert [said.body["msgtype"] for said in wecom.sent[3:]] == ["markdown", "template_card"]
    assert "火" * 150 in wecom.sent[3].text


async def test_who_is_asked_in_a_group_is_told_how_to_be_heard(channel: WeComChannel, wecom: WeCom) -> None:
    wecom.says("lisi", "在吗")
    for chat in (HERE, ChatId("wecom", "u:lisi")):
        await until(lambda: (1, "lisi") in wecom.spoken)
        await channel.deliver(Send(chat, "怎么处理好的？请回一句话。", asks=True), None)
    assert wecom.texts(GROUP_CHAT) == ["怎么处理好的？请回一句话。\n回话时请先 @ 我，不然我听不到。"]
    assert wecom.texts((1, "lisi")) == ["怎么处理好的？请回一句话。"]


async def test_a_question_that_is_longer_than_a_title_is_read_once(channel: WeComChannel, wecom: WeCom) -> None:
    asked = "吴奶奶，您今天好吗？好的话请点“我很好”，或者随便回我一句话。"
    await channel.deliver(Send(HERE, asked, ((Button("我很好", "well:1"),),)), None)
    assert wecom.texts(GROUP_CHAT) == ["吴奶奶，您今天好吗？好的话请点“我很好”，\n或者随便回我一句话。"]


def test_a_first_line_is_parted_behind_a_mark_rather_than_at_a_blank() -> None:
    (card,) = compose.cards(Send(HERE, "侯官村 从现在起是防汛模式，下面 167 个群跟着变：", TAKE), "T", "")
    assert (card["main_title"]["title"], card["sub_title_text"]) == (
        "侯官村 从现在起是防汛模式，",
        "下面 167 个群跟着变：",
    )


def test_of_a_card_that_is_too_long_the_longest_lines_give_way() -> None:
    doors = "、".join(f"⚠榕荫里{n}号" for n in range(21, 33))
    text = f"【高温摸排】第 1 号 四十七队\n问到 0/12 户，21:00 截止\n还没问：{doors}\n▶ 榕荫里21号\n人好吗？"
    (card,) = compose.cards(Send(HERE, text, TAKE), "T", "")
    shown = card["sub_title_text"]
    assert len(shown) == 112
    assert shown.startswith("问到 0/12 户，21:00 截止\n还没问：⚠榕荫里21号")
    assert shown.endswith("…\n▶ 榕荫里21号\n人好吗？")


@pytest.mark.parametrize("text", ["水" * 26, "水" * 27, "水" * 138, "a " * 60, "水" * 30 + "\n\n" + "位" * 20, "\n水"])
def test_a_card_that_has_room_shows_every_word(text: str) -> None:
    (card,) = (m["template_card"] for m in compose.messages(Send(HERE, text, TAKE), "T", ""))
    assert len(card["main_title"]["title"]) <= 26
    shown = card["main_title"]["title"] + card.get("sub_title_text", "")
    assert "".join(text.split()) == "".join(shown.removeprefix("请看").split())


async def test_more_buttons_than_a_card_has_room_for(channel: WeComChannel, wecom: WeCom) -> None:
    many = tuple((Button(f"第{n}项", f"pick:{n}"),) for n in range(14))
    await channel.deliver(Send(HERE, "选一个", many), None)
    assert [len(said.body["template_card"]["button_list"]) for said in wecom.sent] == [6, 6, 2]


async def test_long_words_are_parted_by_bytes(channel: WeComChannel, wecom: WeCom) -> None:
    await channel.deliver(Send(HERE, "水" * 9000), None)
    parts = wecom.texts(GROUP_CHAT)
    assert [len(part.encode()) <= 20_480 for part in parts] == [True, True]
    assert "".join(parts) == "水" * 9000


@pytest.mark.parametrize("limit", [2_048, 4_096, 20_480])
def test_no_character_is_torn(limit: int) -> None:
    text = "\n".join("水👨‍👩‍👧位" * 40 for _n in range(60))
    parts = list(compose.split(text, limit))
    assert all(len(part.encode()) <= limit for part in parts)
    assert "\n".join(parts) == text
    assert len(compose.cut(text, limit).encode()) <= limit


async def test_a_pressed_card_changes_where_it_stands_for_a_moment_only(channel: WeComChannel, wecom: WeCom) -> None:
    card = Send(HERE, "#1 水浸", TAKE, Promise.CARD, card="case:1")
    task = await channel.deliver(card, None)
    wecom.presses("lisi", str(task), "acknowledge:1", GROUP)
    await until(lambda: channel._moments._open)
    done = Send(HERE, "#1 水浸\n张队长 已接单", (), Promise.CARD, card="case:1")
    assert await channel.deliver(done, task) == task
    (updated,) = wecom.updated
    assert (updated.text, updated.body["template_card"]["card_type"]) == ("#1 水浸\n张队长 已接单", "text_notice")
    assert len(wecom.sent) == 1
    assert await channel.deliver(done, task) != task, "one press is one change"
    assert wecom.texts(GROUP_CHAT)[-1] == "**#1 水浸**\n张队长 已接单"


async def test_a_change_that_comes_too_late_is_a_new_message(wecom: WeCom, store: Store) -> None:
    clock = Clock()
    channel = channel_to(wecom, store, clock=clock)
    async with connected(channel, wecom) as hearing:
        wecom.says("lisi", "在吗", GROUP)
        await until(lambda: hearing.arrivals and channel._client._line)
        task = str(await channel.deliver(Send(HERE, "#1 水浸", TAKE, card="case:1"), None))
        for late in ("by our clock", "by theirs"):
            wecom.presses("lisi", task, "acknowledge:1", GROUP)
            await until(lambda: channel._moments._open)
            if late == "by our clock":
                clock.seconds += 5.0
            else:
                wecom.asked.clear()
            assert await channel.deliver(Send(HERE, "#1 已接单", card="case:1"), task) != task
    assert (wecom.texts(GROUP_CHAT)[1:], wecom.updated) == (["**#1 已接单**"] * 2, [])


async def test_whoever_comes_in_is_greeted_at_once_or_not_at_all(channel: WeComChannel, wecom: WeCom) -> None:
    body = wecom.enters("wangwu")
    await until(lambda: channel._moments._open)
    entered = channel.translate(body)
    assert entered
    hello = Send(entered.chat, "您好", reply_to=entered.message_id)
    await channel.deliver(hello, None)
    assert [(said.chat, said.text, said.cmd) for said in wecom.sent] == [
        ((1, "wangwu"), "您好", "aibot_respond_welcome_msg")
    ]
    with pytest.raises(Never):
        await channel.deliver(hello, None)


async def test_a_chat_where_nobody_spoke_is_a_fact(channel: WeComChannel) -> None:
    with pytest.raises(Unreachable, match=NOT_SPOKEN):
        await channel.deliver(Send(ChatId("wecom", "u:silent"), "您好"), None)
    with pytest.raises(Unreachable, match=NOT_SPOKEN):
        await channel.deliver(Send(ChatId("wecom", f"g:{GROUP.lower()}"), "大小写要紧"), None)
    with pytest.raises(Never):
        await channel.deliver(Send(ChatId("wecom", "nobody"), "您好"), None)


@pytest.mark.parametrize(
    ("code", "error", "after", "everyone"),
    [
        (45009, Later, 60.0, False),
        (45033, Later, 1.0, True),
        (-1, Later, None, False),
        (93008, Unreachable, None, False),
        (40058, Never, None, False),
    ],
)
async def test_what_the_codes_mean(
    channel: WeComChannel, wecom: WeCom, code: int, error: type[Exception], after: float | None, everyone: bool
) -> None:
    wecom.fail("refuse", code=code)
    with pytest.raises(error) as raised:
        await channel.deliver(Send(HERE, "水来了"), None)
    if isinstance(raised.value, Later):
        assert (raised.value.after, raised.value.everyone) == (after, everyone)


async def test_thirty_a_minute_and_then_a_wait(channel: WeComChannel, wecom: WeCom) -> None:
    for n in range(30):
        await channel.deliver(Send(HERE, f"第{n}条"), None)
    with pytest.raises(Later) as later:
        await channel.deliver(Send(HERE, "多了"), None)
    assert later.value.after
    assert 0 < later.value.after <= 60.0
    assert not wecom.refused, "it is not even asked"
    with pytest.raises(Never):
        await channel.deliver(Answer(HERE, "m1", "这一步要由队长来做"), None)


async def test_words_that_may_save_a_life_go_without_their_form(channel: WeComChannel, wecom: WeCom) -> None:
    wecom.fail("refuse", code=40058)
    await channel.deliver(Send(HERE, "#1 着火了", TAKE, Promise.LIFE, card="case:1"), None)
    assert wecom.texts(GROUP_CHAT) == ["#1 着火了"]


async def test_a_picture_is_handed_over_once_and_shown_everywhere(channel: WeComChannel, wecom: WeCom) -> None:
    wecom.says("lisi", "在")
    await until(lambda: (1, "lisi") in wecom.spoken)
    picture = Attachment("web", "x")
    for chat in (HERE, ChatId("wecom", "u:lisi")):
        await channel.deliver(Send(chat, "#1 水浸", attachment=picture), None)
    assert [said.body["msgtype"] for said in wecom.sent] == ["markdown", "image"] * 2
    assert (wecom.calls["aibot_upload_media_init"], len(wecom.uploads.media)) == (1, 1)


async def test_a_picture_that_is_gone_is_said_to_be(channel: WeComChannel, wecom: WeCom) -> None:
    await channel.deliver(Send(HERE, "#1 水浸", attachment=Attachment("web", "gone")), None)
    assert wecom.texts(GROUP_CHAT) == ["#1 水浸\n有一张照片看不到了，请向上报人要。"]


async def test_a_pause_between_two_parts_says_no_part_twice(channel: WeComChannel, wecom: WeCom) -> None:
    long = Send(HERE, "水" * 9000)
    wecom.fail("slow", seconds=0)
    wecom.fail("refuse", code=45009)
    with pytest.raises(Later):
        await channel.deliver(long, None)
    await channel.deliver(long, None)
    assert "".join(wecom.texts(GROUP_CHAT)) == "水" * 9000


async def test_a_place_leads_to_a_map(channel: WeComChannel, wecom: WeCom) -> None:
    await channel.deliver(Send(HERE, "#1 水浸", location=Location(26.08, 119.29)), None)
    assert "position=119.290000,26.080000" in wecom.texts(GROUP_CHAT)[0]


async def test_whoever_pressed_sees_the_answer_on_the_card_and_nobody_else(channel: WeComChannel, wecom: WeCom) -> None:
    task = str(await channel.deliver(Send(HERE, "【橙色预警】三网格\n开闸放水", TAKE, card="alert:1"), None))
    for who in ("lisi", "wangwu"):
        press = wecom.presses(who, task, "got:1", GROUP)["msgid"]
        await until(lambda: channel._moments._open)
        await channel.deliver(Answer(HERE, press, "收到了，谢谢您。"), None)
    assert [(said.text, said.body["userids"]) for said in wecom.updated] == [
        ("【橙色预警】三网格\n→ 收到了，谢谢您。\n开闸放水", ["lisi"]),
        ("【橙色预警】三网格\n→ 收到了，谢谢您。\n开闸放水", ["wangwu"]),
    ]
    assert len(wecom.sent) == 1


async def test_where_the_card_changed_under_the_press_no_line_is_said(channel: WeComChannel, wecom: WeCom) -> None:
    asked = Send(HERE, "▶ 1号", TAKE, Promise.CARD, card="checklist:1")
    task = str(await channel.deliver(asked, None))
    press = wecom.presses("lisi", task, "sweep_tick:1:1:safe", GROUP)["msgid"]
    await until(lambda: channel._moments._open)
    assert await channel.deliver(replace(asked, text="▶ 2号"), task) == task
    await channel.deliver(Answer(HERE, press, "1号：安全"), None)
    assert ([s.text for s in wecom.updated], wecom.texts(GROUP_CHAT)) == (["▶ 2号"], ["▶ 1号"])


async def test_why_a_press_was_refused_is_said_and_nothing_else(channel: WeComChannel, wecom: WeCom) -> None:
    await channel.deliver(Answer(HERE, "m1"), None)
    await channel.deliver(Answer(HERE, "m1", "这一步要由队长来做"), None)
    assert wecom.texts(GROUP_CHAT) == ["这一步要由队长来做"]
    with pytest.raises(Never):
        await channel.deliver(Withdraw(HERE, "photo:1"), "gb-1")
    with pytest.raises(Unable, match="改群名"):
        await channel.deliver(Entitle(HERE, "防汛组", ()), None)
    assert await channel.deliver(Menu(HERE), None) is None


async def test_a_picture_whose_key_does_not_fit_costs_nobody_their_words(wecom: WeCom, store: Store) -> None:
    channel = channel_to(wecom, store)
    async with connected(channel, wecom) as hearing:
        shown = wecom.people.put(b"\xff\xd8") | {"aeskey": wecom.people.put(b"")["aeskey"]}
        parts = [wecom.people.text("漏水"), {"msgtype": "image", "image": shown}]
        body = wecom.people.body("lisi", GROUP, {"msgtype": "mixed", "mixed": {"msg_item": parts}})
        wecom.sends({"cmd": "aibot_msg_callback", "headers": {"req_id": "r"}, "body": body})
        await until(lambda: hearing.arrivals)
        heard = channel.translate(body)
        assert isinstance(heard, Said)
        assert heard.text == "漏水"
        with pytest.raises(Never):
            await channel.fetch(heard.attachments[0].file_id)


async def test_what_is_shown_is_fetched_at_once_and_kept(wecom: WeCom, store: Store) -> None:
    channel = channel_to(wecom, store)
    async with connected(channel, wecom) as hearing:
        body = wecom.shows("lisi", "漏水", b"\xff\xd8one", b"two", chat=GROUP)
        await until(lambda: hearing.arrivals)
        heard = channel.translate(body)
        assert [await channel.fetch(kept.file_id) for kept in heard.attachments] == [b"\xff\xd8one", b"two"]
        wecom.people.kept.clear()
        assert await channel.fetch(heard.attachments[0].file_id) == b"\xff\xd8one"
        lost = wecom.shows("lisi", "漏水", b"three", chat=GROUP)
        wecom.people.kept.clear()
        await until(lambda: len(hearing.arrivals) == 2)
        with pytest.raises(Never):
            await channel.fetch(channel.translate(lost).attachments[0].file_id)
    await asyncio.sleep(0)
