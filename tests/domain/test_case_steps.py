"""What each step of a case changes, what it leaves as it is, and the line it leaves in the log."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.case import MOST_ATTACHMENTS, Case, Event, Offered, Rating, State, open_case
from domain.chat import Attachment, ChatId, Location, Medium
from domain.facts import NOTHING_SAID
from domain.kinds import Kind
from domain.people import Who
from domain.refused import Refused

NOON = datetime(2026, 7, 25, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
KIND = Kind("repair", "报修", acknowledge=HOUR, resolve=24 * HOUR)
OTHER_KIND = Kind("flood", "水浸", acknowledge=HOUR / 4, resolve=12 * HOUR)
GROUP, PRIVATE = ChatId("town", "十三队群"), ChatId("town", "李阿姨")
REPORTER, LEADER, ABOVE = Who(1, "李阿姨"), Who(2, "张队长"), Who(3, "王主任")
PICTURE, VOICE = Attachment("town", "p"), Attachment("town", "v", Medium.VOICE)
PLACE = Location(26.0, 119.0)

# Reminded before: a step begins to count anew, and words about a case do not.
CASE = replace(open_case(KIND, "S", "S", "路灯坏了", REPORTER, GROUP, NOON), id=12, news=(), reminded=2)
HEAD = replace(CASE, id=7, reporter=ABOVE, reminded=2)
MERGED = replace(CASE, state=State.MERGED, merged_into=7, due_at=None)
DONE = replace(CASE, state=State.RESOLVED, responder=LEADER, outcome="换了灯泡", due_at=NOON + 72 * HOUR)
LETTER = replace(CASE, reporter=None, anonymous=True, reported_in=PRIVATE)


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as why:
        act()
    return why.value.sentence


@pytest.mark.parametrize(
    ("step", "event", "by", "detail", "words", "due", "reminded"),
    [
        (lambda: DONE.publish(LEADER, NOON), Event.PUBLISHED, LEADER, "", "", DONE.due_at, 2),
        (lambda: CASE.cancel("没事了", REPORTER, NOON), Event.CANCELLED, REPORTER, "", "没事了", None, 0),
        (lambda: CASE.add(LEADER, "还有", (PICTURE,), PLACE, NOON), Event.ADDED, LEADER, "", "还有", CASE.due_at, 2),
        (lambda: CASE.mediated(Event.NOTED, LEADER, NOON, "谈过"), Event.NOTED, LEADER, "", "谈过", CASE.due_at, 2),
        (lambda: CASE.mediated(Event.PLANNED, LEADER, NOON, "", NOON + 5 * HOUR), Event.PLANNED, LEADER, "", "",
         NOON + 5 * HOUR, 2),
        (lambda: CASE.mediated(Event.PLANNED, LEADER, NOON, "", NOON), Event.PLANNED, LEADER, "", "", CASE.due_at, 2),
        (lambda: CASE.give_up("谈不拢", LEADER, NOON), Event.FAILED, LEADER, "", "谈不拢", None, 0),
        (lambda: CASE.merge(HEAD, LEADER, NOON), Event.MERGED, LEADER, "#7", "", None, 0),
        (lambda: CASE.merge(HEAD, None, NOON), Event.FOLLOWED, None, "#7", "", None, 0),
        (lambda: CASE.rekind(OTHER_KIND, "V", LEADER, NOON), Event.CORRECTED, LEADER, "", "水浸", NOON + HOUR / 4, 0),
        (lambda: HEAD.joined_by(CASE, NOON), Event.HEARD, None, "#12", "", HEAD.due_at, 2),
        (lambda: HEAD.parted_from(CASE, NOON), Event.PARTED, None, "#12", "", HEAD.due_at, 2),
        (lambda: MERGED.split(HEAD, LEADER, KIND, NOON), Event.SPLIT, LEADER, "#7", "", NOON + HOUR, 0),
        (lambda: CASE.stand_alone(REPORTER, NOON), Event.ALONE, REPORTER, "", "", CASE.due_at, 2),
        (lambda: replace(CASE, offered=Offered(7, "灯")).stand_alone(REPORTER, NOON), Event.ALONE, REPORTER, "#7", "",
         CASE.due_at, 2),
        (lambda: CASE.end(NOON), Event.CANCELLED, None, "", "", None, 0),
        (lambda: DONE.end(NOON), Event.CLOSED, None, "answered", "", None, 0),
        (lambda: CASE.widen("G", "V", NOON), Event.GREW, None, "", "", CASE.due_at, 2),
        (lambda: CASE.record(Event.SIGHTED, LEADER, NOON, "在桥上", "看到了"), Event.SIGHTED, LEADER, "在桥上",
         "看到了", CASE.due_at, 2),
        (lambda: CASE.forget(NOON), Event.ERASED, None, "", "", CASE.due_at, 2),
        (lambda: MERGED.rate_with(replace(HEAD, state=State.RESOLVED), Rating.SATISFIED, REPORTER, "G", KIND, NOON),
         Event.RATED, REPORTER, "satisfied", "", None, 0),
        (lambda: MERGED.rate_with(replace(HEAD, state=State.CLOSED), Rating.UNSOLVED, REPORTER, "G", KIND, NOON),
         Event.REOPENED, REPORTER, "", "", NOON + HOUR, 0),
    ],
    ids=lambda value: value.value if isinstance(value, Event) else "",
)  # fmt: skip
def test_every_step_leaves_one_line(
    step: Callable[[], Case], event: Event, by: Who | None, detail: str, words: str, due: datetime | None, reminded: int
) -> None:
    after = step()
    (line,) = after.news
    assert (line.event, line.at, line.by, line.grid) == (event, NOON, by, after.grid)
    assert (line.detail, line.words, after.due_at, after.reminded) == (detail, words, due, reminded)


def test_lines_are_added_to_those_there_are() -> None:
    assert [line.event for line in CASE.widen("G", "V", NOON).forget(NOON).news] == [Event.GREW, Event.ERASED]


@pytest.mark.parametrize(
    ("step", "changed"),
    [
        (lambda: CASE.cancel("没事了", REPORTER, NOON), {"state": State.CANCELLED, "outcome": "没事了"}),
        (lambda: MERGED.cancel("没事了", REPORTER, NOON),
         {"state": State.CANCELLED, "outcome": "没事了", "merged_into": None, "due_at": None}),
        (lambda: CASE.give_up("谈不拢", LEADER, NOON), {"state": State.CLOSED, "responder": LEADER}),
        (lambda: replace(CASE, responder=ABOVE).give_up("", LEADER, NOON), {"state": State.CLOSED, "responder": ABOVE}),
        (lambda: replace(CASE, rating=Rating.UNSOLVED, offered=Offered(7, "灯")).merge(HEAD, None, NOON),
         {"state": State.MERGED, "merged_into": 7, "rating": None, "offered": None}),
        (lambda: CASE.rekind(OTHER_KIND, "V", LEADER, NOON), {"kind": "flood", "grid": "V"}),
        (lambda: replace(MERGED, responder=LEADER, stalled=True).split(HEAD, LEADER, KIND, NOON),
         {"state": State.REPORTED, "merged_into": None, "alone": True, "responder": None, "stalled": False}),
        (lambda: replace(CASE, offered=Offered(7, "灯")).stand_alone(REPORTER, NOON), {"alone": True, "offered": None}),
        (lambda: CASE.end(NOON), {"state": State.CANCELLED}),
        (lambda: DONE.end(NOON), {"state": State.CLOSED, "responder": LEADER, "outcome": "换了灯泡"}),
        (lambda: CASE.widen("G", "V", NOON), {"origin": "G", "grid": "V"}),
        (lambda: DONE.publish(LEADER, NOON), {"state": State.RESOLVED, "responder": LEADER, "outcome": "换了灯泡"}),
        (lambda: MERGED.rate_with(replace(HEAD, state=State.CLOSED), Rating.SATISFIED, REPORTER, "G", KIND, NOON),
         {"state": State.MERGED, "merged_into": 7, "rating": Rating.SATISFIED}),
        (lambda: CASE.add(None, "还有", (PICTURE, VOICE), PLACE, NOON),
         {"attachments": (PICTURE, VOICE), "location": PLACE}),
        (lambda: LETTER.add(None, "还有", (PICTURE, VOICE), PLACE, NOON),
         {"attachments": (PICTURE,), "location": None, "reporter": None, "anonymous": True, "reported_in": PRIVATE}),
    ],
)  # fmt: skip
def test_a_step_changes_what_it_is_about_and_nothing_else(step: Callable[[], Case], changed: dict[str, object]) -> None:
    after, moved = step(), ("news", "due_at", "reminded")
    expected = replace(CASE, **{name: value for name, value in changed.items() if name not in moved})  # type: ignore[arg-type]
    assert replace(after, **{name: getattr(CASE, name) for name in moved}) == replace(
        expected, **{name: getattr(CASE, name) for name in moved}
    )


def test_what_was_personal_is_erased_and_what_others_may_see_names_nobody() -> None:
    told = replace(
        DONE, attachments=(PICTURE,), location=PLACE, facts=replace(NOTHING_SAID, danger=True), reported_in=GROUP
    )
    bare = told.forget(NOON)
    assert (bare.text, bare.attachments, bare.location, bare.facts, bare.outcome) == ("", (), None, NOTHING_SAID, "")
    assert (bare.reporter, bare.responder) == (REPORTER, LEADER)
    outline = told.outline()
    assert (outline.text, outline.attachments, outline.location) == ("", (), None)
    assert (outline.facts, outline.reporter, outline.responder, outline.outcome) == (NOTHING_SAID, None, None, "")
    assert (outline.kind, outline.state, outline.grid, outline.due_at) == ("repair", DONE.state, "S", DONE.due_at)


@pytest.mark.parametrize(("had", "taken"), [(0, 3), (MOST_ATTACHMENTS - 2, 2), (MOST_ATTACHMENTS - 1, 1)])
def test_no_more_pictures_than_help(had: int, taken: int) -> None:
    full = replace(CASE, attachments=(VOICE,) * had, location=PLACE).add(LEADER, "", (PICTURE,) * 3, None, NOON)
    assert full.attachments == (VOICE,) * had + (PICTURE,) * taken
    assert full.location == PLACE
    over = replace(CASE, attachments=(VOICE,) * MOST_ATTACHMENTS)
    assert "已经够多了" in refused(lambda: over.add(LEADER, "", (PICTURE,), None, NOON))
    assert over.add(LEADER, "只说一句", (), None, NOON).attachments == over.attachments


def test_a_kind_is_put_right_where_somebody_has_it_already() -> None:
    taken = replace(CASE, state=State.ACKNOWLEDGED, responder=LEADER)
    other = taken.rekind(OTHER_KIND, "V", LEADER, NOON)
    assert (other.kind, other.grid, other.due_at) == ("flood", "S", NOON + 12 * HOUR)
    assert "已经是报修" in refused(lambda: CASE.rekind(KIND, "V", LEADER, NOON))
    assert "不能再改" in refused(lambda: DONE.rekind(OTHER_KIND, "V", LEADER, NOON))


@pytest.mark.parametrize(
    ("head", "part", "heard"),
    [(NOON, NOON + HOUR, NOON + HOUR), (NOON + HOUR, NOON, NOON + HOUR), (None, None, NOON + 2 * HOUR),
     (NOON, None, NOON + 2 * HOUR)],
)  # fmt: skip
def test_when_it_was_last_heard_of(head: datetime | None, part: datetime | None, heard: datetime) -> None:
    joined = replace(HEAD, heard_at=head).joined_by(replace(CASE, heard_at=part), NOON + 2 * HOUR)
    assert joined.heard_at == heard


def test_whose_case_it_is() -> None:
    assert CASE.is_reporters(REPORTER, None)
    assert CASE.is_reporters(Who(1, "改了名"), PRIVATE)
    assert not CASE.is_reporters(LEADER, GROUP)
    assert not CASE.is_reporters(None, GROUP)
    assert not replace(CASE, reporter=None).is_reporters(REPORTER, GROUP)
    assert LETTER.is_reporters(LEADER, PRIVATE)
    assert not LETTER.is_reporters(REPORTER, GROUP)


def test_nobody_is_named_who_did_not_sign() -> None:
    assert LETTER.cancel("没事了", REPORTER, NOON, PRIVATE).news[0].by is None
    assert LETTER.widen("G", "V", NOON).news[0].by is None
    assert LETTER.give_up("", LEADER, NOON).news[0].by == LEADER
    rated = replace(LETTER, state=State.RESOLVED).rate(Rating.SATISFIED, REPORTER, "G", KIND, NOON, PRIVATE)
    assert (rated.state, rated.news[0].by) == (State.CLOSED, None)
    assert "上报人自己" in refused(lambda: LETTER.cancel("", REPORTER, NOON, GROUP))


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (lambda: CASE.publish(LEADER, NOON), "还没有答复"),
        (lambda: replace(DONE, outcome="").publish(LEADER, NOON), "还没有答复"),
        (lambda: CASE.cancel("", LEADER, NOON), "上报人自己"),
        (lambda: DONE.cancel("", REPORTER, NOON), "不能再改"),
        (lambda: CASE.merge(CASE, LEADER, NOON), "不能并入它自己"),
        (lambda: CASE.merge(DONE, LEADER, NOON), "不能再改"),
        (lambda: CASE.merge(replace(MERGED, id=8), LEADER, NOON), "已并入 #7"),
        (lambda: DONE.merge(HEAD, LEADER, NOON), "不能再改"),
        (lambda: CASE.split(HEAD, LEADER, KIND, NOON), "没有并案"),
        (lambda: MERGED.split(DONE, LEADER, KIND, NOON), "不能再改"),
        (lambda: CASE.stand_alone(LEADER, NOON), "上报人自己"),
        (lambda: MERGED.stand_alone(REPORTER, NOON), "已并入 #7"),
        (lambda: replace(CASE, state=State.CLOSED).end(NOON), "不能再改"),
        (lambda: DONE.mediated(Event.NOTED, LEADER, NOON), "不能再改"),
        (lambda: DONE.give_up("", LEADER, NOON), "不能再改"),
        (lambda: DONE.add(LEADER, "", (), None, NOON), "不能再改"),
        (lambda: MERGED.rate_with(HEAD, Rating.SATISFIED, REPORTER, "G", KIND, NOON), "不用评价"),
        (lambda: CASE.rate_with(DONE, Rating.SATISFIED, REPORTER, "G", KIND, NOON), "不用评价"),
        (lambda: MERGED.rate_with(DONE, Rating.SATISFIED, LEADER, "G", KIND, NOON), "上报人自己"),
        (lambda: replace(MERGED, rating=Rating.SATISFIED).rate_with(DONE, Rating.SATISFIED, REPORTER, "G", KIND, NOON),
         "不用评价"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_with_a_reason(act: Callable[[], object], why: str) -> None:
    assert why in refused(act)


def test_what_was_said_of_it_is_out_of_date_once_somebody_else_has_it_elsewhere() -> None:
    assert CASE.standing == "12:reported:S:"
    assert replace(DONE, grid="G").standing == "12:resolved:G:2"
    assert (CASE.number, Offered(7, "灯").number) == ("#12", "#7")
    assert [replace(CASE, state=state).open for state in State] == [True, True, False, False, True, False, False]
