"""The bot dies by kill -9 at every point that has a number, at any other, and in the middle of an upgrade."""

import random
import signal
import sqlite3
from contextlib import closing

import pytest

from bot.pump import WINDOW
from domain.chat import Promise
from storage.database import migrations, statements
from storage.failpoints import Point
from tests.bot.telegram.test_village import GROUP
from tests.faults.house import House
from tests.faults.promises import EVERY_PROMISE, copies, groups, prove_kept, to_all

REPORTS = 100
CHATS = groups(60)


@pytest.mark.parametrize("point", [Point.STORED, Point.HANDLING, Point.HANDLED])
async def test_no_report_is_lost_or_handled_twice(house: House, dice: random.Random, point: Point) -> None:
    for n in range(REPORTS):
        house.telegram.says(GROUP, 1000 + n, f"上报 {n} 号楼的路灯坏了")
    # A batch that breaks in the middle is the one that may lose: the 100 come in one answer and are handled in four.
    house.start(f"{point}:{1 if point is Point.STORED else dice.randint(1, 4)}")
    assert await house.dead() == -signal.SIGKILL
    house.start()
    await house.heard(REPORTS)
    reports = house.rows("SELECT text, count(*) FROM cases WHERE gathered = 0 GROUP BY text")
    assert {text: 1 for text, _n in reports} == dict(reports), "handled twice"
    assert len(reports) == REPORTS, "lost"


@pytest.mark.parametrize("point", [Point.SENDING, Point.ANSWERED])
async def test_every_promise_is_kept_and_every_doubt_is_known(house: House, dice: random.Random, point: Point) -> None:
    await house.promise(*to_all(CHATS, *EVERY_PROMISE))
    house.start(f"{point}:{dice.randint(1, len(CHATS))}")
    assert await house.dead() == -signal.SIGKILL
    under_way = house.count("SELECT count(*) FROM outbox WHERE state = 'sending'")
    assert 1 <= under_way <= WINDOW
    house.start()
    await house.delivered()
    prove_kept(house.telegram, house.doubts(), CHATS, *EVERY_PROMISE)
    assert house.count("SELECT count(*) FROM outbox WHERE doubts > 0") == under_way


async def test_killed_in_the_middle_of_a_storm(house: House, dice: random.Random) -> None:
    squads = groups(5)
    chats = [("telegram", str(chat), "group", "", "S13") for chat in squads]
    house.run("INSERT INTO chats (channel, chat, kind, title, grid) VALUES (?, ?, ?, ?, ?)", chats)
    for n in range(3 * REPORTS):
        house.telegram.says(squads[n % 5], 1000 + n, f"上报 {n} 号楼进水了")
    house.start()
    await house.until(lambda: house.telegram.confirmed >= dice.choice([REPORTS, 2 * REPORTS]))
    house.kill()
    house.start()
    await house.heard(3 * REPORTS)
    assert await house.stopped() == 0
    told = house.rows("SELECT text, count(*) FROM cases WHERE gathered = 0 GROUP BY text")
    assert len(told) == 3 * REPORTS, "lost"
    assert {count for _text, count in told} == {1}, "handled twice"


async def test_killed_again_and_again(house: House, dice: random.Random) -> None:
    await house.promise(*to_all(CHATS, Promise.LIFE, Promise.CORRECTION))
    for _life in range(4):
        already = len(house.telegram.sent)
        house.start()
        await house.until(lambda: len(house.telegram.sent) > already or not house.alive)  # noqa: B023 -- awaited here
        target = len(house.telegram.sent) + dice.randrange(12)
        await house.until(lambda: len(house.telegram.sent) >= min(target, len(CHATS)))  # noqa: B023
        house.kill()
    house.start()
    await house.delivered()
    prove_kept(house.telegram, house.doubts(), CHATS, Promise.LIFE, Promise.CORRECTION)


async def test_a_deploy_in_the_middle_makes_no_doubt(house: House, dice: random.Random) -> None:
    """Telegram has each message at once, and takes its time to say so: eight are under way at any moment."""
    house.telegram.fail("slow", method="sendMessage", seconds=0.3, times=1000)
    await house.promise(*to_all(CHATS, Promise.LIFE))
    house.start()
    await house.until(lambda: len(house.telegram.sent) >= dice.randint(5, 40))
    assert await house.stopped() == 0
    assert house.rows("SELECT DISTINCT state FROM outbox ORDER BY 1") == [("queued",), ("sent",)]
    house.start()
    await house.delivered()
    assert {chat: len(heard) for chat, heard in copies(house.telegram).items()} == dict.fromkeys(CHATS, 1)
    assert house.count("SELECT sum(doubts) FROM outbox") == 0


async def test_an_upgrade_killed_half_way_goes_on_where_it_was(house: House, dice: random.Random) -> None:
    known = migrations()
    older = dice.randrange(1, len(known))
    house.path.unlink()
    with closing(sqlite3.connect(house.path)) as db:
        for _number, script in known[:older]:
            for statement in statements(script):
                db.execute(statement)
        db.execute(f"PRAGMA user_version = {known[older - 1][0]}")
        db.execute("INSERT INTO people (name) VALUES ('李阿姨')")
        db.commit()
    killed = dice.randint(1, len(known) - older)
    house.start(f"{Point.MIGRATING}:{killed}")
    assert await house.dead() == -signal.SIGKILL
    assert house.rows("PRAGMA user_version") == [(known[older + killed - 2][0],)]
    house.start()
    await house.until(lambda: house.telegram.calls["getUpdates"])
    assert house.rows("PRAGMA user_version") == [(known[-1][0],)]
    assert house.rows("PRAGMA integrity_check") == [("ok",)]
    assert house.rows("SELECT name FROM people") == [("李阿姨",)]
