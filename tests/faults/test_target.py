"""A target that cannot be written, is full, or is somebody else's: a message, no broken file, and nothing lost."""

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.conftest import LIMITS, ROOT, Run, read_tree
from tests.faults.whole import broken, outputs

OPTIONS = ("--only", "application-form", "--only", "sign-in", "--format", "docx", "--zip")
REFUSALS = {
    "disk full": (errno.ENOSPC, "磁盘已满"),
    "quota": (errno.EDQUOT, "磁盘已满"),
    "disk broken": (errno.EIO, "磁盘读写出错"),
    "read only": (errno.EROFS, "磁盘是只读的"),
    "no permission": (errno.EACCES, "没有权限"),
    "too many files": (errno.EMFILE, "打开的文件太多"),
}


@pytest.mark.parametrize(("name", "start"), [*((name, 9) for name in REFUSALS), ("disk full", 1), ("disk full", 20)])
def test_a_disk_that_fails_in_the_middle_is_said_and_the_next_build_ends_as_a_clean_one(
    name: str, start: int, school: Path, run: Run, tmp_path: Path
) -> None:
    number, words = REFUSALS[name]
    run("build", school, "--to", tmp_path / "clean", *OPTIONS)
    refuse = {"errno": number, "from": start}
    ended = run("build", school, "--to", tmp_path / "out", *OPTIONS, watch=str(tmp_path / "out"), refuse=refuse)
    assert ended.status == 2, ended.stderr
    assert words in ended.stderr
    assert "Traceback" not in ended.stderr
    left = outputs(read_tree(tmp_path / "out")) if (tmp_path / "out").exists() else {}
    assert not [*broken(left)]
    run("build", school, "--to", tmp_path / "out", *OPTIONS)
    assert read_tree(tmp_path / "out") == read_tree(tmp_path / "clean")


def test_a_file_the_system_will_not_let_grow_is_said(school: Path, run: Run, tmp_path: Path) -> None:
    limits = {**LIMITS, "FSIZE": 12_000}
    ended = run("build", school, "--to", tmp_path / "out", *OPTIONS, limits=limits)
    assert ended.status == 2
    assert "超过系统允许的大小" in ended.stderr
    left = read_tree(tmp_path / "out")
    assert not [*broken(outputs(left))]
    assert not [name for name in left if name.endswith(".part")]


@pytest.mark.skipif(os.geteuid() != 0, reason="only the superuser mounts a small disk")
def test_a_small_disk_that_is_really_full(school: Path, run: Run, tmp_path: Path) -> None:
    out = tmp_path / "small"
    out.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(out)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount")
    try:
        ended = run("build", school, "--to", out, *OPTIONS)
        left = read_tree(out)
    finally:
        subprocess.run(["umount", str(out)], check=True)
    assert ended.status == 2
    assert "磁盘已满" in ended.stderr
    assert "腾出" in ended.stderr
    assert left
    assert not [*broken(outputs(left))]


@pytest.mark.parametrize("place", ["", "学校", "学校/2026-autumn"])
def test_a_target_that_is_a_file_is_said(place: str, school: Path, run: Run, tmp_path: Path) -> None:
    path = tmp_path / "out" / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"mine")
    ended = run("build", school, "--to", tmp_path / "out", *OPTIONS)
    assert ended.status == 2
    assert "Traceback" not in ended.stderr
    assert "out" in ended.stderr
    assert path.read_bytes() == b"mine"


@pytest.mark.parametrize("target", ["", "2026-autumn", "文书", "."])
def test_a_target_among_the_data_is_refused(target: str, school: Path, run: Run) -> None:
    before = read_tree(school)
    ended = run("build", school, "--to", school / target, *OPTIONS)
    assert ended.status == 2
    assert "target-inside" in ended.stderr
    assert read_tree(school) == before


def test_a_build_above_the_data_does_not_touch_them(school: Path, run: Run) -> None:
    before = read_tree(school)
    ended = run("build", school, "--to", school.parent, *OPTIONS)
    assert ended.status == 2, ended.stdout
    assert "target-inside" in ended.stderr
    assert read_tree(school) == before


def test_a_device_is_not_replaced(school: Path, run: Run, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "日程.ics")
    ended = run("dates", school, "--ics", tmp_path / "日程.ics")
    assert ended.status == 2
    assert "file-unwritable" in ended.stderr
    assert (tmp_path / "日程.ics").is_fifo()


Start = Callable[[], "subprocess.Popen[str]"]


def test_two_builds_at_once_into_one_target_do_no_harm(school: Path, run: Run, tmp_path: Path) -> None:
    run("build", school, "--to", tmp_path / "clean", *OPTIONS)
    command = [sys.executable, "-m", "generator", "build", str(school), "--to", str(tmp_path / "out"), *OPTIONS]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    both = [subprocess.Popen(command, env=environment, text=True, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
            for _ in range(2)]  # fmt: skip
    ended = {process.wait(900): process.communicate()[1] for process in both}
    assert 0 in ended
    assert set(ended) <= {0, 2}
    assert "另一个 kaowu" in ended.get(2, "另一个 kaowu")
    assert read_tree(tmp_path / "out") == read_tree(tmp_path / "clean")


def test_a_target_that_another_process_holds_is_left_to_it(school: Path, run: Run, tmp_path: Path) -> None:
    fcntl = pytest.importorskip("fcntl")
    out = tmp_path / "out" / "学校"
    out.mkdir(parents=True)
    handle = os.open(out, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    held = run("build", school, "--to", tmp_path / "out", *OPTIONS)
    left = read_tree(out)
    os.close(handle)
    assert held.status == 2
    assert "folder-held" in held.stderr
    assert left == {}
    assert run("build", school, "--to", tmp_path / "out", *OPTIONS).status == 0


def test_a_folder_that_may_not_be_read_is_said(school: Path, run: Run) -> None:
    path = school / "2026-autumn" / "考场.csv"
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("the superuser may read everything")
    ended = run("check", school)
    shutil.rmtree(school, ignore_errors=True)
    assert ended.status == 2
    assert "没有权限" in ended.stderr
