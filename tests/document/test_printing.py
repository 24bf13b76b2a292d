"""However a page is printed, it is the page WeasyPrint prints when nothing is tuned: the same text, pixel for pixel."""

import io
from datetime import date

import pypdfium2
import pytest
import weasyprint
from PIL import ImageChops
from weasyprint.text.fonts import FontConfiguration

from generator.document.html import write_html
from generator.document.pdf import PdfWriter
from generator.document.style import style_folder
from generator.document.text import text_of
from generator.document.tree import Document
from generator.fonts import Faces, stylesheet
from tests.document.samples import NAMES, rendered

DAY = date(2026, 10, 9)
PIXELS_PER_POINT = 100 / 72
RARE = "\U00020bb7䶮é"


def print_plainly(document: Document, faces: Faces) -> bytes:
    """Return what WeasyPrint makes of the document with whole fonts, its own parser and its own writer."""
    fonts = FontConfiguration()
    folder = style_folder() / "print"
    texts = [(folder / f"{name}.css").read_text(encoding="utf-8") for name in ("base", document.look)]
    texts = [stylesheet(faces), *texts, f"@page {{ size: A4 {document.paper} }}"]
    sheets = [weasyprint.CSS(string=text, font_config=fonts) for text in texts]
    page = weasyprint.HTML(string=write_html(document, DAY.isoformat()))
    options = {"pdf_variant": "pdf/a-2u", "pdf_tags": True, "font_config": fonts, "stylesheets": sheets}
    return bytes(page.write_pdf(**options))


def assert_same_pages(made: bytes, plain: bytes) -> None:
    """Compare text and pixels of two PDFs."""
    with pypdfium2.PdfDocument(made) as ours, pypdfium2.PdfDocument(plain) as theirs:
        assert len(ours) == len(theirs)
        for one, other in zip(ours, theirs, strict=True):
            assert one.get_textpage().get_text_bounded() == other.get_textpage().get_text_bounded()
            pictures = [page.render(scale=PIXELS_PER_POINT).to_pil() for page in (one, other)]
            assert ImageChops.difference(*pictures).getbbox() is None


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
@pytest.mark.parametrize("name", NAMES)
def test_a_tuned_page_is_the_plain_page(name: str, faces: Faces) -> None:
    document = rendered(name)
    writer = PdfWriter(faces)
    writer.expect(set(text_of(document)))
    assert_same_pages(writer.write([document], day=DAY), print_plainly(document, faces))


@pytest.mark.parametrize("name", NAMES)
def test_the_bytes_do_not_depend_on_what_the_faces_were_cut_for(name: str, faces: Faces) -> None:
    document = rendered(name)
    batches = ["", text_of(document), text_of(document) + "".join(map(text_of, map(rendered, NAMES))) + RARE]
    writers = [PdfWriter(faces) for _ in batches]
    for writer, batch in zip(writers, batches, strict=True):
        writer.expect(set(batch))
    assert len({writer.write([document], day=DAY) for writer in writers}) == 1


def test_a_writer_that_expected_other_characters_prints_all_the_same(faces: Faces) -> None:
    surprised, calm = PdfWriter(faces), PdfWriter(faces)
    surprised.expect("甲")
    assert surprised.write([rendered("plan")], day=DAY) == calm.write([rendered("plan")], day=DAY)


def test_every_stream_is_deflated_and_found(faces: Faces) -> None:
    pdf = PdfWriter(faces).write([rendered("plan")], day=DAY)
    with pypdfium2.PdfDocument(io.BytesIO(pdf)) as opened:
        assert len(opened) == 1
    assert pdf.count(b"/FlateDecode") == pdf.count(b"\nendstream")
