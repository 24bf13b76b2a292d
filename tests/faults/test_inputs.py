"""Damaged and hostile files end in a message that names the file; memory and time stay bounded."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.conftest import MEGABYTE, ROUND, Ended, Run
from tests.faults.hostile_files import TEXTS, WORKBOOKS, YAML, many_sheets, rooms, wide

FINE = (0, 1)
USUAL = 150  # megabytes of a run over the whole example
MOST = 900
# What a spreadsheet program may well write, or damage may leave alone.
HARMLESS = {"nothing", "merged without end", "a dimension far out", "a shared text that is not there", "deep",
            "a comment without end", "lines without end", *(f"noise {n}" for n in range(12))}  # fmt: skip


@pytest.fixture
def hall(school: Path) -> Path:
    """Return the school without its list of rooms."""
    (school / ROUND / "考场.csv").unlink()
    return school


def judge(ended: Ended, name: str, *, refused: bool) -> None:
    """Fail unless the run ended in order, within its bounds, and a refusal names the file."""
    said = ended.stdout + ended.stderr
    assert ended.status in ((2,) if refused else (*FINE, 2)), said[-3000:]
    assert not refused or name in ended.stderr, ended.stderr[-3000:]
    assert "程序的错误" not in said, said[-3000:]
    assert "Traceback" not in said
    assert ended.megabytes < MOST
    assert len(said) < MEGABYTE


@pytest.mark.parametrize("name", WORKBOOKS)
def test_a_hostile_workbook_is_refused(name: str, hall: Path, run: Run) -> None:
    (hall / ROUND / "round.xlsx").write_bytes(WORKBOOKS[name]())
    judge(run("check", hall), "round.xlsx", refused=name not in HARMLESS)


def test_a_good_workbook_would_not_be_refused(hall: Path, run: Run) -> None:
    (hall / ROUND / "round.xlsx").write_bytes(rooms(4))
    ended = run("check", hall)
    assert ended.status in FINE, ended.stderr
    assert ended.megabytes < USUAL


def test_thousands_of_sheets_are_read_and_named(hall: Path, run: Run) -> None:
    (hall / ROUND / "round.xlsx").write_bytes(many_sheets(2000))
    judge(run("check", hall), "round.xlsx", refused=False)


@pytest.mark.parametrize("name", TEXTS)
def test_a_hostile_csv_file_is_refused(name: str, hall: Path, run: Run) -> None:
    (hall / ROUND / "考场.csv").write_bytes(TEXTS[name])
    judge(run("check", hall), "考场.csv", refused=name not in HARMLESS)


def test_a_line_of_a_gigabyte_is_refused_unread(hall: Path, run: Run) -> None:
    wide(hall / ROUND / "考场.csv", 1000 * MEGABYTE)
    ended = run("check", hall)
    judge(ended, "考场.csv", refused=True)
    assert ended.megabytes < USUAL


@pytest.mark.parametrize("file", ["institution.yaml", f"{ROUND}/round.yaml", "answers.yaml"])
@pytest.mark.parametrize("name", YAML)
def test_a_hostile_yaml_file_is_refused(name: str, file: str, school: Path, run: Run) -> None:
    (school / file).write_bytes(YAML[name])
    judge(run("check", school), Path(file).name, refused=name not in HARMLESS)
    assert not (school.parent / "hit").exists()


def fifo(path: Path) -> None:
    """Put a pipe nobody writes to."""
    os.mkfifo(path)


def link(target: str) -> Callable[[Path], None]:
    """Return what puts a symbolic link."""
    return lambda path: path.symlink_to(target)


ODD: dict[str, Callable[[Path], None]] = {
    "a folder": lambda path: path.mkdir(),
    "a pipe": fifo,
    "a link to a device": link("/dev/zero"),
    "a link to nothing": link("nowhere"),
    "a link to itself": lambda path: path.symlink_to(path),
    "a link out": link("/etc/passwd"),
}
PLACES = ("考场.csv", "round.xlsx", "photos", "scores", "../answers.yaml", "../templates",
          "../templates/application-form.docx", "photos/001.jpg", "scores/甲.csv")  # fmt: skip
CASES = [
    *((kind, place) for place in PLACES for kind in ("a pipe", "a link to a device", "a link out")),
    *((kind, "考场.csv") for kind in ("a folder", "a link to nothing", "a link to itself")),
]


@pytest.mark.parametrize(("kind", "place"), CASES)
def test_what_is_no_file_is_neither_waited_for_nor_followed(kind: str, place: str, school: Path, run: Run) -> None:
    path = school / ROUND / place
    path.parent.mkdir(exist_ok=True)
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    ODD[kind](path)
    options = ("--only", "application-form", "--format", "docx", "--to", school.parent / "out")
    ended = run("build", school, *options)
    judge(ended, path.name, refused=place.endswith((".csv", ".xlsx", ".yaml")))
    assert b"root:" not in b"".join(p.read_bytes() for p in (school.parent / "out").rglob("*.docx"))
    assert "root:" not in ended.stdout + ended.stderr
