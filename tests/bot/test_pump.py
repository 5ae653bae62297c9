"""From the outbox to a channel: order, doubt, crashes, and services that say no."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client import generate_latest

from bot.channels import CardGone, Doubt, Later, Moved, Never, Unreachable
from bot.clock import SystemClock
from bot.metrics import REGISTRY
from bot.pump import WINDOW, Pump
from domain.chat import Answer, Attachment, ChatId, ChatKind, Outgoing, Promise, Send, Withdraw
from domain.pace import Pace, Window
from storage.store import Store
from tests.fresh import new_store
from tests.town import CHANNEL, Clock, FakeChannel


class Office:
    """A pump with its store and channel, and what stands in its outbox."""

    def __init__(self, store: Store, channel: FakeChannel, clock: Clock) -> None:
        self.store, self.channel, self.clock = store, channel, clock
        self.heard = asyncio.Event()
        self.pump = Pump(channel, store, clock, self.heard)

    async def promise(self, *outs: Outgoing) -> None:
        async with self.store.transaction():
            self.store.outbox.add(outs, self.clock.now())

    async def work(self) -> None:
        while await self.pump.step():
            await self.pump.landed()

    async def states(self) -> list[str]:
        async with self.store.transaction():
            rows = await self.store.db.all("SELECT state FROM outbox ORDER BY id")
        return [row["state"] for row in rows]

    def heard_in(self, chat: str) -> list[str]:
        return [message.text for message in self.channel.chats[chat]]


def send(text: str, chat: str = "群", promise: Promise = Promise.REPLY, card: str | None = None) -> Send:
    return Send(ChatId(CHANNEL, chat), text, promise=promise, card=card)


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    store = await new_store()
    yield Office(store, FakeChannel(), Clock())
    await store.close()


async def test_a_growing_count_is_said_now_and_then_where_a_card_cannot_change(office: Office) -> None:
    """At the start, at most every three minutes while it grows, and at the end at once."""

    async def count(n: int, *, passing: bool = True) -> list[str]:
        await office.promise(replace(send(f"已收到 {n}/9", promise=Promise.CARD, card="receipts:1"), passing=passing))
        await office.work()
        return [text for message in office.channel.chats["群"] for text in (*message.history, message.text)]

    office.channel.changes_every = timedelta(minutes=3)
    office.pump = Pump(office.channel, office.store, office.clock, office.heard)
    assert await count(0) == ["已收到 0/9"]
    for n in (1, 2, 3):
        office.clock.pass_time(timedelta(seconds=50))
        assert await count(n) == ["已收到 0/9"]
    office.clock.pass_time(timedelta(seconds=30))
    await office.work()
    assert await count(4) == ["已收到 0/9", "已收到 3/9"]
    assert await count(9, passing=False) == ["已收到 0/9", "已收到 3/9", "已收到 9/9"]
    office.clock.pass_time(timedelta(minutes=10))
    await office.work()
    assert [message.text for message in office.channel.chats["群"]] == ["已收到 9/9"]


@pytest.mark.parametrize("anew", [False, True])
async def test_at_night_a_card_changes_only_where_nobody_hears_it(office: Office, anew: bool) -> None:
    if anew:
        office.store.outbox.said_anew.add(CHANNEL)
    await office.promise(send("#1 待接单", promise=Promise.CARD, card="case:1"))
    await office.work()
    now = office.clock.now()
    async with office.store.transaction():
        changed = send("#1 已接单", promise=Promise.CARD, card="case:1")
        office.store.outbox.add([changed], now, until=now + timedelta(hours=8))
    await office.work()
    assert office.heard_in("群") == ["#1 待接单" if anew else "#1 已接单"]


async def test_news_that_still_waits_is_not_kept_back_by_a_count_that_comes_after_it(office: Office) -> None:
    office.channel.changes_every = timedelta(minutes=3)
    office.pump = Pump(office.channel, office.store, office.clock, office.heard)
    await office.promise(send("#1 一户", promise=Promise.CARD, card="case:1"))
    await office.work()
    await office.promise(send("#1 一户，已接单", promise=Promise.CARD, card="case:1"))
    counted = replace(send("#1 两户，已接单", promise=Promise.CARD, card="case:1"), passing=True)
    await office.promise(counted)
    await office.work()
    assert office.heard_in("群") == ["#1 两户，已接单"]


@pytest.mark.parametrize("every", [None, timedelta(minutes=3)])
async def test_a_change_in_doubt_is_made_again_only_where_it_changes_in_place(
    office: Office, every: timedelta | None
) -> None:
    office.channel.changes_every = every
    office.pump = Pump(office.channel, office.store, office.clock, office.heard)
    await office.promise(send("#1 待接单", promise=Promise.CARD, card="case:1"))
    await office.work()
    office.channel.errors["群"].append(Doubt("no answer"))
    await office.promise(send("#1 已接单", promise=Promise.CARD, card="case:1"))
    await office.work()
    office.clock.pass_time(timedelta(minutes=1))
    await office.work()
    assert (await office.states())[-1] == ("sent" if every is None else "doubt")


async def test_an_alert_does_not_wait_for_the_minute_that_talk_used_up(office: Office) -> None:
    office.channel.pace = Pace(windows=(Window(20),))
    office.pump = Pump(office.channel, office.store, office.clock, office.heard)
    await office.promise(*(send(f"闲话 {n}") for n in range(30)))
    await office.work()
    assert len(office.heard_in("群")) == 16
    await office.promise(send("泄洪", promise=Promise.LIFE))
    await office.work()
    assert office.heard_in("群")[16:] == ["泄洪"]


async def test_a_chat_hears_in_order_and_what_presses_goes_first(office: Office) -> None:
    await office.promise(
        send("日报", promise=Promise.DIGEST),
        send("一"),
        send("卡片", promise=Promise.CARD, card="case:1"),
        send("二"),
        send("红色预警", promise=Promise.LIFE),
        send("解除", promise=Promise.CORRECTION),
    )
    await office.work()
    assert office.heard_in("群") == ["红色预警", "解除", "卡片", "一", "二", "日报"]
    assert set(await office.states()) == {"sent"}


async def test_words_that_arrived_are_not_kept(office: Office) -> None:
    await office.promise(send("李阿姨家的事"))
    await office.work()
    async with office.store.transaction():
        row = await office.store.db.one("SELECT body, message_id FROM outbox")
    assert row
    assert (row["body"], row["message_id"]) == ("", "m1")


async def test_a_card_changes_in_place_and_older_selves_are_never_sent(office: Office) -> None:
    await office.promise(send("等人", card="case:1"))
    await office.promise(send("有人", card="case:1"))
    await office.work()
    assert office.heard_in("群") == ["有人"]
    await office.promise(send("办结", card="case:1"))
    await office.work()
    assert office.heard_in("群") == ["办结"]
    assert await office.states() == ["superseded", "sent", "sent"]


async def test_a_superseded_card_hands_on_its_promise(office: Office) -> None:
    await office.promise(send("走失", promise=Promise.LIFE, card="case:1"))
    await office.promise(send("走失，有人去找", promise=Promise.CARD, card="case:1"))
    async with office.store.transaction():
        row = await office.store.db.one("SELECT promise FROM outbox WHERE state = 'queued'")
    assert row
    assert row["promise"] == "A"


async def test_a_deleted_card_is_placed_anew(office: Office) -> None:
    await office.promise(send("等人", card="case:1"))
    await office.work()
    office.channel.chats["群"].clear()
    await office.promise(send("有人", card="case:1"))
    await office.work()
    assert office.heard_in("群") == ["有人"]


async def test_wait_says_the_service_and_it_is_no_attempt(office: Office) -> None:
    office.channel.errors["群"] = [Later("429", after=3.0)]
    await office.promise(send("一"), send("二"), send("别处", chat="别的群"))
    await office.work()
    assert office.heard_in("别的群") == ["别处"]
    assert office.heard_in("群") == []
    office.clock.seconds += 2.9
    await office.work()
    assert office.heard_in("群") == []
    office.clock.seconds += 0.2
    await office.work()
    assert office.heard_in("群") == ["一", "二"]
    async with office.store.transaction():
        rows = await office.store.db.all("SELECT attempt FROM outbox")
    assert {row["attempt"] for row in rows} == {1}


async def test_the_answer_to_a_press_waits_too_where_the_service_wants_silence(office: Office) -> None:
    office.channel.errors["群"] = [Later("429", after=2.0)]
    await office.promise(Answer(ChatId(CHANNEL, "群"), "p1", "好"))
    for _look in range(20):
        await office.work()
    assert office.channel.toasts == {}
    office.clock.seconds += 2.1
    await office.work()
    assert office.channel.toasts == {"p1": "好"}


async def test_a_service_that_cannot_be_reached_is_asked_ever_more_rarely(office: Office) -> None:
    office.channel.errors["群"] = [Later("refused", everyone=True)] * 12
    await office.promise(send("一"))
    for _try in range(12):
        await office.work()
        office.clock.seconds += 31
    await office.work()
    assert office.heard_in("群") == ["一"]


async def test_never_is_never_and_the_lane_goes_on(office: Office) -> None:
    office.channel.errors["群"] = [Never("400 message is too strange")]
    await office.promise(send("怪话"), send("好话"))
    await office.work()
    assert office.heard_in("群") == ["好话"]
    assert await office.states() == ["dead", "sent"]


@pytest.mark.parametrize(
    ("promise", "card", "doubts", "heard", "state"),
    [
        (Promise.LIFE, None, 1, ["【重发】话"], "sent"),
        (Promise.LIFE, None, 2, [], "doubt"),
        (Promise.CORRECTION, None, 5, ["【重发】话"], "sent"),
        (Promise.CARD, "case:1", 1, [], "doubt"),
        (Promise.REPLY, None, 1, [], "doubt"),
        (Promise.DIGEST, None, 1, [], "dead"),
    ],
)
async def test_a_lost_answer(
    office: Office, promise: Promise, card: str | None, doubts: int, heard: Sequence[str], state: str
) -> None:
    office.channel.errors["群"] = [Doubt("read timeout")] * doubts
    await office.promise(send("话", promise=promise, card=card))
    for _wait in range(6):
        await office.work()
        office.clock.seconds += 60
    assert office.heard_in("群") == heard
    async with office.store.transaction():
        row = await office.store.db.one("SELECT state, doubts, reason FROM outbox")
    assert row
    assert tuple(row) == (state, doubts, None if state == "sent" else "read timeout")


@pytest.mark.parametrize(
    ("error", "promise", "card", "reason", "doubts"),
    [
        (Later("429", after=9.0), Promise.REPLY, None, "429", 0),
        (Moved("新群"), Promise.REPLY, None, "moved", 0),
        (CardGone("m1"), Promise.CARD, "case:1", "card gone", 0),
        (CardGone("m1"), Promise.REPLY, None, "card gone", 0),
        (Doubt("reset"), Promise.LIFE, None, "reset", 1),
        (KeyError("bug"), Promise.LIFE, None, "KeyError", 1),
    ],
)
async def test_why_it_waits_is_written_down(
    office: Office, error: Exception, promise: Promise, card: str | None, reason: str, doubts: int
) -> None:
    office.channel.errors["群"] = [error]
    await office.promise(send("话", promise=promise, card=card))
    await office.pump.step()
    await office.pump.landed()
    await office.pump.step()
    async with office.store.transaction():
        row = await office.store.db.one("SELECT reason, doubts FROM outbox")
    assert row
    assert tuple(row) == (reason, doubts)
    await office.pump.landed()


async def test_a_step_that_fails_is_made_again_and_nothing_is_said_twice(office: Office) -> None:
    await office.promise(send("一"), send("别处", chat="别的群"))
    await office.pump.step()
    await office.pump.landed()
    await office.promise(send("二"), send("三", chat="三群"))
    async with office.store.transaction():
        await office.store.db.run(
            "CREATE TRIGGER broken BEFORE UPDATE ON outbox WHEN NEW.chat = '三群' BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    for _try in range(2):
        with pytest.raises(sqlite3.Error, match="no"):
            await office.pump.step()
    async with office.store.transaction():
        await office.store.db.run("DROP TRIGGER broken")
    await office.work()
    assert [office.heard_in(chat) for chat in ("群", "别的群", "三群")] == [["一", "二"], ["别处"], ["三"]]
    assert set(await office.states()) == {"sent"}


async def test_the_waits_double_up_to_half_a_minute(office: Office) -> None:
    office.channel.errors["群"] = [Later("refused")] * 7
    await office.promise(send("一"))
    left, waits, waited = 8, [], 0.0
    while office.heard_in("群") == []:
        await office.work()
        if len(office.channel.errors["群"]) < left:
            left = len(office.channel.errors["群"])
            waits.append(waited)
            waited = 0.0
        office.clock.seconds += 0.5
        waited += 0.5
    assert waits[1:] == [1.0, 2.0, 4.0, 8.0, 16.0, 30.0]


async def test_a_chat_that_has_to_wait_holds_nobody_else(office: Office) -> None:
    office.channel.errors["群"] = [Later("429", after=60.0)]
    await office.promise(send("一"))
    await office.work()
    await office.promise(send("别处", chat="别的群"))
    await office.work()
    assert (office.heard_in("群"), office.heard_in("别的群")) == ([], ["别处"])


async def test_a_card_in_doubt_is_placed_anew_at_its_next_change(office: Office) -> None:
    office.channel.errors["群"] = [Doubt("reset")]
    await office.promise(send("等人", promise=Promise.CARD, card="case:1"))
    await office.work()
    await office.promise(send("有人", promise=Promise.CARD, card="case:1"))
    await office.work()
    assert office.heard_in("群") == ["有人"]


async def test_a_card_in_doubt_whose_button_is_pressed_did_arrive(office: Office) -> None:
    office.channel.errors["群"] = [Doubt("reset")]
    await office.promise(send("等人", promise=Promise.CARD, card="case:1"))
    await office.work()
    office.channel._post(send("等人"))
    async with office.store.transaction():
        await office.store.outbox.adopt(ChatId(CHANNEL, "群"), "case:1", "m1")
    await office.promise(send("有人", promise=Promise.CARD, card="case:1"))
    await office.work()
    assert office.heard_in("群") == ["有人"]


async def test_how_deliveries_end_is_counted_and_nobody_is_named(office: Office) -> None:
    def counted(promise: str, outcome: str) -> float:
        labels = {"channel": CHANNEL, "promise": promise, "outcome": outcome}
        return REGISTRY.get_sample_value("gridbot_deliveries_total", labels) or 0

    ends = [("A", "queued"), ("A", "sent"), ("D", "dead")]
    before = [counted(*end) for end in ends]
    office.channel.errors["群"] = [Doubt("reset")]
    office.channel.errors["别的群"] = [Never("400")]
    await office.promise(send("火警", promise=Promise.LIFE), send("怪话", chat="别的群"))
    for _wait in range(3):
        await office.work()
        office.clock.seconds += 60
    assert [counted(*end) for end in ends] == [count + 1 for count in before]
    assert "群" not in generate_latest(REGISTRY).decode()


async def test_what_could_not_be_begun_is_begun_when_the_disk_has_room(office: Office) -> None:
    await office.promise(send("火警", promise=Promise.LIFE))
    async with office.store.transaction():
        await office.store.db.run(
            "CREATE TEMP TRIGGER full BEFORE UPDATE ON outbox BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
    with pytest.raises(sqlite3.IntegrityError):
        await office.pump.step()
    async with office.store.transaction():
        await office.store.db.run("DROP TRIGGER full")
    await office.work()
    assert office.heard_in("群") == ["火警"]


async def test_a_channel_that_breaks_stops_nobody_else(office: Office) -> None:
    office.channel.errors["群"] = [KeyError("bug")]
    await office.promise(send("一"), send("别处", chat="别的群"))
    await office.work()
    assert office.heard_in("别的群") == ["别处"]
    assert await office.states() == ["doubt", "sent"]


async def test_a_crash_in_the_middle_of_sending_leaves_a_doubt_and_loses_nothing(tmp_path: Path) -> None:
    path, clock = tmp_path / "village.db", Clock()
    store = await Store.open(path)
    office = Office(store, FakeChannel(), clock)
    await office.promise(
        send("火警", promise=Promise.LIFE), send("卡片", "二群", Promise.CARD, "case:1"), send("回话", "三群")
    )
    async with store.transaction():
        await store.sending.begin([1, 2, 3], clock.now())
    await office.promise(send("后来的"))
    await store.close()

    store = await Store.open(path)
    office = Office(store, FakeChannel(), clock)
    await office.work()
    clock.seconds += 60
    await office.work()
    assert office.heard_in("群") == ["【重发】火警", "后来的"]
    assert office.heard_in("二群") == []
    assert await office.states() == ["sent", "doubt", "doubt", "sent"]
    async with store.transaction():
        rows = await store.db.all("SELECT DISTINCT reason FROM outbox WHERE state = 'doubt'")
    assert [row["reason"] for row in rows] == ["interrupted"]
    await store.close()


class Counting(FakeChannel):
    """Every delivery waits until the test lets it end."""

    pace = Pace()

    def __init__(self) -> None:
        super().__init__()
        self.under_way = self.most = 0
        self.go = asyncio.Event()
        self.full = asyncio.Event()

    async def deliver(self, out: Outgoing, edits: str | None) -> str | None:
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        if self.under_way == WINDOW:
            self.full.set()
        await self.go.wait()
        self.under_way -= 1
        return await super().deliver(out, edits)


async def test_at_most_eight_are_under_way_and_a_graceful_stop_lets_them_end() -> None:
    store, channel = await new_store(), Counting()
    office = Office(store, channel, Clock())
    await office.promise(*(send("话", chat=f"群{n}") for n in range(50)))
    running = asyncio.create_task(office.pump.run())
    await channel.full.wait()
    office.pump.wake()
    for _turn in range(50):
        await asyncio.sleep(0)
    running.cancel()
    await asyncio.sleep(0)
    channel.go.set()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert channel.most == WINDOW
    states = await office.states()
    assert states.count("sent") == WINDOW
    assert states.count("queued") == 50 - WINDOW
    await store.close()


async def test_a_card_that_is_gone_does_not_raise_twice(office: Office) -> None:
    await office.promise(send("等人", card="case:1"))
    await office.work()
    office.channel.errors["群"] = [CardGone("m1")]
    await office.promise(send("有人", card="case:1"))
    await office.work()
    assert office.heard_in("群") == ["等人", "有人"]


async def test_a_village_that_was_quiet_for_long_still_hears(office: Office) -> None:
    await office.promise(send("一"), send("二"))
    await office.work()
    office.clock.pass_time(timedelta(days=31))
    async with office.store.transaction():
        await office.store.outbox.forget(office.clock.now())
    await office.promise(send("三"))
    await office.work()
    assert office.heard_in("群") == ["一", "二", "三"]
    assert await office.states() == ["sent", "sent"], "what is long past is forgotten, but for the last"


async def test_a_correction_does_not_wait_for_the_copies_that_it_spared(office: Office) -> None:
    office.channel.pace = Pace(per_second=1)
    office.pump = Pump(office.channel, office.store, office.clock, office.heard)
    chats = [f"{n}群" for n in range(300)]
    await office.promise(*(send("红色预警", chat, Promise.LIFE, card="alert:1") for chat in chats))
    await office.work()
    async with office.store.transaction():
        told = await office.store.outbox.recall("alert:1")
        office.store.outbox.add([send("撤销", one.chat, Promise.CORRECTION) for one in told], office.clock.now())
    await office.work()
    for _second in told:
        office.clock.seconds += 1.0
        await office.work()
    heard = {chat: office.heard_in(chat) for chat in chats if office.heard_in(chat)}
    assert heard == {one.chat: ["红色预警", "撤销"] for one in told}
    assert len(told) < 3


async def news(office: Office) -> list[dict[str, object]]:
    """What the house was told of messages that did not surely arrive."""
    async with office.store.transaction():
        rows = await office.store.db.all("SELECT payload FROM inbox WHERE channel = 'outbox' ORDER BY seq")
    return [json.loads(row["payload"]) for row in rows]


@pytest.mark.parametrize(
    ("error", "promise", "card", "told"),
    [
        (Unreachable("blocked"), Promise.REPLY, None, {"card": None, "why": "blocked", "unreachable": True, "row": 1}),
        (Never("400"), Promise.LIFE, "case:1", {"card": "case:1", "why": "400", "unreachable": False, "row": 1}),
        (
            Never("400"),
            Promise.CORRECTION,
            "alert:1",
            {"card": "alert:1", "why": "400", "unreachable": False, "row": 1},
        ),
        (Never("400"), Promise.CARD, "case:1", None),
        (Never("400"), Promise.REPLY, None, None),
    ],
)
async def test_the_house_hears_of_what_surely_did_not_arrive(
    office: Office, error: Never, promise: Promise, card: str | None, told: dict[str, object] | None
) -> None:
    office.channel.errors["群"] = [error]
    await office.promise(send("话", promise=promise, card=card))
    await office.work()
    assert await office.states() == ["dead"]
    assert await news(office) == ([{"chat": [CHANNEL, "群"], **told}] if told else [])
    assert office.heard.is_set() is bool(told)
    async with office.store.transaction():
        row = await office.store.db.one("SELECT reason FROM outbox")
    assert row
    assert row["reason"] == str(error)


@pytest.mark.parametrize(
    ("promise", "told"), [(Promise.LIFE, True), (Promise.CARD, False), (Promise.REPLY, False), (Promise.DIGEST, False)]
)
async def test_the_house_hears_of_a_doubt_about_life_and_death(office: Office, promise: Promise, told: bool) -> None:
    office.channel.errors["群"] = [Doubt("reset"), Doubt("reset")]
    await office.promise(send("话", promise=promise, card="case:1"))
    for _wait in range(3):
        await office.work()
        office.clock.seconds += 60
    heard = {"chat": [CHANNEL, "群"], "card": "case:1", "why": "reset", "unreachable": False, "row": 1}
    assert await news(office) == ([heard] if told else [])


async def test_a_change_in_doubt_is_made_again_and_is_no_doubt(office: Office) -> None:
    await office.promise(send("等人", promise=Promise.CARD, card="case:1"))
    await office.work()
    office.channel.errors["群"] = [Doubt("reset")] * 3
    await office.promise(send("有人", promise=Promise.CARD, card="case:1"))
    for _wait in range(4):
        await office.work()
        office.clock.seconds += 60
    assert office.heard_in("群") == ["有人"]
    async with office.store.transaction():
        rows = await office.store.db.all("SELECT doubts, state, reason, attempt FROM outbox ORDER BY id")
    assert [tuple(row) for row in rows] == [(0, "sent", None, 1), (0, "sent", None, 4)]


async def test_a_group_with_a_new_id_hears_there_what_waited_for_it(office: Office) -> None:
    async with office.store.transaction():
        await office.store.chats.meet(ChatId(CHANNEL, "群"), ChatKind.GROUP, "十三队群")
    office.channel.errors["群"] = [Moved("新群")]
    await office.promise(send("一"), send("二"), send("别处", chat="别的群"))
    await office.work()
    assert (office.heard_in("新群"), office.heard_in("群")) == (["一", "二"], [])
    assert set(await office.states()) == {"sent"}


@pytest.mark.parametrize(
    ("promise", "text", "state"),
    [
        (Promise.LIFE, "走失", "sent"),
        (Promise.CORRECTION, "找到了", "sent"),
        (Promise.CARD, "走失", "dead"),
        (Promise.LIFE, "", "dead"),
    ],
)
async def test_what_hurries_goes_without_a_picture_that_is_refused(
    office: Office, promise: Promise, text: str, state: str
) -> None:
    office.channel.errors["群"] = [Never("400 wrong file")]
    picture = Attachment(CHANNEL, "photo")
    await office.promise(Send(ChatId(CHANNEL, "群"), text, promise=promise, attachment=picture))
    await office.work()
    assert await office.states() == [state]
    assert [message.attachment for message in office.channel.chats["群"]] == ([None] if state == "sent" else [])


async def test_words_that_are_refused_without_any_picture_are_not_tried_again(office: Office) -> None:
    office.channel.errors["群"] = [Never("400")]
    await office.promise(send("话", promise=Promise.CORRECTION))
    await office.work()
    assert await office.states() == ["dead"]


async def test_what_is_taken_down(office: Office) -> None:
    chat = ChatId(CHANNEL, "群")
    await office.promise(Send(chat, "照片", card="photo:1"))
    await office.work()
    await office.promise(Withdraw(chat, "photo:1"))
    await office.work()
    assert office.heard_in("群") == []
    # Somebody was faster: it is gone all the same, and nobody has to look.
    await office.promise(Send(chat, "照片", card="photo:2"))
    await office.work()
    office.channel.chats["群"].clear()
    await office.promise(Withdraw(chat, "photo:2"))
    await office.work()
    # What never stood there asks nothing of the service.
    office.channel.errors["群"] = [Never("nothing to delete")]
    await office.promise(Withdraw(chat, "photo:3"))
    await office.work()
    assert set(await office.states()) == {"sent"}
    assert await news(office) == []


@pytest.mark.parametrize("error", [Never("too old to delete"), Unreachable("kicked")])
async def test_somebody_has_to_look_where_it_cannot_be_taken_down(office: Office, error: Never) -> None:
    chat = ChatId(CHANNEL, "群")
    await office.promise(Send(chat, "照片", card="photo:1"))
    await office.work()
    office.channel.errors["群"] = [error]
    await office.promise(Withdraw(chat, "photo:1", Promise.CARD))
    await office.work()
    told = {"chat": [CHANNEL, "群"], "card": "photo:1", "why": str(error), "row": 2}
    told["unreachable"] = type(error) is Unreachable
    assert await news(office) == [told]


@pytest.mark.parametrize("gone", [False, True])
async def test_somebody_has_to_look_where_a_copy_may_be_left(office: Office, gone: bool) -> None:
    chat = ChatId(CHANNEL, "群")
    office.channel.errors["群"] = [Doubt("reset")]
    await office.promise(Send(chat, "照片", promise=Promise.LIFE, card="photo:1"))
    await office.work()
    office.clock.seconds += 60
    await office.work()
    if gone:
        office.channel.chats["群"].clear()
    await office.promise(Withdraw(chat, "photo:1"))
    await office.work()
    (told,) = await news(office)
    assert (told["card"], told["why"], told["unreachable"]) == ("photo:1", "a copy may be left", False)


async def test_a_pause_names_one_chat_or_everybody(office: Office) -> None:
    office.channel.errors["群"] = [Later("429", after=5.0, everyone=True)]
    await office.promise(send("一"))
    await office.work()
    await office.promise(send("别处", chat="别的群"))
    office.clock.seconds += 4.9
    await office.work()
    assert office.heard_in("别的群") == []
    office.clock.seconds += 0.2
    await office.work()
    assert (office.heard_in("群"), office.heard_in("别的群")) == (["一"], ["别处"])


async def test_after_a_success_the_first_wait_is_short_again(office: Office) -> None:
    async def until_heard() -> float:
        begun = office.clock.seconds
        while not any(m.text == "话" for m in office.channel.chats["群"]):
            await office.work()
            office.clock.seconds += 0.25
        office.channel.chats["群"].clear()
        return office.clock.seconds - begun

    waits = []
    for failures in (1, 4, 1):
        office.channel.errors["群"] = [Later("refused")] * failures
        await office.promise(send("话"))
        waits.append(await until_heard())
    assert waits[0] == waits[2] <= 2.0
    assert waits[1] > 4 * waits[0]
    office.channel.errors["群"] = [Later("refused")] * 9
    await office.promise(send("话"))
    assert await until_heard() < 9 * 31


async def test_the_pump_runs_by_itself_and_waits_only_where_it_must() -> None:
    store = await new_store()
    office = Office(store, FakeChannel(), SystemClock())  # type: ignore[arg-type]
    running = asyncio.create_task(office.pump.run())
    await asyncio.sleep(0)
    office.channel.errors["群"] = [Later("429", after=0.05)]
    await office.promise(send("一"), *(send("别处", chat=f"{n}群") for n in range(3 * WINDOW)))
    office.pump.wake()
    async with asyncio.timeout(5):
        while set(await office.states()) != {"sent"}:  # noqa: ASYNC110 -- the pump tells nobody that it is done
            await asyncio.sleep(0.005)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await store.close()
