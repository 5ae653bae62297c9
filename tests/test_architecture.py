"""The house stays a house: the arrows point one way, and certain things live in one room only."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
KNOWS = {
    "domain": set(),
    "lexicon": {"domain"},
    "storage": {"domain"},
    "handlers": {"domain", "lexicon", "storage"},
    "bot": {"domain", "lexicon", "storage", "handlers"},
}
"""The packages, and which others each of them may know."""

SOURCES = [path for package in KNOWS for path in sorted((ROOT / package).rglob("*.py"))]


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_arrows_point_one_way(path: Path) -> None:
    own = path.relative_to(ROOT).parts[0]
    beyond = {name for name in imported(path) if name.partition(".")[0] in KNOWS.keys() - KNOWS[own] - {own}}
    assert not beyond, f"{path.name} must not know {beyond}"


@pytest.mark.parametrize("path", sorted((ROOT / "domain").glob("*.py")), ids=lambda path: path.name)
def test_the_rules_need_nobody(path: Path) -> None:
    """No I/O, no clock, no asyncio, no third party."""
    allowed = {
        "collections", "dataclasses", "datetime", "enum", "functools", "gettext", "math", "re", "typing", "unicodedata",
        "domain",
    }  # fmt: skip
    assert {name.partition(".")[0] for name in imported(path)} <= allowed


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_time_is_asked_in_one_place(path: Path) -> None:
    if path == ROOT / "bot" / "clock.py":
        return
    asks = [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in {"now", "utcnow", "today"}
        if isinstance(node.value, ast.Name) and node.value.id in {"datetime", "date"}
    ]
    assert not asks, f"{path.name} asks for the time on lines {asks}; it is passed"


@pytest.mark.parametrize("path", sorted((ROOT / "handlers").glob("*.py")), ids=lambda path: path.name)
def test_a_feature_never_asks_which_channel_it_is_on(path: Path) -> None:
    text = path.read_text("utf-8").lower()
    assert not {"telegram", "wecom", '"web"'} & set(text.split())
    assert "telegram" not in text


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_says_what_it_is_for(path: Path) -> None:
    source = path.read_text("utf-8")
    if source.strip():
        assert ast.get_docstring(ast.parse(source)), f"{path} has no docstring"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_functions_stay_short(path: Path) -> None:
    long = [
        f"{node.name} ({node.end_lineno - node.lineno + 1})"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if node.end_lineno and node.end_lineno - node.lineno >= 45
    ]
    assert not long, f"{path.name}: {long}"


def test_nothing_reaches_outside_the_project() -> None:
    outside = "../" + "shared"
    told = [p for p in ROOT.rglob("*") if p.suffix in {".py", ".md", ".toml", ".sql", ".js"} and ".venv" not in p.parts]
    assert not [p.name for p in told if outside in p.read_text("utf-8", errors="ignore")]
