"""Every case of every rule: nested facts in, the status the rule must give out."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from generator.calendar import WorkCalendar
from generator.check.rules import check_rule, connect, open_scene
from generator.institution.given import place_given
from generator.institution.world import World
from generator.policy.load import Policy, load_policy
from generator.policy.records import Rule
from generator.yaml_source import load_yaml

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "cases"


@cache
def whole_policy() -> Policy:
    return load_policy(ROOT / "policy")


@cache
def calendar() -> WorkCalendar:
    return WorkCalendar.load(ROOT / "policy" / "calendar")


def find_cases() -> Iterator[Any]:
    """Yield one parameter set per case, named by guideline, rule and the case's sentence."""
    for path in sorted(CASES.glob("*/*/*.yaml")):
        guideline = path.parent.relative_to(CASES).as_posix()
        for slug, cases in load_yaml(path).data.items():
            for case in cases:
                name = f"{path.stem}#{slug}"
                yield pytest.param(guideline, name, case, id=f"{guideline}/{name}: {case['name']}")


def run_case(guideline: str, rule: str, case: dict[str, Any], changed: Rule | None = None) -> str:
    """Return the status a rule (or a changed one in its place) gives to a case."""
    policy = whole_policy()
    edition = policy.guideline(guideline)
    scene = open_scene(policy, edition, calendar())
    subject = changed or edition.rules[rule]
    world = World(policy.dictionary, policy.labels)
    connect(world, scene)
    thing = place_given(world, subject.for_each, case["given"] or {}, policy.terms)
    return check_rule(thing, rule, subject, scene).status


@pytest.mark.parametrize(("guideline", "rule", "case"), list(find_cases()))
def test_case_gives_its_status(guideline: str, rule: str, case: dict[str, Any]) -> None:
    assert run_case(guideline, rule, case) == case["expect"]


def test_every_checked_rule_has_a_passing_and_a_failing_case() -> None:
    expected: dict[str, set[str]] = {}
    for case in find_cases():
        guideline, rule, content = case.values
        expected.setdefault(f"{guideline}/{rule}", set()).add(content["expect"])
    lacking = [
        f"{guideline.id}/{name}: {sorted(expected.get(f'{guideline.id}/{name}', set()))}"
        for guideline in whole_policy().guidelines.values()
        for name, rule in guideline.rules.items()
        if rule.checked != "by-hand"
        and not (
            "pass" in expected.get(f"{guideline.id}/{name}", set())
            and {"fail", "warn"} & expected.get(f"{guideline.id}/{name}", set())
        )
    ]
    assert not lacking
