"""A summary as a workbook: a round in; a sheet to fill, with what follows reckoned, and the results out.

The first sheet is the one that is read back from the round's ``scores`` folder. The second follows it by formulas made
of the guideline's own rules, row by row found by the key of the person, so that sorting the first does no harm. A
document says in ``workbook`` which sheet it is filled in, and which derived facts are its results.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from generator.check.evaluate import evaluate_all
from generator.check.formulas import Asked, Cell, UnwritableError, write_all_of
from generator.check.judging import JUDGED
from generator.check.rules import RuleScene
from generator.check.scores import reckons
from generator.institution.scorebook import NAME, FillSheet, fill_sheet
from generator.institution.world import Thing
from generator.pack.judgebook import write_judge_book
from generator.pack.reckoned import Place, alike, with_formulas
from generator.policy.scopes import paths_of, walk
from generator.policy.vocabulary import Derived
from generator.workbooks import CellContent, ColumnSpec, Formula, SheetSpec, write_workbook

RESULTS = "结果说明"  # a name that tells the reader of data to leave the sheet alone
SHOWN = {True: "是", False: "否", None: ""}
ROW = "$C"  # the column of the results that says in which row of the first sheet somebody stands
NOTE = "按指引的规定由所填的推算；没有填全的空着"


@dataclass(frozen=True)
class Workbook:
    """What a document says of its workbook: the sheet to fill, and the labels of the facts that are its results."""

    sheet: str
    results: Sequence[str] = ()


def write_fill_book(book: Workbook, scene: RuleScene, round_thing: Thing) -> bytes | None:
    """Return the workbook over all people of a round; None where nobody is in it or the sheet is unknown."""
    if book.sheet in scene.policy.entities[JUDGED].sheets:
        return write_judge_book(scene, round_thing)
    sheet = fill_sheet(book.sheet, scene.policy, scene.guideline, round_thing)
    if sheet is None or not sheet.people:
        return None
    first = with_formulas(sheet.spec(scene.policy), sheet, scene)
    return write_workbook([first, *results(book, sheet, scene)])


def results(book: Workbook, sheet: FillSheet, scene: RuleScene) -> list[SheetSpec]:
    """Return the sheet of results; none where the guideline says nothing of them that a formula could say."""
    derived = {one.label: one for one in sheet.people[0].kind.derived.values()}
    told = [derived[label] for label in book.results if reckons(scene, derived[label].holds)]
    rows: list[list[CellContent]] = []
    try:
        for row, person in enumerate(sheet.people, start=2):
            cells = cells_of(sheet, scene, row, told)
            found = find_row(sheet.name, row)
            rows.append(
                [person.key, str(person.facts.get(NAME, "")), found, *(judge(person, cells, d, scene) for d in told)]
            )
    except UnwritableError:
        return []
    kind = sheet.people[0].kind
    columns = [
        ColumnSpec(kind.fields[str(kind.key)].label, text=True, width=14),
        ColumnSpec(kind.fields[NAME].label, text=True),
        ColumnSpec("所在行"),
        *(ColumnSpec(one.label, NOTE) for one in told),
    ]
    return [SheetSpec(RESULTS, columns, rows, protect=True)] if told else []


def find_row(sheet: str, row: int) -> Formula:
    """Return the formula for where somebody stands in the first sheet; one taken out stands in the empty end."""
    return Formula(f"=IFERROR(MATCH($A{row},'{sheet}'!$A:$A,0),ROWS('{sheet}'!$A:$A))", row)


def cells_of(sheet: FillSheet, scene: RuleScene, row: int, told: Sequence[Derived]) -> Mapping[str, Cell]:
    """Return where the facts that are filled in stand, by path from the person in a row of the results."""
    prefix = f"{sheet.kind.collection}." if sheet.refers else ""
    cells = {}
    for name in sheet.columns:
        field = sheet.kind.fields[name]
        if not field.to:
            labels = scene.policy.labels(field.terms) if field.terms else {}
            cells[prefix + name] = Cell(stands_at(sheet, name, row), labels)
    person = sheet.people[row - 2]
    for path in paths_told(person, told, scene) if not sheet.refers else ():
        refers, _dot, _name = path.partition(".")
        own = stands_at(sheet, refers, row) if refers in sheet.columns else ""
        criteria = alike(sheet, path, Place(row, person), on=f"'{sheet.name}'!", own=own)
        if criteria:
            cells[path] = Cell(f"COUNTIFS({criteria})", {})
    return cells


def stands_at(sheet: FillSheet, name: str, row: int) -> str:
    """Return the reference of a fact in the first sheet, seen from a row of the results."""
    column = sheet.letters(name)
    return f"INDEX('{sheet.name}'!${column}:${column},{ROW}{row})"


def paths_told(person: Thing, told: Sequence[Derived], scene: RuleScene) -> set[str]:
    """Return the paths that results hang on, also by way of rules and other derived facts."""
    found: set[str] = set()
    waiting = [(person.entity, one.holds) for one in told]
    while waiting:
        entity, tests = waiting.pop()
        for owner, path, _test in paths_of(tests, entity, scene.policy.dictionary):
            derived = scene.policy.entities[owner].derived.get(path)
            if derived and derived.holds and path not in found:
                waiting.append((owner, derived.holds))
            found.add(path)
        named = {str(test.meets) for test in walk(tests) if hasattr(test, "meets")}
        waiting += [(entity, scene.guideline.rules[name].require) for name in sorted(named - found)]
        found |= named
    return {path for path in found if "." in path and "#" not in path}


def judge(person: Thing, cells: Mapping[str, Cell], derived: Derived, scene: RuleScene) -> Formula:
    """Return the formula of a result, with what it gives now."""
    tests = scene.for_counting()
    worth = write_all_of(Asked(person, tests, cells), derived.holds)
    now = evaluate_all(person, derived.holds, tests).holds
    return Formula(f'=CHOOSE(1+2*{worth},"{SHOWN[False]}","{SHOWN[None]}","{SHOWN[True]}")', SHOWN[now])
