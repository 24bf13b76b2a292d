"""The data dictionary: which names can be asked of an entity, and where a path of them leads.

From an entity a name is one of its fields or derived facts, a collection of things that belong or refer to it, or an
entity above it (or standing alone beside one above it).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from generator.policy.vocabulary import DataField, Entity
from generator.problems import nearest


@dataclass(frozen=True)
class Station:
    """One step of a path: its name and Chinese label, the entity it leads to (if any), and its field (if one)."""

    name: str
    label: str
    entity: str | None = None
    field: DataField | None = None
    many: bool = False


@dataclass(frozen=True)
class Dictionary:
    """All entities of the dictionary with their relations."""

    entities: Mapping[str, Entity]

    def above(self, entity: str) -> list[str]:
        """Return the entities that can be asked for by name: itself, those above it, and the single ones there."""
        chain = [entity]
        while parent := self.entities[chain[-1]].parent:
            chain.append(parent)
        single = [n for n, kind in self.entities.items() if kind.collection is None and kind.parent in chain]
        return [*chain, *(name for name in single if name not in chain)]

    def relates(self, other: str, entity: str) -> bool:
        """Return whether things of ``other`` belong to, or refer to, things of ``entity``."""
        kind = self.entities[other]
        return kind.parent == entity or any(field.to == entity for field in kind.fields.values())

    def find_collection(self, entity: str, name: str) -> str | None:
        """Return the entity whose things ``entity`` collects under this name, or None."""
        for other, kind in self.entities.items():
            if kind.collection == name and self.relates(other, entity):
                return other
        return None

    def find(self, entity: str, name: str) -> Station | None:
        """Return what a name asks of an entity: its own facts win over relations; None for an unknown name."""
        kind = self.entities[entity]
        if field := kind.fields.get(name):
            return Station(name, field.label, field.to, field, many=field.many)
        if derived := kind.derived.get(name):
            target = self.trace(entity, derived.rows)[-1].entity if derived.rows else None
            return Station(name, derived.label, target, many=target is not None)
        if other := self.find_collection(entity, name):
            kind = self.entities[other]
            return Station(name, kind.collection_label or kind.label, other, many=True)
        return Station(name, self.entities[name].label, name) if name in self.above(entity) else None

    def askable(self, entity: str) -> list[str]:
        """Return the ids of all that can be asked of an entity; its own facts come last."""
        kind = self.entities[entity]
        related = [o.collection for n, o in self.entities.items() if o.collection and self.relates(n, entity)]
        return [*self.above(entity), *related, *kind.derived, *kind.fields]

    @cached_property
    def names(self) -> Mapping[str, Mapping[str, Station]]:
        """Return for each entity what can be asked of it, by id and by Chinese label."""
        return {entity: self.index(entity) for entity in self.entities}

    def index(self, entity: str) -> dict[str, Station]:
        """Return what can be asked of one entity, by id and by label."""
        found: dict[str, Station] = {}
        for station in filter(None, (self.find(entity, name) for name in self.askable(entity))):
            found |= {station.name: station, station.label: station}
        return found

    @cached_property
    def _traces(self) -> dict[tuple[str, str], list[Station]]:
        """Return the paths traced so far: the same few are asked for every row of a roster."""
        return {}

    def trace(self, entity: str, path: str) -> list[Station]:
        """Return the stations of a path; raise KeyError, in Chinese, where the dictionary lacks a name."""
        known = self._traces.get((entity, path))
        if known is None:
            known = self._traces[entity, path] = self.trace_anew(entity, path)
        return known

    def trace_anew(self, entity: str, path: str) -> list[Station]:
        """Return the stations of a path that was not asked for before."""
        stations: list[Station] = []
        at: str | None = entity
        for name in path.split("."):
            if at is None:
                raise KeyError(f"“{stations[-1].name}”之后没有下一级")
            station = self.find(at, name)
            if station is None:
                raise KeyError(f"{self.entities[at].label}（{at}）没有“{name}”。{nearest(name, self.askable(at))}")
            stations.append(station)
            at = station.entity
        return stations

    def vocabulary(self, entity: str, path: str) -> str | None:
        """Return the vocabulary of the words at the end of a path, or None where it ends in no term."""
        *way, name = path.split(".")
        owner = self.trace(entity, ".".join(way))[-1].entity if way else entity
        kind = self.entities[str(owner)]
        if name in kind.fields:
            return kind.fields[name].terms
        derived = kind.derived.get(name)
        return self.vocabulary(str(owner), derived.first[0]) if derived and derived.first else None

    def unit(self, entity: str, path: str) -> str | None:
        """Return the unit of the numbers at the end of a path, or None where there is none."""
        *way, name = path.split(".")
        owner = self.trace(entity, ".".join(way))[-1].entity if way else entity
        field = self.entities[str(owner)].fields.get(name)
        return field.unit if field else None

    def label_path(self, entity: str, path: str) -> str:
        """Return a path in Chinese, such as ``考评组·人员``."""
        return "·".join(station.label for station in self.trace(entity, path))
