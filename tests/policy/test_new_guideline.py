"""A guideline is added, checked, dated and turned into documents by data alone: no Python is touched."""

import shutil
from pathlib import Path

import pytest

from generator.calendar import WorkCalendar
from generator.check.report import report_round
from generator.document.docx_text import docx_text
from generator.institution.folders import find_targets
from generator.institution.load import Institution, load_institution
from generator.pack.build import build_round, prepare
from generator.pack.plan import load_sources
from generator.pack.press import Options, Press
from generator.policy.lint import lint_policy
from generator.policy.load import load_policy
from tests.policy.cases import ROOT

NEW = ROOT / "tests" / "data" / "new-guideline"


@pytest.fixture
def press(tmp_path: Path) -> Press:
    """Return the project's policy and templates with the fictional ones laid beside them."""
    shutil.copytree(ROOT / "policy", tmp_path / "policy")
    shutil.copytree(NEW / "policy", tmp_path / "policy", dirs_exist_ok=True)
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    shutil.copytree(NEW / "templates", tmp_path / "templates", dirs_exist_ok=True)
    policy = load_policy(tmp_path / "policy", ["fiction/drill"])
    calendar = WorkCalendar.load(tmp_path / "policy" / "calendar")
    return Press(policy, load_sources(tmp_path / "templates"), calendar, Options(formats=("docx",)))


@pytest.fixture
def brigade(press: Press, tmp_path: Path) -> Institution:
    """Return the fictional institution."""
    shutil.copytree(NEW / "institution", tmp_path / "消防队")
    target = find_targets([tmp_path / "消防队"])[0]
    return load_institution(target.folder, target.rounds, press.policy)


def test_the_new_guideline_passes_lint(press: Press) -> None:
    assert [str(problem) for problem in lint_policy(press.policy) if "fiction" in problem.place.file] == []


def test_its_rules_run_on_data(press: Press, brigade: Institution) -> None:
    path, thing = next(iter(brigade.rounds.items()))
    binder = prepare(press, brigade, path)

    report = report_round(brigade, thing, binder.scene, today=binder.day)

    assert {finding.rule: finding.status for finding in report.findings} == {
        "staff#panel-size": "fail",
        "registration#list-submission": "pass",
    }


def test_its_document_is_generated_with_its_numbers(press: Press, brigade: Institution, tmp_path: Path) -> None:
    path = next(iter(brigade.rounds))

    build_round(press, brigade, path, tmp_path / "out", lambda _done, _all: None)

    text = docx_text((tmp_path / "out/01 演练登记表/C1 消防员四级操作技能考核.docx").read_bytes())
    assert "考评组不少于5人" in text
    assert "王𠮷" in text
    assert (tmp_path / "out" / "00 日程.ics").is_file()
