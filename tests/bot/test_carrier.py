"""What one channel keeps, brought to another: words that may save a life do not wait for a picture."""

import asyncio

import pytest

from bot.channels import Later, Never, TooLarge
from bot.channels.carrier import SILENT_SECONDS, Brought, Carrier, Missing
from bot.channels.formats import Format
from bot.clock import SystemClock
from domain.chat import Attachment, Medium

VOICE = Attachment("telegram", "x", Medium.VOICE, 7)


class Wrist(SystemClock):
    """A clock whose hands a test moves."""

    hand = 0.0

    def monotonic(self) -> float:
        return self.hand


class Shelf:
    def __init__(self, answer: bytes | Exception) -> None:
        self.answer = answer
        self.asked = 0

    async def fetch(self, _attachment: Attachment) -> bytes:
        self.asked += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


async def sentence(carrier: Carrier, attachment: Attachment, *, urgent: bool = False) -> str:
    with pytest.raises(Missing) as raised:
        await carrier.bring(attachment, urgent=urgent)
    return raised.value.sentence


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (TooLarge("40 MB"), "有一段语音太大了，请向上报人要。"),
        (Never("gone"), "有一段语音看不到了，请向上报人要。"),
        (b"<html>", "有一段语音打不开，请向上报人要。"),
    ],
)
@pytest.mark.parametrize("urgent", [False, True])
async def test_what_cannot_be_had_is_a_sentence(answer: bytes | Exception, said: str, urgent: bool) -> None:
    carrier = Carrier(Shelf(answer).fetch, SystemClock())
    assert await sentence(carrier, VOICE, urgent=urgent) == said


async def test_what_can_wait_waits_and_what_cannot_goes_without_it() -> None:
    shelf, clock = Shelf(Later("no line")), Wrist()
    carrier = Carrier(shelf.fetch, clock)
    with pytest.raises(Later):
        await carrier.bring(VOICE, urgent=False)
    for _group in range(200):
        assert await sentence(carrier, VOICE, urgent=True) == "有一段语音暂时看不到，请向上报人要。"
    assert shelf.asked == 2, "one group asked for all of them"
    clock.hand, shelf.answer = SILENT_SECONDS + 1, b"OggS"
    brought = await carrier.bring(VOICE, urgent=True)
    assert brought == Brought(Medium.VOICE, Format("audio/ogg", "ogg"), b"OggS")


async def test_a_channel_that_hangs_keeps_no_life_waiting() -> None:
    async def hangs(_attachment: Attachment) -> bytes:
        await asyncio.Event().wait()
        raise AssertionError

    carrier = Carrier(hangs, SystemClock(), urgent_seconds=0.01)
    assert await sentence(carrier, VOICE, urgent=True) == "有一段语音暂时看不到，请向上报人要。"
