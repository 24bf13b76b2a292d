"""Write reports as plain data for JSON, in a shape that is promised: ``schema.json`` beside this file describes it.

ID numbers are masked wherever they might stand.
"""

from collections.abc import Iterable
from typing import Any

from pydantic import ConfigDict, TypeAdapter, with_config
from typing_extensions import TypedDict

from generator.check.candidates import Ground, Person
from generator.check.coverage import Coverage
from generator.check.report import Report
from generator.check.rules import STATUS_LABELS, Finding
from generator.institution.given import mask
from generator.problems import Problem

STRICT = ConfigDict(extra="forbid")


@with_config(STRICT)
class ProblemData(TypedDict):
    """A doubt about data, or about an answer or a waiver."""

    place: str
    code: str
    what: str
    remedy: str


@with_config(STRICT)
class FindingData(TypedDict):
    """The outcome of one rule; ``number`` things have it together."""

    rule: str
    title: str
    status: str
    subject: str
    number: int
    duty_of: str
    at: list[str]
    requires: str
    found: list[str]
    missing: list[str]
    places: list[str]
    remedy: str
    note: str
    waiver: str


@with_config(STRICT)
class GroundData(TypedDict):
    """One rule as it bears on a candidate."""

    rule: str
    title: str
    at: list[str]
    requires: str
    found: list[str]
    remedy: str


@with_config(STRICT)
class PersonData(TypedDict):
    """The verdict on one candidate; ``result`` is empty where the scores do not tell."""

    key: str
    name: str
    place: str
    status: str
    result: str
    failed: list[GroundData]
    missing: list[GroundData]
    carried_by: list[GroundData]


@with_config(STRICT)
class ReportData(TypedDict):
    """The report on one round."""

    institution: str
    round: str
    guideline: str
    today: str
    counts: dict[str, int]
    coverage: dict[str, int]
    violated: bool
    findings: list[FindingData]
    doubts: list[ProblemData]
    remarks: list[ProblemData]
    candidates: list[PersonData]


SHAPE: TypeAdapter[list[ReportData]] = TypeAdapter(list[ReportData])


def write_schema() -> dict[str, Any]:
    """Return the JSON Schema of the exported reports."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "kaowu check --format json",
        **SHAPE.json_schema(),
    }


def export_report(report: Report, coverage: Coverage, people: Iterable[Person] = ()) -> ReportData:
    """Return a report as plain data."""
    return {
        "institution": report.institution,
        "round": report.round,
        "guideline": report.guideline,
        "today": report.today.isoformat(),
        "counts": {STATUS_LABELS[status]: number for status, number in report.count().items()},
        "coverage": coverage.count(),
        "violated": report.violated,
        "findings": [export_finding(finding) for finding in report.findings],
        "doubts": [export_problem(problem) for problem in report.doubts],
        "remarks": [export_problem(problem) for problem in report.remarks],
        "candidates": [export_person(person) for person in people],
    }


def export_problem(problem: Problem) -> ProblemData:
    """Return a problem as plain data."""
    what, remedy = mask(problem.what), mask(problem.remedy)
    return {"place": str(problem.place), "code": problem.code, "what": what, "remedy": remedy}


def export_finding(finding: Finding) -> FindingData:
    """Return one finding as plain data."""
    return {
        "rule": finding.rule,
        "title": finding.title,
        "status": STATUS_LABELS[finding.status],
        "subject": mask(finding.subject),
        "number": finding.number,
        "duty_of": finding.duty_of,
        "at": list(finding.at),
        "requires": finding.says,
        "found": [mask(text) for text in finding.found],
        "missing": [mask(text) for text in finding.missing],
        "places": list(dict.fromkeys(map(str, finding.places))),
        "remedy": finding.remedy,
        "note": mask(finding.note),
        "waiver": mask(finding.waiver),
    }


def export_person(person: Person) -> PersonData:
    """Return the verdict on one candidate as plain data."""
    return {
        "key": mask(person.key),
        "name": mask(person.name),
        "place": str(person.place),
        "status": STATUS_LABELS[person.status],
        "result": person.result,
        "failed": [export_ground(ground) for ground in person.failed],
        "missing": [export_ground(ground) for ground in person.missing],
        "carried_by": [export_ground(ground) for ground in person.carried],
    }


def export_ground(ground: Ground) -> GroundData:
    """Return one ground as plain data."""
    return {
        "rule": ground.rule,
        "title": ground.title,
        "at": list(ground.at),
        "requires": ground.says,
        "found": [mask(text) for text in ground.told],
        "remedy": ground.remedy,
    }
