"""Doubt scores that no rule would speak of: a round's scores in, problems out, so that none passes in silence.

Negative or too high where the guideline sets no full mark, one candidate in two rows, a name that is another's, and
candidates whose result cannot be told though scores are in.
"""

from collections.abc import Iterator
from fractions import Fraction

from generator.check.evaluate import evaluate_all
from generator.check.judging import doubt_judges
from generator.check.rules import RuleScene, subjects
from generator.institution.missing import MISSING
from generator.institution.world import Thing, write_fact
from generator.policy.predicates import FactTest
from generator.policy.scopes import walk
from generator.problems import Problem

RESULT = "passed"
NAME = "name"


def doubt_scores(root: Thing, scene: RuleScene) -> Iterator[Problem]:
    """Yield what is doubtful about the numbers and results of a round."""
    world = root.world
    for entity in world.entities:
        if entity in world.stated and entity not in world.dictionary.above(root.entity):
            things = subjects(world, root, entity)
            yield from doubt_numbers(things, bounded_above(scene, entity))
            yield from doubt_names(things)
            yield from doubt_twice(things)
    yield from doubt_results(root, scene)
    yield from doubt_judges(root, scene)


def bounded_above(scene: RuleScene, entity: str) -> set[str]:
    """Return the fields of an entity that a rule of the guideline bounds from above: it will speak of them itself."""
    rules = [rule for rule in scene.guideline.rules.values() if rule.for_each == entity]
    tests = [test for rule in rules for test in walk(rule.require)]
    return {test.fact for test in tests if isinstance(test, FactTest) and (test.at_most or test.less_than)}


def doubt_numbers(things: list[Thing], bounded: set[str]) -> Iterator[Problem]:
    """Yield numbers below nought, and those above what the dictionary holds possible."""
    highest = {name: field.highest for name, field in things[0].kind.fields.items()} if things else {}
    for thing in things:
        for name, value in thing.facts.items():
            if not isinstance(value, Fraction):
                continue
            label, most = thing.kind.fields[name].label, highest.get(name)
            what = f"{thing.title}的“{label}”为 {write_fact(value)}"
            if value < 0:
                yield Problem(thing.locate(name), "doubtful-number", f"{what}，不会小于 0", "核对后更正")
            elif most is not None and value > most and name not in bounded:
                yield Problem(thing.locate(name), "doubtful-number", f"{what}，超过 {most}", "核对后更正")


def doubt_names(things: list[Thing]) -> Iterator[Problem]:
    """Yield rows that name somebody by key and, for comparison, by another name than that person's."""
    for thing in things:
        for name, value in thing.facts.items():
            beside = name_beside(thing, name)
            stated = thing.facts.get(beside or "")
            if stated is None or not isinstance(value, Thing) or NAME not in value.facts:
                continue
            if stated != value.facts[NAME]:
                what = f"写的是{value.title}，姓名却与{value.locate(NAME)} 所填不同"
                yield Problem(thing.locate(str(beside)), "doubtful-name", what, "核对编号和姓名，防止张冠李戴")


def name_beside(thing: Thing, reference: str) -> str | None:
    """Return the field that names, for comparison, whom a reference leads to: ``judge_name``, or the row's ``name``."""
    fields = thing.kind.fields
    if f"{reference}_{NAME}" in fields:
        return f"{reference}_{NAME}"
    field, own = fields[reference], fields.get(NAME)
    other = thing.world.entities[str(field.to)].fields.get(NAME) if field.to else None
    return NAME if field.required and own and other and own.label == other.label else None


def doubt_twice(things: list[Thing]) -> Iterator[Problem]:
    """Yield rows without a key of their own that say of the same thing the same again, be it in another role."""
    fields = things[0].kind.fields if things else {}
    required = [name for name, field in fields.items() if field.required and field.terms is None]
    if not things or things[0].kind.key or not any(fields[name].to for name in required):
        return
    seen: dict[tuple[object, ...], Thing] = {}
    for thing in things:
        row = tuple(thing.facts.get(name, MISSING) for name in required)
        if MISSING in row:
            continue
        earlier = seen.setdefault(row, thing)
        if earlier is not thing:
            what = f"{thing.title}重复，前一处在 {earlier.locate(required[0])}"
            yield Problem(thing.locate(required[0]), "doubtful-twice", what, "只留一行；以哪一行为准请核对")


def doubt_results(root: Thing, scene: RuleScene) -> Iterator[Problem]:
    """Yield candidates whose result cannot be told though scores of the round are in."""
    world = root.world
    if not scored(root):
        return
    for entity, kind in world.entities.items():
        derived = kind.derived.get(RESULT)
        if derived is None or kind.parent != root.entity or not reckons(scene, derived.holds):
            continue
        for thing in subjects(world, root, entity):
            verdict = evaluate_all(thing, derived.holds, scene.for_counting())
            if verdict.holds is None:
                place = next(iter(verdict.places), thing.place)
                what = f"{thing.title}是否合格还不能判定：缺{'、'.join(verdict.missing[:3])}"
                yield Problem(place, "doubtful-result", what, "补填成绩；缺考的在“缺考”填“是”")


def scored(root: Thing) -> bool:
    """Return whether any score of the round is stated."""
    return any(
        row for row in root.world.things["score"] if row.parent is root and any(map(is_number, row.facts.values()))
    )


def is_number(value: object) -> bool:
    """Return whether a fact is a number."""
    return isinstance(value, Fraction)


def reckons(scene: RuleScene, tests: object) -> bool:
    """Return whether the guideline has every rule that a derived fact hangs on."""
    rules = scene.guideline.rules
    return all(test.meets in rules for test in walk(tests) if hasattr(test, "meets"))  # type: ignore[arg-type]
