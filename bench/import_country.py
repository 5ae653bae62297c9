"""The 620,000 villages of the country brought in as a tree, against the same rows written unchecked."""

import csv
import resource
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


def _country(directory: Path) -> Iterator[Grid]:
    subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=directory, check=True, capture_output=True)
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


def _write(directory: Path) -> tuple[Path, list[Grid], str]:
    if shutil.which("npm"):
        grids, source = list(_country(directory)), PACKAGE
    else:
        grids, source = list(_made_up()), "a made-up tree: npm is not here"
    path = directory / "grids.csv"
    with path.open("w", encoding="utf-8", newline="") as target:
        csv.writer(target).writerows([("code", "name", "level", "parent"), *grids])
    return path, grids, source


def _plain(directory: Path, grids: list[Grid]) -> float:
    """Seconds to write the rows into one table, without a check."""
    started = time.perf_counter()
    with closing(sqlite3.connect(directory / "plain.db")) as db, db:
        db.execute("CREATE TABLE grids (code TEXT PRIMARY KEY, name TEXT, level TEXT, parent TEXT)")
        db.executemany("INSERT INTO grids VALUES (?, ?, ?, ?)", grids)
    return time.perf_counter() - started


def _import(directory: Path, path: Path) -> tuple[float, float]:
    """Seconds and MB of the command as anybody runs it."""
    config = directory / "config.toml"
    config.write_text(f'[storage]\npath = "{directory / "village.db"}"\n', "utf-8")
    started = time.perf_counter()
    words = ["-m", "bot", "import", "grids", str(path), "--config", str(config)]
    subprocess.run([sys.executable, *words], cwd=Path(__file__).parent.parent, check=True, capture_output=True)
    seconds = time.perf_counter() - started
    return seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        path, grids, source = _write(directory)
        seconds, megabytes = _import(directory, path)
        plain = _plain(directory, grids)
    what = f"import of {len(grids):,} grids ({source})"
    return [
        (what, f"{seconds:.1f} s", "< 60 s"),
        ("its memory at the highest", f"{megabytes:.0f} MB", "< 500 MB"),
        ("against the same rows without checks", f"{seconds / plain:.1f} times", "(baseline)"),
    ]
