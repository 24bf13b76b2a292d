"""Workbooks and CSV files: what people see is what is read, and what Excel spoilt is named with its cell."""

import io
import struct
import zipfile
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.problems import KaowuError
from generator.tables import (
    Sheet,
    Table,
    cell_name,
    find_heading_row,
    heading_key,
    read_table,
    read_workbook,
)
from generator.width import normalise_width

DATA = Path(__file__).parent / "data"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def save(path: Path, rows: Iterable[Any], *merges: str) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "考生"
    for row in rows:
        sheet.append(row)
    for merge in merges:
        sheet.merge_cells(merge)
    book.save(path)
    return path


def save_xml(path: Path, sheet_data: str, *, encoding: str = "utf-8", part: str = "sheet1.xml") -> Path:
    """Write a workbook whose only sheet has this XML, in a part of this name."""
    save(path, [["x"]])
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    del parts["xl/worksheets/sheet1.xml"]
    head = f'<?xml version="1.0" encoding="{encoding}"?>'
    xml = f"{head}<worksheet {MAIN}><sheetData>{sheet_data}</sheetData></worksheet>"
    parts[f"xl/worksheets/{part}"] = xml.encode(encoding)
    links = "xl/_rels/workbook.xml.rels"
    parts[links] = parts[links].replace(b"sheet1.xml", part.encode())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(name, content)
    return path


def table_in(path: Path, **headings: Sequence[str]) -> Table:
    (sheet,) = read_workbook(path, root=path.parent).sheets.values()
    return read_table(sheet, **headings)


def values(table: Table) -> list[dict[str, object]]:
    return [{heading: cell.value for heading, cell in row.items()} for row in table.rows]


def test_values_come_as_people_see_them_with_their_cells(tmp_path: Path) -> None:
    moment = datetime.fromisoformat("2026-01-02T09:30")
    row = ["甲", 3, 1.5, date(2026, 1, 2), moment, time(9, 30), True, " 𠮷 ", "  ", "一\r\n二"]
    table = table_in(save(tmp_path / "a.xlsx", [list("ABCDEFGHIJ"), row]))
    (read,) = values(table)
    assert [*read.values()] == [
        "甲", 3, 1.5, date(2026, 1, 2), moment, time(9, 30), True, "𠮷", None, "一\n二",
    ]  # fmt: skip
    assert type(read["B"]) is int
    assert type(read["D"]) is date
    assert str(table.rows[0]["C"].place) == "a.xlsx「考生」C2"
    assert str(table.headings["C"].place) == "a.xlsx「考生」C1"


def test_titles_above_and_blanks_around_the_table_do_not_matter(tmp_path: Path) -> None:
    rows = [["2026 年考生名单"], [], [None, "编 号", "姓\n名"], [None, "1", "甲"], [], [None, "2", "乙"], [None, " "]]
    table = table_in(save(tmp_path / "a.xlsx", rows, "A1:C1"))
    assert values(table) == [{"编号": "1", "姓名": "甲"}, {"编号": "2", "姓名": "乙"}]
    assert str(table.rows[1]["姓名"].place).endswith("C6")
    assert table.problems == ()


def test_known_headings_find_the_heading_row_below_a_wide_title() -> None:
    rows = [["单位", "某校"], ["编号", "姓名"], ["单位", "编号"]]
    assert find_heading_row(rows) == 0
    assert find_heading_row(rows, {"编号", "姓　名"}) == 1
    assert find_heading_row(rows, {"工种"}) == 0
    assert find_heading_row([["只有标题"], ["编号"]]) == 0
    assert find_heading_row([[None, None]]) is None
    assert find_heading_row([]) is None


def test_merged_headings_are_no_problem(tmp_path: Path) -> None:
    table = table_in(save(tmp_path / "a.xlsx", [["编号", "姓名", None], ["1", "甲"]], "B1:C1"))
    assert (values(table), table.problems) == ([{"编号": "1", "姓名": "甲"}], ())


@pytest.mark.parametrize(
    ("value", "text", "problem"),
    [
        (320102199001010018, None, "“证件”被存成数字，已丢失位数"),
        (1.5, None, "“证件”被存成小数"),
        (date(2026, 3, 1), None, "“证件”被存成日期或时间"),
        (True, None, "“证件”被存成真假值"),
        (13800000000, "13800000000", ""),
        (999999999999999, "999999999999999", ""),
        (1000000000000000, None, "已丢失位数"),
        ("320102199001010018", "320102199001010018", ""),
        ("'320102199001010018", "'320102199001010018", ""),
        ("３２０１", "３２０１", ""),
        ("3.2E+17", "3.2E+17", ""),
        (None, None, ""),
    ],
)
def test_a_text_column_takes_numbers_only_while_nothing_is_lost(
    tmp_path: Path, value: object, text: str | None, problem: str
) -> None:
    path = save(tmp_path / "a.xlsx", [["编号", "证件"], ["1", value]])
    table = table_in(path, text_headings=["证 件"])
    assert table.rows[0]["证件"].value == text
    found = "\n".join(map(str, table.problems))
    assert problem in found if problem else not found
    assert not problem or "a.xlsx「考生」B2 [sheet-not-text]" in found
    assert "3.2" not in found


def test_what_would_be_lost_is_reported(tmp_path: Path) -> None:
    rows = [["编号", "姓名", "编号", None], ["1", "甲", "9", "散"], ["2", "乙"], ["3"]]
    table = table_in(save(tmp_path / "a.xlsx", rows, "B3:B4"))
    assert [str(problem).partition(" →")[0] for problem in table.problems] == [
        "a.xlsx「考生」C1 [sheet-duplicate-heading] 表头“编号”重复：A1 已有",
        "a.xlsx「考生」C2 [sheet-no-heading] 这一列没有表头，不会被读取",
        "a.xlsx「考生」D2 [sheet-no-heading] 这一列没有表头，不会被读取",
        "a.xlsx「考生」B3 [sheet-merged] 合并的单元格只有第一格有值",
    ]


@pytest.mark.parametrize(
    ("cell", "lost"),
    [
        ('<c r="A1"><f>1+1</f></c>', True),
        ('<c r="A1"><f>1+1</f><v/></c>', True),
        ('<c r="A1"><f>1+1</f><v></v></c>', True),
        ('<c r="A1" t="e"><v>#N/A</v></c>', True),
        ('<c r="A1"><f>1+1</f><v>2</v></c>', False),
        ('<c r="A1" t="str"><f>""</f><v></v></c>', False),
        ('<c r="A1"><v>2</v></c>', False),
    ],
)
def test_a_formula_without_result_is_reported(tmp_path: Path, cell: str, lost: bool) -> None:
    path = save_xml(tmp_path / "a.xlsx", f'<row r="1">{cell}</row>')
    problems = read_workbook(path, root=tmp_path).problems
    assert [f"{problem.place} {problem.code}" for problem in problems] == ["a.xlsx「考生」A1 sheet-no-value"] * lost


def test_control_characters_are_reported_with_their_cell(tmp_path: Path) -> None:
    text = '<row r="2"><c r="B2" t="inlineStr"><is><t>一_x0007_二</t></is></c></row>'
    (problem,) = read_workbook(save_xml(tmp_path / "a.xlsx", text), root=tmp_path).problems
    assert str(problem).startswith("a.xlsx「考生」B2 [sheet-control] 含看不见的控制字符 U+0007")
    (tmp_path / "a.csv").write_bytes("编号,姓名\n1,甲\x00乙\n".encode())
    (problem,) = read_workbook(tmp_path / "a.csv", root=tmp_path).problems
    assert str(problem).startswith("a.csv「a」B2 [sheet-control]")


@pytest.mark.parametrize(
    "far",
    [
        '<row r="1048576"><c r="XFD1048576"><v>2</v></c></row>',
        '<row r="200001"><c r="A200001"><v>2</v></c></row>',
        '<row r="900000"><c><v>2</v></c></row>',
        "<row r='9'><c r='XFD9'><v>2</v></c></row>",
        '<row r="9"><c t="/>" r="XFD900000"><v>2</v></c></row>',
        '<row r="9"><c t=">" r="XFD900000"><v>2</v></c></row>',
        '<row r="9"><z:c xmlns:z="http://schemas.openxmlformats.org/spreadsheetml/2006/main" r="XFD900000"/></row>',
    ],
)
def test_a_cell_far_out_cannot_exhaust_the_memory(tmp_path: Path, far: str) -> None:
    path = save_xml(tmp_path / "a.xlsx", f'<row r="1"><c r="A1"><v>1</v></c></row>{far}')
    if far.endswith("/></row>"):  # empty, and so read by nobody
        assert read_workbook(path).sheets["考生"].rows == ((1,),)
        return
    with pytest.raises(KaowuError, match=r"sheet-(too-many-rows|odd)"):
        read_workbook(path)


@pytest.mark.parametrize(("encoding", "part"), [("utf-16", "sheet1.xml"), ("utf-16-be", "a"), ("utf-8", "a.bin")])
def test_a_cell_far_out_cannot_hide(tmp_path: Path, encoding: str, part: str) -> None:
    far = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    path = save_xml(tmp_path / "a.xlsx", far, encoding=encoding, part=part)
    with pytest.raises(KaowuError, match=r"sheet-(too-many-rows|odd)"):
        read_workbook(path)


def test_the_last_row_allowed_is_read(tmp_path: Path) -> None:
    path = save_xml(tmp_path / "a.xlsx", '<row r="200000"><c r="A200000"><v>2</v></c></row>')
    assert len(read_workbook(path).sheets["考生"].rows) == 200_000


def locked() -> bytes:
    """Return the skeleton of a compound file with the stream Office puts an encrypted workbook into."""
    end, free = 0xFFFFFFFE, 0xFFFFFFFF

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        text = name.encode("utf-16-le")
        head = text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text) + 2, kind, 1, free, free, child)
        return head + b"\0" * 36 + struct.pack("<IQ", start, size)

    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    head += b"\0" * 6 + struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0)
    head += struct.pack("<109I", 0, *[free] * 108)
    table = struct.pack("<128I", 0xFFFFFFFD, end, *range(3, 10), end, *[free] * 118)
    folder = entry("Root Entry", 5, 1, end, 0) + entry("EncryptedPackage", 2, free, 2, 4096)
    return head + table + folder.ljust(512, b"\0") + b"x" * 4096


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as book:
        for number in range(4):
            book.writestr(f"{number}.xml", b" " * 80_000_000)
    return file.getvalue()


def zipped(name: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as book:
        book.writestr(name, "x")
    return file.getvalue()


def cut_short() -> bytes:
    file = io.BytesIO()
    openpyxl.Workbook().save(file)
    return file.getvalue()[:3000]


def bit_flipped() -> bytes:
    file = io.BytesIO()
    openpyxl.Workbook().save(file)
    data = bytearray(file.getvalue())
    data[len(data) // 2] ^= 0xFF
    return bytes(data)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.xlsx", locked, "sheet-locked"),
        ("a.xlsx", bomb, "sheet-too-large"),
        ("a.xlsx", lambda: zipped("word/document.xml"), "sheet-not-xlsx"),
        ("a.xlsx", lambda: zipped("xl/workbook.xml"), "sheet-damaged"),
        ("a.xlsx", cut_short, "sheet-damaged"),
        ("a.xlsx", bit_flipped, "sheet-damaged"),
        ("a.xlsx", lambda: b"", "sheet-damaged"),
        ("a.xlsx", "编号,姓名".encode, "sheet-damaged"),
        ("a.xls", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000, "sheet-damaged"),
        ("a.ods", lambda: b"", "sheet-not-xlsx"),
        ("a.docx", lambda: b"", "sheet-not-xlsx"),
        ("a.csv", lambda: b"\xff\xff\xff", "sheet-encoding"),
        ("a.csv", lambda: b'a,b\n1,"2\n3,4\n', "sheet-csv"),
        ("a.csv", lambda: b'a,"b"c\n', "sheet-csv"),
        ("a.csv", lambda: b"a,b\n" * 200_001, "sheet-too-many-rows"),
        ("a.csv", lambda: b"x" * (50 * 1024 * 1024 + 1), "sheet-too-large"),
    ],
)
def test_an_unusable_file_is_refused(tmp_path: Path, name: str, content: Callable[[], bytes], code: str) -> None:
    (tmp_path / name).write_bytes(content())
    with pytest.raises(KaowuError, match=code):
        read_workbook(tmp_path / name)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KaowuError, match="sheet-unreadable"):
        read_workbook(tmp_path / "none.xlsx")


def test_the_old_excel_format_is_read() -> None:
    (sheet,) = read_workbook(DATA / "old.xls").sheets.values()
    assert sheet.rows == (("编号", "姓名", "生日"), ("001", "𠮷田", date(2001, 2, 3)))


def test_hidden_sheets_are_passed_over(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("选项").sheet_state = "hidden"
    book.create_sheet("很隐蔽").sheet_state = "veryHidden"
    book.save(tmp_path / "a.xlsx")
    assert [*read_workbook(tmp_path / "a.xlsx").sheets] == ["Sheet"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_a_csv_is_read_in_every_usual_writing(tmp_path: Path, encoding: str, delimiter: str) -> None:
    lines = ["编号,姓名,备注", "001,𠮷田,=1+1", '320102199001010018,"张\r\n三",@x', "1e3,㛃,"]
    text = "\r\n".join(line.replace(",", delimiter) for line in lines)
    (tmp_path / "考生.csv").write_bytes(text.encode(encoding))
    assert values(table_in(tmp_path / "考生.csv")) == [
        {"编号": "001", "姓名": "𠮷田", "备注": "=1+1"},
        {"编号": "320102199001010018", "姓名": "张\n三", "备注": "@x"},
        {"编号": "1e3", "姓名": "㛃", "备注": None},
    ]


def test_an_empty_sheet_is_an_empty_table() -> None:
    table = read_table(Sheet("f", "s", ()))
    assert (table.headings, table.rows, table.problems) == ({}, [], ())


@pytest.mark.parametrize(("row", "column", "name"), [(0, 0, "A1"), (6, 25, "Z7"), (0, 26, "AA1"), (9, 701, "ZZ10")])
def test_cells_are_named_as_in_excel(row: int, column: int, name: str) -> None:
    assert cell_name(row, column) == name
    assert cell_name(0, 702) == "AAA1"


@given(st.text())
def test_width_is_the_only_thing_normalised(text: str) -> None:
    normal = normalise_width(text)
    assert len(normal) == len(text)
    assert all(new == old or ord(old) - ord(new) in {0xFEE0, 0x2FE0} for old, new in zip(text, normal, strict=True))
    assert normalise_width("２０２６－０１．Ａ　①㈱") == "2026-01.A ①㈱"


def test_headings_are_compared_without_blanks_and_width() -> None:
    assert heading_key("姓　名\n（必填）") == "姓名(必填)"
    assert heading_key(None) == ""
