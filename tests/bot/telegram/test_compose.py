"""Lengths are counted as Telegram counts them, and nothing that was said is lost in the cutting."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.compose import calls, changes, cut, split, units
from bot.channels.telegram.enclosures import Enclosed
from domain.chat import Attachment, Button, ChatId, Location, Send

WORDS = st.text(st.sampled_from("水💧 \n𠮷a"), max_size=80)
GROUP = ChatId("telegram", "-7")


@given(WORDS, st.integers(2, 30))
def test_parts_fit_and_together_say_it_all(text: str, limit: int) -> None:
    parts = list(split(text, limit))
    assert all(units(part) <= limit for part in parts)
    # Only the blanks at which it was broken are left out.
    assert "".join("".join(parts).split()) == "".join(text.split())


@given(WORDS, st.integers(2, 30))
def test_what_is_cut_fits_and_says_so(text: str, limit: int) -> None:
    short = cut(text, limit)
    assert units(short) <= limit
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))


@pytest.mark.parametrize(("text", "count"), [("水", 1), ("💧", 2), ("𠮷", 2), ("👨‍👩‍👧", 8), ("", 0)])
def test_units_are_utf_16(text: str, count: int) -> None:
    assert units(text) == count == len(text.encode("utf-16-le")) // 2


def test_a_card_is_one_message_whatever_it_says() -> None:
    long = Send(GROUP, "#1 水浸\n" + "水" * 9000, ((Button("接单", "acknowledge:1"),),), card="case:1")
    (placed,) = calls(long)
    changed, _otherwise = changes(long, 8)
    for parameters in (placed.parameters, changed.parameters):
        assert units(parameters["text"]) == 4096
        assert parameters["entities"] == [{"type": "bold", "offset": 0, "length": 5}]
        assert "reply_markup" in parameters
        assert "parse_mode" not in parameters


def test_a_picture_carries_its_words_where_they_fit_under_it() -> None:
    photo, named = Attachment("telegram", "FILE"), Enclosed("sendPhoto", "photo", "FILE")
    short = calls(Send(GROUP, "#1", attachment=photo, reply_to="3"), named)
    long = calls(Send(GROUP, "水" * 1025, attachment=photo, reply_to="3"), named)
    bare = calls(Send(GROUP, "", attachment=photo), named)
    assert [[call.method for call in made] for made in (short, long, bare)] == [
        ["sendPhoto"],
        ["sendPhoto", "sendMessage"],
        ["sendPhoto"],
    ]
    assert "reply_parameters" in long[0].parameters
    assert "reply_parameters" not in long[1].parameters


def test_a_card_with_a_picture_is_one_message_and_changes_under_it() -> None:
    photo, named = Attachment("telegram", "FILE"), Enclosed("sendPhoto", "photo", "FILE")
    card = Send(GROUP, "#1 寻人\n" + "红" * 2000, card="search:1", attachment=photo)
    (placed,) = calls(card, named)
    first, second = changes(card, 8)
    assert (placed.method, first.method, second.method) == ("sendPhoto", "editMessageCaption", "editMessageText")
    for call in (placed, first):
        assert units(call.parameters["caption"]) == 1024
        assert call.parameters["caption_entities"] == [{"type": "bold", "offset": 0, "length": 5}]
    assert units(second.parameters["text"]) == units(card.text)


def test_a_place_follows_the_words_and_the_buttons_stay_with_these() -> None:
    place, button = Location(26.05, 119.2), ((Button("接单", "acknowledge:1"),),)
    words, pin = calls(Send(GROUP, "#1", button, location=place, reply_to="3"))
    assert (words.method, pin.method) == ("sendMessage", "sendLocation")
    assert {"reply_markup", "reply_parameters"} <= words.parameters.keys()
    assert pin.parameters == {"chat_id": -7, "latitude": 26.05, "longitude": 119.2}
    (alone,) = calls(Send(GROUP, "", button, location=place, reply_to="3"))
    assert (alone.method, "reply_markup" in alone.parameters) == ("sendLocation", True)
