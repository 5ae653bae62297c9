"""What is understood of a sentence, as a village officer could check it."""

from pathlib import Path

import pytest

from domain.kinds import DEFAULTS, Kind, Kinds
from domain.reading import Severity
from lexicon.files import LexiconError, load
from lexicon.recogniser import Recogniser

READER = Recogniser()


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("东门地下车库进水了", "flood"),
        ("孩子走失了，穿红衣服", "lost_person"),
        ("三楼着火了", "fire_gas"),
        ("我家煤气漏气", "fire_gas"),
        ("电梯又坏了", "repair"),
        ("隔壁为了宅基地吵起来了", "dispute"),
        ("求助 老人摔倒了", "help"),
        ("建议在村口装个路灯", "suggestion"),
        ("建议大家快跑，着火了", "fire_gas"),
        ("有只孔雀在路上", "other"),
        ("The lift is broken", "repair"),
        ("", "other"),
    ],
)
def test_a_declared_report_has_the_kind_that_its_words_name(words: str, kind: str) -> None:
    assert READER.read_report(words).kind == kind


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("我家楼下全是水,都到膝盖了", "flood"),
        ("孩子找不到了,穿红衣服", "lost_person"),
        ("三号楼电梯又坏了", "repair"),
        ("隔壁邻居和我为了宅基地吵起来了", "dispute"),
        ("煤气味很大", "fire_gas"),
        ("怎么这么大烟味, 是不是着火了", "fire_gas"),
        ("依公跋倒了，起不来", "help"),
    ],
)
def test_plain_words_are_surely_a_report(said: str, kind: str) -> None:
    reading = READER.read(said)
    assert (reading.kind, reading.sure) == (kind, True)


@pytest.mark.parametrize("said", ["雨伞看到的拦一下", "蓝色的雨衣，五点放在门口的，现在没有了"])
def test_nobody_is_lost_where_nobody_is_spoken_of(said: str) -> None:
    """However much it is worded like that."""
    assert READER.read(said).kind != "lost_person"


@pytest.mark.parametrize(
    "said",
    [
        "水费在哪里交",
        "昨天的水退了,谢谢大家",
        "大家看看这朵花",
        "孩子会走路了",
        "明天电梯检修",
        "没有着火",
        "收到",
        "",
        "👍",
        "   ",
    ],
)
def test_talk_reports_nothing(said: str) -> None:
    assert READER.read(said).kind is None


@pytest.mark.parametrize(
    ("as_written", "as_meant"),
    [
        ("電梯壞了，三號樓的", "电梯坏了，三号楼的"),
        ("电提坏了，三号楼的", "电梯坏了，三号楼的"),
        ("三楼着伙了", "三楼着火了"),
        ("３号楼停电了", "3号楼停电了"),
    ],
)
def test_it_reads_what_was_meant(as_written: str, as_meant: str) -> None:
    written, meant = READER.read(as_written), READER.read(as_meant)
    assert written.kind == meant.kind is not None


@pytest.mark.parametrize(
    ("said", "severity"),
    [
        ("车库的水到脚踝了", Severity.ANKLE),
        ("水到膝盖了，还在涨", Severity.KNEE),
        ("一楼的水齐腰了", Severity.WAIST),
        ("水都没过头顶了", Severity.ABOVE),
        ("车库进水，有30公分深", Severity.KNEE),
        ("车库进水，有一米多深", Severity.WAIST),
        ("楼道里有煤气味", Severity.SMELL),
        ("三楼阳台冒黑烟", Severity.SMOKE),
        ("厨房冒烟，火苗都看见了", Severity.FLAME),
        ("我膝盖摔破了，起不来", None),
    ],
)
def test_how_bad_it_is_by_what_people_see(said: str, severity: Severity | None) -> None:
    assert READER.read_report(said).severity is severity


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("三号楼电梯又坏了", "三号楼"),
        ("3栋2单元501漏水", "3栋2单元501"),
        ("三栋二单元楼道停电了", "三栋二单元楼道"),
        ("东门地下车库进水了", "东门地下车库"),
        ("祠堂门口有马蜂窝", "祠堂门口"),
        ("B座12楼着火了", "B座12楼"),
        ("The lift in building 5 is broken", "building 5"),
        ("孩子找不到了", None),
    ],
)
def test_where_it_is(said: str, place: str | None) -> None:
    assert READER.read_report(said).place == place


@pytest.mark.parametrize(
    ("said", "people"),
    [
        ("电梯里困了三个人", 3),
        ("一家四口被困屋顶", 4),
        ("十二名工人被埋", 12),
        ("母子俩困在车里", 2),
        ("5 people are trapped in the lift", 5),
        ("孩子三岁，走丢三个小时了", None),
        ("三号楼电梯坏了", None),
    ],
)
def test_how_many_people(said: str, people: int | None) -> None:
    assert READER.read_report(said).people == people


@pytest.mark.parametrize(
    ("said", "danger"),
    [
        ("车库进水，三个人被困在里面", True),
        ("老人晕倒了，叫不醒", True),
        ("三号楼电梯又坏了", False),
        ("隔壁半夜唱歌太吵", False),
    ],
)
def test_whether_a_life_is_at_risk(said: str, danger: bool) -> None:
    assert READER.read_report(said).danger is danger


def test_it_says_by_which_words_for_and_against_in_their_order() -> None:
    assert READER.read("三号楼电梯又坏了").because == ("号楼", "电梯", "又坏了")
    assert READER.read("明天电梯检修").because[0] == "明天"


def test_the_villages_own_words_come_first() -> None:
    dog = Kind("stray_dog", "流浪狗", ("野狗", "狗追人"))
    village = Recogniser(Kinds([dog, *DEFAULTS]))
    reading = village.read("村口有野狗")
    assert (reading.kind, reading.sure, reading.place) == ("stray_dog", True, "村口")
    assert village.read("三号楼电梯又坏了").kind == "repair"


def test_a_village_adds_words_signs_and_contexts(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        '[kinds.repair]\nsure = ["pump + fault"]\n[words]\npump = "龙骨车"\nchild = "咪仔"\n'
        '[contexts.temple_fair]\nweight = -9\nreach = "anywhere"\nlife = true\nwords = "游神"\n',
        "utf-8",
    )
    kinds = Kinds()
    village = Recogniser(kinds, load(kinds, own))
    assert (
        READER.read("龙骨车坏了，快来修").kind != "repair" or READER.read("龙骨车坏了，快来修").because[0] != "龙骨车"
    )
    assert village.read_report("龙骨车坏了").because[0] == "龙骨车"
    assert village.read("咪仔不见了，大家帮忙找").kind == "lost_person"
    assert not village.read("游神的时候孩子走丢了，快来").sure


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[words]\nwater = 5", ["第 2 行", "words.water"]),
        ('[kinds.flood]\nsure = ["water + nowhere"]', ["第 2 行", "kinds.flood.sure", "nowhere"]),
        ('[kinds.flood]\nvery = ["water"]', ["第 2 行", "kinds.flood.very", "danger、sure"]),
        ('[kinds.dragon]\nsure = ["water"]', ["第 1 行", "kinds.dragon", "[[kinds]]"]),
        ('\n[contexts.x]\nweight = "a"\nreach = "near"', ["第 3 行", "contexts.x.weight"]),
        ('[contexts.x]\nweight = -1\nreach = "far"', ["第 3 行", "contexts.x.reach", "touching"]),
        ("[wrods]\na = 'b'", ["第 1 行", "wrods"]),
        ("water = [", ["不是正确的 TOML"]),
    ],
)
def test_what_is_wrong_in_a_lexicon_is_said_by_line_and_field(tmp_path: Path, text: str, says: list[str]) -> None:
    own = tmp_path / "own.toml"
    own.write_text(text, "utf-8")
    with pytest.raises(LexiconError) as error:
        load(Kinds(), own)
    for part in [str(own), *says]:
        assert part in str(error.value)


def test_ten_thousand_characters_are_read() -> None:
    assert READER.read_report("水淹到我家门口了，" + "孩子在车库" * 2_000).kind == "flood"


def test_the_same_words_are_always_read_the_same_way() -> None:
    said = "车库进水，三个人被困在里面"
    assert READER.read(said) == Recogniser().read(said)
