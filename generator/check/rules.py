"""Run a guideline's rules over a world: rules and facts in, findings out, sorted by topic and place.

A finding says whether one duty is met for one thing: what was found, what is required, where, and the remedy.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Literal

from generator.calendar import WorkCalendar
from generator.check import reckoning as _reckoning  # noqa: F401  (it registers its predicates)
from generator.check.collections import flatten  # (the module also registers the predicates on collections)
from generator.check.evaluate import Scene, evaluate_all, evaluates
from generator.check.trails import leaves
from generator.check.verdict import Grounds, Verdict
from generator.institution.missing import MISSING
from generator.institution.world import Thing, World
from generator.policy import predicates as kinds
from generator.policy.load import Guideline, Policy
from generator.policy.records import Rule
from generator.policy.scopes import walk
from generator.policy.values import Quantity
from generator.policy.vocabulary import Derived
from generator.problems import Place

COUNTING = {"one": Quantity(Fraction(1))}
Status = Literal["pass", "fail", "warn", "unchecked", "not-applicable", "by-hand"]
STATUS_LABELS: Mapping[Status, str] = {
    "fail": "不符合",
    "warn": "提示",
    "unchecked": "未检查",
    "by-hand": "需人工",
    "pass": "符合",
    "not-applicable": "不适用",
}


MERGED: tuple[Status, ...] = ("pass", "not-applicable", "unchecked")  # told together, with a few examples
MOST_FINDINGS = 1000  # of one status on one rule; a roster with a wrong column would give as many as it has rows
EXAMPLES = 3
BINDING = ("must", "must-not", "in-principle")
DONE = "是否已经做到？"  # asked where an authority's own duty has no question of its own


@dataclass(frozen=True)
class Finding:
    """The outcome of one rule for one thing, or for a number of things that it holds or does not apply for."""

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
    number: int = 1
    duty_of: str = ""
    rests_on: tuple[str, ...] = ()  # rules that it demands to be met
    also: tuple[str, ...] = ()  # what else says the same, where findings are told together


@dataclass(frozen=True)
class RuleScene(Scene):
    """A scene that also knows the policy and the guideline whose rules are run."""

    policy: Policy
    guideline: Guideline
    inner: dict[str, "RuleScene"] = field(default_factory=dict)
    apart: bool = False  # whether to tell of every single thing, for comparing findings thing by thing

    @property
    def titles(self) -> Mapping[str, str]:
        """Return the titles of duties."""
        return self.policy.duties

    def for_rule(self, name: str) -> "RuleScene":
        """Return the same scene with the values of one of the guideline's rules."""
        if name not in self.inner:
            self.inner[name] = replace(self, values=self.guideline.rules[name].values)
        return self.inner[name]

    def for_counting(self) -> "RuleScene":
        """Return the same scene for derived facts, which count by existence and have no numbers of a guideline."""
        if "" not in self.inner:
            self.inner[""] = replace(self, values=COUNTING)
        return self.inner[""]


def open_scene(policy: Policy, guideline: Guideline, calendar: WorkCalendar) -> RuleScene:
    """Return the scene for a guideline's rules, before the values of any one rule."""
    return RuleScene({}, policy.terms, calendar, guideline.contents, policy, guideline)


def connect(world: World, scene: RuleScene) -> None:
    """Let the world derive its derived facts by the guideline of the scene."""
    world.derive_by(lambda thing, derived: derive(thing, derived, scene))


def derive(thing: Thing, derived: Derived, scene: RuleScene) -> object:
    """Return a derived fact: rows picked, each once, the earliest or latest date, a count, or whether tests hold."""
    if derived.holds:
        holds = evaluate_all(thing, derived.holds, scene.for_counting()).holds
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
    return bool(evaluate_all(row, derived.where, scene.for_counting()).holds)


@evaluates(kinds.MeetsTest)
def judge_meets(thing: Thing, test: kinds.MeetsTest, scene: Scene) -> Verdict:
    """Judge what another rule requires, by that rule's values; unknown where the guideline lacks the rule."""
    rule = scene.guideline.rules.get(test.meets) if isinstance(scene, RuleScene) else None
    if rule is None or not isinstance(scene, RuleScene):
        return Verdict(None, lambda: Grounds(missing=(f"指引没有规定“{scene.titles.get(test.meets, test.meets)}”",)))
    return evaluate_all(thing, rule.require, scene.for_rule(test.meets))


def say(rule: Rule) -> str:
    """Return the rule's restatement with its numbers and units filled in."""
    return rule.says.format_map({name: str(value) for name, value in rule.values.items()})


def check_rules(root: Thing, scene: RuleScene, *, for_authority: bool = False) -> Iterator[Finding]:
    """Yield the findings of every rule for every thing it is about, at or under ``root`` (a round).

    Rules that only permit, or that bind somebody else, and that nobody is asked about give no finding; for an
    authority, its own duties are asked about as well.
    """
    for name, rule in scene.guideline.rules.items():
        asked = rule.question or (for_authority and rule.duty_of == "authority" and rule.force in BINDING)
        if rule.checked == "by-hand" and not asked:
            continue
        found = ask_rule(root, name, rule, scene) if rule.checked == "by-hand" else run_rule(root, name, rule, scene)
        title, bearer = scene.policy.duties.get(name, name), scene.policy.labels("duty-of")[rule.duty_of]
        rests_on = tuple(test.meets for test in walk(rule.require) if isinstance(test, kinds.MeetsTest))
        yield from (replace(finding, title=title, duty_of=bearer, rests_on=rests_on) for finding in found)


def run_rule(root: Thing, name: str, rule: Rule, scene: RuleScene) -> Iterator[Finding]:
    """Yield the findings of a checked rule: one per thing, but one for all that meet it or that it does not bind.

    Where there is no such thing the rule is unchecked.
    """
    things = subjects(root.world, root, rule.for_each)
    finding = Finding(name, name, "pass", root.title, tuple(rule.at), say(rule), remedy=rule.remedy or "")
    if not things:
        missing = f"没有{root.world.entities[rule.for_each].label}数据"
        yield replace(finding, status="unchecked", missing=(missing,), remedy="")
    tally: dict[Status, list[tuple[Thing, Verdict]]] = {}
    counts: Counter[Status] = Counter()
    for thing in things:
        status, verdict = judge_rule(thing, name, rule, scene)
        if scene.apart:
            yield tell(finding, rule, status, (thing, verdict))
            continue
        counts[status] += 1
        if status not in MERGED and counts[status] <= MOST_FINDINGS:
            yield tell(finding, rule, status, (thing, verdict))
        elif counts[status] <= EXAMPLES:
            tally.setdefault(status, []).append((thing, verdict))
    for status, number in counts.items():
        rest = number if status in MERGED else number - MOST_FINDINGS
        if rest > 0:
            yield from tell_many(finding, rule, (status, rest), tally.get(status, []))


def tell(finding: Finding, rule: Rule, status: Status, judged: tuple[Thing, Verdict]) -> Finding:
    """Return the finding on one thing."""
    thing, verdict = judged
    note = rule.misses or "" if status in ("pass", "fail", "warn") else ""
    missing = verdict.missing if status == "unchecked" else ()
    return replace(
        finding,
        status=status,
        subject=thing.title,
        found=verdict.found,
        missing=missing,
        places=verdict.places,
        note=note,
    )


def tell_many(
    finding: Finding, rule: Rule, outcome: tuple[Status, int], examples: Sequence[tuple[Thing, Verdict]]
) -> Iterator[Finding]:
    """Yield the one finding on a number of things with the same outcome, with the grounds of a few of them."""
    status, number = outcome
    if number == 1 or (status == "unchecked" and number <= len(examples)):
        yield from (tell(finding, rule, status, judged) for judged in examples)
        return
    if not examples:
        yield replace(finding, status=status, subject=f"另有 {number} 个，不再逐个列出", number=number)
        return
    label = examples[0][0].kind.label
    told = replace(finding, status=status, subject=f"{label} {number} 个", number=number)
    if status == "not-applicable":
        found = dict.fromkeys(text for _thing, verdict in examples for text in verdict.found)
        yield replace(told, found=tuple(found)[:EXAMPLES])
    elif status == "unchecked":
        *most, last = list(dict.fromkeys(text for _thing, verdict in examples for text in verdict.missing))[:EXAMPLES]
        places = tuple(place for _thing, verdict in examples for place in verdict.places)
        yield replace(told, missing=(*most, f"{last}等（共 {number} 个{label}）"), places=places)
    else:
        yield replace(told, note=rule.misses or "")


def ask_rule(root: Thing, name: str, rule: Rule, scene: RuleScene) -> Iterator[Finding]:
    """Yield the one question of a by-hand rule; not applicable where it applies to none of the things it is about."""
    inner = scene.for_rule(name)
    things = subjects(root.world, root, rule.for_each)
    verdicts = [evaluate_all(thing, rule.when, inner) for thing in things] if rule.when else []
    finding = Finding(name, name, "by-hand", root.title, tuple(rule.at), say(rule), note=rule.question or DONE)
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
    finding = Finding(name, name, "pass", thing.title, tuple(rule.at), say(rule), remedy=rule.remedy or "")
    status, verdict = judge_rule(thing, name, rule, scene)
    return tell(finding, rule, status, (thing, verdict))


def judge_rule(thing: Thing, name: str, rule: Rule, scene: RuleScene) -> tuple[Status, Verdict]:
    """Return the status of one rule for one thing, with the verdict that decides it."""
    inner = scene.for_rule(name)
    applies = evaluate_all(thing, rule.when, inner)
    if not applies.holds:
        return ("not-applicable" if applies.holds is False else "unchecked"), applies
    verdict = evaluate_all(thing, rule.require, inner)
    return decide(rule, verdict), verdict


def decide(rule: Rule, verdict: Verdict) -> Status:
    """Return the status a verdict gives under the rule's force; whoever goes beyond a permission fails."""
    if verdict.holds is None:
        return "unchecked"
    if verdict.holds:
        return "pass"
    return "warn" if rule.force in ("in-principle", "encouraged") else "fail"
