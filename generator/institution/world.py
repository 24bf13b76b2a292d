"""Things and their facts: one institution with its rounds, people, sessions and candidates, linked.

A :class:`Thing` is one row or page of data of an entity of the dictionary. A path such as ``panel.staff.name`` leads
from a thing along its facts, references, derived facts, collections (who refers to it or belongs to it) and, by the
entity's name, to the things above it. What is not stated is ``MISSING``; a name the dictionary lacks is a KeyError.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Protocol

from generator.institution.missing import MISSING, Missing
from generator.policy.dictionary import Dictionary
from generator.policy.values import write_number
from generator.policy.vocabulary import Derived, Entity
from generator.problems import Place, nearest


class Head(Protocol):
    """The head of the table that rows stand in."""

    def place(self, row: int, name: str = "", /) -> Place | None:
        """Return where a fact of a row stands (the row itself without name); None for a fact without column."""


Fact = object  # str, Fraction, date, bool, Thing, a tuple of these (a field with several values), or MISSING
NOWHERE = Place("")


class Thing:
    """One thing of an entity: its stated facts, where each stands, and the thing it belongs to.

    Where the facts of a row stand is reckoned from the head of its table when asked: there may be 100,000 rows.
    """

    __slots__ = ("_cache", "_place", "entity", "facts", "head", "kind", "parent", "places", "row", "world")

    def __init__(self, world: "World", entity: str, parent: "Thing | None", place: Place = NOWHERE) -> None:
        """Begin a thing without facts."""
        self.world = world
        self.entity = entity
        self.kind: Entity = world.entities[entity]
        self.parent = parent
        self._place = place
        self.head: Head | None = None
        self.row = 0
        self.facts: dict[str, Fact] = {}
        self.places: dict[str, Place] = {}
        self._cache: dict[str, object] = {}

    @property
    def key(self) -> str:
        """Return the text that identifies the thing among its kind, or an empty text."""
        name = self.kind.key
        return str(self.facts.get(name, "")) if name else ""

    @property
    def title(self) -> str:
        """Return how a message names the thing: its kind with key or name; a row without key by what it refers to."""
        name = self.key or str(self.facts.get("name", "") or "")
        label = f"{self.kind.label}“{name}”" if name else self.kind.label
        owner = None if self.kind.key or not self.kind.sheets else next(iter(referred(self)), None)
        return f"{owner.title}的{label}" if owner else label

    def known_names(self) -> set[str]:
        """Return every name and label that can be asked of this thing."""
        return set(self.world.dictionary.names[self.entity])

    def __getattr__(self, label: str) -> object:
        """Return the fact with this Chinese label or id, for templates; raise AttributeError for an unknown one."""
        if label.startswith("__"):
            raise AttributeError(label)
        name = self.world.name_for(self.entity, label)
        if name is None:
            advice = nearest(label, self.known_names())
            raise AttributeError(f"{self.kind.label}没有“{label}”这一项。{advice}")
        return self.show(name)

    def __str__(self) -> str:
        """Return the name, else the key, as a document prints a person or place."""
        return str(self.facts.get("name", "") or self.key)

    def show(self, name: str) -> object:
        """Return one fact as a document prints it: terms by their label, numbers as decimals, the rest as it is."""
        value = self.one(name)
        labels = self.world.words(self.entity, name)
        if type(value) is str:  # nearly all facts are, and the other questions take their time
            return labels.get(value, value) if labels else value
        if isinstance(value, Fraction):
            return value.numerator if value.denominator == 1 else float(value)
        if labels is None or isinstance(value, Missing):
            return value
        if isinstance(value, tuple):
            return tuple(labels.get(str(word), str(word)) for word in value)
        return labels.get(str(value), value)

    def vocabulary(self, name: str) -> str | None:
        """Return the vocabulary that a fact, or what a derived fact is taken from, draws on."""
        return self.world.dictionary.vocabulary(self.entity, name)

    def one(self, name: str) -> object:
        """Return what the single name stands for, seen from this thing; raise KeyError for an unknown name."""
        if name in self.facts:
            return self.facts[name]
        if name in self.kind.fields:
            return MISSING
        if name not in self._cache:
            self._cache[name] = self.world.look_up(self, name)
        return self._cache[name]

    def follow(self, path: str) -> object:
        """Return what a dotted path leads to: one fact, a list where it crosses a collection, or MISSING."""
        found: object = self
        for name in names_in(path):
            found = found.one(name) if isinstance(found, Thing) else step(found, name)
        return found

    @property
    def place(self) -> Place:
        """Return where the thing stands: its page, or the first cell of its row."""
        return (self.head.place(self.row) if self.head else None) or self._place

    def locate(self, name: str) -> Place:
        """Return where a fact of this thing is stated, else its empty cell, else where the thing stands."""
        found = self.places.get(name) or (self.head.place(self.row, name) if self.head else None)
        return found or self.place


@cache
def names_in(path: str) -> tuple[str, ...]:
    """Return the names of a path; there are as many paths as the policy has, and each is asked for every row."""
    return tuple(path.split("."))


def step(found: object, name: str) -> object:
    """Return the next station of a path, flattening collections."""
    if isinstance(found, Thing):
        return found.one(name)
    if isinstance(found, list | tuple):
        flat: list[object] = []
        for item in found:
            value = step(item, name)
            flat.extend(value) if isinstance(value, list) else flat.append(value)
        return flat
    if isinstance(found, Missing):
        return MISSING
    raise KeyError(name)


class World:
    """All things of one institution (or one test case), with the dictionary they follow."""

    def __init__(self, dictionary: Dictionary, labels: Callable[[str], Mapping[str, str]]) -> None:
        """Begin an empty world; ``labels`` gives a vocabulary's term id → label."""
        self.dictionary = dictionary
        self.entities = entities = dictionary.entities
        self.labels = labels
        self.things: dict[str, list[Thing]] = {name: [] for name in entities}
        self.stated: set[str] = set()
        self.derive: Callable[[Thing, Derived], object] = lambda _thing, _derived: MISSING
        self._links: dict[tuple[str, int], list[Thing]] | None = None
        self._words: dict[tuple[str, str], Mapping[str, str] | None] = {}

    def derive_by(self, derive: Callable[[Thing, Derived], object]) -> None:
        """Derive derived facts this way from now on; what was derived another way is forgotten."""
        self.derive = derive
        for things in self.things.values():
            for thing in things:
                thing._cache.clear()  # noqa: SLF001  (the world owns its things)

    def add(self, thing: Thing) -> Thing:
        """Put a thing into the world and return it."""
        self.things[thing.entity].append(thing)
        self.stated.add(thing.entity)
        return thing

    def find(self, entity: str, key: str, within: Thing | None = None) -> Thing | None:
        """Return the thing of an entity with this key, inside the round of ``within`` where both have one."""
        for thing in self.things[entity]:
            if thing.key == key and shares_round(thing, within):
                return thing
        return None

    def name_for(self, entity: str, label: str) -> str | None:
        """Return the id behind an id or Chinese label asked of an entity, or None."""
        station = self.dictionary.names[entity].get(label)
        return station.name if station else None

    def words(self, entity: str, name: str) -> Mapping[str, str] | None:
        """Return the labels of the terms that a fact of an entity draws on, or None where it draws on none."""
        if (entity, name) not in self._words:
            vocabulary = self.dictionary.vocabulary(entity, name)
            self._words[entity, name] = None if vocabulary is None else self.labels(vocabulary)
        return self._words[entity, name]

    def look_up(self, thing: Thing, name: str) -> object:
        """Return a derived fact, collection or related thing; raise KeyError for an unknown name."""
        derived = thing.kind.derived.get(name)
        if derived is not None:
            return self.derive(thing, derived)
        other = self.dictionary.find_collection(thing.entity, name)
        if other is not None:
            return self.collect(thing, other)
        if name in self.dictionary.above(thing.entity):
            return self.ascend(thing, name)
        raise KeyError(f"{thing.kind.label}没有“{name}”")

    def ascend(self, thing: Thing, entity: str) -> object:
        """Return the thing itself, the one above it, or the single thing beside one above, of this entity."""
        singles = self.things[entity] if self.entities[entity].collection is None else ()
        above: Thing | None = thing
        while above is not None:
            if above.entity == entity:
                return above
            for single in singles:
                if single.parent is above:
                    return single
            above = above.parent
        return MISSING

    def collect(self, thing: Thing, entity: str) -> object:
        """Return the things of an entity that belong to or refer to ``thing``; MISSING when none is stated at all."""
        if entity not in self.stated:
            return MISSING
        if self._links is None:
            self._links = self.link()
        return list(self._links.get((entity, id(thing)), ()))

    def link(self) -> dict[tuple[str, int], list[Thing]]:
        """Return (entity, thing above or referred to) → things, each once, in the order of the data."""
        links: dict[tuple[str, int], list[Thing]] = {}
        for entity, things in self.things.items():
            for thing in things:
                targets = {id(target) for target in referred(thing)} | {id(thing.parent)}
                for target in targets:
                    links.setdefault((entity, target), []).append(thing)
        return links


def referred(thing: Thing) -> Iterable[Thing]:
    """Yield the things that a thing's references lead to."""
    for value in thing.facts.values():
        if isinstance(value, Thing):
            yield value
        elif isinstance(value, tuple):
            yield from (item for item in value if isinstance(item, Thing))


def shares_round(thing: Thing, other: Thing | None) -> bool:
    """Return whether two things may refer to each other: not inside two different rounds."""
    mine, theirs = round_of(thing), round_of(other)
    return mine is None or theirs is None or mine is theirs


def round_of(thing: Thing | None) -> Thing | None:
    """Return the topmost collected thing above (the round), or None for things of the institution itself."""
    while thing is not None and thing.entity != "round":
        thing = thing.parent
    return thing


def write_fact(value: object) -> str:
    """Return a fact as a message shows it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Fraction):
        return write_number(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Thing):
        return value.title
    if isinstance(value, list | tuple):
        return "、".join(map(write_fact, value))
    return str(value)
