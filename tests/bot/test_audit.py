"""Once a minute somebody looks who is not the clock: what stays behind is found, mended, told once, and forgotten."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from structlog.testing import capture_logs

from bot.app import App
from bot.heartbeat import Heartbeat
from bot.watch import Watch
from domain.chat import ChatId, Promise, Send
from storage.audit import OVERDUE, UNENDED, UNHEARD, UNSENT
from storage.inbox import Arrival
from tests.town import CHANNEL, Town, recogniser_of

SECOND = timedelta(seconds=1)


class House:
    """The town's house with its auditor, and the heartbeat's file. Nothing in it moves by itself."""

    def __init__(self, town: Town, file: Path, url: str | None = None) -> None:
        self.town, self.file = town, file
        self.app = App(
            town.store,
            town.settings,
            town.clock,
            recogniser=recogniser_of(town.settings.kinds),
            heartbeat=Heartbeat(file, url),
        )
        self.app.channels.append(town.channel)

    async def looks(self) -> list[str]:
        """What the auditor finds, after a minute."""
        self.town.clock.pass_time(timedelta(minutes=1))
        return [f"{one.what} {one.place} {one.count}" for one in await self.app.auditor.audit()]

    async def runs(self, sql: str, *values: object) -> None:
        async with self.town.store.transaction():
            await self.town.store.db.run(sql, *values)

    async def promises(self, out: Send) -> None:
        async with self.town.store.transaction():
            self.town.store.outbox.add([out], self.town.clock.now())

    async def beats(self) -> bool:
        """Whether a look says that all is well."""
        self.file.unlink(missing_ok=True)
        self.town.clock.pass_time(timedelta(minutes=1))
        await self.app.auditor.look()
        return self.file.exists()


@pytest.fixture
def house(town: Town, tmp_path: Path) -> House:
    return House(town, tmp_path / "beats" / "gridbot")


async def test_where_all_is_well_there_is_a_beat_and_no_word(house: House) -> None:
    await house.town.says("李阿姨", "上报 停电了", chat="十三队群")
    house.town.hush()
    assert await house.beats()
    await house.town.settle()
    house.town.silent()


async def test_a_deadline_that_nobody_keeps_is_kept_by_the_auditor_and_told_once(house: House) -> None:
    town = house.town
    await town.says("李阿姨", "上报 停电了", chat="十三队群")
    town.hush()
    town.clock.pass_time(timedelta(hours=1) + OVERDUE)
    assert not await house.beats()
    await town.settle()
    town.hears("管理员", "1 个时限过了没有处理（case）", "gridbot deliveries")
    town.hears("三网格群", "#1 报修")
    town.hush()
    assert await house.beats(), "the case has climbed"
    await town.settle()
    town.silent()


async def test_an_open_case_that_no_clock_runs_for_gets_one(house: House) -> None:
    town = house.town
    await town.says("李阿姨", "上报 停电了", chat="十三队群")
    await house.runs("UPDATE cases SET due_at = NULL")
    town.hush()
    assert await house.looks() == ["unarmed case 1"]
    await town.settle()
    town.hears("管理员", "1 件没办完的事没有时限，已补上")
    assert await house.looks() == []
    await town.says("王主任", "接单 1")
    assert await town.state(1) == "acknowledged"


async def test_what_came_in_and_nobody_handles_wakes_the_dispatcher(house: House) -> None:
    town = house.town
    async with town.store.transaction():
        await town.store.inbox.store([Arrival(CHANNEL, "1", "null")], town.clock.now())
    house.app.dispatcher.heard.clear()
    town.clock.pass_time(UNHEARD)
    assert await house.looks() == [f"unheard {CHANNEL} 1"]
    assert house.app.dispatcher.heard.is_set()


async def test_each_message_set_aside_is_news(house: House) -> None:
    town = house.town
    for number in ("1", "2"):
        async with town.store.transaction():
            await town.store.inbox.store([Arrival(CHANNEL, number, "nonsense")], town.clock.now())
        await house.runs("UPDATE inbox SET state = 'aside' WHERE update_id = ?", number)
        for _look in range(3):
            assert (await house.looks())[0].startswith("aside")
        await town.settle()
        town.hears("管理员", f"{number} 条收到的消息处理不了，已留着")
        town.silent()
    async with town.store.transaction():
        assert await town.store.inbox.take_up(1, done=True)
        assert await town.store.inbox.take_up(2, done=True)
    assert await house.beats()


async def test_a_message_that_waits_too_long_is_found_but_not_one_that_has_to(house: House) -> None:
    town = house.town
    for chat in ("十三队群", "十四队群", "三网格群"):
        await house.promises(Send(ChatId(CHANNEL, chat), "话"))
    await house.runs("UPDATE chats SET unreachable = 'kicked' WHERE chat = '十四队群'")
    await house.runs("UPDATE outbox SET due_at = ? WHERE chat = '三网格群'", "2027-01-01T00:00:00.000000Z")
    town.clock.pass_time(UNSENT - timedelta(minutes=1) - SECOND)
    assert await house.looks() == []
    assert await house.looks() == [f"unsent {CHANNEL} 1"]


async def test_the_pump_finds_what_it_lost_sight_of(house: House) -> None:
    """A row that it passed over, and one that is under way and in nobody's hand."""
    town = house.town
    await town.settle()
    town.pump._last_id = 10
    await house.promises(Send(ChatId(CHANNEL, "十三队群"), "路灯修好了"))
    await house.promises(Send(ChatId(CHANNEL, "十四队群"), "着火了", promise=Promise.LIFE))
    await house.runs("UPDATE outbox SET state = 'sending', began_at = queued_at WHERE chat = '十四队群'")
    await town.settle()
    town.clock.pass_time(max(UNSENT, UNENDED))
    house.app._pumps.append(town.pump)
    assert await house.looks() == [f"unsent {CHANNEL} 1", f"unended {CHANNEL} 1"]
    await town.settle()
    town.clock.pass_time(SECOND)
    await town.settle()
    town.hears("十三队群", "路灯修好了")
    town.hears("十四队群", "【重发】着火了")
    assert await house.looks() == []


async def test_what_is_under_way_is_not_taken_for_lost(house: House) -> None:
    town = house.town
    await house.promises(Send(ChatId(CHANNEL, "十三队群"), "路灯修好了"))
    await town.pump.step()
    town.pump.look_again()
    await town.settle()
    assert [message.text for message in town.channel.chats["十三队群"]] == ["路灯修好了"]


async def test_a_service_that_refuses_the_bot_is_told_by_another(house: House) -> None:
    town = house.town
    town.channel.health.trouble = "the token was refused"
    with capture_logs() as logs:
        assert not await house.beats()
    assert [entry["event"] for entry in logs if entry["log_level"] == "error"] == ["audit_found"]
    await town.settle()
    town.silent()
    town.channel.health.trouble = None
    assert await house.beats()


async def test_the_owners_hear_of_one_outage_once(house: House) -> None:
    """Its own report waits in the same queue, and is no news either."""
    town = house.town
    for chat in ("十三队群", "十四队群"):
        await house.promises(Send(ChatId(CHANNEL, chat), "话"))
    town.clock.pass_time(UNSENT)
    for _minute in range(60):
        await house.looks()
    await town.settle()
    town.hears("管理员", "2 条消息很久没发出去")
    town.hush("十三队群", "十四队群")
    town.silent()


async def test_a_restart_does_not_tell_it_again(house: House, tmp_path: Path) -> None:
    town = house.town
    await house.promises(Send(ChatId(CHANNEL, "十三队群"), "话"))
    town.clock.pass_time(UNSENT)
    assert await house.looks()
    assert await House(town, tmp_path / "gridbot").looks()
    await town.settle()
    town.hears("管理员", "很久没发出去")
    town.hush("十三队群")
    town.silent()


async def test_an_audit_that_cannot_be_made_is_no_sign_of_life_and_stops_nobody(house: House) -> None:
    await house.runs("PRAGMA query_only = ON")
    with capture_logs() as logs:
        assert not await house.beats()
    assert [entry["event"] for entry in logs] == ["audit_broke"]


# -- down for long ---------------------------------------------------------------


@pytest.mark.parametrize(("hours", "told"), [(23, False), (24, False), (25, True), (72, True)])
async def test_after_a_long_silence_the_groups_know_that_reports_may_be_missing(
    house: House, hours: int, told: bool
) -> None:
    town = house.town
    town.channel.health.heard_at = town.clock.now()
    await house.looks()
    await town.settle()
    town.silent()
    town.channel.health.heard_at += timedelta(hours=hours)
    town.clock.moment = town.channel.health.heard_at
    for _minute in range(3):
        await house.looks()
    await town.settle()
    if told:
        for group in ("十三队群", "十四队群", "三网格群", "村委群"):
            town.hears(group, "从7-25 12:00到", "请再说一遍", "110")
    town.silent()


# -- the beat ----------------------------------------------------------------------


@pytest.fixture
async def counter() -> AsyncIterator[tuple[str, list[str]]]:
    """A service elsewhere that counts the beats."""
    heard: list[str] = []

    async def beat(request: web.Request) -> web.Response:
        heard.append(request.path)
        return web.Response()

    app = web.Application()
    app.router.add_get("/{tail:.*}", beat)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/beat", heard
    await runner.cleanup()


async def test_a_service_elsewhere_hears_the_beat(town: Town, tmp_path: Path, counter: tuple[str, list[str]]) -> None:
    url, heard = counter
    house = House(town, tmp_path / "gridbot", url)
    assert await house.beats()
    assert heard == ["/beat"]
    town.channel.health.trouble = "the token was refused"
    assert not await house.beats()
    assert heard == ["/beat"]


async def test_a_beat_that_nobody_hears_stops_nothing_and_shows_no_address(town: Town, tmp_path: Path) -> None:
    (tmp_path / "a-file").touch()
    house = House(town, tmp_path / "a-file" / "gridbot", "http://127.0.0.1:1/secret-of-the-beat")
    with capture_logs() as logs:
        await house.app.auditor.look()
    assert [entry["event"] for entry in logs] == ["heartbeat_not_written", "heartbeat_not_heard"]
    assert "secret-of-the-beat" not in str(logs)


# -- ready -------------------------------------------------------------------------


async def test_ready_is_who_is_heard_ticks_and_can_write(house: House) -> None:
    town, watch = house.town, Watch(house.app)
    assert await watch.why_not() == [f"{CHANNEL}: not heard yet"]
    town.channel.health.heard_at = town.clock.now()
    assert await watch.why_not() == []
    town.channel.health.trouble = "the token was refused"
    assert await watch.why_not() == [f"{CHANNEL}: the token was refused"]
    town.channel.health.trouble = None
    town.clock.pass_time(timedelta(seconds=31))
    assert await watch.why_not() == ["clock: no tick"]
    await house.app._tick()
    assert await watch.why_not() == []
    await house.runs("PRAGMA query_only = ON")
    assert await watch.why_not() == ["storage: OperationalError"]
