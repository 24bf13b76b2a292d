"""Answers and waivers that stand in a workbook: a sheet in, records with the place of each value out.

The questionnaire is such a sheet: what is asked stands beside where the answer is filled in, and a row without an
answer is a question still open.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from generator.institution.sources import Folder, is_csv, only_sheet, workbook_paths
from generator.problems import Place
from generator.schema_problems import KeyPath
from generator.tables import Cell, Table, Value, read_table
from generator.workbooks import CellContent, ColumnSpec, SheetSpec, write_workbook

ANSWERS = "答复"
WAIVERS = "豁免"
FILES = ("answers.xlsx", "问卷.xlsx")
RULE, ROUND, ANSWER, DAY = "规则", "批次", "回答", "日期"
COLUMNS = (
    ColumnSpec(RULE, text=True, width=34),
    ColumnSpec(ROUND, "只回答某一批次的写批次名称，不写的对各批次都算数", text=True, width=24),
    ColumnSpec("事项", text=True, width=20),
    ColumnSpec("出处", text=True, width=14),
    ColumnSpec("问题", text=True, width=60),
    ColumnSpec(ANSWER, "做到的填“是”", choices=("是", "否", "不适用")),
    ColumnSpec(DAY, "如 2026-11-20", day=True, width=14),
    ColumnSpec("签名", text=True),
    ColumnSpec("说明", text=True, width=30),
)
SHOWN = {"事项", "出处", "问题"}  # what is asked, for the reader
FILLED = tuple(column.heading for column in COLUMNS[5:])


@dataclass(frozen=True)
class SheetRecords:
    """The filled rows of a sheet as plain records that know their cells."""

    data: Sequence[Mapping[str, Value]]
    rows: Sequence[Mapping[str, Cell]]
    sheet: Place

    def place(self, path: KeyPath = ()) -> Place:
        """Return the cell of a value; of a record, its first cell; of the whole, the sheet."""
        if not path:
            return self.sheet
        row = self.rows[int(path[0])]
        return (row[str(path[1])] if len(path) > 1 and path[1] in row else next(iter(row.values()))).place

    def key_place(self, path: KeyPath) -> Place:
        """Return the cell of a value: its heading says nothing more."""
        return self.place(path)


def sheet_records(folder: Folder, sheet: str) -> Iterator[SheetRecords]:
    """Yield the records of every sheet of this name, rows in which nothing is filled in left out."""
    for table, place in sheet_tables(folder, sheet):
        folder.problems.extend(table.problems)
        rows = [row for row in table.rows if sheet != ANSWERS or any(filled(row, heading) for heading in FILLED)]
        data = [
            {heading: cell.value for heading, cell in row.items() if heading not in SHOWN and cell.value is not None}
            for row in rows
        ]
        yield SheetRecords(data, rows, place)


def filled(row: Mapping[str, Cell], heading: str) -> bool:
    """Return whether a cell of a row holds something."""
    return heading in row and row[heading].value is not None


def sheet_tables(folder: Folder, name: str) -> Iterator[tuple[Table, Place]]:
    """Yield the tables of this name in the workbooks that may hold one."""
    paths = [path for file in FILES for path in workbook_paths(folder.path, file, name, "institution.yaml")]
    for path in dict.fromkeys(paths):
        book = folder.book(path)
        sheet = book and (book.sheets.get(name) or (only_sheet(book) if is_csv(path) else None))
        if sheet and sheet.rows:
            headings = [column.heading for column in COLUMNS]
            table = read_table(folder.use(sheet), known_headings=headings, text_headings=set(headings) - {DAY})
            yield table, sheet.place


def answer_sheet(rows: Sequence[Sequence[CellContent]] = ()) -> SheetSpec:
    """Return the sheet in which questions are answered."""
    return SheetSpec(ANSWERS, COLUMNS, rows)


def write_answers(kept: Sequence[Mapping[str, Any]], asked: Sequence[Mapping[str, str]]) -> bytes:
    """Return a questionnaire: the rows that are kept, and below them what is asked."""
    headings = [column.heading for column in COLUMNS]
    return write_workbook([answer_sheet([[row.get(heading) for heading in headings] for row in (*kept, *asked)])])
