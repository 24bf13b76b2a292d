"""Turn raw entries into the typed facts of things; references wait until everything is read.

In: pages and rows as :mod:`generator.institution.sources` reads them. Out: facts with their places, problems for what
cannot be read, doubts for what can be read but looks wrong.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import NamedTuple

from generator.identity import check_credit_code, check_resident_id, doubt_place, normalise_id, note_normalised
from generator.institution.given import parse_fact, quote
from generator.institution.missing import MISSING
from generator.institution.sources import COLUMNS, Entry, RawRow, RawThing, labels_of
from generator.institution.world import Thing, World
from generator.policy.load import Policy
from generator.policy.vocabulary import DataField, Entity
from generator.problems import Place, Problem, nearest

ALMOST = 0.75
NUMBERED = ("id", "credit-code")  # each is doubted where it stands
SHAPES = {
    "date": "写成 2026-11-20 这样，且要真有这一天",
    "time": "写成 08:30 这样",
    "number": "只写数字",
    "yes-no": "填“是”或“否”",
}


class Reference(NamedTuple):
    """Who refers by which field, under which heading, what is written, and where (unless the thing itself knows)."""

    thing: Thing
    name: str
    label: str
    raw: object
    place: Place | None = None


@dataclass
class Reading:
    """The state of reading one institution."""

    policy: Policy
    world: World
    problems: list[Problem] = field(default_factory=list)
    doubts: list[Problem] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    keyed: dict[tuple[str, int, str], Thing] = field(default_factory=dict)
    rows: set[tuple[int, str]] = field(default_factory=set)


def fill_thing(reading: Reading, thing: Thing, raw: RawThing | RawRow) -> None:
    """Put the typed facts of a page or row into a thing."""
    for entry in raw.entries:
        name = find_field(thing.kind, entry.label)
        if name is None:
            reject_label(reading, thing.kind, entry, is_row=bool(raw.sheet))
        else:
            fill_fact(reading, thing, name, entry)


def fill_fact(reading: Reading, thing: Thing, name: str, entry: Entry) -> None:
    """Put one typed fact into a thing; what cannot be read as its type is a fault."""
    field = thing.kind.fields[name]
    try:
        value = parse_fact(entry.raw, field, reading.policy.terms)
    except ValueError as error:
        what = f"“{entry.label}”写的“{quote(entry.raw)}”{error}"
        reading.problems.append(Problem(entry.place, f"bad-{field.type}", what, advise(field, reading.policy)))
        return
    set_fact(reading, thing, name, (value, entry))


def set_fact(reading: Reading, thing: Thing, name: str, stated: tuple[object, Entry]) -> None:
    """Keep one fact with its place; a reference waits until all is read; a second, different value is a fault."""
    value, entry = stated
    field = thing.kind.fields[name]
    if value is MISSING:
        return
    if field.to is not None:
        reading.references.append(Reference(thing, name, entry.label, entry.raw, entry.place))
        return
    if field.type in NUMBERED:
        for what in doubts_of(field, str(entry.raw)):
            reading.doubts.append(Problem(entry.place, f"doubtful-{field.type}", what, "核对证件"))
        value = normalise_id(str(entry.raw))
    if name in thing.facts and thing.facts[name] != value and not field.many:
        what = f"“{entry.label}”与 {thing.locate(name)} 所填不一致"
        reading.problems.append(Problem(entry.place, "stated-twice", what, "同一事项只填一处，或填成一样"))
        return
    thing.facts[name] = value
    thing.places[name] = entry.place


def doubts_of(field: DataField, text: str) -> list[str]:
    """Return what casts doubt on an ID or credit code."""
    if field.type == "credit-code":
        found = (check_credit_code(text), note_normalised(text))
    else:
        found = (check_resident_id(text) or doubt_place(text), note_normalised(text))
    return [what for what in found if what]


def find_field(kind: Entity, label: str) -> str | None:
    """Return the id of the field with this label, alias or id."""
    return kind.headings.get(label)


def reject_label(
    reading: Reading, kind: Entity, entry: Entry, *, is_row: bool, beside: AbstractSet[str] = frozenset()
) -> None:
    """Add an unknown label: a fault in a page and where it is nearly one of ours, a doubt for a foreign column.

    What stands ``beside`` it already is not what was meant; what must be there and is not, most likely is.
    """
    lacking = {field.label for field in kind.fields.values() if field.required and not beside & field.names}
    known = labels_of(kind) - beside
    near = max((SequenceMatcher(None, entry.label, label).ratio() for label in known), default=0.0)
    what = f"{kind.label}没有“{quote(entry.label)}”这一项"
    if is_row and near < ALMOST:
        advice = f"这一列没有使用；若要用，在“{COLUMNS}”里写明对应哪一项"
        reading.doubts.append(Problem(entry.label_place, "unused-column", what, advice))
        return
    guess = (nearest(entry.label, lacking) if beside else "") or nearest(entry.label, known)
    reading.problems.append(Problem(entry.label_place, "unknown-label", what, guess or "删去，或查对可填的项目"))


def advise(field: DataField, policy: Policy) -> str:
    """Return how a field is to be written: the choices of a term, else the shape of its type, and its hint."""
    if field.terms is not None:
        return f"可填：{'、'.join(policy.labels(field.terms).values())}"
    shape = SHAPES.get(field.type, "只写一个值")
    return "；".join(filter(None, [shape, f"可带单位“{field.unit}”" if field.unit else "", field.hint]))
