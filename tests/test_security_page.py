"""The page on safety names tests that are there."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "site/guides/security.md"
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def missing(text: str) -> list[str]:
    """Return the tests a text names that are not there."""
    return [f"{path}::{name}" for path, name in NAMED.findall(text) if name not in names_in(ROOT / path)]


def names_in(path: Path) -> set[str]:
    """Return the tests of a file."""
    tree = ast.parse(path.read_text(encoding="utf-8")) if path.is_file() else ast.Module([], [])
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def test_every_test_the_page_names_is_there() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert len(NAMED.findall(text)) > 30
    assert missing(text) == []


def test_every_promise_names_a_test() -> None:
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    assert [row for row in rows if not NAMED.search(row) and "承诺" not in row] == []


def test_a_test_that_is_gone_would_be_seen() -> None:
    assert missing("`tests/test_files.py::test_gone` `tests/none.py::test_a`") == [
        "tests/test_files.py::test_gone",
        "tests/none.py::test_a",
    ]
