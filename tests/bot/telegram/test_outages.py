"""Bad hours: a second poller, a webhook, a full disk, a refused token, a week of silence. What is said is heard."""

import asyncio
import json
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from telegram.error import NetworkError

from bot.channels import Health
from bot.channels.telegram.outages import ELSEWHERE, TOKEN_REFUSED, Outages, Rhythm
from bot.channels.telegram.poll import Poller
from bot.channels.telegram.transport import Api
from bot.clock import SystemClock
from domain.chat import Attachment
from storage.inbox import Arrival
from storage.store import Store
from tests.bot.telegram.conftest import QUICK, channel_to
from tests.bot.telegram.test_poll import Ear, listening
from tests.bot.telegram.test_village import until
from tests.fresh import new_file
from tests.standin.telegram import TOKEN, Telegram


async def test_a_second_poller_is_not_fought_and_nothing_is_lost(telegram: Telegram) -> None:
    ears, channels = (Ear(), Ear()), (channel_to(telegram.base_url), channel_to(telegram.base_url))
    with capture_logs() as logs:
        async with listening(channels[0], ears[0]), listening(channels[1], ears[1]):
            while len({*ears[0].heard, *ears[1].heard}) < 30:
                telegram.says(-7, 1, "水来了")
                await asyncio.sleep(0.01)
    assert any(entry["event"] == "telegram_listened_to_elsewhere" for entry in logs)
    assert TOKEN not in json.dumps(logs, default=str)
    for channel in channels:
        await channel.close()


async def test_a_webhook_that_somebody_set_is_waited_out(telegram: Telegram) -> None:
    ear, channel = Ear(), channel_to(telegram.base_url)
    async with listening(channel, ear):
        await until(lambda: channel.health.heard_at)
        telegram.webhook = "https://elsewhere.example"
        await until(lambda: channel.health.trouble == ELSEWHERE)
        telegram.says(-7, 1, "着火了")
        assert (ear.heard, telegram.confirmed) == ([], 0)
        telegram.webhook = ""
        await ear.until(1)
        await until(lambda: channel.health.trouble is None)
    assert telegram.calls["deleteWebhook"] == 1, "it is not fought"
    await channel.close()


async def test_a_webhook_of_an_earlier_run_gives_way_to_the_one_who_asks(telegram: Telegram) -> None:
    telegram.webhook = "https://village.example/telegram"
    telegram.says(-7, 1, "着火了")
    ear, channel = Ear(), channel_to(telegram.base_url)
    async with listening(channel, ear):
        await ear.until(1)
    await channel.close()


async def test_a_refused_token_is_known_and_asked_for_until_it_is_taken(telegram: Telegram) -> None:
    ear, channel = Ear(), channel_to(telegram.base_url)
    telegram.fail("unauthorized", method="getUpdates", times=1000)
    async with listening(channel, ear):
        await until(lambda: channel.health.trouble == TOKEN_REFUSED)
        telegram.faults.clear()
        await until(lambda: channel.health.trouble is None)
    await channel.close()


async def test_numbers_that_begin_anew_after_a_week_are_heard(telegram: Telegram) -> None:
    ear, channel = Ear(), channel_to(telegram.base_url)
    telegram.restart_numbers(900_000_000)
    telegram.says(-7, 1, "上周的话")
    async with listening(channel, ear):
        await ear.until(1)
        await until(lambda: telegram.confirmed == 1 and telegram.calls["getUpdates"] >= 3)
        telegram.restart_numbers(5)
        telegram.says(-7, 1, "这周的话")
        await ear.until(2)
    assert ear.heard == ["900000000", "5"]
    await channel.close()


@pytest.mark.parametrize("error", [RuntimeError("a fault of the program"), MemoryError(), TimeoutError()])
async def test_no_error_of_the_house_ends_the_listening(telegram: Telegram, error: Exception) -> None:
    class Stumbling(Ear):
        async def __call__(self, arrivals: list[Arrival]) -> None:
            if self.fails:
                self.fails -= 1
                raise error
            await super().__call__(arrivals)

    ear, channel = Stumbling(fails=2), channel_to(telegram.base_url)
    telegram.says(-7, 1, "着火了")
    async with listening(channel, ear):
        await ear.until(1)
    assert telegram.calls["getUpdates"] >= 3
    await channel.close()


async def test_a_hung_line_is_given_up_and_taken_up_again(telegram: Telegram) -> None:
    hasty = Rhythm(poll=0, margin=0.05, first_wait=0.01, longest_wait=0.02, probe=0.05)
    telegram.fail("hang", method="getUpdates", seconds=1)
    telegram.says(-7, 1, "着火了")
    api, ear = Api(TOKEN, telegram.base_url, QUICK), Ear()
    task = asyncio.create_task(Poller(api, hasty, Outages(SystemClock(), Health(), hasty)).run(ear))
    await ear.until(1)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await api.close_wire()


def test_waits_grow_to_half_a_minute_and_are_never_the_same_for_all() -> None:
    outages = Outages(SystemClock(), Health(), Rhythm())
    with capture_logs():
        waits = [outages.wait_after(NetworkError("gone")) for _try in range(12)]
    for wait, most in zip(waits, [0.5, 1, 2, 4, 8, 16, 30, 30, 30, 30, 30, 30], strict=True):
        assert most / 2 <= wait <= most
    assert len({*waits[6:]}) > 1


async def test_half_an_emoji_is_kept_and_stops_nobody(telegram: Telegram, tmp_path: Path) -> None:
    """JSON may carry one, and a database may refuse it: what is refused would come again for ever."""
    store = await Store.open(new_file(tmp_path / "village.db"))
    kept = asyncio.Event()

    async def receive(arrivals: list[Arrival]) -> None:
        async with store.transaction():
            await store.inbox.store(arrivals, SystemClock().now())
        kept.set()

    telegram.says(-7, 1, "上报 \ud83d 进水")
    channel = channel_to(telegram.base_url)
    task = asyncio.create_task(channel.run(receive))
    await asyncio.wait_for(kept.wait(), 5)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    async with store.transaction():
        (arrival,) = await store.inbox.waiting(10)
    assert json.loads(arrival.payload)["message"]["text"] == "上报 \ud83d 进水"
    await channel.close()
    await store.close()


async def test_an_album_is_its_pictures_one_by_one(telegram: Telegram) -> None:
    channel = channel_to(telegram.base_url)
    heard = []
    for n in range(2):
        words = {} if n else {"caption": "上报 水来了"}
        heard.append(channel.translate(telegram.shows(-7, 1, b"\xff\xd8%d" % n, media_group_id="1", **words)))
    assert [(said.text, len(said.attachments)) for said in heard] == [("上报 水来了", 1), ("", 1)]
    (photo,) = heard[1].attachments
    assert isinstance(photo, Attachment)
    assert await channel.fetch(photo.file_id) == b"\xff\xd81", "the largest size, as it was shown"
    await channel.close()
