"""Judge each candidate: the rules about one person in, one verdict a person out.

A verdict says what is not met, what is missing, on what grounds the conditions of eligibility hold, and whether the
scores suffice.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from generator.check.rules import STATUS_LABELS, RuleScene, Status, judge_rule, say, subjects
from generator.institution.missing import MISSING
from generator.institution.world import Thing
from generator.policy.records import Rule
from generator.problems import Place

ELIGIBILITY = "eligibility"  # a topic of ours, the same in every guideline
RESULT = "passed"  # a derived fact of the dictionary
RESULTS = {True: "合格", False: "不合格"}


@dataclass(frozen=True)
class Ground:
    """One rule as it bears on a person: its title and clause, what it requires, and what was found or is missing."""

    rule: str
    title: str
    at: tuple[str, ...]
    says: str
    told: tuple[str, ...]
    remedy: str = ""


@dataclass(frozen=True)
class Person:
    """The verdict on one person."""

    key: str
    name: str
    place: Place
    status: Status
    failed: tuple[Ground, ...]
    missing: tuple[Ground, ...]
    carried: tuple[Ground, ...]
    result: str

    @property
    def because(self) -> tuple[Ground, ...]:
        """Return the grounds that decide the verdict: what fails, else what is missing, else what carries it."""
        return self.failed or self.missing or self.carried


def judge_people(root: Thing, scene: RuleScene) -> Iterator[Person]:
    """Yield a verdict on each person of a round, in the order of the data."""
    for entity in people_of(root):
        rules = {
            name: rule
            for name, rule in scene.guideline.rules.items()
            if rule.for_each == entity and rule.checked != "by-hand"
        }
        for thing in subjects(root.world, root, entity) if rules else ():
            yield judge_person(thing, rules, scene)


def people_of(root: Thing) -> list[str]:
    """Return the entities whose things are people under a round: those with a key and a number of identity."""
    kinds = root.world.entities.items()
    return [
        name for name, kind in kinds if kind.parent == root.entity and kind.key and {"id_no", "name"} <= {*kind.fields}
    ]


def judge_person(thing: Thing, rules: dict[str, Rule], scene: RuleScene) -> Person:
    """Return the verdict of all the rules on one person."""
    told: dict[Status, list[Ground]] = {}
    for name, rule in rules.items():
        status, verdict = judge_rule(thing, name, rule, scene)
        if status == "not-applicable" or (status == "pass" and not name.startswith(f"{ELIGIBILITY}#")):
            continue
        found = verdict.missing if status == "unchecked" else verdict.found
        title = scene.policy.duties.get(name, name)
        remedy = rule.remedy or "" if status in ("fail", "warn") else ""
        told.setdefault(status, []).append(Ground(name, title, tuple(rule.at), say(rule), found, remedy))
    failed, missing = (*told.get("fail", ()), *told.get("warn", ())), tuple(told.get("unchecked", ()))
    status = next((status for status in STATUS_LABELS if status in told), "pass")
    name = str(thing.facts.get("name", ""))
    return Person(thing.key, name, thing.place, status, failed, missing, tuple(told.get("pass", ())), result_of(thing))


def result_of(thing: Thing) -> str:
    """Return whether the scores suffice, in Chinese; empty where that cannot be told."""
    passed = thing.one(RESULT) if RESULT in thing.kind.derived else MISSING
    return RESULTS[passed] if isinstance(passed, bool) else ""
