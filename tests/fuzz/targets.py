"""What is fuzzed: bytes in, nothing out; whatever is raised but KaowuError is a fault of the program."""

import tempfile
import zipfile
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

from generator.archives import unpack
from generator.document.docx import write_docx
from generator.document.export import export_template
from generator.document.fill import fill_template
from generator.document.lint import lint_template
from generator.document.package import pack
from generator.document.render import render
from generator.document.source import load_source
from generator.problems import KaowuError
from generator.tables import read_table, read_workbook
from generator.workbooks import ColumnSpec, SheetSpec, write_workbook
from generator.yaml_source import parse_yaml

CONTEXT = {
    "名": "王𠮷",
    "无": None,
    "名单": [{"姓名": "甲", "分": 60, "科目": ["理论"]}, {"姓名": "<乙>", "分": 59.5, "科目": []}],
}
DESCRIPTION = "id: 试\ntitle: 试 {{ 名 }}\nscope: round\n"
KNOWN = ("姓名", "身份证号", "成绩")


@cache
def room() -> Path:
    """Return a folder of this process."""
    return Path(tempfile.mkdtemp(prefix="kaowu-fuzz-"))


def fuzz_yaml(raw: bytes) -> None:
    """Read YAML."""
    document = parse_yaml(raw, "a.yaml")
    document.place(("a", 0))


def read_rows(path: Path) -> None:
    """Read the tables of a workbook."""
    for sheet in read_workbook(path).sheets.values():
        table = read_table(sheet, known_headings=KNOWN, text_headings=KNOWN[1:2])
        for row in table.rows:
            assert row.keys() == table.headings.keys()


def fuzz_csv(raw: bytes) -> None:
    """Read a CSV file."""
    path = room() / "a.csv"
    path.write_bytes(raw)
    read_rows(path)


@cache
def workbook() -> dict[str, bytes]:
    """Return the parts of a small workbook."""
    columns = [ColumnSpec(heading, text=True) for heading in KNOWN]
    path = room() / "whole.xlsx"
    path.write_bytes(write_workbook([SheetSpec("甲", columns, [("甲", "1", "60")])]))
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def fuzz_sheet(raw: bytes) -> None:
    """Read a workbook whose sheet is what is fed; packed well, for nobody guesses a checksum."""
    path = room() / "a.xlsx"
    path.write_bytes(pack({**workbook(), "xl/worksheets/sheet1.xml": raw}))
    read_rows(path)


def fuzz_source(raw: bytes) -> None:
    """Load a document source, fill it and write it."""
    folder = room() / "试"
    folder.mkdir(exist_ok=True)
    (folder / "document.yaml").write_text(DESCRIPTION, encoding="utf-8")
    (folder / "body.html").write_bytes(raw)
    (room() / "parts").mkdir(exist_ok=True)
    source = load_source(folder)
    write_docx(render(source, CONTEXT), day=date(2026, 1, 1))


@cache
def template() -> dict[str, bytes]:
    """Return the parts of a small Word template."""
    folder = room() / "空"
    folder.mkdir(exist_ok=True)
    (folder / "document.yaml").write_text(DESCRIPTION.replace("试", "空"), encoding="utf-8")
    (folder / "body.html").write_text("<p>此处</p>", encoding="utf-8")
    return unpack(export_template(load_source(folder, parts=room())))


def fuzz_word(raw: bytes) -> None:
    """Look through and fill a Word template whose body is what is fed."""
    parts = dict(template())
    before, _, after = parts["word/document.xml"].partition(b"<w:body>")
    parts["word/document.xml"] = before + b"<w:body>" + raw + after
    docx = pack(parts)
    lint_template(docx, CONTEXT)
    fill_template(docx, CONTEXT)


TARGETS: dict[str, Callable[[bytes], None]] = {
    "yaml": fuzz_yaml,
    "csv": fuzz_csv,
    "sheet": fuzz_sheet,
    "source": fuzz_source,
    "word": fuzz_word,
}


def feed(name: str, raw: bytes) -> None:
    """Feed one target; a refusal in order, which says why, is fine."""
    try:
        TARGETS[name](raw)
    except KaowuError as refused:
        if not (refused.problems and all(problem.what for problem in refused.problems)):
            raise
