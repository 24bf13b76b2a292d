"""Run a guideline's rules over a world: rules and facts in, findings out, sorted by topic and place.

A finding says whether one duty is met for one thing: what was found, what is required, where, and the remedy.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Literal

from generator.calendar import WorkCalendar
from generator.check.collections import flatten  # (the module also registers the predicates on collections)
from generator.check.evaluate import Scene, evaluate_all, evaluates, leaves
from generator.check.verdict import Verdict
from generator.institution.missing import MISSING
from generator.institution.world import Thing, World
from generator.policy import predicates as kinds
from generator.policy.load import Guideline, Policy
from generator.policy.records import Rule
from generator.policy.values import Quantity
from generator.policy.vocabulary import Derived
from generator.problems import Place

Status = Literal["pass", "fail", "warn", "unchecked", "not-applicable", "by-hand"]
STATUS_LABELS: Mapping[Status, str] = {
    "fail": "不符合",
    "warn": "提示",
    "unchecked": "未检查",
    "by-hand": "需人工",
    "pass": "符合",
    "not-applicable": "不适用",
}


@dataclass(frozen=True)
class Finding:
    """The outcome of one rule for one thing."""

    rule: str
    title: str
    status: Status
    subject: str
    at: tuple[str, ...]
    says: str
    found: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    remedy: str = ""
    note: str = ""
    waiver: str = ""


@dataclass(frozen=True)
class RuleScene(Scene):
    """A scene that also knows the policy and the guideline whose rules are run."""

    policy: Policy
    guideline: Guideline


def open_scene(policy: Policy, guideline: Guideline, calendar: WorkCalendar) -> RuleScene:
    """Return the scene for a guideline's rules, before the values of any one rule."""
    return RuleScene({}, policy.terms, calendar, guideline.contents, policy, guideline)


def connect(world: World, scene: RuleScene) -> None:
    """Let the world derive its derived facts by the guideline of the scene."""
    world.derive = lambda thing, derived: derive(thing, derived, scene)


COUNTING = {"one": Quantity(Fraction(1))}  # derived facts count by existence; they have no numbers of a guideline


def derive(thing: Thing, derived: Derived, scene: RuleScene) -> object:
    """Return a derived fact: rows picked, each once, the earliest or latest date, a count, or whether tests hold."""
    if derived.holds:
        holds = evaluate_all(thing, derived.holds, scene.with_values(COUNTING)).holds
        return MISSING if holds is None else holds
    if derived.first:
        return next((value for path in derived.first for value in leaves(thing, path) if value is not MISSING), MISSING)
    path = str(derived.rows or derived.earliest or derived.latest or derived.count)
    found = thing.follow(path)
    if found is MISSING:
        return MISSING
    values = found if isinstance(found, list) else [found]
    if derived.rows:
        rows = dict.fromkeys(flatten(values))
        return [row for row in rows if isinstance(row, Thing) and holds_for(row, derived, scene)]
    if derived.count:
        return Fraction(sum(isinstance(row, Thing) and holds_for(row, derived, scene) for row in values))
    known = [value for value in values if isinstance(value, date)]
    return (min(known) if derived.earliest else max(known)) if known else MISSING


def holds_for(row: Thing, derived: Derived, scene: RuleScene) -> bool:
    """Return whether a row surely belongs to a derived collection."""
    return bool(evaluate_all(row, derived.where, scene.with_values(COUNTING)).holds)


@evaluates(kinds.MeetsTest)
def judge_meets(thing: Thing, test: kinds.MeetsTest, scene: Scene) -> Verdict:
    """Judge what another rule requires, by that rule's values; unknown where the guideline lacks the rule."""
    rule = scene.guideline.rules.get(test.meets) if isinstance(scene, RuleScene) else None
    if rule is None:
        return Verdict(None, missing=(f"指引没有规定“{test.meets}”",))
    return evaluate_all(thing, rule.require, scene.with_values(rule.values))


def say(rule: Rule) -> str:
    """Return the rule's restatement with its numbers and units filled in."""
    return rule.says.format_map({name: str(value) for name, value in rule.values.items()})


def check_rules(root: Thing, scene: RuleScene, *, for_authority: bool = False) -> Iterator[Finding]:
    """Yield the findings of every rule for every thing it is about, at or under ``root`` (a round).

    Rules that only permit, or that bind somebody else, and that nobody is asked about give no finding; for an
    authority, its own duties are asked about as well.
    """
    for name, rule in scene.guideline.rules.items():
        asked = rule.question or (for_authority and rule.duty_of == "authority")
        if rule.checked == "by-hand" and not asked:
            continue
        found = ask_rule(root, name, rule, scene) if rule.checked == "by-hand" else run_rule(root, name, rule, scene)
        yield from (replace(finding, title=scene.policy.duties.get(name, name)) for finding in found)


def run_rule(root: Thing, name: str, rule: Rule, scene: RuleScene) -> Iterator[Finding]:
    """Yield the findings of a checked rule, one per thing; unchecked where there is no such thing."""
    things = subjects(root.world, root, rule.for_each)
    yield from (check_rule(thing, name, rule, scene) for thing in things)
    if not things:
        missing = f"没有{root.world.entities[rule.for_each].label}数据"
        yield Finding(name, name, "unchecked", root.title, tuple(rule.at), say(rule), missing=(missing,))


def ask_rule(root: Thing, name: str, rule: Rule, scene: RuleScene) -> Iterator[Finding]:
    """Yield the one question of a by-hand rule; not applicable where it applies to none of the things it is about."""
    inner = scene.with_values(rule.values)
    things = subjects(root.world, root, rule.for_each)
    verdicts = [evaluate_all(thing, rule.when, inner) for thing in things] if rule.when else []
    finding = Finding(name, name, "by-hand", root.title, tuple(rule.at), say(rule), note=rule.question or "")
    if verdicts and all(verdict.holds is False for verdict in verdicts):
        found = verdicts[0].found
        yield replace(finding, status="not-applicable", found=found, note="")
    else:
        yield finding


def subjects(world: World, root: Thing, entity: str) -> list[Thing]:
    """Return the things of an entity that the check of ``root`` covers: its own, or what stands above it."""
    above = world.ascend(root, entity)
    if isinstance(above, Thing):
        return [above]
    return [thing for thing in world.things[entity] if belongs(thing, root)]


def belongs(thing: Thing, root: Thing) -> bool:
    """Return whether a thing stands under ``root``, or under what root stands under."""
    above = thing.parent
    while above is not None:
        if above is root:
            return True
        if above.entity == root.entity:
            return False
        if above is root.parent:
            return thing.entity != root.entity
        above = above.parent
    return False


def check_rule(thing: Thing, name: str, rule: Rule, scene: RuleScene) -> Finding:
    """Return the finding of one rule for one thing."""
    inner = scene.with_values(rule.values)
    finding = Finding(name, name, "pass", thing.title, tuple(rule.at), say(rule), remedy=rule.remedy or "")
    applies = evaluate_all(thing, rule.when, inner)
    if applies.holds is False:
        return replace(finding, status="not-applicable", found=applies.found)
    if applies.holds is None:
        return replace(finding, status="unchecked", missing=applies.missing, places=applies.places)
    verdict = evaluate_all(thing, rule.require, inner)
    status = decide(rule, verdict)
    note = rule.misses or "" if status in ("pass", "fail", "warn") else ""
    return replace(
        finding, status=status, found=verdict.found, missing=verdict.missing, places=verdict.places, note=note
    )


def decide(rule: Rule, verdict: Verdict) -> Status:
    """Return the status a verdict gives under the rule's force; whoever goes beyond a permission fails."""
    if verdict.holds is None:
        return "unchecked"
    if verdict.holds:
        return "pass"
    return "warn" if rule.force in ("in-principle", "encouraged") else "fail"
