"""Link references: what a row names by key (or by a name only one has) becomes the thing itself."""

from collections.abc import Collection, Sequence
from itertools import islice

from generator.institution.facts import Reference
from generator.institution.given import SEPARATOR, quote
from generator.institution.world import Thing, World, round_of, shares_round
from generator.policy.vocabulary import Entity
from generator.problems import Problem, nearest

MOST_LOOKED_AT = 2000  # names looked through for the nearest one: a wrong column of a long roster asks for every row


def link_references(world: World, references: list[Reference], problems: list[Problem]) -> None:
    """Put the things that references name into their facts; add a problem for each that leads nowhere.

    Where a round has none of what is referred to, that is said once: its sheet is missing, or named otherwise.
    """
    index = index_things(world)
    unread: dict[tuple[str, int], list[tuple[Reference, str]]] = {}
    for reference in references:
        thing, name, heading, raw, stated = reference
        field = thing.kind.fields[name]
        found = []
        for key in split_keys(raw, many=field.many):
            target = find_target(index, str(field.to), key, thing)
            if isinstance(target, Thing):
                found.append(target)
            elif target is None:
                unread.setdefault((str(field.to), id(round_of(thing))), []).append((reference, key))
            else:
                what = f"“{heading}”写的{world.entities[str(field.to)].label}“{quote(key)}”{target[0]}"
                problems.append(Problem(stated or thing.locate(name), "unknown-reference", what, target[1]))
        if found and not field.many and thing.facts.get(name, found[0]) is not found[0]:
            what = f"“{heading}”与 {thing.locate(name)} 所填不一致"
            problems.append(Problem(stated or thing.locate(name), "stated-twice", what, "同一事项只填一处，或填成一样"))
        elif found:
            thing.facts[name] = tuple(found) if field.many else found[0]
            if stated:
                thing.places[name] = stated
    broken = {problem.place.file for problem in problems if problem.code.startswith("yaml")}
    problems.extend(tell_unread(world.entities[entity], found, broken) for (entity, _round), found in unread.items())


def tell_unread(kind: Entity, found: Sequence[tuple[Reference, str]], broken: Collection[str]) -> Problem:
    """Return the one problem that a round lacks all of what rows of it refer to."""
    (thing, name, _heading, _raw, stated), key = found[0]
    page = round_of(thing)
    count = f"等，共 {len(found)} 处" if len(found) > 1 else ""
    what = f"引用了{kind.label}“{quote(key)}”{count}，但没有读到{kind.label}的数据"
    advice = f"补上“{'”或“'.join(kind.sheets)}”表；文件或工作表的名称要一致"
    if page is not None and page.place.file in broken:
        advice = f"先改好 {page.place.file}，它读不出来"
    return Problem(stated or thing.locate(name), "unread-reference", what, advice)


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


def find_target(index: Index, entity: str, key: str, thing: Thing) -> Thing | tuple[str, str] | None:
    """Return the one thing named, or in Chinese why there is none and what to do; None where there is no such thing."""
    found = [target for target in index.get((entity, key), []) if shares_round(target, thing)]
    keyed = [target for target in found if target.key == key]
    if keyed or len(found) == 1:  # a key that stands twice is told once, where it stands
        return (keyed or found)[0]
    if found:
        return "不止一个", f"写编号：{'、'.join(quote(target.key) for target in found)}"
    others = (word for (kind, word), targets in index.items() if kind == entity and shares_round(targets[0], thing))
    known = [word for word in islice(others, MOST_LOOKED_AT) if quote(word) == word]
    return ("不存在", nearest(key, known) or "先在它自己的表里填写，再引用它的编号") if known else None
