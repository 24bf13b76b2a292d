"""A copy of the first example round, small enough to build often, and a way to run the command."""

import csv
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "institutions" / "示例技师学院"
ROUND = "2026-autumn"
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def school(tmp_path: Path) -> Path:
    """Return a copy of the example with one round and its first four candidates of each occupation."""
    folder = tmp_path / "学校"
    copy_school(folder)
    return folder


def copy_school(folder: Path) -> None:
    """Copy the example with one round and its first four candidates of each occupation."""
    shutil.copytree(EXAMPLE, folder)
    shutil.rmtree(folder / "2026-technician")
    keep_candidates(folder / ROUND)


def keep_candidates(folder: Path) -> None:
    """Cut the rosters of a round down to four candidates."""
    path = folder / "考生.csv"
    rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    head = next(index for index, row in enumerate(rows) if "考生编号" in row)
    key = rows[head].index("考生编号")
    kept = {row[key] for row in rows[head + 1 :][:4]}
    write_rows(path, [*rows[: head + 1], *rows[head + 1 :][:4]])
    for other in [*folder.glob("*.csv"), *folder.glob("scores/*.csv")]:
        table = list(csv.reader(other.read_text(encoding="utf-8-sig").splitlines()))
        columns = [i for row in table[:3] for i, cell in enumerate(row) if cell in ("考生", "考生编号", "应回避考生")]
        if other != path and columns:
            rest = [row for row in table[1:] if row[columns[0]] in kept or not row[columns[0]]]
            write_rows(other, [table[0], *rest])


def write_rows(path: Path, rows: list[list[str]]) -> None:
    """Write a CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Return a function that runs the command in a process of its own."""

    def call(*arguments: str, cwd: Path = tmp_path, **environment: str) -> "subprocess.CompletedProcess[str]":
        settings = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
        command = [sys.executable, "-m", "generator", *arguments]
        return subprocess.run(command, cwd=cwd, env=settings, capture_output=True, text=True, check=False)

    return call


def read_tree(folder: Path) -> dict[str, bytes]:
    """Return path → bytes of every file under a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
