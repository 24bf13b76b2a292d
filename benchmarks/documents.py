"""One document at a time: our writers against stock docxtpl and plain WeasyPrint, on the example's own documents."""

import io
from collections.abc import Callable, Iterator
from functools import cache

from docxtpl import DocxTemplate

from benchmarks.example import Example, open_example
from benchmarks.timing import Row, as_rows, time_in_turn
from generator.document.docx import write_docx
from generator.document.environment import make_environment
from generator.document.export import export_template
from generator.document.pdf import PdfWriter
from generator.document.render import render
from generator.fonts import find_faces

DOCUMENTS = ("work-plan", "application-form", "score-summary", "retention-checklist")


@cache
def example() -> Example:
    """Return the example round, loaded once."""
    return open_example()


def compare_docx() -> list[Row]:
    """Return rows: stock docxtpl filling our export, against rendering and writing our own."""
    return [row for name in DOCUMENTS for row in as_rows(name, time_in_turn(dict(docx_variants(name))))]


def docx_variants(name: str) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Yield the ways to make one DOCX of the same content."""
    source, context, day = example().document(name)
    template = export_template(source)
    environment = make_environment()

    def stock() -> bytes:
        filled = DocxTemplate(io.BytesIO(template))
        filled.render(dict(context), environment)
        buffer = io.BytesIO()
        filled.save(buffer)
        return buffer.getvalue()

    yield "docxtpl", stock
    yield "kaowu", lambda: write_docx(render(source, context), day=day)


def compare_pdf() -> list[Row]:
    """Return rows: WeasyPrint with nothing reused, against our writer that keeps faces and style sheets."""
    return [row for name in DOCUMENTS[:2] for row in as_rows(name, time_in_turn(dict(pdf_variants(name)), rounds=5))]


def pdf_variants(name: str) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Yield the ways to make one PDF of the same content."""
    source, context, day = example().document(name)
    document = render(source, context)
    writer = PdfWriter(find_faces())
    yield "WeasyPrint（每份重新准备字体和样式）", lambda: PdfWriter(find_faces()).write([document], day=day)
    yield "kaowu", lambda: writer.write([document], day=day)
