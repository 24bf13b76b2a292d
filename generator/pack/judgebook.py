"""The workbook of a merit review: a round in; a sheet for the points of every judge, and what they come to, out.

The first sheet is the one that is read back. The others follow it by formulas: what each judge gave in each module,
and the mean over the judges who scored, by which candidates are compared.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from generator.check.judging import JUDGED, Item, list_items
from generator.check.reckoning import round_to_cents
from generator.check.rules import RuleScene
from generator.institution.begin import column
from generator.institution.world import Thing
from generator.tables import cell_name
from generator.workbooks import CellContent, ColumnSpec, Formula, SheetSpec, write_workbook

# names that tell the reader of data to leave the sheets alone
ITEMS, JUDGES, SUMMARY = "评分项目说明", "评委汇总说明", "评分汇总说明"
ROOM = 300  # rows for judges or candidates that are added
GIVEN = ("candidate", "candidate_name", "judge", "judge_name", "item", "band", "points", "scored_on")
TOTAL = "合计"


@dataclass(frozen=True)
class Review:
    """A merit review: its items, its candidates, those who score them, and the points given so far."""

    sheet: str
    items: Sequence[Item]
    candidates: Sequence[Thing]
    judges: Sequence[Thing]
    given: dict[tuple[Thing, Thing, str], Thing]

    @property
    def modules(self) -> dict[str, tuple[int, int]]:
        """Return the modules with their first and last row on the sheet of items."""
        rows: dict[str, list[int]] = defaultdict(list)
        for number, item in enumerate(self.items, start=2):
            rows[item.module].append(number)
        return {module: (numbers[0], numbers[-1]) for module, numbers in rows.items()}

    @property
    def last(self) -> int:
        """Return the last row of the first sheet that the formulas look at."""
        return 1 + len(self.items) * len(self.candidates) * len(self.judges) + ROOM

    def points(self, candidate: Thing, judge: Thing, module: str) -> list[Fraction]:
        """Return what a judge gave a candidate, in one module or in all."""
        rows = [self.given.get((candidate, judge, i.name)) for i in self.items if module in (TOTAL, i.module)]
        return [points for row in rows if row and isinstance(points := row.facts.get("points"), Fraction)]


def write_judge_book(scene: RuleScene, round_thing: Thing) -> bytes | None:
    """Return the workbook of a round's merit review; None where nobody is reviewed, or nobody reviews."""
    review = open_review(scene, round_thing)
    if not review.items or not review.candidates or not review.judges:
        return None
    return write_workbook([score_rows(scene, review), judge_rows(review), summary_rows(review), item_rows(review)])


def open_review(scene: RuleScene, round_thing: Thing) -> Review:
    """Return what the data say of the merit review."""
    kind = scene.policy.entities[JUDGED]
    candidates, voters = round_thing.one("merit_nominees"), round_thing.one("voters")
    judges = [voter.facts.get("staff") for voter in voters] if isinstance(voters, list) else []
    given = {
        (row.facts["candidate"], row.facts["judge"], str(row.facts.get("item", ""))): row
        for row in round_thing.world.things[JUDGED]
        if row.parent is round_thing
    }
    return Review(
        next(iter(kind.sheets)),
        list_items(scene.policy, scene.guideline, round_thing),
        candidates if isinstance(candidates, list) else [],
        [judge for judge in judges if isinstance(judge, Thing)],
        given,  # type: ignore[arg-type]
    )


def score_rows(scene: RuleScene, review: Review) -> SheetSpec:
    """Return the sheet to fill: a row for each item that a judge scores a candidate on."""
    kind = scene.policy.entities[JUDGED]
    columns = [column(scene.policy, kind.fields[name]) for name in GIVEN]
    choices = {"item": tuple(item.name for item in review.items), "band": band_names(review.items)}
    columns = [
        ColumnSpec(spec.heading, spec.note, choices.get(name, spec.choices), spec.text, spec.day)
        for name, spec in zip(GIVEN, columns, strict=True)
    ]
    rows = [
        score_row(review, candidate, judge, item)
        for candidate in review.candidates
        for judge in review.judges
        for item in review.items
    ]
    return SheetSpec(review.sheet, columns, rows)


def band_names(items: Sequence[Item]) -> tuple[str, ...]:
    """Return the names of bands, the highest first."""
    return tuple(f"第{number}档" for number in range(1, 1 + max((len(item.bands) for item in items), default=0)))


def score_row(review: Review, candidate: Thing, judge: Thing, item: Item) -> list[CellContent]:
    """Return one row with what is stated already."""
    row = review.given.get((candidate, judge, item.name))
    stated = [row.show(name) if row and name in row.facts else None for name in GIVEN[GIVEN.index("band") :]]
    known = [value if isinstance(value, str | int | float | date) else None for value in stated]
    return [candidate.key, str(candidate), judge.key, str(judge), item.name, *known]


def judge_rows(review: Review) -> SheetSpec:
    """Return what each judge gave each candidate, by module and together, with what is still lacking."""
    columns = [ColumnSpec(head, text=True) for head in ("考生", "姓名", "评委", "评委姓名")]
    columns += [ColumnSpec(name) for name in (*review.modules, TOTAL)]
    columns.append(ColumnSpec("核对", "漏评、重复和超过配分的在这里提示", width=24))
    rows: list[list[CellContent]] = []
    for candidate in review.candidates:
        for judge in review.judges:
            rows.append(judge_row(review, candidate, judge, number=len(rows) + 2))
    return SheetSpec(JUDGES, columns, rows, protect=True)


def judge_row(review: Review, candidate: Thing, judge: Thing, *, number: int) -> list[CellContent]:
    """Return one row of what a judge gave."""
    spans = {**review.modules, TOTAL: (2, len(review.items) + 1)}
    cells = [
        Formula(f"={sum_given(review, span, number)}", result_of(review.points(candidate, judge, module)))
        for module, span in spans.items()
    ]
    return [candidate.key, str(candidate), judge.key, str(judge), *cells, check_given(review, number)]


def result_of(points: Sequence[Fraction]) -> float | str:
    """Return a sum as a cell shows it."""
    return float(sum(points, Fraction(0))) if points else ""


def mask(review: Review, span: tuple[int, int], number: int) -> str:
    """Return the factors that pick a judge's points for a candidate on some items."""
    sheet, last = review.sheet, review.last
    return (
        f"('{sheet}'!$A$2:$A${last}=$A{number})*('{sheet}'!$C$2:$C${last}=$C{number})"
        f"*ISNUMBER(MATCH('{sheet}'!$E$2:$E${last},'{ITEMS}'!$B${span[0]}:$B${span[1]},0))"
        f"*ISNUMBER('{sheet}'!$G$2:$G${last})"
    )


def sum_given(review: Review, span: tuple[int, int], number: int) -> str:
    """Return the formula of what a judge gave on some items; empty while nothing is given."""
    picked = mask(review, span, number)
    return f"IF(SUMPRODUCT({picked})=0,\"\",SUMPRODUCT({picked},'{review.sheet}'!$G$2:$G${review.last}))"


def check_given(review: Review, number: int) -> Formula:
    """Return the formula that says what is lacking, double, or too much."""
    sheet, last, end = review.sheet, review.last, len(review.items) + 1
    picked = mask(review, (2, end), number)
    most = f"SUMIF('{ITEMS}'!$B$2:$B${end},'{sheet}'!$E$2:$E${last},'{ITEMS}'!$C$2:$C${end})"
    over = f"SUMPRODUCT({picked}*('{sheet}'!$G$2:$G${last}>{most}))" if all(i.most for i in review.items) else "0"
    count = f"SUMPRODUCT({picked})"
    told = f'IF({over}>0,"有"&{over}&"项超过配分","")'
    return Formula(
        f'=IF({count}=0,"未评",IF({count}<{end - 1},"缺"&({end - 1}-{count})&"项",'
        f'IF({count}>{end - 1},"有重复",{told})))'
    )


def summary_rows(review: Review) -> SheetSpec:
    """Return the mean over the judges of each candidate, by module and together."""
    heads = [*review.modules, "总分"]
    columns = [ColumnSpec("考生", text=True), ColumnSpec("姓名", text=True)]
    columns += [ColumnSpec(head, "各评委评分的平均数，保留两位小数") for head in heads]
    columns += [ColumnSpec("评委数"), ColumnSpec("核对", width=24)]
    rows = [summary_row(review, candidate, number) for number, candidate in enumerate(review.candidates, start=2)]
    return SheetSpec(SUMMARY, columns, rows, protect=True)


def summary_row(review: Review, candidate: Thing, number: int) -> list[CellContent]:
    """Return one candidate's row."""
    end = 1 + len(review.candidates) * len(review.judges)
    own = f"('{JUDGES}'!$A$2:$A${end}=$A{number})"
    cells: list[CellContent] = []
    for position, module in enumerate((*review.modules, TOTAL), start=4):
        letters = cell_name(0, position).rstrip("1")
        given = f"'{JUDGES}'!${letters}$2:${letters}${end}"
        count = f"SUMPRODUCT({own}*ISNUMBER({given}))"
        sums = [review.points(candidate, judge, module) for judge in review.judges]
        cells.append(Formula(f'=IF({count}=0,"",ROUND(SUMPRODUCT(1*{own},{given})/{count},2))', mean_of(sums)))
    totals, notes = (cell_name(0, 4 + n + len(review.modules)).rstrip("1") for n in (0, 1))
    scored = Formula(f"=SUMPRODUCT({own}*ISNUMBER('{JUDGES}'!${totals}$2:${totals}${end}))")
    wrong = f"SUMPRODUCT({own}*('{JUDGES}'!${notes}$2:${notes}${end}<>\"\"))"
    told = Formula(f'=IF({wrong}>0,"有"&{wrong}&"名评委未评完或有误","")')
    return [candidate.key, str(candidate), *cells, scored, told]


def mean_of(sums: Sequence[Sequence[Fraction]]) -> float | str:
    """Return the mean over those who gave points, to two decimals."""
    totals = [sum(points, Fraction(0)) for points in sums if points]
    return float(round_to_cents(sum(totals, Fraction(0)) / len(totals))) if totals else ""


def item_rows(review: Review) -> SheetSpec:
    """Return the items with the most points for each and its bands."""
    columns = [ColumnSpec("模块", text=True), ColumnSpec("评分细项", text=True, width=36), ColumnSpec("配分")]
    columns.append(ColumnSpec("各档", text=True, width=48))
    rows: list[list[CellContent]] = [
        [item.module, item.name, float(item.most) if item.most is not None else None, tell_bands(item)]
        for item in review.items
    ]
    return SheetSpec(ITEMS, columns, rows, protect=True)


def tell_bands(item: Item) -> str:
    """Return the bands of an item with their points."""
    return "；".join(f"{name} {points}" for name, points in zip(band_names([item]), item.bands, strict=True))
