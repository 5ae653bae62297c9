"""One message to many chats, and whether what docs/delivery.md promises of it was kept."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from domain.chat import ChatId, Promise, Send
from tests.bot.telegram.test_village import GROUP
from tests.standin.telegram import Telegram

TEXT = "上游开闸放水，请离开河滩"
REPEATED = "【重发】"
EVERY_PROMISE = tuple(Promise)
MOST_COPIES = {Promise.LIFE: 2, Promise.CORRECTION: 1000}


def groups(count: int) -> list[int]:
    return [GROUP - 100 - n for n in range(count)]


def to_all(chats: Sequence[int], *promises: Promise) -> list[Send]:
    """With one kind of promise after the other; a card's is a card."""
    sends = []
    for n, chat in enumerate(chats):
        promise = promises[n % len(promises)]
        card = f"note:{n}" if promise is Promise.CARD else None
        sends.append(Send(ChatId("telegram", str(chat)), TEXT, promise=promise, card=card))
    return sends


def copies(telegram: Telegram) -> dict[int, list[str]]:
    """What stands in each chat of this message."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    for (chat, _id), message in telegram.messages.items():
        if TEXT in message.get("text", ""):
            found[chat].append(message["text"])
    return found


def prove_kept(telegram: Telegram, doubts: Mapping[int, int], chats: Sequence[int], *promises: Promise) -> None:
    """Nothing lost and nothing doubled but what is on record as a doubt, and every copy says that it is one."""
    found = copies(telegram)
    assert found.keys() <= set(chats), "said where it was not to be said"
    for n, chat in enumerate(chats):
        promise, heard, doubtful = promises[n % len(promises)], found.get(chat, []), doubts.get(chat, 0)
        where = f"{chat} ({promise.name}, {doubtful} doubts) heard {heard}"
        assert len(heard) <= 1 + doubtful, where
        assert heard or doubtful, where
        assert len(heard) <= MOST_COPIES.get(promise, 1), where
        assert all(copy.startswith(REPEATED) for copy in heard[1:]), where
        # A message that may cost a life is in doubt for good after the second time, and a person is told.
        assert heard or promise is not Promise.CORRECTION, where
        assert heard or promise is not Promise.LIFE or doubtful == 2, where
