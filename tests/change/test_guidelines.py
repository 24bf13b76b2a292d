"""Two guidelines side by side: an independent list of their differences is all in the report, and the golden agrees."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from generator.change.compare import compare_editions
from generator.change.editions import load_edition
from generator.change.model import QUIET, Report
from generator.yaml_source import load_yaml
from tests.change.editing import HERE, ROOT

LISTS: list[dict[str, Any]] = load_yaml(HERE / "expected.yaml").data  # type: ignore[assignment]
GOLDEN = HERE / "golden"
FACTS = [(one["old"], one["new"], change) for one in LISTS for change in one["changes"]]


@cache
def report_on(old: str, new: str) -> Report:
    root = ROOT / "policy"
    return compare_editions(load_edition(old, root, only=old), load_edition(new, root, only=new))


@pytest.mark.parametrize(("old", "new", "fact"), FACTS, ids=[f"{new}: {fact['fact']}" for _old, new, fact in FACTS])
def test_a_difference_read_from_the_texts_is_reported(old: str, new: str, fact: dict[str, Any]) -> None:
    found = [change for change in report_on(old, new).changes if change.name == fact["name"]]
    assert [change.class_ for change in found] == [fact["class"]]
    told = [found[0].old_says or "", found[0].new_says or ""]
    for side, words in zip(told, fact["says"], strict=True):
        assert words in side


@pytest.mark.parametrize("one", LISTS, ids=[f"{one['old']} → {one['new']}" for one in LISTS])
def test_what_both_texts_say_alike_is_no_change_of_substance(one: dict[str, Any]) -> None:
    loud = {change.name for change in report_on(one["old"], one["new"]).changes if change.class_ not in QUIET}
    assert not loud & set(one.get("absent", []))


@pytest.mark.parametrize("one", LISTS, ids=[f"{one['old']} → {one['new']}" for one in LISTS])
def test_the_report_is_the_one_that_was_reviewed(one: dict[str, Any], request: pytest.FixtureRequest) -> None:
    report = report_on(one["old"], one["new"])
    lines = [f"{change.class_} {change.title} {change.name}" for change in report.changes]
    path = GOLDEN / f"{Path(one['old']).name} → {Path(one['new']).name}.txt"
    text = "\n".join(sorted(lines)) + "\n"
    if request.config.getoption("--accept"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text
