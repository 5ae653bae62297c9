"""平安: what each step does, whom the next alarm reaches, and what people write to set it."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.chat import AccountId, ChatId
from domain.checkin import (
    ANSWER_WITHIN,
    CLIMBS_AFTER,
    GONE_FOR,
    NOBODY,
    TOLD_AGAIN_AFTER,
    CheckIn,
    Contact,
    Event,
    State,
    next_told,
    standing,
)
from domain.checkin_words import Wish, read
from domain.grid import Grid
from domain.people import Answerer, Role, Rung, Who
from domain.refused import Refused

NOW = datetime(2026, 7, 25, 0, 0, tzinfo=UTC)
FUZHOU = ZoneInfo("Asia/Shanghai")
GRANNY, LEADER, SON = Who(1, "张奶奶"), Who(2, "张队长"), Who(3, "李明")
TOMORROW = NOW + timedelta(days=1)
WAITING = CheckIn("张奶奶", "S13", time(8), LEADER, NOW, GRANNY.id, contact=Contact("李明", "13800000000"))
ASKED = replace(WAITING.ask(NOW), news=())
MISSED = replace(ASKED.miss("S13", NOW), news=())
GONE = replace(MISSED.go(LEADER, NOW), news=())
PAUSED = replace(WAITING.pause(LEADER, TOMORROW, NOW), news=())


@pytest.mark.parametrize(
    ("after", "state", "due_at", "reached", "goer", "event"),
    [
        (WAITING.ask(NOW), State.ASKED, NOW + ANSWER_WITHIN, None, None, Event.ASKED),
        (PAUSED.ask(NOW), State.ASKED, NOW + ANSWER_WITHIN, None, None, Event.ASKED),
        (ASKED.well(GRANNY, TOMORROW, NOW), State.WAITING, TOMORROW, None, None, Event.WELL),
        (ASKED.well(LEADER, TOMORROW, NOW), State.WAITING, TOMORROW, None, None, Event.SEEN),
        (GONE.well(SON, TOMORROW, NOW), State.WAITING, TOMORROW, None, None, Event.SEEN),
        (ASKED.miss("S13", NOW), State.MISSED, NOW + CLIMBS_AFTER, "S13", None, Event.MISSED),
        (MISSED.miss("G3", NOW), State.MISSED, NOW + CLIMBS_AFTER, "G3", None, Event.CLIMBED),
        (MISSED.miss(None, NOW), State.MISSED, NOW + TOLD_AGAIN_AFTER, "S13", None, Event.REMINDED),
        (ASKED.miss(None, NOW), State.MISSED, NOW + TOLD_AGAIN_AFTER, None, None, Event.REMINDED),
        (MISSED.go(LEADER, NOW), State.MISSED, NOW + GONE_FOR, "S13", LEADER, Event.GOING),
        (GONE.go(LEADER, NOW), State.MISSED, NOW + GONE_FOR, "S13", LEADER, Event.GOING),
        (GONE.miss("G3", NOW), State.MISSED, NOW + CLIMBS_AFTER, "G3", None, Event.CLIMBED),
        (WAITING.pause(LEADER, TOMORROW, NOW), State.PAUSED, TOMORROW, None, None, Event.PAUSED),
        (PAUSED.resume(LEADER, TOMORROW, NOW), State.WAITING, TOMORROW, None, None, Event.SET),
        (GONE.end(LEADER, NOW), State.ENDED, None, None, None, Event.ENDED),
    ],
)
def test_each_step(
    after: CheckIn, state: State, due_at: datetime | None, reached: str | None, goer: Who | None, event: Event
) -> None:
    assert (after.state, after.due_at, after.reached, after.goer) == (state, due_at, reached, goer)
    assert [entry.event for entry in after.news] == [event]


def test_a_contact_stays_until_another_is_named_and_goes_with_the_end() -> None:
    again = WAITING.change(time(9), NOBODY, GRANNY.id, GRANNY, NOW, NOW)
    assert (again.hour, again.contact) == (time(9), WAITING.contact)
    assert again.change(time(9), Contact("王强"), 1, GRANNY, NOW, NOW).contact == Contact("王强")
    assert again.end(GRANNY, NOW).contact == NOBODY


@pytest.mark.parametrize(
    "step",
    [
        lambda: WAITING.well(GRANNY, TOMORROW, NOW),
        lambda: PAUSED.well(GRANNY, TOMORROW, NOW),
        lambda: WAITING.go(LEADER, NOW),
        lambda: GONE.go(SON, NOW),
        lambda: WAITING.resume(LEADER, TOMORROW, NOW),
    ],
)
def test_what_cannot_be(step) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(Refused):
        step()


def rung(code: str, *chats: str | None) -> Rung:
    answerers = [
        Answerer(n, "谁", Role.LEADER, AccountId("town", str(n)), ChatId("town", chat) if chat else None)
        for n, chat in enumerate(chats)
    ]
    return Rung(Grid(code, code, "网格", None), tuple(answerers), (ChatId("town", f"{code}群"),))


@pytest.mark.parametrize(
    ("reached", "told"), [(None, "G3"), ("S13", "G3"), ("G3", "V"), ("V", None), ("closed meanwhile", "G3")]
)
def test_whom_the_next_alarm_reaches(reached: str | None, told: str | None) -> None:
    """A group is not enough: nothing of it is said there."""
    found = next_told([rung("S13", None), rung("G3", "王主任"), rung("A"), rung("V", "陈书记")], reached)
    assert (found.grid.code if found else None) == told


@pytest.mark.parametrize(
    ("checkin", "asked_today", "says"),
    [
        (WAITING, False, "下次 08:00"),
        (WAITING, True, "今天报过平安了"),
        (ASKED, True, "问了，还在等"),
        (GONE, True, "没有消息，正在找"),
        (PAUSED, True, "暂停，08:00 接着问"),
    ],
)
def test_how_it_is_with_somebody(checkin: CheckIn, asked_today: bool, says: str) -> None:
    assert standing(checkin, "08:00", asked_today=asked_today) == says


PHONE = "13800000000"


@pytest.mark.parametrize(
    ("words", "wish"),
    [
        ("", Wish("list")),
        ("列表", Wish("list")),
        ("张奶奶 8:00", Wish("set", "张奶奶", hour=time(8))),
        ("张奶奶 8：00", Wish("set", "张奶奶", hour=time(8))),
        ("张奶奶 早上8点", Wish("set", "张奶奶", hour=time(8))),
        ("张奶奶 早上 8点半", Wish("set", "张奶奶", hour=time(8, 30))),
        ("张奶奶 下午3点", Wish("set", "张奶奶", hour=time(15))),
        ("8:00", Wish("set", hour=time(8))),
        ("十三队 张奶奶 8:00", Wish("set", "张奶奶", "十三队", time(8))),
        (f"张奶奶 8:00 家人 李明 {PHONE}", Wish("set", "张奶奶", hour=time(8), contact=Contact("李明", PHONE))),
        ("张奶奶 8:00 家人：李明 138-0000-0000", Wish("set", "张奶奶", hour=time(8), contact=Contact("李明", PHONE))),
        (f"张奶奶 8:00 {PHONE} 李明", Wish("set", "张奶奶", hour=time(8), contact=Contact("李明", PHONE))),
        (f"张奶奶 8:00 家人 {PHONE}", Wish("set", "张奶奶", hour=time(8), contact=Contact("", PHONE))),
        ("张奶奶 8:00 家人 李明", Wish("set", "张奶奶", hour=time(8), contact=Contact("李明"))),
        (f"Mrs Zhang 8:00 am family Li {PHONE}", Wish("set", "Zhang", "Mrs", time(8), contact=Contact("Li", PHONE))),
        ("暂停 张奶奶 到 8月3日", Wish("pause", "张奶奶", until=date(2026, 8, 3))),
        ("暂停 张奶奶 到8月3号", Wish("pause", "张奶奶", until=date(2026, 8, 3))),
        ("暂停 到 明天", Wish("pause", until=date(2026, 7, 26))),
        ("pause Zhang until 2026-08-03", Wish("pause", "Zhang", until=date(2026, 8, 3))),
        ("恢复 张奶奶", Wish("resume", "张奶奶")),
        ("停 十三队 张奶奶", Wish("end", "张奶奶", "十三队")),
        ("停", Wish("end")),
    ],
)
def test_what_people_write(words: str, wish: Wish) -> None:
    assert read(words, NOW.astimezone(FUZHOU)) == wish


@pytest.mark.parametrize(
    "words",
    [
        "张奶奶",
        "张奶奶 25:00",
        "张奶奶 8:00pm3",
        "暂停 张奶奶",
        "暂停 张奶奶 到 哪天",
        "暂停 到 2026-07-25",
        "长" * 21 + " 8:00",
    ],
)
def test_what_nobody_can_mean(words: str) -> None:
    with pytest.raises(Refused):
        read(words, NOW.astimezone(FUZHOU))
