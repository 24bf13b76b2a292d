"""The workbooks beside summaries are filled, reckon as the checker does, and are read back."""

import csv
import random
import re
import shutil
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from generator.calendar import WorkCalendar
from generator.check.evaluate import evaluate
from generator.check.rules import RuleScene, connect, open_scene
from generator.document.office import find_office
from generator.institution.load import load_institution
from generator.institution.missing import MISSING
from generator.institution.scorebook import fill_sheet
from generator.institution.world import Thing
from generator.pack.scorebook import RESULTS, Workbook, write_fill_book
from generator.policy.load import Policy, load_policy
from generator.policy.predicates import MeanTest, RankedTest, WeightedTest
from generator.policy.values import Quantity
from tests.pack.conftest import ROOT, ROUND, Run, read_tree


@dataclass(frozen=True)
class Case:
    """A round whose workbook is filled: which one, and where what is filled stood before."""

    institution: str
    round: str
    book: Workbook
    table: str = ""
    emptied: tuple[str, ...] = ()


SCORES = Workbook("成绩", ["合格"])
CONTEST = Workbook("竞赛成绩", ["双合格", "可晋升高级技师", "可晋升技师", "可晋升高级工"])
VOTES = Workbook("表决计票", ["表决通过"])
MARKS = ("弃赛", "理论成绩", "实操成绩", "总成绩", "名次", "获奖等次", "拟晋升等级")
CASES = [
    Case("示例技师学院", "2026-technician", SCORES),
    Case("示例技能评价公司", "2026-autumn", SCORES),
    Case("示例精工机械公司", "2026-level4", SCORES),
    Case("示例重型机械公司2020", "2020-autumn", SCORES),
    Case("示例技能竞赛中心", "2026-final", CONTEST, "参赛选手.csv", MARKS),
    Case("示例装备制造有限公司", "2026-appointment", VOTES, "考生.csv", ("赞成票数", "反对票数", "弃权票数")),
]
SHOWN = {True: "是", False: "否", MISSING: None}


@pytest.fixture(scope="module")
def policy() -> Policy:
    """Return the whole policy."""
    return load_policy(ROOT / "policy")


def open_round(folder: Path, name: str, policy: Policy) -> tuple[Thing, RuleScene]:
    """Return a round with the scene of its guideline."""
    institution = load_institution(folder, (folder / name,), policy)
    (thing,) = institution.rounds.values()
    guideline = policy.guideline(str(thing.one("guideline")))
    scene = open_scene(policy, guideline, WorkCalendar.load(policy.root / "calendar"))
    connect(institution.world, scene)
    return thing, scene


def empty(folder: Path, case: Case) -> None:
    """Take away what was filled in before, so that the workbook alone states it."""
    for path in (folder / case.round / "scores").glob("*"):
        path.unlink()
    if case.table:
        path = folder / case.round / case.table
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows({**row, **dict.fromkeys(set(case.emptied) & set(row), "")} for row in rows)


def fill(sheet: Worksheet, chance: random.Random) -> None:
    """Fill a sheet with what people write, limits and gaps among it, and put the rows into another order."""
    headings = [str(cell.value) for cell in sheet[1]]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2) if row[0].value]
    chance.shuffle(rows)
    for number, row in enumerate(rows, start=2):
        for column, heading in enumerate(headings):
            if not str(row[column]).startswith("="):
                row[column] = choose(heading, row[column], chance)
            moved = row[column]
            if isinstance(moved, str) and moved.startswith("="):
                moved = moved_to(moved, number)
            sheet.cell(number, column + 1).value = moved


def choose(heading: str, value: object, chance: random.Random) -> object:
    """Return what somebody might write under a heading."""
    if heading.endswith("等第"):
        return chance.choice(["优", "基本合格", "不合格", None])
    if heading.endswith("成绩"):
        return chance.choice([0, 59, 59.5, 60, 64.5, 65, 66, 88.25, 93.3, 90, 100, 75, None])
    if heading.endswith("票数"):
        return chance.choice([0, 5, 6, 6, 7, None])
    if heading == "获奖等次":
        return chance.choice(["一等奖", "一等奖", "三等奖", None])
    if heading in ("缺考", "拟发证", "弃赛"):
        return chance.choice(["是", "否", None, None, None])
    return value


def moved_to(formula: str, row: int) -> str:
    """Return a formula over one row as it is after sorting: over the row where it stands now."""
    return re.sub(r"\b([A-Z])\d+\b", lambda hit: f"{hit[1]}{row}", formula)


def recalculated(path: Path, into: Path) -> Path:
    """Return the workbook as an office program saves it, all formulas reckoned."""
    office = find_office()
    assert office is not None
    profile = f"-env:UserInstallation=file://{into}/profile"
    command = [office, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(into), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=900)
    return into / path.name


@pytest.mark.skipif(find_office() is None, reason="needs LibreOffice")
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.institution}/{case.book.sheet}")
def test_a_filled_workbook_says_of_everybody_what_the_checker_says(policy: Policy, tmp_path: Path, case: Case) -> None:
    folder = tmp_path / case.institution
    shutil.copytree(ROOT / "institutions" / case.institution, folder)
    empty(folder, case)
    thing, scene = open_round(folder, case.round, policy)
    blank = tmp_path / "填写.xlsx"
    blank.write_bytes(write_fill_book(case.book, scene, thing) or b"")
    book = load_workbook(blank)
    fill(book[case.book.sheet], random.Random(7))
    book.save(blank)
    filled = folder / case.round / "scores" / "填写.xlsx"
    filled.parent.mkdir(exist_ok=True)
    shutil.copy(recalculated(blank, tmp_path / "out"), filled)

    shown = read_results(filled, case.book)
    read, scene = open_round(folder, case.round, policy)
    sheet = fill_sheet(case.book.sheet, policy, scene.guideline, read)
    assert sheet is not None
    told = {person.key: [SHOWN[getattr(person, label)] for label in case.book.results] for person in sheet.people}

    assert told == shown
    assert {"是", "否"} <= {word for words in shown.values() for word in words}
    assert not wrong_sums(scene, read)


def read_results(path: Path, book: Workbook) -> dict[str, list[str | None]]:
    """Return what the sheet of results says of each person."""
    rows = load_workbook(path, data_only=True)[RESULTS].iter_rows(min_row=2, values_only=True)
    return {str(row[0]): [str(word) if word else None for word in row[3 : 3 + len(book.results)]] for row in rows}


def wrong_sums(scene: RuleScene, read: Thing) -> list[str]:
    """Return what follows from other numbers and does not, with whose it is."""
    return [
        f"{thing.title} {name}"
        for name, rule in scene.guideline.rules.items()
        for test in rule.require
        if isinstance(test, MeanTest | WeightedTest | RankedTest)
        for thing in read.world.things[rule.for_each]
        if evaluate(thing, test, scene.for_rule(name)).holds is False
    ]


def test_what_follows_from_other_scores_stands_as_a_formula(policy: Policy, tmp_path: Path) -> None:
    for name, round_name, word in (
        ("示例技师学院", "2026-autumn", "基本合格"),
        ("示例技能评价公司", "2026-autumn", "AVERAGE"),
        ("示例重型机械公司2020", "2020-autumn", "ROUND"),
    ):
        thing, scene = open_round(ROOT / "institutions" / name, round_name, policy)
        path = tmp_path / "成绩.xlsx"
        path.write_bytes(write_fill_book(SCORES, scene, thing) or b"")
        formulas = [cell.value for row in load_workbook(path)["成绩"].iter_rows() for cell in row]
        assert any(word in str(formula) for formula in formulas if str(formula).startswith("="))


def test_the_workbook_follows_the_pass_mark_of_the_rule(policy: Policy) -> None:
    thing, scene = open_round(ROOT / "institutions" / "示例技师学院", "2026-technician", policy)
    before = write_fill_book(SCORES, scene, thing)
    rule = scene.guideline.rules["scoring#pass-mark.practical"]
    (name, mark), *_ = rule.values.items()
    assert isinstance(mark, Quantity)
    changed = rule.model_copy(update={"values": {name: replace(mark, number=mark.number + 3)}})
    rules = {**scene.guideline.rules, "scoring#pass-mark.practical": changed}
    guideline = replace(scene.guideline, rules=rules)

    assert write_fill_book(SCORES, open_scene(policy, guideline, scene.calendar), thing) != before
    assert write_fill_book(SCORES, scene, thing) == before


def test_the_pack_holds_the_workbook_beside_the_summary(school: Path, run: Run, tmp_path: Path) -> None:
    done = run("build", str(school), "--to", "out", "--only", "score-summary", "--format", "docx")

    assert done.returncode == 0, done.stderr
    names = [name for name in read_tree(tmp_path / "out" / "学校" / ROUND) if name.endswith(".xlsx")]
    assert [name.split("/")[1] for name in names] == ["成绩.xlsx"]
    assert "成绩汇总表" in names[0]
    book = load_workbook(tmp_path / "out" / "学校" / ROUND / names[0], data_only=True)
    shown = [row[3] for row in book[RESULTS].iter_rows(min_row=2, values_only=True)]
    assert len(shown) == 4
    assert set(shown) <= {"是", "否", None, ""}
    assert "是" in shown
