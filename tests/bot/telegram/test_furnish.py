"""A group's name and its menu on Telegram: given, taken back, and left alone where that is not the bot's to do."""

from typing import Any

import pytest

from bot.channels import Doubt, Later, Moved, Retitled, Unable, Unreachable
from bot.channels.telegram import TelegramChannel
from bot.channels.telegram.translate import translate
from domain.chat import ChatId, Command, Entitle, Menu, Renamed, Send
from tests.standin.telegram import Telegram

CHAT = ChatId("telegram", "-7")
NAME = Entitle(CHAT, "十三队·防汛", ("十三队",))


async def test_a_name_is_given_and_given_back(telegram: Telegram, channel: TelegramChannel) -> None:
    telegram.titles[-7] = "十三队"
    assert await channel.deliver(NAME, None) == "十三队"
    assert telegram.titles[-7] == "十三队·防汛"
    await channel.deliver(Entitle(CHAT, "十三队", (*NAME.over, NAME.title)), None)
    assert telegram.titles[-7] == "十三队"


async def test_twice_is_as_good_as_once(telegram: Telegram, channel: TelegramChannel) -> None:
    telegram.titles[-7] = "十三队"
    await channel.deliver(NAME, None)
    await channel.deliver(NAME, None)
    assert telegram.calls["setChatTitle"] == 1


async def test_the_name_before_is_told_to_the_letter(telegram: Telegram, channel: TelegramChannel) -> None:
    telegram.titles[-7] = "十三队　家长群"
    assert await channel.deliver(Entitle(CHAT, "x", ("十三队 家长群",)), None) == "十三队　家长群"


async def test_what_people_called_it_since_stays(telegram: Telegram, channel: TelegramChannel) -> None:
    telegram.titles[-7] = "突击队"
    with pytest.raises(Retitled) as found:
        await channel.deliver(NAME, None)
    assert found.value.title == "突击队"
    assert telegram.calls["setChatTitle"] == 0


async def test_where_the_bot_may_not(telegram: Telegram, channel: TelegramChannel) -> None:
    telegram.titles[-7] = "十三队"
    telegram.names_nothing.add(-7)
    with pytest.raises(Unable, match="修改群资料"):
        await channel.deliver(NAME, None)


@pytest.mark.parametrize(
    ("fault", "error"),
    [("kicked", Unreachable), ("gone", Unreachable), ("flood", Later), ("gateway", Doubt), ("moved", Moved)],
)
@pytest.mark.parametrize("method", ["getChat", "setChatTitle"])
async def test_whatever_goes_wrong_is_judged_like_any_message(
    telegram: Telegram, channel: TelegramChannel, fault: str, error: type[Exception], method: str
) -> None:
    telegram.titles[-7] = "十三队"
    telegram.fail(fault, method=method, to=-1007)
    with pytest.raises(error):
        await channel.deliver(NAME, None)


async def test_a_menu_of_a_chats_own(telegram: Telegram, channel: TelegramChannel) -> None:
    await channel.deliver(Menu(CHAT, (Command("report", "上报 哪里"), Command("sos", "求" * 400))), None)
    assert [one["command"] for one in telegram.menus[-7]] == ["report", "sos"]
    assert telegram.commands == [], "the other chats keep theirs"
    await channel.deliver(Menu(CHAT), None)
    assert telegram.menus == {}


async def test_a_card_on_top_and_no_longer(telegram: Telegram, channel: TelegramChannel) -> None:
    number = await channel.deliver(Send(CHAT, "【防汛模式】", card="mode:1", pin=True), None)
    assert telegram.pinned == [(-7, int(number or ""))]
    assert await channel.deliver(Send(CHAT, "结束了", card="mode:1", unpin=True), number) == number
    assert telegram.pinned == []
    await channel.deliver(Send(CHAT, "早就结束了", card="mode:1", unpin=True), number)


def test_people_change_a_name(telegram: Telegram) -> None:
    telegram.renames(-7, "突击队")
    came: Any = translate(telegram.updates[-1])
    assert isinstance(came, Renamed)
    assert (came.chat, came.chat_title, came.sender) == (CHAT, "突击队", None)
