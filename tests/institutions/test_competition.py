"""Who may be promoted after a competition, read off an example and worked out again by hand from its table."""

import csv
import shutil
from pathlib import Path

import pytest

from generator.calendar import WorkCalendar
from generator.check.rules import connect, open_scene
from generator.institution.load import load_institution
from generator.institution.world import Thing
from generator.paths import policy_dir
from generator.policy.load import load_policy
from tests.institutions.support import EXAMPLES

FINAL = EXAMPLES / "示例技能竞赛中心" / "2026-final"
LEVELS = {"可晋升高级技师": "一级", "可晋升技师": "二级", "可晋升高级工": "三级"}


def promoted(path: Path) -> dict[str, str]:
    """Return the contestants of a round who may be promoted, with the highest level each may reach."""
    policy = load_policy(policy_dir())
    institution = load_institution(path.parent, (path,), policy)
    guideline = policy.guideline(str(institution.rounds[path].one("guideline")))
    connect(institution.world, open_scene(policy, guideline, WorkCalendar.load(policy_dir() / "calendar")))
    return {
        str(thing.facts["name"]): next(level for label, level in LEVELS.items() if is_true(thing, label))
        for thing in institution.world.things["contestant"]
        if any(is_true(thing, label) for label in LEVELS)
    }


def is_true(thing: Thing, label: str) -> bool:
    """Return whether a derived fact surely holds."""
    return getattr(thing, label) is True


def changed(tmp_path: Path, file: str, old: str, new: str) -> Path:
    """Return a copy of the round in which one text was replaced."""
    shutil.copytree(FINAL.parent, tmp_path / "竞赛")
    path = tmp_path / "竞赛" / "2026-final" / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    return path.parent


def test_the_promotable_are_those_within_their_places_who_passed_both_and_won_a_prize() -> None:
    with (FINAL / "参赛选手.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["弃赛"] == "否"]
    expected = {}
    for row in rows:
        starters = sum(other["赛项"] == row["赛项"] for other in rows)
        rank, employee = int(row["名次"]), row["赛项"] == "S1"
        if min(float(row["理论成绩"]), float(row["实操成绩"])) < 60 or not row["获奖等次"]:
            continue
        if row["原证书等级"] == "二级":
            if employee and rank <= 6 and row["原证书日期"] <= "2025-06-21":
                expected[row["姓名"]] = "一级"
        elif rank <= (6 if employee else 1):
            expected[row["姓名"]] = "二级"
        elif 2 * rank <= starters:
            expected[row["姓名"]] = "三级"

    assert promoted(FINAL) == expected
    assert {"于归", "池鱼"} <= set(expected)  # both share their rank with another
    assert not {"牧之", "水秀", "方舟"} & set(expected)  # failed the theory; withdrew; withdrew


def test_the_second_class_has_fewer_places_and_no_technician_among_students(tmp_path: Path) -> None:
    found = promoted(changed(tmp_path, "round.yaml", "竞赛类别: 一类赛", "竞赛类别: 二类赛"))

    assert {name for name, level in found.items() if level in ("一级", "二级")} == {"成一苇", "安之若", "谭景明"}
    assert found["尤里"] == "三级"
    assert "柏舟" not in found, "a technician of less than a year has nothing to be promoted to"


@pytest.mark.parametrize(("withdrew", "counted"), [("是", False), ("否", True)])
def test_whoever_withdraws_leaves_the_base_of_the_upper_half(tmp_path: Path, withdrew: str, counted: bool) -> None:
    path = changed(tmp_path, "参赛选手.csv", "S2,是,否,61,70", f"S2,是,{withdrew},61,70")

    # nine starters: the fourth is within the half (4 of 9); eight: still (4 of 8), with seven it would not be
    assert ("和颜" in promoted(path)) is True
    text = (path / "参赛选手.csv").read_text("utf-8").replace("S2,是,否,70,76", f"S2,是,{withdrew},70,76")
    (path / "参赛选手.csv").write_text(text, "utf-8")
    assert ("和颜" in promoted(path)) is counted
