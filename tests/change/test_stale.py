"""Freshness: what is overdue, and what a changed source casts doubt on."""

import re
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from generator.change.stale import Shelf, Stale, doubt_sources, find_stale, load_doubts, write_doubts
from generator.policy.load import Guideline, Policy, load_policy
from tests.change.editing import GUIDELINE, TEMPLATES, lay_out

TODAY = date(2026, 11, 21)
COPY = "示例指引\n一、人员\n考评人员不少于3人。\n二、公示\n公示不少于5个工作日。\n三、其他\n成绩录入。\n"


@pytest.fixture
def policy(tmp_path: Path) -> Policy:
    root = lay_out(tmp_path)
    head = root / GUIDELINE / "guideline.yaml"
    text = re.sub("a{64}", sha256(COPY.encode()).hexdigest(), head.read_text("utf-8"))
    head.write_text(text, encoding="utf-8")
    for name, heading in (("一", "人员"), ("二", "公示"), ("三", "其他")):
        assert f"{name}: {{heading: {heading}" in (root / GUIDELINE / "outline.yaml").read_text("utf-8")
    return load_policy(root)


def shelf(policy: Policy) -> Shelf:
    return Shelf(TEMPLATES, policy.root.parent / "tests" / "cases")


def doubt(policy: Policy, folder: Path, text: str, *clauses: str) -> list[Stale]:
    old, new = folder / "old.txt", folder / "sample.txt"
    old.write_text(COPY, encoding="utf-8")
    new.write_text(text, encoding="utf-8")
    doubts = doubt_sources(policy, [new], None if clauses else old, clauses, today=TODAY)
    return list(find_stale(policy, doubts, shelf(policy), today=TODAY))


def test_a_guideline_is_overdue_the_day_after_its_term(policy: Policy) -> None:
    assert not list(find_stale(policy, {}, shelf(policy), today=date(2027, 1, 1)))
    overdue = list(find_stale(policy, {}, shelf(policy), today=date(2027, 1, 2)))
    assert [(one.guideline, one.age) for one in overdue] == [(GUIDELINE, 366)]


def test_the_same_copy_casts_no_doubt(policy: Policy, tmp_path: Path) -> None:
    assert doubt(policy, tmp_path, COPY) == []


def test_a_changed_line_makes_its_clause_and_what_cites_it_suspect(policy: Policy, tmp_path: Path) -> None:
    found = doubt(policy, tmp_path, COPY.replace("5个工作日", "7个工作日"))
    assert found[0].clauses == ("二",)
    names = {suspect.name for suspect in found[0].suspects}
    assert {"publicity#result-publicity", "contents#results-notice", "schedule#publicity"} <= names
    assert not any(name.startswith("staff#") for name in names)
    suspect = next(one for one in found[0].suspects if one.name == "publicity#result-publicity")
    assert [(passage.place.line, passage.words) for passage in suspect.passages] == [(1, "公示")]
    assert [place.line for place in suspect.cases] == [2, 5, 8]
    assert suspect.place.file.endswith("publicity.yaml")


def test_clauses_can_be_named(policy: Policy, tmp_path: Path) -> None:
    found = doubt(policy, tmp_path, "全变了", "一")
    assert {suspect.name.partition("#")[0] for suspect in found[0].suspects} == {"staff", "committees"}


def test_a_doubt_stays_noted_until_the_head_names_the_new_copy(policy: Policy, tmp_path: Path) -> None:
    new = tmp_path / "sample.txt"
    new.write_text("新的", encoding="utf-8")
    doubts = doubt_sources(policy, [new], None, ["一"], today=TODAY)
    (policy.root / "review.yaml").write_text(write_doubts(doubts), encoding="utf-8")
    assert load_doubts(policy.root) == doubts
    assert list(find_stale(policy, load_doubts(policy.root), shelf(policy), today=TODAY))
    reviewed = accept(policy, sha256("新的".encode()).hexdigest())
    assert not list(find_stale(reviewed, load_doubts(policy.root), shelf(policy), today=TODAY))


def accept(policy: Policy, digest: str) -> Policy:
    guideline: Guideline = policy.guidelines[GUIDELINE]
    source = guideline.head.source.model_copy(update={"sha256": digest})
    head = guideline.head.model_copy(update={"source": source})
    return replace(policy, guidelines={GUIDELINE: replace(guideline, head=head)})
