"""Each kind of edit to a policy gets its class, and nothing else is reported."""

from pathlib import Path
from typing import Any

import pytest

from generator.change.model import CLASSES
from generator.yaml_source import load_yaml
from tests.change.editing import HERE, compare_edit

EDITS: list[dict[str, Any]] = load_yaml(HERE / "edits.yaml").data  # type: ignore[assignment]


@pytest.mark.parametrize("edit", EDITS, ids=[edit["name"] for edit in EDITS])
def test_an_edit_has_its_class_and_nothing_else_is_reported(edit: dict[str, Any], tmp_path: Path) -> None:
    report = compare_edit(edit, tmp_path)
    assert {change.name: change.class_ for change in report.changes} == edit["only"]
    for change in report.changes:
        assert change.guessed == bool(edit.get("guessed"))
        assert change.details
    if steps := edit.get("steps"):
        assert report.changes[0].touched.steps == steps
        assert report.changes[0].touched.documents == ["结果公示"]
    if documents := edit.get("documents"):
        assert report.changes[0].touched.documents == documents


def test_every_class_has_an_edit() -> None:
    assert {class_ for edit in EDITS for class_ in edit["only"].values()} == set(CLASSES)


@pytest.mark.parametrize(
    ("old", "new", "class_"), [("5", "7", "收紧"), ("5", "3", "放宽")], ids=["longer tightens", "shorter loosens"]
)
def test_the_cases_of_both_editions_prove_a_direction(old: str, new: str, class_: str, tmp_path: Path) -> None:
    edit = {"file": "publicity.yaml", "old": f"days: {old} 个", "new": f"days: {new} 个"}
    change = compare_edit(edit, tmp_path).changes[0]
    assert change.class_ == class_
    assert change.witnesses
