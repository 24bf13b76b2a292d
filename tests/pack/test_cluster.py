"""A cluster writes what this machine writes, also when a worker is killed; and says why when it cannot."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from distributed import Client, LocalCluster

from generator.pack import cluster
from generator.pack.cluster import ClusterCrew, Look, faults_of, find_faults, look
from generator.pack.errands import survey
from generator.pack.many import Order, Report, build_errand
from generator.pack.press import Options
from generator.pack.spread import spread
from generator.problems import KaowuError
from tests.pack.conftest import Run, copy_school, read_tree

OPTIONS = Options(("docx", "pdf"), ("sign-in",))
OWN = Look("1", "same", (), prints=True)
COUNT = 6

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(scope="module")
def workers() -> Iterator[LocalCluster]:
    """Return a cluster of three processes on this machine."""
    with LocalCluster(
        host="127.0.0.1", n_workers=3, threads_per_worker=1, processes=True, dashboard_address=None
    ) as made:
        yield made


@pytest.fixture
def province(tmp_path: Path) -> Path:
    """Return a folder with a few institutions."""
    root = tmp_path / "省"
    copy_school(root / "机构0")
    for number in range(1, COUNT):
        shutil.copytree(root / "机构0", root / f"机构{number}")
    return root


def test_a_worker_that_is_killed_in_the_middle_changes_nothing(
    workers: LocalCluster, province: Path, tmp_path: Path
) -> None:
    found = survey([province])
    here = Order(tmp_path / "here", OPTIONS)
    alone = [build_errand(here, one) for one in found.errands()]
    with Client(workers, set_as_default=False) as client:
        victim = next(iter(client.run(os.getpid).values()))

    reports: list[Report] = []
    with ClusterCrew.meet(workers.scheduler_address, Order(tmp_path / "there", OPTIONS), (province,)) as crew:
        for report in spread(found.errands(), crew):
            if not reports:
                os.kill(victim, signal.SIGKILL)
            reports.append(report)

    assert not any(report.problems for report in [*alone, *reports])
    assert sorted(report.errand.name for report in reports) == [f"机构{number}" for number in range(COUNT)]
    assert read_tree(tmp_path / "there") == read_tree(tmp_path / "here")


def test_the_command_hands_over_and_says_what_became_of_each(
    workers: LocalCluster, province: Path, run: Run, tmp_path: Path
) -> None:
    (province / "机构0" / "institution.yaml").write_text("单位名程: 写错了\n", encoding="utf-8")
    address = workers.scheduler_address

    done = run("build", str(province), "--to", "out", "--format", "docx", "--only", "sign-in", "--scheduler", address)

    assert done.returncode == 2
    assert "单位名称" in done.stderr
    assert "1 个机构没有完成" in done.stderr
    assert len(list((tmp_path / "out").rglob("manifest.json"))) == COUNT - 1


def test_workers_of_another_edition_are_refused_before_anything_is_written(
    workers: LocalCluster, province: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "edition_here", lambda: "other")

    with pytest.raises(KaowuError, match=r"other-edition.*不一致"):
        ClusterCrew.meet(workers.scheduler_address, Order(tmp_path / "out", OPTIONS), (province,))

    assert list((tmp_path / "out").iterdir()) == []


def test_a_worker_that_joins_with_another_edition_refuses_its_errands(province: Path, tmp_path: Path) -> None:
    errand = next(survey([province]).errands())

    report = build_errand(Order(tmp_path / "out", OPTIONS, edition="other"), errand)

    assert [problem.code for problem in report.problems] == ["other-edition"]
    assert not list((tmp_path / "out").rglob("*.docx"))


def test_a_worker_tells_which_folders_it_does_not_see(tmp_path: Path) -> None:
    seen = look((tmp_path, tmp_path / "没有"), tmp_path / "没有" / "x.token", pdf=False)

    assert seen.absent == (str(tmp_path / "没有"), str(tmp_path / "没有"))
    assert [fault[0] for fault in faults_of(seen, look((), tmp_path, pdf=False))] == ["not-shared", "not-shared"]


@pytest.mark.parametrize(
    ("seen", "code"),
    [
        (Look("2", "same", (), prints=True), "other-version"),
        (Look("1", "other", (), prints=True), "other-edition"),
        (Look("1", "same", ("/共享",), prints=True), "not-shared"),
        (Look("1", "same", (), prints=False), "no-pango"),
        (ModuleNotFoundError("No module named 'generator'"), "no-kaowu"),
        (RuntimeError("坏了"), "worker-fault"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_a_worker_lacks_is_told_with_what_to_do(seen: "Look | BaseException", code: str) -> None:
    ((found, what, advice),) = faults_of(seen, OWN)

    assert found == code
    assert what
    assert advice


def test_a_worker_like_this_machine_has_no_fault() -> None:
    assert list(faults_of(OWN, OWN)) == []


def test_like_faults_of_many_workers_are_one_line() -> None:
    seen = {f"tcp://10.0.0.{number}:1": ModuleNotFoundError("generator") for number in range(9)}

    (problem,) = find_faults(seen)

    assert "10.0.0.0" in problem.what
    assert "等 9 个" in problem.what


@pytest.mark.usefixtures("province")
def test_an_address_where_nobody_answers_is_told(run: Run) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{closed.getsockname()[1]}"

        done = run("build", "省", "--scheduler", address)

    assert done.returncode == 2
    assert "no-scheduler" in done.stderr
    assert "dask scheduler" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_address_without_port_is_told(tmp_path: Path) -> None:
    with pytest.raises(KaowuError, match="bad-address"):
        ClusterCrew.meet("某台机器", Order(tmp_path, OPTIONS), ())


@pytest.mark.usefixtures("province")
def test_without_the_extra_the_message_says_how_to_install_it(run: Run, tmp_path: Path) -> None:
    (tmp_path / "without" / "distributed").mkdir(parents=True)
    raised = "raise ModuleNotFoundError(\"No module named 'distributed'\", name='distributed')\n"
    (tmp_path / "without" / "distributed" / "__init__.py").write_text(raised, encoding="utf-8")
    path = os.pathsep.join([str(tmp_path / "without"), str(Path(cluster.__file__).parents[2])])

    done = run("build", "省", "--scheduler", "tcp://127.0.0.1:1", PYTHONPATH=path)

    assert done.returncode == 2
    assert "kaowu[cluster]" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("program", ["scheduler", "worker"])
def test_the_guide_starts_dask_with_options_it_has(program: str) -> None:
    guide = (Path(cluster.__file__).parents[2] / "site/guides/province.md").read_text("utf-8")
    (line,) = re.findall(rf"^dask {program} .*$", guide, re.MULTILINE)
    command = [sys.executable, "-m", "dask", program, "--help"]
    told = subprocess.run(command, capture_output=True, text=True, timeout=900, check=True).stdout

    asked = re.findall(r"--[a-z-]+", line)
    assert asked
    assert [option for option in asked if not re.search(rf"{option}\b", told)] == []
