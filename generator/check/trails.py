"""Follow a path and keep the way: where each value stands, whose it is, and how a message names it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from generator.check.verdict import Grounds, Verdict
from generator.institution.missing import MISSING
from generator.institution.world import Thing
from generator.problems import Place


def label_path(thing: Thing, path: str) -> str:
    """Return a path in Chinese, such as ``考评组·人员``."""
    return thing.world.dictionary.label_path(thing.entity, path)


def missing(thing: Thing, path: str) -> Verdict:
    """Return the verdict that it cannot be told, naming the missing fact and whose it is."""
    return Verdict(
        None,
        lambda: Grounds(
            missing=(f"{thing.title}的“{label_path(thing, path)}”",), places=places_of(thing, path) or (thing.place,)
        ),
    )


@dataclass(frozen=True)
class Trail:
    """The things a path passes on its way to one value."""

    things: tuple[Thing, ...]
    value: object

    def places(self, path: str) -> tuple[Place, ...]:
        """Return where the value stands, and before it the reference that leads to its owner."""
        names = path.split(".")[: len(self.things)]  # a trail that ends early ends at the last name it could ask
        steps = list(zip(self.things, names, strict=True))
        reference = [holder.locate(name) for holder, name in steps[-2:-1] if name in holder.facts]
        return (*reference, *(locate(owner, name) for owner, name in steps[-1:]))


def locate(thing: Thing, name: str) -> Place:
    """Return where a fact stands; of one that follows from others, where the one it was taken from stands or should."""
    derived = thing.kind.derived.get(name)
    if name in thing.facts or derived is None:
        return thing.locate(name)
    value = thing.one(name)
    for path in filter(None, (derived.earliest, derived.latest, *derived.first)):
        for trail in trails(thing, path):
            if trail.things and trail.value == value:
                return trail.places(path)[-1]
    return thing.locate(name)


def trails(thing: Thing, path: str) -> list[Trail]:
    """Return each value at the end of a path with the things on the way, in the order of :func:`leaves`."""
    found = [Trail((), thing)]
    for name in path.split("."):
        found = [following for trail in found for following in extend(trail, name)]
    return found


def extend(trail: Trail, name: str) -> Iterable[Trail]:
    """Yield the trails one step further; a trail that has ended in something missing stays."""
    items = trail.value if isinstance(trail.value, tuple) else (trail.value,)
    for item in items:
        if not isinstance(item, Thing):
            yield Trail(trail.things, MISSING)
            continue
        value = item.one(name)
        for one in value if isinstance(value, list) else [value]:
            yield Trail((*trail.things, item), one)


def places_of(thing: Thing, path: str) -> tuple[Place, ...]:
    """Return where the facts at the end of a path stand, and before each the reference that leads there."""
    return tuple(dict.fromkeys(place for trail in trails(thing, path) if trail.things for place in trail.places(path)))


def grounds_at(thing: Thing, paths: Sequence[str], *found: str) -> Grounds:
    """Return what was found, at the places of the paths."""
    return Grounds(found, places=tuple(place for path in paths for place in places_of(thing, path)))


def leaves(thing: Thing, path: str) -> list[object]:
    """Return the values at the end of a path: several across a collection, else one; none when it is missing."""
    value = thing.follow(path)
    if value is MISSING:
        return []
    return value if isinstance(value, list) else [value]


def name_several(things: Sequence[Thing]) -> str:
    """Return the titles of the first few things, and how many there are."""
    titles = "、".join(thing.title for thing in things[:3])
    return titles if len(things) <= 3 else f"{titles}等 {len(things)} 处"
