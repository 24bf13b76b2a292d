"""Read an institution's folder into a linked world: files in, things with typed facts out.

Every fault is collected with its file and line, or sheet and cell; one that makes data unusable is raised at the end,
one that only casts doubt (an ID whose check digit is wrong, a column nobody knows) is kept as a doubt.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from generator.identity import check_credit_code, check_resident_id, doubt_resident_id, normalise_id, note_normalised
from generator.institution.given import parse_fact
from generator.institution.links import link_references
from generator.institution.missing import MISSING
from generator.institution.remarks import Answer, Waiver, read_answers, read_waivers
from generator.institution.sources import COLUMNS, Entry, Folder, RawThing, read_page, read_rows
from generator.institution.world import Thing, World
from generator.policy.load import Policy
from generator.policy.vocabulary import DataField, Entity
from generator.problems import KaowuError, Problem, nearest

ALMOST = 0.75


@dataclass(frozen=True)
class Institution:
    """One institution: its world, itself, its rounds by folder, and what people noted beside the data."""

    folder: Path
    world: World
    thing: Thing
    rounds: Mapping[Path, Thing]
    doubts: tuple[Problem, ...]
    answers: tuple[Answer, ...]
    waivers: tuple[Waiver, ...]


@dataclass
class Reading:
    """The state of reading one institution."""

    policy: Policy
    world: World
    problems: list[Problem]
    doubts: list[Problem]
    raw_references: list[tuple[Thing, str, Entry]]


def load_institution(folder: Path, rounds: tuple[Path, ...], policy: Policy) -> Institution:
    """Return the institution in ``folder`` with these rounds; raise KaowuError with every fault that stops."""
    world = World(policy.dictionary, policy.labels)
    reading = Reading(policy, world, [], [], [])
    root = folder.parent
    home = Folder(folder, root, reading.problems)
    top = next(name for name, entity in policy.entities.items() if entity.parent is None)
    thing = read_things(reading, home, None, top)
    assert thing is not None
    made: dict[Path, Thing] = {}
    for path in rounds:
        inner = Folder(path, root, reading.problems)
        round_thing = read_things(reading, inner, thing, "round")
        if round_thing is not None:
            made[path] = round_thing
            attach_photos(path, world, round_thing)
    link_references(world, reading.raw_references, reading.problems)
    check_guidelines(policy, made, reading.problems)
    answers, waivers = read_answers(home, reading.problems), read_waivers(home, reading.problems)
    if reading.problems:
        raise KaowuError(reading.problems)
    return Institution(folder, world, thing, made, tuple(sorted(set(reading.doubts))), answers, waivers)


def check_guidelines(policy: Policy, rounds: Mapping[Path, Thing], problems: list[Problem]) -> None:
    """Add rounds that name no guideline, or one that is not there."""
    for thing in rounds.values():
        name = thing.one("guideline")
        place = thing.locate("guideline")
        if name is MISSING:
            problems.append(
                Problem(place, "no-guideline", "没有写适用的“指引”", f"可写：{'、'.join(policy.guidelines)}")
            )
            continue
        known = {word for g in policy.guidelines.values() for word in (g.id, g.head.title, g.head.short)}
        if name not in known:
            advice = nearest(str(name), known) or f"可写：{'、'.join(policy.guidelines)}"
            problems.append(Problem(place, "unknown-guideline", f"没有名为“{name}”的指引", advice))


def read_things(reading: Reading, folder: Folder, parent: Thing | None, entity: str) -> Thing | None:
    """Return the page of an entity, with everything of its folder that belongs to it put into the world."""
    kind = reading.policy.entities[entity]
    raw = read_page(folder, kind)
    place = folder.file(kind.file)
    thing = reading.world.add(Thing(reading.world, entity, parent, place))
    listed = {name for other in reading.policy.entities.values() for name in other.sheets}
    if raw is not None:
        own = tuple(entry for entry in raw.entries if entry.label not in listed and entry.label != COLUMNS)
        take_columns(folder, raw)
        fill_thing(reading, thing, RawThing(own, raw.place))
    for name, other in reading.policy.entities.items():
        if other.parent == entity and name != "round":
            read_parts(reading, folder, thing, name)
    return thing


def take_columns(folder: Folder, raw: RawThing) -> None:
    """Keep the folder's own mapping of headings to ours."""
    for entry in raw.entries:
        if entry.label == COLUMNS and isinstance(entry.raw, dict):
            folder.columns.update({sheet: dict(mapping) for sheet, mapping in entry.raw.items()})


def read_parts(reading: Reading, folder: Folder, parent: Thing, entity: str) -> None:
    """Put the rows (or the page) of an entity that belongs to ``parent`` into the world."""
    kind = reading.policy.entities[entity]
    if kind.collection is None:
        raw = read_page(folder, kind)
        if raw is not None:
            fill_thing(reading, reading.world.add(Thing(reading.world, entity, parent, raw.place)), raw)
        return
    known = {sheet: sorted(labels_of(kind)) for sheet in kind.sheets}
    seen_columns: set[str] = set()
    for raw in read_rows(folder, kind, known):
        check_columns(reading, kind, raw, seen_columns)
        thing = find_or_add(reading, parent, entity, raw)
        fill_thing(reading, thing, raw)
        for name, word in kind.sheets.get(raw.sheet, {}).items():
            earlier = thing.facts.get(name, ())
            thing.facts[name] = (*earlier, word) if isinstance(earlier, tuple) and word not in earlier else earlier


def labels_of(kind: Entity) -> set[str]:
    """Return the labels and aliases of an entity's fields."""
    return {label for field in kind.fields.values() for label in (field.label, *field.aliases)}


def check_columns(reading: Reading, kind: Entity, raw: RawThing, seen: set[str]) -> None:
    """Add a required column that is not there; once per sheet."""
    where = f"{raw.place.file}{raw.sheet}"
    if where in seen:
        return
    seen.add(where)
    labels = {entry.label for entry in raw.entries}
    for field in kind.fields.values():
        if field.required and not labels & {field.label, *field.aliases}:
            place = raw.entries[0].label_place if raw.entries else raw.place
            near = nearest(field.label, labels - labels_of(kind))
            advice = f"补上这一列；{near}若是别的叫法，在“{COLUMNS}”里写明" if near else "补上这一列"
            reading.problems.append(Problem(place, "missing-column", f"缺少“{field.label}”一列", advice))


def find_or_add(reading: Reading, parent: Thing, entity: str, raw: RawThing) -> Thing:
    """Return the thing a row describes: a new one, or (where an entity has several sheets) the one with its key."""
    world, kind = reading.world, reading.policy.entities[entity]
    key = key_of(kind, raw)
    earlier = world.find(entity, key[0], parent) if key else None
    if earlier is not None and key is not None:
        if raw.sheet in kind.sheets and len(kind.sheets) > 1 and earlier.place.sheet != raw.sheet:
            return earlier
        what = f"{kind.label}编号“{key[0]}”重复，前一处在 {earlier.place}"
        reading.problems.append(Problem(key[1].place, "key-twice", what, "每一行的编号应不同"))
    if key is None and kind.key is not None:
        what = f"没有填“{kind.fields[kind.key].label}”"
        reading.problems.append(Problem(raw.place, "no-key", what, "每一行都要有编号"))
    return world.add(Thing(world, entity, parent, raw.place))


def key_of(kind: Entity, raw: RawThing) -> tuple[str, Entry] | None:
    """Return the key a row states, as text, with its entry."""
    if kind.key is None:
        return None
    field = kind.fields[kind.key]
    for entry in raw.entries:
        if entry.label in (field.label, *field.aliases) and entry.raw not in (None, ""):
            return str(parse_fact(entry.raw, field, {})), entry
    return None


def fill_thing(reading: Reading, thing: Thing, raw: RawThing) -> None:
    """Put the typed facts of a page or row into a thing."""
    for entry in raw.entries:
        name = find_field(thing.kind, entry.label)
        if name is None:
            reject_label(reading, thing.kind, entry, is_row=bool(raw.sheet))
            continue
        field = thing.kind.fields[name]
        if isinstance(entry.raw, str | list) and not entry.raw:
            continue
        try:
            value = parse_fact(entry.raw, field, reading.policy.terms)
        except ValueError as error:
            what = f"“{entry.label}”{error}"
            reading.problems.append(Problem(entry.place, f"bad-{field.type}", what, field.hint or ""))
            continue
        set_fact(reading, thing, name, (value, entry))


def set_fact(reading: Reading, thing: Thing, name: str, stated: tuple[object, Entry]) -> None:
    """Keep one fact with its place; a reference waits until all is read; a second, different value is a fault."""
    value, entry = stated
    field = thing.kind.fields[name]
    if value is MISSING:
        return
    if field.to is not None:
        reading.raw_references.append((thing, name, entry))
        return
    if name in thing.facts and thing.facts[name] != value and not field.many:
        what = f"“{entry.label}”与 {thing.places[name]} 所填不一致"
        reading.problems.append(Problem(entry.place, "stated-twice", what, "同一事项只填一处，或填成一样"))
        return
    if field.type in ("id", "credit-code"):
        value = identify(reading, field, entry)
    thing.facts[name] = value
    thing.places[name] = entry.place


def identify(reading: Reading, field: DataField, entry: Entry) -> str:
    """Return an ID or credit code in its normal writing, adding doubts about it."""
    text = str(entry.raw)
    if field.type == "credit-code":
        fault, doubt = check_credit_code(text), None
    else:
        fault, doubt = check_resident_id(text), doubt_resident_id(text)
    for what in (fault, doubt, note_normalised(text)):
        if what:
            reading.doubts.append(Problem(entry.place, f"doubtful-{field.type}", f"“{entry.label}”{what}", "核对证件"))
    return normalise_id(text)


def find_field(kind: Entity, label: str) -> str | None:
    """Return the id of the field with this label, alias or id."""
    for name, field in kind.fields.items():
        if label in (field.label, name):
            return name
    return next((name for name, field in kind.fields.items() if label in field.aliases), None)


def reject_label(reading: Reading, kind: Entity, entry: Entry, *, is_row: bool) -> None:
    """Add an unknown label: a fault in a page and where it is nearly one of ours, a doubt for a foreign column."""
    known = labels_of(kind)
    near = max((SequenceMatcher(None, entry.label, label).ratio() for label in known), default=0.0)
    what = f"{kind.label}没有“{entry.label}”这一项"
    if is_row and near < ALMOST:
        advice = f"这一列没有使用；若要用，在“{COLUMNS}”里写明对应哪一项"
        reading.doubts.append(Problem(entry.label_place, "unused-column", what, advice))
        return
    reading.problems.append(Problem(entry.label_place, "unknown-label", what, nearest(entry.label, known)))


def attach_photos(folder: Path, world: World, parent: Thing) -> None:
    """Give each candidate the photo named like its key."""
    for name, path in photos_in(folder):
        for entity, kind in world.entities.items():
            if "photo" in kind.fields and (thing := world.find(entity, name, parent)):
                thing.facts["photo"] = path.name


def photos_in(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield (key, path) of the photos of a round."""
    for path in sorted((folder / "photos").glob("*")):
        if path.suffix.lower() in (".jpg", ".jpeg", ".png"):
            yield path.stem, path
