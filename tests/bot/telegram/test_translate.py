"""Telegram's own payloads, and what they are in the neighbourhood."""

import json
from pathlib import Path

import pytest

from bot.channels.telegram.translate import translate
from domain.chat import Arrived, ChatKind, Incoming, Location, Moved, Photo, Pressed, Removed, Said
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
    assert (said.text, said.photos) == ("上报 水到膝盖了", (Photo("telegram", "large"),))


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
    assert came("promoted") is None


@pytest.mark.parametrize("payload", [[], "x", {"message": {"text": "x"}}, {"message": {"chat": 5}}])
def test_what_is_no_update_is_said_to_be_none(payload: object) -> None:
    with pytest.raises(ValueError, match="not a Telegram update"):
        translate(payload)
