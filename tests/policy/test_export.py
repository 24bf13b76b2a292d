"""The export is a promise: its shape, its exact numbers, the words of the source."""

import json
from typing import Any

import pytest

from generator.policy.export import export_policy, write_json
from generator.policy.load import find_guidelines
from tests.policy.cases import ROOT, whole_policy

PROMISED = {
    "clauses": {"at", "heading", "treatment", "because"},
    "rules": {"id", "title", "at", "force", "duty_of", "checked", "says", "values", "when", "require", "reading"},
    "materials": {"id", "at", "no", "name", "remark", "retention", "when", "documents", "supplied_by"},
    "contents": {"id", "at", "items"},
    "forms": {"id", "title", "at", "fields"},
    "sheets": {"id", "at", "modules"},
    "committees": {"id", "at", "seats"},
    "routing": {"id", "at", "to"},
    "schedule": {"id", "at", "title"},
}


@pytest.fixture(scope="module")
def exported() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(write_json(export_policy(whole_policy())))
    return data


def test_every_guideline_is_exported(exported: dict[str, Any]) -> None:
    assert [entry["id"] for entry in exported["guidelines"]] == find_guidelines(ROOT / "policy")


def test_the_top_level_holds_what_is_promised(exported: dict[str, Any]) -> None:
    assert {"guidelines", "references", "terms", "duties", "fields"} <= set(exported)
    head = {"id", "title", "province", "issued", "status", "supersedes"}
    assert all(head <= set(entry) for entry in exported["guidelines"])


@pytest.mark.parametrize("kind", PROMISED)
def test_every_record_has_the_promised_keys(exported: dict[str, Any], kind: str) -> None:
    lacking = [
        (record.get("id") or record["at"], sorted(PROMISED[kind] - set(record)))
        for guideline in exported["guidelines"]
        for record in guideline[kind]
        if not PROMISED[kind] <= set(record)
    ]

    assert not lacking


def test_ids_are_unique_and_locators_are_clauses(exported: dict[str, Any]) -> None:
    for guideline in exported["guidelines"]:
        records = [record for kind in PROMISED if kind != "clauses" for record in guideline[kind]]
        ids = [record["id"] for record in records]
        clauses = {clause["at"] for clause in guideline["clauses"]}

        assert len(ids) == len(set(ids))
        assert all(set(record["at"]) <= clauses for record in records)


def test_numbers_are_filled_in_and_stay_exact(exported: dict[str, Any]) -> None:
    rules = {rule["id"]: rule for guideline in exported["guidelines"] for rule in guideline["rules"]}
    size = rules["jiangsu/school/staff#panel-size"]

    assert size["values"]["members"] == {"value": 3, "unit": "人"}
    assert "不少于 3 人" in size["says"]
    assert rules["jiangsu/school/staff#rotation"]["values"]["share"]["value"] == "1/3"
    assert not [rule["id"] for rule in rules.values() if "{" in rule["says"]]


def test_retention_is_in_the_words_of_the_source(exported: dict[str, Any]) -> None:
    school = next(entry for entry in exported["guidelines"] if entry["id"] == "jiangsu/school")
    periods = {row["no"]: row["retention"] for row in school["materials"] if row["no"]}

    assert periods[1] == "1年"
    assert periods[3] == "永久（放入备案材料）"
    assert periods[18] == "半年"
    assert sorted(periods) == list(range(1, 21))


def test_every_record_of_a_guideline_cites_a_clause(exported: dict[str, Any]) -> None:
    silent = [
        record["id"]
        for guideline in exported["guidelines"]
        for kind in PROMISED
        if kind != "clauses"
        for record in guideline[kind]
        if not record["at"]
    ]

    assert not silent
