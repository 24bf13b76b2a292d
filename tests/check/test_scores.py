"""Scores: no wrong one passes in silence; results follow from them; the workbook is filled and read back."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from generator.check.candidates import judge_people
from generator.institution.scorebook import unscored, write_scorebook
from tests.check.schools import FILES, Opened, open_school, write_school
from tests.institutions.support import GUIDELINE, whole_policy

SCORES = "批次/scores/成绩.csv"
HEAD = FILES[SCORES].splitlines()[0]
RIGHT = FILES[SCORES].splitlines()[1]


def doubts(folder: Path, *rows: str, head: str = HEAD) -> list[str]:
    """Return the codes and places of the doubts about these score rows."""
    school = open_school(write_school(folder, **{SCORES: "\n".join([head, *rows, ""])}))
    (report,) = school.reports()
    return [f"{problem.code} {problem.place.cell}" for problem in report.doubts]


def broken(school: Opened) -> set[tuple[str, str]]:
    """Return the rules that are not met, with the cell that is at fault."""
    (report,) = school.reports()
    return {(f.rule, place.cell) for f in report.findings if f.status == "fail" for place in f.places if place.cell}


def test_right_scores_raise_no_doubt(tmp_path: Path) -> None:
    assert not doubts(tmp_path, RIGHT, "002,刘䶮,59,90,否")


@pytest.mark.parametrize(
    ("row", "doubt"),
    [
        ("002,刘䶮,-1,90,否", "doubtful-number C3"),
        ("002,王𠮷,70,90,否", "doubtful-name B3"),
        ("002,刘䶮,,90,否", "doubtful-result C3"),
        ("002,刘䶮,,,否", "doubtful-result C3"),
        ("001,王𠮷,80,81,是\n002,刘䶮,59,90,否", "doubtful-twice A3"),
        ("", "doubtful-result A3"),
    ],
)
def test_a_doubtful_score_is_found_in_its_cell_and_nothing_else_is(tmp_path: Path, row: str, doubt: str) -> None:
    found = doubts(tmp_path, RIGHT, row)
    assert [told.partition(" ")[0] for told in found] == [doubt.partition(" ")[0]]
    assert found[0].endswith(doubt.partition(" ")[2])


def test_absence_is_no_missing_score(tmp_path: Path) -> None:
    assert not doubts(tmp_path, f"{RIGHT},", "002,刘䶮,,,否,是", head=f"{HEAD},缺考")


def test_a_score_above_the_full_mark_is_the_rules_to_tell(tmp_path: Path) -> None:
    school = open_school(write_school(tmp_path, **{SCORES: f"{HEAD}\n{RIGHT}\n002,刘䶮,59,101,否\n"}))
    assert ("scoring#full-mark.practical", "D3") in broken(school)
    (report,) = school.reports()
    assert not report.doubts


def test_a_changed_score_without_a_signature_is_found(tmp_path: Path) -> None:
    school = open_school(
        write_school(tmp_path, **{SCORES: f"{HEAD},成绩有更正,更正签名\n{RIGHT},是,\n002,刘䶮,59,90,否,,\n"})
    )
    assert "scoring#score-correction" in {rule for rule, _cell in broken(school)}


def test_who_failed_a_subject_may_not_be_on_the_list_for_certificates(tmp_path: Path) -> None:
    school = open_school(write_school(tmp_path, **{SCORES: f"{HEAD}\n{RIGHT}\n002,刘䶮,59,90,是\n"}))
    rules = {rule for rule, cell in broken(school) if cell == "C3"}
    assert {"scoring#pass-mark.theory", "scoring#all-subjects"} <= rules


def test_results_follow_from_the_scores(tmp_path: Path) -> None:
    school = open_school(write_school(tmp_path))
    people = list(judge_people(school.rounds[0], school.scene))
    assert [person.result for person in people] == ["合格", "不合格"]
    certified = school.rounds[0].follow("certified.candidate_no")
    assert certified == ["001"]


def test_the_workbook_is_filled_and_read_back(tmp_path: Path) -> None:
    folder = write_school(tmp_path, **{SCORES: f"{HEAD}\n{RIGHT}\n"})
    school = open_school(folder)
    people = unscored(school.rounds[0])
    assert [person.key for person in people] == ["002"]
    path = folder / "批次" / "scores" / "成绩.xlsx"
    path.write_bytes(write_scorebook(whole_policy(), whole_policy().guideline(GUIDELINE), people))
    book = load_workbook(path)
    sheet = book["成绩"]
    headings = [cell.value for cell in sheet[1]]
    sheet.cell(2, headings.index("理论成绩") + 1, 77)
    sheet.cell(2, headings.index("操作成绩") + 1, 66.5)
    book.save(path)
    filled = open_school(folder)
    assert not unscored(filled.rounds[0])
    assert filled.rounds[0].follow("certified.candidate_no") == ["001", "002"]
