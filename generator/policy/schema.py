"""JSON Schemas that give editors completion: one per kind of policy file, one per page an institution fills in."""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from generator.policy.load import KINDS, Policy
from generator.policy.records import Clause, GuidelineHead, Locator, Rule
from generator.policy.vocabulary import DataField, Entity, Reference, Topic, Vocabulary

DIALECT = "https://json-schema.org/draft/2020-12/schema"
SHAPES: Mapping[str, Any] = {
    "guideline": GuidelineHead,
    "outline": dict[Locator, Clause],
    "rules": dict[str, Rule],
    **{name: dict[str, model] for name, model in KINDS.items()},  # type: ignore[valid-type]
    "entity": Entity,
    "topic": Topic,
    "vocabulary": Vocabulary,
    "references": dict[str, Reference],
}
PLAIN: Mapping[str, Any] = {
    "number": {"type": ["number", "string"]},
    "yes-no": {"enum": ["是", "否", True, False, ""]},
    "date": {"type": "string", "pattern": r"^(\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?)?$"},
}


def write_schemas(policy: Policy) -> dict[str, dict[str, Any]]:
    """Return name → schema: every kind of policy file, and every page an institution fills in."""
    schemas = {name: TypeAdapter(shape).json_schema() for name, shape in SHAPES.items()}
    schemas["guideline"]["required"].remove("outline")  # the outline has a file of its own
    pages = {f"page-{name}": describe_page(policy, name) for name, e in policy.entities.items() if not e.sheets}
    return {name: {"$schema": DIALECT, **schema} for name, schema in sorted({**schemas, **pages}.items())}


def describe_page(policy: Policy, name: str) -> dict[str, Any]:
    """Return the schema of a page: its labels and aliases, and lists for the rows that may stand in it."""
    entity = policy.entities[name]
    properties: dict[str, Any] = {"列名对照": {"type": "object", "description": "本单位的列名对应本项目的哪一项"}}
    for field in entity.fields.values():
        described = describe_field(policy, field)
        properties |= dict.fromkeys((field.label, *field.aliases), described)
    for other in policy.entities.values():
        if other.parent == name:
            properties |= {sheet: {"type": "array", "items": describe_row(policy, other)} for sheet in other.sheets}
    return {"title": entity.label, "type": "object", "properties": properties, "additionalProperties": False}


def describe_row(policy: Policy, entity: Entity) -> dict[str, Any]:
    """Return the schema of one row of a list."""
    fields = entity.fields.values()
    properties = {label: describe_field(policy, field) for field in fields for label in (field.label, *field.aliases)}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def describe_field(policy: Policy, field: DataField) -> dict[str, Any]:
    """Return the schema of one field: its type, the words it may take, and what it means."""
    shape: dict[str, Any] = dict(PLAIN.get(field.type, {"type": ["string", "number"]}))
    if field.terms and not field.many:
        terms = policy.terms[field.terms].terms.values()
        shape = {"enum": ["", *(word for term in terms for word in (term.label, *term.aliases))]}
    if field.many:
        shape = {"anyOf": [{"type": ["string", "number"]}, {"type": "array"}]}
    return {"description": field.hint or field.label, **shape}
