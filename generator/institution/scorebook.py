"""Prepare the score workbook of a round: its candidates in, a sheet to be filled and read back out.

Only the columns that the guideline's rules speak of are asked for, directly or by what follows from them; the name
stands beside the key so that a score given to the wrong person is noticed when the sheet is read.
"""

from collections.abc import Iterator

from generator.institution.begin import column
from generator.institution.missing import MISSING
from generator.institution.world import Thing
from generator.policy.load import Guideline, Policy
from generator.policy.scopes import paths_in
from generator.workbooks import CellContent, SheetSpec, write_workbook

SCORE = "score"
NAME = "name"


def unscored(round_thing: Thing) -> list[Thing]:
    """Return the people of a round that no row of scores is about, in the order of the data."""
    world = round_thing.world
    refers = next(name for name, field in world.entities[SCORE].fields.items() if field.required and field.to)
    people = str(world.entities[SCORE].fields[refers].to)
    done = {id(row.facts.get(refers)) for row in world.things[SCORE]}
    return [person for person in world.things[people] if person.parent is round_thing and id(person) not in done]


def write_scorebook(policy: Policy, guideline: Guideline, people: list[Thing]) -> bytes:
    """Return a workbook with one row for each person, scores left blank."""
    return write_workbook([score_sheet(policy, guideline, people)])


def score_names(policy: Policy, guideline: Guideline) -> list[str]:
    """Return the facts of a score that its sheet has columns for, in the order of the dictionary."""
    asked = set(asked_of(policy, guideline))
    fields = policy.entities[SCORE].fields
    return [name for name, field in fields.items() if field.required or name == NAME or name in asked]


def score_sheet(policy: Policy, guideline: Guideline, people: list[Thing]) -> SheetSpec:
    """Return the sheet with one row for each person, with what is stated of their scores."""
    kind = policy.entities[SCORE]
    names = score_names(policy, guideline)
    refers = next(name for name in names if kind.fields[name].to and kind.fields[name].required)
    rows = [[tell_score(person, name, refers) for name in names] for person in people]
    return SheetSpec(next(iter(kind.sheets)), [column(policy, kind.fields[name]) for name in names], rows)


def tell_score(person: Thing, name: str, refers: str) -> CellContent:
    """Return what a cell of a person's row holds: the key, the name, or what is stated."""
    if name in (refers, NAME):
        return person.key if name == refers else str(person.facts.get(NAME, ""))
    row = next((row for row in person.world.things[SCORE] if row.facts.get(refers) is person), None)
    value = row.show(name) if row else MISSING
    if isinstance(value, Thing):
        return value.key
    if isinstance(value, bool):
        return "是" if value else "否"
    return value if isinstance(value, str | int | float) else None


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
