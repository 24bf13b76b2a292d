"""Many institutions: none stops another, none writes over another, and nothing of what is done is done again."""

import csv
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future
from functools import partial
from pathlib import Path

import psutil
import pytest

from generator.commands.tally import Tally
from generator.files import write_whole
from generator.institution.folders import find_targets
from generator.pack import many
from generator.pack.build import Built
from generator.pack.errands import survey
from generator.pack.many import LOG, Errand, Order, Pack, Report, build_errand
from generator.pack.press import Options
from generator.pack.spread import LocalCrew, lose, spread
from generator.problems import KaowuError
from tests.pack.conftest import ROOT, Run, copy_school, read_tree

QUICK = ("--format", "docx", "--only", "sign-in")
OPTIONS = Options(("docx",), ("sign-in",))
BAD = "单位名程: 写错了\n"


def errand(name: str) -> Errand:
    return Errand(Path(name), (), name)


def work_on(marks: Path, one: Errand) -> Report:
    """Do what the name of an errand says: end the process, end it once, or write a file."""
    mark = marks / one.name
    if one.name == "总是" or (one.name == "一次" and not mark.exists()):
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    write_whole(mark, one.name.encode())
    return Report(one, (Pack(one.name, Built(marks, 1, 0, {})),))


@pytest.fixture
def schools(tmp_path: Path) -> Path:
    """Return a folder with three institutions, the second of them unusable."""
    root = tmp_path / "机构"
    copy_school(root / "甲")
    (root / "乙").mkdir()
    (root / "乙" / "institution.yaml").write_text(BAD, encoding="utf-8")
    copy_school(root / "丙")
    return root


def order_for(folder: Path, school: Path) -> tuple[Order, Errand]:
    """Return the order and the errand of one institution."""
    (target,) = find_targets([school])
    return Order(folder, OPTIONS), Errand(target.folder, target.rounds, school.name)


def read_summary(out: Path) -> dict[str, dict[str, str]]:
    """Return the rows of the summary by institution."""
    with (out / "汇总.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["机构"]: row for row in csv.DictReader(file)}


def test_a_process_that_is_killed_takes_nothing_along(tmp_path: Path) -> None:
    names = [f"{number:02}" for number in range(9)]
    names[2:2], names[6:6] = ["总是"], ["一次"]

    with LocalCrew(partial(work_on, tmp_path), lose, 2) as crew:
        reports = {report.errand.name: report for report in spread(map(errand, names), crew)}

    assert set(reports) == set(names)
    assert [name for name, report in reports.items() if report.problems] == ["总是"]
    assert reports["总是"].problems[0].code == "worker-killed"
    assert {path.name for path in tmp_path.iterdir() if not path.name.startswith(".")} == set(names)


class Watch:
    """A crew that does everything at once and counts what it has been given and not yet asked for."""

    losses: tuple[type[BaseException], ...] = ()
    ahead = 6

    def __init__(self) -> None:
        self.under_way = self.most = 0

    def submit(self, one: Errand) -> "Future[Report]":
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        future: Future[Report] = Future()
        future.set_result(Report(one))
        return future

    def retry(self, one: Errand) -> Report:
        raise AssertionError(one)


def test_only_a_few_errands_are_under_way_however_many_there_are() -> None:
    crew = Watch()
    made = 0

    def list_them() -> Iterator[Errand]:
        nonlocal made
        for made in range(1, 5001):
            yield errand(str(made))

    seen = 0
    for _report in spread(list_them(), crew):
        crew.under_way -= 1
        seen += 1
        assert made - seen <= crew.ahead

    assert seen == 5000
    assert crew.most <= crew.ahead


def test_a_fault_of_the_program_ends_in_a_report_and_a_log_without_id_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_any: object) -> Report:
        raise ZeroDivisionError("考生 320000200901010013 的规则")

    monkeypatch.setattr(many, "build_institution", fail)

    report = build_errand(Order(tmp_path, OPTIONS), errand("甲"))

    log = (tmp_path / "甲" / LOG).read_text("utf-8")
    assert [problem.code for problem in report.problems] == ["crash"]
    assert "ZeroDivisionError" in log
    assert "Traceback" in log
    assert "320000200901010013" not in log + str(report)


def test_what_is_current_is_not_even_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy_school(tmp_path / "学校")
    order, one = order_for(tmp_path / "out", tmp_path / "学校")
    first = build_errand(order, one)
    assert first.written
    assert not first.problems

    def read(*_any: object) -> None:
        raise AssertionError("read")

    monkeypatch.setattr(many, "load_institution", read)
    again = build_errand(order, one)

    assert not again.problems
    assert (again.written, again.kept) == (0, first.written)


def test_after_a_failure_the_log_says_so_until_all_is_well(tmp_path: Path) -> None:
    copy_school(tmp_path / "学校")
    order, one = order_for(tmp_path / "out", tmp_path / "学校")
    build_errand(order, one)
    log = tmp_path / "out" / "学校" / LOG
    well = log.read_text("utf-8")
    institution = one.folder / "institution.yaml"
    data = institution.read_text("utf-8")

    institution.write_text(data + BAD, encoding="utf-8")
    failed = build_errand(order, one)
    told = log.read_text("utf-8")
    institution.write_text(data, encoding="utf-8")
    mended = build_errand(order, one)

    assert failed.problems
    assert told.startswith("没有完成\n")
    assert "单位名程" in told
    assert not mended.problems
    assert mended.written == 0
    assert log.read_text("utf-8") == well
    assert well.startswith("完成\n")


def test_one_that_cannot_be_used_is_told_and_the_others_are_built(schools: Path, run: Run, tmp_path: Path) -> None:
    done = run("build", str(schools), "--to", "out", "--jobs", "2", *QUICK)

    rows = read_summary(tmp_path / "out")
    assert done.returncode == 2
    assert {name: row["结果"] for name, row in rows.items()} == {"甲": "生成", "乙": "没有完成", "丙": "生成"}
    assert "单位名称" in rows["乙"]["原因"]
    assert "单位名称" in done.stderr
    assert "1 个机构没有完成" in done.stderr
    assert int(rows["甲"]["写出文件"]) == len(list((tmp_path / "out/甲").rglob("*.*"))) - 2

    (schools / "乙" / "institution.yaml").unlink()
    again = run("build", str(schools), "--to", "out", "--jobs", "1", *QUICK)

    assert again.returncode == 0
    assert {row["结果"] for row in read_summary(tmp_path / "out").values()} == {"没有变化"}


def test_processes_write_what_one_process_writes_for_each(schools: Path, run: Run, tmp_path: Path) -> None:
    run("build", str(schools), "--to", "together", "--jobs", "3", *QUICK)
    for name in ("甲", "丙"):
        build_errand(*order_for(tmp_path / "alone", schools / name))
        assert read_tree(tmp_path / "together" / name) == read_tree(tmp_path / "alone" / name)


def test_two_institutions_of_one_name_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    for city in ("苏州", "南京"):
        copy_school(tmp_path / "省" / city / "技师学院")

    found = survey([tmp_path / "省"])

    assert not found.clashes
    assert [one.name for one in found.errands()] == ["南京/技师学院", "苏州/技师学院"]


def test_institutions_that_would_write_to_one_place_are_refused_and_nothing_is_written_over(
    run: Run, tmp_path: Path
) -> None:
    for folder in ("苏州/技师学院", "南京/技师学院", "南京/中专"):
        copy_school(tmp_path / folder)
    build_errand(*order_for(tmp_path / "out", tmp_path / "苏州/技师学院"))
    before = read_tree(tmp_path / "out" / "技师学院")

    done = run("build", "苏州/技师学院", "南京", "--to", "out", *QUICK)

    assert done.returncode == 2
    for city in ("苏州", "南京"):
        assert str(tmp_path / city / "技师学院") in done.stderr
    assert read_tree(tmp_path / "out" / "技师学院") == before
    assert list((tmp_path / "out" / "中专").rglob("*.docx"))


def test_names_that_some_file_systems_take_for_one_clash(tmp_path: Path) -> None:
    for folder in ("甲/School", "乙/school"):
        copy_school(tmp_path / folder)

    found = survey([tmp_path / "甲", tmp_path / "乙"])

    assert found.count == 2
    assert list(found.errands()) == []
    assert [report.problems[0].code for report in found.refused()] == ["same-target"] * 2


def test_an_institution_that_is_named_twice_is_built_once(schools: Path) -> None:
    shutil.rmtree(schools / "乙")
    rounds = sorted(path.parent for path in (schools / "甲").rglob("round.yaml"))

    for folders in ([schools, schools], [schools, schools / "甲"], [*rounds, schools / "甲", schools]):
        names = [one.name for one in survey(folders).errands()]
        assert sorted(names) == ["丙", "甲"]


def test_a_folder_that_cannot_be_opened_is_told(schools: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scandir = os.scandir

    def refuse(path: str) -> object:
        if Path(path).name == "乙":
            raise PermissionError(13, "denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)

    found = survey([schools])

    assert [problem.code for problem in found.problems] == ["folder-unreadable"]
    assert [one.name for one in found.errands()] == ["丙", "甲"]
    with pytest.raises(KaowuError, match="打不开"):
        find_targets([schools])


def test_cells_of_the_summary_are_no_formulas(tmp_path: Path) -> None:
    with Tally(tmp_path, 2) as tally:
        for name in ("=1+1", "@x"):
            tally.take(Report(errand(name)))
    tally.print_end()

    assert set(read_summary(tmp_path)) == {"'=1+1", "'@x"}


def test_no_process_outlives_a_build_that_is_killed(schools: Path, tmp_path: Path) -> None:
    for number in range(12):
        shutil.copytree(schools / "甲", schools / f"另{number}")
    command = [sys.executable, "-m", "generator", "build", str(schools), "--to", "out", "--jobs", "2", *QUICK]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    build = subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    watched = psutil.Process(build.pid)
    children: list[psutil.Process] = []
    while build.poll() is None and not list((tmp_path / "out").rglob("manifest.json")):
        children = watched.children(recursive=True)
    assert len(children) >= 2

    build.kill()
    build.wait()

    _gone, alive = psutil.wait_procs(children, timeout=900)
    assert alive == []
    done = [path.parent for path in (tmp_path / "out").rglob("manifest.json")]
    assert 0 < len(done) < 14
