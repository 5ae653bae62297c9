"""What whoever keeps the bot running is told where a command cannot be done: a sentence, never a traceback."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import main
from tests.bot.test_import import GRIDS


@pytest.fixture
def village(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.toml").write_text('[storage]\npath = "village.db"\n', "utf-8")
    (tmp_path / "grids.csv").write_text(GRIDS, "utf-8")
    assert CliRunner().invoke(main, ["import", "grids", "grids.csv"]).exit_code == 0
    return tmp_path


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (["invite", "king", "S"], "没有 king 这个角色"),
        (["invite", "leader", "月亮"], "没有叫 月亮 的网格"),
        (["qr", "S", "--output", "nowhere/s.svg"], "写不了 nowhere/s.svg"),
        (["qr", "S", "--output", "s.gif"], "只能存成 .svg 或 .png"),
        (["demo", "--port", "99999"], "99999"),
        (["import", "grids", "nowhere.csv"], "读不了 nowhere.csv"),
        (["run", "--config", "nowhere.toml"], "找不到配置文件 nowhere.toml"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(village: Path, command: list[str], told: str) -> None:
    said = CliRunner().invoke(main, command)
    assert told in said.output
    assert said.exit_code in (1, 2)
    assert isinstance(said.exception, SystemExit)


def test_a_file_that_another_program_holds(village: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.database.BUSY_TIMEOUT_MS", 10)
    with closing(sqlite3.connect(village / "village.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        said = CliRunner().invoke(main, ["invite", "leader", "S"])
    assert "被别的程序占用" in said.output
    assert said.exit_code == 1
