"""Rewrite an institution's files after a change of policy: renamed keys, words, rules and guidelines, in place.

In: a folder and the recorded migrations. Out: the files with only the words replaced, at the places the loader marks;
comments, order and answers stay. An answer to a retired rule becomes a comment. What cannot be rewritten is named.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from generator.change.renames import Renames
from generator.change.workbook import Word, rewrite
from generator.files import write_whole
from generator.institution.folders import Target
from generator.institution.sources import COLUMNS, PARTS, SPREADSHEETS
from generator.policy.load import Policy
from generator.policy.vocabulary import Entity
from generator.problems import Place
from generator.tables import Sheet, cell_name, read_workbook
from generator.yaml_source import Document, load_yaml

REMARKS = ("answers.yaml", "waivers.yaml")
RULE = "规则"
CELL = re.compile(r"(?:^|,)(\"(?:[^\"]|\"\")*\"|[^,\r\n]*)")
HEADING_ROWS = 5  # headings may stand under a title


@dataclass(frozen=True, order=True)
class Step:
    """One word replaced, or (``todo``) to be replaced by hand: where, before and after."""

    place: Place
    old: str
    new: str
    todo: bool = False

    def __str__(self) -> str:
        """Return the step as a line."""
        mark = "（请手工改）" if self.todo else ""
        return f"{self.place}：{self.old} → {self.new}{mark}"


@dataclass
class Sheetful:
    """A file's text and the steps found in it, by line and column from 1."""

    path: Path
    name: str
    lines: list[str]
    steps: list[Step] = field(default_factory=list)

    def replace(self, place: Place, old: str, new: str) -> None:
        """Note that ``old`` at a place becomes ``new``."""
        self.steps.append(Step(Place(self.name, place.line, place.column), old, new))

    def text(self) -> str:
        """Return the text with the steps taken, the last first so that places stay true."""
        lines = list(self.lines)
        for step in sorted(self.steps, reverse=True):
            line, column = lines[step.place.line - 1], step.place.column - 1
            at = line.index(step.old, column)
            lines[step.place.line - 1] = line[:at] + step.new + line[at + len(step.old) :]
        return "".join(lines)


def migrate_institution(target: Target, policy: Policy, renames: Renames, *, write: bool = True) -> list[Step]:
    """Return the steps that bring an institution's files up to date; they are taken unless ``write`` is off."""
    done: list[Step] = []
    for folder in (target.folder, *target.rounds):
        for path in files_of(folder):
            if path.suffix == ".yaml":
                done += migrate_yaml(path, target.folder.parent, policy, renames, write=write)
            elif path.suffix.lower() == ".csv":
                done += migrate_csv(path, target.folder.parent, policy, renames, write=write)
            elif path.suffix.lower() in SPREADSHEETS:
                done += migrate_workbook(path, target.folder.parent, policy, renames, write=write)
    return done


def files_of(folder: Path) -> list[Path]:
    """Return the data files of a folder, those of its parts included, sorted."""
    folders = [folder, *(folder / name for name in PARTS)]
    found = [path for one in folders if one.is_dir() for path in sorted(one.iterdir()) if path.is_file()]
    return [path for path in found if not path.name.startswith(("~$", "."))]


def migrate_yaml(path: Path, root: Path, policy: Policy, renames: Renames, *, write: bool) -> list[Step]:
    """Return the steps for one YAML file."""
    document = load_yaml(path, root=root)
    raw = path.read_bytes().decode("utf-8")
    sheet = Sheetful(path, document.file, raw.splitlines(keepends=True))
    if path.name in REMARKS:
        retired = list(migrate_remarks(sheet, document, renames))
    else:
        retired = []
        migrate_page(sheet, document, policy, renames)
    text = sheet.text()
    for first, last, because in sorted(retired, reverse=True):
        text = comment_out(text, first, last, because)
        sheet.steps.append(Step(Place(document.file, first), "回答", f"注释（已停用：{because}）"))
    if write and text != raw:
        write_whole(path, text.encode())
    return sorted(sheet.steps)


def migrate_remarks(sheet: Sheetful, document: Document, renames: Renames) -> Iterator[tuple[int, int, str]]:
    """Note renamed rules; yield (first line, last line, reason) of the remarks on retired ones."""
    remarks = document.data if isinstance(document.data, list) else []
    starts = [document.place((number,)).line for number in range(len(remarks))]
    ends = [*(line - 1 for line in starts[1:]), len(sheet.lines)]
    for number, remark in enumerate(remarks):
        rule = str(remark.get(RULE, "")) if isinstance(remark, dict) else ""
        if rule in renames.rules:
            sheet.replace(document.place((number, RULE)), rule, renames.rules[rule])
        elif rule in renames.retired:
            yield starts[number], trim(sheet.lines, starts[number], ends[number]), renames.retired[rule]


def trim(lines: Sequence[str], first: int, last: int) -> int:
    """Return the last line of an item, blank lines and comments after it left out."""
    while last > first and (not lines[last - 1].strip() or lines[last - 1].lstrip().startswith("#")):
        last -= 1
    return last


def comment_out(text: str, first: int, last: int, because: str) -> str:
    """Return the text with the lines first to last (from 1) made comments under a line that says why."""
    lines = text.splitlines(keepends=True)
    ours = [f"# {line}" for line in lines[first - 1 : last]]
    return "".join([*lines[: first - 1], f"# 已停用：{because}\n", *ours, *lines[last:]])


def migrate_page(sheet: Sheetful, document: Document, policy: Policy, renames: Renames) -> None:
    """Note renamed labels, sheets, words and guidelines of a page and of the lists in it."""
    data = document.data if isinstance(document.data, dict) else {}
    entity = page_entity(sheet.path, policy)
    sheets = sheets_of(policy, renames)
    for key, value in data.items():
        if key == COLUMNS and isinstance(value, dict):
            migrate_columns(sheet, document, value, sheets, renames)
        elif key in sheets:
            rename(sheet, document, (key,), renames.sheets.get(key))
            for number, row in enumerate(value if isinstance(value, list) else []):
                migrate_fields(sheet, document, (key, number), row, (sheets[key], renames))
    if entity is not None:
        own = {key: value for key, value in data.items() if key != COLUMNS and key not in sheets}
        migrate_fields(sheet, document, (), own, (entity, renames))


def migrate_fields(
    sheet: Sheetful, document: Document, path: tuple[Any, ...], data: Any, known: tuple[Entity, Renames]
) -> None:
    """Note the renamed labels and words of one thing."""
    entity, renames = known
    labels = renames.labels.get(entity.label, {})
    for key, value in data.items() if isinstance(data, dict) else ():
        rename(sheet, document, (*path, key), labels.get(key))
        words = terms_of(key, labels, renames)
        items = [((*path, key, n), v) for n, v in enumerate(value)] if isinstance(value, list) else []
        for where, item in items or [((*path, key), value)]:
            for old, new in words.items():
                if isinstance(item, str) and re.search(rf"(?<![\w/-]){re.escape(old)}(?![\w/-])", item):
                    sheet.replace(document.place(where), old, new)


def migrate_columns(
    sheet: Sheetful, document: Document, columns: Mapping[str, Any], sheets: Mapping[str, Entity], renames: Renames
) -> None:
    """Note renamed sheets and labels in the institution's own mapping of headings."""
    for name, mapping in columns.items():
        rename(sheet, document, (COLUMNS, name), renames.sheets.get(name))
        labels = renames.labels.get(sheets[name].label, {}) if name in sheets else {}
        for theirs, ours in mapping.items() if isinstance(mapping, dict) else ():
            if ours in labels:
                sheet.replace(document.place((COLUMNS, name, theirs)), ours, labels[ours])


def rename(sheet: Sheetful, document: Document, path: tuple[Any, ...], new: str | None) -> None:
    """Note that the key of a path gets a new name, if it has one."""
    if new is not None:
        sheet.replace(document.key_place(path), str(path[-1]), new)


def page_entity(path: Path, policy: Policy) -> Entity | None:
    """Return the entity whose page a file is."""
    return next((e for e in policy.entities.values() if not e.sheets and Path(e.file).name == path.name), None)


def pattern_entity(path: Path, policy: Policy) -> Entity | None:
    """Return the entity whose tables may have any name in a folder, where a file lies in that folder."""
    parts = {Path(e.file).parent.name: e for e in policy.entities.values() if "*" in e.file}
    return parts.get(path.parent.name)


def sheets_of(policy: Policy, renames: Renames) -> dict[str, Entity]:
    """Return the entity of each sheet, by its present name and by its earlier ones."""
    now = {name: entity for entity in policy.entities.values() for name in (*entity.sheets, *entity.additions)}
    return {**now, **{old: now[new] for old, new in renames.sheets.items() if new in now}}


def migrate_csv(path: Path, root: Path, policy: Policy, renames: Renames, *, write: bool) -> list[Step]:
    """Return the steps for a CSV file: the labels of its first line, the words under them, and its own name."""
    raw = path.read_bytes()
    name = path.relative_to(root).as_posix()
    text, encoding = decode(raw)
    lines = text.splitlines(keepends=True)
    entity = sheets_of(policy, renames).get(path.stem) or pattern_entity(path, policy)
    steps = list(steps_in_lines(name, lines, renames.labels.get(entity.label, {}), renames)) if entity else []
    for step in steps:
        if not step.todo:
            lines[step.place.line - 1] = replace_cell(lines[step.place.line - 1], step)
    target = path.with_name(f"{renames.sheets[path.stem]}{path.suffix}") if path.stem in renames.sheets else path
    taken = target != path and target.exists()
    if target != path:
        steps.append(Step(Place(name), path.name, target.name, todo=taken))
    if write and steps:
        write_whole(path if taken else target, "".join(lines).encode(encoding))
        if target != path and not taken:
            path.unlink()
    return steps


def steps_in_lines(name: str, lines: list[str], labels: Mapping[str, str], renames: Renames) -> Iterator[Step]:
    """Yield the steps for the lines of a CSV file; a cell over several lines makes the words below by hand."""
    rows = list(csv.reader(lines))
    heads = rows[0] if rows else []
    for column, heading in enumerate(heads, 1):
        if heading in labels:
            yield Step(Place(name, 1, column), heading, labels[heading])
        words = terms_of(heading, labels, renames)
        for number, row in enumerate(rows[1:] if words else [], 2):
            if column <= len(row) and row[column - 1] in words:
                old = row[column - 1]
                yield Step(Place(name, number, column), old, words[old], todo=len(rows) != len(lines))


def replace_cell(line: str, step: Step) -> str:
    """Return a line of a CSV file with one of its cells replaced, quoted as it was."""
    cells = list(CELL.finditer(line))
    at, cell = cells[step.place.column - 1].span(1), cells[step.place.column - 1][1]
    return line[: at[0]] + cell.replace(step.old, step.new) + line[at[1] :]


def decode(raw: bytes) -> tuple[str, str]:
    """Return a CSV file's text and its encoding."""
    for encoding in ("utf-8-sig" if raw.startswith(b"\xef\xbb\xbf") else "utf-8", "gb18030"):
        try:
            return raw.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1"), "latin-1"


def migrate_workbook(path: Path, root: Path, policy: Policy, renames: Renames, *, write: bool) -> list[Step]:
    """Return the steps for a workbook, to be taken by hand where they cannot be taken without a loss."""
    name = path.relative_to(root).as_posix()
    book = read_workbook(path, root=root)
    words = [word for sheet in book.sheets.values() for word in words_in(path, sheet, policy, renames)]
    sheets = {sheet: renames.sheets[sheet] for sheet in book.sheets if sheet in renames.sheets}
    steps = [Step(Place(name, sheet=old), old, new) for old, new in sheets.items()]
    steps += [Step(Place(name, sheet=word.sheet, cell=word.cell), word.old, word.new) for word in words]
    if not steps:
        return []
    made = rewrite(path.read_bytes(), words, sheets) if path.suffix.lower() in (".xlsx", ".xlsm") else None
    if made is None:
        return [replace(step, todo=True) for step in steps]
    if write:
        write_whole(path, made)
    return steps


def words_in(path: Path, sheet: Sheet, policy: Policy, renames: Renames) -> Iterator[Word]:
    """Yield the words to be replaced in one sheet: the lines of a page, or headings and the words under them."""
    page = next((one for one in policy.entities.values() if one.label == sheet.name and not one.sheets), None)
    entity = sheets_of(policy, renames).get(sheet.name) or pattern_entity(path, policy)
    rows = [[str(value).strip() if value is not None else "" for value in values] for values in sheet.rows]
    if page is not None:
        labels = renames.labels.get(page.label, {})
        for row, texts in enumerate(rows):
            for column, text in enumerate(texts):
                words = labels if column == 0 else terms_of(texts[0], labels, renames)
                yield from word_at(sheet, (row, column), text, words)
    elif entity is not None:
        yield from words_in_table(sheet, rows, renames.labels.get(entity.label, {}), renames)


def words_in_table(sheet: Sheet, rows: list[list[str]], labels: Mapping[str, str], renames: Renames) -> Iterator[Word]:
    """Yield the words to be replaced in a table: those of the first row that holds a heading of ours, and below."""
    known = {*labels, *labels.values(), *renames.terms}
    head = next((row for row, texts in enumerate(rows[:HEADING_ROWS]) if known & set(texts)), None)
    if head is None:
        return
    for column, heading in enumerate(rows[head]):
        yield from word_at(sheet, (head, column), heading, labels)
        words = terms_of(heading, labels, renames)
        for row, texts in enumerate(rows[head + 1 :], head + 1):
            if words and column < len(texts):
                yield from word_at(sheet, (row, column), texts[column], words)


def word_at(sheet: Sheet, where: tuple[int, int], text: str, words: Mapping[str, str]) -> Iterator[Word]:
    """Yield what a cell says and is to say, if it is one of the words."""
    if text in words:
        yield Word(sheet.name, cell_name(*where), text, words[text])


def terms_of(label: str, labels: Mapping[str, str], renames: Renames) -> dict[str, str]:
    """Return the old and the new words that may stand under a label."""
    return {**renames.terms.get(label, {}), **renames.terms.get(labels.get(label, ""), {}), **renames.guidelines}
