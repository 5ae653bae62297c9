"""How a sentence is worded: like somebody who reports, or like talk. It speaks for or against what the signs say."""

import math
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

from lexicon.hearing import Heard

LONGEST_GRAM = 3
"""Characters: longer pieces of a sentence are too rare to learn from."""

READ = 300
"""Characters whose wording counts: in a long text everything occurs."""

TABLE = "tone.tsv"
"""What for, a piece of wording or a concept, and its weight, a line each; written by `lexicon.learn`."""

MOST = 6.0
"""No wording is surer than this, whatever the length of the sentence."""


REPORT = "report"
"""What the first of the weights are for; the others are for a kind each."""


class Tone:
    """`weights` are those of each piece, by what they are for; the piece `""` is in every sentence."""

    def __init__(self, weights: Mapping[str, Mapping[str, float]]) -> None:
        self._for = sorted({what for of_piece in weights.values() for what in of_piece})
        self._weights = {
            piece: tuple(of_piece.get(what, 0.0) for what in self._for) for piece, of_piece in weights.items()
        }
        self._report = {piece: of_piece[REPORT] for piece, of_piece in weights.items() if REPORT in of_piece}

    def of(self, heard: Heard) -> dict[str, float]:
        """For `REPORT` and for each kind the logarithm of the odds: above 0 it is rather one, below 0 rather not."""
        known = [self._weights[piece] for piece in ("", *pieces(heard)) if piece in self._weights]
        odds = [sum(column) for column in zip(*known, strict=True)] or [0.0] * len(self._for)
        return {what: max(-MOST, min(MOST, total)) for what, total in zip(self._for, odds, strict=True)}

    def telling(self, heard: Heard) -> str:
        """The piece of the text that speaks most for a report."""
        said = (piece for piece in pieces(heard) if not piece.startswith("@") and len(piece) > 1)
        return max(said, key=lambda piece: (self._report.get(piece, 0.0), piece), default="")


@cache
def load() -> Tone:
    weights: dict[str, dict[str, float]] = {}
    for line in (files(__package__) / TABLE).read_text("utf-8").splitlines():
        what, piece, weight = line.split("\t")
        weights.setdefault(piece, {})[what] = float(weight)
    return Tone(weights)


def pieces(heard: Heard) -> Iterable[str]:
    """Runs of one to three characters, and the concepts that are heard: each once, in a fixed order."""
    text = heard.parted[:READ].replace("\n", ",").replace("\t", ",")
    grams = [text[n : n + size] for size in range(1, LONGEST_GRAM + 1) for n in range(len(text) - size + 1)]
    return dict.fromkeys([*grams, *(f"@{concept}" for concept in heard.by_concept)])


def learned(examples: Iterable[tuple[Heard, bool]], rounds: int = 40) -> dict[str, float]:
    """Weights by logistic regression, the same for the same examples. A piece that occurs once teaches nothing."""
    rows = [([*pieces(heard), ""], report) for heard, report in examples]
    counts: dict[str, int] = {}
    for row, _report in rows:
        for piece in row:
            counts[piece] = counts.get(piece, 0) + 1
    rows = [([piece for piece in row if counts[piece] > 1], report) for row, report in rows]
    weights = dict.fromkeys((piece for piece, count in counts.items() if count > 1), 0.0)
    for nth in range(rounds):
        step = 0.05 / (1 + nth / 8)
        for row, report in rows:
            odds = sum(weights[piece] for piece in row)
            error = float(report) - 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))
            for piece in row:
                weights[piece] += step * (error - SHRINK * weights[piece])
    return weights


SHRINK = 0.1
"""How much of a weight each example that has its piece takes back: the fewer examples, the less is believed."""
