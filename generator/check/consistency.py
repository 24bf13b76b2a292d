"""Doubt facts that contradict each other under any guideline: the dictionary's doubts over a round in, problems out."""

from collections.abc import Iterator, Sequence

from generator.check.evaluate import Scene, evaluate_all
from generator.check.rules import RuleScene, subjects
from generator.check.verdict import Verdict
from generator.institution.world import Thing
from generator.policy.vocabulary import Doubt
from generator.problems import Problem


def doubt_contradictions(root: Thing, scene: RuleScene) -> Iterator[Problem]:
    """Yield what surely contradicts itself; what cannot be told is not doubted."""
    for name, entity in root.world.entities.items():
        things = subjects(root.world, root, name) if entity.doubts and name in root.world.stated else ()
        for doubt in entity.doubts.values():
            yield from doubt_things(things, doubt, scene.for_counting())


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
