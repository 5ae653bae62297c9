"""What of a labelled list is found, asked about, and taken for a report that is none."""

from collections.abc import Iterable
from dataclasses import dataclass

from lexicon.learn import TALK, UNCLEAR
from lexicon.recogniser import Recogniser

EMERGENCIES = frozenset({"flood", "lost_person", "fire_gas", "help"})


@dataclass(frozen=True)
class Accuracy:
    """Shares between 0 and 1. What is asked about counts as found; talk that is asked about is no false alarm, and is
    counted apart."""

    emergencies: float
    reports: float
    kinds: float
    false_alarms: float
    asked: float


def measure(reader: Recogniser, sentences: Iterable[tuple[str, str]]) -> Accuracy:
    read = [(label, reader.read(said)) for label, said in sentences if label != UNCLEAR]
    reports = [(label, reading) for label, reading in read if label != TALK]
    talk = [reading for label, reading in read if label == TALK]
    found = [(label, reading) for label, reading in reports if reading.kind]
    return Accuracy(
        _share(reading.kind is not None for label, reading in reports if label in EMERGENCIES),
        _share(reading.kind is not None for _label, reading in reports),
        _share(reading.kind == label for label, reading in found),
        _share(reading.kind is not None and reading.sure for reading in talk),
        _share(reading.kind is not None and not reading.sure for reading in talk),
    )


def _share(of: Iterable[bool]) -> float:
    counted = list(of)
    return sum(counted) / len(counted)
