"""超时: when a promise lapses, to whom a case climbs, how often who hears of it, and who is told at each level."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.case import LONGEST_SILENCE, Case, Event, Rating, State, open_case
from domain.chat import AccountId, Attachment, ChatId, Medium
from domain.escalation import first_to_answer, hearers, next_above
from domain.facts import NOTHING_SAID
from domain.grid import Grid
from domain.kinds import LOST_PERSON, HearsFirst, Kind, Kinds, Urgency
from domain.people import Answerer, Role, Rung, Who
from domain.refused import Refused

NOON = datetime(2026, 7, 25, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
KIND = Kind("repair", "报修", acknowledge=HOUR, resolve=24 * HOUR)
GROUP, PRIVATE = ChatId("town", "十三队群"), ChatId("town", "李阿姨")
REPORTER, LEADER, ABOVE = Who(1, "李阿姨"), Who(2, "张队长"), Who(3, "王主任")

CASE = replace(open_case(KIND, "S", "S", "路灯坏了", REPORTER, GROUP, NOON), id=12, news=())
TAKEN = replace(CASE.acknowledge(LEADER, KIND, NOON), news=())
DONE = replace(TAKEN.resolve("换了灯泡", LEADER, 72 * HOUR, NOON), news=())


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as why:
        act()
    return why.value.sentence


# -- the promise lapses ----------------------------------------------------------------------------------------------


def test_nobody_took_it_and_it_climbs_with_a_clock_of_its_own() -> None:
    later = CASE.lapse("G", KIND, NOON + HOUR)
    assert (later.grid, later.state, later.stalled, later.reminded) == ("G", State.REPORTED, False, 0)
    assert later.due_at == NOON + 2 * HOUR
    (line,) = later.news
    assert (line.event, line.at, line.by, line.grid) == (Event.CLIMBED, NOON + HOUR, None, "G")


def test_whoever_took_it_is_reminded_once_and_then_it_climbs_over_them() -> None:
    reminded = TAKEN.lapse("G", KIND, NOON + 24 * HOUR)
    assert (reminded.grid, reminded.responder, reminded.reminded, reminded.stalled) == ("S", LEADER, 1, False)
    assert reminded.due_at == NOON + 25 * HOUR
    assert reminded.news[-1].event is Event.REMINDED
    climbed = reminded.lapse("G", KIND, NOON + 25 * HOUR)
    assert (climbed.grid, climbed.responder, climbed.reminded, climbed.stalled) == ("G", LEADER, 0, True)
    assert climbed.due_at == NOON + 26 * HOUR
    assert climbed.news[-1].event is Event.CLIMBED
    # It climbs on, over every level, and nobody is reminded a second time below.
    assert climbed.lapse("V", KIND, NOON + 26 * HOUR).grid == "V"


@pytest.mark.parametrize(
    ("reminded", "hours"), [(0, 1), (1, 2), (2, 4), (3, 8), (4, 16), (5, 24), (6, 24), (60, 24), (2_000, 24)]
)
def test_at_the_top_reminders_come_ever_more_rarely_but_daily(reminded: int, hours: int) -> None:
    later = replace(CASE, reminded=reminded).lapse(None, KIND, NOON)
    assert (later.grid, later.state, later.reminded) == ("S", State.REPORTED, reminded + 1)
    assert later.due_at == NOON + hours * HOUR
    assert later.news[-1].event is Event.REMINDED


def test_a_clock_longer_than_a_day_is_not_shortened_by_reminders() -> None:
    slow = replace(KIND, acknowledge=48 * HOUR)
    assert CASE.lapse(None, slow, NOON).due_at == NOON + 48 * HOUR
    assert LONGEST_SILENCE == 24 * HOUR


def test_a_reporter_who_says_nothing_closes_it() -> None:
    closed = DONE.lapse("G", KIND, NOON + 72 * HOUR)
    assert (closed.state, closed.due_at, closed.grid) == (State.CLOSED, None, "S")
    (line,) = closed.news
    assert (line.event, line.by, line.at) == (Event.CLOSED, None, NOON + 72 * HOUR)


# -- people move it --------------------------------------------------------------------------------------------------


def test_too_big_for_this_level() -> None:
    lifted = TAKEN.escalate("G", LEADER, KIND, NOON + HOUR)
    assert (lifted.state, lifted.grid, lifted.responder, lifted.stalled) == (State.REPORTED, "G", None, False)
    assert lifted.due_at == NOON + 2 * HOUR
    (line,) = lifted.news
    assert (line.event, line.at, line.by, line.grid) == (Event.ESCALATED, NOON + HOUR, LEADER, "G")
    assert "没有能接的网格" in refused(lambda: TAKEN.escalate(None, LEADER, KIND, NOON))


def test_what_climbed_over_its_responder_is_taken_by_another_and_not_by_them_again() -> None:
    stalled = replace(TAKEN, stalled=True, grid="G")
    over = stalled.acknowledge(ABOVE, KIND, NOON + HOUR)
    assert (over.state, over.responder, over.stalled, over.due_at) == (
        State.ACKNOWLEDGED, ABOVE, False, NOON + 25 * HOUR,
    )  # fmt: skip
    assert (over.news[0].event, over.news[0].by, over.news[0].at) == (Event.ACKNOWLEDGED, ABOVE, NOON + HOUR)
    assert "张队长 已接单" in refused(lambda: stalled.acknowledge(LEADER, KIND, NOON))
    assert "张队长 已接单" in refused(lambda: TAKEN.acknowledge(ABOVE, KIND, NOON))
    assert "不用接单" in refused(lambda: CASE.acknowledge(ABOVE, replace(KIND, hears_first=HearsFirst.MAILBOX), NOON))


def test_somebody_is_named_and_it_is_given_back() -> None:
    given = replace(CASE, stalled=True).assign(ABOVE, LEADER, KIND, NOON)
    assert (given.state, given.responder, given.stalled, given.due_at) == (
        State.ACKNOWLEDGED, ABOVE, False, NOON + 24 * HOUR,
    )  # fmt: skip
    assert (given.news[0].event, given.news[0].by, given.news[0].detail) == (Event.ASSIGNED, LEADER, "王主任")
    assert "已经由 王主任 处置" in refused(lambda: given.assign(ABOVE, LEADER, KIND, NOON))
    back = replace(given, stalled=True).give_back(ABOVE, KIND, NOON + HOUR)
    assert (back.state, back.responder, back.stalled, back.due_at) == (State.REPORTED, None, False, NOON + 2 * HOUR)
    assert (back.news[-1].event, back.news[-1].by, back.news[-1].at) == (Event.GIVEN_BACK, ABOVE, NOON + HOUR)
    assert "不在您手上" in refused(lambda: given.give_back(LEADER, KIND, NOON))
    assert "不在您手上" in refused(lambda: CASE.give_back(LEADER, KIND, NOON))


def test_done_and_the_reporter_has_the_last_word() -> None:
    done = CASE.resolve("换了灯泡", LEADER, 72 * HOUR, NOON)
    assert (done.state, done.responder, done.outcome, done.due_at) == (
        State.RESOLVED, LEADER, "换了灯泡", NOON + 72 * HOUR,
    )  # fmt: skip
    assert (done.news[0].event, done.news[0].by, done.news[0].words) == (Event.RESOLVED, LEADER, "换了灯泡")
    assert TAKEN.resolve("好了", ABOVE, HOUR, NOON).responder == LEADER
    rated = DONE.rate(Rating.SATISFIED, REPORTER, "G", KIND, NOON)
    assert (rated.state, rated.rating, rated.due_at, rated.grid) == (State.CLOSED, Rating.SATISFIED, None, "S")
    assert (rated.news[0].event, rated.news[0].by, rated.news[0].detail) == (Event.RATED, REPORTER, "satisfied")
    assert "上报人自己" in refused(lambda: DONE.rate(Rating.SATISFIED, LEADER, "G", KIND, NOON))
    assert "不用评价" in refused(lambda: TAKEN.rate(Rating.SATISFIED, REPORTER, "G", KIND, NOON))


@pytest.mark.parametrize(("above", "grid"), [("G", "G"), (None, "S")])
def test_not_solved_goes_one_level_up_as_a_thing_of_its_own(above: str | None, grid: str) -> None:
    back = replace(DONE, stalled=True).rate(Rating.UNSOLVED, REPORTER, above, KIND, NOON)
    assert (back.state, back.grid, back.rating) == (State.REOPENED, grid, Rating.UNSOLVED)
    assert (back.responder, back.stalled, back.merged_into, back.alone) == (None, False, None, True)
    assert back.due_at == NOON + HOUR
    (line,) = back.news
    assert (line.event, line.at, line.by, line.grid) == (Event.REOPENED, NOON, REPORTER, grid)


@pytest.mark.parametrize(("above", "grid"), [("G", "G"), (None, "S")])
def test_what_was_agreed_and_is_not_kept_goes_up_with_all_that_happened(above: str | None, grid: str) -> None:
    broken = replace(DONE, rating=Rating.SATISFIED).broken("又堵上了", LEADER, above, KIND, NOON)
    assert (broken.state, broken.grid, broken.responder, broken.rating) == (State.REOPENED, grid, None, None)
    assert broken.due_at == NOON + HOUR
    (line,) = broken.news
    assert (line.event, line.by, line.words, line.grid) == (Event.BROKEN, LEADER, "又堵上了", grid)
    for state in (State.REPORTED, State.ACKNOWLEDGED, State.REOPENED, State.MERGED, State.CANCELLED):
        still = replace(DONE, state=state)
        assert "还没有办结" in refused(lambda s=still: s.broken("", LEADER, "G", KIND, NOON))


def test_its_grid_was_closed_and_the_clock_goes_on() -> None:
    moved = CASE.rehome("G", NOON + HOUR / 2)
    assert (moved.grid, moved.due_at, moved.news[0].event, moved.news[0].grid) == (
        "G", NOON + HOUR, Event.REHOMED, "G",
    )  # fmt: skip


def test_what_could_not_be_told_is_a_line_and_changes_nothing() -> None:
    reminded = replace(CASE, reminded=3)
    told = reminded.unreached("十三队群", NOON)
    assert (told.due_at, told.reminded, told.state) == (CASE.due_at, 3, State.REPORTED)
    assert (told.news[0].event, told.news[0].detail, told.news[0].by) == (Event.UNREACHED, "十三队群", None)
    # Any real step begins to count anew.
    assert reminded.acknowledge(LEADER, KIND, NOON).reminded == 0


@pytest.mark.parametrize("state", [State.RESOLVED, State.CLOSED, State.CANCELLED, State.MERGED])
def test_what_is_over_is_not_moved(state: State) -> None:
    over = replace(CASE, state=state, merged_into=7 if state is State.MERGED else None)
    steps = [
        lambda: over.acknowledge(LEADER, KIND, NOON), lambda: over.assign(LEADER, LEADER, KIND, NOON),
        lambda: over.escalate("G", LEADER, KIND, NOON), lambda: over.give_back(LEADER, KIND, NOON),
        lambda: over.resolve("", LEADER, HOUR, NOON), lambda: over.merge(CASE, LEADER, NOON),
    ]  # fmt: skip
    why = "已并入 #7" if state is State.MERGED else "不能再改"
    assert all(why in refused(step) for step in steps)


# -- what turns out to be urgent does not wait ----------------------------------------------------------------------


def test_a_danger_found_late_makes_the_clock_shorter_and_never_longer() -> None:
    danger = replace(NOTHING_SAID, danger=True)
    waiting = replace(CASE, due_at=NOON + 9 * HOUR)
    hurried = waiting.correct(danger, LEADER, "有人被困", KIND, NOON)
    assert (hurried.due_at, hurried.facts.danger) == (NOON + HOUR, True)
    assert (hurried.news[0].event, hurried.news[0].words) == (Event.CORRECTED, "有人被困")
    assert replace(CASE, due_at=NOON + HOUR / 4).correct(danger, LEADER, "", KIND, NOON).due_at == NOON + HOUR / 4
    taken = replace(TAKEN, due_at=NOON + 99 * HOUR)
    assert taken.correct(danger, LEADER, "", KIND, NOON).due_at == NOON + 24 * HOUR
    # What was urgent before, or is owed no more, keeps its time.
    assert replace(waiting, facts=danger).correct(danger, LEADER, "", KIND, NOON).due_at == NOON + 9 * HOUR
    assert replace(DONE, facts=danger).hurried(DONE, KIND, NOON).due_at == DONE.due_at
    assert replace(waiting, due_at=None, facts=danger).hurried(waiting, KIND, NOON).due_at is None


@pytest.mark.parametrize(
    ("urgency", "danger", "medium", "urgent", "waits"),
    [
        (Urgency.ROUTINE, False, None, False, True),
        (Urgency.ROUTINE, True, None, True, False),
        (Urgency.URGENT, False, None, True, False),
        (Urgency.LIFE, False, None, True, False),
        (Urgency.ROUTINE, False, Medium.PHOTO, False, True),
        (Urgency.ROUTINE, False, Medium.VOICE, False, False),
    ],
)
def test_what_can_wait_for_the_morning(
    urgency: Urgency, danger: bool, medium: Medium | None, urgent: bool, waits: bool
) -> None:
    kept = (Attachment("town", "f", medium),) if medium else ()
    case = replace(CASE, facts=replace(NOTHING_SAID, danger=danger), attachments=kept)
    kind = replace(KIND, urgency=urgency)
    assert (case.urgent(kind), case.can_wait(kind)) == (urgent, waits)


# -- who hears -------------------------------------------------------------------------------------------------------


def rung(code: str, *people: tuple[Role, str | None], group: str = "") -> Rung:
    told = tuple(
        Answerer(n, f"{role}{n}", role, AccountId("town", str(n)), ChatId("town", chat) if chat else None)
        for n, (role, chat) in enumerate(people)
    )
    return Rung(Grid(code, code, "级", None), told, (ChatId("town", group),) if group else ())


SQUAD = rung("S", (Role.LEADER, "张队长"), group="十三队群")
EMPTY = rung("A", group="一片群")
GRID = rung("G", (Role.DEPUTY, None), group="三网格群")
VILLAGE = rung("V", (Role.OFFICER, "陈书记"))
DEAF = rung("T", (Role.OFFICER, None))
PATH = (SQUAD, EMPTY, GRID, VILLAGE, DEAF)


@pytest.mark.parametrize(
    ("grid", "above"), [("S", GRID), ("A", GRID), ("G", VILLAGE), ("V", None), ("T", None), ("closed", SQUAD)]
)
def test_it_climbs_over_every_grid_that_has_nobody(grid: str, above: Rung | None) -> None:
    assert next_above(PATH, grid) == above


@pytest.mark.parametrize(
    ("path", "hears_first", "first"),
    [
        (PATH, HearsFirst.SQUAD, SQUAD),
        (PATH, HearsFirst.LEADERS, SQUAD),
        (PATH, HearsFirst.OFFICERS, VILLAGE),
        (PATH, HearsFirst.MAILBOX, VILLAGE),
        (PATH[1:], HearsFirst.SQUAD, GRID),
        ((SQUAD, GRID), HearsFirst.OFFICERS, SQUAD),
        ((EMPTY, DEAF), HearsFirst.SQUAD, None),
    ],
)
def test_where_a_new_case_starts(path: tuple[Rung, ...], hears_first: HearsFirst, first: Rung | None) -> None:
    assert first_to_answer(path, replace(KIND, hears_first=hears_first)) == first


@pytest.mark.parametrize(
    ("kind", "origin", "heard"),
    [
        (KIND, "S", ["十三队群", "张队长"]),
        (KIND, "elsewhere", ["十三队群", "张队长"]),
        (replace(KIND, hears_first=HearsFirst.LEADERS), "S", ["张队长"]),
        (replace(KIND, hears_first=HearsFirst.MAILBOX), "S", []),
        (Kinds()[LOST_PERSON], "S", ["十三队群", "张队长"]),
        (Kinds()[LOST_PERSON], "elsewhere", ["张队长"]),
    ],
)
def test_who_is_told_of_it_at_once(kind: Kind, origin: str, heard: list[str]) -> None:
    assert [chat.chat for chat in hearers(SQUAD, kind, origin)] == heard
    assert hearers(None, kind, origin) == ()


def test_a_new_case_knows_all_that_was_said_of_it() -> None:
    kept = (Attachment("town", "p"),)
    case: Case = open_case(
        KIND, "S", "G", "灯", REPORTER, PRIVATE, NOON, "m1", kept, None, NOTHING_SAID, True, "灯、坏", False, "V"
    )
    assert (case.kind, case.origin, case.grid, case.text, case.reporter) == ("repair", "S", "G", "灯", REPORTER)
    assert (case.reported_in, case.reported_at, case.heard_at, case.due_at) == (PRIVATE, NOON, NOON, NOON + HOUR)
    assert (case.report_message, case.attachments, case.discreet, case.anonymous) == ("m1", kept, True, False)
    assert (case.vicinity, case.facts, case.state) == ("V", NOTHING_SAID, State.REPORTED)
    (line,) = case.news
    assert (line.event, line.at, line.by, line.grid, line.words) == (Event.REPORTED, NOON, REPORTER, "S", "灯、坏")
