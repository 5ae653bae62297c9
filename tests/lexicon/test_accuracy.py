"""Whether emergencies are found and talk is left alone, on sentences with labels."""

from pathlib import Path

from lexicon.learn import labelled
from lexicon.recogniser import Recogniser
from tests.lexicon.accuracy import Accuracy, measure

HERE = Path(__file__).parent
READER = Recogniser()


def measured(name: str) -> Accuracy:
    return measure(READER, labelled(HERE / f"{name}.tsv"))


def test_the_sentences_it_was_tuned_on_are_read_as_they_were_meant() -> None:
    tuning = measured("tuning")
    assert tuning.emergencies >= 0.99
    assert tuning.reports >= 0.98
    assert tuning.kinds >= 0.93
    assert tuning.false_alarms <= 0.01
    assert tuning.asked <= 0.02


def test_sentences_that_nobody_tuned_for_are_found_too() -> None:
    """What a village is promised (docs/recognition.md)."""
    held_out = measured("held_out")
    assert held_out.emergencies >= 0.97
    assert held_out.reports >= 0.93
    assert held_out.kinds >= 0.90
    assert held_out.false_alarms <= 0.02
    assert held_out.asked <= 0.08
