"""The surveys that come with the bot, and what a village may and may not write into its own."""

from pathlib import Path

import pytest

from bot.catalogue import Language
from bot.config import surveys
from bot.config.faults import ConfigError

OWN = """
[flood_after]
title = "灾后"
question = "房子能住吗？"
[flood_after.answers]
fine = { label = "能住", own = true }
help = { label = "缺东西", means = "help" }
"""


@pytest.mark.parametrize("language", ["zh", "en"])
def test_those_that_come_with_the_bot_are_whole(language: Language) -> None:
    known = list(surveys.load(language))
    assert [one.name for one in known] == ["typhoon", "heat", "fire", "census", "migrants", "general"]
    assert all(any(choice.own for choice in one.choices) for one in known)


def test_a_village_adds_its_own(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(OWN, "utf-8")
    survey = surveys.load("zh", path).called("灾后")
    assert survey
    assert [choice.label for choice in survey.choices] == ["能住", "缺东西"]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        (OWN.replace("灾后", "台风"), "是另一种摸排的名字"),
        (OWN.replace("缺东西", "能住"), "分不清"),
        (
            OWN.replace('fine = { label = "能住", own = true }', 'gone = { label = "走了", means = "unreached" }'),
            "至少要有一个",
        ),
        (OWN.replace("question", "quest"), "question"),
        (OWN.replace("[flood_after.answers]", 'opens = "rescue"\n[flood_after.answers]'), "没有 rescue 这个事件类型"),
        (OWN.replace("能住", "房子还可以住的很好"), "label"),
    ],
)
def test_what_nobody_could_use_is_said_with_its_line(tmp_path: Path, changed: str, why: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(changed, "utf-8")
    with pytest.raises(ConfigError, match=why):
        surveys.load("zh", path)
