"""Run each edition's boundary cases through the other: what passed before and fails now proves a tightening.

Cases stand beside the policy, in ``tests/cases/<guideline>/<topic>.yaml``; an edition without them has no oracle.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.calendar import WorkCalendar
from generator.change.entail import Direction
from generator.check.evaluate import evaluate_all
from generator.check.rules import RuleScene, check_rule, connect, open_scene
from generator.institution.given import place_given
from generator.institution.world import Thing, World
from generator.policy.load import Guideline, Policy
from generator.policy.predicates import Predicate
from generator.yaml_source import load_yaml

GRADES: Mapping[str, int] = {"fail": 0, "warn": 1, "pass": 2, "not-applicable": 2}
Cases = Mapping[str, tuple[Mapping[str, Any], ...]]


@dataclass(frozen=True)
class Court:
    """One edition of a guideline, able to judge a case."""

    policy: Policy
    guideline: Guideline
    calendar: WorkCalendar
    cases: Cases
    assuming: Sequence[Predicate] = ()

    def judge(self, name: str, given: Mapping[str, Any]) -> int | None:
        """Return how well a rule is met by the facts given; None where it cannot be told or a name is not known."""
        rule = self.guideline.rules[name]
        scene = open_scene(self.policy, self.guideline, self.calendar)
        world = World(self.policy.dictionary, self.policy.labels)
        connect(world, scene)
        try:
            thing = place_given(world, rule.for_each, given, self.policy.terms)
            if any(denies(thing, test, scene) for test in self.assuming):
                return None  # the case is about somebody the comparison is not about
            return GRADES.get(check_rule(thing, name, rule, scene).status)
        except (KeyError, ValueError, AttributeError, TypeError):
            return None  # the case speaks of facts this edition does not have


def denies(thing: Thing, test: Predicate, scene: RuleScene) -> bool:
    """Return whether the facts surely deny a predicate; one about facts the thing does not have is not denied."""
    try:
        return evaluate_all(thing, [test], scene.for_counting()).holds is False
    except (KeyError, ValueError, AttributeError, TypeError):
        return False


def load_cases(folder: Path | None, guideline: str) -> dict[str, tuple[Mapping[str, Any], ...]]:
    """Return the cases of a guideline by rule; none where there are none."""
    found: dict[str, tuple[Mapping[str, Any], ...]] = {}
    for path in sorted((folder / guideline).glob("*.yaml")) if folder else ():
        data = load_yaml(path).data
        for slug, cases in data.items() if isinstance(data, dict) else ():
            found[f"{path.stem}#{slug}"] = tuple(cases)
    return found


def try_cases(old: Court, old_name: str, new: Court, new_name: str) -> tuple[list[str], list[str]]:
    """Return the names of the cases that fare worse in the new edition, and of those that fare better."""
    worse: list[str] = []
    better: list[str] = []
    for case in gather(old.cases.get(old_name, ()), new.cases.get(new_name, ())):
        given = case.get("given") or {}
        before, after = old.judge(old_name, given), new.judge(new_name, given)
        if before is not None and after is not None and before != after:
            (worse if after < before else better).append(str(case["name"]))
    return worse, better


def gather(old: Iterable[Mapping[str, Any]], new: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the cases of both editions, the same one once."""
    found: list[Mapping[str, Any]] = []
    for case in (*old, *new):
        if not any(case.get("given") == other.get("given") for other in found):
            found.append(case)
    return found


def direction_by(worse: list[str], better: list[str]) -> Direction:
    """Return the direction the cases prove; both ways, or none, is no direction."""
    if bool(worse) == bool(better):
        return Direction.UNKNOWN
    return Direction.TIGHTER if worse else Direction.LOOSER
