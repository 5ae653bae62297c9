"""What is understood of a sentence, as a village officer could check it."""

import pytest

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
