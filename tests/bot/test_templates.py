"""The templates that come with the bot are complete in both languages; a village's own file changes and adds."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from bot.check import check
from bot.config import Config, ConfigError, load, templates
from domain.sayable import checked_text
from domain.stages import Sort, Stage
from domain.template import MOST_TEMPLATES, Template

CHINESE, ENGLISH = templates.load("zh"), templates.load("en")
NAMES = [
    "typhoon", "rainstorm", "flood_release", "heat", "fire", "gas", "water_cut", "power_cut", "missing_person",
    "all_clear",
]  # fmt: skip
SHIPPED = [pytest.param(one, id=f"{language}-{one.name}") for language, all_ in (("zh", CHINESE), ("en", ENGLISH)) for one in all_]  # fmt: skip  # noqa: E501

LONGEST_SHIPPED = 450
"""Characters of a filled text in English, half as many in Chinese: a small screen shows it without scrolling."""


def test_all_are_there_in_both_languages_with_the_same_blanks() -> None:
    assert [one.name for one in CHINESE] == [one.name for one in ENGLISH] == NAMES
    for zh, en in zip(CHINESE, ENGLISH, strict=True):
        assert set(zh.blanks) == set(en.blanks), zh.name
        assert set(zh.ask) == set(en.ask) == set(zh.blanks), zh.name
        assert (zh.sort, zh.colour, bool(zh.all_clear)) == (en.sort, en.colour, bool(en.all_clear)), zh.name


@pytest.mark.parametrize("template", SHIPPED)
def test_it_can_be_said_in_full_in_earnest_and_as_a_drill(template: Template) -> None:
    answers = dict.fromkeys(template.blanks, "12345678")
    text = template.filled(answers)
    for sort in (template.sort, Sort.DRILL):
        assert checked_text(sort, text) == text
        assert template.end(Stage.CANCELLED, sort, answers)
        assert bool(template.end(Stage.CLEARED, sort, answers)) is (template.name != "all_clear")
    assert template.colour or template.sort is Sort.NOTICE
    assert "phone" in template.blanks, "it says whom to call"


def test_they_are_short_and_in_their_own_language() -> None:
    for zh, en in zip(CHINESE, ENGLISH, strict=True):
        assert len(zh.text) <= LONGEST_SHIPPED / 2, zh.name
        assert len(en.text) <= LONGEST_SHIPPED, en.name
        assert not re.search(
            r"[\u4e00-\u9fff]", "".join((en.title, en.text, en.correction, en.all_clear, *en.ask.values()))
        )


@pytest.fixture
def written(tmp_path: Path):  # type: ignore[no-untyped-def]
    def write(text: str) -> Path:
        path = tmp_path / "own.toml"
        path.write_text(text, "utf-8")
        return path

    return write


def test_a_village_changes_one_and_adds_one(written) -> None:  # type: ignore[no-untyped-def]
    own = written(
        """
        [heat]
        colour = "red"

        [water_cut]
        text = "{place}停水，{tanker}有水车。"
        correction = "{place}不停水。"
        all_clear = "水来了。"
        ask.tanker = "水车在哪里？"

        [dogs]
        title = "打狗针"
        text = '''{"地点"}'''
        correction = "不打了。"
        """.replace('{"地点"}', "{地点}打狗针")
    )
    known = templates.load("zh", own)
    heat, dry, dogs = (known.get(name) for name in ("heat", "water_cut", "dogs"))
    assert heat
    assert dry
    assert dogs
    original = CHINESE.get("heat")
    assert original
    assert replace(original, colour=heat.colour) == heat
    assert heat.colour is not original.colour
    assert dry.ask == {"place": "哪里停水？例如：三队全部", "tanker": "水车在哪里？"}
    assert (dogs.blanks, dogs.sort, dogs.question("地点")) == (("地点",), Sort.NOTICE, "“地点”填什么？")
    assert [one.name for one in known] == [*NAMES, "dogs"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[heat]\ncolor = "red"', ["第 2 行", "heat.color", "没有这个设置"]),
        ('[heat]\n\ncolour = "紫"', ["第 3 行", "heat.colour"]),
        ('[heat]\nsort = "drill"', ["第 2 行", "heat.sort"]),
        ('[heat]\ntext = "{time}____"', ["第 2 行", "heat.text", "还有空没填"]),
        ('[heat]\ntext = "{time}{degrees}{place}{phone}真的热"', ["第 2 行", "heat.text", "演练里不能说"]),
        ('[heat]\ncorrection = """\n{wann}\n"""', ["第 2 行", "heat.correction", "没有 {wann} 这个空"]),
        ('[gas]\ntext = "漏气了"', ["第 1 行", "gas.correction", "没有 {place} 这个空"]),
        ('[heat]\nask.tiem = "几点？"', ["第 2 行", "heat.ask.tiem", "没有 {tiem} 这个空"]),
        ('[heat.ask]\n"时间" = "几点？"', ["第 2 行", "heat.ask.时间", "没有 {时间} 这个空"]),
        ('[dogs]\ntitle = "打狗针"', ["第 1 行", "dogs", "新的模板要有 text、correction"]),
        ('[dogs]\ntitle = "高温"\ntext = "a"\ncorrection = "b"', ["第 2 行", "dogs.title", "和模板 heat 同名"]),
        ('[heat]\n[Dogs]\ntitle = "狗"', ["第 2 行", "Dogs"]),
        ('x = 1', ["第 1 行", "x"]),
        ('[heat]\ntitle = x', ["不是正确的 TOML", "line 2"]),
        ("".join(f'[a{n}]\ntitle="{n}"\ntext="a"\ncorrection="b"\n' for n in range(MOST_TEMPLATES)), ["太多了"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_by_file_line_and_field(written, text: str, says: list[str]) -> None:  # type: ignore[no-untyped-def]
    path = written(text)
    with pytest.raises(ConfigError) as error:
        templates.load("zh", path)
    for part in [str(path), *says]:
        assert part in str(error.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"读不了模板文件 .*none\.toml"):
        templates.load("zh", tmp_path / "none.toml")


def test_the_config_names_the_file_beside_it_and_the_language(written, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    written('[heat]\ntitle = "Hot"')
    config = tmp_path / "config.toml"
    config.write_text('language = "en"\n[alerts]\ntemplates = "own.toml"', "utf-8")
    here = load(config).settings().templates
    assert here.called("hot")
    assert here.called("Gas leak")


async def test_the_check_reports_every_fault(written, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    own = written('[heat]\ntext = "{time}____"\n[gas]\ntext = "{x}____"')
    config = Config.model_validate(
        {"alerts": {"templates": own}, "web": {"enabled": False}, "storage": {"path": tmp_path / "v.db"}}
    )
    found = [finding for finding in await check(config) if "own.toml" in finding.sentence]
    assert [("heat.text" in one.sentence, "gas.text" in one.sentence, one.wrong) for one in found] == [
        (True, False, True),
        (False, True, True),
    ]
