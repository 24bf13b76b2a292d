"""Every document of every example: valid files, the same text in both formats, archival PDFs with our faces only.

The first document of each source and round stands for its like.
"""

import io
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from openxml_audit import OpenXmlValidator

from generator.document.docx import write_docx
from generator.document.docx_text import docx_text
from generator.document.export import export_template
from generator.document.fill import Filling, fill_template
from generator.document.pdf import PdfWriter
from generator.document.text import text_of
from generator.document.tree import Document, Group, Table
from generator.fonts import Faces
from tests.document.samples import bare
from tests.document.test_formats import pdf_text
from tests.documents.conftest import ROUNDS, SOURCES, Example


@pytest.fixture(scope="session")
def writer(faces: Faces) -> PdfWriter:
    """Return one PDF writer for all documents."""
    return PdfWriter(faces)


def in_rounds(examples: Mapping[str, Example], name: str) -> list[Example]:
    """Return the examples whose pack holds a source."""
    return [example for example in examples.values() if name in example.pieces]


@pytest.mark.parametrize("round_", ROUNDS)
def test_docx_and_pdf_say_the_same_in_the_same_order(
    round_: str, examples: Mapping[str, Example], writer: PdfWriter
) -> None:
    example = examples[round_]
    for name, piece in example.pieces.items():
        document = example.render(piece)
        text = text_of(document)
        day, photos = example.binder.day, photos_of(example)
        pdf = writer.write([document], day=day, photos=photos)

        assert docx_text(write_docx(document, day=day, photos=photos)) == text, name
        assert without_repeats(bare(pdf_text(pdf)), bare(text), headings_of(document)) == bare(text), name
        check_archival(pdf, name)


def photos_of(example: Example) -> Path | None:
    """Return the photo folder of a round, where it has one."""
    folder = example.binder.round / "photos"
    return folder if folder.is_dir() else None


def headings_of(document: Document) -> list[str]:
    """Return the text of each table's heading rows, which a PDF prints again on every page."""
    tables = [block for block in document.blocks if isinstance(block, Table)]
    groups = [tuple(group for group in table.groups if isinstance(group, Group) and group.heading) for table in tables]
    heads = [replace(table, groups=own) for table, own in zip(tables, groups, strict=True) if own]
    return [bare(text_of(replace(document, blocks=(head,)))) for head in heads]


def without_repeats(printed: str, text: str, headings: list[str]) -> str:
    """Return the printed text without headings that stand where the text goes on with something else."""
    kept = ""
    while printed:
        again = next((h for h in headings if h and printed.startswith(h) and not text.startswith(kept + h)), None)
        step = len(again) if again else 1
        kept += "" if again else printed[0]
        printed = printed[step:]
    return kept


def check_archival(pdf: bytes, name: str) -> None:
    """Assert the stated conditions of PDF/A-2u and that all fonts are embedded and ours."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        with opened.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "U"), name
            assert metadata["dc:title"], name
        assert opened.Root.Lang == "zh-CN", name
        assert opened.Root.MarkInfo.Marked, name
        assert "/StructTreeRoot" in opened.Root, name
        assert opened.Root.OutputIntents[0].S == "/GTS_PDFA1", name
        fonts = [font for page in opened.pages for font in page.Resources.get("/Font", {}).values()]
        for font in fonts:
            descendant = font.DescendantFonts[0]
            assert str(font.BaseFont).split("+")[1].startswith("kaowu-"), name
            assert {"/FontFile2", "/FontFile3"} & set(descendant.FontDescriptor.keys()), name


@pytest.mark.parametrize("name", SOURCES)
def test_both_validators_find_no_fault(
    name: str, examples: Mapping[str, Example], tmp_path: Path, ooxml_validator: Callable[[Path], list[str]]
) -> None:
    for number, example in enumerate(in_rounds(examples, name)[:1]):
        path = tmp_path / f"{name}-{number}.docx"
        document = example.render(example.pieces[name])
        path.write_bytes(write_docx(document, day=example.binder.day, photos=photos_of(example)))

        assert [str(error) for error in OpenXmlValidator().validate(path).errors] == []
        assert ooxml_validator(path) == []


@pytest.mark.parametrize("name", SOURCES)
def test_the_export_filled_by_docxtpl_says_what_our_own_says(name: str, examples: Mapping[str, Example]) -> None:
    for example in in_rounds(examples, name):
        piece = example.pieces[name]
        context = example.context(piece)

        filling = Filling(photos=example.binder.round / "photos")
        filled = fill_template(export_template(piece.source), context, filling)

        assert docx_text(filled) == text_of(example.render(piece))
