"""值班: whose day it is, when a day of duty begins and ends by the wall's clock, and who is called where nobody is."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.chat import AccountId, ChatId
from domain.duty import DAY, Gap, Rota, Shift, Turn, Turns, called_first, days_from, first_day
from domain.grid import Grid
from domain.people import Answerer, Role, Rung, Who

A, B, C = Who(1, "张三"), Who(2, "李四"), Who(3, "王五")
MONDAY = date(2026, 7, 20)
FUZHOU, BERLIN, APIA = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Apia")
EVERYBODY = {1, 2, 3}


def weekly(*people: Who) -> Rota:
    return Rota(1, "S", Turns.WEEK, MONDAY, usual=people)


def daily(*people: Who) -> Rota:
    return Rota(1, "S", Turns.DAY, MONDAY, usual=people)


def never(_day: date) -> bool:
    return False


# -- the wall's clock ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "change", "now", "day", "ends"),
    [
        # The night belongs to the evening before it; in Fuzhou 8:00 is midnight of Greenwich.
        (FUZHOU, "08:00", "2026-07-25T07:59:59", "2026-07-24", "2026-07-25T00:00"),
        (FUZHOU, "08:00", "2026-07-25T08:00:00", "2026-07-25", "2026-07-26T00:00"),
        (FUZHOU, "08:00", "2026-07-26T00:00:00", "2026-07-25", "2026-07-26T00:00"),
        (FUZHOU, "00:00", "2026-07-25T00:00:00", "2026-07-25", "2026-07-25T16:00"),
        (FUZHOU, "00:00", "2026-07-25T23:59:59", "2026-07-25", "2026-07-25T16:00"),
        # The ends of months and of the year, and the day that comes every fourth.
        (FUZHOU, "08:00", "2026-08-01T03:00:00", "2026-07-31", "2026-08-01T00:00"),
        (FUZHOU, "08:00", "2027-01-01T07:00:00", "2026-12-31", "2027-01-01T00:00"),
        (FUZHOU, "08:00", "2028-02-28T12:00:00", "2028-02-28", "2028-02-29T00:00"),
        (FUZHOU, "08:00", "2028-02-29T12:00:00", "2028-02-29", "2028-03-01T00:00"),
        # Where the clock is put on, the night of duty is an hour shorter; where it is put back, an hour longer.
        (BERLIN, "08:00", "2026-03-28T23:00:00", "2026-03-28", "2026-03-29T06:00"),
        (BERLIN, "08:00", "2026-10-24T23:00:00", "2026-10-24", "2026-10-25T07:00"),
        # The hour that is skipped comes an hour later; of the hour that comes twice, the first counts.
        (BERLIN, "02:30", "2026-03-29T01:59:00", "2026-03-28", "2026-03-29T01:30"),
        (BERLIN, "02:30", "2026-03-29T03:29:00", "2026-03-28", "2026-03-29T01:30"),
        (BERLIN, "02:30", "2026-03-29T03:30:00", "2026-03-29", "2026-03-30T00:30"),
        (BERLIN, "02:30", "2026-10-25T02:30:00", "2026-10-25", "2026-10-26T01:30"),
        # Samoa had no 30 December in 2011: nobody had that day.
        (APIA, "08:00", "2011-12-29T12:00:00", "2011-12-29", "2011-12-30T18:00"),
        (APIA, "08:00", "2011-12-31T12:00:00", "2011-12-31", "2011-12-31T18:00"),
    ],
)  # fmt: skip
def test_a_day_of_duty_lasts_from_one_change_to_the_next(
    zone: ZoneInfo, change: str, now: str, day: str, ends: str
) -> None:
    shift, at = Shift(time.fromisoformat(change), zone), datetime.fromisoformat(now).replace(tzinfo=zone)
    assert shift.day(at) == date.fromisoformat(day)
    assert shift.next(at) == datetime.fromisoformat(ends).replace(tzinfo=UTC)


def test_the_hour_that_comes_twice_changes_duty_once() -> None:
    shift = Shift(time(2, 30), BERLIN)
    again = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=1)
    assert shift.day(again) == date(2026, 10, 25)
    assert shift.next(again) == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize("zone", [FUZHOU, BERLIN, APIA])
def test_changes_follow_one_another_through_the_years(zone: ZoneInfo) -> None:
    shift, at = Shift(time(2, 30), zone), datetime(2011, 1, 1, tzinfo=UTC)
    for _n in range(3 * 365):
        later = shift.next(at)
        assert timedelta(0) < later - at <= timedelta(hours=49)
        assert shift.day(later) > shift.day(later - timedelta(microseconds=1))
        at = later


# -- whose day it is -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rota", "day", "whose"),
    [
        (weekly(A, B), "2026-07-20", A),
        (weekly(A, B), "2026-07-26", A),
        (weekly(A, B), "2026-07-27", B),
        (weekly(A, B), "2026-08-03", A),
        (weekly(A, B), "2026-07-19", B),
        (weekly(A, B, C), "2027-01-04", A),
        (daily(A, B, C), "2026-07-20", A),
        (daily(A, B, C), "2026-07-31", C),
        (daily(A, B, C), "2026-08-01", A),
        (daily(A, A, B), "2026-07-21", A),
        (daily(), "2026-07-21", None),
        (replace(daily(A), begins=None), "2026-07-21", None),
        (replace(daily(A), days={date(2026, 7, 21): C}), "2026-07-21", C),
        (replace(daily(A), days={date(2026, 7, 21): C}), "2026-07-22", A),
        (replace(daily(A), begins=None, days={date(2026, 7, 21): C}), "2026-07-21", C),
    ],
)
def test_whose_day_it_is(rota: Rota, day: str, whose: Who | None) -> None:
    assert rota.whose(date.fromisoformat(day), holiday=False) == whose


def test_holidays_have_an_order_of_their_own_and_what_was_set_goes_before_it() -> None:
    rota = replace(daily(A), holidays=(B, C), days={date(2026, 10, 2): A})
    first = date(2026, 10, 1)
    assert [rota.whose(first + DAY * n, holiday=n < 3) for n in range(4)] == [C, A, C, A]
    assert replace(rota, holidays=()).whose(first, holiday=True) == A


IN_A_FLOOD = {"flood": (B, C)}


@pytest.mark.parametrize(
    ("rota", "mode", "three_days"),
    [
        (replace(daily(A), modes=IN_A_FLOOD), "flood", [B, C, B]),
        (replace(weekly(A), modes=IN_A_FLOOD), "flood", [B, C, B]),
        (replace(daily(A), modes=IN_A_FLOOD, turns=Turns.CASE), "flood", [B, C, B]),
        (replace(daily(A), modes=IN_A_FLOOD), "fire", [A, A, A]),
        (replace(daily(A), modes=IN_A_FLOOD), "", [A, A, A]),
        (replace(daily(A), modes={"flood": ()}), "flood", [A, A, A]),
        # What was set for one day goes before it, and so does leave.
        (replace(daily(A), modes=IN_A_FLOOD, days={MONDAY + DAY: A}), "flood", [B, A, B]),
        (replace(daily(A), modes=IN_A_FLOOD, away=frozenset({(B.id, MONDAY)})), "flood", [None, C, B]),
    ],
)
@pytest.mark.parametrize("holiday", [False, True])
def test_a_work_mode_may_have_turns_of_its_own(
    rota: Rota, mode: str, three_days: list[Who | None], holiday: bool
) -> None:
    days = days_from(MONDAY, 3)
    assert [rota.in_mode(mode).on_duty(day, holiday, EVERYBODY) for day in days] == three_days


def test_holidays_are_worked_in_the_turns_of_the_mode() -> None:
    rota = replace(daily(A), holidays=(A, B), modes={"flood": (C,)})
    assert rota.in_mode("flood").whose(MONDAY, holiday=True) == C
    assert rota.in_mode("fire").whose(MONDAY, holiday=True) == A


def test_whoever_stands_in_the_list_of_a_mode_stands_in_the_rota() -> None:
    assert replace(daily(A), modes=IN_A_FLOOD).people == {A.id, B.id, C.id}


@pytest.mark.parametrize(
    ("turns", "holder", "first", "goes_on"),
    [
        (Turns.DAY, 1, 1, True),
        (Turns.DAY, 1, 2, False),
        (Turns.DAY, None, None, True),
        (Turns.CASE, None, None, True),
        (Turns.CASE, 2, None, True),
        (Turns.CASE, 3, None, False),
    ],
)
def test_whether_somebody_has_to_be_told(turns: Turns, holder: int | None, first: int | None, goes_on: bool) -> None:
    assert replace(daily(A, B), turns=turns, holder=holder).goes_on(first) is goes_on


@pytest.mark.parametrize(
    ("turns", "day", "begins"),
    [(Turns.WEEK, "2026-07-25", "2026-07-20"), (Turns.WEEK, "2026-07-20", "2026-07-20"), (Turns.DAY, "2026-07-25",
      "2026-07-25"), (Turns.WEEK, "2027-01-01", "2026-12-28")],
)  # fmt: skip
def test_weeks_begin_on_their_monday(turns: Turns, day: str, begins: str) -> None:
    assert first_day(turns, date.fromisoformat(day)) == date.fromisoformat(begins)


def test_turns_ahead_are_weeks_cut_at_today_and_at_what_was_set() -> None:
    rota = replace(weekly(A, B), days={date(2026, 7, 28): C})
    assert rota.turns_ahead(date(2026, 7, 25), never, ahead=9) == [
        Turn(A, date(2026, 7, 25), date(2026, 7, 26)),
        Turn(B, date(2026, 7, 27), date(2026, 7, 27)),
        Turn(C, date(2026, 7, 28), date(2026, 7, 28)),
        Turn(B, date(2026, 7, 29), date(2026, 8, 2)),
    ]
    assert [turn.last - turn.first for turn in daily(A).turns_ahead(MONDAY, never, ahead=3)] == [timedelta(0)] * 3


# -- who is called ---------------------------------------------------------------------------------------------------


def test_of_cases_in_turn_the_next_who_can_be_called_gets_it() -> None:
    rota = Rota(1, "S", Turns.CASE, MONDAY, usual=(A, B, C))

    def after(holder: int | None, here: set[int] = EVERYBODY, **more: object) -> Who | None:
        return replace(rota, holder=holder, **more).on_duty(MONDAY, False, here)  # type: ignore[arg-type]

    assert [after(holder) for holder in (None, 1, 2, 3, 99)] == [A, B, C, A, A]
    assert after(1, {1, 3}) == C
    assert after(1, {1}) == A
    assert after(1, set()) is None
    assert after(1, away=frozenset({(2, MONDAY)})) == C
    assert after(1, away=frozenset({(2, MONDAY + DAY)})) == B
    assert after(1, days={MONDAY: C}) == C


@pytest.mark.parametrize(
    ("rota", "here", "gaps"),
    [
        (daily(A, B), EVERYBODY, []),
        (daily(A, B), {1}, [Gap(MONDAY + DAY, B)]),
        (replace(daily(A), away=frozenset({(1, MONDAY)})), EVERYBODY, [Gap(MONDAY, A)]),
        (replace(daily(), days={MONDAY: C}), EVERYBODY, [Gap(MONDAY + DAY, None), Gap(MONDAY + DAY * 2, None)]),
        (Rota(1, "S", Turns.CASE, MONDAY, usual=(A,)), {2}, [Gap(MONDAY + DAY * n, None) for n in range(3)]),
    ],
)
def test_days_with_nobody_are_found(rota: Rota, here: set[int], gaps: list[Gap]) -> None:
    assert rota.gaps(days_from(MONDAY, 3), never, here) == gaps


def answerer(who: Who, role: Role, reachable: bool = True) -> Answerer:
    return Answerer(
        who.id, who.name, role, AccountId("town", who.name), ChatId("town", who.name) if reachable else None
    )


def rung(code: str, *answerers: Answerer) -> Rung:
    return Rung(Grid(code, code, "", None), answerers, rota=code == "S")


LEADER, DEPUTY = answerer(A, Role.LEADER), answerer(B, Role.DEPUTY)
OFFICER = answerer(C, Role.OFFICER)


@pytest.mark.parametrize(
    ("squad", "above", "rota", "called"),
    [
        ([LEADER, DEPUTY], [OFFICER], daily(B), "李四"),
        ([LEADER, answerer(B, Role.DEPUTY, reachable=False)], [OFFICER], daily(B), "张三"),
        ([LEADER], [OFFICER], daily(B), "张三"),
        ([LEADER, DEPUTY], [OFFICER], replace(daily(B), away=frozenset({(2, MONDAY)})), "张三"),
        ([DEPUTY], [OFFICER], daily(A), "王五"),
        ([LEADER, DEPUTY], [OFFICER], replace(daily(B), away=frozenset({(1, MONDAY), (2, MONDAY)})), "王五"),
        ([LEADER], [OFFICER], replace(daily(A), away=frozenset({(1, MONDAY), (3, MONDAY)})), ""),
        ([], [], daily(A), ""),
    ],
)
def test_nobody_on_duty_the_leader_and_no_leader_the_grid_above(
    squad: list[Answerer], above: list[Answerer], rota: Rota, called: str
) -> None:
    found = called_first([rung("S", *squad), rung("G", *above)], {"S": rota}, MONDAY, holiday=False)
    assert "、".join(a.name for a in found) == called


def test_the_grid_above_is_asked_whose_turn_it_is_there() -> None:
    leader, deputy = answerer(Who(4, "主任"), Role.LEADER), OFFICER
    above = rung("G", leader, replace(deputy, role=Role.DEPUTY))
    rotas = {"S": daily(), "G": replace(daily(C), grid="G")}
    assert [a.name for a in called_first([rung("S"), above], rotas, MONDAY, holiday=False)] == ["王五"]
