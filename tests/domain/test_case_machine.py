"""No order of presses, deadlines and repeats brings a case where it must not be."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from domain.case import MOST_ATTACHMENTS, OPEN, VERIFY_WITHIN, Case, Event, Rating, State, open_case
from domain.chat import Attachment, ChatId
from domain.facts import Facts
from domain.kinds import DEFAULTS
from domain.people import Who
from domain.refused import Refused

REPORTER, *LEADERS = (Who(n, name) for n, name in enumerate(["李阿姨", "张队长", "王主任", "陈书记"]))
LEVELS = ["squad", "grid", "village"]
NOT_AFTER = {State.CLOSED, State.CANCELLED}


class CaseMachine(RuleBasedStateMachine):
    @initialize(kind=st.sampled_from(DEFAULTS))
    def reported(self, kind) -> None:  # type: ignore[no-untyped-def]
        self.kind = kind
        self.now = datetime(2026, 7, 25, tzinfo=UTC)
        self.case = open_case(kind, "squad", "squad", "水", REPORTER, ChatId("town", "群"), self.now)
        self.case = replace(self.case, id=1)
        self.head = replace(self.case, id=2, reporter=LEADERS[0])

    def above(self) -> str | None:
        rest = LEVELS[LEVELS.index(self.case.grid) + 1 :]
        return rest[0] if rest else None

    def attempt(self, step) -> None:  # type: ignore[no-untyped-def]
        """A step is taken with its line in the log, or refused in words and leaves no trace."""
        before = self.case
        try:
            after: Case = step(before)
        except Refused:
            return
        assert len(after.news) == len(before.news) + 1
        assert before.state not in NOT_AFTER
        self.case = after

    @rule(minutes=st.integers(1, 60 * 24 * 8))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule()
    def the_deadline_comes(self) -> None:
        if self.case.due_at and self.case.due_at <= self.now:
            grid, state = self.case.grid, self.case.state
            self.attempt(lambda case: case.lapse(self.above(), self.kind, self.now))
            event = self.case.news[-1].event
            assert event in {Event.CLIMBED, Event.REMINDED, Event.CLOSED}
            assert (self.case.grid != grid) == (event is Event.CLIMBED)
            assert (event is Event.CLOSED) == (state is State.RESOLVED)
            assert self.case.due_at is None or self.case.due_at > self.now

    @rule(by=st.sampled_from(LEADERS))
    def somebody_takes_it(self, by: Who) -> None:
        held = self.case.responder if self.case.state is State.ACKNOWLEDGED and not self.case.stalled else None
        self.attempt(lambda case: case.acknowledge(by, self.kind, self.now))
        if held:
            assert self.case.responder == held

    @rule(by=st.sampled_from(LEADERS), to=st.sampled_from(LEADERS))
    def somebody_is_named(self, by: Who, to: Who) -> None:
        self.attempt(lambda case: case.assign(to, by, self.kind, self.now))

    @rule(by=st.sampled_from(LEADERS))
    def it_is_too_big(self, by: Who) -> None:
        self.attempt(lambda case: case.escalate(self.above(), by, self.kind, self.now))

    @rule(by=st.sampled_from(LEADERS))
    def it_is_done(self, by: Who) -> None:
        self.attempt(lambda case: case.resolve("好了", by, VERIFY_WITHIN, self.now))

    @rule(by=st.sampled_from([REPORTER, *LEADERS]), rating=st.sampled_from(Rating))
    def somebody_answers(self, by: Who, rating: Rating) -> None:
        before = self.case
        self.attempt(lambda case: case.rate(rating, by, self.above(), self.kind, self.now))
        if by != REPORTER or before.state is not State.RESOLVED:
            assert self.case is before
        elif rating is Rating.UNSOLVED:
            assert self.case.state is State.REOPENED

    @rule(by=st.sampled_from([REPORTER, *LEADERS]))
    def somebody_withdraws(self, by: Who) -> None:
        before = self.case
        self.attempt(lambda case: case.cancel("好了", by, self.now))
        assert by == REPORTER or self.case is before

    @rule(by=st.sampled_from([None, REPORTER, *LEADERS]))
    def it_is_the_same_as_another(self, by: Who | None) -> None:
        before = self.case
        self.attempt(lambda case: case.merge(self.head, by, self.now))
        if self.case is not before:
            assert before.open
            assert self.head.open
            self.head = self.head.joined_by(self.case, self.now)

    @rule(by=st.sampled_from([REPORTER, *LEADERS]))
    def it_is_another_thing_after_all(self, by: Who) -> None:
        before = self.case
        self.attempt(lambda case: case.split(self.head, by, self.kind, self.now))
        if self.case is not before:
            assert before.state is State.MERGED
            assert self.case.alone
            assert self.case.due_at == self.now + self.kind.acknowledge, "its clock starts again"
            self.head = self.head.parted_from(self.case, self.now)

    @rule(by=st.sampled_from([REPORTER, *LEADERS]), rating=st.sampled_from(Rating))
    def somebody_answers_for_a_part(self, by: Who, rating: Rating) -> None:
        before = self.case
        self.attempt(lambda case: case.rate_with(self.head, rating, by, self.above(), self.kind, self.now))
        if by != REPORTER or before.state is not State.MERGED or self.head.open or before.rating:
            assert self.case is before
        else:
            assert self.case.state is (State.REOPENED if rating is Rating.UNSOLVED else State.MERGED)
            assert self.case.rating is rating

    @rule()
    def the_whole_is_done(self) -> None:
        if self.head.open:
            self.head = self.head.resolve("好了", LEADERS[0], VERIFY_WITHIN, self.now)

    @rule()
    def the_whole_is_not_solved(self) -> None:
        if self.head.state is State.RESOLVED:
            self.head = self.head.rate(Rating.UNSOLVED, LEADERS[0], None, self.kind, self.now)

    @rule(by=st.sampled_from([REPORTER, *LEADERS]))
    def somebody_says_that_it_stands_alone(self, by: Who) -> None:
        before = self.case
        self.attempt(lambda case: case.stand_alone(by, self.now))
        assert by == REPORTER or self.case is before
        self.nothing_else_moved(before)

    @rule(by=st.sampled_from([None, REPORTER, *LEADERS]), pictures=st.integers(0, 12))
    def more_is_added(self, by: Who | None, pictures: int) -> None:
        before = self.case
        self.attempt(lambda case: case.add(by, "还有", (Attachment("town", "f"),) * pictures, None, self.now))
        assert len(self.case.attachments) <= MOST_ATTACHMENTS
        self.nothing_else_moved(before)

    @rule(by=st.sampled_from([REPORTER, *LEADERS]), danger=st.booleans())
    def it_is_put_right(self, by: Who, danger: bool) -> None:
        before = self.case
        self.attempt(lambda case: case.correct(Facts(danger=danger), by, "", self.kind, self.now))
        assert self.case is before or self.case.facts.danger == danger
        self.nothing_else_moved(before)

    def nothing_else_moved(self, before: Case) -> None:
        """Words about a case neither stop its clock nor start it again."""
        for kept in ("state", "grid", "responder", "due_at", "reminded", "stalled"):
            assert getattr(self.case, kept) == getattr(before, kept)

    @invariant()
    def a_promise_runs_exactly_while_something_is_owed(self) -> None:
        if hasattr(self, "case"):
            owed = self.case.state in OPEN | {State.RESOLVED}
            assert owed == (self.case.due_at is not None)

    @invariant()
    def a_part_knows_its_whole(self) -> None:
        if hasattr(self, "case"):
            assert (self.case.state is State.MERGED) == (self.case.merged_into is not None)
            assert self.head.merged_into is None

    @invariant()
    def somebody_is_named_while_it_is_worked_on(self) -> None:
        if hasattr(self, "case"):
            assert self.case.state is not State.ACKNOWLEDGED or self.case.responder
            assert self.case.state not in {State.REPORTED, State.REOPENED} or not self.case.responder
            assert not self.case.stalled or self.case.state is State.ACKNOWLEDGED or not self.case.open


TestCaseMachine = CaseMachine.TestCase
TestCaseMachine.settings = settings(max_examples=200, stateful_step_count=30)
