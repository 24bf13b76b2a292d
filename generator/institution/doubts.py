"""Doubts about people that no single cell shows: one ID twice in a list, sex or birth date other than the ID says."""

from collections.abc import Iterator
from datetime import date

from generator import identity
from generator.institution.world import Thing, World
from generator.problems import Problem

ID = "id_no"
SEX = "sex"
BORN = "born_on"


def doubt_people(world: World) -> Iterator[Problem]:
    """Yield a doubt for each person whose ID stands twice in the same list, or says something else than the row."""
    seen: dict[tuple[str, int, object], Thing] = {}
    for entity, things in world.things.items():
        for thing in things if ID in world.entities[entity].fields else ():
            number = thing.facts.get(ID)
            if not isinstance(number, str):
                continue
            earlier = seen.setdefault((entity, id(thing.parent), number), thing)
            if earlier is not thing:
                what = f"{thing.title}的身份证号与{earlier.title}（{earlier.locate(ID)}）相同"
                yield Problem(thing.locate(ID), "doubtful-same-id", what, "重复的删去；同一人报几个项目的不必改")
            yield from compare_with_id(thing, number)


def compare_with_id(thing: Thing, number: str) -> Iterator[Problem]:
    """Yield a doubt where the sex or birth date of a row is not what its valid ID holds."""
    if SEX not in thing.facts and BORN not in thing.facts:
        return
    held = identity.read_resident_id(number)
    if held is None:
        return
    born, sex = held
    stated = thing.show(SEX) if SEX in thing.facts else None
    if stated and stated != sex:
        yield Problem(thing.locate(SEX), "doubtful-person", f"{thing.title}的性别与身份证号不符", "核对证件")
    day = thing.facts.get(BORN)
    if isinstance(day, date) and day != born:
        yield Problem(thing.locate(BORN), "doubtful-person", f"{thing.title}的出生日期与身份证号不符", "核对证件")
