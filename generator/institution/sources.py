"""Read what an entity's files state: folders in, entries of label → raw value with its place out.

A page (one thing) is a YAML mapping or a sheet of two columns; rows (many things) are a sheet, a CSV file named like
the sheet, or a list under the sheet's name in the page. Nothing is typed here.
"""

import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from generator.policy.vocabulary import Entity
from generator.problems import KaowuError, Place, Problem, nearest
from generator.tables import Sheet, Table, Value, Workbook, cell_name, read_table, read_workbook
from generator.yaml_source import Document, load_yaml

COLUMNS = "列名对照"
HEADINGS = ("项目", "表")  # what may stand over the first column of a page, and of the mapping
SPREADSHEETS = (".xlsx", ".xlsm", ".xls")
FILLED = "scores/*"  # workbooks that were filled in: any sheet of the round may stand in them
TABLES = (*SPREADSHEETS, ".csv")
PARTS = ("filing", "scores")  # folders whose tables belong to the folder above
REMARKS = "说明"  # a sheet of instructions holds no data

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Entry:
    """One raw value with the place of the value and the label it stands under."""

    label: str
    raw: Any
    place: Place
    label_place: Place


@dataclass(frozen=True)
class RawThing:
    """What one page or row states, and the sheet it stands in (empty for a page)."""

    entries: tuple[Entry, ...]
    place: Place
    sheet: str = ""

    @property
    def labels(self) -> AbstractSet[str]:
        """Return the labels it states something under."""
        return {entry.label for entry in self.entries}


class Head:
    """The headings of one table in our words with their cells, and where the facts of its rows stand."""

    def __init__(self, table: Table, sheet: str, mapping: Mapping[str, str]) -> None:
        """Begin the head of a table that holds a sheet of the dictionary."""
        self.sheet = sheet
        self.cells = tuple((mapping.get(heading, heading), cell) for heading, cell in table.headings.items())
        self.labels: AbstractSet[str] = {label for label, _cell in self.cells}
        self.facts: Mapping[str, int] = {}

    def place(self, row: int, name: str = "") -> Place | None:
        """Return where a fact of a row stands, the row itself by its first cell; None for a fact without column."""
        first = self.cells[0][1]
        column = self.facts.get(name) if name else first.column
        return None if column is None else Place(first.file, sheet=first.sheet, cell=cell_name(row, column))


@dataclass(frozen=True, slots=True)
class RawRow:
    """What one row of a table states; its entries are made only where somebody needs them."""

    head: Head
    number: int
    values: Sequence[Value]

    @property
    def sheet(self) -> str:
        """Return the sheet of the dictionary it belongs to."""
        return self.head.sheet

    @property
    def place(self) -> Place:
        """Return where the row stands, by its first cell."""
        place = self.head.place(self.number)
        assert place
        return place

    @property
    def labels(self) -> AbstractSet[str]:
        """Return the labels of its table."""
        return self.head.labels

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Return its cells as entries."""
        return tuple(
            Entry(label, self.values[cell.column], replace(cell, row=self.number).place, cell.place)
            for label, cell in self.head.cells
        )


@dataclass
class Folder:
    """The files of an institution or a round, each read once; a file that cannot be read is a problem, and empty."""

    path: Path
    root: Path
    problems: list[Problem]
    columns: dict[str, dict[str, str]] = field(default_factory=dict)
    _pages: dict[Path, Document | None] = field(default_factory=dict)
    _books: dict[Path, Workbook | None] = field(default_factory=dict)
    _used: set[tuple[str, str]] = field(default_factory=set)

    def document(self, name: str) -> Document | None:
        """Return a YAML file of the folder, or None when there is none or it cannot be read."""
        return self._read(self.path / name, load_yaml)

    def page(self, name: str) -> Document | None:
        """Return a YAML file of the folder that holds a mapping, or None when there is none or it is empty."""
        path = self.path / name
        if path not in self._pages:
            document = self._pages[path] = self.document(name)
            if document and document.data is not None and not isinstance(document.data, dict):
                self.problems.append(
                    Problem(document.place(()), "not-a-page", "文件内容应为“项目: 内容”", "每行写一项")
                )
                self._pages[path] = None
        document = self._pages[path]
        return document if document and document.data else None

    def book(self, path: Path) -> Workbook | None:
        """Return a workbook or CSV file, or None when it is not there."""
        if path not in self._books:
            book = self._books[path] = self._read(path, read_workbook)
            self.problems.extend(book.problems if book else ())
        return self._books[path]

    def _read(self, path: Path, read: Callable[..., T]) -> T | None:
        """Return what a reader makes of a file, or None where there is none or it cannot be read."""
        if not os.path.lexists(path):
            return None
        if fault := self._fault_of(path):
            self.problems.append(Problem(self.file(str(path)), *fault))
            return None
        try:
            return read(path, root=self.root)
        except KaowuError as error:
            self.problems.extend(error.problems)
            return None

    def _fault_of(self, path: Path) -> tuple[str, str, str] | None:
        """Return why a file is not to be opened at all: some never end, and a link may show what is not the user's."""
        home = self.root / path.relative_to(self.root).parts[0]
        try:
            if not path.resolve(strict=True).is_relative_to(home.resolve()):
                return "link-outside", "链接指到了机构文件夹之外", "把文件本身复制进来"
        except (OSError, RuntimeError):
            return "not-a-file", "链接失效", "换成文件本身"
        return None if path.is_file() else ("not-a-file", "这里应是文件，却是文件夹或设备", "换成文件，或改名移走")

    def use(self, sheet: Sheet) -> Sheet:
        """Return the sheet, noting that it was used."""
        self._used.add((sheet.file, sheet.name))
        return sheet

    def leftovers(self, known: Collection[str]) -> Iterator[Problem]:
        """Yield the tables of the folder that nothing was read from; ``known`` are the sheets that could be."""
        for path in sorted(self.path.rglob("*")):
            name = path.relative_to(self.root).as_posix()
            if path.suffix.lower() not in TABLES or path.name.startswith("~$") or not self._owns(path):
                continue
            book = self._books.get(path)
            if path not in self._books:
                yield Problem(Place(name), "unused-file", "这个文件没有使用", nearest(path.stem, known) or "改名或移走")
            for sheet in book.sheets.values() if book else ():
                if (sheet.file, sheet.name) not in self._used and sheet.rows and not sheet.name.endswith(REMARKS):
                    advice = nearest(sheet.name, known) or f"改名或删去；只作说明的，名称以“{REMARKS}”结尾"
                    yield Problem(sheet.place, "unused-sheet", "这张工作表没有使用", advice)

    def _owns(self, path: Path) -> bool:
        """Return whether a file belongs to this folder rather than to a round or to templates inside it."""
        inside = path.relative_to(self.path).parent.parts
        return not inside or inside[0] in PARTS

    def file(self, name: str) -> Place:
        """Return the place of a file of this folder."""
        return Place((self.path / name).relative_to(self.root).as_posix())


def read_page(folder: Folder, entity: Entity) -> RawThing | None:
    """Return what the page of an entity states, from YAML and from a two-column sheet; None when there is neither."""
    document = folder.page(entity.file)
    entries: list[Entry] = []
    if document:
        for label, raw in stated_in(document).items():
            entries.append(Entry(label, raw, document.place((label,)), document.key_place((label,))))
    for book in page_books(folder, entity.file):
        entries += [entry for name in (entity.label, COLUMNS) for entry in page_rows(folder, book, name)]
    return RawThing(tuple(entries), folder.file(entity.file)) if entries or document else None


def page_rows(folder: Folder, book: Workbook, name: str) -> Iterator[Entry]:
    """Yield the rows of a page's sheet as entries; those of the mapping of headings are sheet, their name, our name."""
    sheet = book.sheets.get(name)
    for number, row in enumerate(folder.use(sheet).rows if sheet else ()):
        if sheet is None or row[0] in (None, "", *HEADINGS):
            continue
        first, second, third = (sheet.cell(number, column) for column in range(3))
        if name == COLUMNS:
            yield Entry(
                COLUMNS, {str(first.value): {str(second.value or ""): str(third.value or "")}}, first.place, first.place
            )
        else:
            yield Entry(str(first.value).strip(), second.value, second.place, first.place)


def stated_in(document: Document) -> dict[str, Any]:
    """Return the mapping a page holds."""
    return document.data if isinstance(document.data, dict) else {}


def page_books(folder: Folder, name: str) -> Iterator[Workbook]:
    """Yield the workbook that may hold the page as a sheet: named like the YAML file."""
    for suffix in SPREADSHEETS:
        book = folder.book((folder.path / name).with_suffix(suffix))
        if book:
            yield book


def read_rows(folder: Folder, entity: Entity, page: str) -> Iterator[RawThing | RawRow]:
    """Yield the rows of an entity from workbooks, CSV files and lists in the page they belong to."""
    for sheet_name in (*entity.sheets, *entity.additions):
        for table in tables_of(folder, entity, sheet_name, page):
            folder.problems.extend(table.problems)
            yield from table_rows(folder, table, sheet_name)
        yield from listed_rows(folder, page, sheet_name)


def tables_of(folder: Folder, entity: Entity, sheet_name: str, page: str) -> Iterator[Table]:
    """Yield the tables that hold a sheet's rows."""
    mapping = folder.columns.get(sheet_name, {})
    headings = [*sorted(labels_of(entity)), *mapping]
    text = [label for label in headings if is_text(entity, mapping.get(label, label))]
    for path in workbook_paths(folder.path, entity.file, sheet_name, page):
        book = folder.book(path)
        alone = is_csv(path) or ("*" in entity.file and path.stem != Path(page).stem)
        sheet = book and (book.sheets.get(sheet_name) or (only_sheet(book) if alone else None))
        if sheet and sheet.rows:
            yield read_table(folder.use(sheet), known_headings=headings, text_headings=text)


def labels_of(entity: Entity) -> AbstractSet[str]:
    """Return the labels and aliases of an entity's fields."""
    return entity.labels


def is_csv(path: Path) -> bool:
    """Return whether a file is a CSV file."""
    return path.suffix.lower() == ".csv"


def only_sheet(book: Workbook) -> Any:
    """Return the single sheet of a workbook, whatever its name, or None."""
    return next(iter(book.sheets.values())) if len(book.sheets) == 1 else None


def workbook_paths(folder: Path, pattern: str, sheet_name: str, page: str) -> list[Path]:
    """Return the files that may hold a sheet: the workbooks named, the page's own, a CSV file named like the sheet."""
    own = pattern.rpartition(".")[0]
    stems = dict.fromkeys([own, page.rpartition(".")[0], FILLED])
    books = [path for stem in stems for suffix in SPREADSHEETS for path in sorted(folder.glob(stem + suffix))]
    tables = sorted(folder.glob(f"{own}.csv")) if "*" in pattern else []
    alone = (folder / pattern).with_name(f"{sheet_name}.csv")
    found = dict.fromkeys([*books, *tables, *([alone] if os.path.lexists(alone) else [])])
    return [path for path in found if not path.name.startswith("~$")]


def is_text(entity: Entity, label: str) -> bool:
    """Return whether a label names a field whose digits must stay text: codes, keys and references."""
    for name, field_ in entity.fields.items():
        if label in (field_.label, *field_.aliases):
            return field_.type in ("id", "credit-code", "phone", "ref") or name == entity.key
    return False


def table_rows(folder: Folder, table: Table, sheet_name: str) -> Iterator[RawRow]:
    """Yield a table's rows, headings put into our words by the folder's own mapping."""
    head = Head(table, sheet_name, folder.columns.get(sheet_name, {}))
    for number, values in table.lines:
        yield RawRow(head, number, values)


def listed_rows(folder: Folder, page: str, sheet_name: str) -> Iterator[RawThing]:
    """Yield rows that stand as a list under the sheet's name in the page."""
    document = folder.page(page)
    rows = stated_in(document).get(sheet_name) if document else None
    if document is None or rows is None:
        return
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        what = f"“{sheet_name}”应为列表，每项写“项目: 内容”"
        folder.problems.append(Problem(document.place((sheet_name,)), "not-a-list", what, "每项以“- ”开头，另起一行"))
        return
    for number, row in enumerate(rows):
        path = (sheet_name, number)
        entries = tuple(
            Entry(label, raw, document.place((*path, label)), document.key_place((*path, label)))
            for label, raw in row.items()
        )
        yield RawThing(entries, document.place(path), sheet_name)
