"""However a page is printed, it is the page WeasyPrint prints when nothing is tuned: the same text, pixel for pixel."""

import io
from datetime import date
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
import weasyprint
from PIL import Image, ImageChops
from weasyprint.text.fonts import FontConfiguration

from generator.document.html import write_html
from generator.document.pdf import PdfWriter
from generator.document.render import render
from generator.document.shaping import UnstampableError
from generator.document.style import style_folder
from generator.document.text import text_of
from generator.document.tree import Document
from generator.fonts import Faces, stylesheet
from generator.problems import KaowuError
from tests.document.samples import DATA, NAMES, context_of, facts, rendered
from tests.document.test_formats import load_source_once, pdf_text, with_text

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


LONG = "江苏省云湖市经济技术开发区装备制造产业园区第三工业大道一百二十八号云湖重型装备制造集团有限公司第二机械加工分厂"
VALUES = [
    "李四",
    "",
    "O'Neill & Söhne <b>",
    RARE,
    "甲\n乙",
    "  前后  ",
    "AVAWA 2026/11/07—18:00",
    LONG,
    LONG * 20,
    "no break " * 30,
]


def forms(name: str) -> list[Document]:
    """Return forms of one shape with all kinds of values."""
    made = [rendered(name)]
    for value in VALUES:
        context = {key: facts(with_text(facts_of, value)) for key, facts_of in DATA[name].items()}
        made.append(render(load_source_once(name), context))
    return made


def application(**values: str) -> Document:
    """Return the application form with other values."""
    context = context_of("application")
    vars(context["考生"]).update(values)
    return render(load_source_once("application"), context)


@pytest.fixture(scope="module")
def stamping(faces: Faces) -> PdfWriter:
    return PdfWriter(faces)


@pytest.mark.parametrize("name", ["application", "score", "committee"])
def test_a_stamped_form_is_the_plain_form_whatever_its_words(name: str, stamping: PdfWriter) -> None:
    for document in forms(name):
        made, plain = (stamping.write([document], day=DAY, many=many) for many in (True, False))
        assert_same_pages(made, plain)
        assert pdf_text(made) == pdf_text(plain)


@pytest.mark.parametrize("name", ["application", "score"])
def test_the_bytes_of_a_form_do_not_depend_on_the_forms_before_it(name: str, faces: Faces, stamping: PdfWriter) -> None:
    documents = forms(name)
    backwards = PdfWriter(faces)
    later = [backwards.write([document], day=DAY, many=True) for document in reversed(documents)]
    alone = [PdfWriter(faces).write([document], day=DAY, many=True) for document in documents[:3]]
    again = [stamping.write([document], day=DAY, many=True) for document in documents]
    assert again == later[::-1]
    assert again[:3] == alone
    assert len(set(again)) == len(again)


def test_forms_alike_are_laid_out_once(stamping: PdfWriter, monkeypatch: pytest.MonkeyPatch) -> None:
    for value in ("张三丰", "欧阳修"):
        stamping.write([application(姓名=value)], day=DAY, many=True)
        monkeypatch.setattr("generator.document.typeset.Typesetter.render", None)


def test_a_stamped_form_is_archival_and_tagged(stamping: PdfWriter) -> None:
    made = stamping.write([rendered("application"), rendered("application")], day=DAY, many=True)
    plain = stamping.write([rendered("application"), rendered("application")], day=DAY)
    with pikepdf.open(io.BytesIO(made)) as ours, pikepdf.open(io.BytesIO(plain)) as theirs:
        assert ours.check_pdf_syntax() == []
        assert set(ours.Root.keys()) == set(theirs.Root.keys())
        assert ours.docinfo == theirs.docinfo
        assert ours.Root.Metadata.read_bytes() == theirs.Root.Metadata.read_bytes()
        assert structure_of(ours.Root.StructTreeRoot.K[0]) == structure_of(theirs.Root.StructTreeRoot.K[0])
        profiles = [pdf.Root.OutputIntents[0].DestOutputProfile.read_bytes() for pdf in (ours, theirs)]
        assert profiles[0] == profiles[1]
        assert faces_of(ours) == faces_of(theirs)
        for index, page in enumerate(ours.pages):
            assert page.StructParents == index
            for font in page.Resources.Font.values():
                assert font.ToUnicode.read_bytes()
                descriptor = font.DescendantFonts[0].FontDescriptor
                assert "/FontFile2" in descriptor or "/FontFile3" in descriptor


def faces_of(pdf: pikepdf.Pdf) -> set[str]:
    """Return the faces a file embeds; a face that is printed bold as well stands in it once or twice."""
    names = {str(font.BaseFont) for page in pdf.pages for font in page.Resources.Font.values()}
    return {name.partition("+")[2].removesuffix("-Bold") for name in names}


def structure_of(element: Any) -> list[Any]:
    """Return the kinds of a structure element and of all below it, in order, with their spans."""
    kids = element.K if isinstance(element.K, pikepdf.Array) else [element.K]
    below = [structure_of(kid) for kid in kids if isinstance(kid, pikepdf.Dictionary)]
    attributes = element.get("/A", {})
    spans = [int(attributes.get(key, 1)) for key in ("/ColSpan", "/RowSpan")]
    return [str(element.S), spans, len(attributes.get("/Headers", [])), str(element.get("/Alt", "")), below]


def test_forms_bound_into_one_volume_are_the_forms_with_their_own_page_numbers(stamping: PdfWriter) -> None:
    documents = [*forms("application")[:3], rendered("score")]
    volume = stamping.write(documents, day=DAY, many=True)
    assert_same_pages(volume, stamping.write(documents, day=DAY))
    assert pdf_text(volume) == pdf_text(stamping.write(documents, day=DAY))
    with pikepdf.open(io.BytesIO(volume)) as opened:
        assert len({font.objgen for page in opened.pages for font in page.Resources.Font.values()}) <= 7


@pytest.mark.parametrize(("kind", "mode", "size"), [("JPEG", "RGB", (50, 70)), ("PNG", "RGBA", (90, 40))])
def test_photos_are_stamped_too(
    kind: str, mode: str, size: tuple[int, int], stamping: PdfWriter, tmp_path: Path
) -> None:
    pages: list[bytes] = []
    for name in ("甲 1.jpg", "乙.png"):
        Image.effect_mandelbrot(size, (-2, -1, 1, 1), 9 + len(pages)).convert(mode).save(tmp_path / name, kind)
        document = application(照片=name, 姓名=name[0])
        made, plain = (stamping.write([document], day=DAY, photos=tmp_path, many=many) for many in (True, False))
        assert_same_pages(made, plain)
        pages.append(made)
    assert pages[0] != pages[1]


def test_a_missing_photo_is_named_when_stamping(stamping: PdfWriter, tmp_path: Path) -> None:
    with pytest.raises(KaowuError, match=r"gone.jpg.*photo-missing"):
        stamping.write([application(照片="gone.jpg")], day=DAY, photos=tmp_path, many=True)


def test_what_cannot_be_stamped_is_laid_out_by_itself(stamping: PdfWriter, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> bytes:
        raise UnstampableError("for the test")

    plain = stamping.write([rendered("score")], day=DAY)
    monkeypatch.setattr("generator.document.stamp.Stamper.write", refuse)
    assert stamping.write([rendered("score")], day=DAY, many=True) == plain
