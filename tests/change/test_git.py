"""``git diff`` on the policy reads as clauses once the driver is installed."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from generator.change.clauses import read_clauses
from generator.change.gitsetup import install
from generator.policy.load import load_policy
from tests.change.editing import GUIDELINE, HERE, ROOT


def git(folder: Path, *words: str) -> str:
    command = ["git", "-C", str(folder), "-c", "user.name=x", "-c", "user.email=x@example.org", *words]
    return subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout


def test_git_diff_shows_the_clause_and_chinese_names(tmp_path: Path, tool: Callable[[str], str]) -> None:
    assert tool("git")
    file = tmp_path / "policy" / GUIDELINE / "staff.yaml"
    file.parent.mkdir(parents=True)
    file.write_bytes((HERE / "sample" / "staff.yaml").read_bytes())
    (tmp_path / "说明.txt").write_text("一\n", encoding="utf-8")
    git(tmp_path, "init", "-q")
    done = list(install(tmp_path, ["env", f"PYTHONPATH={ROOT}", sys.executable, "-m", "generator"]))
    assert len(done) == 5
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "x")
    file.write_text(file.read_text(encoding="utf-8").replace("members: 3 人", "members: 5 人"), encoding="utf-8")
    (tmp_path / "说明.txt").write_text("二\n", encoding="utf-8")
    shown = git(tmp_path, "diff")
    assert "-  条文：每个考评组不少于 3 人，人数为单数" in shown
    assert "+  条文：每个考评组不少于 5 人，人数为单数" in shown
    assert "+  要求：考评组数量不少于 5 人且为单数" in shown
    assert "members" not in shown.replace("数值 members", "")
    assert "a/说明.txt" in shown
    assert list(install(tmp_path, ["kaowu"]))[-1].startswith("core.quotepath"), "the attributes stand once"


def test_every_file_of_the_policy_can_be_read_as_clauses() -> None:
    policy = load_policy(ROOT / "policy", [])
    for path in sorted((ROOT / "policy").rglob("*.yaml")):
        assert read_clauses(path.read_bytes(), path.name, policy).strip()


def test_a_file_that_is_no_yaml_is_shown_as_it_is() -> None:
    policy = load_policy(ROOT / "policy", [])
    assert read_clauses("a: [1\n坏".encode(), "staff.yaml", policy) == "a: [1\n坏"


def test_the_repository_names_the_driver() -> None:
    assert "policy/**/*.yaml linguist-language=YAML diff=clause" in (ROOT / ".gitattributes").read_text("utf-8")
