"""The committed JSON Schemas are the ones the types and the dictionary give, and editors are told where they are."""

import json
from pathlib import Path
from typing import Any

import pytest

from generator.policy.export import write_json
from generator.policy.load import KINDS
from generator.policy.schema import write_schemas
from tests.policy.cases import ROOT, whole_policy

FOLDER = ROOT / "policy" / "schema"


@pytest.fixture(scope="module")
def schemas() -> dict[str, dict[str, Any]]:
    return write_schemas(whole_policy())


def test_the_committed_schemas_are_current(request: pytest.FixtureRequest, schemas: dict[str, Any]) -> None:
    if request.config.getoption("--accept"):
        FOLDER.mkdir(exist_ok=True)
        for name, schema in schemas.items():
            (FOLDER / f"{name}.json").write_text(write_json(schema), encoding="utf-8")

    committed = {path.stem: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.json")}

    assert committed == {name: write_json(schema) for name, schema in schemas.items()}, "运行 make accept，再提交"


def test_every_kind_of_policy_file_has_one(schemas: dict[str, Any]) -> None:
    assert {"guideline", "outline", "rules", "entity", "topic", "vocabulary", "references", *KINDS} <= set(schemas)


def test_a_page_knows_its_chinese_keys_and_refuses_others(schemas: dict[str, Any]) -> None:
    page = schemas["page-round"]

    assert {"批次名称", "指引", "公示开始日期", "考生", "场次"} <= set(page["properties"])
    assert page["additionalProperties"] is False


def test_editors_are_told_where_each_stands() -> None:
    settings = json.loads((ROOT / ".vscode" / "settings.json").read_text(encoding="utf-8"))

    named = {Path(name).stem for name in settings["yaml.schemas"]}

    assert named <= {path.stem for path in FOLDER.glob("*.json")}
    assert {*KINDS, "rules", "guideline", "outline", "page-round", "page-institution"} <= named
