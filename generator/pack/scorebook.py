"""The score summary as a workbook: a round in; a sheet to fill, with means and grades reckoned, and the results out.

The first sheet is the one that is read back from the round's ``scores`` folder. The second follows it by formulas made
of the guideline's own rules, row by row found by the candidate's key, so that sorting the first does no harm.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from generator.check.evaluate import evaluate_all
from generator.check.formulas import Asked, Cell, UnwritableError, number, write_all_of
from generator.check.rules import RuleScene
from generator.check.scores import RESULT, reckons
from generator.institution.scorebook import NAME, SCORE, score_names, score_sheet
from generator.institution.world import Thing
from generator.policy.load import Guideline
from generator.policy.predicates import GradedTest, MeanTest
from generator.policy.values import Quantity, Table
from generator.policy.vocabulary import Derived
from generator.tables import cell_name
from generator.workbooks import CellContent, ColumnSpec, Formula, SheetSpec, write_workbook

FILE = "成绩.xlsx"
RESULTS = "结果说明"  # a name that tells the reader of data to leave the sheet alone
SHOWN = {True: "合格", False: "不合格", None: ""}
ROW = "$C"  # the column of the results that says in which row of the scores a candidate stands


def write_score_workbook(scene: RuleScene, round_thing: Thing) -> bytes:
    """Return the workbook of all people of a round."""
    world = round_thing.world
    fields = world.entities[SCORE].fields
    people_kind = next(str(field.to) for field in fields.values() if field.required and field.to)
    people = [person for person in world.things[people_kind] if person.parent is round_thing]
    names = score_names(scene.policy, scene.guideline)
    sheet = with_formulas(score_sheet(scene.policy, scene.guideline, people), names, scene)
    return write_workbook([sheet, *results(sheet.name, names, people, scene)])


def with_formulas(sheet: SheetSpec, names: list[str], scene: RuleScene) -> SheetSpec:
    """Return the sheet with formulas in the empty cells of scores that follow from others of the row."""
    rows = [list(row) for row in sheet.rows]
    for name, text in reckoned(scene.guideline, names):
        for position, row in enumerate(rows):
            if row[names.index(name)] is None:
                references = {other: cell_name(position + 1, column) for column, other in enumerate(names)}
                row[names.index(name)] = Formula("=" + text.format_map(references))
    return replace(sheet, rows=rows)


def reckoned(guideline: Guideline, names: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the scores that one rule lets follow from others, with the formula over the cells of a row."""
    for rule in guideline.rules.values():
        test = rule.require[0] if rule.for_each == SCORE and len(rule.require) == 1 else None
        if isinstance(test, MeanTest) and {test.is_of, *test.mean} <= set(names):
            listed = ",".join(f"{{{name}}}" for name in test.mean)
            yield test.is_of, f'IF(COUNT({listed})={len(test.mean)},AVERAGE({listed}),"")'
        if isinstance(test, GradedTest) and {test.graded, test.by} <= set(names):
            table = rule.values[test.table]
            if isinstance(table, Table) and all(isinstance(cell, Quantity) for _label, cell in table.rows):
                yield test.graded, grade_formula(test.by, table)


def grade_formula(by: str, table: Table) -> str:
    """Return the formula that gives the score of a grade."""
    formula = '""'
    for label, cell in reversed(table.rows):
        assert isinstance(cell, Quantity)
        formula = f'IF({{{by}}}="{label}",{number(cell.number)},{formula})'
    return formula


def results(sheet: str, names: list[str], people: list[Thing], scene: RuleScene) -> list[SheetSpec]:
    """Return the sheet of results; none where the guideline says nothing of them that a formula could say."""
    derived = people[0].kind.derived.get(RESULT) if people else None
    if derived is None or not reckons(scene, derived.holds):
        return []
    try:
        rows: list[list[CellContent]] = [
            [person.key, str(person.facts.get(NAME, "")), find_row(sheet, row), judge(person, cells, derived, scene)]
            for row, person in enumerate(people, start=2)
            for cells in [cells_of(sheet, names, scene, row)]
        ]
    except UnwritableError:
        return []
    note = "按指引的合格标准由成绩推算；成绩不全的空着"
    columns = [
        ColumnSpec(people[0].kind.label, text=True, width=14),
        ColumnSpec(people[0].kind.fields[NAME].label, text=True),
        ColumnSpec("所在行"),
        ColumnSpec(derived.label, note),
    ]
    return [SheetSpec(RESULTS, columns, rows, protect=True)]


def find_row(sheet: str, row: int) -> Formula:
    """Return the formula for where a candidate stands in the scores; one who is taken out stands in the empty end."""
    return Formula(f"=IFERROR(MATCH($A{row},'{sheet}'!$A:$A,0),ROWS('{sheet}'!$A:$A))", row)


def cells_of(sheet: str, names: list[str], scene: RuleScene, row: int) -> Mapping[str, Cell]:
    """Return where the scores of the candidate in a row of the results stand, by path from the candidate."""
    kind = scene.policy.entities[SCORE]
    cells = {}
    for position, name in enumerate(names):
        letters = cell_name(0, position).rstrip("1")
        terms = kind.fields[name].terms
        labels = scene.policy.labels(terms) if terms else {}
        cells[f"{kind.collection}.{name}"] = Cell(f"INDEX('{sheet}'!${letters}:${letters},{ROW}{row})", labels)
    return cells


def judge(person: Thing, cells: Mapping[str, Cell], derived: Derived, scene: RuleScene) -> Formula:
    """Return the formula of a result, with what it gives now."""
    tests = scene.for_counting()
    worth = write_all_of(Asked(person, tests, cells), derived.holds)
    now = evaluate_all(person, derived.holds, tests).holds
    return Formula(f'=CHOOSE(1+2*{worth},"{SHOWN[False]}","{SHOWN[None]}","{SHOWN[True]}")', SHOWN[now])
