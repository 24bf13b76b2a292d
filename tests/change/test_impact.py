"""Both editions over a real example: findings that flip, rows, dates and passages of documents."""

import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from generator.change import impacts as many
from generator.change.editions import Edition, load_edition
from generator.change.impact import Impact, find_impact
from generator.change.tell_impact import table_rows, write_impact_json, write_impact_markdown
from generator.institution.folders import find_targets
from tests.change.editing import ROOT

SCHOOL = ROOT / "institutions" / "示例技师学院"
TODAY = date(2026, 12, 31)
LONGER = ("publicity.yaml", "days: 5 个工作日", "days: 9 个工作日")
PLAN = "name: 职业技能等级认定方案\n  retention: "
KEPT = ("materials.yaml", f"{PLAN}1-year", f"{PLAN}3-years")
ROLL = "  documents: [roll-list]"
NEVER = "  when:\n    - {fact: first_evaluation, is: true}\n"
DROPPED = ("materials.yaml", ROLL, NEVER + ROLL)


def edition(folder: Path, *edits: tuple[str, str, str]) -> Edition:
    """Return our policy with edits to the school's guideline, read from ``folder``."""
    shutil.copytree(ROOT / "policy", folder / "policy")
    for file, old, new in edits:
        path = folder / "policy" / "jiangsu" / "school" / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return replace(load_edition("copy", folder / "policy"), sources=ROOT / "templates")


@pytest.fixture(scope="module")
def impacts(tmp_path_factory: pytest.TempPathFactory) -> list[Impact]:
    old = edition(tmp_path_factory.mktemp("old"))
    new = edition(tmp_path_factory.mktemp("new"), LONGER, KEPT, DROPPED)
    target = find_targets([SCHOOL / "2026-autumn"])[0]
    return list(find_impact(target, old, new, today=TODAY))


def test_a_longer_publicity_flips_its_finding_moves_its_date_and_changes_its_notice(impacts: list[Impact]) -> None:
    impact = impacts[0]
    flips = {flip.rule: (flip.old, flip.new, flip.worse) for flip in impact.findings}
    assert flips["publicity#result-publicity.period"] == ("符合", "不符合", True)
    assert any("公示期满" in moved.what for moved in impact.dates)
    notice = next(part for part in impact.documents if part.document == "结果公示")
    assert [line[0] for line in notice.passages] == ["-", "+"]
    assert "不少于5个工作日" in notice.passages[0]
    assert "不少于9个工作日" in notice.passages[1]
    assert "结果公示" in impact.reissue


def test_rows_are_kept_longer_or_vanish_with_their_document(impacts: list[Impact]) -> None:
    rows = {moved.what: (moved.old, moved.new) for moved in impacts[0].rows}
    assert rows["职业技能等级认定方案"] == ("保存 1年", "保存 3年")
    roll = next(moved for what, moved in rows.items() if what.startswith("在校生学籍材料"))
    assert roll[1] == "不适用"
    gone = [part for part in impacts[0].documents if part.old and not part.new]
    assert gone
    assert not {part.document for part in gone} & set(impacts[0].reissue)


def test_what_is_the_same_in_both_editions_is_not_reported(impacts: list[Impact]) -> None:
    assert {flip.rule for flip in impacts[0].findings} == {"publicity#result-publicity.period"}
    assert len(impacts[0].rows) == 2


def test_the_report_is_one_row_a_round_with_detail_on_request(impacts: list[Impact]) -> None:
    tallies = [impact.tally() for impact in impacts]
    assert len(list(table_rows(tallies))) == 1
    short = write_impact_markdown(tallies)
    full = write_impact_markdown(tallies, impacts)
    assert "```diff" not in short
    assert "不少于9个工作日" in full
    told = json.loads(write_impact_json(tallies, impacts))
    assert told["counts"]["受影响"] == 1
    assert told["rounds"][0]["findings"][0]["new"] == "不符合"


def test_the_same_edition_has_no_impact(tmp_path: Path) -> None:
    same = edition(tmp_path)
    target = find_targets([SCHOOL / "2026-autumn"])[0]
    found = list(find_impact(target, same, same, today=TODAY, documents=False))
    assert [impact.hit for impact in found] == [False]
    assert "没有机构受影响" in write_impact_markdown([impact.tally() for impact in found])


def test_an_institution_that_one_edition_cannot_read_is_named_and_does_not_stop_the_run(tmp_path: Path) -> None:
    old = edition(tmp_path / "old")
    new = edition(tmp_path / "new")
    folder = tmp_path / "学校"
    shutil.copytree(SCHOOL, folder)
    page = folder / "institution.yaml"
    page.write_text(page.read_text("utf-8") + "没有这一栏: 1\n", encoding="utf-8")
    found = list(find_impact(find_targets([folder])[0], old, new, today=TODAY, documents=False))
    assert len(found) == 2
    assert all("没有这一栏" in impact.problems[0] for impact in found)
    assert "没有这一栏" in write_impact_markdown([impact.tally() for impact in found], found)


def test_many_institutions_are_shared_out_and_a_bad_one_stops_nobody(tmp_path: Path) -> None:
    sides = edition(tmp_path / "old"), edition(tmp_path / "new", LONGER)
    bad = tmp_path / "坏学校"
    shutil.copytree(SCHOOL, bad)
    (bad / "institution.yaml").write_bytes(b"\xff\xfe\x00")
    targets = find_targets([SCHOOL / "2026-autumn", bad])
    question = many.ask(*sides, today=TODAY, documents=False)
    found = {one.folder: one for one in many.answer_all(question, targets, jobs=2)}
    assert [tally.worse for tally in found[SCHOOL].tallies] == [1]
    assert [tally.problems > 0 for tally in found[bad].tallies] == [True, True]
    assert found[SCHOOL].impacts == ()
    assert many.answer(question, targets[0]) == found[SCHOOL]


def test_a_fault_of_ours_is_told_and_stops_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_args: object, **_kinds: object) -> None:
        raise ZeroDivisionError("零")

    monkeypatch.setattr(many, "find_impact", break_down)
    same = edition(tmp_path)
    target = find_targets([SCHOOL])[0]
    question = many.ask(same, same, today=TODAY, detail=True)
    found = many.answer(question, target)
    assert [impact.problems for impact in found.impacts] == [["意外出错（ZeroDivisionError：零），请报告给维护者"]] * 2
    assert [tally.problems for tally in many.lose(target).tallies] == [1, 1]
