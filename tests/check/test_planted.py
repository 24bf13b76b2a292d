"""Faults planted one at a time in a copy of the college that does everything right: found, in their cell, and alone."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from generator.check.report import Report
from generator.yaml_source import load_yaml
from tests.institutions.support import EXAMPLES, load, reports, write_report

COLLEGE = EXAMPLES / "示例技师学院"
AUTUMN = "2026-autumn"


FAULTS: Any = load_yaml(Path(__file__).with_name("planted.yaml")).data


def told(report: Report) -> dict[str, str]:
    """Return rule or doubt → all its places, of what is not met, not checked or doubtful."""
    found: dict[str, str] = {}
    for finding in report.findings:
        if finding.status in ("fail", "warn", "unchecked"):
            found[finding.rule] = found.get(finding.rule, "") + "".join(map(str, finding.places))
    for problem in report.doubts:
        found[problem.code] = found.get(problem.code, "") + str(problem.place)
    return found


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: "+".join(fault["found"]))
def test_a_planted_fault_is_found_in_its_place_and_nothing_else_is(tmp_path: Path, fault: dict[str, Any]) -> None:
    folder = tmp_path / COLLEGE.name
    shutil.copytree(COLLEGE, folder)
    path = folder / AUTUMN / fault["file"]
    text = path.read_text("utf-8")
    assert fault["old"] in text
    path.write_text(text.replace(fault["old"], fault["new"], 1), "utf-8")
    first = next(reports(load(folder)))
    found = told(first)
    assert set(found) == set(fault["found"]), write_report(first)
    assert any(fault["at"] in places for places in found.values()), found
