"""What people do on WeCom, as the neighbourhood understands it."""

from typing import Any

import pytest

from bot.channels.wecom.media import opened
from bot.channels.wecom.translate import translate
from bot.demo.standin.people import People
from domain.chat import AccountId, ChatId, ChatKind, Entered, Medium, Pressed, Said

BOT = "aib-1"
PEOPLE = People(BOT, base_url="http://127.0.0.1:1")
GROUP, PRIVATE = ChatId("wecom", "g:wrAbC"), ChatId("wecom", "u:lisi")


def said(content: dict[str, Any], chat: str | None = "wrAbC", **more: Any) -> Any:
    return translate(PEOPLE.body("lisi", chat, content, **more), BOT)


def test_words_in_a_group_without_the_name_by_which_the_bot_is_called() -> None:
    heard = said(PEOPLE.text("@网格助手 3栋路灯坏了"))
    assert isinstance(heard, Said)
    assert (heard.chat, heard.chat_kind, heard.text) == (GROUP, ChatKind.GROUP, "3栋路灯坏了")
    assert heard.sender
    assert heard.sender.account == AccountId("wecom", "lisi")
    assert heard.chat_title == "企业微信群 rAbC"


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ("@网格助手\u2005绑定 S13", "绑定 S13"),
        ("水来了 @网格助手", "水来了"),
        ("@张三 @网格助手 看看", "看看"),
        ("寄到 a@b.cn 了", "寄到 a@b.cn 了"),
    ],
)
def test_a_mention_is_no_part_of_what_is_said(written: str, heard: str) -> None:
    assert said(PEOPLE.text(written)).text == heard


def test_in_private_nothing_is_taken_away() -> None:
    heard = said(PEOPLE.text("@张三 说水来了"), None)
    assert (heard.chat, heard.chat_kind, heard.text) == (PRIVATE, ChatKind.PRIVATE, "@张三 说水来了")


def test_a_voice_is_words_already() -> None:
    assert said(PEOPLE.voice("三栋停电了"), None).text == "三栋停电了"


def test_words_with_pictures_and_a_file() -> None:
    heard = said(PEOPLE.mixed("@网格助手 漏水", b"1", b"2"))
    assert (heard.text, [kept.medium for kept in heard.attachments]) == ("漏水", [Medium.PHOTO] * 2)
    assert len({kept.file_id for kept in heard.attachments}) == 2
    assert [kept.medium for kept in said(PEOPLE.file(b"%PDF"), None).attachments] == [Medium.FILE]
    assert [kept.medium for kept in said(PEOPLE.file(b"1", "image"), None).attachments] == [Medium.PHOTO]


def test_a_quoted_picture_is_shown_and_quoted_words_are_said() -> None:
    heard = said(PEOPLE.text("@网格助手 上报"), quote=PEOPLE.file(b"1", "image"))
    assert (heard.text, len(heard.attachments)) == ("上报", 1)
    heard = said(PEOPLE.text("@网格助手 上报"), quote=PEOPLE.text("3栋路灯坏了"))
    assert (heard.text, heard.quoted) == ("上报\n3栋路灯坏了", "")


def test_a_quoted_card_tells_what_it_is_about() -> None:
    heard = said(PEOPLE.text("@网格助手 退了"), quote=PEOPLE.text("**#12 水浸**\n东门"))
    assert (heard.text, heard.quoted) == ("退了", "**#12 水浸**\n东门")


def test_a_press_and_somebody_who_comes_in() -> None:
    press = {"card_type": "button_interaction", "event_key": "rate:1:satisfied", "task_id": "gb-7"}
    heard = translate(PEOPLE.event("lisi", "wrAbC", "template_card_event", press), BOT)
    assert isinstance(heard, Pressed)
    assert (heard.action, heard.args, heard.message_id, heard.chat) == ("rate", ("1", "satisfied"), "gb-7", GROUP)
    assert isinstance(translate(PEOPLE.event("lisi", None, "enter_chat"), BOT), Entered)


def test_what_is_not_for_this_bot() -> None:
    other = {"event_key": "acknowledge:1", "task_id": "other-7"}
    assert translate(PEOPLE.event("lisi", "wrAbC", "template_card_event", other), BOT) is None
    assert translate(PEOPLE.body("lisi", None, PEOPLE.text("x")), "aib-2") is None
    assert translate(PEOPLE.event("lisi", None, "feedback_event"), BOT) is None
    assert said({"msgtype": "sticker", "sticker": {}}) is None
    assert said(PEOPLE.text("@网格助手")) is None


def test_whoever_is_named_elsewhere_in_the_body_does_not_speak() -> None:
    press = {"event_key": "acknowledge:1", "task_id": "gb-7", "userid": "wangwu", "from": {"userid": "wangwu"}}
    body = PEOPLE.event("lisi", "wrAbC", "template_card_event", press) | {"userid": "wangwu"}
    heard = translate(body, BOT)
    assert heard
    assert heard.sender
    assert heard.sender.account.account == "lisi"


@pytest.mark.parametrize(
    "broken",
    [
        [],
        {},
        {"from": {"userid": "u" * 1000}},
        {"from": None},
        {"from": {"userid": 7}},
        {"chatid": None},
        {"chattype": None, "from": {}},
        {"text": "words"},
        {"text": {"content": None}},
        {"quote": "quoted"},
        {"msgtype": "mixed", "mixed": {"msg_item": [{"msgtype": "image"}]}},
        {"msgtype": "event", "event": {"eventtype": "template_card_event", "template_card_event": None}},
    ],
)
def test_what_is_no_message_is_no_message(broken: Any) -> None:
    body = PEOPLE.body("lisi", "wrAbC", PEOPLE.text("x"))
    with pytest.raises(ValueError, match="not a message"):
        translate(body | broken if broken else broken, BOT)


def test_a_picture_is_opened_with_its_own_key_only() -> None:
    for size in (0, 1, 31, 32, 1000):
        address = PEOPLE.put(b"\x01" * size)
        kept = PEOPLE.kept[address["url"].rpartition("/")[2]]
        assert opened(kept, address["aeskey"].rstrip("=")) == b"\x01" * size
        for key in (PEOPLE.put(b"")["aeskey"], "AAAA", "not base64!"):
            with pytest.raises(ValueError):  # noqa: PT011 -- of several kinds, all of them one answer
                opened(kept, key)
        with pytest.raises(ValueError):  # noqa: PT011
            opened(kept[:-1], address["aeskey"])
