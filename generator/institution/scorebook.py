"""Prepare the score workbook of a round: its candidates in, a sheet to be filled and read back out.

Only the columns that the guideline's rules speak of are asked for; the name stands beside the key so that a score
given to the wrong person is noticed when the sheet is read.
"""

from collections.abc import Iterator

from generator.institution.begin import column
from generator.institution.world import Thing
from generator.policy.load import Guideline, Policy
from generator.policy.scopes import paths_in
from generator.workbooks import SheetSpec, write_workbook

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
    kind = policy.entities[SCORE]
    asked = set(asked_of(policy, guideline))
    names = [name for name, field in kind.fields.items() if field.required or name == NAME or name in asked]
    refers = next(name for name in names if kind.fields[name].to and kind.fields[name].required)
    rows = [
        [person.key if name == refers else person.facts.get(NAME) if name == NAME else None for name in names]
        for person in people
    ]
    sheet = next(iter(kind.sheets))
    return write_workbook([SheetSpec(sheet, [column(policy, kind.fields[name]) for name in names], rows)])  # type: ignore[arg-type]


def asked_of(policy: Policy, guideline: Guideline) -> Iterator[str]:
    """Yield the facts of scores that a rule of the guideline speaks of."""
    dictionary = policy.dictionary
    for rule in guideline.rules.values():
        for entity, path, _test in paths_in(rule, rule.for_each, dictionary):
            *way, name = path.split(".")
            if (dictionary.trace(entity, ".".join(way))[-1].entity if way else entity) == SCORE:
                yield name
