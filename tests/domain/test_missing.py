"""What is told of a lost person, and what is not: a child's name least of all."""

import pytest

from domain.missing import Fact, Missing, read, told, without_names, years_in


@pytest.mark.parametrize(
    ("age", "years"),
    [
        ("6岁", 6), ("六岁", 6), ("十二岁", 12), ("二十三岁", 23), ("五六岁", 5), ("8 个月", 0), ("7 到 12 岁", 7),
        ("60 岁以上", 60), ("18", 18), ("不小了", None), ("", None),
    ],
)  # fmt: skip
def test_how_old_the_words_say(age: str, years: int | None) -> None:
    assert years_in(age) == years


@pytest.mark.parametrize(
    ("who", "age", "line"),
    [
        ("王小明", "6岁", "王姓孩子，6岁"),
        ("我儿子王小明", "", "王姓孩子"),
        ("女儿叫林小红，8岁", None, "林姓孩子，8岁"),
        ("欧阳小宝", "5岁", "欧阳姓孩子，5岁"),
        ("小明", "六岁", "一个孩子，六岁"),
        ("小孩", "", "一个孩子"),
        ("王大明", "17岁", "王姓孩子，17岁"),
        # Nobody knows how old: treated as a child, for a name that was posted cannot be taken back.
        ("王大明", "", "姓王的人"),
        ("", "", "一个人"),
        ("王大明", "18岁", "王大明，18岁"),
        ("陈依伯", "82", "陈依伯，82"),
        ("陈爷爷", "", "陈爷爷"),
        ("老人", "", "老人"),
        ("陈依伯 13800138000", "82", "陈依伯 …，82"),
    ],
)
def test_a_child_is_named_by_the_family_only(who: str, age: str | None, line: str) -> None:
    missing = Missing().answer(Fact.WHO, who)
    missing = missing if age is None else missing.answer(Fact.AGE, age)
    assert told(missing) == line


@pytest.mark.parametrize(
    ("words", "told_as"),
    [
        ("小明在小学门口", "TA在小学门口"),
        ("王小明往东走了", "TA往东走了"),
        ("穿红衣服的孩子，打 13800138000", "穿红衣服的孩子，打 …"),
    ],
)
def test_a_childs_name_is_left_out_of_what_others_say(words: str, told_as: str) -> None:
    assert without_names(read("我儿子王小明走丢了"), words) == told_as


def test_the_first_words_are_read_and_not_asked_again() -> None:
    known = read("孩子找不到了，5岁，穿红衣服，已经报警了")
    assert (known.age, known.clothes, known.child) == ("5岁", "红衣服", True)
    assert [fact for fact in Fact if not known.knows(fact)] == [
        Fact.WHO, Fact.PHOTO, Fact.WHERE, Fact.WHEN, Fact.CONTACT,
    ]  # fmt: skip
    assert told(known) == "一个孩子，5岁，红衣服"


def test_the_contact_is_told_to_nobody_and_not_known_is_an_answer() -> None:
    missing = read("孩子走失").answer(Fact.CONTACT, "13800138000").answer(Fact.WHERE, "村口").answer(Fact.AGE, "")
    assert told(missing) == "一个孩子。最后见：村口"
    assert missing.knows(Fact.AGE)


@pytest.mark.parametrize(
    ("words", "when"),
    [
        ("刚才在村口玩，孩子不见了", "刚才"),
        ("半小时前还在家", "半小时前"),
        ("刚才发现孩子不见了", None),
        ("孩子丢了", None),
    ],
)
def test_when_somebody_was_seen_is_not_when_it_was_noticed(words: str, when: str | None) -> None:
    assert read(words).when == when


@pytest.mark.parametrize(
    ("words", "clothes"),
    [
        ("孩子 6 岁 红衣服", "红衣服"),
        ("奶奶不见了，灰外套、黑裤子", "灰外套、黑裤子"),
        ("孩子穿红衣服", "红衣服"),
        ("a boy wearing a blue coat, 6 years", "blue coat"),
        ("My grandson, red jacket", "red jacket"),
        ("红星小学走失一个孩子", None),
    ],
)
def test_clothes_are_read_as_people_write_them(words: str, clothes: str | None) -> None:
    assert read(words).clothes == clothes
