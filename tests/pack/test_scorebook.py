"""The workbook beside the score summary is filled, reckons as the checker does, and is read back."""

import random
import re
import shutil
import subprocess
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from generator.calendar import WorkCalendar
from generator.check.rules import RuleScene, connect, open_scene
from generator.document.office import find_office
from generator.institution.load import load_institution
from generator.institution.missing import MISSING
from generator.institution.world import Thing
from generator.pack.scorebook import RESULTS, write_score_workbook
from generator.policy.load import Policy, load_policy
from generator.policy.values import Quantity
from tests.pack.conftest import ROOT, ROUND, Run, read_tree

EXAMPLES = [
    ("示例技师学院", "2026-technician"),
    ("示例技能评价公司", "2026-autumn"),
    ("示例精工机械公司", "2026-level4"),
    ("示例重型机械公司2020", "2020-autumn"),
]
SHOWN = {True: "合格", False: "不合格", MISSING: None}


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


def fill(book: Workbook, chance: random.Random) -> None:
    """Fill the scores with what people write, limits and gaps among it, and put the rows into another order."""
    sheet = book["成绩"]
    headings = [cell.value for cell in sheet[1]]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2) if row[0].value]
    chance.shuffle(rows)
    for number, row in enumerate(rows, start=2):
        for column, heading in enumerate(headings):
            if heading.endswith("等第"):
                row[column] = chance.choice(["优", "基本合格", "不合格", None])
            elif heading.endswith("成绩") and not str(row[column]).startswith("="):
                row[column] = chance.choice([0, 59, 59.5, 60, 64.5, 65, 66, 90, 100, 60, 75, None])
            elif heading in ("缺考", "拟发证"):
                row[column] = chance.choice(["是", "否", None, None, None])
            moved = row[column]
            if isinstance(moved, str) and moved.startswith("="):
                moved = None if chance.random() < 0.2 else moved_to(moved, number)
            sheet.cell(number, column + 1).value = moved


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
@pytest.mark.parametrize(("name", "round_name"), EXAMPLES)
def test_a_filled_workbook_says_of_everybody_what_the_checker_says(
    policy: Policy, tmp_path: Path, name: str, round_name: str
) -> None:
    folder = tmp_path / name
    shutil.copytree(ROOT / "institutions" / name, folder)
    for path in (folder / round_name / "scores").iterdir():
        path.unlink()
    thing, scene = open_round(folder, round_name, policy)
    blank = tmp_path / "成绩.xlsx"
    blank.write_bytes(write_score_workbook(scene, thing))
    book = load_workbook(blank)
    fill(book, random.Random(7))
    book.save(blank)
    shutil.copy(recalculated(blank, tmp_path / "out"), folder / round_name / "scores" / "成绩.xlsx")

    shown = {str(row[0]): row[3] for row in load_workbook(folder / round_name / "scores" / "成绩.xlsx", data_only=True)[
        RESULTS].iter_rows(min_row=2, values_only=True)}  # fmt: skip
    read, _scene = open_round(folder, round_name, policy)
    people = [person for person in read.world.things["candidate"] if person.parent is read]

    assert {person.key: SHOWN[person.one("passed")] for person in people} == {k: v or None for k, v in shown.items()}
    assert len(Counter(shown.values())) > 1
    assert "合格" in shown.values()


def test_what_follows_from_other_scores_stands_as_a_formula(policy: Policy, tmp_path: Path) -> None:
    for name, round_name, word in (("示例技师学院", "2026-autumn", "基本合格"),
                                   ("示例技能评价公司", "2026-autumn", "AVERAGE")):  # fmt: skip
        thing, scene = open_round(ROOT / "institutions" / name, round_name, policy)
        path = tmp_path / "成绩.xlsx"
        path.write_bytes(write_score_workbook(scene, thing))
        formulas = [cell.value for row in load_workbook(path)["成绩"].iter_rows() for cell in row]
        assert any(word in str(formula) for formula in formulas if str(formula).startswith("="))


def test_the_workbook_follows_the_pass_mark_of_the_rule(policy: Policy) -> None:
    thing, scene = open_round(ROOT / "institutions" / "示例技师学院", "2026-technician", policy)
    before = write_score_workbook(scene, thing)
    rule = scene.guideline.rules["scoring#pass-mark.practical"]
    (name, mark), *_ = rule.values.items()
    assert isinstance(mark, Quantity)
    changed = rule.model_copy(update={"values": {name: replace(mark, number=mark.number + 3)}})
    rules = {**scene.guideline.rules, "scoring#pass-mark.practical": changed}
    guideline = replace(scene.guideline, rules=rules)

    assert write_score_workbook(open_scene(policy, guideline, scene.calendar), thing) != before
    assert write_score_workbook(scene, thing) == before


def test_the_pack_holds_the_workbook_beside_the_summary(school: Path, run: Run, tmp_path: Path) -> None:
    done = run("build", str(school), "--to", "out", "--only", "score-summary", "--format", "docx")

    assert done.returncode == 0, done.stderr
    names = [name for name in read_tree(tmp_path / "out" / "学校" / ROUND) if name.endswith(".xlsx")]
    assert [name.split("/")[1] for name in names] == ["成绩.xlsx"]
    assert "成绩汇总表" in names[0]
    book = load_workbook(tmp_path / "out" / "学校" / ROUND / names[0], data_only=True)
    shown = [row[3] for row in book[RESULTS].iter_rows(min_row=2, values_only=True)]
    assert len(shown) == 4
    assert set(shown) <= {"合格", "不合格", None, ""}
    assert "合格" in shown
