"""What did not surely arrive is listed without a word of it, and settled by somebody who went and asked."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.channels import Doubt, Never
from bot.cli import main
from bot.deliveries import listed, settled
from domain.chat import ChatId, ChatKind, Promise
from domain.refused import Refused
from storage.audit import UNENDED, UNSENT
from storage.inbox import Arrival
from storage.store import Store
from tests.bot.test_import import GRIDS
from tests.bot.test_pump import Office, send
from tests.conftest import SETTINGS
from tests.town import CHANNEL, Clock, FakeChannel

NOTHING = ["没有悬而未决的消息。"]


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    store = await Store.open(":memory:")
    async with store.transaction():
        await store.chats.meet(ChatId(CHANNEL, "群"), ChatKind.GROUP, "十三队群")
    yield Office(store, FakeChannel(), Clock())
    await store.close()


async def lines(office: Office) -> list[str]:
    """The lines of the list, without what is said below them."""
    told = await listed(office.store, SETTINGS.timezone, office.clock.now())
    return told[:-2] if told != NOTHING else []


async def settle(office: Office, number: str, arrived: bool) -> str:
    said = await settled(office.store, number, office.clock.now(), arrived=arrived)
    await office.work()
    return said


async def in_doubt(office: Office, promise: Promise = Promise.REPLY, card: str | None = None) -> None:
    office.channel.errors["群"] = [Doubt("read timeout")] * 2
    await office.promise(send("李阿姨家的事", promise=promise, card=card))
    for _wait in range(3):
        await office.work()
        office.clock.seconds += 60
    office.channel.errors.clear()


async def test_a_line_says_where_what_why_and_since_when_and_nobodys_words(office: Office) -> None:
    assert await listed(office.store, SETTINGS.timezone, office.clock.now()) == NOTHING
    await in_doubt(office, Promise.LIFE, "case:7")
    assert await lines(office) == ["1  不知送到没有  A 生命安全  十三队群  case:7  read timeout  2026-07-25 12:00"]


async def test_what_is_dead_stuck_or_set_aside_is_listed_and_what_is_on_its_way_is_not(office: Office) -> None:
    office.channel.errors["别的群"] = [Never("400 too strange")]
    await office.promise(send("怪话", chat="别的群"))
    await office.work()
    async with office.store.transaction():
        await office.store.inbox.store([Arrival(CHANNEL, "9", "x")], office.clock.now())
        await office.store.db.run("UPDATE inbox SET state = 'aside'")
    await office.promise(send("一"), send("二", chat="二群"))
    async with office.store.transaction():
        await office.store.sending.begin([3], office.clock.now())
    dead, aside = "1  没送到  D 回话  别的群  消息  400 too strange", f"in1  收到了，处理不了  {CHANNEL}"
    assert [line.rpartition("  ")[0] for line in await lines(office)] == [dead, aside]
    office.clock.pass_time(max(UNSENT, UNENDED) + timedelta(seconds=1))
    stuck = ["2  没发出去  D 回话  十三队群  消息", "3  发了没结果  D 回话  二群  消息"]
    assert [line.rpartition("  ")[0] for line in await lines(office)] == [dead, *stuck, aside]


async def test_what_is_there_after_all_is_off_the_list_and_its_words_are_gone(office: Office) -> None:
    await in_doubt(office)
    assert "已送到" in await settle(office, "1", arrived=True)
    assert await lines(office) == []
    assert office.heard_in("群") == []
    async with office.store.transaction():
        row = await office.store.db.one("SELECT state, body FROM outbox")
    assert row
    assert tuple(row) == ("sent", "")


@pytest.mark.parametrize(
    ("promise", "card", "goes"),
    [
        (Promise.LIFE, None, True),
        (Promise.CARD, "case:1", True),
        (Promise.REPLY, None, False),
        (Promise.DIGEST, None, False),
    ],
)
async def test_what_is_lost_goes_again_where_that_makes_sense(
    office: Office, promise: Promise, card: str | None, goes: bool
) -> None:
    await in_doubt(office, promise, card)
    said = await settle(office, "1", arrived=False)
    assert ("重新排队" in said) is goes
    assert office.heard_in("群") == (["李阿姨家的事"] if goes else [])
    assert await lines(office) == []


async def test_a_card_that_says_something_newer_does_not_go_back(office: Office) -> None:
    await in_doubt(office, Promise.CARD, "case:1")
    await office.promise(send("有人去了", promise=Promise.CARD, card="case:1"))
    await office.work()
    assert await lines(office) == [], "its next change mended it"
    assert "不再补发" in await settle(office, "1", arrived=False)
    assert office.heard_in("群") == ["有人去了"]


async def test_a_danger_that_was_called_back_does_not_go_out_again(office: Office) -> None:
    await in_doubt(office, Promise.LIFE, "alert:1")
    async with office.store.transaction():
        assert await office.store.outbox.recall("alert:1") == [ChatId(CHANNEL, "群")]
    await office.promise(send("解除", promise=Promise.CORRECTION))
    assert "不再补发" in await settle(office, "1", arrived=False)
    assert office.heard_in("群") == ["解除"]


async def test_what_was_set_aside_is_handled_once_more_or_is_done_with(office: Office) -> None:
    async with office.store.transaction():
        await office.store.inbox.store([Arrival(CHANNEL, n, "x") for n in ("8", "9")], office.clock.now())
        await office.store.db.run("UPDATE inbox SET state = 'aside', attempts = 3")
    assert "再处理一次" in await settle(office, "in1", arrived=False)
    assert "已处理" in await settle(office, "in2", arrived=True)
    async with office.store.transaction():
        rows = await office.store.db.all("SELECT state, attempts, payload FROM inbox ORDER BY seq")
    assert [tuple(row) for row in rows] == [("waiting", 0, "x"), ("done", 0, "")]


async def test_what_cannot_be_settled_is_said(office: Office) -> None:
    await office.promise(send("一"), send("二", chat="二群"))
    async with office.store.transaction():
        await office.store.sending.begin([2], office.clock.now())
    for number, arrived, why in (
        ("1", False, "还在排队"),
        ("2", True, "还在发"),
        ("99", True, "不在单子上"),
        ("in1", True, "不在单子上"),
        ("x", True, "编号请照单子上写"),
        ("9" * 30, True, "编号请照单子上写"),
    ):
        with pytest.raises(Refused, match=why):
            await settled(office.store, number, office.clock.now(), arrived=arrived)


def test_at_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.toml").write_text('[storage]\npath = "village.db"\n', "utf-8")
    (tmp_path / "grids.csv").write_text(GRIDS, "utf-8")

    def said(*command: str) -> tuple[int, str]:
        ran = CliRunner().invoke(main, list(command))
        return ran.exit_code, ran.output

    assert said("import", "grids", "grids.csv")[0] == 0
    assert said("deliveries") == (0, NOTHING[0] + "\n")
    with closing(sqlite3.connect(tmp_path / "village.db")) as db, db:
        db.execute(
            """INSERT INTO outbox (channel, chat, promise, body, state, reason, queued_at)
               VALUES ('telegram', '7', 'A', '{"text": "隐私"}', 'doubt', 'reset', '2026-07-25T04:00:00.000000Z')"""
        )
    code, text = said("deliveries")
    assert (code, "隐私" in text) == (0, False)
    assert "1  不知送到没有  A 生命安全  7  消息  reset  2026-07-25 12:00" in text
    assert said("deliveries", "settle", "2", "lost")[0] == 1
    assert said("deliveries", "settle", "1", "lost") == (0, "1 重新排队，机器人运行时就会发。\n")
    assert said("deliveries", "settle", "1", "delivered")[0] == 1
