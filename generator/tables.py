"""Reading of workbooks and CSV files: a file in, sheets of plain values and tables with named columns out.

Every value knows its cell. Nothing is repaired beyond outer blanks; what Excel has already spoilt (an ID kept
as a number, a code turned into a date) is reported with its cell.
"""

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from generator.files import say_error
from generator.problems import KaowuError, Place, Problem
from generator.width import normalise_width
from generator.workbook_guard import MAX_CELLS, MAX_FILE, MAX_ROWS, check_xlsx, refusal

Value = str | int | float | date | time | bool | None

_HEADING_ROWS = 20
_MAX_COLUMNS = 16_384  # Excel's own
_LONGEST_TEXT = 32_767  # the same
_MAX_EXACT = 10**15  # Excel keeps 15 digits
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # the reader says so only of files opened by path
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Cell:
    """One value and where it stands; row and column count from 0."""

    value: Value
    file: str
    sheet: str
    row: int
    column: int

    @property
    def place(self) -> Place:
        """Return the place, with the cell as Excel calls it."""
        return Place(self.file, sheet=self.sheet, cell=cell_name(self.row, self.column))


@dataclass(frozen=True)
class Sheet:
    """One sheet as rows of values from cell A1 on, blank rows and columns at the end dropped."""

    file: str
    name: str
    rows: tuple[tuple[Value, ...], ...]
    merged: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()

    def cell(self, row: int, column: int) -> Cell:
        """Return the cell; beyond the end it is empty."""
        inside = row < len(self.rows) and column < len(self.rows[row])
        return Cell(self.rows[row][column] if inside else None, self.file, self.name, row, column)

    @property
    def place(self) -> Place:
        """Return the place of the sheet as a whole."""
        return Place(self.file, sheet=self.name)


@dataclass(frozen=True)
class Workbook:
    """A file's visible sheets by name, in their order, and what is wrong with single cells."""

    file: str
    sheets: Mapping[str, Sheet]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Table:
    """Rows under headings, blank rows left out: the number of each row in its sheet, from 0, and its values."""

    name: str
    headings: Mapping[str, Cell]
    lines: Sequence[tuple[int, Sequence[Value]]]
    problems: tuple[Problem, ...] = ()

    @property
    def rows(self) -> list[dict[str, Cell]]:
        """Return each row as heading → cell."""
        return [
            {
                heading: Cell(values[head.column], head.file, head.sheet, number, head.column)
                for heading, head in self.headings.items()
            }
            for number, values in self.lines
        ]


def read_workbook(path: Path, *, root: Path | None = None) -> Workbook:
    """Return the sheets of an .xlsx, .xlsm, .xls or .csv file, named relative to ``root``.

    Hidden sheets are passed over. A CSV is one sheet named like the file. Raise KaowuError where the file is
    damaged, locked, too large or of another kind.
    """
    name = (path.relative_to(root) if root and path.is_relative_to(root) else path).as_posix()
    try:
        if path.stat().st_size > MAX_FILE:
            raise refusal(name, "too-large", "文件超过 50 MB", "删去多余的工作表、图片和格式")
        raw = path.read_bytes()
    except OSError as error:
        what = f"文件读不出来（{say_error(error)}）"
        raise refusal(name, "unreadable", what, "检查文件是否存在；若正被打开，先关闭") from None
    kind = path.suffix.lower()
    if kind == ".csv":
        sheets = [Sheet(name, path.stem, _trimmed(_csv_rows(raw, name)))]
        problems: list[Problem] = []
    elif kind in {".xlsx", ".xlsm", ".xls"}:
        problems = check_xlsx(raw, name) if raw.startswith(b"PK") else []
        sheets = _excel_sheets(raw, name)
    else:
        raise refusal(name, "not-xlsx", f"不能读“{kind}”文件", "用 Excel 或 WPS 另存为 .xlsx")
    problems += [problem for sheet in sheets for problem in _unfit_texts(sheet)]
    return Workbook(name, {sheet.name: sheet for sheet in sheets}, tuple(sorted(problems)))


def _excel_sheets(raw: bytes, file: str) -> list[Sheet]:
    """Return the visible worksheets. Raise KaowuError where the file is locked or damaged."""
    if raw.startswith(_COMPOUND) and _ENCRYPTED in raw:
        raise refusal(file, "locked", "工作簿有打开密码", "在 Excel 或 WPS 中取消密码后保存")
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        shown = [
            meta.name
            for meta in book.sheets_metadata
            if meta.visible == SheetVisibleEnum.Visible and meta.typ == SheetTypeEnum.WorkSheet
        ]
        return [_excel_sheet(book, name, file) for name in shown]
    except CalamineError:
        what = "工作簿已损坏、有打开密码，或不是 Excel 工作簿"
        raise refusal(file, "damaged", what, "用 Excel 或 WPS 打开并另存为 .xlsx") from None


def _excel_sheet(book: CalamineWorkbook, name: str, file: str) -> Sheet:
    """Return one worksheet with plain values."""
    sheet = book.get_sheet_by_name(name)
    rows, columns = (number + 1 for number in sheet.end or (-1, -1))
    if rows > MAX_ROWS or rows * columns > MAX_CELLS:
        raise refusal(file, "too-many-rows", f"工作表「{name}」超过 {MAX_ROWS} 行", "分成几个文件")
    values = sheet.to_python(skip_empty_area=False)
    merged = tuple(sheet.merged_cell_ranges or ())
    return Sheet(file, name, _trimmed([[_plain(value) for value in row] for row in values]), merged)


def _plain(value: Any) -> Value:
    """Return a value as people see it: whole numbers whole, days without time, text without outer blanks."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n").strip() or None
    if isinstance(value, float) and value.is_integer() and abs(value) < _MAX_EXACT:
        return int(value)
    if isinstance(value, datetime) and value.time() == time():
        return value.date()
    if isinstance(value, timedelta):
        minutes = int(value.total_seconds()) // 60
        return f"{minutes // 60}:{minutes % 60:02}"
    plain: Value = value
    return plain


def _trimmed(rows: Sequence[Sequence[Value]]) -> tuple[tuple[Value, ...], ...]:
    """Return the rows without blank rows and columns at the end."""
    filled = [[number for number, value in enumerate(row) if value is not None] for row in rows]
    height = max((number + 1 for number, columns in enumerate(filled) if columns), default=0)
    width = max((columns[-1] + 1 for columns in filled if columns), default=0)
    return tuple((*row[:width], *[None] * (width - len(row))) for row in rows[:height])


def _csv_rows(raw: bytes, file: str) -> list[list[Value]]:
    """Return the rows of a comma or tab separated file, every value as text. Raise KaowuError."""
    text = _csv_text(raw, file)
    head = text.partition("\n")[0]
    delimiter = "\t" if head.count("\t") > head.count(",") else ","
    rows: list[list[Value]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            if len(row) > _MAX_COLUMNS:
                raise refusal(file, "too-many-columns", f"第 {reader.line_num} 行超过 {_MAX_COLUMNS} 列", "查对分隔符")
            rows.append([_plain(value) for value in row])
            if len(rows) > MAX_ROWS:
                raise refusal(file, "too-many-rows", f"超过 {MAX_ROWS} 行", "分成几个文件")
    except csv.Error:
        place = Place(file, reader.line_num, 1)
        problem = Problem(place, "sheet-csv", "引号没有成对，或一格太长", "检查这一行前后的英文引号")
        raise KaowuError([problem]) from None
    return rows


def _csv_text(raw: bytes, file: str) -> str:
    """Return the text in UTF-8, UTF-16 with mark or GB 18030, whichever the bytes are; guess no other."""
    marked = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise refusal(file, "encoding", "认不出文字编码", "用 Excel 或 WPS 另存为 .xlsx 或 UTF-8 的 CSV")


def _unfit_texts(sheet: Sheet) -> Iterator[Problem]:
    """Yield the cells whose text no document can hold: too long, or with characters that are none."""
    for number, row in enumerate(sheet.rows):
        for column, value in enumerate(row):
            if isinstance(value, str) and (found := _UNFIT.search(value)):
                what = f"含看不见的控制字符 U+{ord(found[0]):04X}"
                yield Problem(sheet.cell(number, column).place, "sheet-control", what, "删去该字符")
            elif isinstance(value, str) and len(value) > _LONGEST_TEXT:
                what = f"一格超过 {_LONGEST_TEXT} 个字符"
                yield Problem(sheet.cell(number, column).place, "sheet-long-text", what, "查对引号，或改短")


def cell_name(row: int, column: int) -> str:
    """Return the name of a cell, such as C7 for row 6 and column 2 (both from 0)."""
    return f"{_column_name(column)}{row + 1}"


@cache
def _column_name(column: int) -> str:
    """Return the letters of a column counted from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def heading_key(value: Value) -> str:
    """Return a heading without blanks and line breaks, in half width: 姓　名 becomes 姓名."""
    return re.sub(r"\s", "", normalise_width(str(value))) if value is not None else ""


def find_heading_row(rows: Sequence[Sequence[Value]], known_headings: Collection[str] = ()) -> int | None:
    """Return the number, from 0, of the row with the headings; None where no row is filled.

    It is the row among the first twenty with the most known headings; where none is known, the first with two
    texts or more, so that a title above it is passed over; failing that, the first that is not blank.
    """
    known = {heading_key(heading) for heading in known_headings}
    head = [[heading_key(value) for value in row] for row in rows[:_HEADING_ROWS]]
    hits = [len(known.intersection(row)) for row in head]
    if any(hits):
        return hits.index(max(hits))
    filled = [sum(map(bool, row)) for row in head]
    several = (number for number, count in enumerate(filled) if count > 1)
    return next(several, next((number for number, count in enumerate(filled) if count), None))


def read_table(sheet: Sheet, *, known_headings: Collection[str] = (), text_headings: Collection[str] = ()) -> Table:
    """Return the table in a sheet, with what is wrong in it.

    ``known_headings`` help to find the heading row; under ``text_headings`` numbers become text, and those
    that lost digits, and dates Excel made of codes, are problems (and empty).
    """
    start = find_heading_row(sheet.rows, known_headings)
    if start is None:
        return Table(sheet.name, {}, ())
    columns, problems = _headings(sheet, start)
    keys = {heading_key(heading) for heading in text_headings}
    texts = [(column, heading) for heading, column in columns.items() if heading in keys]
    lines = [
        (number, _with_texts(sheet, number, texts, problems))
        for number, values in enumerate(sheet.rows[start + 1 :], start + 1)
        if any(value is not None for value in values)
    ]
    problems += _stray_values(sheet, start, set(columns.values()))
    problems += _merged_rows(sheet, start)
    headings = {heading: sheet.cell(start, column) for heading, column in columns.items()}
    return Table(sheet.name, headings, lines, tuple(sorted(_once(problems))))


def _once(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Yield what is said of several cells of a column once, of the first, with how many there are."""
    alike: dict[tuple[str, str, str], list[Problem]] = {}
    for problem in problems:
        column = problem.place.cell.rstrip("0123456789")
        alike.setdefault((problem.code, problem.what, column), []).append(problem)
    for group in alike.values():
        more = f"（共 {len(group)} 格）" if len(group) > 1 else ""
        yield replace(group[0], what=f"{group[0].what}{more}")


def _with_texts(
    sheet: Sheet, number: int, texts: Iterable[tuple[int, str]], problems: list[Problem]
) -> Sequence[Value]:
    """Return the values of a row, with those as text that stand under certain headings."""
    values = sheet.rows[number]
    spoilt = [text for text in texts if not isinstance(values[text[0]], str | None)]
    if not spoilt:
        return values
    changed = list(values)
    for column, heading in spoilt:
        changed[column] = _as_text(sheet.cell(number, column), heading, problems)
    return changed


def _headings(sheet: Sheet, row: int) -> tuple[dict[str, int], list[Problem]]:
    """Return the column of each heading, and a problem for each heading that stands twice."""
    columns: dict[str, int] = {}
    problems = []
    for column, value in enumerate(sheet.rows[row]):
        heading = heading_key(value)
        if heading in columns:
            what = f"表头“{heading}”重复：{cell_name(row, columns[heading])} 已有"
            problems.append(Problem(sheet.cell(row, column).place, "sheet-duplicate-heading", what, "改名或删去一列"))
        elif heading:
            columns[heading] = column
    return columns, problems


def _as_text(cell: Cell, heading: str, problems: list[Problem]) -> str | None:
    """Return the number in a cell as text; note a problem where Excel has spoilt the text, and return nothing."""
    value = cell.value
    text, what = None, f"“{heading}”被存成日期或时间，原来的写法已丢失"
    if isinstance(value, bool):
        what = f"“{heading}”被存成真假值"
    elif isinstance(value, int):
        text = str(value)
    elif isinstance(value, float):
        lost = abs(value) >= _MAX_EXACT
        what = f"“{heading}”被存成数字，已丢失位数" if lost else f"“{heading}”被存成小数"
    if text is None:
        problems.append(Problem(cell.place, "sheet-not-text", what, "把该列设为“文本”格式，再重新填写"))
    return text


def _stray_values(sheet: Sheet, start: int, columns: set[int]) -> Iterator[Problem]:
    """Yield the first value of each column that has no heading."""
    seen: set[int] = set(columns)
    for number in range(start + 1, len(sheet.rows)):
        for column, value in enumerate(sheet.rows[number]):
            if value is not None and column not in seen:
                seen.add(column)
                place = sheet.cell(number, column).place
                yield Problem(place, "sheet-no-heading", "这一列没有表头，不会被读取", "补上表头，或删去这一列")


def _merged_rows(sheet: Sheet, start: int) -> Iterator[Problem]:
    """Yield the merged cells below the headings: only their first cell has a value."""
    for (top, left), (bottom, _right) in sheet.merged:
        first = sheet.cell(top, left)
        if start < top <= bottom < len(sheet.rows) and first.value is not None:
            yield Problem(first.place, "sheet-merged", "合并的单元格只有第一格有值", "取消合并，逐行填写")
