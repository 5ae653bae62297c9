"""How fast somebody may speak, and what is never slowed."""

import pytest

from domain.chat import AccountId, Attachment, ChatId, ChatKind, Medium, Said, Sender
from domain.flood import LONGEST_WAIT, Bucket, is_emergency
from domain.kinds import Kinds
from domain.reading import NOTHING_READ, Reading


def waits(times: list[float], per_minute: int = 10, albums: dict[int, str] | None = None) -> list[float]:
    bucket, found = Bucket(), []
    for n, now in enumerate(times):
        bucket, wait = bucket.take(per_minute, now, (albums or {}).get(n))
        found.append(round(wait, 3))
    return found


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ([0.0] * 10, [0] * 10),
        ([0.0] * 13, [0] * 10 + [6, 12, 18]),
        # One every six seconds may go on for ever.
        ([6.0 * n for n in range(100)], [0] * 100),
        # Who waits keeps the order: what comes later is let in later.
        ([0.0] * 11 + [3.0], [0] * 10 + [6, 9]),
        # After a minute of silence it is as if nothing had been.
        ([0.0] * 10 + [60.0] * 11, [0] * 20 + [6]),
    ],
)
def test_a_bucket_holds_a_minutes_worth_and_fills_up_evenly(times: list[float], expected: list[float]) -> None:
    assert waits(times) == expected


def test_an_album_is_one_message_and_nothing_waits_longer_than_an_hour() -> None:
    assert waits([0.0] * 30, albums=dict.fromkeys(range(30), "a1")) == [0] * 30
    assert max(waits([0.0] * 5000)) == LONGEST_WAIT


def test_whoever_floods_is_told_until_the_bucket_is_full_again() -> None:
    bucket = Bucket()
    for _n in range(11):
        assert not bucket.knows(0.0)
        bucket, _wait = bucket.take(10, 0.0)
    assert bucket.knows(0.0)
    assert bucket.knows(65.0)
    assert not bucket.knows(66.0)
    assert not bucket.take(10, 66.0)[0].knows(66.0)


def said(*attachments: Attachment) -> Said:
    chat = ChatId("town", "十三队群")
    sender = Sender(AccountId("town", "李阿姨"), "李阿姨")
    return Said(chat, ChatKind.GROUP, "十三队", sender, "1", attachments=attachments)


def read(kind: str | None, *, danger: bool = False) -> Reading:
    return Reading(kind, True, None, None, None, danger, ())


@pytest.mark.parametrize(
    ("attachments", "reading", "emergency"),
    [
        ((), NOTHING_READ, False),
        ((), read("repair"), False),
        ((), read("suggestion"), False),
        ((), read("repair", danger=True), True),
        ((), read("flood"), True),
        ((), read("lost_person"), True),
        ((), read("fire_gas"), True),
        ((), read("help"), True),
        ((Attachment("town", "p"),), NOTHING_READ, False),
        ((Attachment("town", "v", Medium.VOICE, 3),), NOTHING_READ, True),
    ],
)
def test_an_emergency_never_waits(attachments: tuple[Attachment, ...], reading: Reading, emergency: bool) -> None:
    assert is_emergency(said(*attachments), reading, Kinds()) is emergency
