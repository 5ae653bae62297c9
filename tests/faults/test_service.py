"""A service that loses answers, hangs, refuses, floods, moves groups, shuts the bot out: amid a broadcast."""

import random
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from domain.chat import Promise, Send
from tests.faults.post import Post
from tests.faults.promises import EVERY_PROMISE, copies, groups, prove_kept, to_all
from tests.standin.telegram import Telegram

CHATS = groups(60)
ONE_EACH = dict.fromkeys(CHATS, 1)


def counted(telegram: Telegram) -> dict[int, int]:
    return {chat: len(heard) for chat, heard in copies(telegram).items()}


async def test_refused_for_ten_minutes(post: Post, dice: random.Random) -> None:
    telegram = post.telegram
    await post.promise(*to_all(CHATS, *EVERY_PROMISE))
    await post.until(dice.randrange(1, 50))
    await telegram.stop()
    await post.passes(600)
    heard = len(telegram.sent)
    await telegram.start(urlsplit(telegram.base_url).port or 0)
    await post.passes(40)
    assert heard < len(CHATS)
    assert counted(telegram) == ONE_EACH
    assert not any((await post.doubts()).values()), "what was refused was certainly not said"


@pytest.mark.parametrize("kind", ["lost", "torn", "hang", "gateway", "nonsense"])
async def test_an_answer_that_is_none_is_a_doubt(post: Post, dice: random.Random, kind: str) -> None:
    """Lost after it was accepted, cut in the middle, never given, a proxy's 502 in HTML, a page of somebody else's."""
    for chat in dice.sample(CHATS, 10):
        post.telegram.fail(kind, chat=chat, seconds=1)
    await post.promise(*to_all(CHATS, *EVERY_PROMISE))
    await post.passes(60)
    doubts = await post.doubts()
    assert sum(doubts.values()) == 10
    prove_kept(post.telegram, doubts, CHATS, *EVERY_PROMISE)
    assert await post.states() <= {"sent", "doubt", "dead"}


async def test_too_much_for_some_chats_slows_nobody_else(post: Post, dice: random.Random) -> None:
    flooded = dice.sample(CHATS, 10)
    for chat in flooded:
        post.telegram.fail("flood", chat=chat, seconds=30)
    await post.promise(*to_all(CHATS, *EVERY_PROMISE))
    await post.passes(len(CHATS) / 30 + 0.1)
    assert counted(post.telegram) == dict.fromkeys(sorted({*CHATS} - {*flooded}, reverse=True), 1)
    await post.passes(31)
    assert counted(post.telegram) == ONE_EACH
    assert {row["attempt"] for row in await post.all("SELECT attempt FROM outbox")} == {1}, "a wait is no attempt"


async def test_too_much_for_all_is_silence_for_all_and_life_goes_first_after_it(post: Post) -> None:
    post.telegram.fail("flood", times=1000, seconds=30)
    await post.promise(*to_all(CHATS, Promise.REPLY))
    await post.passes(10)
    asked = post.telegram.calls["sendMessage"]
    await post.promise(*to_all(groups(61)[-1:], Promise.LIFE))
    await post.passes(15)
    assert post.telegram.calls["sendMessage"] == asked < 20
    post.telegram.faults.clear()
    await post.passes(40)
    assert post.telegram.sent[0]["chat_id"] == groups(61)[-1]
    assert len(post.telegram.sent) == 61
    assert post.telegram.over_limit == 0


async def test_a_group_that_moves_hears_it_where_it_is_now(post: Post, dice: random.Random) -> None:
    moved = {chat: chat - 1_000_000 for chat in dice.sample(CHATS, 5)}
    await post.promise(*to_all(CHATS, *EVERY_PROMISE))
    await post.until(dice.randrange(1, 40))
    early = counted(post.telegram).keys()
    post.telegram.moved |= moved
    await post.passes(60)
    assert counted(post.telegram).keys() == {c if c in early else moved.get(c, c) for c in CHATS}
    assert set(counted(post.telegram).values()) == {1}


async def test_whoever_shut_the_bot_out_is_on_record_and_the_others_hear(post: Post, dice: random.Random) -> None:
    out = {chat: dice.choice(["kicked", "blocked", "gone"]) for chat in dice.sample(CHATS, 8)}
    for chat, kind in out.items():
        post.telegram.fail(kind, chat=chat, times=1000)
    await post.promise(*to_all(CHATS, Promise.LIFE))
    await post.passes(60)
    assert counted(post.telegram) == {chat: 1 for chat in CHATS if chat not in out}
    assert {int(str(row["chat"])) for row in await post.all("SELECT chat FROM outbox WHERE state = 'dead'")} == {*out}
    assert len(await post.all("SELECT 1 FROM inbox WHERE channel = 'outbox'")) == len(out), "the house hears of each"


async def test_a_token_refused_for_five_minutes_keeps_the_queue(post: Post, dice: random.Random) -> None:
    await post.promise(*to_all(CHATS, *EVERY_PROMISE))
    await post.until(dice.randrange(1, 40))
    post.telegram.fail("unauthorized", times=1000)
    before = post.telegram.calls["sendMessage"]
    await post.passes(300)
    assert post.telegram.calls["sendMessage"] - before < 20, "asked again slowly"
    post.telegram.faults.clear()
    await post.passes(80)
    assert counted(post.telegram) == ONE_EACH
    assert not any((await post.doubts()).values())


async def test_taken_back_in_the_middle_of_a_broadcast(post: Post, dice: random.Random) -> None:
    """With answers lost and chats held: whoever has it or may have it hears the correction last, and nobody else."""
    for chat in dice.sample(CHATS, 20):
        post.telegram.fail(dice.choice(["lost", "hang", "flood"]), chat=chat, seconds=1)
    card = "red:1"
    await post.promise(*(replace(out, card=card) for out in to_all(CHATS, Promise.LIFE)))
    await post.until(dice.randrange(5, 50))
    async with post.store.transaction():
        told = await post.store.outbox.recall(card)
        taken_back = [Send(chat, "更正：没有开闸", promise=Promise.CORRECTION) for chat in told]
        post.store.outbox.add(taken_back, post.clock.now())
    await post.passes(120)
    assert {str(chat) for chat in copies(post.telegram)} <= {chat.chat for chat in told}
    for to in told:
        assert "更正" in post.telegram.texts(int(to.chat))[-1]
    assert sum("更正" in text for chat in CHATS for text in post.telegram.texts(chat)) == len(told)


async def test_a_day_on_which_everything_goes_wrong(post: Post, dice: random.Random) -> None:
    """Any fault, any time, anywhere; again and again for the same chat."""
    kinds = ["lost", "torn", "hang", "gateway", "nonsense", "flood", "flood"]
    for _fault in range(60):
        post.telegram.fail(dice.choice(kinds), chat=dice.choice([*CHATS, None]), seconds=1, times=dice.randint(1, 2))
    await post.promise(*to_all(CHATS, *EVERY_PROMISE))
    await post.passes(600)
    prove_kept(post.telegram, await post.doubts(), CHATS, *EVERY_PROMISE)
    assert await post.states() <= {"sent", "doubt", "dead"}
