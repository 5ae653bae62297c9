"""Telegram's own payloads, and what they are in the neighbourhood."""

import json
from pathlib import Path

import pytest

from bot.channels.telegram.translate import translate
from domain.chat import Arrived, Attachment, ChatKind, Incoming, Location, Moved, Pressed, Removed, Said
from tests.standin.spec import object_faults

PAYLOADS = Path(__file__).parents[2] / "channels" / "telegram"


def came(name: str) -> Incoming | None:
    return translate(json.loads((PAYLOADS / f"{name}.json").read_text("utf-8")))


@pytest.mark.parametrize("path", sorted(PAYLOADS.glob("*.json")), ids=lambda path: path.stem)
def test_the_payloads_are_telegrams(path: Path) -> None:
    assert object_faults("Update", json.loads(path.read_text("utf-8"))) == []


def test_words_in_a_group() -> None:
    said = came("group_text")
    assert isinstance(said, Said)
    assert (said.chat.chat, said.chat_kind, said.chat_title) == ("-1001", ChatKind.GROUP, "十三队")
    assert said.sender
    assert (str(said.sender.account), said.sender.name) == ("telegram:42", "李 阿姨🌸")
    assert (said.text, said.message_id, said.reply_to) == ("上报 东门进水了", "7", "5")


def test_a_photo_with_words_is_its_largest_size() -> None:
    said = came("photo_caption")
    assert isinstance(said, Said)
    assert (said.text, said.attachments) == ("上报 水到膝盖了", (Attachment("telegram", "large"),))


def test_each_part_of_an_album_is_a_picture_of_its_own() -> None:
    said = came("album_part")
    assert isinstance(said, Said)
    assert (said.text, said.attachments) == ("", (Attachment("telegram", "second"),))


def test_words_under_a_file_are_words() -> None:
    said = came("document")
    assert isinstance(said, Said)
    assert (said.text, said.attachments) == ("上报 单元门坏了", ())


def test_an_invitation_by_a_link_is_said_in_private() -> None:
    said = came("start")
    assert isinstance(said, Said)
    assert (said.text, said.chat.chat, said.chat_kind) == ("/start K7Q2M9", "42", ChatKind.PRIVATE)


def test_in_a_topic_the_message_that_opened_it_is_not_answered() -> None:
    said = came("topic")
    assert isinstance(said, Said)
    assert (said.text, said.reply_to) == ("上报 停电了", None)


def test_a_name_that_nobody_can_see_is_told_by_its_number() -> None:
    said = came("nameless")
    assert said
    assert said.sender
    assert said.sender.name == "43"


def test_a_place() -> None:
    said = came("location")
    assert isinstance(said, Said)
    assert said.location == Location(26.05, 119.2)


@pytest.mark.parametrize("name", ["anonymous_admin", "linked_channel"])
def test_who_speaks_for_a_whole_chat_is_nobody(name: str) -> None:
    said = came(name)
    assert isinstance(said, Said)
    assert said.sender is None


@pytest.mark.parametrize("name", ["edited", "sticker", "other_bot", "channel_post"])
def test_what_does_not_concern_the_neighbourhood(name: str) -> None:
    assert came(name) is None


@pytest.mark.parametrize("name", ["press", "press_inaccessible"])
def test_a_press(name: str) -> None:
    pressed = came(name)
    assert isinstance(pressed, Pressed)
    assert (pressed.action, pressed.args, pressed.press, pressed.message_id) == ("rate", ("12", "satisfied"), "q9", "8")


def test_a_group_that_became_a_supergroup_says_so_on_both_sides() -> None:
    for name in ("migrate_to", "migrate_from"):
        moved = came(name)
        assert isinstance(moved, Moved)
        assert (moved.chat.chat, moved.to) == ("-5", "-1002")


def test_let_in_and_put_out() -> None:
    assert isinstance(came("added"), Arrived)
    assert isinstance(came("kicked"), Removed)
    assert isinstance(came("blocked"), Removed)
    assert came("promoted") is None


@pytest.mark.parametrize("payload", [[], "x", {"message": {"text": "x"}}, {"message": {"chat": 5}}])
def test_what_is_no_update_is_said_to_be_none(payload: object) -> None:
    with pytest.raises(ValueError, match="not a Telegram update"):
        translate(payload)
