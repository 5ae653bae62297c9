"""`make bench`: all figures of docs/performance.md, or those named: `make bench ARGS="deadlines tree"`."""

import importlib
import sys

ALL = (
    "reports",
    "crash",
    "deadlines",
    "tree",
    "storm",
    "search",
    "import_country",
    "recognise",
    "broadcast",
    "picture",
    "wecom",
    "county",
)


def main() -> None:
    for name in sys.argv[1:] or ALL:
        for what, measured, target in importlib.import_module(f"bench.{name}").run():
            print(f"{name:15} {what:60} {measured:>28}   {target}", flush=True)


if __name__ == "__main__":
    main()
