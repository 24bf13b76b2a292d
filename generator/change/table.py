"""Write the comparison table of two editions as DOCX or PDF, through the document source that is the table."""

from datetime import date

from generator.change.model import Report
from generator.change.tell import tell_table
from generator.document.docx import write_docx
from generator.document.pdf import PdfWriter
from generator.document.render import render
from generator.document.source import load_source
from generator.document.tree import Document
from generator.fonts import find_faces
from generator.paths import templates_dir

SOURCE = "comparison-table"
EPOCH = date(1980, 1, 1)


def render_table(report: Report, *, quiet: bool = False) -> Document:
    """Return the comparison table as a document; mere wording only where ``quiet``."""
    return render(load_source(templates_dir() / SOURCE), {"对照": tell_table(report, quiet=quiet)})


def write_table(report: Report, form: str, *, quiet: bool = False) -> bytes:
    """Return the comparison table as ``docx`` or ``pdf``."""
    document = render_table(report, quiet=quiet)
    if form == "pdf":
        return PdfWriter(find_faces()).write([document], day=EPOCH)
    return write_docx(document, day=EPOCH)
