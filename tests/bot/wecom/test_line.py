"""Bad hours of the long connection: what is said is heard, and nobody fights over the bot."""

import asyncio
import json

import aiohttp
import pytest
from structlog.testing import capture_logs

from bot.channels import Doubt, Health, Later
from bot.channels.wecom.client import Client
from bot.channels.wecom.line import Cut
from bot.channels.wecom.standing import ELSEWHERE, SECRET_REFUSED, Rhythm, Standing
from bot.clock import SystemClock
from domain.chat import ChatId, Send
from storage.store import Store
from tests.bot.telegram.test_village import until
from tests.bot.wecom.conftest import EAGER, GROUP, channel_to, connected
from tests.standin.wecom import WeCom
from tests.town import Clock

HERE = ChatId("wecom", f"g:{GROUP}")


async def test_what_is_said_comes_in_once_and_is_kept_in_order(wecom: WeCom, store: Store) -> None:
    channel = channel_to(wecom, store)
    async with connected(channel, wecom) as hearing:
        for n in range(200):
            wecom.says("lisi", f"第{n}句", GROUP)
        await until(lambda: len(hearing.arrivals) == 200)
    said = [channel.translate(json.loads(arrival.payload)) for arrival in hearing.arrivals]
    assert [one.text for one in said] == [f"第{n}句" for n in range(200)]


async def test_a_repeat_has_the_same_name(wecom: WeCom, store: Store) -> None:
    async with connected(channel_to(wecom, store), wecom) as hearing:
        body = wecom.says("lisi", "停电了", GROUP)
        wecom.brings(body)
        await until(lambda: len(hearing.arrivals) == 2)
        async with store.transaction():
            await store.inbox.store(hearing.arrivals, SystemClock().now())
            assert len(await store.inbox.waiting(10)) == 1


@pytest.mark.parametrize("code", [1000, 1001, 1011])
async def test_a_line_that_is_closed_is_made_anew(wecom: WeCom, store: Store, code: int) -> None:
    channel = channel_to(wecom, store)
    async with connected(channel, wecom) as hearing:
        for n in range(5):
            old = wecom.live
            await wecom.hang_up(code)
            await until(lambda old=old: wecom.live not in (None, old))
            wecom.says("lisi", f"还在吗{n}", GROUP)
            await until(lambda n=n: len(hearing.arrivals) == n + 1)
    assert wecom.calls["aibot_subscribe"] == 6


async def test_a_line_that_is_cut_or_only_half_alive_is_given_up_and_made_anew(wecom: WeCom, store: Store) -> None:
    channel = channel_to(wecom, store)
    async with connected(channel, wecom) as hearing:
        for harm in (wecom.cut, lambda: setattr(wecom, "deaf", True)):
            subscribed = wecom.calls["aibot_subscribe"]
            harm()
            await until(lambda: channel._client._line is None)
            wecom.deaf = False
            await until(lambda n=subscribed: wecom.calls["aibot_subscribe"] > n and channel._client._line)
        wecom.says("lisi", "水来了", GROUP)
        await until(lambda: hearing.arrivals)


async def test_a_service_that_cannot_be_reached_is_tried_for_ever(wecom: WeCom, store: Store) -> None:
    channel = channel_to(wecom, store)
    async with connected(channel, wecom):
        with wecom.gone():
            await until(lambda: channel._client._line is None)
            with pytest.raises(Later) as later:
                await channel.deliver(Send(HERE, "水来了"), None)
            assert later.value.everyone
        await until(lambda: channel._client._line)
        assert channel.health.trouble is None


async def test_a_refused_secret_is_said_and_tried_until_it_is_taken(wecom: WeCom, store: Store) -> None:
    channel = channel_to(wecom, store, secret="wrong")
    with capture_logs() as logs:
        running = asyncio.create_task(channel.run(_nobody))
        await until(lambda: channel.health.trouble == SECRET_REFUSED)
        wecom.secret = "wrong"
        await until(lambda: channel.health.trouble is None)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert "wrong" not in json.dumps(logs, default=str)


async def test_a_bot_that_is_taken_over_stops_and_says_so(wecom: WeCom, store: Store) -> None:
    channel = channel_to(wecom, store)
    with capture_logs() as logs:
        async with connected(channel, wecom):
            assert wecom.live
            await wecom.displace(wecom.live)
            await until(lambda: channel.health.trouble == ELSEWHERE)
            await asyncio.sleep(0.2)
            assert wecom.calls["aibot_subscribe"] == 1, "it is not fought"
            with pytest.raises(Later):
                await channel.deliver(Send(HERE, "水来了"), None)
    assert any(entry["event"] == "wecom_held_elsewhere" for entry in logs)


async def test_two_processes_of_one_machine_share_no_bot(wecom: WeCom, store: Store) -> None:
    first, second = channel_to(wecom, store), channel_to(wecom, store)
    async with connected(first, wecom):
        running = asyncio.create_task(second.run(_nobody))
        await until(lambda: second.health.trouble == ELSEWHERE)
        assert (wecom.calls["aibot_subscribe"], first.health.trouble) == (1, None)
    await until(lambda: second.health.trouble is None)
    assert wecom.calls["aibot_subscribe"] == 2
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_whoever_pings_is_not_hung_up_on(wecom: WeCom, store: Store) -> None:
    wecom.silent_seconds = 0.3
    channel = channel_to(wecom, store)
    async with connected(channel, wecom):
        await until(lambda: wecom.calls["ping"] > 12)
        assert wecom.calls["aibot_subscribe"] == 1
    async with aiohttp.ClientSession() as session, session.ws_connect(wecom.url) as silent:
        assert (await silent.receive()).type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)


async def test_frames_that_are_none_do_no_harm(wecom: WeCom, store: Store) -> None:
    channel = channel_to(wecom, store)
    body = wecom.people.body("lisi", GROUP, wecom.people.text("x"))
    with capture_logs() as logs:
        async with connected(channel, wecom) as hearing:
            for frame in (
                "not json",
                "[1, 2]",
                "[" * 100_000,
                "{}",
                {"cmd": "aibot_msg_callback"},
                {"cmd": "aibot_msg_callback", "headers": None, "body": []},
                {"cmd": "aibot_msg_callback", "headers": {"req_id": "r"}, "body": {**body, "msgid": 7}},
                {"cmd": "aibot_msg_callback", "headers": {"req_id": "r"}, "body": {**body, "msgid": "m" * 1000}},
                {"cmd": "aibot_event_callback", "headers": {"req_id": "r"}, "body": {"event": "disconnected_event"}},
                {"cmd": "aibot_something_new", "headers": {"req_id": "r"}, "body": body},
                {"headers": {"req_id": "ping_0_nobody_asked"}, "errcode": 0},
                {"headers": {}, "errcode": "0"},
                json.dumps({"cmd": "aibot_msg_callback", "body": {**body, "text": {"content": "水" * 2_000_000}}}),
            ):
                wecom.sends(frame)
            no_req_id = {"cmd": "aibot_msg_callback", "body": {**body, "msgid": "without"}}
            wecom.sends(no_req_id)
            wecom.says("lisi", "水来了", GROUP)
            await until(lambda: len(hearing.arrivals) == 2)
    assert wecom.calls["aibot_subscribe"] == 1, "none of them cost the line"
    assert "水水" not in json.dumps(logs, ensure_ascii=False, default=str)


async def test_what_the_disk_refuses_is_tried_until_it_is_kept(wecom: WeCom, store: Store) -> None:
    async with connected(channel_to(wecom, store), wecom) as hearing:
        hearing.fails = 2
        wecom.says("lisi", "着火了", GROUP)
        await until(lambda: hearing.arrivals)


async def test_a_stop_keeps_what_is_in_hand(wecom: WeCom, store: Store) -> None:
    busy, held = asyncio.Event(), asyncio.Event()
    kept: list[str] = []

    async def slowly(arrivals: list[object]) -> None:
        busy.set()
        await held.wait()
        kept.extend(a.update_id for a in arrivals)  # type: ignore[attr-defined]

    channel = channel_to(wecom, store)
    running = asyncio.create_task(channel.run(slowly))  # type: ignore[arg-type]
    await until(lambda: wecom.live)
    said = [wecom.says("lisi", "第一句", GROUP)["msgid"]]
    await busy.wait()
    said += [wecom.says("lisi", f"{n}", GROUP)["msgid"] for n in range(19)]
    await until(lambda: channel._ear._waiting.qsize() == 19)
    held.set()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert kept == said


@pytest.mark.parametrize("fault", ["lost", "torn"])
async def test_an_answer_that_is_lost_is_a_doubt(wecom: WeCom, store: Store, fault: str) -> None:
    channel = channel_to(wecom, store)
    async with connected(channel, wecom) as hearing:
        wecom.says("lisi", "在吗", GROUP)
        await until(lambda: hearing.arrivals and channel._client._line)
        wecom.fail(fault)
        with pytest.raises(Doubt):
            await channel.deliver(Send(HERE, "水来了"), None)
        assert wecom.texts((2, GROUP)) == ["水来了"]


async def test_a_slow_answer_is_waited_for(wecom: WeCom, store: Store) -> None:
    channel = channel_to(wecom, store)
    async with connected(channel, wecom) as hearing:
        wecom.says("lisi", "在吗", GROUP)
        await until(lambda: hearing.arrivals and channel._client._line)
        wecom.fail("slow", seconds=0.1)
        assert await channel.deliver(Send(HERE, "水来了"), None)


def test_waits_grow_to_half_a_minute_and_begin_anew_after_a_line_that_stood() -> None:
    clock = Clock()
    standing = Standing(clock, Health(), Rhythm())

    def wait(seconds: float) -> float:
        clock.seconds += seconds
        return standing.wait_after(Cut("gone"))

    with capture_logs():
        for most in (1, 2, 4, 8, 16, 30, 30, 30, 30):
            assert most / 2 <= wait(60) <= most
        standing.up()
        assert wait(5) > 10, "it was no good line"
        standing.up()
        assert wait(60) <= 1


async def _nobody(_arrivals: object) -> None:
    raise AssertionError("nothing was said")


def test_the_secret_is_in_no_repr() -> None:
    client = Client("bot", "very-secret", "ws://127.0.0.1:1", EAGER, Standing(SystemClock(), Health(), EAGER))
    assert "very-secret" not in repr(client)
