"""Whose turn it is to be said: one lane a chat, the most pressing first, nobody behind somebody who waits."""

from bot.lanes import Lanes
from domain.chat import ChatId, Promise
from domain.pace import Pace, Pacer
from storage.sending import Queued


def queued(number: int, chat: str, promise: Promise = Promise.REPLY, press: str | None = None) -> Queued:
    return Queued(number, ChatId("town", chat), press, promise)


def lanes_with(*waiting: Queued, pace: Pace | None = None) -> tuple[Lanes, Pacer]:
    pacer = Pacer(pace or Pace())
    lanes = Lanes(pacer)
    for one in waiting:
        lanes.add(one)
    return lanes, pacer


def taken(lanes: Lanes, now: float = 0.0, room: int = 8) -> list[int]:
    return [one.id for one in lanes.take(now, room)]


def test_a_chat_has_one_message_under_way_and_the_next_when_that_ended() -> None:
    first, second = queued(1, "a"), queued(2, "a")
    lanes, _pacer = lanes_with(first, second, queued(3, "b"))
    assert taken(lanes) == [1, 3]
    assert taken(lanes) == []
    lanes.free(first)
    assert taken(lanes) == [2]


def test_what_comes_while_the_chat_is_busy_waits_for_it() -> None:
    first = queued(1, "a")
    lanes, _pacer = lanes_with(first)
    assert taken(lanes) == [1]
    lanes.add(queued(2, "a", Promise.LIFE))
    assert taken(lanes) == []
    lanes.free(first)
    assert taken(lanes) == [2]
    assert lanes.next_at() is None


def test_the_most_pressing_goes_first_over_all_chats_and_in_each() -> None:
    lanes, _pacer = lanes_with(
        queued(1, "a", Promise.DIGEST), queued(2, "b", Promise.REPLY), queued(3, "c", Promise.CARD),
        queued(4, "d", Promise.CORRECTION), queued(5, "e", Promise.LIFE), queued(6, "a", Promise.LIFE),
    )  # fmt: skip
    assert taken(lanes) == [4, 5, 6, 3, 2]


def test_no_more_than_there_is_room_for() -> None:
    lanes, _pacer = lanes_with(*(queued(n, f"c{n}") for n in range(5)))
    assert taken(lanes, room=0) == []
    assert taken(lanes, room=2) == [0, 1]
    assert taken(lanes, room=9) == [2, 3, 4]


def test_the_bots_own_pace_holds_all_but_the_answers_to_presses() -> None:
    lanes, _pacer = lanes_with(*(queued(n, f"c{n}") for n in range(2)), queued(2, "b"), pace=Pace(per_second=2))
    assert taken(lanes, 0.0) == [0]
    assert lanes.next_at() == 0.5
    lanes.add(queued(3, "a", press="p1"))
    lanes.add(queued(4, "a", Promise.CARD, press="p2"))
    assert taken(lanes, 0.1) == [4]
    # At the very moment, and not only after it.
    assert taken(lanes, 0.5) == [1]
    assert taken(lanes, 1.0) == [2, 3]


def test_a_chat_that_has_to_wait_holds_nobody_else_and_its_turn_comes() -> None:
    first = queued(1, "a")
    lanes, _pacer = lanes_with(first, pace=Pace(per_chat=1.0))
    assert taken(lanes, 0.0) == [1]
    lanes.free(first)
    lanes.add(queued(2, "a", Promise.LIFE))
    lanes.add(queued(3, "b"))
    assert taken(lanes, 0.2) == [3]
    assert lanes.next_at() == 1.0
    lanes.add(queued(4, "a"))
    assert taken(lanes, 0.9) == []
    assert taken(lanes, 1.0) == [2]
    lanes.free(queued(2, "a", Promise.LIFE))
    assert taken(lanes, 1.0) == []
    assert lanes.next_at() == 2.0
    assert taken(lanes, 2.0) == [4]


def test_many_that_wait_wake_in_their_order() -> None:
    lanes, pacer = lanes_with(queued(1, "a"), queued(2, "b"), queued(3, "c"))
    pacer.pause("a", 3.0)
    pacer.pause("b", 1.0)
    assert taken(lanes, 0.0) == [3]
    assert lanes.next_at() == 1.0
    assert taken(lanes, 1.0) == [2]
    assert lanes.next_at() == 3.0
    assert taken(lanes, 5.0) == [1]


def test_silence_for_everybody_holds_the_answers_to_presses_too() -> None:
    lanes, pacer = lanes_with(queued(1, "a", press="p"))
    pacer.pause(None, 10.0)
    assert taken(lanes, 9.0) == []
    assert taken(lanes, 10.0) == [1]
    # An answer is said in no chat and costs the chat no pace.
    lanes, pacer = lanes_with(queued(1, "a", press="p"), pace=Pace(per_second=1, per_chat=1.0))
    assert taken(lanes, 0.0) == [1]
    assert (pacer.bot_ready_at(), pacer.chat_ready_at("a")) == (float("-inf"), float("-inf"))


def test_what_was_called_back_costs_nothing_and_lets_the_next_go() -> None:
    spared = queued(1, "a", Promise.LIFE)
    lanes, pacer = lanes_with(spared, queued(2, "a", Promise.CORRECTION), pace=Pace(per_second=1, per_chat=60.0))
    assert taken(lanes, 0.0) == [1]
    lanes.forgo(spared)
    assert taken(lanes, 0.0) == [2]
    # A press that was passed over gives back no pace that it never took.
    press = queued(3, "b", press="p")
    lanes.add(press)
    assert taken(lanes, 0.0) == [3]
    before = pacer.bot_ready_at()
    lanes.forgo(press)
    assert pacer.bot_ready_at() == before == 1.0


def test_a_chat_with_a_new_id_takes_its_queue_along_in_order() -> None:
    busy = queued(1, "a")
    lanes, _pacer = lanes_with(busy, queued(2, "a"), queued(3, "a"), queued(4, "a", press="p"))
    assert taken(lanes) == [1, 4]
    lanes.move("a", "z")
    lanes.move("nowhere", "z")
    (moved,) = lanes.take(0.0, 8)
    assert (moved.id, moved.chat) == (2, ChatId("town", "z"))
    lanes.free(moved)
    assert taken(lanes) == [3]


def test_what_was_put_back_while_more_pressing_came_is_said_once() -> None:
    lanes, _pacer = lanes_with(queued(2, "a"))
    lanes.add(queued(1, "a", Promise.LIFE))
    assert taken(lanes) == [1]
    lanes.free(queued(1, "a", Promise.LIFE))
    assert taken(lanes) == [2]
    lanes.free(queued(2, "a"))
    assert taken(lanes) == []
    assert lanes.next_at() is None
