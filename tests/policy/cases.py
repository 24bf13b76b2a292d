"""Run the cases of ``tests/cases``: for the tests, and for ``make mutate`` with a number changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from generator.calendar import WorkCalendar
from generator.check.rules import check_rule, connect, open_scene
from generator.institution.given import place_given
from generator.institution.world import World
from generator.policy.load import Guideline, Policy, load_policy
from generator.yaml_source import load_yaml

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "cases"


@dataclass(frozen=True)
class Case:
    """One case of a rule: its sentence, the facts given, and the status expected."""

    guideline: str
    rule: str
    name: str
    given: Mapping[str, Any]
    expect: str

    def __str__(self) -> str:
        return f"{self.guideline}/{self.rule}: {self.name}"


@cache
def whole_policy() -> Policy:
    """Return the project's policy."""
    return load_policy(ROOT / "policy")


@cache
def calendar() -> WorkCalendar:
    """Return the project's working-day calendar."""
    return WorkCalendar.load(ROOT / "policy" / "calendar")


def load_cases(folder: Path = CASES) -> Iterator[Case]:
    """Yield every case, by guideline, topic and rule."""
    for path in sorted(folder.glob("*/*/*.yaml")):
        guideline = path.parent.relative_to(folder).as_posix()
        data = load_yaml(path).data
        assert isinstance(data, dict)
        for slug, cases in data.items():
            for case in cases:
                name = f"{path.stem}#{slug}"
                yield Case(guideline, name, case["name"], case["given"] or {}, case["expect"])


def run_case(case: Case, policy: Policy, guideline: Guideline) -> str:
    """Return the status the guideline's rule gives to a case."""
    scene = open_scene(policy, guideline, calendar())
    rule = guideline.rules[case.rule]
    world = World(policy.dictionary, policy.labels)
    connect(world, scene)
    thing = place_given(world, rule.for_each, case.given, policy.terms)
    return check_rule(thing, case.rule, rule, scene).status
