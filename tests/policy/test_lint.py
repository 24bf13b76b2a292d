"""Every kind of fault in an encoding is refused with its file, its line and what to do: one folder per defect."""

import shutil
from pathlib import Path

import pytest

from generator.policy.lint import coverage, lint_policy
from generator.policy.load import load_policy
from generator.problems import KaowuError
from tests.policy.cases import ROOT, whole_policy

BAD = ROOT / "tests" / "bad" / "policy"
GOOD = ROOT / "tests" / "data" / "new-guideline" / "policy"


def lint_with(folder: Path | None, tmp_path: Path) -> list[str]:
    """Return the faults of the fictional guideline with the files of ``folder`` in place of its own."""
    root = tmp_path / "policy"
    for name in ("terms", "duties", "fields"):
        shutil.copytree(ROOT / "policy" / name, root / name)
    shutil.copytree(GOOD, root, dirs_exist_ok=True)
    for path in folder.glob("*.yaml") if folder else ():
        shutil.copy(path, root / "fiction" / "drill" / path.name)
    try:
        problems = lint_policy(load_policy(root, ["fiction/drill"]))
    except KaowuError as error:
        problems = list(error.problems)
    return [str(problem) for problem in problems if "fiction" in problem.place.file]


@pytest.mark.parametrize("folder", sorted(BAD.iterdir()), ids=lambda folder: folder.name)
def test_a_defect_is_named_with_its_place(folder: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    told = "\n".join(lint_with(folder, tmp_path)) + "\n"
    expected = folder / "message.txt"
    if request.config.getoption("--accept"):
        expected.write_text(told, encoding="utf-8")

    assert told.strip(), "没有发现这个毛病"
    assert told == expected.read_text(encoding="utf-8")


def test_the_guideline_without_defects_passes(tmp_path: Path) -> None:
    assert lint_with(None, tmp_path) == []


def test_the_projects_own_policy_is_clean() -> None:
    assert [str(problem) for problem in lint_policy(whole_policy())] == []


def test_every_clause_of_every_guideline_is_accounted_for() -> None:
    for guideline in whole_policy().guidelines.values():
        counts = coverage(guideline)

        assert sum(counts.get(name, 0) for name in ("heading", "encoded", "informative", "external")) == len(
            guideline.head.outline
        )
