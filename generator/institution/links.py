"""Link references: what a row names by key (or by a name only one has) becomes the thing itself."""

from itertools import islice

from generator.institution.facts import Reference
from generator.institution.given import SEPARATOR, quote
from generator.institution.world import Thing, World, shares_round
from generator.problems import Problem, nearest

MOST_LOOKED_AT = 2000  # names looked through for the nearest one: a wrong column of a long roster asks for every row


def link_references(world: World, references: list[Reference], problems: list[Problem]) -> None:
    """Put the things that references name into their facts; add a problem for each that leads nowhere."""
    index = index_things(world)
    for thing, name, heading, raw, stated in references:
        field = thing.kind.fields[name]
        place = stated or thing.locate(name)
        keys = split_keys(raw, many=field.many)
        found = []
        for key in keys:
            target = find_target(index, str(field.to), key, thing)
            if isinstance(target, Thing):
                found.append(target)
            else:
                label = world.entities[str(field.to)].label
                what = f"“{heading}”写的{label}“{quote(key)}”{target[0]}"
                problems.append(Problem(place, "unknown-reference", what, target[1]))
        if found and not field.many and thing.facts.get(name, found[0]) is not found[0]:
            what = f"“{heading}”与 {thing.locate(name)} 所填不一致"
            problems.append(Problem(place, "stated-twice", what, "同一事项只填一处，或填成一样"))
        elif found:
            thing.facts[name] = tuple(found) if field.many else found[0]
            if stated:
                thing.places[name] = stated


Index = dict[tuple[str, str], list[Thing]]


def index_things(world: World) -> Index:
    """Return (entity, key or name) → things."""
    index: Index = {}
    for entity, things in world.things.items():
        for thing in things:
            for word in {thing.key, str(thing.facts.get("name", ""))} - {""}:
                index.setdefault((entity, word), []).append(thing)
    return index


def split_keys(raw: object, *, many: bool) -> list[str]:
    """Return the keys a cell names."""
    parts = raw if isinstance(raw, list) else SEPARATOR.split(write_key(raw)) if many else [raw]
    return [key for part in parts if (key := write_key(part).strip())]


def write_key(raw: object) -> str:
    """Return a key as text; a whole number loses its ``.0``."""
    return str(int(raw)) if isinstance(raw, float) and raw.is_integer() else str(raw)


def find_target(index: Index, entity: str, key: str, thing: Thing) -> Thing | tuple[str, str]:
    """Return the one thing named, or in Chinese why there is none and what to do."""
    found = [target for target in index.get((entity, key), []) if shares_round(target, thing)]
    keyed = [target for target in found if target.key == key]
    if keyed or len(found) == 1:  # a key that stands twice is told once, where it stands
        return (keyed or found)[0]
    if found:
        return "不止一个", f"写编号：{'、'.join(quote(target.key) for target in found)}"
    known = [word for kind, word in islice(index, MOST_LOOKED_AT) if kind == entity and quote(word) == word]
    return "不存在", nearest(key, known) or "先在它自己的表里填写，再引用它的编号"
