"""Telegram's own payloads, and what they are in the neighbourhood."""

import json
from pathlib import Path

import pytest

from bot.channels.telegram.translate import translate
from domain.chat import Arrived, Attachment, ChatKind, Edited, Incoming, Location, Medium, Moved, Pressed, Removed, Said
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


def test_each_part_of_an_album_is_a_picture_of_its_own_and_says_which_album() -> None:
    """They come in any order; the words may be with the last of them."""
    parts = [came("album_part"), came("album_late")]
    assert [(p.text, p.attachments[0].file_id, p.album) for p in parts if isinstance(p, Said)] == [
        ("", "second", "A"),
        ("上报 东门进水了", "third", "A"),
    ]


FILES = [
    ("voice", "", "v", Medium.VOICE, 7),
    ("voice_of_an_hour", "", "v", Medium.VOICE, 3600),
    ("audio", "昨晚录的", "anew:a", Medium.VOICE, 61),
    ("video", "上报 水从井盖冒出来", "m", Medium.VIDEO, 12),
    ("video_note", "", "anew:n", Medium.VIDEO, 9),
    ("animation", "", "anew:g", Medium.VIDEO, 3),
    ("document", "上报 单元门坏了", "anew:d", Medium.PHOTO, 0),
    ("document_pdf", "", "f", Medium.FILE, 0),
    ("document_heic", "", "anew:h", Medium.PHOTO, 0),
]
"""What people send, and what it is: words, file, medium, seconds. A file of another kind than its medium's is sent on
anew; a picture sent as a file is a picture."""


@pytest.mark.parametrize(("name", "text", "file_id", "medium", "seconds"), FILES, ids=[row[0] for row in FILES])
def test_what_people_send(name: str, text: str, file_id: str, medium: Medium, seconds: int) -> None:
    said = came(name)
    assert isinstance(said, Said)
    assert (said.text, said.attachments) == (text, (Attachment("telegram", file_id, medium, seconds),))


@pytest.mark.parametrize(
    ("text", "own_name", "ours"),
    [
        ("/help@grid_bot", "grid_bot", True),
        ("/help@Grid_Bot", "grid_bot", True),
        ("/help", "grid_bot", True),
        ("/help@weather_bot", "grid_bot", False),
        (" /report@weather_bot 下雨吗", "grid_bot", False),
        ("请看 /help@weather_bot", "grid_bot", True),
        ("/help@weather_bot", "", True),
    ],
)
@pytest.mark.parametrize("field", ["text", "caption"])
def test_a_command_to_another_bot_is_not_ours(text: str, own_name: str, ours: bool, field: str) -> None:
    update = json.loads((PAYLOADS / "photo_caption.json").read_text("utf-8"))
    update["message"] = {**update["message"], "caption": "", field: text}
    assert (translate(update, own_name) is not None) is ours


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


PLACES = [
    ("location", "", Location(26.05, 119.2)),
    ("live_location", "", Location(26.05, 119.2)),
    ("venue", "侯官码头 江滨里 1 号", Location(26.05, 119.2)),
    ("location_in_the_sea", "", Location(0, -160)),
]


@pytest.mark.parametrize(("name", "text", "place"), PLACES, ids=[row[0] for row in PLACES])
def test_a_place(name: str, text: str, place: Location) -> None:
    said = came(name)
    assert isinstance(said, Said)
    assert (said.text, said.location) == (text, place)


@pytest.mark.parametrize(
    ("name", "text"), [("contact", "王 师傅 +8613800000000"), ("contact_without_family", "报警 110")]
)
def test_a_contact_is_whom_to_call(name: str, text: str) -> None:
    said = came(name)
    assert isinstance(said, Said)
    assert said.text == text


@pytest.mark.parametrize("name", ["forwarded", "forwarded_hidden"])
def test_what_is_forwarded_is_said_by_whoever_forwards_it(name: str) -> None:
    said = came(name)
    assert isinstance(said, Said)
    assert said.sender
    assert (said.forwarded, said.sender.account.account) == (True, "42")


@pytest.mark.parametrize(("name", "answered"), [("reply", "5"), ("reply_elsewhere", None), ("group_text", "5")])
def test_what_is_answered(name: str, answered: str | None) -> None:
    """A message of another chat is none of this one's."""
    said = came(name)
    assert isinstance(said, Said)
    assert (said.reply_to, said.forwarded) == (answered, False)


@pytest.mark.parametrize(
    ("name", "number", "text"), [("edited", "7", "上报 改了"), ("edited_caption", "8", "上报 西门进水了")]
)
def test_what_was_changed_afterwards(name: str, number: str, text: str) -> None:
    edited = came(name)
    assert isinstance(edited, Edited)
    assert (edited.message_id, edited.text, edited.chat.chat) == (number, text, "-1001")


@pytest.mark.parametrize("name", ["anonymous_admin", "linked_channel"])
def test_who_speaks_for_a_whole_chat_is_nobody(name: str) -> None:
    said = came(name)
    assert isinstance(said, Said)
    assert said.sender is None


@pytest.mark.parametrize(
    "name",
    ["sticker", "poll", "dice", "game", "pinned", "live_location_moves", "other_bot", "channel_post"],
)
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
