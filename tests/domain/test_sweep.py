"""How a sweep runs in time, what an answer adds to its count, and which door comes next."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.checklist import back, doors_meant, forward, in_order, listed, next_open
from domain.people import Who
from domain.refused import Refused
from domain.survey import Choice, Means, Survey
from domain.sweep import Entry, State, Step, Sweep, Tally, must_fit, tally
from domain.sweep_words import read_doors, read_own, read_request

NOON = datetime(2026, 7, 25, 4, 0, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
WANG, CHEN = Who(1, "王主任"), Who(2, "陈书记")
SURVEY = Survey(
    "typhoon",
    "台风转移",
    "都好吗？",
    (
        Choice("safe", "安全", also=("没事",), own=True),
        Choice("help", "需帮助", Means.HELP, own=True),
        Choice("away", "无人"),
        Choice("unreached", "联系不上", Means.UNREACHED),
    ),
)
WORDS = "联系不上|需帮助|安全|没事|无人"


def sweep(**changes: object) -> Sweep:
    begun = Sweep("G3", SURVEY, WANG, WANG, NOON, NOON + HOUR, id=1).begin(NOON)
    return begun.went_to(None, NOON) if not changes else begun


def entry(n: int, door: str, answer: str | None = None, care: str = "") -> Entry:
    return Entry(n, "S13", "S13", door, care, answer)


def test_its_steps_come_at_a_quarter_a_half_three_quarters_and_the_end() -> None:
    running, at = sweep(), []
    for _n in range(4):
        assert running.due_at
        at.append((running.step, running.due_at - NOON))
        running = running.went_to(None, running.due_at)
    assert at == [
        (Step.LEADERS, 15 * MINUTE),
        (Step.DEPUTIES, 30 * MINUTE),
        (Step.ABOVE, 45 * MINUTE),
        (Step.CLOSING, 60 * MINUTE),
    ]


def test_a_step_through_many_grids_goes_on_where_it_was() -> None:
    running = sweep().went_to("S13", NOON + 15 * MINUTE)
    assert (running.step, running.done_to, running.due_at) == (Step.LEADERS, "S13", NOON + 15 * MINUTE)


def test_a_pause_puts_off_the_end_by_its_length() -> None:
    paused = sweep().pause(NOON + 20 * MINUTE)
    assert paused.due_at is None
    going = paused.resume(NOON + 80 * MINUTE)
    assert going.closes_at == NOON + 2 * HOUR
    assert going.state is State.OPEN


def test_what_came_late_is_not_missed_after_a_pause() -> None:
    going = sweep().pause(NOON).resume(NOON + 10 * HOUR)
    assert going.due_at == NOON + 10 * HOUR


@pytest.mark.parametrize("minutes", [-1, 0, 9, 31 * 24 * 60])
def test_its_end_is_ahead_and_neither_too_near_nor_too_far(minutes: int) -> None:
    with pytest.raises(Refused):
        must_fit(NOON + minutes * MINUTE, NOON)


def test_what_is_over_cannot_be_changed() -> None:
    over = sweep().close(NOON + HOUR)
    for change in (lambda: over.pause(NOON), lambda: over.extend(NOON + 2 * HOUR, NOON), lambda: over.give(CHEN)):
        with pytest.raises(Refused):
            change()
    with pytest.raises(Refused):
        over.close(NOON)
    with pytest.raises(Refused):
        sweep().extend(NOON + HOUR, NOON)
    with pytest.raises(Refused):
        sweep().give(WANG)


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        (None, "safe", Tally(1, 0, 0)),
        (None, "unreached", Tally(0, 0, 1)),
        ("unreached", "help", Tally(1, 1, -1)),
        ("help", "safe", Tally(0, -1, 0)),
        ("safe", "unreached", Tally(-1, 0, 1)),
    ],
)
def test_a_change_of_an_answer_moves_the_count(before: str | None, after: str, change: Tally) -> None:
    assert tally(SURVEY, after) - tally(SURVEY, before) == change


def test_whoever_needs_care_comes_first_and_doors_are_counted_as_people_do() -> None:
    doors = [entry(1, "10号"), entry(2, "9号"), entry(3, "11号", care="卧床"), entry(4, "9号附1")]
    assert [one.door for one in in_order(doors)] == ["11号", "9号", "9号附1", "10号"]


def test_the_next_door_is_one_that_nobody_tried() -> None:
    doors = [entry(1, "1号", "safe"), entry(2, "2号", "unreached"), entry(3, "3号"), entry(4, "4号", "safe")]
    assert next_open(doors, SURVEY, 3) == doors[2]
    assert next_open(doors[:2], SURVEY, 1) is None
    assert forward(doors, SURVEY, 3) == doors[1]
    assert back(doors, 1) == doors[3]
    assert back(doors, None) == doors[3]
    assert back([], None) is None


@pytest.mark.parametrize(
    ("word", "doors"),
    [
        ("溪东路5号", ["溪东路5号"]),
        ("5", ["溪东路5号"]),
        ("5号", ["溪东路5号"]),
        ("３-２０１", ["3-201"]),
        ("201", ["3-201", "13-201"]),
        ("东路", []),
        ("", []),
    ],
)
def test_a_door_is_known_by_its_end(word: str, doors: list[str]) -> None:
    known = [entry(n, door) for n, door in enumerate(["溪东路5号", "溪东路15号", "3-201", "13-201"])]
    assert [one.door for one in doors_meant(word, known)] == doors


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("3-201 安全 2人", ("3-201", "安全", 2, "")),
        ("3-201安全2人", ("3-201", "安全", 2, "")),
        ("5号：需帮助，要轮椅", ("5号", "需帮助", None, "要轮椅")),
        ("第 2 号 5号 没事", ("5号", "没事", None, "")),
    ],
)
def test_a_line_is_a_door_and_its_answer(text: str, told: tuple[str, str, int | None, str]) -> None:
    (read,) = read_doors(text, WORDS)
    assert (read.door, read.word, read.number, read.note) == told


@pytest.mark.parametrize(
    "text", ["3号无人机掉下来了", "大家注意安全", "5号安全吗", "5号安全？", "安全", "5号 安全\n大家好"]
)
def test_talk_is_no_answer(text: str) -> None:
    assert read_doors(text, WORDS) == [] or text == "大家注意安全"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("我家安全", "安全"),
        ("我们家都安全", "安全"),
        ("我家需帮助 停水了", "需帮助"),
        ("我家安全吗", None),
        ("我家进水了", None),
    ],
)
def test_a_household_speaks_of_itself(text: str, word: str | None) -> None:
    told = read_own(text, WORDS)
    assert (told.word if told else None) == word


def test_a_request_has_a_place_and_an_end() -> None:
    asked = read_request("演练 三网格 台风转移 截止 18:00")
    assert (asked.words, asked.until, asked.drill) == ("三网格 台风转移", "18:00", True)
    assert read_request("台风转移").until == ""


@pytest.mark.parametrize(
    ("doors", "said"),
    [
        (["溪东路1号", "溪东路2号", "溪东路12号"], ["溪东路1号", "2号", "12号"]),
        (["3-201", "3-202"], ["3-201", "3-202"]),
        (["溪东路1号", "江滨里2号"], ["溪东路1号", "江滨里2号"]),
        (["1号", "2号"], ["1号", "2号"]),
        (["溪东路1号"], ["溪东路1号"]),
        ([], []),
    ],
)
def test_what_doors_have_in_common_is_said_once(doors: list[str], said: list[str]) -> None:
    assert listed(doors) == said
