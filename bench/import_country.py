"""The 620,000 villages of the country brought in as a tree, against the same rows written unchecked."""

import csv
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from bench import Figure

PACKAGE = "china-division@2.7.0"
"""Statistical division codes (npm, WTFPL). Fetched for the measurement and not kept."""

LEVELS = (
    ("provinces", "省", None),
    ("cities", "市", "provinceCode"),
    ("areas", "县", "cityCode"),
    ("streets", "乡镇", "areaCode"),
    ("villages", "村", "streetCode"),
)
ROOT = "CN"

Grid = tuple[str, str, str, str]


def _fetched(directory: Path) -> bool:
    """Whether npm is here and brought the package."""
    if not shutil.which("npm"):
        return False
    command = ["npm", "pack", "--silent", PACKAGE]
    return subprocess.run(command, cwd=directory, capture_output=True, timeout=120).returncode == 0


def _country(directory: Path) -> Iterator[Grid]:
    with tarfile.open(next(directory.glob("*.tgz"))) as package:
        package.extractall(directory, filter="data")
    yield ROOT, "全国", "国", ""
    for name, level, parent in LEVELS:
        with (directory / "package" / "dist" / f"{name}.csv").open(encoding="utf-8") as source:
            for row in csv.DictReader(source):
                yield row["code"], row["name"], level, row[parent] if parent else ROOT


def _made_up() -> Iterator[Grid]:
    """A tree of the same shape, where the package cannot be had."""
    yield ROOT, "全国", "国", ""
    above = [ROOT]
    for level, fan in (("省", 31), ("市", 11), ("县", 9), ("乡镇", 14), ("村", 15)):
        here = [f"{parent}.{n}" for parent in above for n in range(fan)]
        yield from ((code, f"{level}{code}", level, code.rpartition(".")[0]) for code in here)
        above = here


def _write(directory: Path) -> tuple[Path, str]:
    """The file to import, and where its rows are from. They are not held: a child begins with its parent's memory."""
    path = directory / "grids.csv"
    rows, source = (_country(directory), PACKAGE) if _fetched(directory) else (_made_up(), "made up: npm brought none")
    with path.open("w", encoding="utf-8", newline="") as target:
        csv.writer(target).writerow(("code", "name", "level", "parent"))
        csv.writer(target).writerows(rows)
    return path, source


def _plain(directory: Path, path: Path) -> tuple[float, int]:
    """Seconds to write the same file's rows into one table, without a check; and how many they are."""
    started = time.perf_counter()
    with closing(sqlite3.connect(directory / "plain.db")) as db, db, path.open(encoding="utf-8", newline="") as source:
        rows = csv.reader(source)
        next(rows)
        db.execute("CREATE TABLE grids (code TEXT PRIMARY KEY, name TEXT, level TEXT, parent TEXT)")
        written = db.executemany("INSERT INTO grids VALUES (?, ?, ?, ?)", rows).rowcount
    return time.perf_counter() - started, written


def _import(directory: Path, path: Path) -> tuple[float, float]:
    """Seconds and MB of the command as anybody runs it, of this one process alone."""
    config = directory / "config.toml"
    config.write_text(f'[storage]\npath = "{directory / "village.db"}"\n', "utf-8")
    started = time.perf_counter()
    words = ["-m", "bot", "import", "grids", str(path), "--config", str(config)]
    command = subprocess.Popen([sys.executable, *words], cwd=Path(__file__).parent.parent, stdout=subprocess.DEVNULL)
    _pid, status, usage = os.wait4(command.pid, 0)
    command.returncode = os.waitstatus_to_exitcode(status)
    assert command.returncode == 0
    return time.perf_counter() - started, usage.ru_maxrss / 1024


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        path, source = _write(directory)
        seconds, megabytes = _import(directory, path)
        plain, grids = _plain(directory, path)
    what = f"import of {grids:,} grids ({source})"
    return [
        (what, f"{seconds:.1f} s", "< 60 s"),
        ("its memory at the highest", f"{megabytes:.0f} MB", "< 500 MB"),
        ("against the same file into one table, unchecked", f"{seconds / plain:.1f} times", "(baseline)"),
    ]


if __name__ == "__main__":
    for what, measured, target in run():
        print(f"{what:60} {measured:>12}   {target}")
