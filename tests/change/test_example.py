"""A real example lives through a renaming: unreadable before, the same data and comments after."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from generator.cli import app
from generator.institution.folders import find_targets
from generator.institution.load import load_institution
from generator.policy.load import Policy, load_policy
from generator.problems import KaowuError
from tests.change.editing import GUIDELINE, HERE, ROOT, lay_out

MIGRATION = """because: 试改名
labels:
  单位: {单位名称: 机构全称}
  考生: {考生编号: 考号}
rules: {venue#venue-conditions: venue#venue-equipment}
terms: {院校类型: {技师学院: 高级技师学院}}
"""


@pytest.fixture
def renamed(tmp_path: Path) -> Policy:
    """Return our policy after a renaming of two labels and a word."""
    root = tmp_path / "policy"
    shutil.copytree(ROOT / "policy", root)
    (root / "migrations" / "2099.yaml").write_text(MIGRATION, encoding="utf-8")
    for file, old, new in (
        ("fields/institution.yaml", "{label: 单位名称, aliases: [", "{label: 机构全称, aliases: ["),
        ("fields/candidate.yaml", "{label: 考生编号, aliases: [编号, 准考证号]", "{label: 考号, aliases: [编号]"),
        ("terms/school-kind.yaml", "label: 技师学院", "label: 高级技师学院"),
    ):
        text = (root / file).read_text(encoding="utf-8")
        (root / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return load_policy(root)


def comments(folder: Path) -> list[str]:
    """Return every comment of the folder's YAML files."""
    lines = [line for path in sorted(folder.rglob("*.yaml")) for line in path.read_text("utf-8").splitlines()]
    return [line[line.index("#") :] for line in lines if " # " in line or line.startswith("#")]


def test_the_example_can_be_read_again_and_keeps_its_comments_and_answers(
    renamed: Policy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "示例"
    shutil.copytree(ROOT / "institutions" / "示例技师学院", folder)
    target = find_targets([folder])[0]
    ours = load_institution(target.folder, target.rounds, load_policy(ROOT / "policy"))
    noted = comments(folder)
    with pytest.raises(KaowuError):
        load_institution(target.folder, target.rounds, renamed)
    monkeypatch.setattr("generator.commands.change.policy_dir", lambda: renamed.root)
    shown = CliRunner().invoke(app, ["migrate", str(folder)])
    assert shown.exit_code == 0, shown.output
    assert "单位名称 → 机构全称" in shown.output
    again = load_institution(target.folder, target.rounds, renamed)
    assert comments(folder) == noted
    assert str(again.thing) == str(ours.thing)
    assert [a.answer for a in again.answers] == [a.answer for a in ours.answers]
    assert "venue#venue-conditions" not in {answer.rule for answer in again.answers}
    assert len(again.world.things["candidate"]) == len(ours.world.things["candidate"])
    assert "改了 0 处" in CliRunner().invoke(app, ["migrate", str(folder)]).output


def test_two_files_are_shown_as_the_difference_of_their_clauses(tmp_path: Path) -> None:
    new = lay_out(tmp_path) / GUIDELINE / "publicity.yaml"
    new.write_text(new.read_text("utf-8").replace("days: 5 个", "days: 6 个"), encoding="utf-8")
    shown = CliRunner().invoke(app, ["policy", "read", str(HERE / "sample" / "publicity.yaml"), str(new)])
    assert "-  条文：结果公示不少于 5 个工作日" in shown.output
    assert "+  条文：结果公示不少于 6 个工作日" in shown.output


def test_what_is_overdue_is_listed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    root = lay_out(tmp_path)
    monkeypatch.setattr("generator.commands.change.policy_dir", lambda: root)
    run = CliRunner()
    fresh = run.invoke(app, ["policy", "stale", "--today", "2026-06-01"])
    assert fresh.exit_code == 0
    late = run.invoke(app, ["policy", "stale", "--today", "2028-01-01"])
    assert late.exit_code == 1
    assert "示例指引" in late.output
    copy = tmp_path / "sample.txt"
    copy.write_text("别的原文", encoding="utf-8")
    words = ["policy", "stale", "--today", "2026-06-01", "--source", str(copy), "--clause", "二", "--mark"]
    assert "publicity#result-publicity" in run.invoke(app, words).output
    again = run.invoke(app, ["policy", "stale", "--today", "2026-06-01"])
    assert "存疑条款：二" in again.output
