"""When it is night, and what can wait for the morning."""

from dataclasses import replace
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from domain.case import Case, open_case
from domain.chat import Answer, Attachment, ChatId, Medium, Outgoing, Promise, Send, Withdraw
from domain.facts import Facts
from domain.kinds import Kinds
from domain.quiet import QuietHours, parted
from domain.settings import Settings

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


KINDS = Kinds()
HERE, THERE = ChatId("town", "here"), ChatId("town", "there")


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


def waiting(kind: str, reported_at: str, *attachments: Attachment, danger: bool = False) -> Case:
    moment = datetime.fromisoformat(reported_at)
    facts = Facts(danger=danger)
    return open_case(KINDS[kind], "S13", "S13", "", None, HERE, moment, attachments=attachments, facts=facts)


EVENING, MORNING = "2026-07-25T21:30:00+08:00", "2026-07-26T06:00:00+08:00"


@pytest.mark.parametrize(
    ("case", "lapses_at"),
    [
        (waiting("repair", EVENING), MORNING),
        (waiting("repair", "2026-07-26T03:00:00+08:00"), MORNING),
        (waiting("repair", "2026-07-25T20:30:00+08:00"), "2026-07-25T21:30:00+08:00"),
        (waiting("repair", "2026-07-26T05:30:00+08:00"), "2026-07-26T06:30:00+08:00"),
        # A danger never waits, whatever kind it is; nor does a voice that nobody has heard.
        (waiting("repair", EVENING, danger=True), "2026-07-25T22:30:00+08:00"),
        (waiting("repair", EVENING, Attachment("town", "v", Medium.VOICE)), "2026-07-25T22:30:00+08:00"),
        (waiting("repair", EVENING, Attachment("town", "p")), MORNING),
        (waiting("flood", "2026-07-25T23:00:00+08:00"), "2026-07-25T23:15:00+08:00"),
        (waiting("fire_gas", "2026-07-25T23:00:00+08:00"), "2026-07-25T23:05:00+08:00"),
    ],
)
def test_when_a_promise_lapses(case: Case, lapses_at: str) -> None:
    assert Settings(timezone=FUZHOU, quiet=NIGHT).lapses_at(case) == datetime.fromisoformat(lapses_at)
    assert Settings(timezone=FUZHOU).lapses_at(case) == case.due_at


def test_what_turns_out_to_be_a_danger_waits_for_no_morning() -> None:
    moment = datetime.fromisoformat("2026-07-26T02:00:00+08:00")
    slept = replace(waiting("repair", EVENING), due_at=datetime.fromisoformat(MORNING))
    assert slept.learn(Facts(place="3栋"), KINDS["repair"], moment).due_at == slept.due_at
    assert slept.learn(Facts(danger=True), KINDS["repair"], moment).due_at == moment + KINDS["repair"].acknowledge
