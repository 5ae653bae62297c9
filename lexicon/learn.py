"""Learns how reports are worded from labelled sentences: `python -m lexicon.learn tests/lexicon/tuning.tsv`."""

import sys
from importlib.resources import files
from pathlib import Path

from lexicon.recogniser import Recogniser
from lexicon.tone import TABLE, learned

LEAST = 0.02
"""Weights below this say nothing, and are not kept."""

TALK, UNCLEAR = "-", "?"
"""The labels of what reports nothing, and of what nobody could tell."""


def labelled(path: Path) -> list[tuple[str, str]]:
    """Label and sentence, a line each with a tab between."""
    lines = path.read_text("utf-8").splitlines()
    pairs = (line.partition("\t") for line in lines if line and not line.startswith("#"))
    return [(label, sentence) for label, _tab, sentence in pairs]


def main() -> None:
    hear = Recogniser().hear
    sentences = [pair for path in sys.argv[1:] for pair in labelled(Path(path))]
    weights = learned((hear(said), label != TALK) for label, said in sentences if label != UNCLEAR)
    kept = sorted((piece, round(weight, 2)) for piece, weight in weights.items() if abs(weight) >= LEAST)
    table = Path(str(files(__package__))) / TABLE
    table.write_text("".join(f"{piece}\t{weight}\n" for piece, weight in kept), "utf-8")


if __name__ == "__main__":
    main()
