"""Doubt facts that contradict each other under any guideline: the dictionary's doubts over a round in, problems out."""

from collections.abc import Iterator, Sequence
from datetime import date

from generator.check.evaluate import Scene, evaluate_all
from generator.check.rules import RuleScene, subjects
from generator.check.verdict import Verdict
from generator.institution.world import Thing
from generator.policy.vocabulary import Doubt
from generator.problems import Problem

LONGEST_LIFE = 100
AHEAD = 20  # years; terms of office and leases end before that


def doubt_contradictions(root: Thing, scene: RuleScene) -> Iterator[Problem]:
    """Yield what surely contradicts itself; what cannot be told is not doubted."""
    for name, entity in root.world.entities.items():
        things = subjects(root.world, root, name) if entity.doubts and name in root.world.stated else ()
        for doubt in entity.doubts.values():
            yield from doubt_things(things, doubt, scene.for_counting())


def doubt_dates(root: Thing, today: date) -> Iterator[Problem]:
    """Yield dates in a year that can only be mistyped."""
    first, last = today.replace(year=today.year - LONGEST_LIFE, day=1), today.replace(year=today.year + AHEAD, day=1)
    for entity in root.world.entities:
        dated = [name for name, field in root.world.entities[entity].fields.items() if field.type == "date"]
        for thing in subjects(root.world, root, entity) if dated and entity in root.world.stated else ():
            for name in dated:
                day = thing.facts.get(name)
                if isinstance(day, date) and not first <= day < last:
                    what = f"{thing.title}的“{thing.kind.fields[name].label}”为 {day}，年份像是写错"
                    yield Problem(thing.locate(name), "doubtful-date", what, "核对后更正")


def doubt_things(things: Sequence[Thing], doubt: Doubt, scene: Scene) -> Iterator[Problem]:
    """Yield the things that contradict themselves in one way; several that say the same only once."""
    alike: dict[tuple[str, ...], list[tuple[Thing, Verdict]]] = {}
    for thing in things:
        if not evaluate_all(thing, doubt.when, scene).holds:
            continue
        verdict = evaluate_all(thing, doubt.require, scene)
        if verdict.holds is False:
            alike.setdefault(verdict.found, []).append((thing, verdict))
    for found, group in alike.items():
        thing, verdict = group[0]
        more = f"等 {len(group)} 处" if len(group) > 1 else ""
        place = next(iter(verdict.places), thing.place)
        yield Problem(place, "doubtful-facts", f"{thing.title}{more}：{'；'.join(found)}。{doubt.says}", doubt.remedy)
