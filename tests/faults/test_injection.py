"""Payloads in data, templates and policy stay text: nothing is executed, nothing is fetched."""

import io
import re
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pikepdf
import pytest

from generator.archives import unpack
from generator.document.export import export_template
from generator.document.package import pack
from generator.document.source import load_source
from generator.site.page import mark
from generator.workbooks import ColumnSpec, SheetSpec, write_workbook
from tests.faults.conftest import ROOT, ROUND, Run, read_rows, read_tree, write_rows

FORMULAS = ["=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1)", "\t=1", "=HYPERLINK(\"{url}\")", "=WEBSERVICE(\"{url}\")",
            "=IMAGE(\"{url}\")"]  # fmt: skip
MARKUP = [
    "<img src={url}>",
    "<script src={url}></script>",
    "<link rel=stylesheet href={url}>",
    "<style>@import url({url})</style>",
    "url({url})",
    "{{{{ ''.__class__ }}}}",
    "{{% include '{url}' %}}",
    "<!ENTITY x SYSTEM '{url}'>",
    "<a href='javascript:fetch(1)'>甲</a>",
    "\\\\127.0.0.1\\甲",
    "![甲]({url})",
]


def plant(school: Path, url: str) -> list[str]:
    """Put a payload into every free text of the rosters, and return them."""
    payloads = [text.format(url=url) for text in (*FORMULAS, *MARKUP)]
    path = school / ROUND / "考生.csv"
    head, *rows = read_rows(path)
    free = [
        n for n, label in enumerate(head) if label in ("姓名", "联系地址", "院系", "专业", "班级", "学习和实训情况")
    ]
    for number, row in enumerate(rows):
        for place, column in enumerate(free):
            row[column] = payloads[(number * len(free) + place) % len(payloads)]
    write_rows(path, [head, *rows])
    shutil.rmtree(school / ROUND / "scores")
    return payloads


def test_a_whole_pack_of_payloads_fetches_nothing_and_holds_no_formula_of_theirs(
    school: Path, run: Run, tmp_path: Path, listener: tuple[str, list[str]]
) -> None:
    url, hits = listener
    plant(school, url)
    ended = run("build", school, "--to", tmp_path / "out", "--only", "application-form", "--only", "score-summary")
    assert ended.status == 0, ended.stderr
    assert hits == []
    made = read_tree(tmp_path / "out")
    assert {Path(name).suffix for name in made} >= {".docx", ".pdf", ".xlsx"}
    for name, data in made.items():
        if name.endswith(".xlsx"):
            cells = [c for sheet in openpyxl.load_workbook(io.BytesIO(data)) for row in sheet.iter_rows() for c in row]
            formulas = [str(cell.value) for cell in cells if cell.data_type == "f"]
            assert not [text for text in formulas if re.search("cmd|HYPERLINK|WEBSERVICE|IMAGE|SUM\\(1\\)", text)]
        if name.endswith((".xlsx", ".docx")):
            parts = unpack(data)
            assert not [part for part in parts if "embed" in part or "activeX" in part or "vba" in part]
            assert not [part for part, xml in parts.items() if part.endswith(".rels") and b"External" in xml]
            assert not [part for part, xml in parts.items() if b"instrText" in xml and b"127.0.0.1" in xml]
        if name.endswith(".pdf"):
            with pikepdf.open(io.BytesIO(data)) as opened:
                assert not opened.attachments
                assert "/OpenAction" not in opened.Root
                kinds = {str(note.get("/Subtype")) for page in opened.pages for note in page.get("/Annots", [])}
                assert not kinds & {"/Link", "/FileAttachment", "/Screen", "/RichMedia"}
            assert b"/JavaScript" not in data


@pytest.mark.parametrize("payload", FORMULAS)
def test_a_formula_in_data_is_text_in_a_workbook(payload: str) -> None:
    for text in (True, False):
        made = write_workbook([SheetSpec("甲", [ColumnSpec("乙", text=text)], [(payload,)])])
        cell = openpyxl.load_workbook(io.BytesIO(made))["甲"]["A2"]
        assert cell.data_type == "s"
        assert cell.hyperlink is None


OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OUTSIDE = {"a picture": "image", "a template": "attachedTemplate", "an object": "oleObject", "a frame": "frame"}
FIELDS = ["INCLUDEPICTURE", "INCLUDETEXT", "DDEAUTO", "DDE", "IMPORT", "LINK"]


def exported() -> dict[str, bytes]:
    """Return the parts of a template as a user would export it."""
    return unpack(export_template(load_source(ROOT / "templates" / "sign-in")))


def build_with(parts: dict[str, bytes], school: Path, run: Run) -> str:
    """Build with a Word template of the user's own, PDF and all, and return what was said."""
    (school / "templates").mkdir()
    (school / "templates" / "sign-in.docx").write_bytes(pack(parts))
    ended = run("build", school, "--only", "sign-in", "--to", "out")
    assert ended.status == 2, ended.stdout
    assert not [*(school.parent / "out").rglob("*.pdf")]
    return ended.stderr


@pytest.mark.parametrize("kind", OUTSIDE)
def test_a_word_template_that_fetches_is_refused(
    kind: str, school: Path, run: Run, listener: tuple[str, list[str]]
) -> None:
    url, hits = listener
    parts = exported()
    rels = parts["word/_rels/document.xml.rels"]
    more = f'<Relationship Id="rId99" Type="{OFFICE}/{OUTSIDE[kind]}" Target="{url}" TargetMode="External"/>'
    parts["word/_rels/document.xml.rels"] = rels.replace(b"</Relationships>", f"{more}</Relationships>".encode())
    assert "文件以外" in build_with(parts, school, run)
    assert hits == []


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("shape", ["simple", "split"])
def test_a_word_template_with_a_field_that_fetches_is_refused(
    shape: str, field: str, school: Path, run: Run, listener: tuple[str, list[str]]
) -> None:
    url, hits = listener
    half = len(field) // 2
    xml = {
        "simple": f'<w:p><w:fldSimple w:instr=" {field} &quot;{url}&quot; "><w:r><w:t>甲</w:t></w:r>'
        "</w:fldSimple></w:p>",
        "split": f"<w:p><w:r><w:instrText> {field[:half]}</w:instrText></w:r>"
        f'<w:r><w:instrText>{field[half:]} "{url}"</w:instrText></w:r></w:p>',
    }[shape]
    parts = exported()
    parts["word/document.xml"] = parts["word/document.xml"].replace(b"<w:body>", b"<w:body>" + xml.encode(), 1)
    assert field in build_with(parts, school, run)
    assert hits == []


@pytest.mark.parametrize("payload", MARKUP[:4] + MARKUP[8:])
def test_words_of_the_policy_are_text_on_a_page(payload: str) -> None:
    shown = mark(payload.format(url="http://127.0.0.1:9/x"))
    assert "<" not in shown
    assert not re.search(r"(?<!\\)!\[", shown)


def test_archives_of_payloads_are_what_they_seem(school: Path, run: Run, tmp_path: Path) -> None:
    plant(school, "http://127.0.0.1:9/x")
    run("build", school, "--to", tmp_path / "out", "--only", "application-form", "--format", "docx", "--zip")
    (archive,) = (tmp_path / "out").rglob("*.zip")
    with zipfile.ZipFile(archive) as opened:
        assert all(not Path(name).is_absolute() and ".." not in Path(name).parts for name in opened.namelist())
