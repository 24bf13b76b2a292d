"""Reports: the promised shape of the JSON, counts that add up, several rounds, and nothing lost in a long list."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document

from generator.check.candidates import judge_people
from generator.check.coverage import cover
from generator.check.export import SHAPE, export_report, write_schema
from generator.check.rules import MOST_FINDINGS, subjects
from generator.check.write import write_markdown, write_reports
from generator.policy.export import write_json
from tests.check.schools import FILES, IDS, Opened, open_school, write_school
from tests.institutions.support import ROOT
from tests.policy.cases import whole_policy

SCHEMA = ROOT / "generator" / "check" / "schema.json"


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Opened:
    return open_school(write_school(tmp_path_factory.mktemp("report")))


def test_the_committed_schema_is_current(request: pytest.FixtureRequest) -> None:
    text = write_json(write_schema())
    if request.config.getoption("--accept"):
        SCHEMA.write_text(text, "utf-8")
    assert SCHEMA.read_text("utf-8") == text, "运行 make accept，再提交"


def test_the_json_keeps_the_promised_shape(school: Opened) -> None:
    (report,) = school.reports()
    told = [export_report(report, cover(school.scene.guideline), judge_people(school.rounds[0], school.scene))]
    assert SHAPE.validate_json(json.dumps(told)) == told
    assert told[0]["candidates"]
    with pytest.raises(ValueError, match="extra"):
        SHAPE.validate_python([{**told[0], "more": 1}])


def test_every_rule_that_data_checks_speaks_of_every_thing_it_is_about(school: Opened) -> None:
    (report,) = school.reports()
    for name, rule in school.scene.guideline.rules.items():
        number = sum(finding.number for finding in report.findings if finding.rule == name)
        things = subjects(school.institution.world, school.rounds[0], rule.for_each)
        assert number == (max(1, len(things)) if rule.checked != "by-hand" else bool(rule.question))


def test_told_apart_every_thing_has_a_finding_of_its_own(school: Opened) -> None:
    (report,) = Opened(school.institution, replace(school.scene, apart=True)).reports()
    assert {finding.number for finding in report.findings} == {1}
    assert report.count() == next(school.reports()).count()


def test_an_authority_is_asked_about_its_own_duties_as_well(school: Opened) -> None:
    (own,) = school.reports()
    (all_,) = school.reports(for_authority=True)
    added = {finding.rule for finding in all_.findings} - {finding.rule for finding in own.findings}
    assert added
    assert {school.scene.guideline.rules[name].duty_of for name in added} == {"authority"}
    assert {finding.duty_of for finding in all_.findings if finding.rule in added} == {"主管部门"}


def test_of_very_many_findings_the_first_are_told_and_the_rest_counted(tmp_path: Path) -> None:
    head = FILES["批次/考生.csv"].partition("\n")[0]
    number = MOST_FINDINGS + 5
    rows = [f"{row:05},某某,{IDS[0]},P1,中级技工班," for row in range(number)]
    school = open_school(write_school(tmp_path, **{"批次/考生.csv": "\n".join([head, *rows]), SCORES: ""}))
    (report,) = school.reports()
    found = [finding for finding in report.findings if finding.rule == "eligibility#eligibility-standard"]
    assert len(found) == MOST_FINDINGS + 1
    assert sum(finding.number for finding in found) == number
    assert "另有 5 个" in found[-1].subject


SCORES = "批次/scores/成绩.csv"


def test_markdown_of_several_rounds_begins_with_a_table_and_is_no_markup(tmp_path: Path) -> None:
    page = FILES["批次/round.yaml"]
    other = page.replace("第一批", "'<b>第|二批</b>'")
    school = open_school(write_school(tmp_path, **{"另一批/round.yaml": other}))
    text = write_markdown(list(school.reports()))
    assert text.startswith("| 机构 | 批次 | 不符合 |")
    assert "\\<b\\>第\\|二批" in text
    assert "<b>" not in text


def test_the_report_as_a_document_names_every_violation(school: Opened, tmp_path: Path) -> None:
    (report,) = school.reports()
    (path,) = write_reports([report], "docx", tmp_path)
    document = Document(str(path))
    text = "".join(p.text for p in document.paragraphs)
    text += "".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
    titles = {finding.title for finding in report.findings if finding.status in ("fail", "by-hand", "unchecked")}
    assert titles
    assert not [title for title in titles if title not in text]


@pytest.mark.parametrize("guideline", sorted(whole_policy().guidelines))
def test_the_ways_of_checking_add_up(guideline: str) -> None:
    known = whole_policy().guideline(guideline)
    covered = cover(known)
    assert sum(covered.count().values()) == len(known.rules)
    assert all(misses for _name, misses in covered.partly)
    assert all(question for _name, question in covered.asked)


def test_a_half_filled_round_is_named_by_its_folder_and_nothing_is_taken_as_met(tmp_path: Path) -> None:
    bare = dict.fromkeys(FILES, "") | {"institution.yaml": "省份: 江苏\n", "批次/round.yaml": "指引: jiangsu/school\n"}
    school = open_school(write_school(tmp_path, **bare))
    (report,) = school.reports()
    assert (report.institution, report.round) == ("示例学校", "批次")
    assert not [finding.rule for finding in report.findings if finding.status == "pass"]
    assert not list(judge_people(school.rounds[0], school.scene))


def test_reports_of_institutions_of_the_same_name_do_not_overwrite_each_other(school: Opened, tmp_path: Path) -> None:
    (report,) = school.reports()
    paths = list(write_reports([report, report], "docx", tmp_path))
    assert len(set(paths)) == 2
    assert sorted(paths) == sorted(tmp_path.iterdir())


def test_an_institution_without_a_round_is_told_so(tmp_path: Path) -> None:
    folder = write_school(tmp_path, **(dict.fromkeys(FILES, "") | {"institution.yaml": FILES["institution.yaml"]}))
    for command in ("check", "dates"):
        run = subprocess.run(
            [sys.executable, "-m", "generator", command, str(folder)], capture_output=True, text=True, check=False
        )
        assert "示例学校：没有批次" in run.stderr
