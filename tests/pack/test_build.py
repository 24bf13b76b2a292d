"""A pack is whole, the same everywhere, and continued rather than redone."""

import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from generator.document.docx_text import docx_text
from generator.policy.load import load_policy
from tests.pack.conftest import ROOT, ROUND, Run, read_tree

QUICK = ("--only", "sign-in", "--only", "application-form", "--only", "retention-checklist")


def test_packs_are_byte_identical_across_processes_folders_zones_and_hash_seeds(
    school: Path, run: Run, tmp_path: Path
) -> None:
    here, there = tmp_path / "甲", tmp_path / "乙"
    there.mkdir()

    first = run("build", str(school), "--to", str(here), *QUICK, PYTHONHASHSEED="0", TZ="UTC")
    second = run(
        "build", "../学校", "--to", str(there), *QUICK, cwd=there, PYTHONHASHSEED="4711", TZ="America/Los_Angeles"
    )

    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert read_tree(here) == read_tree(there)
    assert any(name.endswith(".pdf") for name in read_tree(here))


def test_two_processes_write_what_one_writes(school: Path, run: Run, tmp_path: Path) -> None:
    run("build", str(school), "--to", "one", *QUICK, "--jobs", "1")
    run("build", str(school), "--to", "two", *QUICK, "--jobs", "2")

    assert read_tree(tmp_path / "one") == read_tree(tmp_path / "two")


def test_a_second_build_leaves_current_files_alone_and_mends_damaged_ones(
    school: Path, run: Run, tmp_path: Path
) -> None:
    run("build", str(school), "--to", "out", *QUICK)
    whole = read_tree(tmp_path / "out")
    damaged = next(path for path in (tmp_path / "out").rglob("*.docx"))
    damaged.write_bytes(b"damaged")
    untouched = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*.pdf")}

    again = run("build", str(school), "--to", "out", *QUICK)

    assert "没有变化" in again.stdout
    assert read_tree(tmp_path / "out") == whole
    assert {path: path.stat().st_mtime_ns for path in untouched} == untouched


def test_a_killed_build_leaves_no_broken_file_and_the_next_ends_as_a_clean_one(
    school: Path, run: Run, tmp_path: Path
) -> None:
    run("build", str(school), "--to", "clean", *QUICK)
    clean = read_tree(tmp_path / "clean")
    command = [sys.executable, "-m", "generator", "build", str(school), "--to", "out", *QUICK]
    for delay in (1.2, 1.8, 2.4):
        process = subprocess.Popen(command, cwd=tmp_path, env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        process.wait()
        left = {name: data for name, data in read_tree(tmp_path / "out").items() if name in clean}
        assert all(clean[name] == data for name, data in left.items())

    run("build", str(school), "--to", "out", *QUICK)

    assert read_tree(tmp_path / "out") == clean


def test_no_id_number_stands_in_a_file_name_a_manifest_or_a_message(school: Path, run: Run, tmp_path: Path) -> None:
    roster = (school / ROUND / "考生.csv").read_text(encoding="utf-8")
    numbers = set(re.findall(r"\b\d{17}[\dXx]\b", roster))

    done = run("build", str(school), "--to", "out", *QUICK)

    shown = [done.stdout, done.stderr, *read_tree(tmp_path / "out")]
    shown += [path.read_text(encoding="utf-8") for path in (tmp_path / "out").rglob("manifest.json")]
    assert numbers
    assert not [number for number in numbers for text in shown if number in text]


def test_the_manifest_names_edition_inputs_and_every_file(school: Path, run: Run, tmp_path: Path) -> None:
    run("build", str(school), "--to", "out", *QUICK)
    folder = tmp_path / "out" / "学校" / ROUND
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))

    assert manifest["guideline"] == "jiangsu/school"
    assert {"policy", "templates", "data"} <= set(manifest["inputs"])
    assert set(manifest["files"]) == set(read_tree(folder)) - {"manifest.json"}


def test_every_row_of_the_official_list_has_a_file_or_a_reason(school: Path, run: Run, tmp_path: Path) -> None:
    done = run("build", str(school), "--to", "out", "--format", "docx")
    assert done.returncode == 0, done.stderr
    names = {path.name for path in (tmp_path / "out" / "学校" / ROUND).iterdir()}
    index = next(path for path in (tmp_path / "out").rglob("00 目录*.docx"))
    text = docx_text(index.read_bytes())
    rows = load_policy(ROOT / "policy", ["jiangsu/school"]).guidelines["jiangsu/school"].materials.values()

    for row in rows:
        assert row.name in text
        if row.no is not None:
            number = f"{row.no:02d}"
            assert any(name.startswith(number) for name in names) or re.search(rf"{number}.*不适用", text)


@pytest.mark.parametrize("face", ["blank", "annotated"])
def test_every_face_of_every_document_can_be_built(school: Path, run: Run, face: str) -> None:
    done = run("build", str(school), "--to", face, "--face", face, "--format", "docx")

    assert done.returncode == 0, done.stderr
    texts = {path.stem: docx_text(path.read_bytes()) for path in (school.parent / face).rglob("*.docx")}
    dated = {stem for stem, text in texts.items() if re.search(r"20\d\d年\d+月", text)}
    assert not dated if face == "blank" else dated, "a blank form bears no date of the round"
    assert any("自查报告" in stem for stem in texts) == (face == "annotated"), "what only reports on data has no blank"
    named = {stem for stem, text in texts.items() if "2026年秋季" in text or "须由人确认" in text}
    assert not named if face == "blank" else named, "a blank form tells nothing of the round"
    assert any(school.parent.glob(f"{face}/**/*.ics")) == (face == "annotated"), "a blank pack has no dates to enter"


@pytest.mark.usefixtures("school")
def test_an_unreadable_institution_does_not_stop_the_others(run: Run, tmp_path: Path) -> None:
    bad = tmp_path / "坏学校"
    bad.mkdir()
    (bad / "institution.yaml").write_text("单位名程: 写错了\n", encoding="utf-8")

    done = run("build", str(tmp_path), "--to", str(tmp_path / "out"), *QUICK)

    assert done.returncode == 2
    assert "单位名称" in done.stderr
    assert list((tmp_path / "out").rglob("*.docx"))
    assert [path.name for path in (tmp_path / "out" / "坏学校").rglob("*")] == ["生成记录.txt"]
    assert "单位名称" in (tmp_path / "out" / "坏学校" / "生成记录.txt").read_text("utf-8")
