"""Prepare the sheets people fill with scores: the people of a round in, a sheet with a row for each out.

Only the columns that the guideline's rules speak of are asked for, directly or by what follows from them; the name
stands beside the key so that a score given to the wrong person is noticed when the sheet is read.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from generator.institution.begin import column
from generator.institution.world import Thing
from generator.policy.load import Guideline, Policy
from generator.policy.scopes import paths_in
from generator.policy.vocabulary import Entity
from generator.tables import cell_name
from generator.workbooks import CellContent, SheetSpec, write_workbook

SCORE = "score"
NAME = "name"


@dataclass(frozen=True)
class FillSheet:
    """A sheet to fill: whose facts its columns hold, in what order, and whom each row is about.

    ``refers`` names the column that leads to the people where the rows are things of their own (scores).
    """

    name: str
    kind: Entity
    columns: tuple[str, ...]
    people: tuple[Thing, ...]
    refers: str | None = None

    def spec(self, policy: Policy) -> SheetSpec:
        """Return the sheet with what is stated already."""
        columns = [column(policy, self.kind.fields[name]) for name in self.columns]
        rows = [[self.content(person, name) for name in self.columns] for person in self.people]
        return SheetSpec(self.name, columns, rows)

    def content(self, person: Thing, name: str) -> CellContent:
        """Return what a cell of a person's row holds: the key, the name, or what is stated."""
        if name == self.refers:
            return person.key
        if name == NAME:
            return str(person.facts.get(NAME, ""))
        value = self.row(person).show(name)
        if isinstance(value, Thing):
            return value.key
        if isinstance(value, bool):
            return "是" if value else "否"
        return value if isinstance(value, str | int | float) else None

    def row(self, person: Thing) -> Thing:
        """Return the thing a person's row is; one of which nothing more is known where none is stated yet."""
        if self.refers is None:
            return person
        rows = person.world.things[SCORE]
        stated = next((row for row in rows if row.facts.get(self.refers) is person), None)
        return stated or self.begin(person)

    def begin(self, person: Thing) -> Thing:
        """Return a row of a person that belongs to no world yet."""
        row = Thing(person.world, SCORE, person.parent)
        row.facts[str(self.refers)] = person
        return row

    def cell(self, row: int, name: str) -> str:
        """Return the reference of a cell of the sheet, the first person's row being 1."""
        return cell_name(row, self.columns.index(name))

    def letters(self, name: str) -> str:
        """Return the letters of a column."""
        return cell_name(0, self.columns.index(name)).rstrip("1")


def people_of(round_thing: Thing, entity: str) -> tuple[Thing, ...]:
    """Return the things of an entity that belong to a round, in the order of the data."""
    return tuple(thing for thing in round_thing.world.things[entity] if thing.parent is round_thing)


def score_target(entities: Mapping[str, Entity]) -> tuple[str, str]:
    """Return the field of a score that names whose it is, and the entity it leads to."""
    fields = entities[SCORE].fields
    return next((name, str(field.to)) for name, field in fields.items() if field.required and field.to)


def fill_sheet(sheet: str, policy: Policy, guideline: Guideline, round_thing: Thing) -> FillSheet | None:
    """Return the sheet of this name over all people of a round; None where the dictionary has no such sheet."""
    if sheet in policy.entities[SCORE].sheets:
        return score_sheet(policy, guideline, people_of(round_thing, score_target(policy.entities)[1]))
    for name, kind in policy.entities.items():
        if sheet in kind.additions:
            return FillSheet(sheet, kind, (str(kind.key), *kind.additions[sheet]), people_of(round_thing, name))
    return None


def score_sheet(policy: Policy, guideline: Guideline, people: tuple[Thing, ...]) -> FillSheet:
    """Return the sheet of scores, with the columns that the guideline's rules speak of."""
    kind = policy.entities[SCORE]
    asked = set(asked_of(policy, guideline))
    names = [name for name, field in kind.fields.items() if field.required or name == NAME or name in asked]
    return FillSheet(next(iter(kind.sheets)), kind, tuple(names), people, score_target(policy.entities)[0])


def unscored(round_thing: Thing) -> tuple[Thing, ...]:
    """Return the people of a round that no row of scores is about, in the order of the data."""
    refers, entity = score_target(round_thing.world.entities)
    done = {id(row.facts.get(refers)) for row in round_thing.world.things[SCORE]}
    return tuple(person for person in people_of(round_thing, entity) if id(person) not in done)


def write_scorebook(policy: Policy, guideline: Guideline, people: tuple[Thing, ...]) -> bytes:
    """Return a workbook with one row for each person, scores left blank."""
    return write_workbook([score_sheet(policy, guideline, people).spec(policy)])


def asked_of(policy: Policy, guideline: Guideline) -> Iterator[str]:
    """Yield the facts of scores that a rule of the guideline speaks of."""
    dictionary = policy.dictionary
    scores = f"{policy.entities[SCORE].collection}."
    for rule in guideline.rules.values():
        for entity, path, _test in paths_in(rule, rule.for_each, dictionary):
            *way, name = path.split(".")
            if (dictionary.trace(entity, ".".join(way))[-1].entity if way else entity) == SCORE:
                yield name
            derived = policy.entities[entity].derived.get(path)
            firsts = derived.first if derived else []
            yield from (first.removeprefix(scores) for first in firsts if first.startswith(scores))
