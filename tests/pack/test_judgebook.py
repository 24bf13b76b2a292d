"""The workbook of a merit review: filled by hand it comes to what the documents say, and tells what is wrong in it."""

import csv
import random
import shutil
from pathlib import Path

import pytest
from jinja2 import Environment
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from generator.check.judging import doubt_judges, list_items
from generator.check.rules import RuleScene
from generator.document.figures import share_out
from generator.document.office import find_office
from generator.institution.world import Thing
from generator.pack.judgebook import JUDGES, SUMMARY
from generator.pack.scorebook import Workbook, write_fill_book
from generator.policy.load import Policy
from tests.pack.conftest import ROOT
from tests.pack.test_scorebook import open_round, policy, recalculated

__all__ = ["policy"]  # a fixture
COMPANY = ROOT / "institutions" / "示例装备制造有限公司"
BOOK = Workbook("评委打分")
POINTS = "评委打分.csv"
ENVIRONMENT = Environment(autoescape=True)


def fill(sheet: Worksheet, most: dict[str, float], chance: random.Random) -> None:
    """Give points for most items, fractions among them, and put the rows into another order."""
    headings = [str(cell.value) for cell in sheet[1]]
    item, points = headings.index("评分细项"), headings.index("得分")
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2) if row[0].value]
    away = rows[0][2]  # one judge was not there
    chance.shuffle(rows)
    for number, row in enumerate(rows, start=2):
        given = chance.choice([0, 0.5, most[str(row[item])], round(chance.uniform(0, most[str(row[item])]), 1)])
        row[points] = None if row[2] == away or chance.random() < 0.02 else given
        for column, value in enumerate(row, start=1):
            sheet.cell(number, column).value = value


def rows_of(path: Path, sheet: str) -> list[tuple[object, ...]]:
    """Return the rows below the headings of a sheet, as reckoned."""
    return [tuple(row) for row in load_workbook(path, data_only=True)[sheet].iter_rows(min_row=2, values_only=True)]


def printed(candidate: Thing, items: list[str] | None = None) -> str:
    """Return the mean of a candidate's points as documents print it."""
    rows = [row for row in candidate.one("judge_scores") if items is None or row.facts["item"] in items]  # type: ignore[attr-defined]
    return str(share_out(ENVIRONMENT, rows, "得分", "评委"))


@pytest.mark.skipif(find_office() is None, reason="needs LibreOffice")
@pytest.mark.parametrize("round_name", ["2023-chief", "2026-appointment"])
def test_filled_points_come_to_what_the_summary_prints(policy: Policy, tmp_path: Path, round_name: str) -> None:
    folder = tmp_path / "公司"
    shutil.copytree(COMPANY, folder)
    (folder / round_name / POINTS).unlink()
    thing, scene = open_round(folder, round_name, policy)
    items = list_items(policy, scene.guideline, thing)
    blank = tmp_path / "打分.xlsx"
    blank.write_bytes(write_fill_book(BOOK, scene, thing) or b"")
    book = load_workbook(blank)
    fill(book[BOOK.sheet], {item.name: float(item.most or 0) for item in items}, random.Random(3))
    book.save(blank)
    filled = folder / round_name / "scores" / "打分.xlsx"
    filled.parent.mkdir()
    shutil.copy(recalculated(blank, tmp_path / "out"), filled)

    read, scene = open_round(folder, round_name, policy)
    candidates = read.one("merit_nominees")
    assert isinstance(candidates, list)
    modules = {
        module: [i.name for i in items if i.module == module] for module in dict.fromkeys(i.module for i in items)
    }
    said = {str(row[0]): [f"{cell:g}" for cell in row[2:6]] for row in rows_of(filled, SUMMARY)}
    assert said == {
        person.key: [*(printed(person, names) for names in modules.values()), printed(person)] for person in candidates
    }
    voters = read.one("voters")
    assert isinstance(voters, list)
    assert {row[6] for row in rows_of(filled, SUMMARY)} == {len(voters) - 1}
    assert sum(str(row[8] or "").startswith("缺") for row in rows_of(filled, JUDGES)) == sum(
        problem.code == "doubtful-gap" for problem in doubt_judges(read, scene)
    )


def changed(tmp_path: Path, policy: Policy, **cells: str) -> tuple[Thing, RuleScene]:
    """Return the round with the first row of points changed."""
    shutil.copytree(COMPANY, tmp_path / "公司")
    path = tmp_path / "公司" / "2026-appointment" / POINTS
    with path.open(encoding="utf-8", newline="") as file:
        first, *others = csv.DictReader(file)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, first)
        writer.writeheader()
        writer.writerows([first | cells, *others])
    return open_round(tmp_path / "公司", "2026-appointment", policy)


@pytest.mark.parametrize(
    ("cells", "codes"),
    [
        ({}, set()),
        ({"得分": "10"}, set()),
        ({"得分": "10.5"}, {"doubtful-number"}),
        ({"得分": ""}, {"doubtful-gap"}),
        ({"评分细项": "解决难点"}, {"doubtful-item", "doubtful-gap"}),
        ({"评委": "H01"}, {"doubtful-judge", "doubtful-gap"}),
    ],
    ids=lambda value: "、".join(sorted(value)) or "没有问题",
)
def test_points_that_cannot_be_right_do_not_pass_in_silence(
    policy: Policy, tmp_path: Path, cells: dict[str, str], codes: set[str]
) -> None:
    thing, scene = changed(tmp_path, policy, **cells)

    found = list(doubt_judges(thing, scene))

    assert {problem.code for problem in found} == codes
    assert all(problem.place.line == 2 or problem.place.cell or problem.code == "doubtful-gap" for problem in found)


def test_the_workbook_of_a_finished_review_shows_its_means_before_it_is_reckoned(
    policy: Policy, tmp_path: Path
) -> None:
    thing, scene = open_round(COMPANY, "2026-appointment", policy)
    path = tmp_path / "打分.xlsx"
    path.write_bytes(write_fill_book(BOOK, scene, thing) or b"")
    candidates = thing.one("merit_nominees")
    assert isinstance(candidates, list)

    assert [f"{row[5]:g}" for row in rows_of(path, SUMMARY)] == [printed(person) for person in candidates]
