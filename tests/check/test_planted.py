"""Faults planted one at a time in copies of the examples: found under their rule and clause, in their cell, and alone.

A file of ``planted`` names a round of an example; a fault changes one cell of a table (``row`` by how it begins,
``column``, ``new``) or one text of a file (``old``, ``new``) and lists the rules that speak of it with their clauses.
"""

import csv
import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.check.report import Report
from generator.tables import cell_name
from generator.yaml_source import load_yaml
from tests.institutions.support import EXAMPLES, load, reports, write_report

PLANTED = sorted(Path(__file__).with_name("planted").glob("*.yaml"))
OTHER_PAGES = ("institution.yaml", "filing/", "考评人员", "考务管理人员", "内部质量督导人员", "专家")  # of every round


def faults() -> Iterator[Any]:
    """Yield each planted fault with the example and round it is planted in."""
    for path in PLANTED:
        page: Any = load_yaml(path).data
        for number, fault in enumerate(page["faults"], 1):
            yield pytest.param(
                page["example"], page["round"], fault, id=f"{path.stem}-{number}-{'+'.join(fault['found'])}"
            )


def plant(folder: Path, round_name: str, fault: dict[str, Any]) -> str:
    """Make the one change and return where it is: the cell, or the line."""
    name = str(fault["file"])
    path = folder / name if name.startswith(OTHER_PAGES) else folder / round_name / name
    text = path.read_text("utf-8")
    if "row" not in fault:
        assert text.count(fault["old"]) >= 1, fault["old"]
        path.write_text(text.replace(fault["old"], str(fault["new"]), 1), "utf-8")
        return f":{text[: text.index(fault['old'])].count(chr(10)) + 1}:"
    rows = list(csv.reader(io.StringIO(text, newline="")))
    column = rows[0].index(fault["column"])
    number = next(n for n, row in enumerate(rows) if ",".join(row).startswith(f"{fault['row']},"))
    rows[number][column] = str(fault["new"])
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    return f"」{cell_name(number, column)};"


def told(report: Report) -> dict[str, tuple[str, str]]:
    """Return rule or doubt → its clause and all its places, of what is not met, not checked or doubtful."""
    found: dict[str, tuple[str, str]] = {}
    for finding in report.findings:
        if finding.status in ("fail", "warn", "unchecked") and not finding.waiver:
            places = found.get(finding.rule, ("", ""))[1] + "".join(f"{place};" for place in finding.places)
            found[finding.rule] = ("、".join(finding.at), places)
    for problem in report.doubts:
        found[problem.code] = ("", found.get(problem.code, ("", ""))[1] + f"{problem.place};")
    return found


@pytest.mark.parametrize(("example", "round_name", "fault"), list(faults()))
def test_a_planted_fault_is_found_in_its_place_and_nothing_else_is(
    tmp_path: Path, example: str, round_name: str, fault: dict[str, Any]
) -> None:
    folder = tmp_path / example
    shutil.copytree(EXAMPLES / example, folder)
    planted = plant(folder, round_name, fault)
    institution = load(folder)
    wanted = next(str(thing) for path, thing in institution.rounds.items() if path.name == round_name)
    report = next(report for report in reports(institution) if report.round == wanted)
    found = told(report)
    assert {rule: at for rule, (at, _places) in found.items()} == fault["found"], write_report(report)
    place = f"{fault.get('at', planted)}"
    assert any(place in f"{places}" for _at, places in found.values()), (place, found)
