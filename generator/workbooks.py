"""Writing of workbooks: sheets described as data in, the bytes of an .xlsx out, the same for the same input.

For rosters and score sheets that people fill in: headings with notes, drop-down lists, columns that keep codes
as text. No text of the data ever becomes a formula or a link.
"""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from generator.files import zip_bytes
from generator.tables import cell_name

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

_STAMP = date(1980, 1, 1)
_PREPARED_ROWS = 2000  # rows with drop-down lists, so that a roster can grow
_LONGEST_TEXT = 32_767
_LONGEST_LIST = 255
_CHOICES = "选项"
_A4 = 9
_TEXT = 49  # Excel's own number for the format "@"


@dataclass(frozen=True)
class Formula:
    """A formula of ours such as ``=SUM(B2:D2)``, and the result shown until a program reckons it."""

    text: str
    result: str | int | float = ""


CellContent = str | int | float | bool | date | datetime | Formula | None


@dataclass(frozen=True)
class ColumnSpec:
    """One column: heading, its note, the choices of its drop-down list, text or date format, width in signs."""

    heading: str
    note: str = ""
    choices: tuple[str, ...] = ()
    text: bool = False
    day: bool = False
    width: float | None = None


@dataclass(frozen=True)
class SheetSpec:
    """One sheet: its columns, its rows from the second on, and whether headings and formulas are locked."""

    name: str
    columns: Sequence[ColumnSpec]
    rows: Sequence[Sequence[CellContent]] = ()
    protect: bool = False


def write_workbook(sheets: Sequence[SheetSpec], *, stamp: date = _STAMP) -> bytes:
    """Return an .xlsx with these sheets, dated ``stamp``.

    Raise ValueError for what Excel cannot hold: a text of more than 32,767 signs, more cells than columns.
    """
    from xlsxwriter import Workbook  # noqa: PLC0415 - most runs write no workbook

    target = io.BytesIO()
    book = Workbook(target, _options())
    book.set_properties({"created": datetime.combine(stamp, time())})
    formats = _Formats(book)
    pages = [book.add_worksheet(spec.name) for spec in sheets]
    lists = _write_choices(book, sheets)
    for spec, page in zip(sheets, pages, strict=True):
        _write_columns(page, spec, formats, lists)
        _write_rows(page, spec, formats)
        _set_page(page, spec)
    book.close()
    with zipfile.ZipFile(target) as archive:
        return zip_bytes({name: archive.read(name) for name in archive.namelist()})


def _options() -> dict[str, Any]:
    """Return XlsxWriter's options, made anew each time: it writes into the dictionaries it is given."""
    return {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_format_properties": {"font_name": "宋体", "font_size": 11},
    }


class _Formats:
    """The cell formats of one workbook, each made once."""

    def __init__(self, book: "Workbook") -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}
        self.heading = self.made(
            bold=True, border=1, bg_color="#E7EEF7", text_wrap=True, align="center", valign="vcenter"
        )

    def made(self, **properties: Any) -> Any:
        """Return the format with these properties."""
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(properties)
        return self._made[key]

    def of_column(self, column: ColumnSpec, *, locked: bool = False) -> Any:
        """Return the format of a column's cells: text where codes stand, days as 2026-11-20."""
        if column.text:
            return self.made(locked=locked, num_format=_TEXT)
        return self.made(locked=locked, num_format="yyyy-mm-dd") if column.day else self.made(locked=locked)


def _write_choices(book: "Workbook", sheets: Sequence[SheetSpec]) -> Mapping[tuple[str, ...], str]:
    """Return where each list stands that is too long for a cell's own rule, after writing it to a hidden sheet."""
    lists = {column.choices for spec in sheets for column in spec.columns if _needs_sheet(column.choices)}
    if not lists:
        return {}
    page = book.add_worksheet(_CHOICES)
    page.hide()
    ranges = {}
    for number, choices in enumerate(sorted(lists)):
        page.write_column(0, number, choices)
        first, last = cell_name(0, number), cell_name(len(choices) - 1, number)
        ranges[choices] = f"='{_CHOICES}'!{_fixed(first)}:{_fixed(last)}"
    return ranges


def _needs_sheet(choices: tuple[str, ...]) -> bool:
    """Return whether the choices do not fit between commas in a cell's own rule."""
    return len(",".join(choices)) > _LONGEST_LIST or any("," in choice for choice in choices)


def _fixed(cell: str) -> str:
    """Return the reference that does not move: $A$1 for A1."""
    letters = cell.rstrip("0123456789")
    return f"${letters}${cell[len(letters) :]}"


def _write_columns(page: "Worksheet", spec: SheetSpec, formats: _Formats, lists: Mapping[tuple[str, ...], str]) -> None:
    """Write the headings with notes, and prepare format, width and drop-down list of each column."""
    last = max(len(spec.rows), _PREPARED_ROWS)
    for number, column in enumerate(spec.columns):
        width = column.width or max(10, 2 * len(column.heading) + 2)
        page.set_column(number, number, width, formats.of_column(column))
        page.write_string(0, number, column.heading, formats.heading)
        if column.note:
            page.write_comment(0, number, column.note, {"author": "", "width": 240, "font_size": 9})
        if column.choices:
            rule = {
                "validate": "list",
                "source": lists.get(column.choices, list(column.choices)),
                "error_title": column.heading,
                "error_message": "请从下拉列表中选择",
            }
            page.data_validation(1, number, last, number, rule)


def _write_rows(page: "Worksheet", spec: SheetSpec, formats: _Formats) -> None:
    """Write the rows below the headings."""
    for number, row in enumerate(spec.rows, start=1):
        if len(row) > len(spec.columns):
            raise ValueError(f"row {number} of sheet {spec.name!r} has more cells than columns")
        for position, (column, content) in enumerate(zip(spec.columns, row, strict=False)):
            _write_cell(page, (number, position), content, column=column, formats=formats)


def _write_cell(
    page: "Worksheet", at: tuple[int, int], content: CellContent, *, column: ColumnSpec, formats: _Formats
) -> None:
    """Write one value as what it is; in a text column everything but a formula is text."""
    shape = formats.of_column(column)
    if content is None:
        return
    if isinstance(content, Formula):
        page.write_formula(*at, content.text, formats.of_column(column, locked=True), content.result)
    elif isinstance(content, str) or column.text:
        if len(str(content)) > _LONGEST_TEXT:
            raise ValueError(f"text too long for a cell: {len(str(content))} signs")
        page.write_string(*at, str(content), shape)
    elif isinstance(content, bool):
        page.write_boolean(*at, content, shape)
    elif isinstance(content, datetime):
        page.write_datetime(*at, content, formats.made(locked=False, num_format="yyyy-mm-dd hh:mm"))
    elif isinstance(content, date):
        page.write_datetime(*at, content, formats.made(locked=False, num_format="yyyy-mm-dd"))
    else:
        page.write_number(*at, content, shape)


def _set_page(page: "Worksheet", spec: SheetSpec) -> None:
    """Keep the headings in sight and on every printed page, and lock the sheet where asked."""
    page.freeze_panes(1, 0)
    page.repeat_rows(0)
    page.set_paper(_A4)
    page.fit_to_pages(1, 0)
    if spec.protect:
        page.protect("", {"format_columns": True, "format_rows": True, "sort": True})
