"""A service's limits are kept to from the first second on, and used in full."""

import random

import pytest

from domain.pace import Backoff, Pace, Pacer, Window

TELEGRAM = Pace(30, 1.0, (Window(20),), lambda chat: chat.startswith("-"))


def sent_in(pace: Pace, chats: list[str], seconds: float) -> list[tuple[float, str]]:
    """What leaves when everybody always has something to say; looked at every millisecond."""
    pacer, sent = Pacer(pace), []
    for tick in range(int(seconds * 1000)):
        now = tick / 1000
        for chat in chats:
            if pacer.bot_ready_at() <= now and pacer.chat_ready_at(chat) <= now:
                pacer.sent(chat, now)
                sent.append((now, chat))
    return sent


def busiest(times: list[float], window: float) -> int:
    return max(sum(1 for t in times if start <= t < start + window) for start in times)


def test_thirty_a_second_smooth_from_the_first_second() -> None:
    times = [at for at, _chat in sent_in(TELEGRAM, [str(n) for n in range(100)], 5)]
    assert 145 <= len(times) <= 151
    assert busiest(times, 1.0) <= 31
    assert sum(1 for t in times if t < 0.1) <= 4


def test_one_a_second_in_a_chat() -> None:
    times = [at for at, _chat in sent_in(TELEGRAM, ["7"], 5)]
    assert times == [0.0, 1.0, 2.0, 3.0, 4.0]


def test_twenty_in_any_minute_in_a_group_and_a_fifth_of_them_for_alerts() -> None:
    times = [at for at, _chat in sent_in(TELEGRAM, ["-7"], 130)]
    assert busiest(times, 60.0) == 16
    assert len(times) >= 40
    pacer = Pacer(TELEGRAM)
    for second in range(16):
        pacer.sent("-7", float(second))
    assert pacer.chat_ready_at("-7") == 60.0
    for second in range(16, 20):
        assert pacer.chat_ready_at("-7", pressing=True) == second
        pacer.sent("-7", float(second))
    assert pacer.chat_ready_at("-7", pressing=True) == 60.0


def test_what_a_busy_machine_loses_is_made_up_for_and_no_second_gets_fuller() -> None:
    """Every tenth time the pump is woken up to a tenth of a second late."""
    dice, pacer, now, times = random.Random(1), Pacer(TELEGRAM), 0.0, []
    while now < 60:
        while pacer.bot_ready_at() <= now:
            pacer.sent(f"c{len(times)}", now)
            times.append(now)
        now = pacer.bot_ready_at() + (dice.random() / 10 if dice.random() < 0.1 else 0.0)
    assert len(times) >= 60 * 30 * 0.97
    assert busiest(times, 1.0) <= 30


def test_a_late_look_does_not_save_up_pace() -> None:
    pacer = Pacer(TELEGRAM)
    pacer.sent("1", 0.0)
    sent = 0
    while pacer.bot_ready_at() <= 10.0:
        pacer.sent(f"c{sent}", 10.0)
        sent += 1
    assert sent <= 2


def test_a_pause_holds_one_chat_or_all() -> None:
    pacer = Pacer(TELEGRAM)
    pacer.pause("-7", 30.0)
    assert pacer.chat_ready_at("-7") == 30.0
    assert pacer.chat_ready_at("-8") < 0
    pacer.pause(None, 20.0)
    assert pacer.bot_ready_at() == 20.0


def test_a_service_that_fails_is_asked_ever_more_rarely_and_what_fails_together_is_one_failure() -> None:
    backoff, now, waits = Backoff(), 0.0, []
    for _try in range(8):
        until = {backoff.until(now + n / 1000) for n in range(8)}
        waits.append(max(until) - now)
        assert len(until) == 1, "eight were under way, and the line broke once"
        now = max(until)
    assert waits == [1, 2, 4, 8, 16, 30, 30, 30]
    backoff.over()
    assert backoff.until(now) == now + 1


def test_without_limits_nothing_waits() -> None:
    assert len(sent_in(Pace(), ["1"], 0.1)) == 100


GROUPS = Pace(10, 2.0, (Window(2),), lambda chat: chat.startswith("-"))


def test_to_the_moment_when_each_may_speak_again() -> None:
    pacer = Pacer(GROUPS)
    assert (pacer.bot_ready_at(), pacer.chat_ready_at("-7"), pacer.silent_until()) == (float("-inf"),) * 3
    pacer.sent("-7", 100.0)
    assert (pacer.bot_ready_at(), pacer.chat_ready_at("-7")) == (pytest.approx(100.1), 102.0)
    pacer.sent("9", 100.1)
    assert pacer.bot_ready_at() == pytest.approx(100.2)
    pacer.sent("-7", 102.0)
    # The second of two in a minute: the next when the first is a minute old.
    assert pacer.chat_ready_at("-7") == 160.0
    pacer.sent("-7", 160.0)
    assert pacer.chat_ready_at("-7") == 162.0
    pacer.sent("8", 200.0)
    pacer.sent("8", 202.0)
    assert pacer.chat_ready_at("8") == 204.0
    assert pacer.chat_ready_at("-9") == float("-inf")


def test_what_did_not_leave_gives_its_pace_back() -> None:
    pacer = Pacer(GROUPS)
    pacer.sent("-7", 100.0)
    pacer.sent("-7", 102.0)
    pacer.sent("9", 102.0)
    assert pacer.bot_ready_at() == pytest.approx(102.2)
    pacer.unsaid("9")
    pacer.unsaid("-7")
    assert pacer.bot_ready_at() == pytest.approx(102.0)
    assert pacer.chat_ready_at("9") == float("-inf")
    assert pacer.chat_ready_at("-7") == float("-inf")
    pacer.sent("-7", 103.0)
    assert pacer.chat_ready_at("-7") == 160.0
    pacer.unsaid("-never")
    pacer.unsaid("8")
    assert pacer.chat_ready_at("-7") == 160.0
    free = Pacer(Pace())
    free.unsaid("8")
    assert free.bot_ready_at() == float("-inf")


def test_a_pause_is_never_shortened() -> None:
    pacer = Pacer(Pace())
    pacer.pause("-7", 30.0)
    pacer.pause("-7", 20.0)
    assert pacer.chat_ready_at("-7") == 30.0
    pacer.pause("-7", 40.0)
    assert pacer.chat_ready_at("-7") == 40.0
    pacer.pause(None, 30.0)
    pacer.pause(None, 20.0)
    assert (pacer.bot_ready_at(), pacer.silent_until()) == (30.0, 30.0)
    assert pacer.chat_ready_at("-8") == float("-inf")


def test_a_service_that_counts_groups_leaves_private_chats_alone() -> None:
    pacer = Pacer(Pace(windows=(Window(1),), counted=lambda chat: chat.startswith("-")))
    pacer.sent("7", 0.0)
    assert pacer.chat_ready_at("7") == float("-inf")


def test_a_chat_may_have_a_minute_and_an_hour() -> None:
    """As WeCom has: 30 a minute and 1,000 an hour in each chat; a fifth of both is kept for alerts."""
    pace = Pace(windows=(Window(30), Window(1000, 3600.0)))
    times = [at for at, _chat in sent_in_steps(pace, "g", 2 * 3600)]
    assert busiest(times, 60.0) == 24
    assert busiest(times, 3600.0) == 800
    pacer = Pacer(pace)
    for n in range(800):
        pacer.sent("g", 3.0 * n)
    assert pacer.chat_ready_at("g") == 3600.0
    assert pacer.chat_ready_at("g", pressing=True) <= 2400.0


def sent_in_steps(pace: Pace, chat: str, seconds: int) -> list[tuple[float, str]]:
    """The same for one chat over hours, looked at every second."""
    pacer, sent = Pacer(pace), []
    for now in map(float, range(seconds)):
        while pacer.chat_ready_at(chat) <= now:
            pacer.sent(chat, now)
            sent.append((now, chat))
    return sent
