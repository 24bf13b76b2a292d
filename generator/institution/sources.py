"""Read what an entity's files state: folders in, entries of label → raw value with its place out.

A page (one thing) is a YAML mapping or a sheet of two columns; rows (many things) are a sheet, a CSV file named like
the sheet, or a list under the sheet's name in the page. Nothing is typed here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generator.policy.vocabulary import Entity
from generator.problems import Place, Problem
from generator.tables import Table, Workbook, read_table, read_workbook
from generator.yaml_source import Document, load_yaml

COLUMNS = "列名对照"
SPREADSHEETS = (".xlsx", ".xlsm", ".xls")


@dataclass(frozen=True)
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


@dataclass
class Folder:
    """The files of an institution or a round, each read once; problems with single cells are collected."""

    path: Path
    root: Path
    problems: list[Problem]
    columns: dict[str, dict[str, str]] = field(default_factory=dict)
    _pages: dict[Path, Document | None] = field(default_factory=dict)
    _books: dict[Path, Workbook | None] = field(default_factory=dict)

    def page(self, name: str) -> Document | None:
        """Return a YAML file of the folder that holds a mapping, or None when there is none or it is empty."""
        path = self.path / name
        if path not in self._pages:
            self._pages[path] = load_yaml(path, root=self.root) if path.is_file() else None
            document = self._pages[path]
            if document and document.data is not None and not isinstance(document.data, dict):
                self.problems.append(Problem(document.place(()), "not-a-page", "文件内容应为“项目: 内容”"))
                self._pages[path] = None
        document = self._pages[path]
        return document if document and document.data else None

    def book(self, path: Path) -> Workbook | None:
        """Return a workbook or CSV file, or None when it is not there."""
        if path not in self._books:
            self._books[path] = read_workbook(path, root=self.root) if path.is_file() else None
            book = self._books[path]
            self.problems.extend(book.problems if book else ())
        return self._books[path]

    def file(self, name: str) -> Place:
        """Return the place of a file of this folder."""
        return Place((self.path / name).relative_to(self.root).as_posix())


def read_page(folder: Folder, entity: Entity) -> RawThing | None:
    """Return what the page of an entity states, from YAML and from a two-column sheet; None when there is neither."""
    entries: list[Entry] = []
    document = folder.page(entity.file)
    if document:
        for label, raw in stated_in(document).items():
            entries.append(Entry(label, raw, document.place((label,)), document.key_place((label,))))
    for book in page_books(folder, entity.file):
        sheet = book.sheets.get(entity.label)
        for number, row in enumerate(sheet.rows if sheet else ()):
            if sheet and row and row[0] not in (None, "", "项目"):
                name, value = sheet.cell(number, 0), sheet.cell(number, 1)
                entries.append(Entry(str(name.value).strip(), value.value, value.place, name.place))
    return RawThing(tuple(entries), folder.file(entity.file)) if entries or document else None


def stated_in(document: Document) -> dict[str, Any]:
    """Return the mapping a page holds."""
    return document.data if isinstance(document.data, dict) else {}


def page_books(folder: Folder, name: str) -> Iterator[Workbook]:
    """Yield the workbook that may hold the page as a sheet: named like the YAML file."""
    for suffix in SPREADSHEETS:
        book = folder.book((folder.path / name).with_suffix(suffix))
        if book:
            yield book


def read_rows(folder: Folder, entity: Entity, known: Mapping[str, list[str]]) -> Iterator[RawThing]:
    """Yield the rows of an entity from workbooks, CSV files and lists in the page of the folder.

    ``known`` gives for each sheet the headings that may stand there.
    """
    for sheet_name in entity.sheets:
        for table in tables_of(folder, entity, sheet_name, known[sheet_name]):
            folder.problems.extend(table.problems)
            yield from table_rows(folder, table, sheet_name)
        yield from listed_rows(folder, sheet_name)


def tables_of(folder: Folder, entity: Entity, sheet_name: str, known: list[str]) -> Iterator[Table]:
    """Yield the tables that hold a sheet's rows."""
    headings = [*known, *folder.columns.get(sheet_name, {})]
    for path in workbook_paths(folder.path, entity.file, sheet_name):
        book = folder.book(path)
        if book is None:
            continue
        sheet = book.sheets.get(sheet_name) or (only_sheet(book) if "*" in entity.file or is_csv(path) else None)
        if sheet and sheet.rows:
            text = [
                label for label in headings if is_text(entity, folder.columns.get(sheet_name, {}).get(label, label))
            ]
            yield read_table(sheet, known_headings=headings, text_headings=text)


def is_csv(path: Path) -> bool:
    """Return whether a file is a CSV file."""
    return path.suffix.lower() == ".csv"


def only_sheet(book: Workbook) -> Any:
    """Return the single sheet of a workbook, whatever its name, or None."""
    return next(iter(book.sheets.values())) if len(book.sheets) == 1 else None


def workbook_paths(folder: Path, pattern: str, sheet_name: str) -> list[Path]:
    """Return the files that may hold a sheet, sorted: the workbooks named, and a CSV file named like the sheet."""
    named = sorted(path for path in folder.glob(pattern) if not path.name.startswith("~$"))
    stem = pattern.rpartition(".")[0]
    others = [path for suffix in SPREADSHEETS[1:] for path in sorted(folder.glob(stem + suffix))]
    tables = [folder / f"{sheet_name}.csv", *sorted(folder.glob(stem + ".csv") if "*" in pattern else [])]
    return [*named, *others, *tables]


def is_text(entity: Entity, label: str) -> bool:
    """Return whether a label names a field whose digits must stay text."""
    for field_ in entity.fields.values():
        if label in (field_.label, *field_.aliases):
            return field_.type in ("id", "credit-code", "phone")
    return False


def table_rows(folder: Folder, table: Table, sheet_name: str) -> Iterator[RawThing]:
    """Yield a table's rows, headings put into our words by the folder's own mapping."""
    mapping = folder.columns.get(sheet_name, {})
    for row in table.rows:
        entries = tuple(
            Entry(mapping.get(heading, heading), cell.value, cell.place, table.headings[heading].place)
            for heading, cell in row.items()
        )
        yield RawThing(entries, entries[0].place if entries else Place(table.name), sheet_name)


def listed_rows(folder: Folder, sheet_name: str) -> Iterator[RawThing]:
    """Yield rows that stand as a list under the sheet's name in a page of the folder."""
    for name in ("round.yaml", "institution.yaml"):
        document = folder.page(name)
        rows = stated_in(document).get(sheet_name) if document else None
        if document is None or rows is None:
            continue
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            what = f"“{sheet_name}”应为列表，每项写“项目: 内容”"
            folder.problems.append(Problem(document.place((sheet_name,)), "not-a-list", what))
            continue
        for number, row in enumerate(rows):
            path = (sheet_name, number)
            entries = tuple(
                Entry(label, raw, document.place((*path, label)), document.key_place((*path, label)))
                for label, raw in row.items()
            )
            yield RawThing(entries, document.place(path), sheet_name)
