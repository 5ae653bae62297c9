"""Telegram wants silence in the middle of a long message, in several chats at once, or for a picture."""

import pytest

from bot.channels import Later, Never, TooLarge, Unreachable
from bot.channels.telegram import TelegramChannel
from bot.channels.telegram.channel import FLOODED_IN_A_ROW
from domain.chat import Answer, ChatId, Send
from tests.standin.telegram import LARGEST_FILE, TOKEN, Telegram

GROUP = ChatId("telegram", "-7")
LONG = Send(GROUP, "\n".join(f"{n}" + "水" * 90 for n in range(100)))


async def test_what_of_a_long_message_was_said_is_not_said_again(channel: TelegramChannel, telegram: Telegram) -> None:
    telegram.fail("flood", method="sendMessage", seconds=3)
    with pytest.raises(Later):
        await channel.deliver(LONG, None)
    assert telegram.texts(-7) == []

    original = telegram._send
    said = 0

    def flooded_after_one(parameters: dict[str, object]) -> object:
        nonlocal said
        said += 1
        if said == 2:
            telegram.fail("flood", method="sendMessage", seconds=3)
        return original(parameters)

    telegram._send = flooded_after_one  # type: ignore[method-assign]
    with pytest.raises(Later):
        await channel.deliver(LONG, None)
    await channel.deliver(LONG, None)
    assert "\n".join(telegram.texts(-7)) == LONG.text
    assert not channel._begun


async def test_any_chats_may_be_silenced_and_where_none_is_let_through_it_is_all(
    channel: TelegramChannel, telegram: Telegram
) -> None:
    async def flooded(chat: int) -> bool:
        telegram.fail("flood", seconds=9)
        with pytest.raises(Later) as raised:
            await channel.deliver(Send(ChatId("telegram", str(chat)), "话"), None)
        return raised.value.everyone

    for _round in range(2):
        assert not any([await flooded(-n) for n in range(1, FLOODED_IN_A_ROW)])
        assert not await flooded(-1), "the same one again"
        await channel.deliver(Send(ChatId("telegram", "-99"), "话"), None)
    assert [await flooded(-n) for n in range(1, FLOODED_IN_A_ROW + 2)][-3:] == [False, True, True]


async def test_an_answer_too_late_is_no_fault_and_another_refusal_is(
    channel: TelegramChannel, telegram: Telegram
) -> None:
    telegram.fail("late", method="answerCallbackQuery")
    assert await channel.deliver(Answer(GROUP, "q1", "好"), None) is None
    telegram.fail("strange", method="answerCallbackQuery")
    with pytest.raises(Never):
        await channel.deliver(Answer(GROUP, "q1", "好"), None)


async def test_whoever_blocked_the_bot_is_out_of_reach(channel: TelegramChannel, telegram: Telegram) -> None:
    telegram.fail("blocked")
    with pytest.raises(Unreachable):
        await channel.deliver(Send(ChatId("telegram", "7"), "话"), None)


async def test_a_picture_too_large_gone_or_out_of_reach_for_now(channel: TelegramChannel, telegram: Telegram) -> None:
    telegram.files["huge"] = bytes(LARGEST_FILE + 1)
    telegram.fail("strange", method="getFile")
    for expected in (Never, TooLarge):
        with pytest.raises(expected):
            await channel.fetch("huge")
    for kind, after in (("flood", 1), ("gateway", None), ("unauthorized", None)):
        telegram.fail(kind, method="getFile")
        with pytest.raises(Later) as raised:
            await channel.fetch("AgAC")
        assert (raised.value.after, raised.value.everyone) == (after, False)


def test_nothing_of_the_channel_shows_the_token(channel: TelegramChannel) -> None:
    assert TOKEN not in repr(channel._api) + str(channel._api) + repr(vars(channel))
