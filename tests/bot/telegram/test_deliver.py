"""What is promised reaches Telegram as Telegram takes it, and what it answers is understood."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.channels import CardGone, Doubt, Later, Moved, Never, Unreachable
from bot.channels.telegram import TelegramChannel
from domain.chat import Answer, Button, ChatId, Promise, Send
from tests.bot.telegram.conftest import channel_to
from tests.standin.telegram import Fault, Telegram

GROUP = ChatId("telegram", "-7")


def send(text: str = "话", **more: Any) -> Send:
    return Send(GROUP, text, **more)


async def test_a_card_with_buttons_is_placed_and_changes_in_place(channel: TelegramChannel, telegram: Telegram) -> None:
    buttons = ((Button("接单", "acknowledge:1"), Button("派单", "assign:1")), (Button("上报上级", "escalate:1"),))
    number = await channel.deliver(
        send("#1 水浸 💧\n<b>东门</b> *进水*", buttons=buttons, card="case:1", reply_to="3"), None
    )
    assert number
    placed = telegram.sent[0]
    assert placed["chat_id"] == -7
    assert placed["text"] == "#1 水浸 💧\n<b>东门</b> *进水*"
    assert placed["entities"] == [{"type": "bold", "offset": 0, "length": 8}]
    assert [len(row) for row in placed["reply_markup"]["inline_keyboard"]] == [2, 1]
    assert placed["reply_parameters"] == {"message_id": 3, "allow_sending_without_reply": True}
    assert await channel.deliver(send("#1 水浸\n张队长 已接单", card="case:1"), number) == number
    assert telegram.texts(-7) == ["#1 水浸\n张队长 已接单"]
    assert await channel.deliver(send("#1 水浸\n张队长 已接单", card="case:1"), number) == number
    assert len(telegram.edited) == 1


async def test_a_question_opens_the_keyboard_of_the_one_asked(channel: TelegramChannel, telegram: Telegram) -> None:
    await channel.deliver(send("请说哪里", asks=True, reply_to="5"), None)
    assert telegram.sent[0]["reply_markup"] == {"force_reply": True, "selective": True}


async def test_long_words_are_split_and_lose_nothing(channel: TelegramChannel, telegram: Telegram) -> None:
    text = "\n".join("水" * 99 + "💧" for _line in range(60))
    await channel.deliver(send(text, buttons=((Button("好", "ok"),),)), None)
    assert len(telegram.sent) == 2
    assert "\n".join(part["text"] for part in telegram.sent) == text
    assert "reply_markup" not in telegram.sent[0]
    assert "reply_markup" in telegram.sent[1]


async def test_a_press_is_answered_and_a_late_answer_is_no_fault(channel: TelegramChannel, telegram: Telegram) -> None:
    await channel.deliver(Answer(GROUP, "q1"), None)
    await channel.deliver(Answer(GROUP, "q2", "很长" * 200), None)
    assert telegram.answered[0] == {"callback_query_id": "q1"}
    assert len(telegram.answered[1]["text"]) == 200


async def test_a_press_is_answered_in_no_chat_so_its_flood_is_everybodys(
    channel: TelegramChannel, telegram: Telegram
) -> None:
    telegram.faults.append(Fault("flood", method="answerCallbackQuery", seconds=7))
    with pytest.raises(Later) as raised:
        await channel.deliver(Answer(GROUP, "q1"), None)
    assert (raised.value.after, raised.value.everyone) == (7, True)


REFUSALS: list[tuple[Fault, type[Exception], Callable[[Any], bool]]] = [
    (Fault("flood", seconds=7), Later, lambda error: error.after == 7 and not error.everyone),
    (Fault("kicked"), Unreachable, lambda _error: True),
    (Fault("gone"), Unreachable, lambda _error: True),
    (Fault("strange"), Never, lambda error: not isinstance(error, Unreachable)),
    (Fault("moved", to=-100123), Moved, lambda error: error.to == "-100123"),
    (Fault("unauthorized"), Later, lambda error: error.after == 60 and error.everyone),
    (Fault("gateway"), Doubt, lambda _error: True),
    (Fault("nonsense"), Doubt, lambda _error: True),
    (Fault("lost"), Doubt, lambda _error: True),
    (Fault("hang"), Doubt, lambda _error: True),
]


@pytest.mark.parametrize(("fault", "error", "holds"), REFUSALS, ids=[fault.kind for fault, *_rest in REFUSALS])
async def test_what_telegram_says_and_what_it_means(
    channel: TelegramChannel, telegram: Telegram, fault: Fault, error: type[Exception], holds: Callable[[Any], bool]
) -> None:
    telegram.faults.append(fault)
    with pytest.raises(error) as raised:
        await channel.deliver(send(), None)
    assert holds(raised.value)


async def test_a_deleted_card_and_a_card_that_never_was(channel: TelegramChannel) -> None:
    for edits in ("999", "nonsense"):
        with pytest.raises(CardGone):
            await channel.deliver(send(card="case:1"), edits)


async def test_a_line_that_cannot_be_had_is_no_doubt(telegram: Telegram) -> None:
    await telegram.stop()
    channel = channel_to(telegram.base_url)
    with pytest.raises(Later) as raised:
        await channel.deliver(send(), None)
    assert raised.value.everyone
    assert "standin" not in str(raised.value)
    await channel.close()


async def test_a_line_cut_in_the_middle_is_a_doubt() -> None:
    async def cuts(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.transport.abort()

    server = await asyncio.start_server(cuts, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    channel = channel_to(f"http://127.0.0.1:{port}/bot")
    with pytest.raises(Doubt):
        await channel.deliver(send(), None)
    await channel.close()
    server.close()


async def test_what_is_wrong_is_said_before_the_start(channel: TelegramChannel, telegram: Telegram) -> None:
    assert await channel.check() == []
    telegram.webhook, telegram.hears_all = "https://elsewhere.example", False
    webhook, privacy = await channel.check()
    assert "webhook" in webhook.sentence
    assert not webhook.wrong, "it gives way at the start"
    assert "/setprivacy" in privacy.sentence
    assert not privacy.wrong
    wrong = channel_to(telegram.base_url, "1:wrong")
    (said,) = await wrong.check()
    assert "不认这个 token" in said.sentence
    await wrong.close()


async def test_a_grave_warning_is_pinned_once_and_heard_where_it_may_not_be(
    channel: TelegramChannel, telegram: Telegram
) -> None:
    number = await channel.deliver(send("【红色预警】", card="alert:1", pin=True), None)
    await channel.deliver(send("【撤销】", card="alert:1"), number)
    assert telegram.pinned == [(-7, int(number or ""))]
    telegram.pins_nothing.add(-7)
    assert await channel.deliver(send("【橙色预警】", card="alert:2", pin=True), None)
    assert telegram.texts(-7) == ["【撤销】", "【橙色预警】"]
    assert len(telegram.pinned) == 1


@pytest.mark.parametrize("promise", [Promise.LIFE, Promise.CORRECTION])
async def test_words_that_may_save_a_life_go_plain_where_their_form_is_refused(
    channel: TelegramChannel, telegram: Telegram, promise: Promise
) -> None:
    urgent = send("#1 火警\n三楼", buttons=((Button("接单", "acknowledge:1"),),), card="case:1", promise=promise)
    telegram.fail("strange")
    number = await channel.deliver(urgent, None)
    assert telegram.sent == [{k: telegram.sent[0][k] for k in ("chat_id", "text", "link_preview_options")}]
    telegram.fail("strange")
    assert await channel.deliver(replace(urgent, text="#1 火警\n灭了"), number) == number
    assert telegram.texts(-7) == ["#1 火警\n灭了"]
    telegram.fail("strange", times=2)
    with pytest.raises(Never):
        await channel.deliver(urgent, None)
    telegram.fail("kicked")
    with pytest.raises(Unreachable):
        await channel.deliver(urgent, None)
    assert telegram.calls["sendMessage"] == 5, "where nobody is, nothing is tried twice"


async def test_any_other_refusal_is_final(channel: TelegramChannel, telegram: Telegram) -> None:
    telegram.fail("strange")
    with pytest.raises(Never):
        await channel.deliver(send(buttons=((Button("好", "ok"),),), promise=Promise.CARD, card="case:1"), None)
    assert telegram.sent == []


async def test_a_token_that_is_refused_stops_the_sending_and_is_known(
    channel: TelegramChannel, telegram: Telegram
) -> None:
    telegram.fail("unauthorized")
    with pytest.raises(Later) as raised:
        await channel.deliver(send(), None)
    assert (raised.value.everyone, raised.value.after) == (True, 60.0)
    assert channel.health.trouble == "the token was refused"
