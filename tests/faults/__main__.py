"""`make soak`: the faults again and again, with other dice each time; a seed that fails can be given again."""

import argparse
import os
import subprocess
import sys
import time


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, help="once, with this one")
    chosen = parser.parse_args()
    ends = time.monotonic() + 60 * (0 if chosen.seed else chosen.minutes)
    while True:
        seed = chosen.seed or time.time_ns()
        print(f"seed {seed}", flush=True)
        # Beside each other they crowd the machine, which is one fault more.
        command = [sys.executable, "-m", "pytest", "-n", "auto", "tests/faults"]
        if subprocess.run(command, env={**os.environ, "FAULTS_SEED": str(seed)}, check=False).returncode:
            sys.exit(f'failed; the same again: make soak ARGS="--seed {seed}"')
        if time.monotonic() >= ends:
            return


if __name__ == "__main__":
    main()
