"""A way to run the command hundreds of times, and a school small enough for that."""

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "institutions" / "示例技师学院"
ROUND = "2026-autumn"
MEGABYTE = 1024 * 1024
# Generous: what is meant to be refused takes a hundredth of it, what runs away takes all there is.
LIMITS = {"AS": 3000 * MEGABYTE, "CPU": 300}


@dataclass(frozen=True)
class Ended:
    """How a run ended: exit status (negative: the signal), what it printed, its peak memory, how many events it had."""

    status: int
    stdout: str
    stderr: str
    megabytes: int
    events: int
    seconds: float


Run = Callable[..., Ended]


@pytest.fixture(scope="session")
def server() -> Iterator["subprocess.Popen[str]"]:
    """Return the process that forks for each run."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "NO_COLOR": "1"}
    command = [sys.executable, str(Path(__file__).with_name("warm.py"))]
    with subprocess.Popen(
        command, env=environment, text=True, encoding="utf-8", stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as running:
        yield running
        assert running.stdin
        running.stdin.close()
        assert running.wait(900) == 0


@pytest.fixture
def run(server: "subprocess.Popen[str]", tmp_path: Path) -> Run:
    """Return a function that runs the command in a process forked for it; options are those of ``warm.py``."""

    def call(*arguments: object, limits: dict[str, int] | None = None, **options: Any) -> Ended:
        words = [str(argument) for argument in arguments]
        asked = {"arguments": words, "cwd": str(tmp_path), "limits": limits or LIMITS, **options}
        assert server.stdin
        assert server.stdout
        server.stdin.write(f"{json.dumps(asked)}\n")
        server.stdin.flush()
        return Ended(**json.loads(server.stdout.readline()))

    return call


@pytest.fixture
def school(tmp_path: Path) -> Path:
    """Return a copy of the example with one round, two sessions of it and the first three candidates."""
    folder = tmp_path / "学校"
    shutil.copytree(EXAMPLE, folder)
    shutil.rmtree(folder / "2026-technician")
    inner = folder / ROUND
    sessions = keep_rows(inner / "场次.csv", "场次编号", 2)
    candidates = keep_rows(inner / "考生.csv", "考生编号", 3)
    kept = {"场次": sessions, "考生编号": candidates, "考生": candidates, "应回避考生": candidates}
    for path in [*inner.glob("*.csv"), *inner.glob("scores/*.csv")]:
        if path.name not in ("场次.csv", "考生.csv"):
            keep_only(path, kept)
    return folder


def read_rows(path: Path) -> list[list[str]]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def write_rows(path: Path, rows: list[list[str]]) -> None:
    """Write a CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def keep_rows(path: Path, key: str, number: int) -> set[str]:
    """Keep the first rows of a roster and return their keys."""
    head, *rows = read_rows(path)
    write_rows(path, [head, *rows[:number]])
    return {row[head.index(key)] for row in rows[:number]}


def keep_only(path: Path, kept: dict[str, set[str]]) -> None:
    """Drop the rows of a table that name what is not kept."""
    head, *rows = read_rows(path)
    watched = [(number, kept[name]) for number, name in enumerate(head) if name in kept]
    write_rows(path, [head, *(row for row in rows if all(row[n] in {"", *keys} for n, keys in watched))])


def read_tree(folder: Path) -> dict[str, bytes]:
    """Return path → bytes of every file under a folder, hidden ones as well."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
