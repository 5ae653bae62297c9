"""Who is who in a mediation, what each may see, and what a yes is worth."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.case import Case, State
from domain.chat import ChatId
from domain.facts import Facts
from domain.log import Event
from domain.mediation import (
    ASKED,
    BROKEN_WITHIN,
    CONFIRM_REMINDER,
    CONFIRM_WITHIN,
    MOST_HELPERS,
    SHARED,
    Mediation,
    Party,
    Side,
    View,
    claimant,
    may_hear,
)
from domain.people import Who
from domain.refused import Refused
from domain.visit import ASK_AGAIN, FURTHEST, MOST_ASKS, NOTE_AFTER, Lapse, plan

NOW = datetime(2026, 7, 25, 4, 0, tzinfo=UTC)
LI, ZHAO, ZHANG, WANG = Who(1, "李阿姨"), Who(2, "赵大山"), Who(3, "张队长"), Who(4, "王主任")
BEGUN = Mediation(1, Party(Side.FIRST, LI.name, LI.id), ZHANG)
MET = BEGUN.name_other("赵大山", "").join(ZHAO)
CASE = Case("dispute", "S13", "S13", "占了宅基地", LI, ChatId("town", "g"), NOW, NOW, id=1, responder=ZHANG)


@pytest.mark.parametrize(
    ("person", "state", "answers", "view"),
    [
        (ZHANG, State.ACKNOWLEDGED, True, View.ALL),
        (LI, State.ACKNOWLEDGED, False, View.OWN),
        (ZHAO, State.ACKNOWLEDGED, False, View.OWN),
        (ZHAO, State.REOPENED, True, View.OWN),
        (WANG, State.ACKNOWLEDGED, True, View.OUTLINE),
        (WANG, State.REPORTED, True, View.ASKED),
        (WANG, State.REPORTED, False, View.OUTLINE),
        (WANG, State.CLOSED, True, View.OUTLINE),
    ],
)
def test_what_somebody_may_see(person: Who, state: State, answers: bool, view: View) -> None:
    assert MET.view(replace(CASE, state=state), person.id, answers) is view


def test_who_reports_for_somebody_else_is_no_party() -> None:
    assert claimant(LI, Facts()) == LI.id
    assert claimant(LI, Facts(served="王依姆")) is None
    assert claimant(None, Facts()) is None


@pytest.mark.parametrize("event", Event)
def test_a_side_hears_its_own_steps_and_those_of_nobodys_side(event: Event) -> None:
    assert may_hear(event, LI.id, LI.id)
    assert may_hear(event, ZHAO.id, LI.id) is (event in SHARED)


def test_what_people_said_is_in_no_step_that_others_are_shown() -> None:
    said = {Event.ADDED, Event.NOTED, Event.DISAGREED, Event.FAILED, Event.CANCELLED, Event.INVITED, Event.AGREED}
    assert not said & (SHARED | ASKED)


def test_nobody_is_two_things_at_once() -> None:
    named = BEGUN.name_other("某人", "")
    for who in (LI, ZHANG):
        with pytest.raises(Refused):
            named.join(who)
        with pytest.raises(Refused):
            named.invite(who)
    for who in (LI, ZHAO, ZHANG):
        with pytest.raises(Refused):
            MET.help(who)
    assert MET.help(WANG).mediators == (ZHANG, WANG)
    assert replace(MET, responder=ZHAO).mediators == ()


def test_helpers_have_a_limit() -> None:
    crowd = MET
    for n in range(MOST_HELPERS):
        crowd = crowd.help(Who(10 + n, "帮手"))
    with pytest.raises(Refused):
        crowd.help(Who(99, "又一个"))


def test_with_the_second_yes_it_binds_and_the_court_is_thought_of_in_time() -> None:
    proposed = MET.propose("各让一尺")
    half = proposed.agree(Side.FIRST, 1, NOW)
    assert (half.agreed, half.agreed_at) == (False, None)
    whole = half.agree(Side.OTHER, 1, NOW)
    assert (whole.agreed, whole.agreed_at) == (True, NOW)
    assert whole.due_at == NOW + CONFIRM_WITHIN - CONFIRM_REMINDER
    with pytest.raises(Refused):
        whole.agree(Side.FIRST, 1, NOW)


def test_a_new_text_asks_both_again() -> None:
    again = MET.propose("各让一尺").agree(Side.FIRST, 1, NOW).propose("各让两尺")
    assert [party.agreed for party in again.parties] == [0, 0]
    for version in (0, 1, 3):
        with pytest.raises(Refused):
            again.agree(Side.FIRST, version, NOW)
    assert not again.agree(Side.FIRST, 2, NOW).disagree(Side.FIRST, 2).first.agreed


def test_another_other_side_has_agreed_to_nothing() -> None:
    whole = MET.propose("各让一尺").agree(Side.FIRST, 1, NOW).agree(Side.OTHER, 1, NOW)
    replaced = whole.name_other("别人", "")
    assert not replaced.agreed
    assert replaced.other
    assert replaced.other.person is None


def test_there_is_no_agreement_with_nobody() -> None:
    with pytest.raises(Refused):
        BEGUN.propose("各让一尺")
    with pytest.raises(Refused):
        BEGUN.join(ZHAO)


def test_what_is_broken_binds_nobody_and_stays_to_be_read() -> None:
    whole = MET.help(WANG).propose("各让一尺").agree(Side.FIRST, 1, NOW).agree(Side.OTHER, 1, NOW)
    with pytest.raises(Refused):
        MET.broken(NOW)
    with pytest.raises(Refused):
        whole.broken(NOW + BROKEN_WITHIN + timedelta(days=1))
    broken = whole.broken(NOW + timedelta(days=100))
    assert (broken.agreed, broken.due_at, broken.agreement, broken.helpers) == (False, None, "各让一尺", ())


FUZHOU = NOW.astimezone(ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("hours", "reminded_after"),
    [(27, 6), (51, 30), (5, 3), (20, 6), (1, 1 + 3)],
    ids=["tomorrow at three", "in two days", "this afternoon", "tomorrow at eight", "in an hour"],
)
def test_people_are_reminded_the_evening_before_or_shortly_before(hours: int, reminded_after: int) -> None:
    assert plan(1, FUZHOU + timedelta(hours=hours), "", FUZHOU).due_at == FUZHOU + timedelta(hours=reminded_after)


@pytest.mark.parametrize("at", [FUZHOU, FUZHOU - timedelta(minutes=1), FUZHOU + FURTHEST + timedelta(minutes=1)])
def test_no_visit_is_in_the_past_or_too_far(at: datetime) -> None:
    with pytest.raises(Refused):
        plan(1, at, "", FUZHOU)


def test_a_note_is_asked_for_some_times_and_no_more() -> None:
    visit = plan(1, FUZHOU + timedelta(hours=5), "祠堂", FUZHOU)
    visit, lapse = visit.lapse(FUZHOU + timedelta(hours=3))
    assert (lapse, visit.due_at) == (Lapse.REMIND, visit.at + NOTE_AFTER)
    late, lapse = visit.lapse(visit.at)
    assert (lapse, late) == (Lapse.WAIT, visit)
    moment = visit.at + NOTE_AFTER
    for _n in range(MOST_ASKS):
        visit, lapse = visit.lapse(moment)
        assert lapse is Lapse.ASK
        moment += ASK_AGAIN
    assert visit.due_at is None
    assert visit.noted("谈拢了").note == "谈拢了"
