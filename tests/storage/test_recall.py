"""What is called back: nothing of it leaves any more, and whoever may have it is known."""

from datetime import UTC, datetime

import pytest

from domain.chat import ChatId, Outgoing, Promise, Send
from storage.sending import Settled
from tests.fresh import new_store

NOW = datetime(2026, 7, 25, 4, 0, tzinfo=UTC)
HERE, THERE, ELSEWHERE = (ChatId("town", name) for name in ("here", "there", "elsewhere"))


def alert(chat: ChatId, promise: Promise = Promise.LIFE) -> Outgoing:
    return Send(chat, "【红色预警】", promise=promise, card="alert:1")


@pytest.mark.parametrize("promise", [Promise.LIFE, Promise.CARD])
async def test_what_was_under_way_and_comes_back_is_not_sent_again(promise: Promise) -> None:
    store = await new_store()
    async with store.transaction():
        store.outbox.add([alert(HERE, promise), alert(THERE, promise), alert(ELSEWHERE, promise)], NOW)
    async with store.transaction():
        here, there = await store.sending.begin([1, 2], NOW)
    async with store.transaction():
        assert await store.outbox.recall("alert:1") == [HERE, THERE], "both may have arrived, the third never left"
    async with store.transaction():
        # One comes back (wait a little), the other arrived after all.
        await store.sending.settle(
            [Settled(here, "queued", reason="wait"), Settled(there, "sent", message_id="7")], NOW
        )
    async with store.transaction():
        assert await store.sending.queued_since(0, "town") == []
        assert await store.sending.begin([1, 2, 3], NOW) == []
        assert await store.outbox.recall("alert:1") == [THERE]
        row = await store.db.one("SELECT state, settled_at FROM outbox WHERE id = 1")
        assert row
        assert row["settled_at"] is not None, "its words are forgotten with the others, after a month"
    await store.close()
