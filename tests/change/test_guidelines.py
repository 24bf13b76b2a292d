"""Two guidelines side by side: a list of differences read from the texts alone is all in the report, and rightly so."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from generator.change.compare import compare_editions
from generator.change.comparisons import LAPSED, load_settled
from generator.change.editions import load_edition
from generator.change.model import QUIET, Change, Report
from generator.yaml_source import load_yaml
from tests.change.editing import HERE, ROOT

LISTS: list[dict[str, Any]] = load_yaml(HERE / "differences.yaml").data  # type: ignore[assignment]
GOLDEN = HERE / "golden"
FACTS = [(one["old"], one["new"], fact) for one in LISTS for fact in one["差别"]]
PAIRS = [f"{one['old']} → {one['new']}" for one in LISTS]
SETTLED = load_settled(ROOT / "policy").pairs


@cache
def report_on(old: str, new: str) -> Report:
    root = ROOT / "policy"
    return compare_editions(load_edition(old, root, only=old), load_edition(new, root, only=new))


def told(change: Change, *, new: bool) -> str:
    says = (change.new_says if new else change.old_says) or ""
    return says + "；".join((part.new if new else part.old) or "" for part in change.details)


@pytest.mark.parametrize(("old", "new", "fact"), FACTS, ids=[f"{new}: {fact['题']}" for _old, new, fact in FACTS])
def test_a_difference_read_from_the_texts_is_reported_in_its_class(old: str, new: str, fact: dict[str, Any]) -> None:
    found = {change.name: change for change in report_on(old, new).changes}
    for name in fact["在"]:
        change = found[name]
        classes = {change.class_} | {part.class_ for part in change.details}
        assert set(fact["类别"]) <= (classes if change.class_ == "方向不明" else {change.class_})
        for words, side in zip(fact.get("字", ["", ""]), (False, True), strict=True):
            assert words in told(change, new=side)


@pytest.mark.parametrize("one", LISTS, ids=PAIRS)
def test_what_both_texts_say_alike_is_no_change_of_substance(one: dict[str, Any]) -> None:
    report = report_on(one["old"], one["new"])
    loud = {change.name for change in report.changes if change.class_ not in QUIET}
    assert not loud & set(one["一致"])


@pytest.mark.parametrize("one", LISTS, ids=PAIRS)
def test_a_verdict_holds_for_the_words_it_was_given_on(one: dict[str, Any]) -> None:
    report = report_on(one["old"], one["new"])
    judged = SETTLED[one["old"], one["new"]].judged
    named = {change.name: change for change in report.changes}
    assert [name for name in judged if name not in named or named[name].note == LAPSED] == []


@pytest.mark.parametrize("one", LISTS, ids=PAIRS)
def test_every_change_has_an_address_of_its_own(one: dict[str, Any]) -> None:
    addresses = [change.id for change in report_on(one["old"], one["new"]).changes]
    assert len(addresses) == len(set(addresses)) > 0


@pytest.mark.parametrize("one", LISTS, ids=PAIRS)
def test_the_report_is_the_one_that_was_reviewed(one: dict[str, Any], request: pytest.FixtureRequest) -> None:
    report = report_on(one["old"], one["new"])
    lines = [f"{change.class_} {change.title} {change.name}" for change in report.changes]
    path = GOLDEN / f"{Path(one['old']).name} → {Path(one['new']).name}.txt"
    text = "\n".join(sorted(lines)) + "\n"
    if request.config.getoption("--accept"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text
