"""Each kind of edit to a policy gets its class, and nothing else is reported."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from generator.calendar import WorkCalendar
from generator.change.compare import Bench, compare_editions, confirm
from generator.change.model import CLASSES
from generator.change.renames import Pair
from generator.yaml_source import load_yaml
from tests.change.editing import GUIDELINE, HERE, ROOT, apply, compare_edit, lay_out, read

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


def test_a_rule_that_goes_takes_its_step_along_and_is_reported_once(tmp_path: Path) -> None:
    old, new = lay_out(tmp_path / "old"), lay_out(tmp_path / "new")
    for file, name in (("publicity.yaml", "result-publicity:"), ("schedule.yaml", "publicity:")):
        path = new / GUIDELINE / file
        records = path.read_text(encoding="utf-8").split("\n\n")
        kept = [record.strip("\n") for record in records if not record.startswith(name)]
        assert len(kept) == len(records) - 1
        path.write_text("\n\n".join(kept) + "\n", encoding="utf-8")
    report = compare_editions(read(old), read(new))
    assert [(change.name, change.class_) for change in report.changes] == [("publicity#result-publicity", "删除")]
    assert report.changes[0].touched.steps == ["公示可以结束"]


def test_cases_that_contradict_the_predicates_leave_the_direction_open(tmp_path: Path) -> None:
    old, new = lay_out(tmp_path / "old"), lay_out(tmp_path / "new")
    apply({"file": "publicity.yaml", "old": "days: 5 个", "new": "days: 3 个"}, new)
    before, after = read(old), read(new)
    earlier = replace(before, calendar=WorkCalendar.load(ROOT / "policy" / "calendar"))
    assert compare_editions(earlier, after).changes[0].class_ == "放宽"
    bench = Bench(before, after, before.policy.guidelines[GUIDELINE], after.policy.guidelines[GUIDELINE])
    pair = Pair("publicity#result-publicity", "publicity#result-publicity")
    wrong = compare_editions(before, after).changes[0].model_copy(update={"class_": "收紧"})
    settled = confirm(bench, pair, wrong)
    assert settled.class_ == "方向不明"
    assert settled.note == "判断条件与用例的结论不一致"
