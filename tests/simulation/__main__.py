"""Many weeks, one a seed: `python -m tests.simulation --seeds 1000`; one of them again: `--seeds 1 --first 17`."""

import argparse
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor

from tests.simulation.week import Passed, passed


def weeks(first: int, seeds: int, processes: int | None = None) -> Iterator[Passed]:
    """Says of each how it went, as it goes: a thousand take half an hour."""
    with ProcessPoolExecutor(processes or os.cpu_count()) as pool:
        for week in pool.map(passed, range(first, first + seeds)):
            print(f"seed {week.seed}: {week.events} messages, trace {week.trace}", flush=True)
            for fault in week.broken:
                print(f"  {fault}")
            if week.broken:
                print(f"  again: python -m tests.simulation --seeds 1 --first {week.seed}", flush=True)
            yield week


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation")
    parser.add_argument("--seeds", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--processes", type=int)
    asked = parser.parse_args()
    failed = sum(bool(week.broken) for week in weeks(asked.first, asked.seeds, asked.processes))
    print(f"{asked.seeds - failed} of {asked.seeds} weeks kept every promise")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
