"""Keep the questionnaire as a workbook: open questions in, the workbook with them added out, nothing filled in lost."""

from collections.abc import Iterable
from pathlib import Path

from generator.check.questions import Question
from generator.institution.remark_sheets import ANSWERS, COLUMNS, ROUND, RULE, write_answers
from generator.problems import KaowuError, Place, Problem
from generator.tables import read_table, read_workbook


def write_questionnaire(path: Path, questions: Iterable[Question]) -> tuple[bytes, int]:
    """Return the workbook that is at ``path``, or a new one, with the questions it lacks added, and how many those are.

    Raises KaowuError where the workbook holds anything else, which would be lost.
    """
    kept = rows_kept(path) if path.is_file() else []
    known = {(row.get(RULE), row.get(ROUND) or "") for row in kept}
    asked = [
        {
            RULE: question.rule,
            ROUND: question.round,
            "事项": question.title,
            "出处": "、".join(question.at),
            "问题": question.asks,
        }
        for question in dict.fromkeys(questions)
        if (question.rule, question.round) not in known
    ]
    return write_answers(kept, asked), len(asked)


def rows_kept(path: Path) -> list[dict[str, object]]:
    """Return the rows of the questionnaire that is there."""
    book = read_workbook(path, root=path.parent)
    others = [name for name in book.sheets if name != ANSWERS]
    if others:
        advice = "换一个文件名"
        raise KaowuError([Problem(Place(book.file), "other-sheets", f"里面另有工作表“{others[0]}”，不能改写", advice)])
    sheet = book.sheets.get(ANSWERS)
    table = read_table(sheet, known_headings=[column.heading for column in COLUMNS]) if sheet else None
    strange = [heading for heading in (table.headings if table else ()) if heading not in known_headings()]
    if strange:
        what = f"里面另有一列“{strange[0]}”，不能改写"
        raise KaowuError(
            [Problem(Place(book.file, sheet=ANSWERS), "other-columns", what, "删去这一列，或换一个文件名")]
        )
    return [{heading: cell.value for heading, cell in row.items()} for row in (table.rows if table else ())]


def known_headings() -> set[str]:
    """Return the headings of a questionnaire."""
    return {column.heading for column in COLUMNS}
