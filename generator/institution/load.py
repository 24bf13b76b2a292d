"""Read an institution's folder into a linked world: files in, things with typed facts out.

Every fault is collected with its file and line, or sheet and cell; one that makes data unusable is raised at the end,
one that only casts doubt (an ID whose check digit is wrong, a column nobody knows) is kept as a doubt.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from generator.institution.doubts import doubt_people
from generator.institution.facts import Reading, fill_thing
from generator.institution.given import hide_ids, parse_fact, quote
from generator.institution.links import link_references
from generator.institution.missing import MISSING
from generator.institution.remarks import Answer, Waiver, read_answers, read_waivers
from generator.institution.rows import RowReader
from generator.institution.sources import COLUMNS, Folder, Head, RawRow, RawThing, labels_of, read_page, read_rows
from generator.institution.world import NOWHERE, Thing, World
from generator.policy.load import Policy
from generator.policy.vocabulary import Entity
from generator.problems import KaowuError, Place, Problem, nearest

PHOTO = "photo"
FEW = 5
UNUSED = ("unused-file", "unused-sheet")  # what may explain that something was not read


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


def load_institution(folder: Path, rounds: tuple[Path, ...], policy: Policy) -> Institution:
    """Return the institution in ``folder`` with these rounds; raise KaowuError with every fault that stops."""
    reading = Reading(policy, World(policy.dictionary, policy.labels))
    home = Folder(folder, folder.parent, reading.problems)
    top = next(name for name, entity in policy.entities.items() if entity.parent is None)
    thing = read_things(reading, home, None, top)
    made = {path: read_round(reading, home, thing, path) for path in rounds}
    rules = set(policy.duties)  # the register keeps the names of retired duties
    answers, waivers = read_answers(home, rules), read_waivers(home, rules)
    reading.doubts += home.leftovers(known_sheets(policy))
    link_references(reading.world, reading.references, reading.problems)
    check_guidelines(policy, made, reading.problems)
    if reading.problems:
        hints = [doubt for doubt in reading.doubts if doubt.code in UNUSED]
        raise KaowuError(mask(few_of_each([*reading.problems, *hints])))
    doubts = sorted(set(mask([*reading.doubts, *doubt_people(reading.world)])))
    return Institution(folder, reading.world, thing, made, tuple(doubts), answers, waivers)


def read_round(reading: Reading, home: Folder, institution: Thing, path: Path) -> Thing:
    """Return the round in a folder, with everything in it put into the world."""
    inner = Folder(path, home.root, reading.problems, {sheet: dict(names) for sheet, names in home.columns.items()})
    thing = read_things(reading, inner, institution, "round")
    attach_photos(reading, inner, thing)
    reading.doubts += inner.leftovers(known_sheets(reading.policy))
    return thing


def known_sheets(policy: Policy) -> set[str]:
    """Return the names of all sheets of the dictionary."""
    entities = policy.entities.values()
    return {sheet for entity in entities for sheet in (*(entity.sheets or {entity.label: {}}), *entity.additions)}


def few_of_each(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Yield the problems, of those alike in one column only the first few and how many more there are."""
    alike: dict[tuple[str, str, str, str], list[Problem]] = {}
    for problem in sorted(set(problems)):
        column = problem.place.cell.rstrip("0123456789")
        key = (problem.place.file, problem.place.sheet, column, problem.code) if column else ("", "", "", str(problem))
        alike.setdefault(key, []).append(problem)
    for group in alike.values():
        shown, rest = group[: FEW - 1], group[FEW - 1 :]
        yield from shown
        more = f"；这一列同样的还有 {len(rest) - 1} 处" if len(rest) > 1 else ""
        yield from (replace(problem, what=f"{problem.what}{more}") for problem in rest[:1])


def mask(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Yield the problems with whatever looks like an ID masked, should a file's own words have brought one in."""
    for problem in problems:
        yield replace(problem, what=hide_ids(problem.what), remedy=hide_ids(problem.remedy))


def check_guidelines(policy: Policy, rounds: Mapping[Path, Thing], problems: list[Problem]) -> None:
    """Add rounds that name no guideline, or one that is not there."""
    choice = f"可写：{'、'.join(policy.guidelines)}"
    broken = {problem.place.file for problem in problems if problem.code.startswith("yaml")}
    for thing in rounds.values():
        name, place = thing.one("guideline"), thing.locate("guideline")
        if thing.place.file in broken:
            continue
        if name is MISSING:
            problems.append(Problem(place, "no-guideline", "没有写适用的“指引”", choice))
        elif name not in policy.guidelines and name not in policy.titles:
            known = {*policy.guidelines, *policy.titles}
            what = f"没有名为“{quote(name)}”的指引"
            problems.append(Problem(place, "unknown-guideline", what, nearest(str(name), known) or choice))


def read_things(reading: Reading, folder: Folder, parent: Thing | None, entity: str) -> Thing:
    """Return the page of an entity, with everything of its folder that belongs to it put into the world."""
    kind = reading.policy.entities[entity]
    thing = reading.world.add(Thing(reading.world, entity, parent, folder.file(kind.file)))
    raw = read_page(folder, kind)
    if raw is not None:
        parts = known_sheets(reading.policy) - {kind.label}
        take_columns(reading, folder, raw)
        own = tuple(entry for entry in raw.entries if entry.label not in {COLUMNS, *parts})
        fill_thing(reading, thing, RawThing(own, raw.place))
    for name, other in reading.policy.entities.items():
        if other.parent == entity and other.collection is None:
            read_things(reading, folder, thing, name)
        elif other.parent == entity and name != "round":
            read_parts(reading, folder, thing, name)
    return thing


def take_columns(reading: Reading, folder: Folder, raw: RawThing) -> None:
    """Keep the folder's own mapping of headings to ours; add what in it leads nowhere."""
    sheets = {sheet: entity for entity in reading.policy.entities.values() for sheet in entity.sheets}
    for entry in raw.entries:
        if entry.label != COLUMNS:
            continue
        for sheet, names in entry.raw.items() if isinstance(entry.raw, dict) else [("", entry.raw)]:
            fault = fault_in_columns(sheets.get(sheet), sheet, names, known=sheets)
            if fault:
                reading.problems.append(Problem(entry.label_place, "bad-columns", f"“{COLUMNS}”{fault[0]}", fault[1]))
            else:
                folder.columns.setdefault(sheet, {}).update(names)


def fault_in_columns(entity: Entity | None, sheet: str, names: Any, *, known: Iterable[str]) -> tuple[str, str] | None:
    """Return what is wrong with the mapping for one sheet and the remedy, or None."""
    if not isinstance(names, dict) or not all(isinstance(name, str) for name in names.values()):
        return "的写法不对", "写成“表名:”，下面缩进写“你们的列名: 我们的列名”"
    if entity is None:
        return f"里没有“{quote(sheet)}”这张表", nearest(sheet, known)
    labels = labels_of(entity)
    wrong = next((name for name in names.values() if name not in labels), None)
    return (f"里{entity.label}没有“{quote(wrong)}”这一项", nearest(wrong, labels)) if wrong is not None else None


def read_parts(reading: Reading, folder: Folder, parent: Thing, entity: str) -> None:
    """Put the rows of an entity that belongs to ``parent`` into the world."""
    kind = reading.policy.entities[entity]
    checked: set[Place | Head] = set()
    reader = RowReader(reading)
    for raw in read_rows(folder, kind, parent.kind.file):
        if not raw.labels & labels_of(kind):
            refuse_headings(reading, kind, raw, checked)
            continue
        if raw.sheet in kind.additions:
            add_to_row(reading, parent, entity, raw)
            continue
        check_columns(reading, kind, raw, checked)
        thing = find_or_add(reading, parent, entity, raw)
        if isinstance(raw, RawRow) and not thing.facts:
            reader.fill(thing, raw)
        else:
            fill_thing(reading, thing, raw)
        for name, word in kind.sheets.get(raw.sheet, {}).items():
            earlier = thing.facts.get(name, ())
            thing.facts[name] = (*earlier, word) if isinstance(earlier, tuple) and word not in earlier else earlier


def add_to_row(reading: Reading, parent: Thing, entity: str, raw: RawThing | RawRow) -> None:
    """Put what a sheet of additions states into the thing that stands elsewhere; add a problem where there is none."""
    kind = reading.policy.entities[entity]
    key = key_of(kind, raw)
    thing = reading.keyed.get((entity, id(parent), key[0])) if key else None
    if thing is not None:
        fill_thing(reading, thing, raw)
    elif key is not None:
        what = f"“{raw.sheet}”里的{kind.label}“{quote(key[0])}”不在“{next(iter(kind.sheets))}”表里"
        reading.problems.append(Problem(place_under(raw, key[1]), "unknown-row", what, "核对编号，或先在那里补上"))
    else:
        what = f"没有填“{kind.fields[str(kind.key)].label}”"
        reading.problems.append(Problem(raw.place, "no-key", what, "每一行都要有编号"))


def refuse_headings(reading: Reading, kind: Entity, raw: RawThing | RawRow, checked: set[Place | Head]) -> None:
    """Add that no heading of a sheet is known, once per sheet: the first row is probably no heading."""
    place = replace(raw.place, cell="", line=0, column=0) if raw.place.sheet else raw.place
    if place not in checked:
        advice = f"第一行写列名：{'、'.join(field.label for field in kind.fields.values() if field.required)}等"
        reading.problems.append(Problem(place, "no-headings", f"{kind.label}一列也认不出", advice))
    checked.add(place)


def check_columns(reading: Reading, kind: Entity, raw: RawThing | RawRow, checked: set[Place | Head]) -> None:
    """Add a required column that is not there, once per sheet; of rows written as a list, every row is looked at."""
    table = raw.head if isinstance(raw, RawRow) else None
    if table in checked:
        return
    place = raw.place if table is None else Place(raw.place.file, sheet=raw.place.sheet)
    checked.add(place if table is None else table)
    labels = raw.labels
    for field in kind.fields.values():
        if field.required and not labels & {field.label, *field.aliases}:
            others = sorted(label for label in labels - labels_of(kind) if quote(label) == label)
            near = nearest(field.label, others) or (f"没有用到的有“{'”“'.join(others[:FEW])}”，" if others else "")
            what = f"缺少“{field.label}”一列" if place.sheet else f"{kind.label}缺少“{field.label}”"
            advice = f"补上；{near}若是别的叫法，在“{COLUMNS}”里写明" if near else "补上"
            reading.problems.append(Problem(place, "missing-column", what, advice))


def find_or_add(reading: Reading, parent: Thing, entity: str, raw: RawThing | RawRow) -> Thing:
    """Return the thing a row describes: a new one, or (where an entity has several sheets) the one with its key."""
    kind = reading.world.entities[entity]
    key = key_of(kind, raw)
    thing = Thing(reading.world, entity, parent, NOWHERE if isinstance(raw, RawRow) else raw.place)
    if isinstance(raw, RawRow):
        thing.head, thing.row = raw.head, raw.number
    if key is None and kind.key is not None:
        what = f"没有填“{kind.fields[kind.key].label}”"
        reading.problems.append(Problem(raw.place, "no-key", what, "每一行都要有编号"))
    if key is not None:
        earlier = reading.keyed.setdefault((entity, id(parent), key[0]), thing)
        if (row := (id(earlier), raw.sheet)) in reading.rows:
            what = f"{kind.label}编号“{quote(key[0])}”重复，前一处在 {earlier.place}"
            reading.problems.append(Problem(place_under(raw, key[1]), "key-twice", what, "每一行的编号应不同"))
        elif earlier is not thing:
            reading.rows.add(row)
            return earlier
        reading.rows.add(row)
    return reading.world.add(thing)


def key_of(kind: Entity, raw: RawThing | RawRow) -> tuple[str, str] | None:
    """Return the key a row states, as text, with the label it stands under."""
    if kind.key is None:
        return None
    field = kind.fields[kind.key]
    if isinstance(raw, RawRow):
        stated = ((label, raw.values[cell.column]) for label, cell in raw.head.cells if label in field.names)
    else:
        stated = ((entry.label, entry.raw) for entry in raw.entries if entry.label in field.names)
    return next(
        ((str(parse_fact(value, field, {})), label) for label, value in stated if value not in (None, "")), None
    )


def place_under(raw: RawThing | RawRow, label: str) -> Place:
    """Return where a row states something under a label."""
    return next((entry.place for entry in raw.entries if entry.label == label and entry.raw), raw.place)


def attach_photos(reading: Reading, folder: Folder, parent: Thing) -> None:
    """Give each person the photo named like the key; doubt a photo of nobody."""
    kinds = [entity for entity, kind in reading.world.entities.items() if PHOTO in kind.fields]
    for path in sorted((folder.path / "photos").glob("*")):
        if path.suffix.lower() not in (".jpg", ".jpeg", ".png"):
            continue
        owners = [owner for kind in kinds if (owner := reading.keyed.get((kind, id(parent), path.stem)))]
        if not path.is_file():
            what = f"照片“{quote(path.name)}”不是文件"
            reading.doubts.append(Problem(folder.file("photos"), "not-a-file", what, "换成图片文件"))
            continue
        for owner in owners:
            owner.facts[PHOTO] = path.name
        if not owners:
            what = f"照片“{quote(path.name)}”没有对应的人"
            reading.doubts.append(Problem(folder.file("photos"), "unused-photo", what, "文件名写编号，如 001.jpg"))
