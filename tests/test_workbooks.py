"""Workbooks we write: fit to be filled in, read back letter for letter, the same bytes every time."""

import hashlib
import io
import os
import re
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.tables import read_table, read_workbook
from generator.workbooks import CellContent, ColumnSpec, Formula, SheetSpec, write_workbook

ROSTER = SheetSpec(
    "考生",
    [
        ColumnSpec("编号", note="每人一个，不重复", text=True),
        ColumnSpec("证件号码", text=True, width=22),
        ColumnSpec("等级", choices=("四级", "三级", "二级")),
        ColumnSpec("工种", choices=tuple(f"第{number:03}工种" for number in range(120))),
        ColumnSpec("出生日期", day=True),
        ColumnSpec("分数"),
    ],
    [["001", "320102199001010018", "四级", None, date(2001, 2, 3), 61.5], ["002", None, "三级"]],
)
SCORES = SheetSpec(
    "成绩", [ColumnSpec("甲"), ColumnSpec("乙"), ColumnSpec("合计")], [[1, 2, Formula("=SUM(A2:B2)", 3)]], protect=True
)
HOSTILE = ["=1+1", "=cmd|' /C calc'!A1", "+1", "-1", "@x", "http://a.b", "mailto:a@b", "{=1}", "'x", "_x0041_", "</t>&"]


def test_a_roster_is_read_back_letter_for_letter(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(write_workbook([ROSTER]))
    book = read_workbook(tmp_path / "a.xlsx")
    assert [*book.sheets] == ["考生"]
    assert book.problems == ()
    table = read_table(book.sheets["考生"], text_headings=["编号", "证件号码"])
    assert table.problems == ()
    assert [[cell.value for cell in row.values()] for row in table.rows] == [
        ["001", "320102199001010018", "四级", None, date(2001, 2, 3), 61.5],
        ["002", None, "三级", None, None, None],
    ]


def test_a_roster_helps_to_fill_it_in() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(write_workbook([ROSTER])))["考生"]
    note = sheet["A1"].comment
    assert note is not None
    assert note.text == "每人一个，不重复"
    assert sheet["A1"].font.bold
    assert sheet.freeze_panes == "A2"
    assert sheet.column_dimensions["B"].width == pytest.approx(22, abs=1)
    assert sheet.column_dimensions["B"].number_format == "@"  # an empty cell keeps the digits typed into it
    rules = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert rules == {"C2:C2001": '"四级,三级,二级"', "D2:D2001": "'选项'!$A$1:$A$120"}


def test_a_protected_sheet_locks_formulas_and_nothing_to_fill_in() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(write_workbook([SCORES])))["成绩"]
    assert sheet.protection.sheet
    assert sheet["C2"].value == "=SUM(A2:B2)"
    assert [sheet[cell].protection.locked for cell in ("A1", "A2", "C2")] == [True, False, True]
    assert not sheet.column_dimensions["A"].protection.locked


def test_a_formula_shows_its_result_before_it_is_reckoned(tmp_path: Path) -> None:
    empty = SheetSpec("空", [ColumnSpec("合计")], [[Formula("=SUM(B2:C2)")]])
    (tmp_path / "a.xlsx").write_bytes(write_workbook([SCORES, empty]))
    book = read_workbook(tmp_path / "a.xlsx")
    assert book.sheets["成绩"].rows[1] == (1, 2, 3)
    assert book.sheets["空"].rows == (("合计",),)
    assert [str(problem.place.cell) for problem in book.problems] == ["A2"]  # nothing has reckoned it yet


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_a_formula_or_a_link(text: str) -> None:
    columns = [ColumnSpec(text, note=text), ColumnSpec("文", text=True, choices=(text, "长" * 300))]
    written = write_workbook([SheetSpec("一", columns, [[text, text]])])
    with zipfile.ZipFile(io.BytesIO(written)) as book:
        sheets = [book.read(f"xl/worksheets/sheet{number}.xml") for number in (1, 2)]
        assert not any(b"<f>" in sheet for sheet in sheets)
        assert not any(b"hyperlink" in book.read(name) for name in book.namelist())
    sheet = openpyxl.load_workbook(io.BytesIO(written)).worksheets[0]
    assert sheet["A2"].data_type == "s"


@settings(max_examples=150)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30))
def test_any_text_comes_back_as_it_was(text: str) -> None:
    written = write_workbook([SheetSpec("一", [ColumnSpec("表头")], [[text]])])
    path = Path(os.environ.get("TMPDIR", "/tmp")) / f"kaowu-{os.getpid()}.xlsx"
    path.write_bytes(written)
    try:
        rows = read_workbook(path).sheets["一"].rows
    finally:
        path.unlink()
    expected = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    assert rows[1:] == (((expected,),) if expected else ())


def test_the_bytes_are_the_same_again_and_in_another_process() -> None:
    program = (
        "import hashlib; from tests.test_workbooks import ROSTER, SCORES, write_workbook;"
        "print(hashlib.sha256(write_workbook([ROSTER, SCORES])).hexdigest())"
    )
    settings_of_another = {**os.environ, "TZ": "America/Los_Angeles", "PYTHONHASHSEED": "7"}
    root = Path(__file__).parents[1]
    assert write_workbook([ROSTER, SCORES]) == write_workbook([ROSTER, SCORES])
    other = subprocess.check_output([sys.executable, "-c", program], cwd=root, env=settings_of_another, text=True)
    assert other.strip() == hashlib.sha256(write_workbook([ROSTER, SCORES])).hexdigest()


def test_the_file_is_dated_by_its_stamp_and_not_by_the_clock() -> None:
    for stamp in (date(1980, 1, 1), date(2026, 11, 20)):
        with zipfile.ZipFile(io.BytesIO(write_workbook([ROSTER], stamp=stamp))) as book:
            assert set(re.findall(rb"[0-9]{4}-[0-9-]{5}T[0-9:]{8}Z", book.read("docProps/core.xml"))) == {
                f"{stamp}T00:00:00Z".encode()
            }


@pytest.mark.parametrize("row", [["x" * 32_768], ["a", "b"]])
def test_what_a_sheet_cannot_hold_is_refused(row: list[CellContent]) -> None:
    with pytest.raises(ValueError, match=r"too long|more cells"):
        write_workbook([SheetSpec("一", [ColumnSpec("甲")], [row])])
