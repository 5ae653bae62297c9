"""Learns how reports are worded from labelled sentences: `python -m lexicon.learn tests/lexicon/tuning.tsv`."""

import sys
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

from lexicon.recogniser import Recogniser
from lexicon.tone import REPORT, TABLE, learned

LEAST = 0.08
"""Weights below this say nothing, and are not kept."""

TALK, UNCLEAR = "-", "?"
"""The labels of what reports nothing, and of what nobody could tell."""


def labelled(path: Path) -> list[tuple[str, str]]:
    """Label and sentence, a line each with a tab between."""
    lines = path.read_text("utf-8").splitlines()
    pairs = (line.partition("\t") for line in lines if line and not line.startswith("#"))
    return [(label, sentence) for label, _tab, sentence in pairs]


def weights(sentences: Iterable[tuple[str, str]]) -> dict[str, dict[str, float]]:
    """Of a report against talk, and of each kind against the other kinds."""
    hear = Recogniser().hear
    heard = [(label, hear(said)) for label, said in sentences if label != UNCLEAR]
    reports = [(label, words) for label, words in heard if label != TALK]
    kinds = sorted({label for label, _words in reports})
    return {
        REPORT: learned((words, label != TALK) for label, words in heard),
        **{kind: learned((words, label == kind) for label, words in reports) for kind in kinds},
    }


def main() -> None:
    table = weights(pair for path in sys.argv[1:] for pair in labelled(Path(path)))
    kept = [
        f"{what}\t{piece}\t{weight:.2f}\n"
        for what, of in table.items()
        for piece, weight in sorted(of.items())
        if abs(weight) >= LEAST
    ]
    (Path(str(files(__package__))) / TABLE).write_text("".join(kept), "utf-8")


if __name__ == "__main__":
    main()
