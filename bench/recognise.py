"""How well reports in plain words are found, and how long a sentence takes, against looking for each word in turn."""

import statistics
import time
from collections.abc import Callable
from pathlib import Path

from bench import Figure
from domain.kinds import Kinds
from lexicon.files import load
from lexicon.learn import labelled
from lexicon.recogniser import Recogniser
from tests.lexicon.accuracy import measure

SENTENCES = Path("tests/lexicon")
LONGEST = 10_000
"""Characters: the longest report that is kept."""


def run() -> list[Figure]:
    reader = Recogniser()
    figures = []
    for name, most_asked in (("tuning", "< 8 %"), ("held_out", "< 8 %")):
        found = measure(reader, labelled(SENTENCES / f"{name}.tsv"))
        figures += [
            (f"{name}: emergencies found", f"{found.emergencies:.1%}", ">= 97 %"),
            (f"{name}: all reports found", f"{found.reports:.1%}", ">= 93 %"),
            (f"{name}: of these, the kind is right", f"{found.kinds:.1%}", ">= 90 %"),
            (f"{name}: talk that opens a case", f"{found.false_alarms:.1%}", "<= 2 %"),
            (f"{name}: talk that is asked about", f"{found.asked:.1%}", most_asked),
        ]
    return figures + _speed(reader)


def _speed(reader: Recogniser) -> list[Figure]:
    said = [sentence for _label, sentence in labelled(SENTENCES / "tuning.tsv")]
    words = sorted({word for spelt in load(Kinds()).words.values() for word in spelt})
    ours = _median(reader.read, said)
    plainly = _median(lambda text: [word for word in words if word in text], said)
    started = time.perf_counter()
    reader.read("水淹到我家门口了孩子不见了" * (LONGEST // 13))
    longest = time.perf_counter() - started
    what = f"a sentence, at the median; `word in text` over the {len(words):,} words of the lexicon: {plainly:.2f} ms"
    return [
        (what, f"{ours:.2f} ms, {ours / plainly:.1f} times", "< 2 ms"),
        (f"{LONGEST:,} characters", f"{longest * 1000:.0f} ms", "< 200 ms"),
    ]


def _median(read: Callable[[str], object], sentences: list[str]) -> float:
    """Milliseconds."""
    times = []
    for sentence in sentences:
        started = time.perf_counter()
        read(sentence)
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1000
