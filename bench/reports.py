"""Reports handled durably, against a bare echo bot that stores nothing, on the same stand-in."""

import statistics
import tempfile
from pathlib import Path

from bench import Figure
from bench.service import echo_bot, gridbot, service, stop, village

REPORTS = 2_000
ROUNDS = 3
TEXTS = [f"上报 {n} 号楼的路灯坏了" for n in range(REPORTS)]
"""Reports that leave nothing to ask: one answer each, as the echo bot gives."""


def _echo() -> float:
    """Answers a second, from the first to the last."""
    with service() as telegram:
        telegram.says(TEXTS)
        bot = echo_bot(telegram.base_url)
        counts = telegram.until("sent", REPORTS)
        stop(bot)
    return REPORTS / float(counts["seconds"])


def _gridbot() -> float:
    with tempfile.TemporaryDirectory() as directory, service() as telegram:
        config, _path = village(Path(directory), telegram.base_url)
        telegram.says(TEXTS)
        bot = gridbot(config)
        counts = telegram.until("sent", REPORTS)
        stop(bot)
    return REPORTS / float(counts["seconds"])


def run() -> list[Figure]:
    rounds = [(_gridbot(), _echo()) for _round in range(ROUNDS)]
    ours, theirs = (statistics.median(side) for side in zip(*rounds, strict=True))
    ratio = statistics.median(a / b for a, b in rounds)
    what = f"durable reports ({ours:.0f}/s) against a bare echo bot ({theirs:.0f}/s)"
    return [(what, f"{ratio:.2f} times", ">= 1.5 times")]
