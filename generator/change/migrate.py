"""Rewrite an institution's files after a change of policy: renamed keys, words, rules and guidelines, in place.

In: a folder and the recorded migrations. Out: the files with only the words replaced, at the places the loader marks;
comments, order and answers stay. An answer to a retired rule becomes a comment. What cannot be rewritten is named.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generator.change.renames import Renames
from generator.files import write_whole
from generator.institution.folders import Target
from generator.institution.sources import COLUMNS, PARTS, SPREADSHEETS
from generator.policy.load import Policy
from generator.policy.vocabulary import Entity
from generator.problems import Place
from generator.tables import read_workbook
from generator.yaml_source import Document, load_yaml

REMARKS = ("answers.yaml", "waivers.yaml")
RULE = "规则"


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
                done += list_by_hand(path, target.folder.parent, policy, renames)
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
        words = {**renames.terms.get(key, {}), **renames.terms.get(labels.get(key, ""), {}), **renames.guidelines}
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
    """Return the steps for a CSV file: the labels of its first line, and its own name."""
    raw = path.read_bytes()
    name = path.relative_to(root).as_posix()
    text, encoding = decode(raw)
    head, mark, rest = text.partition("\n")
    entity = sheets_of(policy, renames).get(path.stem) or pattern_entity(path, policy)
    labels = renames.labels.get(entity.label, {}) if entity else {}
    cells = next(csv.reader([head.rstrip("\r")]), [])
    steps = [Step(Place(name, 1, n), cell, labels[cell]) for n, cell in enumerate(cells, 1) if cell in labels]
    for step in steps:
        head = re.sub(rf'(^|,)("?){re.escape(step.old)}("?)(?=,|\r?$)', rf"\g<1>\g<2>{step.new}\g<3>", head, count=1)
    target = path.with_name(f"{renames.sheets[path.stem]}{path.suffix}") if path.stem in renames.sheets else path
    if target != path:
        steps.append(Step(Place(name), path.name, target.name))
    if write and steps:
        write_whole(target, (head + mark + rest).encode(encoding))
        if target != path:
            path.unlink()
    return steps


def decode(raw: bytes) -> tuple[str, str]:
    """Return a CSV file's text and its encoding."""
    for encoding in ("utf-8-sig" if raw.startswith(b"\xef\xbb\xbf") else "utf-8", "gb18030"):
        try:
            return raw.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1"), "latin-1"


def list_by_hand(path: Path, root: Path, policy: Policy, renames: Renames) -> Iterable[Step]:
    """Return what is to be changed by hand in a workbook: headings, and the names of its sheets."""
    sheets = sheets_of(policy, renames)
    found = []
    for name, sheet in read_workbook(path, root=root).sheets.items():
        if name in renames.sheets:
            found.append(Step(sheet.place, name, renames.sheets[name], todo=True))
        labels = renames.labels.get(sheets[name].label, {}) if name in sheets else {}
        for row in range(min(len(sheet.rows), 5)):
            for column, value in enumerate(sheet.rows[row]):
                if value in labels:
                    found.append(Step(sheet.cell(row, column).place, str(value), labels[str(value)], todo=True))
    return found
