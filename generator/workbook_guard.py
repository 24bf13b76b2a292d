"""A look into an .xlsx before it is read: its bytes in, problems of single cells out, or a refusal.

The reader lays every sheet out as a full rectangle and ends the whole process when memory does not suffice;
a file of a few kilobytes with one cell far out is enough. It also gives formulas without a stored result
and error values as empty cells, without a word.
"""

import re
from collections.abc import Iterator, Mapping

from lxml import etree

from generator.archives import ArchiveError, ArchiveTooLargeError, unpack
from generator.problems import KaowuError, Place, Problem

MAX_FILE = 50 * 1024 * 1024
MAX_ROWS = 200_000
MAX_CELLS = 4_000_000

_CELL_START = re.compile(rb'<(?:[^\s<>/:"]+:)?c[\s/>]')
_CELL = re.compile(rb'<(?:[^\s<>/:"]+:)?c((?:\s+[\w:.-]+="[^"<>]*")*)\s*(/?)>')
_REFERENCE = re.compile(rb'\sr="([A-Z]{1,3})([0-9]{1,7})"')
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")  # UTF-16, which would hide the cells from what follows
_FORMULA = re.compile(
    rb"<(?:\w+:)?c(\s[^<>]*)>\s*<(?:\w+:)?f(?:\s[^<>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
    rb"(<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_ERROR = re.compile(rb'<(?:\w+:)?c(\s[^<>]*\bt="e"[^<>]*)>')
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def check_xlsx(raw: bytes, file: str) -> list[Problem]:
    """Return the cells whose value would be lost in reading. Raise KaowuError where reading is not safe."""
    try:
        parts = unpack(raw)
        names = sheet_names(parts)
    except ArchiveTooLargeError:
        raise refusal(file, "too-large", "工作簿展开后超过 300 MB", "删去多余的工作表、图片和格式") from None
    except (ArchiveError, etree.XMLSyntaxError):
        raise _damaged(file) from None
    except KeyError:
        raise refusal(file, "not-xlsx", "不是 Excel 工作簿", "用 Excel 或 WPS 另存为 .xlsx") from None
    problems: list[Problem] = []
    for part, xml in parts.items():
        sheet = names.get(part, part)
        if xml.startswith(_WIDE):
            raise _odd(file, sheet)
        if b"sheetData" in xml:
            _check_extent(xml, file, sheet)
            problems += _lost_values(xml, file, sheet)
    return problems


def refusal(file: str, code: str, what: str, remedy: str) -> KaowuError:
    """Return the error that refuses a whole file."""
    return KaowuError([Problem(Place(file), f"sheet-{code}", what, remedy)])


def _damaged(file: str) -> KaowuError:
    """Return the error for a file that cannot be unpacked."""
    return refusal(file, "damaged", "工作簿已损坏，打不开", "用 Excel 或 WPS 打开并另存为 .xlsx")


def _odd(file: str, sheet: str) -> KaowuError:
    """Return the error for a sheet written as no office program writes it."""
    return refusal(file, "odd", f"工作表「{sheet}」的写法不合常规", "用 Excel 或 WPS 打开并另存为 .xlsx")


def sheet_names(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Return the name of the sheet each part holds. Raise KeyError where there is no workbook."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    book = etree.fromstring(parts["xl/workbook.xml"], parser)
    links = etree.fromstring(parts["xl/_rels/workbook.xml.rels"], parser)
    targets = {link.get("Id"): str(link.get("Target")) for link in links}
    names = {}
    for sheet in book.iter("{*}sheet"):
        target = targets.get(sheet.get(_RELATION), "")
        names[target.removeprefix("/") if target.startswith("/") else f"xl/{target}"] = str(sheet.get("name"))
    return names


def _check_extent(xml: bytes, file: str, sheet: str) -> None:
    """Raise KaowuError where filled cells lie too far out, or are not written the way every office writes them."""
    rows = columns = strict = 0
    for cell in _CELL.finditer(xml):
        strict += 1
        if cell[2]:
            continue
        reference = _REFERENCE.search(cell[1])
        if not reference:
            strict -= 1
            continue
        rows, columns = max(rows, int(reference[2])), max(columns, _column_number(reference[1]))
    if strict != len(_CELL_START.findall(xml)):
        raise _odd(file, sheet)
    if rows > MAX_ROWS or rows * columns > MAX_CELLS:
        what = f"工作表「{sheet}」的内容一直到第 {rows} 行、第 {columns} 列，超出可读范围"
        raise refusal(file, "too-many-rows", what, f"删去远处的多余内容；行数不超过 {MAX_ROWS}")


def _column_number(letters: bytes) -> int:
    """Return the number, from 1, of the column these letters name."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _lost_values(xml: bytes, file: str, sheet: str) -> Iterator[Problem]:
    """Yield the cells that hold a formula without a result, or an error value."""
    for found in _FORMULA.finditer(xml):
        if found[2] is None or b't="str"' not in found[1]:  # an empty text is a result
            yield _cell_problem(found[1], file, sheet, "公式没有存下结果，读不到值")
    for found in _ERROR.finditer(xml):
        yield _cell_problem(found[1], file, sheet, "单元格是错误值（如 #N/A）")


def _cell_problem(attributes: bytes, file: str, sheet: str, what: str) -> Problem:
    """Return a problem at the cell with these XML attributes."""
    reference = _REFERENCE.search(attributes)
    cell = (reference[1] + reference[2]).decode() if reference else ""
    place = Place(file, sheet=sheet, cell=cell)
    return Problem(place, "sheet-no-value", what, "用 Excel 或 WPS 打开、重算并保存，或直接填写值")
