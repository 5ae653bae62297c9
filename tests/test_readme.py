"""What the first page promises is done here, line by line."""

import os
import re
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

import handlers
from handlers.routing import Routes

ROOT = Path(__file__).parent.parent
ENGLISH, CHINESE = (ROOT / "README.md").read_text("utf-8"), (ROOT / "README.zh-CN.md").read_text("utf-8")
SQUAD = re.compile(r"^(\w+),[^,]+,小队,", re.MULTILINE)


def commands(text: str) -> list[str]:
    return re.findall(r"\.venv/bin/(gridbot [a-z][^`\n]*)", text)


def gridbot(words: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *words.split()[1:]],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )


@pytest.fixture
def village(tmp_path: Path) -> Path:
    """A directory as it is after the third step: the examples, and a config copied from the example."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    example = (ROOT / "config.example.toml").read_text("utf-8")
    (tmp_path / "config.toml").write_text(example.replace("owners = [] ", 'owners = ["telegram:1001"] '), "utf-8")
    return tmp_path


def test_both_readmes_give_the_same_commands() -> None:
    def plain(text: str) -> list[str]:
        return [
            re.sub(r"\b(CODE|编号)\b|编号", "CODE", command).split(" prints")[0].strip() for command in commands(text)
        ]

    assert plain(ENGLISH) == plain(CHINESE)
    assert (
        re.findall(r"^make \w+", ENGLISH, re.MULTILINE)
        == re.findall(r"^make \w+", CHINESE, re.MULTILINE)
        == ["make demo", "make test"]
    )


@pytest.mark.parametrize(
    "part",
    [
        pytest.param(r"^(#+) ", id="sections"),
        pytest.param(r"^\|.*(?<=\|)$", id="rows"),
        pytest.param(r"^\d+\. ", id="steps"),
        pytest.param(r"^(\w+/) ", id="folders"),
        pytest.param(r"`(/\w+)", id="words"),
        pytest.param(r"`(gridbot \w+)`", id="commands"),
        pytest.param(r"\]\((docs/[^)]+)\)", id="pages"),
    ],
)
def test_both_readmes_have_the_same_parts(part: str) -> None:
    def found(text: str) -> list[str]:
        return ["|" if hit.startswith("|") else hit for hit in re.findall(part, text, re.MULTILINE)]

    assert found(ENGLISH)
    assert found(ENGLISH) == found(CHINESE)


def test_the_commands_work_in_the_order_they_stand_in(village: Path) -> None:
    squad = SQUAD.search((ROOT / "examples/grids.csv").read_text("utf-8-sig"))
    assert squad
    done = []
    for command in commands(ENGLISH):
        if command == "gridbot run":
            continue
        ran = gridbot(command.replace("CODE", squad[1]), village, GRIDBOT_TELEGRAM_TOKEN="")
        assert ran.returncode == 0, f"{command}: {ran.stdout}{ran.stderr}"
        done.append(command.split()[1])
    assert done == ["import", "import", "import", "check", "invite", "qr"]
    assert (village / f"{squad[1]}.svg").read_bytes().lstrip().startswith(b"<")


def test_the_demo_prints_an_address_and_serves_it(tmp_path: Path) -> None:
    demo = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "bot",
            "demo",
            "--port",
            "0",
            "--speed",
            "60",
            "--language",
            "en",
            "--data",
            str(tmp_path),
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert demo.stdout
        address = next(found[0] for line in demo.stdout if (found := re.search(r"http://127\.0\.0\.1:\d+\S*", line)))
        with urllib.request.urlopen(address) as page:  # noqa: S310 -- our own, on loopback
            assert page.status == 200
            assert b"<html" in page.read()
    finally:
        demo.terminate()
        assert demo.wait(20) == 0
        demo.stdout.close()


@pytest.mark.parametrize("text", [ENGLISH, CHINESE], ids=["README.md", "README.zh-CN.md"])
def test_every_word_of_the_table_is_understood(text: str) -> None:
    routes = Routes(handlers.FEATURES)
    cells = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    said = [word for cell in cells for word in re.findall(r"`([^`]+)`", cell)]
    assert len(said) > 15
    assert [word for word in said if routes.spoken(word) is None] == []


def test_every_file_the_readme_names_is_there() -> None:
    for text in (ENGLISH, CHINESE):
        links = re.findall(r"\]\((?!http)([^)]+)\)", text)
        assert links
        assert [link for link in links if not (ROOT / link).exists()] == []
