"""The JSON Schema that gives editors completion and marks typos while a guideline is being written."""

from typing import Any

from pydantic import TypeAdapter

from generator.policy.load import KINDS
from generator.policy.records import Clause, GuidelineHead, Locator, Rule
from generator.policy.vocabulary import Entity, Reference, Topic, Vocabulary

SHAPES: dict[str, Any] = {
    "guideline": GuidelineHead,
    "outline": dict[Locator, Clause],
    "rules": dict[str, Rule],
    **{name: dict[str, model] for name, model in KINDS.items()},  # type: ignore[valid-type]
    "entity": Entity,
    "topic": Topic,
    "terms": Vocabulary,
    "references": dict[str, Reference],
}


def policy_schema() -> dict[str, Any]:
    """Return one schema with a definition per kind of policy file; a file is one of them."""
    adapters = [(name, "validation", TypeAdapter(shape)) for name, shape in SHAPES.items()]
    links, definitions = TypeAdapter.json_schemas(adapters, ref_template="#/$defs/{model}")  # type: ignore[arg-type]
    files = {name: links[(name, "validation")] for name in SHAPES}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "kaowu policy",
        "$defs": {**definitions.get("$defs", {}), **files},
        "anyOf": [{"$ref": f"#/$defs/{name}"} for name in files],
    }
