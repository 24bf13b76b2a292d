"""The review of a branch: a scratch repository with an amendment on a branch in, the report to be posted out."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.change.gitsetup import install
from tests.change.editing import ROOT

GUIDELINE = "jiangsu/school"
ROUND = "institutions/示例技师学院/2026-autumn"
NAMES = {"GIT_AUTHOR_NAME": "甲", "GIT_AUTHOR_EMAIL": "a@example.org"}
NAMES |= {"GIT_COMMITTER_NAME": "甲", "GIT_COMMITTER_EMAIL": "a@example.org"}
AMENDMENTS = [
    ("publicity.yaml", "days: 5 个工作日", "days: 7 个工作日"),
    ("staff.yaml", "says: 本班任课教师不得担任这一场的考评人员", "says: 本班任课教师、班主任不得担任这一场的考评人员"),
]


def git(folder: Path, *words: str) -> str:
    command = ["git", "-C", str(folder), *words]
    done = subprocess.run(command, check=True, capture_output=True, env={**os.environ, **NAMES}, timeout=900)
    return done.stdout.decode()


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository of the program with one institution, on a branch that amends its guideline."""
    home = tmp_path_factory.mktemp("仓库")
    for name in ("generator", "templates", "setup", "policy", f"tests/cases/{GUIDELINE}"):
        shutil.copytree(ROOT / name, home / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", home)
    shutil.copytree(ROOT / "institutions" / "示例技师学院", home / "institutions" / "示例技师学院")
    git(home, "init", "-q", "-b", "main")
    git(home, "add", ".")
    git(home, "commit", "-q", "-m", "原来的规定")
    git(home, "checkout", "-q", "-b", "修订")
    for file, old, new in AMENDMENTS:
        path = home / "policy" / GUIDELINE / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), encoding="utf-8")
    git(home, "commit", "-q", "-a", "-m", "公示延长")
    return home


def program(home: Path) -> dict[str, str]:
    return {**os.environ, "KAOWU": f"{sys.executable} -m generator", "PYTHON": sys.executable, "PYTHONPATH": str(home)}


def test_a_reviewer_reads_clause_direction_institutions_and_passages(
    repository: Path, tool: Callable[[str], str]
) -> None:
    assert tool("git")
    script = ["bash", str(repository / "setup" / "review.sh"), "main", ROUND]
    done = subprocess.run(script, capture_output=True, check=True, env=program(repository), timeout=900)
    report = done.stdout.decode()
    assert "| 收紧 | 1 |" in report
    assert "数值（公示期不少于）：5 个工作日 → 7 个工作日" in report
    assert "`jiangsu/school/publicity#result-publicity.period`（公示与异议，应当）五（八）" in report
    assert "日程：公示期满" in report
    assert "| 江苏示例技师学院 | 2026-autumn | 1 |" in report
    assert "日期 公示期满：最早 2026-12-08 → 最早 2026-12-10" in report
    assert "需重新出具：" in report
    shown = [line for line in report.splitlines() if line.strip().startswith(("-", "+")) and "个工作日" in line]
    assert any("不少于5个工作日" in line for line in shown)
    assert any("不少于7个工作日" in line for line in shown)
    assert "若是要求变了，判断条件漏改了" in report[report.index("班主任") :]
    assert report.count("```") % 2 == 0


def test_git_log_and_the_difftool_show_clauses_with_chinese_names(repository: Path, tool: Callable[[str], str]) -> None:
    assert tool("git")
    (repository / "policy" / GUIDELINE / "说明.txt").write_text("一\n", encoding="utf-8")
    list(install(repository, ["env", f"PYTHONPATH={repository}", sys.executable, "-m", "generator"]))
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "说明")
    log = git(repository, "log", "-p", "--format=%s", "main..")
    assert "+  条文：公示期不少于 7 个工作日" in log
    assert "policy/jiangsu/school/说明.txt" in log
    told = git(repository, "difftool", "--no-prompt", "--tool=kaowu", "main", "--", "policy/jiangsu/school/staff.yaml")
    assert "-  条文：本班任课教师不得担任这一场的考评人员" in told
    assert "+  条文：本班任课教师、班主任不得担任这一场的考评人员" in told
    assert "says" not in told


def test_a_revision_that_cannot_be_read_is_named_with_its_file_and_what_to_do(repository: Path) -> None:
    path = repository / "policy" / GUIDELINE / "staff.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("duty_of:", "gone_key:", 1), encoding="utf-8")
    git(repository, "commit", "-q", "-a", "-m", "旧格式")
    old = git(repository, "rev-parse", "--short", "HEAD").strip()
    path.write_text(text, encoding="utf-8")
    git(repository, "commit", "-q", "-a", "-m", "新格式")
    command = [sys.executable, "-m", "generator", "policy", "diff", old, "."]
    done = subprocess.run(
        command, cwd=repository, capture_output=True, check=False, env=program(repository), timeout=900
    )
    told = "".join((done.stdout + done.stderr).decode().split())
    assert done.returncode == 2
    assert f"{old}:policy/jiangsu/school/staff.yaml" in told
    assert "这个版本的policy不能按现在的格式读" in told
    assert "gitworktree" in told
