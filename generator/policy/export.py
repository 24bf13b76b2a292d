"""The whole policy as one JSON document: the promise other programs and the site read.

Fields may be added, none is renamed or dropped. Every record has ``id`` and ``at``; numbers are exact (``1/3`` stays
text), texts have their numbers filled in.
"""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from generator.policy.load import Guideline, Policy
from generator.policy.records import Content, Form, Material, Record, Rule, Sheet
from generator.policy.values import Day, Quantity, Range, Table, Value, Words

KINDS = ("contents", "forms", "sheets", "committees", "routing", "schedule")
VALUES = (Quantity, Range, Day, Words, Table)


def export_policy(policy: Policy) -> dict[str, Any]:
    """Return the policy as plain data, ready for JSON."""
    return {
        "guidelines": [export_guideline(policy, guideline) for guideline in policy.guidelines.values()],
        "references": [{"id": name, **plain(entry)} for name, entry in policy.references.items()],
        "terms": {name: plain(vocabulary) for name, vocabulary in policy.terms.items()},
        "duties": [
            {"id": f"{topic}#{slug}", "topic": topic, "slug": slug, "title": title}
            for topic, entry in policy.topics.items()
            for slug, title in entry.duties.items()
        ],
        "topics": {name: topic.title for name, topic in policy.topics.items()},
        "fields": {name: plain(entity) for name, entity in policy.entities.items()},
    }


def export_guideline(policy: Policy, guideline: Guideline) -> dict[str, Any]:
    """Return one guideline as plain data."""
    head = guideline.head
    return {
        "id": guideline.id,
        **{name: value for name, value in plain(head).items() if name not in ("outline", "supersedes")},
        "supersedes": [link.guideline for link in head.supersedes],
        "supersessions": [plain(link) for link in head.supersedes],
        "clauses": [
            {"at": locator, "heading": clause.heading, "treatment": clause.treatment, "because": clause.because}
            for locator, clause in head.outline.items()
        ],
        "rules": [export_rule(policy, guideline, name, rule) for name, rule in guideline.rules.items()],
        "materials": [export_material(policy, guideline, name, row) for name, row in guideline.materials.items()],
        **{kind: [export_record(guideline, kind, name, r) for name, r in guideline.of_kind(kind, Record).items()]
           for kind in KINDS},
    }  # fmt: skip


def export_rule(policy: Policy, guideline: Guideline, name: str, rule: Rule) -> dict[str, Any]:
    """Return one rule with its title, its restatement with numbers filled in, and its typed predicates."""
    data = plain(rule)
    return {
        "id": f"{guideline.id}/{name}",
        "title": policy.duties.get(name, name),
        **data,
        "says": fill_in(rule.says, rule.values),
        "values": {key: {"value": value.exported(), "unit": value.unit or None} for key, value in rule.values.items()},
        "when": data["when"] or None,
        "require": data["require"] or None,
    }


def export_material(policy: Policy, guideline: Guideline, name: str, row: Material) -> dict[str, Any]:
    """Return one row of the list of materials, its retention in the words of the source."""
    data = plain(row)
    labels = policy.labels("retention")
    media = policy.labels("medium")
    periods = row.retention
    retention = (
        {media.get(medium, medium): labels[period] for medium, period in periods.items()}
        if isinstance(periods, dict)
        else labels[periods]
    )
    return {"id": f"{guideline.id}/materials#{name}", **data, "retention": retention, "when": data["when"] or None}


def export_record(guideline: Guideline, kind: str, name: str, record: Record) -> dict[str, Any]:
    """Return one of the other records; a form's fields are its labels, with the details beside them."""
    data = {"id": f"{guideline.id}/{kind}#{name}", **plain(record)}
    if isinstance(record, Form):
        data |= {"fields": [field.label for field in record.fields], "details": data["fields"]}
    if isinstance(record, Content | Sheet | Form) and record.document:
        data["documents"] = [record.document]
    return data


def fill_in(says: str, values: Mapping[str, Value]) -> str:
    """Return a restatement with its numbers filled in."""
    return says.format_map({name: str(value) for name, value in values.items()})


def plain(value: Any) -> Any:
    """Return models and values as plain data; keys as they are written in YAML."""
    if isinstance(value, VALUES):
        return {"value": value.exported(), "unit": value.unit or None}
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        stated = {(info.alias or name): plain(getattr(value, name)) for name, info in fields.items()}
        return stated if not is_test(value) else {key: item for key, item in stated.items() if item not in (None, [])}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def is_test(value: BaseModel) -> bool:
    """Return whether a model is a predicate, of which only what is stated is exported."""
    return type(value).__name__.endswith("Test")


def write_json(data: Any) -> str:
    """Return data as JSON text: Chinese as it is, two blanks of indentation, one newline at the end."""
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"
