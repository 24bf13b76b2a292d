"""The questionnaire as a workbook: listed, filled in and read back with the same checks as the file of answers."""

from datetime import date
from pathlib import Path

import pytest

from generator.check.questionnaire import write_questionnaire
from generator.check.questions import Question, open_questions
from generator.institution.remark_sheets import ANSWERS, COLUMNS
from generator.problems import KaowuError
from generator.tables import read_table, read_workbook
from generator.workbooks import ColumnSpec, SheetSpec, write_workbook
from tests.check.schools import Opened, open_school, write_school

RULE = "venue#venue-conditions"
HEADINGS = [column.heading for column in COLUMNS]
SIGNED = {"回答": "否", "日期": date(2026, 11, 19), "签名": "李静"}


def questions(school: Opened) -> list[Question]:
    return [question for report in school.reports() for question in open_questions(report, school.scene.guideline)]


def list_questions(folder: Path) -> Path:
    """Write the questionnaire of the school and return its path."""
    path = folder / "问卷.xlsx"
    path.write_bytes(write_questionnaire(path, questions(open_school(folder)))[0])
    return path


def rows_of(path: Path) -> list[dict[str, object]]:
    table = read_table(read_workbook(path).sheets[ANSWERS])
    return [{heading: cell.value for heading, cell in row.items()} for row in table.rows]


def fill(path: Path, rule: str, **filled: object) -> None:
    """Fill in the row of a rule, as somebody does in Excel."""
    rows = [{**row, **(filled if row["规则"] == rule else {})} for row in rows_of(path)]
    write_rows(path, rows)


def write_rows(path: Path, rows: list[dict[str, object]]) -> None:
    path.write_bytes(
        write_workbook([SheetSpec(ANSWERS, COLUMNS, [[row.get(heading) for heading in HEADINGS] for row in rows])])  # type: ignore[misc]
    )


def test_every_open_question_has_a_row_and_nothing_is_answered(tmp_path: Path) -> None:
    folder = write_school(tmp_path)
    asked = questions(open_school(folder))
    rows = rows_of(list_questions(folder))
    assert [row["规则"] for row in rows] == [question.rule for question in dict.fromkeys(asked)]
    assert all(row["问题"] and not row["回答"] for row in rows)
    school = open_school(folder)
    assert not school.institution.answers
    assert not [doubt for doubt in school.institution.doubts if doubt.code.startswith("unused")]


def test_an_answer_filled_in_settles_its_question_and_stays(tmp_path: Path) -> None:
    folder = write_school(tmp_path)
    path = list_questions(folder)
    fill(path, RULE, **SIGNED, 说明="一间")
    school = open_school(folder)
    (finding,) = [f for report in school.reports() for f in report.findings if f.rule == RULE]
    assert (finding.status, finding.note) == ("fail", "一间；李静 2026-11-19")
    before = rows_of(path)
    data, added = write_questionnaire(path, questions(school))
    path.write_bytes(data)
    assert (rows_of(path), added) == (before, 0)


def test_answers_in_both_places_count(tmp_path: Path) -> None:
    text = f"- {{规则: '{RULE}', 回答: 是, 日期: 2026-11-19, 签名: 张三}}\n"
    folder = write_school(tmp_path, **{"answers.yaml": text})
    fill(list_questions(folder), "venue#venue-supplies", **SIGNED)
    assert [answer.by for answer in open_school(folder).institution.answers] == ["张三", "李静"]


@pytest.mark.parametrize(
    ("filled", "code"),
    [
        ({"回答": "否", "签名": "李静"}, "remark-missing"),
        ({"签名": "李静"}, "remark-missing"),
        ({**SIGNED, "回答": "也许"}, "remark-choice"),
        ({**SIGNED, "日期": "十一月"}, "remark-value"),
        ({**SIGNED, "规则": "venue#venue-condition"}, "remark-unknown-rule"),
    ],
)
def test_an_answer_half_filled_in_is_refused_in_its_row(tmp_path: Path, filled: dict[str, object], code: str) -> None:
    folder = write_school(tmp_path)
    path = list_questions(folder)
    number = next(number for number, row in enumerate(rows_of(path), 2) if row["规则"] == RULE)
    fill(path, RULE, **filled)
    with pytest.raises(KaowuError) as refused:
        open_school(folder)
    found = {
        (problem.code, problem.place.sheet, problem.place.cell.lstrip("ABCDEFGHI"))
        for problem in refused.value.problems
    }
    assert found == {(code, ANSWERS, str(number))}


def test_two_answers_to_one_question_that_differ_are_refused(tmp_path: Path) -> None:
    text = f"- {{规则: '{RULE}', 批次: 第一批, 回答: 是, 日期: 2026-11-19, 签名: 张三}}\n"
    folder = write_school(tmp_path)
    fill(list_questions(folder), RULE, **SIGNED)
    (folder / "answers.yaml").write_text(text, "utf-8")
    with pytest.raises(KaowuError, match="remark-twice"):
        open_school(folder)


@pytest.mark.parametrize("spec", [SheetSpec("考评人员", COLUMNS), SheetSpec(ANSWERS, (*COLUMNS, ColumnSpec("复核人")))])
def test_a_workbook_with_anything_else_in_it_is_not_written_over(tmp_path: Path, spec: SheetSpec) -> None:
    path = tmp_path / "问卷.xlsx"
    path.write_bytes(write_workbook([spec]))
    with pytest.raises(KaowuError):
        write_questionnaire(path, [])
