"""Small rules, as tables a village officer could check."""

from datetime import timedelta

import pytest

from domain.chat import Promise
from domain.duration import parse_duration, spoken
from domain.people import Role, role_named
from domain.promise import AfterDoubt, after_doubt
from domain.text import clean, has_words, one_line


@pytest.mark.parametrize(
    ("promise", "doubts", "edits", "then"),
    [
        (Promise.LIFE, 0, False, AfterDoubt.AGAIN),
        (Promise.LIFE, 1, False, AfterDoubt.IN_DOUBT),
        (Promise.CORRECTION, 0, False, AfterDoubt.AGAIN),
        (Promise.CORRECTION, 9, False, AfterDoubt.AGAIN),
        (Promise.CARD, 0, False, AfterDoubt.IN_DOUBT),
        (Promise.CARD, 0, True, AfterDoubt.AGAIN),
        (Promise.REPLY, 0, False, AfterDoubt.IN_DOUBT),
        (Promise.DIGEST, 0, False, AfterDoubt.DROPPED),
    ],
)
def test_what_a_doubt_means_for_a_message(promise: Promise, doubts: int, edits: bool, then: AfterDoubt) -> None:
    assert after_doubt(promise, doubts, edits) is then


@pytest.mark.parametrize(
    ("written", "length", "said"),
    [
        ("30s", timedelta(seconds=30), "30 秒"),
        ("15m", timedelta(minutes=15), "15 分钟"),
        ("90m", timedelta(minutes=90), "90 分钟"),
        ("24h", timedelta(hours=24), "1 天"),
        ("2h", timedelta(hours=2), "2 小时"),
        ("7d", timedelta(days=7), "7 天"),
    ],
)
def test_lengths_of_time(written: str, length: timedelta, said: str) -> None:
    assert parse_duration(written) == length
    assert spoken(length) == said


@pytest.mark.parametrize("written", ["", "15", "m", "0m", "-5m", "1.5h", "1h30m", "15 分钟", "9999999d"])
def test_lengths_that_are_none(written: str) -> None:
    with pytest.raises(ValueError, match="30s、15m"):
        parse_duration(written)


def test_words_made_safe_and_short() -> None:
    assert clean("a\u202eb\u200b \x00 c\u3000 d\r\n\n e") == "ab c d\ne"
    assert clean("👨\u200d👩\u200d👧") == "👨\u200d👩\u200d👧"
    assert one_line("一二三四五", 4) == "一二三…"
    assert has_words("水")
    assert not has_words("🔥 …!")


@pytest.mark.parametrize(
    ("word", "role"),
    [("leader", Role.LEADER), ("队长", Role.LEADER), ("副手", Role.DEPUTY), ("居民", Role.RESIDENT),
     ("干部", Role.OFFICER), ("Officer", Role.OFFICER), ("owner", None), ("皇帝", None)],
)  # fmt: skip
def test_roles_by_the_words_people_use(word: str, role: Role | None) -> None:
    assert role_named(word) is role
