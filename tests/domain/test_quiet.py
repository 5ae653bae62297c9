"""When it is night, and what can wait for the morning."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.case import Case, open_case
from domain.chat import Answer, Attachment, ChatId, Medium, Outgoing, Promise, Send, Withdraw
from domain.facts import Facts
from domain.kinds import Kinds
from domain.quiet import Night, QuietHours, parted

NIGHT, NAP = QuietHours(time(22), time(6)), QuietHours(time(12, 30), time(14))
FUZHOU, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("hours", "zone", "now", "until"),
    [
        (NIGHT, FUZHOU, "2026-07-25T21:59:59+08:00", None),
        (NIGHT, FUZHOU, "2026-07-25T22:00:00+08:00", "2026-07-26T06:00:00+08:00"),
        (NIGHT, FUZHOU, "2026-07-25T23:59:59+08:00", "2026-07-26T06:00:00+08:00"),
        (NIGHT, FUZHOU, "2026-07-26T00:00:00+08:00", "2026-07-26T06:00:00+08:00"),
        (NIGHT, FUZHOU, "2026-07-26T05:59:59+08:00", "2026-07-26T06:00:00+08:00"),
        (NIGHT, FUZHOU, "2026-07-26T06:00:00+08:00", None),
        (NIGHT, FUZHOU, "2026-12-31T23:00:00+08:00", "2027-01-01T06:00:00+08:00"),
        # The same moment is night in one village and day in another.
        (NIGHT, FUZHOU, "2026-07-25T16:00:00+00:00", "2026-07-25T22:00:00+00:00"),
        (NIGHT, UTC, "2026-07-25T16:00:00+00:00", None),
        (NAP, FUZHOU, "2026-07-25T12:00:00+08:00", None),
        (NAP, FUZHOU, "2026-07-25T13:00:00+08:00", "2026-07-25T14:00:00+08:00"),
        (NAP, FUZHOU, "2026-07-25T14:00:00+08:00", None),
        # Nights in which the clock is put on or back an hour are an hour shorter or longer.
        (NIGHT, BERLIN, "2026-03-28T22:30:00+01:00", "2026-03-29T06:00:00+02:00"),
        (NIGHT, BERLIN, "2026-10-24T22:30:00+02:00", "2026-10-25T06:00:00+01:00"),
        # An end that does not exist that day is when the clock has jumped over it.
        (QuietHours(time(22), time(2, 30)), BERLIN, "2026-03-29T01:59:00+01:00", "2026-03-29T03:30:00+02:00"),
        # An end that comes twice: each time it is over at the next one, never in the past.
        (QuietHours(time(22), time(2, 30)), BERLIN, "2026-10-25T02:15:00+02:00", "2026-10-25T02:30:00+02:00"),
        (QuietHours(time(22), time(2, 30)), BERLIN, "2026-10-25T02:15:00+01:00", "2026-10-25T02:30:00+01:00"),
    ],
)  # fmt: skip
def test_until_when_it_is_quiet(hours: QuietHours, zone: ZoneInfo, now: str, until: str | None) -> None:
    ends = hours.until(datetime.fromisoformat(now), zone)
    assert ends == (datetime.fromisoformat(until) if until else None)


@pytest.mark.parametrize(
    ("now", "within", "promised"),
    [
        ("2026-07-25T12:00", timedelta(hours=1), "2026-07-25T13:00"),
        ("2026-07-25T21:00", timedelta(hours=1), "2026-07-26T06:00"),
        ("2026-07-25T21:30", timedelta(hours=1), "2026-07-26T06:00"),
        ("2026-07-25T23:00", timedelta(hours=1), "2026-07-26T07:00"),
        ("2026-07-26T05:59", timedelta(hours=1), "2026-07-26T07:00"),
        ("2026-07-26T06:00", timedelta(hours=1), "2026-07-26T07:00"),
        # A night that is only passed through is a part of the day that was promised.
        ("2026-07-25T12:00", timedelta(hours=24), "2026-07-26T12:00"),
        ("2026-07-25T23:00", timedelta(hours=24), "2026-07-27T06:00"),
        ("2026-07-25T23:00", timedelta(days=7), "2026-08-02T06:00"),
    ],
)
def test_what_is_routine_begins_and_lapses_by_day(now: str, within: timedelta, promised: str) -> None:
    kinds = Kinds().resting(Night(NIGHT, FUZHOU))
    said, until = (datetime.fromisoformat(f"{moment}:00+08:00") for moment in (now, promised))
    assert kinds["repair"].promised(within, said) == until
    for urgent in ("flood", "lost_person", "fire_gas", "help"):
        assert kinds[urgent].promised(within, said) == said + within
    assert Kinds()["repair"].promised(within, said) == said + within


HERE, THERE = ChatId("town", "here"), ChatId("town", "there")


RESTING = Kinds().resting(Night(NIGHT, FUZHOU))
LATE = datetime.fromisoformat("2026-07-25T23:00:00+08:00")
SEVEN = datetime.fromisoformat("2026-07-26T07:00:00+08:00")


def cat(*attachments: Attachment, danger: bool = False) -> Case:
    facts = Facts(danger=danger)
    return open_case(RESTING["other"], "S13", "S13", "", None, HERE, LATE, attachments=attachments, facts=facts)


@pytest.mark.parametrize(
    ("case", "rests"),
    [
        (cat(), True),
        (cat(Attachment("town", "p")), True),
        (cat(danger=True), False),
        (cat(Attachment("town", "v", Medium.VOICE)), False),
    ],
)
def test_a_danger_and_a_voice_never_wait(case: Case, rests: bool) -> None:
    assert case.due_at == (SEVEN if rests else LATE + timedelta(hours=1))
    at_two = LATE + timedelta(hours=3)
    known = replace(case, facts=Facts(danger=True)).hurried(case, RESTING["other"], at_two)
    assert known.due_at == (at_two + timedelta(hours=1) if rests else case.due_at)
    known = replace(case, facts=Facts(place="3 栋")).hurried(case, RESTING["other"], at_two)
    assert known.due_at == case.due_at


@pytest.mark.parametrize(
    ("outs", "held"),
    [
        ([Send(HERE, "told")], []),
        ([Send(THERE, "told")], [0]),
        ([Send(THERE, "a card", promise=Promise.CARD, card="case:1"), Send(HERE, "told")], [0]),
        ([Send(THERE, "a digest", promise=Promise.DIGEST)], [0]),
        ([Send(THERE, "danger", promise=Promise.LIFE)], []),
        ([Send(THERE, "all clear", promise=Promise.CORRECTION)], []),
        ([Send(THERE, "urgent, and somebody has it", promise=Promise.CARD, wakes=True)], []),
        # What is said along with it tells of the same thing.
        ([Send(THERE, "danger", promise=Promise.LIFE), Send(THERE, "where it is")], []),
        ([Answer(THERE, "p1", "done"), Send(THERE, "told")], [1]),
        ([Withdraw(THERE, "search:1")], []),
    ],
)
def test_what_can_wait(outs: list[Outgoing], held: list[int]) -> None:
    said, waiting = parted(outs, {HERE})
    assert waiting == [outs[n] for n in held]
    assert said == [out for out in outs if out not in waiting]
