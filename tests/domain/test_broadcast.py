"""The rules by which a warning may leave: who, when, in which words; and what becomes of it afterwards."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.broadcast import APPROVE_WITHIN, DRAFT_KEPT, LIVES, LONGEST_REASON, Broadcast
from domain.chat import Promise
from domain.colour import WEIGHTS, Colour, colour_named
from domain.drill import claims_to_be_drill, claims_to_be_real, marked
from domain.people import Who
from domain.quiet import LOUD
from domain.refused import Refused
from domain.sayable import LONGEST_LIFE, LONGEST_TEXT, checked_text, must_be_ahead
from domain.stages import Deed, Sort, Stage
from domain.validity import read_validity

NOON = datetime(2026, 7, 25, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
AUTHOR, OTHER = Who(1, "王主任"), Who(2, "陈书记")
ALERT = Broadcast(Sort.ALERT, AUTHOR, NOON, id=7, colour=Colour.ORANGE, text="泄洪", area=("G3",))
WAITING = ALERT.submit(AUTHOR, False, NOON)
SENT = WAITING.approve(OTHER, NOON).send(False, False, NOON)


@pytest.mark.parametrize(
    ("sort", "colour", "wide", "needs"),
    [
        (Sort.ALERT, Colour.BLUE, False, False),
        (Sort.ALERT, Colour.YELLOW, False, False),
        (Sort.ALERT, Colour.ORANGE, False, True),
        (Sort.ALERT, Colour.RED, False, True),
        (Sort.ALERT, Colour.BLUE, True, True),
        (Sort.ALERT, Colour.YELLOW, True, True),
        (Sort.ALERT, None, False, True),
        (Sort.NOTICE, None, False, False),
        (Sort.NOTICE, None, True, True),
        (Sort.NOTICE, Colour.RED, False, False),
        (Sort.DRILL, Colour.BLUE, False, True),
        (Sort.DRILL, Colour.RED, False, True),
    ],
)
def test_what_needs_a_second_person(sort: Sort, colour: Colour | None, wide: bool, needs: bool) -> None:
    assert Broadcast(sort, AUTHOR, NOON, colour=colour).needs_second(wide) is needs


def test_how_grave_it_is_decides_how_it_is_carried() -> None:
    assert [WEIGHTS[colour].promise for colour in Colour] == [
        Promise.CARD, Promise.CORRECTION, Promise.LIFE, Promise.LIFE,
    ]  # fmt: skip
    assert [WEIGHTS[colour].pin for colour in Colour] == [False, False, True, True]
    assert [WEIGHTS[colour].again for colour in Colour] == [None, None, timedelta(hours=3), timedelta(hours=1)]
    assert [WEIGHTS[colour].promise in LOUD for colour in Colour] == [False, True, True, True]
    for sort in (Sort.NOTICE, Sort.DRILL):
        light = replace(ALERT, sort=sort, colour=Colour.RED).weight
        assert (light.promise, light.pin, light.again) == (Promise.CARD, False, None)


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as why:
        act()
    return why.value.sentence


def test_nobody_lets_out_what_they_wrote() -> None:
    assert "由别人通过" in refused(lambda: WAITING.approve(AUTHOR, NOON))
    assert "由别人通过" in refused(lambda: replace(WAITING, approver=AUTHOR).send(False, False, NOON))
    assert "由别人通过" in refused(lambda: WAITING.reject(AUTHOR, "不对", NOON))
    assert "由别人通过" in refused(lambda: WAITING.give_back(AUTHOR, "改改", NOON))
    assert "第二个人" in refused(lambda: ALERT.send(False, False, NOON))
    assert "第二个人" in refused(lambda: WAITING.send(False, False, NOON))
    assert "第二个人" in refused(lambda: replace(ALERT, colour=Colour.BLUE).send(True, False, NOON))


def test_ten_minutes_to_the_second() -> None:
    last = NOON + APPROVE_WITHIN - timedelta(seconds=1)
    assert WAITING.approve(OTHER, last).approver == OTHER
    for decide in (
        lambda at: WAITING.approve(OTHER, at),
        lambda at: WAITING.reject(OTHER, "不对", at),
        lambda at: WAITING.give_back(OTHER, "不对", at),
    ):
        assert "10 分钟" in refused(lambda decide=decide: decide(NOON + APPROVE_WITHIN))


@pytest.mark.parametrize(
    "broadcast",
    [
        ALERT,
        WAITING.reject(OTHER, "不对", NOON),
        WAITING.give_back(OTHER, "改改", NOON),
        WAITING.lapse(NOON, "过时"),
        WAITING.discard(AUTHOR, NOON),
        SENT,
        SENT.end(Stage.CANCELLED, OTHER, NOON),
    ],
    ids=lambda broadcast: broadcast.stage.value,
)
def test_only_what_waits_is_decided_on(broadcast: Broadcast) -> None:
    for decide in (broadcast.approve, lambda by, at: broadcast.reject(by, "不对", at)):
        assert "不在等人通过" in refused(lambda decide=decide: decide(OTHER, NOON + MINUTE))
    assert refused(lambda: broadcast.go_alone(AUTHOR, "坝在漏", True, NOON))


@pytest.mark.parametrize("stage", [s for s in Stage if s not in (Stage.DRAFT, Stage.RETURNED, Stage.SUBMITTED)])
def test_what_is_out_or_over_never_leaves_again(stage: Stage) -> None:
    over = replace(ALERT, stage=stage, approver=OTHER)
    assert "已经发出或结束了" in refused(lambda: over.send(False, False, NOON))
    assert "不在修改中" in refused(lambda: over.write(NOON, text="别的"))
    assert refused(lambda: over.submit(AUTHOR, False, NOON))


def test_to_be_let_out_once_is_not_to_be_let_out_changed() -> None:
    returned = replace(WAITING.give_back(OTHER, "改改", NOON), approver=OTHER)
    assert returned.write(NOON, text="别的").approver is None


def test_alone_only_by_its_author_for_a_small_area_and_with_a_reason() -> None:
    alone = WAITING.go_alone(AUTHOR, "坝在漏", True, NOON)
    assert alone.bypass == "坝在漏"
    assert alone.send(False, False, NOON).stage is Stage.SENT
    assert "只有写的人" in refused(lambda: WAITING.go_alone(OTHER, "坝在漏", True, NOON))
    assert "小范围" in refused(lambda: WAITING.go_alone(AUTHOR, "坝在漏", False, NOON))
    assert "写一句原因" in refused(lambda: WAITING.go_alone(AUTHOR, " ？ ", True, NOON))
    for sort in (Sort.NOTICE, Sort.DRILL):
        assert "小范围" in refused(lambda s=sort: replace(WAITING, sort=s).go_alone(AUTHOR, "坝在漏", True, NOON))


@pytest.mark.parametrize(("written", "now"), [(True, False), (False, True)])
@pytest.mark.parametrize("sort", list(Sort))
def test_what_was_written_before_the_bot_was_switched_never_leaves(sort: Sort, written: bool, now: bool) -> None:
    switched = replace(ALERT, sort=sort, training=written, approver=OTHER)
    assert "另一种模式" in refused(lambda: switched.send(False, now, NOON))
    assert refused(lambda: switched.submit(AUTHOR, now, NOON))


def test_where_everybody_practises_nothing_real_leaves() -> None:
    drill = replace(ALERT, sort=Sort.DRILL, training=True, approver=OTHER)
    assert drill.send(False, True, NOON).stage is Stage.SENT
    for sort in (Sort.ALERT, Sort.NOTICE):
        assert "练习模式" in refused(lambda s=sort: replace(drill, sort=s).send(False, True, NOON))


@pytest.mark.parametrize("missing", [{"text": ""}, {"area": ()}, {"colour": None}])
def test_nothing_half_written_leaves(missing: dict[str, object]) -> None:
    assert "还没写完" in refused(lambda: replace(ALERT, approver=OTHER, **missing).send(False, False, NOON))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sort", "colour", "first", "after"),
    [
        (Sort.ALERT, Colour.RED, timedelta(hours=1), timedelta(hours=2)),
        (Sort.ALERT, Colour.ORANGE, timedelta(hours=3), timedelta(hours=6)),
        (Sort.ALERT, Colour.YELLOW, LIVES[Sort.ALERT], None),
        (Sort.DRILL, Colour.RED, LIVES[Sort.DRILL], None),
        (Sort.NOTICE, None, LIVES[Sort.NOTICE], None),
    ],
)
def test_when_it_is_said_again_and_when_it_is_over(
    sort: Sort, colour: Colour | None, first: timedelta, after: timedelta | None
) -> None:
    sent = replace(ALERT, sort=sort, colour=colour, approver=OTHER).send(False, False, NOON)
    assert sent.expires_at == NOON + LIVES[sort]
    assert sent.due_at == NOON + first
    if after:
        assert sent.repeat(NOON + first).due_at == NOON + after
    soon = replace(ALERT, approver=OTHER, expires_at=NOON + MINUTE).send(False, False, NOON)
    assert soon.due_at == NOON + MINUTE


def test_it_is_taken_back_once_and_only_when_it_stands() -> None:
    assert "还没有发出" in refused(lambda: WAITING.end(Stage.CANCELLED, OTHER, NOON))
    over = SENT.end(Stage.CLEARED, OTHER, NOON)
    assert (over.stage, over.due_at, over.ended_at) == (Stage.CLEARED, None, NOON)
    assert over.news[-1].deed is Deed.CLEARED
    assert "已经结束了（已解除）" in refused(lambda: over.end(Stage.CANCELLED, OTHER, NOON))
    assert "已经结束了" in refused(lambda: over.amend("别的", OTHER, NOON))
    amended = SENT.amend(" 改为 20 点 ", OTHER, NOON)
    assert (amended.text, amended.stage) == ("改为 20 点", Stage.SENT)


@pytest.mark.parametrize(
    ("onset", "expires", "why"),
    [
        (None, NOON, "已经过去"),
        (None, NOON - MINUTE, "已经过去"),
        (NOON + MINUTE, NOON + MINUTE, "开始时间之后"),
        (NOON + 2 * MINUTE, NOON + MINUTE, "开始时间之后"),
        (None, NOON + LONGEST_LIFE + MINUTE, "太远"),
        (NOON + MINUTE, NOON + LONGEST_LIFE + 2 * MINUTE, "太远"),
        (None, NOON + MINUTE, ""),
        (NOON, NOON + MINUTE, ""),
        (NOON + MINUTE, NOON + LONGEST_LIFE + MINUTE, ""),
        (None, None, ""),
    ],
)
def test_times_lie_ahead_and_in_order(onset: datetime | None, expires: datetime | None, why: str) -> None:
    if why:
        assert why in refused(lambda: must_be_ahead(onset, expires, NOON))
    else:
        must_be_ahead(onset, expires, NOON)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "写一句话"),
        ("！！🔥", "写一句话"),
        ("水" * (LONGEST_TEXT + 1), "太长了"),
        ("水" * 5_000, "太长了（5000 字）"),
        ("{地点}进水", "没填：{地点}"),
        ("___进水", "没填"),
        ("＿＿进水", "没填"),
        ("〔几点〕泄洪", "没填：〔几点〕"),
        ("水" * LONGEST_TEXT, ""),
        ("a_b 进水 {", ""),
    ],
)
def test_words_are_finished_and_short_enough(text: str, why: str) -> None:
    if why:
        assert why in refused(lambda: checked_text(Sort.ALERT, text))
    else:
        assert checked_text(Sort.ALERT, text) == text


@pytest.mark.parametrize(
    "text",
    [
        "这不是演练", "这 不 是 演 练！", "本次并非演习", "非演练，马上转移", "不是演\u200b练", "演练已变成真",
        "别当演练", "真的发大水了", "这是真的", "真预警", "实战", "请大家当真", "不是測試演練", "不要当成演习",
        "这不是一次普通演练", "This is not a drill", "THIS IS NO DRILL", "not just an exercise",
        "this is a real emergency", "it's for real", "live alert",
    ],
)  # fmt: skip
def test_a_drill_never_says_that_it_is_none(text: str) -> None:
    assert claims_to_be_real(text)
    assert "演练里不能说" in refused(lambda: checked_text(Sort.DRILL, text))


@pytest.mark.parametrize(
    "text",
    [
        "模拟水库放水，请到小学集合",
        "请大家认真的走一遍",
        "假设 18 点泄洪，各队长点名",
        "请听到的回一句收到",
        "Walk to the school, please",
    ],
)
def test_a_drill_says_what_to_do(text: str) -> None:
    assert checked_text(Sort.DRILL, text) == text
    assert marked(text).startswith("【演练】")
    assert marked(text).endswith("【演练】")


@pytest.mark.parametrize(
    ("text", "drill"),
    [("这是演练", True), ("演 习", True), ("just a drill", True), ("水库泄洪", False), ("做核酸检测", False)],
)
def test_a_real_warning_is_never_to_be_taken_for_a_drill(text: str, drill: bool) -> None:
    assert claims_to_be_drill(text) is drill


@pytest.mark.parametrize(
    ("word", "colour"),
    [
        ("红", Colour.RED), ("红色", Colour.RED), ("红色预警", Colour.RED), ("RED", Colour.RED), ("橙", Colour.ORANGE),
        ("黄色预警信号", Colour.YELLOW), ("蓝", Colour.BLUE), ("紫", None), ("", None), ("色", None), ("红红", None),
    ],
)  # fmt: skip
def test_colours_as_people_write_them(word: str, colour: Colour | None) -> None:
    assert colour_named(word) is colour


@pytest.mark.parametrize(
    ("text", "onset", "expires"),
    [
        ("今晚 8:00", None, "25 20:00"),
        ("到 18:00", None, "25 18:00"),
        ("6 小时", None, "25 18:00"),
        ("2天", None, "27 12:00"),
        ("30 分钟", None, "25 12:30"),
        ("明天 8:00 到 18:00", "26 08:00", "26 18:00"),
        ("今晚 8:00 到 明天 8:00", "25 20:00", "26 08:00"),
        ("下午3点至下午5点", "25 15:00", "25 17:00"),
        ("很快", None, None),
        ("", None, None),
        ("很快 到 18:00", None, None),
        ("2月30日 9:00", None, None),
    ],
)
def test_until_when_as_people_write_it(text: str, onset: str | None, expires: str | None) -> None:
    read = read_validity(text, NOON)
    if expires is None:
        assert read is None
    else:
        assert read
        assert f"{read.expires:%d %H:%M}" == expires
        assert (f"{read.onset:%d %H:%M}" if read.onset else None) == onset


@pytest.mark.parametrize(
    ("newer", "older", "ends"),
    [
        ({}, {}, True),
        ({"revises": None}, {}, False),
        ({"revises": 8}, {}, False),
        ({"sort": Sort.DRILL}, {}, False),
        ({"sort": Sort.DRILL}, {"sort": Sort.DRILL}, True),
        ({}, {"sort": Sort.DRILL}, False),
        ({}, {"stage": Stage.CANCELLED}, False),
        ({}, {"stage": Stage.DRAFT}, False),
    ],
)
def test_what_ends_when_a_newer_one_leaves(newer: dict[str, Any], older: dict[str, Any], ends: bool) -> None:
    assert replace(ALERT, **{"id": 9, "revises": 7, **newer}).replaces(replace(SENT, **older)) is ends


def test_words_of_ones_own_answer_no_blank() -> None:
    assert replace(SENT, answers={"time": "明天"}).amend("后天停水", OTHER, NOON).answers == {}


LATER = NOON + 2 * MINUTE


@pytest.mark.parametrize(
    ("step", "stage", "deed", "by", "words", "due", "ended"),
    [
        (lambda: ALERT.submit(AUTHOR, False, LATER), Stage.SUBMITTED, Deed.SUBMITTED, AUTHOR, "",
         LATER + APPROVE_WITHIN, None),
        (lambda: WAITING.approve(OTHER, LATER), Stage.SUBMITTED, Deed.APPROVED, OTHER, "", NOON + APPROVE_WITHIN, None),
        (lambda: WAITING.reject(OTHER, " 不 放了 ", LATER), Stage.REJECTED, Deed.REJECTED, OTHER, "不 放了",
         None, LATER),
        (lambda: WAITING.give_back(OTHER, "改改", LATER), Stage.RETURNED, Deed.RETURNED, OTHER, "改改",
         LATER + DRAFT_KEPT, None),
        (lambda: WAITING.go_alone(AUTHOR, "坝在漏", True, LATER), Stage.SUBMITTED, Deed.BYPASSED, AUTHOR, "坝在漏",
         NOON + APPROVE_WITHIN, None),
        (lambda: WAITING.lapse(LATER, "过时"), Stage.LAPSED, Deed.LAPSED, None, "过时", None, LATER),
        (lambda: WAITING.discard(AUTHOR, LATER), Stage.DISCARDED, Deed.DISCARDED, AUTHOR, "", None, LATER),
        (lambda: ALERT.discard(None, LATER), Stage.DISCARDED, Deed.DISCARDED, None, "", None, LATER),
        (lambda: WAITING.approve(OTHER, NOON).send(False, False, LATER), Stage.SENT, Deed.SENT, AUTHOR, "",
         LATER + timedelta(hours=3), None),
        (lambda: SENT.amend("改为 20 点", OTHER, LATER), Stage.SENT, Deed.AMENDED, OTHER, "改为 20 点",
         SENT.due_at, None),
        (lambda: SENT.end(Stage.CANCELLED, OTHER, LATER), Stage.CANCELLED, Deed.CANCELLED, OTHER, "", None, LATER),
        (lambda: SENT.end(Stage.EXPIRED, None, LATER), Stage.EXPIRED, Deed.EXPIRED, None, "", None, LATER),
        (lambda: SENT.repeat(LATER), Stage.SENT, Deed.REPEATED, None, "", LATER + timedelta(hours=3), None),
        (lambda: SENT.unreached("十三队群", LATER), Stage.SENT, Deed.UNREACHED, None, "十三队群", SENT.due_at, None),
    ],
    ids=lambda value: value.value if isinstance(value, Deed) else "",
)  # fmt: skip
def test_every_step_stands_in_the_log_with_who_and_when(
    step: Callable[[], Broadcast],
    stage: Stage,
    deed: Deed,
    by: Who | None,
    words: str,
    due: datetime | None,
    ended: datetime | None,
) -> None:
    done = step()
    line = done.news[-1]
    assert (done.stage, done.due_at, done.ended_at) == (stage, due, ended)
    assert (line.deed, line.at, line.by, line.words) == (deed, LATER, by, words)


def test_what_is_known_of_it_after_each_step() -> None:
    waiting = ALERT.submit(AUTHOR, False, NOON)
    sent = waiting.approve(OTHER, NOON).send(False, False, NOON)
    assert (waiting, sent) == (WAITING, SENT)
    assert (WAITING.submitted_at, WAITING.approver, WAITING.bypass) == (NOON, None, "")
    assert WAITING.give_back(OTHER, "改改", LATER).submitted_at is None
    assert WAITING.approve(OTHER, LATER).approver == OTHER
    assert [line.deed for line in SENT.news] == [Deed.SUBMITTED, Deed.APPROVED, Deed.SENT]
    assert (SENT.sent_at, SENT.expires_at) == (NOON, NOON + LIVES[Sort.ALERT])
    written = replace(WAITING.give_back(OTHER, "改改", NOON)).write(LATER, text="桥头水库泄洪")
    assert (written.stage, written.text, written.due_at) == (Stage.DRAFT, "桥头水库泄洪", LATER + DRAFT_KEPT)
    assert "已经提交过了" in refused(lambda: WAITING.submit(AUTHOR, False, NOON))
    assert "已经发出或结束了" in refused(lambda: SENT.discard(AUTHOR, NOON))


def test_what_was_never_submitted_in_time_is_not_waited_for() -> None:
    assert "10 分钟" in refused(lambda: replace(WAITING, due_at=None).approve(OTHER, NOON))
    assert "不在等人通过" in refused(lambda: ALERT.go_alone(AUTHOR, "坝在漏", True, NOON))


def test_a_reason_is_cut_where_nobody_reads_on() -> None:
    assert WAITING.reject(OTHER, "水" * (LONGEST_REASON + 9), NOON).news[-1].words == "水" * LONGEST_REASON


def test_no_sort_is_said_again_for_ever() -> None:
    forever = replace(SENT, sort=Sort.NOTICE, expires_at=None).repeat(NOON)
    assert forever.due_at is None


def test_words_are_checked_when_they_leave_and_when_they_are_corrected() -> None:
    assert "还有空没填" in refused(lambda: replace(ALERT, text="{地点}进水", approver=OTHER).send(False, False, NOON))
    assert "还有空没填" in refused(lambda: SENT.amend("{地点}进水", OTHER, NOON))
    drill = replace(ALERT, sort=Sort.DRILL, approver=OTHER, text="这不是演练")
    assert "演练里不能说" in refused(lambda: drill.send(False, False, NOON))
    assert "演练里不能说" in refused(lambda: replace(SENT, sort=Sort.DRILL).amend("这不是演练", OTHER, NOON))
    assert "已经过去" in refused(lambda: replace(ALERT, expires_at=NOON).submit(AUTHOR, False, LATER))
    late = replace(ALERT, approver=OTHER, onset_at=LATER, expires_at=LATER)
    assert "开始时间之后" in refused(lambda: late.send(False, False, NOON))


@pytest.mark.parametrize("mark", ["【演练】", "[演练]", "［演练］", "（演练）", "(演练)"])
def test_only_a_drill_wears_its_mark(mark: str) -> None:
    assert "演练专用" in refused(lambda: checked_text(Sort.NOTICE, f"{mark}开会"))
    assert checked_text(Sort.NOTICE, "下午有演练，请参加") == "下午有演练，请参加"
    assert checked_text(Sort.DRILL, f"{mark}请到小学集合")
