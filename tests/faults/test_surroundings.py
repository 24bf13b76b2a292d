"""Odd names, zones, languages and machines: the same files, or a message."""

import os
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from tests.faults.conftest import ROOT, ROUND, Run, read_rows, read_tree, write_rows
from tests.faults.whole import broken

OPTIONS = ("--only", "application-form", "--format", "docx")
NAMES = {
    "a way out": "../../../../tmp/甲",
    "a way down": "a/b\\c",
    "reserved": "CON",
    "reserved with an ending": "nul.docx",
    "long": "长" * 300,
    "long outside the plane": "𠮷" * 300,
    "turned round": "\u202e\u2066docx.甲",
    "right to left": "محمد",
    "dots": "...",
    "hidden": ".甲",
    "an option": "--help",
    "a wildcard": "*?[a]",
    "a drive": "C:\\甲",
    "a stream": "甲:$DATA",
    "faces": "👩‍🏫👨‍👩‍👧",
    "blanks": "甲　乙 ",
    "a variable": "$HOME`id`%PATH%",
    "markup": "<b>&lt;甲'\"",
    "nothing but marks": "\u0301\u0301",
    "a line": "甲\n乙",
}


def rename(school: Path, name: str) -> None:
    """Give the first candidate a name, also as the number he is known by."""
    path = school / ROUND / "考生.csv"
    head, first, *others = read_rows(path)
    old = first[head.index("考生编号")]
    first[head.index("姓名")] = name
    write_rows(path, [head, first, *others])
    for table in (school / ROUND).glob("scores/*.csv"):
        rows = read_rows(table)
        for row in rows[1:]:
            if row[0] == old:
                row[1] = name
        write_rows(table, rows)


@pytest.mark.parametrize("kind", NAMES)
def test_a_hostile_name_stays_in_the_document_and_out_of_the_path(
    kind: str, school: Path, run: Run, tmp_path: Path
) -> None:
    rename(school, NAMES[kind])
    ended = run("build", school, "--to", tmp_path / "out", *OPTIONS, "--zip")
    assert ended.status == 0, ended.stderr
    made = read_tree(tmp_path / "out")
    assert sum("申报表" in name and name.endswith(".docx") for name in made) == 3
    assert not [*broken(made)]
    assert {path.name for path in tmp_path.iterdir()} == {"学校", "out"}
    for name in made:
        assert unicodedata.is_normalized("NFC", name)
        assert all(len(part.encode()) <= 255 and not part.startswith((".", "-")) for part in name.split("/"))
        assert not [sign for sign in name if unicodedata.category(sign) in ("Cc", "Cf")]


ALIKE = {
    "the same": ("甲", "甲"),
    "but for case": ("Anna", "ANNA"),
    "but for the accent's form": ("Ren\u00e9", "Rene\u0301"),
    "but for what is cut off": ("长" * 200 + "甲", "长" * 200 + "乙"),
    "but for what is replaced": ("甲/乙", "甲:乙"),
}


@pytest.mark.parametrize("kind", ALIKE)
def test_names_that_look_alike_give_files_of_their_own(kind: str, school: Path, run: Run, tmp_path: Path) -> None:
    path = school / ROUND / "考生.csv"
    head, first, second, *others = read_rows(path)
    first[head.index("姓名")], second[head.index("姓名")] = ALIKE[kind]
    write_rows(path, [head, first, second, *others])
    shutil.rmtree(school / ROUND / "scores")
    ended = run("build", school, "--to", tmp_path / "out", *OPTIONS)
    made = {unicodedata.normalize("NFC", name).casefold() for name in read_tree(tmp_path / "out")}
    assert ended.status == 0, ended.stderr
    assert sum("申报表" in name and name.endswith(".docx") for name in made) == 3


@pytest.mark.parametrize("name", ["-rf", "甲 乙", "$HOME", "甲..", "%s%n", "[b]甲[", "长" * 80, "a\nb", "\u202e甲"])
def test_a_folder_of_an_odd_name_is_built(name: str, school: Path, run: Run, tmp_path: Path) -> None:
    moved = tmp_path / "各" / name
    moved.parent.mkdir()
    shutil.move(school, moved)
    ended = run("build", moved.parent, "--to", tmp_path / "out", *OPTIONS)
    assert ended.status == 0, ended.stderr
    assert sum(path.endswith(".docx") for path in read_tree(tmp_path / "out")) == 3
    assert {path.name for path in tmp_path.iterdir()} == {"各", "out"}


def test_two_institutions_of_one_name_do_not_overwrite_each_other(school: Path, run: Run, tmp_path: Path) -> None:
    for folder in ("甲/校", "乙/校"):
        shutil.copytree(school, tmp_path / "各" / folder)
    ended = run("build", tmp_path / "各", "--to", tmp_path / "out", *OPTIONS)
    assert ended.status == 0, ended.stderr
    assert sum(name.endswith(".docx") for name in read_tree(tmp_path / "out")) == 6
    clash = run("build", tmp_path / "各/甲/校", tmp_path / "各/乙/校", "--to", tmp_path / "other", *OPTIONS)
    assert clash.status == 2
    assert "写到同一个文件夹" in clash.stderr


PLACES = {
    "no zone": {"TZ": ""},
    "no such zone": {"TZ": "Nowhere/Land"},
    "the far east": {"TZ": "Pacific/Kiritimati"},
    "the far west": {"TZ": "Etc/GMT+12"},
    "a zone out of its mind": {"TZ": "AAA-167:59:59"},
    "a path for a zone": {"TZ": ":/etc/passwd"},
}


@pytest.mark.parametrize("place", PLACES)
def test_a_build_is_the_same_in_every_zone(place: str, school: Path, run: Run, tmp_path: Path) -> None:
    options = ("--only", "sign-in", "--only", "score-summary", "--format", "docx")
    run("build", school, "--to", tmp_path / "here", *options)
    there = run("build", school, "--to", tmp_path / "there", *options, env=PLACES[place])
    assert there.status == 0, there.stderr
    assert read_tree(tmp_path / "here") == read_tree(tmp_path / "there")


LANGUAGES = [
    {"LC_ALL": "C"},
    {"LC_ALL": "POSIX", "PYTHONIOENCODING": "ascii:strict"},
    {"PYTHONIOENCODING": "gbk:strict"},
    {"PYTHONIOENCODING": "utf-16"},
    {"LANG": "zh_CN.GB18030", "LC_ALL": "zh_CN.GB18030"},
]


@pytest.mark.parametrize("language", LANGUAGES, ids=str)
def test_a_terminal_that_cannot_show_chinese_stops_nothing(
    language: dict[str, str], school: Path, tmp_path: Path
) -> None:
    rename(school, "𠮷👩‍🏫")
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(ROOT), **language}
    command = [sys.executable, "-m", "generator", "check", str(school)]
    done = subprocess.run(command, env=environment, capture_output=True, timeout=900, check=False)
    assert done.returncode in (0, 1), done.stderr
    assert b"Traceback" not in done.stderr
    assert done.stdout


def test_a_reader_that_goes_away_is_no_fault(school: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = f"{sys.executable} -m generator check '{school}' | head -c 1 > /dev/null; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], env=environment, capture_output=True, timeout=900, check=False)
    assert b"Traceback" not in done.stderr, done.stderr
