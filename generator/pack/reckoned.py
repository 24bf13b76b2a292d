"""Reckon cells that follow from others of their row: the guideline's rules in, formulas with their present results out.

A mean, a weighted total, the score of a grade and a rank follow; each is written by the rule that checks it, so that
the sheet and the checker cannot differ.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from generator.check.evaluate import evaluate_all
from generator.check.formulas import number
from generator.check.reckoning import round_to_cents
from generator.check.rules import RuleScene
from generator.institution.scorebook import FillSheet
from generator.institution.world import Thing
from generator.policy.load import Guideline
from generator.policy.predicates import AbsentTest, GradedTest, MeanTest, Predicate, RankedTest, WeightedTest
from generator.policy.records import Rule
from generator.policy.scopes import paths_of
from generator.policy.values import Quantity, Table
from generator.workbooks import CellContent, Formula, SheetSpec

Numbers = list[Fraction]
Cell = tuple[str, Fraction | None]  # a formula without equals sign, empty where none can say it; what it gives now
NONE: Cell = ("", None)


@dataclass(frozen=True)
class Place:
    """A row of the sheet: its position, and the thing it is."""

    position: int
    thing: Thing


def with_formulas(spec: SheetSpec, sheet: FillSheet, scene: RuleScene) -> SheetSpec:
    """Return the sheet with a formula wherever a cell is empty, or holds just what the formula gives."""
    rows = [list(row) for row in spec.rows]
    for name, rule in rules_about(sheet, scene.guideline):
        for position, (row, person) in enumerate(zip(rows, sheet.people, strict=True), start=1):
            place = Place(position, sheet.row(person))
            if not applies(rule, place.thing, sheet, scene.for_rule(name)):
                continue
            for test in rule.require:
                if (column := result_of(test)) in sheet.columns:
                    position_of = sheet.columns.index(str(column))
                    row[position_of] = fill(row[position_of], reckon(sheet, test, place, scene.for_rule(name)))
    return replace(spec, rows=rows)


def rules_about(sheet: FillSheet, guideline: Guideline) -> Iterator[tuple[str, Rule]]:
    """Yield the rules that let a column of the sheet follow from others, by name."""
    entity = sheet.row(sheet.people[0]).entity
    for name, rule in guideline.rules.items():
        if rule.for_each == entity and any(result_of(test) in sheet.columns for test in rule.require):
            yield name, rule


def result_of(test: Predicate) -> str | None:
    """Return the fact that a predicate lets follow from others."""
    if isinstance(test, MeanTest | WeightedTest):
        return test.is_of
    if isinstance(test, RankedTest):
        return test.ranked
    return test.graded if isinstance(test, GradedTest) else None


def applies(rule: Rule, thing: Thing, sheet: FillSheet, scene: RuleScene) -> bool:
    """Return whether a rule may apply, whatever will be filled in."""
    dictionary, columns = thing.world.dictionary, set(sheet.columns)
    known = [t for t in rule.when if not columns & {path for _e, path, _t in paths_of([t], thing.entity, dictionary)}]
    return evaluate_all(thing, known, scene).holds is not False


def fill(stated: CellContent, reckoned: Cell) -> CellContent:
    """Return a cell's formula, or what is stated where that differs (a mistake, or equals put in order)."""
    formula, result = reckoned
    shown = "" if result is None else float(result)
    if not formula or (stated is not None and stated != shown):
        return stated
    return Formula(f"={formula}", shown)


def reckon(sheet: FillSheet, test: Predicate, place: Place, scene: RuleScene) -> Cell:
    """Return what follows by a predicate in a row."""
    if isinstance(test, MeanTest):
        return reckon_mean(sheet, test, place)
    if isinstance(test, WeightedTest):
        return reckon_weighted(sheet, test, place)
    if isinstance(test, RankedTest):
        return reckon_rank(sheet, test, place)
    assert isinstance(test, GradedTest)
    table = scene.values[test.table]
    return reckon_grade(sheet, test, place, table) if isinstance(table, Table) else NONE


def numbers_at(paths: Iterable[str], thing: Thing) -> Numbers | None:
    """Return the numbers that paths lead to, or None where one is not stated."""
    found = [thing.follow(path) for path in paths]
    numbers = [value for value in found if isinstance(value, Fraction)]
    return numbers if len(numbers) == len(found) else None


def reckon_mean(sheet: FillSheet, test: MeanTest, place: Place) -> Cell:
    """Return the mean."""
    if not set(test.mean) <= set(sheet.columns):
        return NONE
    listed = ",".join(sheet.cell(place.position, name) for name in test.mean)
    numbers = numbers_at(test.mean, place.thing)
    result = sum(numbers, Fraction(0)) / len(numbers) if numbers else None
    return f'IF(COUNT({listed})={len(test.mean)},AVERAGE({listed}),"")', result


def reckon_weighted(sheet: FillSheet, test: WeightedTest, place: Place) -> Cell:
    """Return the weighted total to two decimals; the shares, and scores known from elsewhere, are constants."""
    shares = numbers_at(test.shares, place.thing)
    counted = [(path, share) for path, share in zip(test.weighted, shares or (), strict=False) if share]
    cells = [sheet.cell(place.position, path) for path, _share in counted if path in sheet.columns]
    terms = [weigh(sheet, path, share, place) for path, share in counted]
    if not cells or not all(terms):
        return NONE
    formula = f'IF(COUNT({",".join(cells)})={len(cells)},ROUND(({"+".join(terms)})/100,2),"")'
    scores = numbers_at((path for path, _share in counted), place.thing)
    if scores is None:
        return formula, None
    total = sum((score * share for score, (_path, share) in zip(scores, counted, strict=True)), Fraction(0))
    return formula, round_to_cents(total / 100)


def weigh(sheet: FillSheet, path: str, share: Fraction, place: Place) -> str:
    """Return one part of a weighted total as a formula; nothing where the score stands nowhere."""
    if path in sheet.columns:
        return f"{sheet.cell(place.position, path)}*{number(share)}"
    known = place.thing.follow(path)
    return f"{number(known)}*{number(share)}" if isinstance(known, Fraction) else ""


def reckon_grade(sheet: FillSheet, test: GradedTest, place: Place, table: Table) -> Cell:
    """Return the score of a grade, where each grade has one."""
    cells = [(label, cell.number) for label, cell in table.rows if isinstance(cell, Quantity)]
    if test.by not in sheet.columns or len(cells) < len(table.rows):
        return NONE
    formula = '""'
    for label, score in reversed(cells):
        formula = f'IF({sheet.cell(place.position, test.by)}="{label}",{number(score)},{formula})'
    return formula, dict(cells).get(str(place.thing.show(test.by)))


def reckon_rank(sheet: FillSheet, test: RankedTest, place: Place) -> Cell:
    """Return the rank, equals sharing theirs."""
    criteria = alike(sheet, test.of, place)
    if not criteria or test.by not in sheet.columns:
        return NONE
    own, column = sheet.cell(place.position, test.by), sheet.letters(test.by)
    formula = f'IF(ISNUMBER({own}),COUNTIFS({criteria},${column}:${column},">"&{own})+1,"")'
    rows, mine = place.thing.follow(test.of), place.thing.follow(test.by)
    if not isinstance(mine, Fraction) or not isinstance(rows, list | tuple):
        return formula, None
    scores = [row.follow(test.by) for row in rows if isinstance(row, Thing)]
    return formula, Fraction(1 + sum(score > mine for score in scores if isinstance(score, Fraction)))


def alike(sheet: FillSheet, path: str, place: Place, *, on: str = "", own: str = "") -> str:
    """Return the criteria, as COUNTIFS takes them, of the rows that a path such as ``event.starters`` leads to.

    They are those of the sheet that name the same thing and of which nothing is said that must not be; empty where
    the path is of another kind. A formula on another sheet gives the sheet (``on``) and the cell with the thing's key.
    """
    refers, _dot, name = path.partition(".")
    field = sheet.kind.fields.get(refers)
    derived = place.thing.world.entities[str(field.to)].derived.get(name) if field and field.to else None
    if derived is None or derived.rows != sheet.kind.collection or refers not in sheet.columns:
        return ""
    criteria = [f"{on}${sheet.letters(refers)}:${sheet.letters(refers)},{own or sheet.cell(place.position, refers)}"]
    for test in derived.where:
        if not isinstance(test, AbsentTest) or not all(is_yes_no(sheet, name) for name in test.absent):
            return ""
        criteria += [f'{on}${sheet.letters(name)}:${sheet.letters(name)},"<>是"' for name in test.absent]
    return ",".join(criteria)


def is_yes_no(sheet: FillSheet, name: str) -> bool:
    """Return whether a column holds yes or no."""
    return name in sheet.columns and sheet.kind.fields[name].type == "yes-no"
