"""A template: what is blank in it, what fills it, and what could never be said."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from domain.refused import Refused
from domain.sayable import checked_text
from domain.stages import Sort, Stage
from domain.template import LONGEST_ANSWER, Template, Templates, blanks_in

DRY = Template(
    "water_cut",
    "停水",
    "{place}{time}停水。\n{place}的人请存水。",
    "{place}不停水。",
    "水来了。",
    ask={"place": "哪里停水？"},
)
ANSWERS = {"place": "三队", "time": "明天"}


def refused(act: Callable[[], Any]) -> str:
    with pytest.raises(Refused) as no:
        act()
    return no.value.sentence


@pytest.mark.parametrize(
    ("answers", "next_blank", "filled", "line"),
    [
        ({}, "place", "", "〔？〕＿＿停水。"),
        ({"place": "三队"}, "time", "", "三队〔？〕停水。"),
        ({"time": "明天"}, "place", "", "〔？〕明天停水。"),
        (ANSWERS, None, "三队明天停水。\n三队的人请存水。", ""),
        ({**ANSWERS, "place": "{time}"}, None, "{time}明天停水。\n{time}的人请存水。", ""),
    ],
)
def test_blanks_are_filled_one_after_the_other_and_once(
    answers: dict[str, str], next_blank: str | None, filled: str, line: str
) -> None:
    assert DRY.next_blank(answers) == next_blank
    assert DRY.filled(answers) == filled
    assert not next_blank or DRY.line_with(next_blank, answers) == line


def test_nothing_with_a_blank_left_can_be_said() -> None:
    assert "还有空没填：{place}" in refused(lambda: checked_text(Sort.NOTICE, DRY.text))
    assert "还有空没填" in refused(lambda: checked_text(Sort.NOTICE, DRY.line_with("time", {"place": "三队"})))


@pytest.mark.parametrize(
    ("text", "blanks"),
    [
        ("{place}{time}{place}", ("place", "time")),
        ("{地点}进水", ("地点",)),
        ("进水", ()),
        ("{}", ()),
        ("{a{b}c}", ("b",)),
        ("{a\nb}", ()),
        ("{" + "x" * 31 + "}", ()),
    ],
)
def test_what_a_blank_is(text: str, blanks: tuple[str, ...]) -> None:
    assert blanks_in(text) == blanks


def test_each_blank_has_its_question() -> None:
    assert DRY.question("place") == "哪里停水？"
    assert DRY.question("time") == "“time”填什么？"


@pytest.mark.parametrize(
    ("words", "sort", "why"),
    [
        ("？！", Sort.NOTICE, "请用文字回答"),
        ("", Sort.NOTICE, "请用文字回答"),
        ("水" * (LONGEST_ANSWER + 1), Sort.NOTICE, f"太长了（{LONGEST_ANSWER + 1} 字）"),
        ("{place}", Sort.NOTICE, "还有空没填：{place}"),
        ("____", Sort.NOTICE, "请用文字回答"),
        ("三队____", Sort.NOTICE, "还有空没填"),
        ("演练区", Sort.ALERT, "不要写“演练”"),
        ("真的", Sort.DRILL, "演练里不能说"),
        ("【演练】三队", Sort.NOTICE, "演练专用"),
    ],
)
def test_an_answer_that_could_not_be_said_is_refused_while_it_is_asked(words: str, sort: Sort, why: str) -> None:
    assert why in refused(lambda: DRY.answered({}, "place", words, sort))


def test_an_answer_that_only_together_with_another_claims_to_be_real_is_refused() -> None:
    template = replace(DRY, text="{a}{b}")
    first = template.answered({}, "a", "这不是", Sort.DRILL)
    assert "演练里不能说" in refused(lambda: template.answered(first, "b", "演习", Sort.DRILL))


def test_an_answer_stays_on_one_line() -> None:
    assert DRY.answered({}, "place", " 三队\n四队\u202e ", Sort.NOTICE) == {"place": "三队 四队"}


@pytest.mark.parametrize(
    ("stage", "answers", "said"),
    [
        (Stage.CANCELLED, ANSWERS, "三队不停水。"),
        (Stage.CANCELLED, {}, ""),
        (Stage.CLEARED, {}, "水来了。"),
        (Stage.EXPIRED, ANSWERS, ""),
        (Stage.REVISED, ANSWERS, ""),
    ],
)
def test_what_is_said_at_the_end(stage: Stage, answers: dict[str, str], said: str) -> None:
    assert DRY.end(stage, Sort.NOTICE, answers) == said


def test_the_end_of_a_drill_never_claims_to_be_real() -> None:
    template = replace(DRY, correction="{place}演练", text="{place}")
    assert template.end(Stage.CANCELLED, Sort.DRILL, {"place": "祠堂"}) == "祠堂演练"
    assert template.end(Stage.CANCELLED, Sort.DRILL, {"place": "这不是"}) == ""


@pytest.mark.parametrize(
    ("changes", "field", "why"),
    [
        ({"text": ""}, "text", "请写一句话"),
        ({"text": "{place}{time}____停水"}, "text", "还有空没填"),
        ({"text": "水" * 1001}, "text", "太长了"),
        ({"text": "{place}{time}真的停水"}, "text", "演练里不能说"),
        ({"text": "{time}停水"}, "correction", "没有 {place} 这个空"),
        ({"correction": ""}, "correction", "请写一句话"),
        ({"all_clear": "{when}来水"}, "all_clear", "没有 {when} 这个空"),
        ({"ask": {"tiem": "几点？"}}, "ask.tiem", "没有 {tiem} 这个空"),
        ({"text": "演练：{place}{time}", "sort": Sort.ALERT}, "text", "不要写“演练”"),
    ],
)
def test_a_template_that_nobody_could_use_is_found_out(changes: dict[str, Any], field: str, why: str) -> None:
    found = replace(DRY, **changes).fault()
    assert found
    assert found[0] == field
    assert why in found[1]


def test_a_sound_template_has_no_fault() -> None:
    assert DRY.fault() is None
    assert replace(DRY, all_clear="").fault() is None


@pytest.mark.parametrize(
    ("word", "found"), [("停水", True), (" 停水 ", True), ("WATER_CUT", True), ("停电", False), ("", False)]
)
def test_templates_are_called_by_title_or_name(word: str, found: bool) -> None:
    assert (Templates([DRY]).called(word) == DRY) is found
